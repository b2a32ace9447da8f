//! The staffing register.

mod capacity;

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Journal, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::participant::{
    self as pb, CreatePositionRequest, CreatePositionResponse, GetCapacityRequest,
    GetCapacityResponse, GetPositionRequest, GetPositionResponse, ListPositionsRequest,
    ListPositionsResponse, UpdatePositionRequest, UpdatePositionResponse,
    position_service_server::PositionService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Role, Slug, name::PositionName};

use super::{
    check_given_name, convert, draft,
    journalled::{acts_for, etag, of_federation, team_filter, unchanged},
    parent, recorded, refused,
};
use crate::{
    domain::{
        change::{change, moved},
        create::create,
        position::{self, Position},
    },
    store::{self, position::Row},
};

const CREATE: &str = "/samordna.participant.v1.PositionService/CreatePosition";
const UPDATE: &str = "/samordna.participant.v1.PositionService/UpdatePosition";
/// Who writes what belongs to a team they act for.
const WRITERS: &[Role] = super::permissions::TEAM_WRITERS;

pub(super) struct Positions(Journal);

#[async_trait]
impl PositionService for Positions {
    async fn create_position(
        &self,
        request: Request<CreatePositionRequest>,
    ) -> Result<Response<CreatePositionResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn update_position(
        &self,
        request: Request<UpdatePositionRequest>,
    ) -> Result<Response<UpdatePositionResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.update(&principal, request.into_inner()).await?))
    }

    async fn get_position(
        &self,
        request: Request<GetPositionRequest>,
    ) -> Result<Response<GetPositionResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_positions(
        &self,
        request: Request<ListPositionsRequest>,
    ) -> Result<Response<ListPositionsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }

    async fn get_capacity(
        &self,
        request: Request<GetCapacityRequest>,
    ) -> Result<Response<GetCapacityResponse>, Status> {
        let principal = principal::of(&request)?;
        let database = self.0.database();
        Ok(Response::new(capacity::get(database, &principal, request.into_inner()).await?))
    }
}

impl Positions {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreatePositionRequest,
    ) -> Result<CreatePositionResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, position) = parse_create(principal, message)?;
        acts_for(principal, WRITERS, &position.team)?;
        let step = self.0.write(write, move |transaction, step| {
            let (name, position) = (name.clone(), position.clone());
            async move { save(transaction, step, name, position).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreatePositionResponse { position: Some(recorded(&entries)?) })
    }

    async fn update(
        &self,
        principal: &Principal,
        message: UpdatePositionRequest,
    ) -> Result<UpdatePositionResponse, Failure> {
        let write = Write::of(principal, UPDATE, &message)?;
        let change = parse_update(principal, message)?;
        let caller = principal.clone();
        let step = self.0.write(write, move |transaction, step| {
            let (caller, change) = (caller.clone(), change.clone());
            async move { replace(transaction, step, &caller, change).await }.boxed()
        });
        let entries = step.await?;
        Ok(UpdatePositionResponse { position: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetPositionRequest,
    ) -> Result<GetPositionResponse, Failure> {
        let GetPositionRequest { name: sent } = message;
        let name = PositionName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::position::find(&self.0.database().read, &name).await?;
        let kept = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetPositionResponse { position: Some(decoded(&kept.payload)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListPositionsRequest,
    ) -> Result<ListPositionsResponse, Failure> {
        let ListPositionsRequest { parent, team, page_size, page_token } = message;
        let mut faults = Faults::new();
        let federation = self::parent(&mut faults, principal, &parent)?;
        let team = faults.keep(team_filter(&team));
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let (team, page) = faults.into_result(|| team.zip(page))?;
        let connection = &self.0.database().read;
        let listed = store::position::list(connection, &federation, team.as_ref(), &page).await?;
        let positions: Vec<pb::Position> = all_decoded(&listed)?;
        Ok(ListPositionsResponse {
            next_page_token: next_page_token(listed.has_more, &positions, |position| {
                id_of(&position.name).to_owned()
            }),
            positions,
        })
    }
}

fn parse_create(
    principal: &Principal,
    message: CreatePositionRequest,
) -> Result<(PositionName, Position), Failure> {
    let CreatePositionRequest { parent, position_id, position, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("position_id", &position_id));
    let name = id.map(|id| PositionName::new(federation, id));
    let sent = faults.keep(position.ok_or_else(|| Fault::new("position", "FIELD_MISSING")));
    let position = sent.and_then(|sent| {
        faults.keep(check_given_name("position.name", &sent.name, name.as_ref()));
        faults.keep_nested("position", convert::position::parse(sent))
    });
    Ok(faults.into_result(|| name.zip(position))?)
}

/// A position as it is to be, and the version that was read.
#[derive(Debug, Clone)]
struct Change {
    name: PositionName,
    etag: String,
    position: Position,
}

fn parse_update(principal: &Principal, message: UpdatePositionRequest) -> Result<Change, Failure> {
    let UpdatePositionRequest { name: sent_name, etag, position, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let name = faults.keep(PositionName::parse("name", &sent_name));
    if let Some(name) = &name {
        principal.is_in(&name.federation, &sent_name)?;
    }
    self::etag(&mut faults, &etag);
    let sent = faults.keep(position.ok_or_else(|| Fault::new("position", "FIELD_MISSING")));
    let position = sent.and_then(|sent| {
        faults.keep(check_given_name("position.name", &sent.name, name.as_ref()));
        faults.keep_nested("position", convert::position::parse(sent))
    });
    let (name, position) = faults.into_result(|| name.zip(position))?;
    Ok(Change { name, etag, position })
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: PositionName,
    position: Position,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::position::find(transaction, &name).await?.is_some();
    let unknown = unknown_references(transaction, &name, &position).await?;
    create(taken, unknown).map_err(|refusal| refused(refusal, &name, "position"))?;
    let draft = draft("position.created", &name, &convert::position::render(&name, &position, 1));
    let recorded = Recorded::first(step.sequence);
    let row = Row { name, team: position.team, revision: 1, recorded };
    store::position::insert(transaction, &row).await?;
    Ok(vec![draft])
}

async fn replace(
    transaction: &Transaction,
    step: Step,
    caller: &Principal,
    asked: Change,
) -> Result<Vec<Draft>, Failure> {
    let Change { name, etag, position } = asked;
    let found = store::position::find(transaction, &name).await?;
    let kept = found.ok_or_else(|| Failure::not_found(&name))?;
    let before: Position = stored(decoded(&kept.payload)?)?;
    acts_for(caller, WRITERS, &before.team)?;
    let mut faults = moved(&before.team, &position.team);
    faults.nest("", unknown_references(transaction, &name, &position).await?);
    let revision = change(kept.revision, &etag, faults)
        .map_err(|refusal| unchanged(refusal, &name, "position"))?;
    let resource = convert::position::render(&name, &position, revision);
    let draft = draft("position.updated", &name, &resource);
    let recorded = Recorded { sequence: step.sequence, ..kept.recorded };
    let row = Row { name, team: position.team, revision, recorded };
    store::position::update(transaction, &row).await?;
    Ok(vec![draft])
}

async fn unknown_references(
    transaction: &Transaction,
    name: &PositionName,
    position: &Position,
) -> Result<Faults, Failure> {
    let federation = &name.federation;
    let is_team = store::team::is_known(transaction, federation, &position.team).await?;
    let asked = of_federation(federation, position.parties());
    let known = store::party::known(transaction, federation, &asked).await?;
    Ok(position::unknown_references(position, is_team, |party| known.contains(party)))
}

/// A position that was recorded.
fn stored(message: pb::Position) -> Result<Position, Failure> {
    convert::position::parse(message)
        .map_err(|faults| anyhow::anyhow!("a recorded position cannot be read: {faults:?}").into())
}

/// The row that finds a recorded position.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let message: pb::Position = prost::Message::decode(payload)?;
    let revision = message.etag.parse()?;
    let name = PositionName::parse("name", name).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let position = convert::position::parse(message);
    let position = position.map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    Ok(Row { name, team: position.team, revision, recorded })
}
