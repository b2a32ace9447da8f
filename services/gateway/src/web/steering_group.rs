//! Steering groups: the list, one of them with its meetings and decisions, and their
//! forms.

use proto::reporting::{
    GetSteeringGroupRequest, SteeringGroup,
    steering_group_service_client::SteeringGroupServiceClient,
};
use tonic::Status;

pub(crate) mod detail;
pub(crate) mod edit;
pub(crate) mod list;

use super::{layout::Visit, planning::STEERING_GROUPS, reads, report::list::Around};

/// The address of a group's page, by its id.
pub(crate) fn address(group: &str) -> String {
    format!("{STEERING_GROUPS}/{group}")
}

/// A group by its id.
///
/// # Errors
/// What reporting answered instead.
pub(crate) async fn read(visit: &Visit, id: &str) -> Result<SteeringGroup, Status> {
    let name = reads::name(visit, "steeringGroups", id);
    let request = visit.request(GetSteeringGroupRequest { name })?;
    let answer = client(visit).get_steering_group(request).await?.into_inner();
    answer.steering_group.ok_or_else(|| Status::not_found(""))
}

/// What a group steers: an area, or everything.
fn steers(visit: &Visit, around: &Around, group: &SteeringGroup) -> String {
    match group.area.as_str() {
        "" => visit.t("steering-group-central"),
        area => around.subject(area).to_owned(),
    }
}

/// The way to the groups.
fn client(visit: &Visit) -> SteeringGroupServiceClient<platform::Transport> {
    SteeringGroupServiceClient::new(visit.state.reporting.clone())
}
