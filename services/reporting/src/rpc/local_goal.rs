//! `LocalGoalService`. A team lead writes for the own team: another team's goal is not
//! there to be changed.

use std::{collections::BTreeSet, sync::Arc};

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{
    self as pb, CreateLocalGoalRequest, CreateLocalGoalResponse, GetLocalGoalRequest,
    GetLocalGoalResponse, ListLocalGoalsRequest, ListLocalGoalsResponse, UpdateLocalGoalRequest,
    UpdateLocalGoalResponse, local_goal_service_server::LocalGoalService,
};
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{LocalGoalName, TeamName},
};

use super::{
    Shell, convert, draft,
    organisation::Organisation,
    parent, permissions, recorded,
    resource::{etag, not_changed, not_created, unreadable},
};
use crate::{
    domain::{
        change::{change, create},
        local_goal::{self, LocalGoal},
    },
    store::{self, indexed::Row},
};

const CREATE: &str = "/samordna.reporting.v1.LocalGoalService/CreateLocalGoal";
const UPDATE: &str = "/samordna.reporting.v1.LocalGoalService/UpdateLocalGoal";

pub(super) struct LocalGoals(pub(super) Shell);

#[async_trait]
impl LocalGoalService for LocalGoals {
    async fn create_local_goal(
        &self,
        request: Request<CreateLocalGoalRequest>,
    ) -> Result<Response<CreateLocalGoalResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.create(&principal, &metadata, message).await?))
    }

    async fn update_local_goal(
        &self,
        request: Request<UpdateLocalGoalRequest>,
    ) -> Result<Response<UpdateLocalGoalResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.update(&principal, request.into_inner()).await?))
    }

    async fn get_local_goal(
        &self,
        request: Request<GetLocalGoalRequest>,
    ) -> Result<Response<GetLocalGoalResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_local_goals(
        &self,
        request: Request<ListLocalGoalsRequest>,
    ) -> Result<Response<ListLocalGoalsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl LocalGoals {
    async fn create(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        message: CreateLocalGoalRequest,
    ) -> Result<CreateLocalGoalResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, goal) = parse_create(principal, message)?;
        if !permissions::may_report(principal, &goal.team) {
            return Err(Failure::not_found(&goal.team));
        }
        let organisation = Organisation {
            transport: &self.0.organisation,
            caller: metadata,
            federation: &principal.federation,
        };
        let teams = organisation.team_names().await?;
        let sent = Arc::new((name, goal, teams));
        let step = self.0.journal.write(write, move |transaction, step| {
            let sent = Arc::clone(&sent);
            async move {
                let (name, goal, teams) = sent.as_ref();
                save(transaction, step, name, goal, teams).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(CreateLocalGoalResponse { local_goal: Some(recorded(&entries)?) })
    }

    async fn update(
        &self,
        principal: &Principal,
        message: UpdateLocalGoalRequest,
    ) -> Result<UpdateLocalGoalResponse, Failure> {
        let write = Write::of(principal, UPDATE, &message)?;
        let sent = Arc::new((parse_update(principal, message)?, principal.clone()));
        let step = self.0.journal.write(write, move |transaction, step| {
            let sent = Arc::clone(&sent);
            async move {
                let (change, caller) = sent.as_ref();
                replace(transaction, step, change, caller).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(UpdateLocalGoalResponse { local_goal: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetLocalGoalRequest,
    ) -> Result<GetLocalGoalResponse, Failure> {
        let GetLocalGoalRequest { name: sent } = message;
        let name = LocalGoalName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::local_goal::find(&self.0.journal.database().read, &name).await?;
        let kept = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetLocalGoalResponse { local_goal: Some(decoded(&kept.payload)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListLocalGoalsRequest,
    ) -> Result<ListLocalGoalsResponse, Failure> {
        let ListLocalGoalsRequest { parent: sent, team, year, page_size, page_token } = message;
        let mut faults = Faults::new();
        let federation = parent(&mut faults, principal, &sent)?;
        let team = (!team.is_empty()).then(|| TeamName::parse("team", &team)).transpose();
        let team = faults.keep(team);
        let year = (year != 0).then(|| local_goal::year("year", year)).transpose();
        let year = faults.keep(year);
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let (team, year, page) = faults.into_result(|| Some((team?, year?, page?)))?;
        if let Some(team) = &team {
            principal.is_in(&team.federation, &team.to_string())?;
        }
        let read = &self.0.journal.database().read;
        let listed = store::local_goal::list(read, &federation, team.as_ref(), year, &page).await?;
        let local_goals: Vec<pb::LocalGoal> = all_decoded(&listed)?;
        let key = |goal: &pb::LocalGoal| id_of(&goal.name).to_owned();
        let next_page_token = next_page_token(listed.has_more, &local_goals, key);
        Ok(ListLocalGoalsResponse { local_goals, next_page_token })
    }
}

/// A goal as it is to be, and the version that was read.
struct Change {
    name: LocalGoalName,
    etag: String,
    goal: LocalGoal,
}

fn parse_create(
    principal: &Principal,
    message: CreateLocalGoalRequest,
) -> Result<(LocalGoalName, LocalGoal), Failure> {
    let CreateLocalGoalRequest {
        parent: sent,
        local_goal_id,
        local_goal,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent)?;
    let id = faults.keep(Slug::parse("local_goal_id", &local_goal_id));
    let name = id.map(|id| LocalGoalName::new(federation, id));
    let goal = content(&mut faults, name.as_ref(), local_goal);
    Ok(faults.into_result(|| name.zip(goal))?)
}

fn parse_update(principal: &Principal, message: UpdateLocalGoalRequest) -> Result<Change, Failure> {
    let UpdateLocalGoalRequest {
        name: sent_name,
        etag: sent_etag,
        local_goal,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let name = faults.keep(LocalGoalName::parse("name", &sent_name));
    if let Some(name) = &name {
        principal.is_in(&name.federation, &sent_name)?;
    }
    etag(&mut faults, &sent_etag);
    let goal = content(&mut faults, name.as_ref(), local_goal);
    let (name, goal) = faults.into_result(|| name.zip(goal))?;
    Ok(Change { name, etag: sent_etag, goal })
}

fn content(
    faults: &mut Faults,
    name: Option<&LocalGoalName>,
    sent: Option<pb::LocalGoal>,
) -> Option<LocalGoal> {
    let sent = faults.keep(sent.ok_or_else(|| Fault::new("local_goal", "FIELD_MISSING")))?;
    faults.keep(convert::check_given_name("local_goal.name", &sent.name, name));
    faults.keep_nested("local_goal", convert::local_goal::parse(sent))
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: &LocalGoalName,
    goal: &LocalGoal,
    teams: &BTreeSet<TeamName>,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::local_goal::find(transaction, name).await?.is_some();
    let mut faults = Faults::new();
    if !teams.contains(&goal.team) {
        faults.push(Fault::new("team", "TEAM_UNKNOWN").with("value", &goal.team));
    }
    create(taken, faults).map_err(|refusal| not_created(refusal, name, "local_goal"))?;
    let resource = convert::local_goal::render(name, goal, 1);
    store::local_goal::put(transaction, name, goal, 1, Recorded::first(step.sequence)).await?;
    Ok(vec![draft("local_goal.created", name, &resource)])
}

async fn replace(
    transaction: &Transaction,
    step: Step,
    asked: &Change,
    caller: &Principal,
) -> Result<Vec<Draft>, Failure> {
    let Change { name, etag, goal } = asked;
    let found = store::local_goal::find(transaction, name).await?;
    let kept = found.ok_or_else(|| Failure::not_found(name))?;
    let before = convert::local_goal::parse(decoded(&kept.payload)?).map_err(unreadable)?;
    if !permissions::may_report(caller, &before.team) {
        return Err(Failure::not_found(name));
    }
    let revision = change(kept.revision, etag, local_goal::moved(&before, goal))
        .map_err(|refusal| not_changed(refusal, name, "local_goal"))?;
    let resource = convert::local_goal::render(name, goal, revision);
    let recorded = Recorded { sequence: step.sequence, ..kept.recorded };
    store::local_goal::put(transaction, name, goal, revision, recorded).await?;
    Ok(vec![draft("local_goal.updated", name, &resource)])
}

/// The row that finds a recorded goal.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let Ok(name) = LocalGoalName::parse("name", name) else { return Ok(None) };
    let message: pb::LocalGoal = prost::Message::decode(payload)?;
    let revision = message.etag.parse()?;
    let goal = convert::local_goal::parse(message).map_err(unreadable)?;
    Ok(Some(store::local_goal::row(&name, &goal, revision, recorded)))
}
