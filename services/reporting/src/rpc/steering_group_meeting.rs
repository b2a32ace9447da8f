//! `SteeringGroupMeetingService`.

use std::{collections::BTreeSet, sync::Arc};

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    clock::day_in_sweden,
    convert::date_from_proto,
    journal::Transaction,
    journalled::{Recorded, all_decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{
    self as pb, CreateSteeringGroupMeetingRequest, CreateSteeringGroupMeetingResponse,
    ListSteeringGroupMeetingsRequest, ListSteeringGroupMeetingsResponse,
    UpdateSteeringGroupMeetingRequest, UpdateSteeringGroupMeetingResponse,
    steering_group_meeting_service_server::SteeringGroupMeetingService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::SteeringGroupName};

use super::{
    Shell, convert, draft, recorded,
    resource::{etag, malformed_token, not_changed, not_created, unreadable},
};
use crate::{
    domain::{
        change::{change, create},
        steering_group_meeting::{self, Meeting, SteeringGroupMeetingName},
    },
    store::{self, indexed::Row, steering_group_meeting::Before},
};

const CREATE: &str =
    "/samordna.reporting.v1.SteeringGroupMeetingService/CreateSteeringGroupMeeting";
const UPDATE: &str =
    "/samordna.reporting.v1.SteeringGroupMeetingService/UpdateSteeringGroupMeeting";

pub(super) struct SteeringGroupMeetings(pub(super) Shell);

#[async_trait]
impl SteeringGroupMeetingService for SteeringGroupMeetings {
    async fn create_steering_group_meeting(
        &self,
        request: Request<CreateSteeringGroupMeetingRequest>,
    ) -> Result<Response<CreateSteeringGroupMeetingResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn update_steering_group_meeting(
        &self,
        request: Request<UpdateSteeringGroupMeetingRequest>,
    ) -> Result<Response<UpdateSteeringGroupMeetingResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.update(&principal, request.into_inner()).await?))
    }

    async fn list_steering_group_meetings(
        &self,
        request: Request<ListSteeringGroupMeetingsRequest>,
    ) -> Result<Response<ListSteeringGroupMeetingsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl SteeringGroupMeetings {
    async fn create(
        &self,
        principal: &Principal,
        message: CreateSteeringGroupMeetingRequest,
    ) -> Result<CreateSteeringGroupMeetingResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let sent = Arc::new(parse_create(principal, message)?);
        let step = self.0.journal.write(write, move |transaction, step| {
            let sent = Arc::clone(&sent);
            async move {
                let (name, meeting) = sent.as_ref();
                save(transaction, step, name, meeting).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(CreateSteeringGroupMeetingResponse { meeting: Some(recorded(&entries)?) })
    }

    async fn update(
        &self,
        principal: &Principal,
        message: UpdateSteeringGroupMeetingRequest,
    ) -> Result<UpdateSteeringGroupMeetingResponse, Failure> {
        let write = Write::of(principal, UPDATE, &message)?;
        let change = Arc::new(parse_update(principal, message)?);
        let step = self.0.journal.write(write, move |transaction, step| {
            let change = Arc::clone(&change);
            async move { replace(transaction, step, &change).await }.boxed()
        });
        let entries = step.await?;
        Ok(UpdateSteeringGroupMeetingResponse { meeting: Some(recorded(&entries)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListSteeringGroupMeetingsRequest,
    ) -> Result<ListSteeringGroupMeetingsResponse, Failure> {
        let ListSteeringGroupMeetingsRequest { parent: sent, page_size, page_token } = message;
        let mut faults = Faults::new();
        let group = faults.keep(SteeringGroupName::parse("parent", &sent));
        if let Some(group) = &group {
            principal.is_in(&group.federation, &sent)?;
        }
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let after = page.as_ref().and_then(|page| page.after.as_deref());
        let before = faults.keep(after.map(before).transpose());
        let (group, size, before) = faults.into_result(|| Some((group?, page?.size, before?)))?;
        let picture = self.0.journal.database().snapshot().await?;
        let found = store::steering_group::find(&picture, &group).await?;
        found.ok_or_else(|| Failure::not_found(&group))?;
        let listed = store::steering_group_meeting::list(&picture, &group, before, size).await?;
        picture.rollback().await?;
        let meetings: Vec<pb::SteeringGroupMeeting> = all_decoded(&listed)?;
        let next_page_token = next_page_token(listed.has_more, &meetings, key);
        Ok(ListSteeringGroupMeetingsResponse { meetings, next_page_token })
    }
}

/// What a list goes on after: the day and then the id.
fn key(meeting: &pb::SteeringGroupMeeting) -> String {
    let day = date_from_proto("day", meeting.day);
    format!("{}/{}", day.unwrap_or_default(), id_of(&meeting.name))
}

fn before(key: &str) -> Result<Before, Fault> {
    let parts = key.split_once('/').and_then(|(day, id)| {
        Some(Before { day: day.parse().ok()?, id: Slug::parse("page_token", id).ok()? })
    });
    parts.ok_or_else(malformed_token)
}

/// A meeting as it is to be, and the version that was read.
struct Change {
    name: SteeringGroupMeetingName,
    etag: String,
    meeting: Meeting,
}

fn parse_create(
    principal: &Principal,
    message: CreateSteeringGroupMeetingRequest,
) -> Result<(SteeringGroupMeetingName, Meeting), Failure> {
    let CreateSteeringGroupMeetingRequest {
        parent: sent_parent,
        meeting_id,
        meeting,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let group = faults.keep(SteeringGroupName::parse("parent", &sent_parent));
    if let Some(group) = &group {
        principal.is_in(&group.federation, &sent_parent)?;
    }
    let id = faults.keep(Slug::parse("meeting_id", &meeting_id));
    let name = group.zip(id).map(|(group, id)| SteeringGroupMeetingName { group, id });
    let meeting = content(&mut faults, principal, name.as_ref(), meeting);
    Ok(faults.into_result(|| name.zip(meeting))?)
}

fn parse_update(
    principal: &Principal,
    message: UpdateSteeringGroupMeetingRequest,
) -> Result<Change, Failure> {
    let UpdateSteeringGroupMeetingRequest {
        name: sent_name,
        etag: sent_etag,
        meeting,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let name = faults.keep(SteeringGroupMeetingName::parse("name", &sent_name));
    if let Some(name) = &name {
        principal.is_in(&name.group.federation, &sent_name)?;
    }
    etag(&mut faults, &sent_etag);
    let meeting = content(&mut faults, principal, name.as_ref(), meeting);
    let (name, meeting) = faults.into_result(|| name.zip(meeting))?;
    Ok(Change { name, etag: sent_etag, meeting })
}

fn content(
    faults: &mut Faults,
    principal: &Principal,
    name: Option<&SteeringGroupMeetingName>,
    sent: Option<pb::SteeringGroupMeeting>,
) -> Option<Meeting> {
    let sent = faults.keep(sent.ok_or_else(|| Fault::new("meeting", "FIELD_MISSING")))?;
    faults.keep(convert::check_given_name("meeting.name", &sent.name, name));
    let meeting = convert::steering_group_meeting::parse(&principal.federation, sent);
    faults.keep_nested("meeting", meeting)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: &SteeringGroupMeetingName,
    meeting: &Meeting,
) -> Result<Vec<Draft>, Failure> {
    let group = store::steering_group::find(transaction, &name.group).await?;
    group.ok_or_else(|| Failure::not_found(&name.group))?;
    let taken = store::steering_group_meeting::find(transaction, name).await?.is_some();
    create(taken, faults(transaction, step, meeting).await?)
        .map_err(|refusal| not_created(refusal, name, "meeting"))?;
    let resource = convert::steering_group_meeting::render(name, meeting.clone(), 1);
    let recorded = Recorded::first(step.sequence);
    store::steering_group_meeting::put(transaction, name, meeting.day, 1, recorded).await?;
    Ok(vec![draft("steering_group_meeting.created", name, &resource)])
}

async fn replace(
    transaction: &Transaction,
    step: Step,
    asked: &Change,
) -> Result<Vec<Draft>, Failure> {
    let Change { name, etag, meeting } = asked;
    let found = store::steering_group_meeting::find(transaction, name).await?;
    let kept = found.ok_or_else(|| Failure::not_found(name))?;
    let revision = change(kept.revision, etag, faults(transaction, step, meeting).await?)
        .map_err(|refusal| not_changed(refusal, name, "meeting"))?;
    let resource = convert::steering_group_meeting::render(name, meeting.clone(), revision);
    let recorded = Recorded { sequence: step.sequence, ..kept.recorded };
    let day = meeting.day;
    store::steering_group_meeting::put(transaction, name, day, revision, recorded).await?;
    Ok(vec![draft("steering_group_meeting.updated", name, &resource)])
}

/// What cannot be right about a meeting as things stand.
async fn faults(
    transaction: &Transaction,
    step: Step,
    meeting: &Meeting,
) -> Result<Faults, Failure> {
    let mut versions = BTreeSet::new();
    for version in meeting.plan_versions() {
        if store::programme_plan::find(transaction, version).await?.is_some() {
            versions.insert(version.clone());
        }
    }
    Ok(steering_group_meeting::faults(meeting, &versions, day_in_sweden(step.now)))
}

/// The row that finds a recorded meeting; none for the name of a group.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let Ok(name) = SteeringGroupMeetingName::parse("name", name) else { return Ok(None) };
    let message: pb::SteeringGroupMeeting = prost::Message::decode(payload)?;
    let revision = message.etag.parse()?;
    let meeting = convert::steering_group_meeting::parse(&name.group.federation, message);
    let day = meeting.map_err(unreadable)?.day;
    Ok(Some(store::steering_group_meeting::row(&name, day, revision, recorded)))
}
