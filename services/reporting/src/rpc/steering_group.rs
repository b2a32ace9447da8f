//! `SteeringGroupService`.

use std::{collections::BTreeSet, sync::Arc};

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, id_of, next_page_token},
    principal,
};
use proto::reporting::{
    self as pb, CreateSteeringGroupRequest, CreateSteeringGroupResponse, GetSteeringGroupRequest,
    GetSteeringGroupResponse, ListSteeringGroupsRequest, ListSteeringGroupsResponse,
    UpdateSteeringGroupRequest, UpdateSteeringGroupResponse,
    steering_group_service_server::SteeringGroupService,
};
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{AreaName, SteeringGroupName},
};

use super::{
    Shell, convert, draft,
    organisation::Organisation,
    parent, recorded,
    resource::{etag, not_changed, not_created, page, unreadable},
};
use crate::{
    domain::{
        change::{change, create},
        steering_group::SteeringGroup,
    },
    store::{self, indexed::Row},
};

const CREATE: &str = "/samordna.reporting.v1.SteeringGroupService/CreateSteeringGroup";
const UPDATE: &str = "/samordna.reporting.v1.SteeringGroupService/UpdateSteeringGroup";

pub(super) struct SteeringGroups(pub(super) Shell);

#[async_trait]
impl SteeringGroupService for SteeringGroups {
    async fn create_steering_group(
        &self,
        request: Request<CreateSteeringGroupRequest>,
    ) -> Result<Response<CreateSteeringGroupResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.create(&principal, &metadata, message).await?))
    }

    async fn update_steering_group(
        &self,
        request: Request<UpdateSteeringGroupRequest>,
    ) -> Result<Response<UpdateSteeringGroupResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.update(&principal, &metadata, message).await?))
    }

    async fn get_steering_group(
        &self,
        request: Request<GetSteeringGroupRequest>,
    ) -> Result<Response<GetSteeringGroupResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_steering_groups(
        &self,
        request: Request<ListSteeringGroupsRequest>,
    ) -> Result<Response<ListSteeringGroupsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl SteeringGroups {
    async fn create(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        message: CreateSteeringGroupRequest,
    ) -> Result<CreateSteeringGroupResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, group) = parse_create(principal, message)?;
        let sent = Arc::new((name, group, self.areas(principal, metadata).await?));
        let step = self.0.journal.write(write, move |transaction, step| {
            let sent = Arc::clone(&sent);
            async move {
                let (name, group, areas) = sent.as_ref();
                save(transaction, step, name, group, areas).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(CreateSteeringGroupResponse { steering_group: Some(recorded(&entries)?) })
    }

    async fn update(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        message: UpdateSteeringGroupRequest,
    ) -> Result<UpdateSteeringGroupResponse, Failure> {
        let write = Write::of(principal, UPDATE, &message)?;
        let change = parse_update(principal, message)?;
        let sent = Arc::new((change, self.areas(principal, metadata).await?));
        let step = self.0.journal.write(write, move |transaction, step| {
            let sent = Arc::clone(&sent);
            async move {
                let (change, areas) = sent.as_ref();
                replace(transaction, step, change, areas).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(UpdateSteeringGroupResponse { steering_group: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetSteeringGroupRequest,
    ) -> Result<GetSteeringGroupResponse, Failure> {
        let GetSteeringGroupRequest { name: sent } = message;
        let name = SteeringGroupName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::steering_group::find(&self.0.journal.database().read, &name).await?;
        let kept = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetSteeringGroupResponse { steering_group: Some(decoded(&kept.payload)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListSteeringGroupsRequest,
    ) -> Result<ListSteeringGroupsResponse, Failure> {
        let ListSteeringGroupsRequest { parent, page_size, page_token } = message;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let read = &self.0.journal.database().read;
        let listed = store::steering_group::list(read, &federation, &page).await?;
        let steering_groups: Vec<pb::SteeringGroup> = all_decoded(&listed)?;
        let key = |group: &pb::SteeringGroup| id_of(&group.name).to_owned();
        let next_page_token = next_page_token(listed.has_more, &steering_groups, key);
        Ok(ListSteeringGroupsResponse { steering_groups, next_page_token })
    }

    async fn areas(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
    ) -> Result<BTreeSet<AreaName>, Failure> {
        let organisation = Organisation {
            transport: &self.0.organisation,
            caller: metadata,
            federation: &principal.federation,
        };
        Ok(organisation.area_names().await?.into_iter().collect())
    }
}

/// A group as it is to be, and the version that was read.
struct Change {
    name: SteeringGroupName,
    etag: String,
    group: SteeringGroup,
}

fn parse_create(
    principal: &Principal,
    message: CreateSteeringGroupRequest,
) -> Result<(SteeringGroupName, SteeringGroup), Failure> {
    let CreateSteeringGroupRequest {
        parent: sent,
        steering_group_id,
        steering_group,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent)?;
    let id = faults.keep(Slug::parse("steering_group_id", &steering_group_id));
    let name = id.map(|id| SteeringGroupName::new(federation, id));
    let group = content(&mut faults, name.as_ref(), steering_group);
    Ok(faults.into_result(|| name.zip(group))?)
}

fn parse_update(
    principal: &Principal,
    message: UpdateSteeringGroupRequest,
) -> Result<Change, Failure> {
    let UpdateSteeringGroupRequest {
        name: sent_name,
        etag: sent_etag,
        steering_group,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let name = faults.keep(SteeringGroupName::parse("name", &sent_name));
    if let Some(name) = &name {
        principal.is_in(&name.federation, &sent_name)?;
    }
    etag(&mut faults, &sent_etag);
    let group = content(&mut faults, name.as_ref(), steering_group);
    let (name, group) = faults.into_result(|| name.zip(group))?;
    Ok(Change { name, etag: sent_etag, group })
}

fn content(
    faults: &mut Faults,
    name: Option<&SteeringGroupName>,
    sent: Option<pb::SteeringGroup>,
) -> Option<SteeringGroup> {
    let sent = faults.keep(sent.ok_or_else(|| Fault::new("steering_group", "FIELD_MISSING")))?;
    faults.keep(convert::check_given_name("steering_group.name", &sent.name, name));
    faults.keep_nested("steering_group", convert::steering_group::parse(sent))
}

fn unknown_area(group: &SteeringGroup, areas: &BTreeSet<AreaName>) -> Faults {
    match &group.area {
        Some(area) if !areas.contains(area) => {
            Fault::new("area", "AREA_UNKNOWN").with("value", area).into()
        }
        Some(_) | None => Faults::new(),
    }
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: &SteeringGroupName,
    group: &SteeringGroup,
    areas: &BTreeSet<AreaName>,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::steering_group::find(transaction, name).await?.is_some();
    create(taken, unknown_area(group, areas))
        .map_err(|refusal| not_created(refusal, name, "steering_group"))?;
    let resource = convert::steering_group::render(name, group.clone(), 1);
    store::steering_group::put(transaction, name, 1, Recorded::first(step.sequence)).await?;
    Ok(vec![draft("steering_group.created", name, &resource)])
}

async fn replace(
    transaction: &Transaction,
    step: Step,
    asked: &Change,
    areas: &BTreeSet<AreaName>,
) -> Result<Vec<Draft>, Failure> {
    let Change { name, etag, group } = asked;
    let found = store::steering_group::find(transaction, name).await?;
    let kept = found.ok_or_else(|| Failure::not_found(name))?;
    let revision = change(kept.revision, etag, unknown_area(group, areas))
        .map_err(|refusal| not_changed(refusal, name, "steering_group"))?;
    let resource = convert::steering_group::render(name, group.clone(), revision);
    let recorded = Recorded { sequence: step.sequence, ..kept.recorded };
    store::steering_group::put(transaction, name, revision, recorded).await?;
    Ok(vec![draft("steering_group.updated", name, &resource)])
}

/// The row that finds a recorded group; none for a name below a group's.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let Ok(name) = SteeringGroupName::parse("name", name) else { return Ok(None) };
    let message: pb::SteeringGroup = prost::Message::decode(payload)?;
    let revision = message.etag.parse()?;
    convert::steering_group::parse(message).map_err(unreadable)?;
    Ok(Some(store::steering_group::row(&name, revision, recorded)))
}
