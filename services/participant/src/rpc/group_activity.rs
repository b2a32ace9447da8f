//! What a team does with many at a time. Only the team's officers see the numbers: what
//! is outside of the caller's teams is not there.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Journal, Principal, Step, Write,
    clock::day_in_sweden,
    convert::period_from_proto,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, next_page_token},
    page::Page,
    principal,
};
use proto::participant::{
    self as pb, CreateGroupActivityRequest, CreateGroupActivityResponse,
    ListGroupActivitiesRequest, ListGroupActivitiesResponse, UpdateGroupActivityRequest,
    UpdateGroupActivityResponse, group_activity_service_server::GroupActivityService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Role, Slug, name::GroupActivityName};

use super::{
    check_given_name, convert, draft,
    journalled::{acts_for, before, day_key, etag, team_filter, teams_of, unchanged},
    parent, recorded, refused,
};
use crate::{
    domain::{
        change::{change, moved},
        create::create,
        group_activity::{self, GroupActivity},
    },
    store::{self, group_activity::Row},
};

const CREATE: &str = "/samordna.participant.v1.GroupActivityService/CreateGroupActivity";
const UPDATE: &str = "/samordna.participant.v1.GroupActivityService/UpdateGroupActivity";
const OFFICERS: &[Role] = super::permissions::TEAM_OFFICERS;

pub(super) struct GroupActivities(Journal);

#[async_trait]
impl GroupActivityService for GroupActivities {
    async fn create_group_activity(
        &self,
        request: Request<CreateGroupActivityRequest>,
    ) -> Result<Response<CreateGroupActivityResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn update_group_activity(
        &self,
        request: Request<UpdateGroupActivityRequest>,
    ) -> Result<Response<UpdateGroupActivityResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.update(&principal, request.into_inner()).await?))
    }

    async fn list_group_activities(
        &self,
        request: Request<ListGroupActivitiesRequest>,
    ) -> Result<Response<ListGroupActivitiesResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl GroupActivities {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateGroupActivityRequest,
    ) -> Result<CreateGroupActivityResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, activity) = parse_create(principal, message)?;
        acts_for(principal, OFFICERS, &activity.team)?;
        let step = self.0.write(write, move |transaction, step| {
            let (name, activity) = (name.clone(), activity.clone());
            async move { save(transaction, step, name, activity).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateGroupActivityResponse { group_activity: Some(recorded(&entries)?) })
    }

    async fn update(
        &self,
        principal: &Principal,
        message: UpdateGroupActivityRequest,
    ) -> Result<UpdateGroupActivityResponse, Failure> {
        let write = Write::of(principal, UPDATE, &message)?;
        let change = parse_update(principal, message)?;
        let caller = principal.clone();
        let step = self.0.write(write, move |transaction, step| {
            let (caller, change) = (caller.clone(), change.clone());
            async move { replace(transaction, step, &caller, change).await }.boxed()
        });
        let entries = step.await?;
        Ok(UpdateGroupActivityResponse { group_activity: Some(recorded(&entries)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListGroupActivitiesRequest,
    ) -> Result<ListGroupActivitiesResponse, Failure> {
        let ListGroupActivitiesRequest { parent, team, period, page_size, page_token } = message;
        let mut faults = Faults::new();
        let federation = self::parent(&mut faults, principal, &parent)?;
        let team = faults.keep(team_filter(&team));
        let period = match period {
            Some(_) => faults.keep_nested("", period_from_proto("period", period)).map(Some),
            None => Some(None),
        };
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let after = page.as_ref().and_then(|page| page.after.as_ref());
        let before = faults.keep(before(after));
        let (team, period, size, before) =
            faults.into_result(|| Some((team?, period?, page?.size, before?)))?;
        let mut teams = teams_of(principal, OFFICERS);
        if let Some(asked) = team {
            teams.retain(|team| *team == asked);
        }
        let connection = &self.0.database().read;
        let listed =
            store::group_activity::list(connection, &federation, &teams, period, before, size)
                .await?;
        let group_activities: Vec<pb::GroupActivity> = all_decoded(&listed)?;
        Ok(ListGroupActivitiesResponse {
            next_page_token: next_page_token(listed.has_more, &group_activities, |activity| {
                day_key(activity.day, &activity.name)
            }),
            group_activities,
        })
    }
}

fn parse_create(
    principal: &Principal,
    message: CreateGroupActivityRequest,
) -> Result<(GroupActivityName, GroupActivity), Failure> {
    let CreateGroupActivityRequest {
        parent,
        group_activity_id,
        group_activity: sent,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("group_activity_id", &group_activity_id));
    let name = id.map(|id| GroupActivityName::new(federation, id));
    let activity = content(&mut faults, name.as_ref(), sent);
    Ok(faults.into_result(|| name.zip(activity))?)
}

/// Reads the content of a request.
fn content(
    faults: &mut Faults,
    name: Option<&GroupActivityName>,
    sent: Option<pb::GroupActivity>,
) -> Option<GroupActivity> {
    let sent = faults.keep(sent.ok_or_else(|| Fault::new("group_activity", "FIELD_MISSING")))?;
    faults.keep(check_given_name("group_activity.name", &sent.name, name));
    faults.keep_nested("group_activity", convert::group_activity::parse(sent))
}

/// An activity as it is to be, and the version that was read.
#[derive(Debug, Clone)]
struct Change {
    name: GroupActivityName,
    etag: String,
    activity: GroupActivity,
}

fn parse_update(
    principal: &Principal,
    message: UpdateGroupActivityRequest,
) -> Result<Change, Failure> {
    let UpdateGroupActivityRequest {
        name: sent_name,
        etag,
        group_activity: sent,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let name = faults.keep(GroupActivityName::parse("name", &sent_name));
    if let Some(name) = &name {
        principal.is_in(&name.federation, &sent_name)?;
    }
    self::etag(&mut faults, &etag);
    let activity = content(&mut faults, name.as_ref(), sent);
    let (name, activity) = faults.into_result(|| name.zip(activity))?;
    Ok(Change { name, etag, activity })
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: GroupActivityName,
    activity: GroupActivity,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::group_activity::find(transaction, &name).await?.is_some();
    let is_team = store::team::is_known(transaction, &name.federation, &activity.team).await?;
    let faults = group_activity::faults(&activity, is_team, day_in_sweden(step.now));
    create(taken, faults).map_err(|refusal| refused(refusal, &name, "group_activity"))?;
    let resource = convert::group_activity::render(&name, &activity, 1);
    let draft = draft("group_activity.created", &name, &resource);
    let row = row_of(name, activity, 1, Recorded::first(step.sequence));
    store::group_activity::insert(transaction, &row).await?;
    Ok(vec![draft])
}

async fn replace(
    transaction: &Transaction,
    step: Step,
    caller: &Principal,
    asked: Change,
) -> Result<Vec<Draft>, Failure> {
    let Change { name, etag, activity } = asked;
    let found = store::group_activity::find(transaction, &name).await?;
    let kept = found.ok_or_else(|| Failure::not_found(&name))?;
    let before = stored(decoded(&kept.payload)?)?;
    acts_for(caller, OFFICERS, &before.team).map_err(|_| Failure::not_found(&name))?;
    let mut faults = moved(&before.team, &activity.team);
    faults.nest("", group_activity::faults(&activity, true, day_in_sweden(step.now)));
    let revision = change(kept.revision, &etag, faults)
        .map_err(|refusal| unchanged(refusal, &name, "group_activity"))?;
    let resource = convert::group_activity::render(&name, &activity, revision);
    let draft = draft("group_activity.updated", &name, &resource);
    let recorded = Recorded { sequence: step.sequence, ..kept.recorded };
    store::group_activity::update(transaction, &row_of(name, activity, revision, recorded)).await?;
    Ok(vec![draft])
}

fn row_of(
    name: GroupActivityName,
    activity: GroupActivity,
    revision: i32,
    recorded: Recorded,
) -> Row {
    let GroupActivity { team, title: _, day, turnout: _ } = activity;
    Row { name, team, day, revision, recorded }
}

/// An activity that was recorded.
fn stored(message: pb::GroupActivity) -> Result<GroupActivity, Failure> {
    convert::group_activity::parse(message)
        .map_err(|faults| anyhow::anyhow!("a recorded activity cannot be read: {faults:?}").into())
}

/// The row that finds a recorded activity.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let message: pb::GroupActivity = prost::Message::decode(payload)?;
    let revision = message.etag.parse()?;
    let name = GroupActivityName::parse("name", name);
    let name = name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let activity = convert::group_activity::parse(message);
    let activity = activity.map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    Ok(row_of(name, activity, revision, recorded))
}
