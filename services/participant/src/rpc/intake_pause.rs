//! Pauses of the intake to a team.

use chrono::NaiveDate;
use futures::FutureExt as _;
use platform::{
    Draft, Failure, Journal, Principal, Step, Write,
    convert::date_from_proto,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, next_page_token},
    page::Page,
    principal,
};
use proto::participant::{
    self as pb, CreateIntakePauseRequest, CreateIntakePauseResponse, EndIntakePauseRequest,
    EndIntakePauseResponse, ListIntakePausesRequest, ListIntakePausesResponse,
    intake_pause_service_server::IntakePauseService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Role, Slug, name::IntakePauseName};

use super::{
    check_given_name, convert, draft,
    journalled::{acts_for, before, day_key, etag, team_filter, unchanged},
    parent, recorded, refused,
};
use crate::{
    domain::{
        create::create,
        intake_pause::{self, IntakePause},
        team::unknown_team,
    },
    store::{self, intake_pause::Row},
};

const CREATE: &str = "/samordna.participant.v1.IntakePauseService/CreateIntakePause";
const END: &str = "/samordna.participant.v1.IntakePauseService/EndIntakePause";
/// Who writes what belongs to a team they act for.
const WRITERS: &[Role] = super::permissions::TEAM_WRITERS;

pub(super) struct IntakePauses(Journal);

#[async_trait]
impl IntakePauseService for IntakePauses {
    async fn create_intake_pause(
        &self,
        request: Request<CreateIntakePauseRequest>,
    ) -> Result<Response<CreateIntakePauseResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn end_intake_pause(
        &self,
        request: Request<EndIntakePauseRequest>,
    ) -> Result<Response<EndIntakePauseResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.end(&principal, request.into_inner()).await?))
    }

    async fn list_intake_pauses(
        &self,
        request: Request<ListIntakePausesRequest>,
    ) -> Result<Response<ListIntakePausesResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl IntakePauses {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateIntakePauseRequest,
    ) -> Result<CreateIntakePauseResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, pause) = parse_create(principal, message)?;
        acts_for(principal, WRITERS, &pause.team)?;
        let step = self.0.write(write, move |transaction, step| {
            let (name, pause) = (name.clone(), pause.clone());
            async move { save(transaction, step, name, pause).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateIntakePauseResponse { intake_pause: Some(recorded(&entries)?) })
    }

    async fn end(
        &self,
        principal: &Principal,
        message: EndIntakePauseRequest,
    ) -> Result<EndIntakePauseResponse, Failure> {
        let write = Write::of(principal, END, &message)?;
        let end = parse_end(principal, message)?;
        let caller = principal.clone();
        let step = self.0.write(write, move |transaction, step| {
            let (caller, end) = (caller.clone(), end.clone());
            async move { save_end(transaction, step, &caller, end).await }.boxed()
        });
        let entries = step.await?;
        Ok(EndIntakePauseResponse { intake_pause: Some(recorded(&entries)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListIntakePausesRequest,
    ) -> Result<ListIntakePausesResponse, Failure> {
        let ListIntakePausesRequest { parent, team, page_size, page_token } = message;
        let mut faults = Faults::new();
        let federation = self::parent(&mut faults, principal, &parent)?;
        let team = faults.keep(team_filter(&team));
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let after = page.as_ref().and_then(|page| page.after.as_ref());
        let before = faults.keep(before(after));
        let (team, size, before) = faults.into_result(|| Some((team?, page?.size, before?)))?;
        let connection = &self.0.database().read;
        let listed =
            store::intake_pause::list(connection, &federation, team.as_ref(), before, size).await?;
        let intake_pauses: Vec<pb::IntakePause> = all_decoded(&listed)?;
        Ok(ListIntakePausesResponse {
            next_page_token: next_page_token(listed.has_more, &intake_pauses, |pause| {
                day_key(pause.first_day, &pause.name)
            }),
            intake_pauses,
        })
    }
}

fn parse_create(
    principal: &Principal,
    message: CreateIntakePauseRequest,
) -> Result<(IntakePauseName, IntakePause), Failure> {
    let CreateIntakePauseRequest {
        parent,
        intake_pause_id,
        intake_pause,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("intake_pause_id", &intake_pause_id));
    let name = id.map(|id| IntakePauseName::new(federation, id));
    let sent = faults.keep(intake_pause.ok_or_else(|| Fault::new("intake_pause", "FIELD_MISSING")));
    let pause = sent.and_then(|sent| {
        faults.keep(check_given_name("intake_pause.name", &sent.name, name.as_ref()));
        faults.keep_nested("intake_pause", convert::intake_pause::parse(sent))
    });
    Ok(faults.into_result(|| name.zip(pause))?)
}

/// The end that a pause is to have, and the version that was read.
#[derive(Debug, Clone)]
struct End {
    name: IntakePauseName,
    etag: String,
    last_day: NaiveDate,
}

fn parse_end(principal: &Principal, message: EndIntakePauseRequest) -> Result<End, Failure> {
    let EndIntakePauseRequest { name: sent, etag, last_day, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let name = faults.keep(IntakePauseName::parse("name", &sent));
    if let Some(name) = &name {
        principal.is_in(&name.federation, &sent)?;
    }
    self::etag(&mut faults, &etag);
    let last_day = faults.keep(date_from_proto("last_day", last_day));
    let (name, last_day) = faults.into_result(|| name.zip(last_day))?;
    Ok(End { name, etag, last_day })
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: IntakePauseName,
    pause: IntakePause,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::intake_pause::find(transaction, &name).await?.is_some();
    let is_team = store::team::is_known(transaction, &name.federation, &pause.team).await?;
    let unknown = unknown_team(&pause.team, is_team);
    create(taken, unknown).map_err(|refusal| refused(refusal, &name, "intake_pause"))?;
    let resource = convert::intake_pause::render(&name, &pause, 1);
    let draft = draft("intake_pause.created", &name, &resource);
    let row = row_of(name, &pause, 1, Recorded::first(step.sequence));
    store::intake_pause::insert(transaction, &row).await?;
    Ok(vec![draft])
}

async fn save_end(
    transaction: &Transaction,
    step: Step,
    caller: &Principal,
    asked: End,
) -> Result<Vec<Draft>, Failure> {
    let End { name, etag, last_day } = asked;
    let found = store::intake_pause::find(transaction, &name).await?;
    let kept = found.ok_or_else(|| Failure::not_found(&name))?;
    let before = stored(decoded(&kept.payload)?)?;
    acts_for(caller, WRITERS, &before.team)?;
    let (ended, revision) = intake_pause::end(before, kept.revision, &etag, last_day)
        .map_err(|refusal| unchanged(refusal, &name, ""))?;
    let resource = convert::intake_pause::render(&name, &ended, revision);
    let draft = draft("intake_pause.ended", &name, &resource);
    let recorded = Recorded { sequence: step.sequence, ..kept.recorded };
    store::intake_pause::update(transaction, &row_of(name, &ended, revision, recorded)).await?;
    Ok(vec![draft])
}

fn row_of(name: IntakePauseName, pause: &IntakePause, revision: i32, recorded: Recorded) -> Row {
    let IntakePause { team, days, reason: _ } = pause;
    let (first_day, last_day) = (days.first_day(), days.last_day());
    Row { name, team: team.clone(), first_day, last_day, revision, recorded }
}

/// A pause that was recorded.
fn stored(message: pb::IntakePause) -> Result<IntakePause, Failure> {
    convert::intake_pause::parse(message)
        .map_err(|faults| anyhow::anyhow!("a recorded pause cannot be read: {faults:?}").into())
}

/// The row that finds a recorded pause.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let message: pb::IntakePause = prost::Message::decode(payload)?;
    let revision = message.etag.parse()?;
    let name = IntakePauseName::parse("name", name);
    let name = name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let pause = convert::intake_pause::parse(message);
    let pause = pause.map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    Ok(row_of(name, &pause, revision, recorded))
}
