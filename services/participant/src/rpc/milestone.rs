//! `MilestoneService`: what happened with a person on the way, to those who work with it.

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Principal, Step, clock::day_in_sweden, journal::Transaction, principal,
    sql::Batch,
};
use proto::participant as pb;
use proto::participant::milestone_service_server::MilestoneService;
use tonic::{Request, Response, Status};
use values::{Fault, Faults, name::MilestoneName};

use super::{
    Shared,
    along::{self, Removal},
    check_given_name, convert, parent, permissions,
    written::Made,
};
use crate::{
    domain::{
        milestone::{self, Content, Milestone, MilestoneKind},
        reach::Reach,
    },
    store::{self, along::MILESTONES, milestone::Index},
};

const CREATE: &str = "/samordna.participant.v1.MilestoneService/CreateMilestone";
const REMOVE: &str = "/samordna.participant.v1.MilestoneService/RemoveMilestone";
const GET: &str = "/samordna.participant.v1.MilestoneService/GetMilestone";
const LIST: &str = "/samordna.participant.v1.MilestoneService/ListMilestones";

pub(super) struct Milestones(pub(super) Shared);

#[tonic::async_trait]
impl MilestoneService for Milestones {
    async fn create_milestone(
        &self,
        request: Request<pb::CreateMilestoneRequest>,
    ) -> Result<Response<pb::CreateMilestoneResponse>, Status> {
        let milestone = Some(create(&self.0, request).await?);
        Ok(Response::new(pb::CreateMilestoneResponse { milestone }))
    }

    async fn remove_milestone(
        &self,
        request: Request<pb::RemoveMilestoneRequest>,
    ) -> Result<Response<pb::RemoveMilestoneResponse>, Status> {
        let removed = along::remove(&self.0, request, (REMOVE, "milestone.removed"));
        let milestone = Some(removed.await?);
        Ok(Response::new(pb::RemoveMilestoneResponse { milestone }))
    }

    async fn get_milestone(
        &self,
        request: Request<pb::GetMilestoneRequest>,
    ) -> Result<Response<pb::GetMilestoneResponse>, Status> {
        let principal = principal::of(&request)?;
        let pb::GetMilestoneRequest { name } = request.into_inner();
        let milestone = Some(along::get(&self.0, &principal, GET, &name).await?);
        Ok(Response::new(pb::GetMilestoneResponse { milestone }))
    }

    async fn list_milestones(
        &self,
        request: Request<pb::ListMilestonesRequest>,
    ) -> Result<Response<pb::ListMilestonesResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }
}

impl From<pb::RemoveMilestoneRequest> for Removal {
    fn from(message: pb::RemoveMilestoneRequest) -> Self {
        let pb::RemoveMilestoneRequest {
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
    name: MilestoneName,
    content: Content,
}

async fn create(
    shared: &Shared,
    request: Request<pb::CreateMilestoneRequest>,
) -> Result<pb::Milestone, Failure> {
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
    message: pb::CreateMilestoneRequest,
    today: NaiveDate,
) -> Result<Asked, Failure> {
    let pb::CreateMilestoneRequest {
        parent: sent_parent,
        milestone_id,
        milestone,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let id = faults.keep(along::new_id("milestone_id", &milestone_id, today));
    let name = id.map(|id| MilestoneName::new(federation.clone(), id));
    let milestone = milestone.ok_or_else(|| Fault::new("milestone", "FIELD_MISSING"));
    let content = faults.keep(milestone).and_then(|sent| {
        faults.keep(check_given_name("milestone.name", &sent.name, name.as_ref()));
        faults.keep_nested("milestone", convert::milestone::content(&federation, sent))
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
    along::is_free(transaction, MILESTONES, (&name.federation, &name.id)).await?;
    let (day, today) = (content.day, day_in_sweden(step.now));
    let noted = milestone::note(name.clone(), content, &opened.enrolment, today)
        .map_err(|refusal| along::refused(refusal, "milestone.day", day))?;
    let mut batch = Batch::on(transaction);
    store::milestone::insert(&mut batch, &index(&noted, 1), step.sequence).await?;
    batch.send().await?;
    let message = convert::milestone::render(&noted, 1);
    let sealed_by = (&opened.key, &opened.enrolment.participant.id);
    Ok(vec![along::draft(sealed_by, "milestone.noted", (&name, &message))])
}

/// What a milestone is found by.
pub(crate) fn index(milestone: &Milestone, revision: i64) -> Index {
    let Milestone { name, content: Content { enrolment, kind, day }, team, removed: _ } = milestone;
    Index {
        name: name.clone(),
        enrolment: enrolment.clone(),
        team: team.clone(),
        kind: *kind,
        day: *day,
        revision,
    }
}

async fn list(
    shared: &Shared,
    request: Request<pb::ListMilestonesRequest>,
) -> Result<pb::ListMilestonesResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListMilestonesRequest { parent, enrolment, kind, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let of = (parent.as_str(), enrolment.as_str());
    let filter = along::filter(&mut faults, &principal, of, (page_size, &page_token))?;
    let kind = (kind != 0).then(|| convert::code::code("kind", kind, MilestoneKind::from_number));
    let kind = faults.keep(kind.transpose());
    let (filter, kind) = faults.into_result(|| filter.zip(kind))?;
    let read = &shared.journal.database().read;
    let listed = store::milestone::list(read, &principal.federation, kind, &filter).await?;
    let (milestones, next_page_token) =
        along::answer_list(shared, &principal, LIST, listed).await?;
    Ok(pb::ListMilestonesResponse { milestones, next_page_token })
}
