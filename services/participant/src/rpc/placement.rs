//! `PlacementService`: people's time at employers, to those who work with them.

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Principal, Step, clock::day_in_sweden, journal::Transaction, principal,
    sql::Batch,
};
use proto::participant as pb;
use proto::participant::placement_service_server::PlacementService;
use tonic::{Request, Response, Status};
use values::{Fault, Faults, name::PlacementName};

use super::{
    Shared,
    along::{self, Removal},
    check_given_name, convert, parent, people, permissions,
    written::Made,
};
use crate::{
    domain::{
        placement::{self, Content, EndRefusal, Ended, EnterRefusal, Placement},
        reach::Reach,
    },
    store::{self, along::PLACEMENTS, placement::Index},
};

const CREATE: &str = "/samordna.participant.v1.PlacementService/CreatePlacement";
const END: &str = "/samordna.participant.v1.PlacementService/EndPlacement";
const REMOVE: &str = "/samordna.participant.v1.PlacementService/RemovePlacement";
const GET: &str = "/samordna.participant.v1.PlacementService/GetPlacement";
const LIST: &str = "/samordna.participant.v1.PlacementService/ListPlacements";

pub(super) struct Placements(pub(super) Shared);

#[tonic::async_trait]
impl PlacementService for Placements {
    async fn create_placement(
        &self,
        request: Request<pb::CreatePlacementRequest>,
    ) -> Result<Response<pb::CreatePlacementResponse>, Status> {
        let placement = Some(create(&self.0, request).await?);
        Ok(Response::new(pb::CreatePlacementResponse { placement }))
    }

    async fn end_placement(
        &self,
        request: Request<pb::EndPlacementRequest>,
    ) -> Result<Response<pb::EndPlacementResponse>, Status> {
        let placement = Some(end(&self.0, request).await?);
        Ok(Response::new(pb::EndPlacementResponse { placement }))
    }

    async fn remove_placement(
        &self,
        request: Request<pb::RemovePlacementRequest>,
    ) -> Result<Response<pb::RemovePlacementResponse>, Status> {
        let removed = along::remove(&self.0, request, (REMOVE, "placement.removed"));
        let placement = Some(removed.await?);
        Ok(Response::new(pb::RemovePlacementResponse { placement }))
    }

    async fn get_placement(
        &self,
        request: Request<pb::GetPlacementRequest>,
    ) -> Result<Response<pb::GetPlacementResponse>, Status> {
        let principal = principal::of(&request)?;
        let pb::GetPlacementRequest { name } = request.into_inner();
        let placement = Some(along::get(&self.0, &principal, GET, &name).await?);
        Ok(Response::new(pb::GetPlacementResponse { placement }))
    }

    async fn list_placements(
        &self,
        request: Request<pb::ListPlacementsRequest>,
    ) -> Result<Response<pb::ListPlacementsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }
}

impl From<pb::RemovePlacementRequest> for Removal {
    fn from(message: pb::RemovePlacementRequest) -> Self {
        let pb::RemovePlacementRequest {
            name,
            etag,
            reason,
            request_id: _,    // Told by the write.
            validate_only: _, // Told by the write.
        } = message;
        Self { name, etag, reason }
    }
}

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: PlacementName,
    content: Content,
}

async fn create(
    shared: &Shared,
    request: Request<pb::CreatePlacementRequest>,
) -> Result<pb::Placement, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, CREATE, request.get_ref())?;
    let asked = parse(&principal, request.into_inner(), shared.journal.clock().today())?;
    let reach = permissions::reach(&principal);
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, reach) = (handed.clone(), asked.clone(), reach.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &reach).await })
    });
    shared.answer(&principal, CREATE, &entries.await?, &Made::default()).await
}

fn parse(
    principal: &Principal,
    message: pb::CreatePlacementRequest,
    today: NaiveDate,
) -> Result<Asked, Failure> {
    let pb::CreatePlacementRequest {
        parent: sent_parent,
        placement_id,
        placement,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let id = faults.keep(along::new_id("placement_id", &placement_id, today));
    let name = id.map(|id| PlacementName::new(federation.clone(), id));
    let placement = placement.ok_or_else(|| Fault::new("placement", "FIELD_MISSING"));
    let content = faults.keep(placement).and_then(|sent| {
        faults.keep(check_given_name("placement.name", &sent.name, name.as_ref()));
        faults.keep_nested("placement", convert::placement::content(&federation, sent))
    });
    Ok(faults.into_result(|| Some(Asked { name: name?, content: content? }))?)
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    reach: &Reach,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, content } = asked;
    let opened = along::open(shared, transaction, &content.enrolment, reach).await?;
    along::is_free(transaction, PLACEMENTS, (&name.federation, &name.id)).await?;
    let (first, last) = (content.first_day, content.ended.map(|ended| ended.last_day));
    let today = day_in_sweden(step.now);
    let entered = placement::enter(name.clone(), content, &opened.enrolment, today);
    let entered = entered.map_err(|refusal| match refusal {
        EnterRefusal::FirstDay(refusal) => along::refused(refusal, "placement.first_day", first),
        EnterRefusal::LastDay(refusal) => {
            along::refused(refusal, "placement.last_day", last.unwrap_or(first))
        }
    })?;
    let mut batch = Batch::on(transaction);
    store::placement::insert(&mut batch, &index(&entered, 1), step.sequence).await?;
    batch.send().await?;
    let message = convert::placement::render(&entered, 1);
    let sealed_by = (&opened.key, &opened.enrolment.participant.id);
    Ok(vec![along::draft(sealed_by, "placement.entered", (&name, &message))])
}

/// What a placement is found by.
pub(crate) fn index(placement: &Placement, revision: i64) -> Index {
    let Placement { name, content, team, removed: _ } = placement;
    let Content { enrolment, sector, extent: _, first_day, ended } = content;
    Index {
        name: name.clone(),
        enrolment: enrolment.clone(),
        team: team.clone(),
        sector: *sector,
        first_day: *first_day,
        last_day: ended.map(|ended| ended.last_day),
        revision,
    }
}

/// The end that is asked for, read.
#[derive(Clone)]
struct AskedEnd {
    name: PlacementName,
    etag: String,
    ended: Ended,
}

async fn end(
    shared: &Shared,
    request: Request<pb::EndPlacementRequest>,
) -> Result<pb::Placement, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, END, request.get_ref())?;
    let pb::EndPlacementRequest {
        name: sent,
        etag,
        last_day,
        end,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(PlacementName::parse("name", &sent));
    people::etag(&etag, &mut faults);
    let ended = faults.keep_nested("", convert::placement::ended(last_day, end));
    let (name, ended) = faults.into_result(|| name.zip(ended))?;
    principal.is_in(&name.federation, &sent)?;
    let asked = AskedEnd { name, etag, ended };
    let reach = permissions::reach(&principal);
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, reach) = (handed.clone(), asked.clone(), reach.clone());
        Box::pin(async move { save_end(&shared, transaction, step, asked, &reach).await })
    });
    shared.answer(&principal, END, &entries.await?, &Made::default()).await
}

async fn save_end(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: AskedEnd,
    reach: &Reach,
) -> Result<Vec<Draft>, Failure> {
    let AskedEnd { name, etag, ended } = asked;
    let own = (&name.federation, &name.id);
    let (record, key, message) = along::find(shared, transaction, own, reach).await?;
    people::is_current(&etag, record.revision, &name)?;
    let unreadable = |faults| people::unreadable(&name.to_string(), &faults);
    let before = convert::placement::kept(message).map_err(unreadable)?;
    let opened = along::open(shared, transaction, &record.enrolment, reach).await?;
    let after = placement::end(&before, ended, &opened.enrolment, day_in_sweden(step.now))
        .map_err(|refusal| refused(refusal, ended.last_day))?;
    let mut batch = Batch::on(transaction);
    store::placement::end(&mut batch, &record, ended.last_day, step.sequence);
    batch.send().await?;
    let message = convert::placement::render(&after, record.revision + 1);
    let sealed_by = (&key, &record.participant.id);
    Ok(vec![along::draft(sealed_by, "placement.ended", (&name, &message))])
}

fn refused(refusal: EndRefusal, day: NaiveDate) -> Failure {
    match refusal {
        EndRefusal::Removed => Failure::refused("ALREADY_REMOVED"),
        EndRefusal::Ended { last_day } => {
            Failure::refused("PLACEMENT_ENDED").with("last_day", last_day)
        }
        EndRefusal::Day(refusal) => along::refused(refusal, "last_day", day),
    }
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListPlacementsRequest>,
) -> Result<pb::ListPlacementsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListPlacementsRequest { parent, enrolment, open_only, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let of = (parent.as_str(), enrolment.as_str());
    let filter = along::filter(&mut faults, &principal, of, (page_size, &page_token))?;
    let filter = faults.into_result(|| filter)?;
    let read = &shared.journal.database().read;
    let listed = store::placement::list(read, &principal.federation, open_only, &filter).await?;
    let (placements, next_page_token) =
        along::answer_list(shared, &principal, LIST, listed).await?;
    Ok(pb::ListPlacementsResponse { placements, next_page_token })
}
