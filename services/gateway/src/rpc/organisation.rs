//! What the gateway's own RPCs ask the organisation, on the caller's behalf: whether a
//! team is there.

use platform::{Failure, Transport, principal};
use proto::organisation::{GetTeamRequest, team_service_client::TeamServiceClient};
use tonic::{Code, metadata::MetadataMap};
use values::name::TeamName;

/// True when the team is there.
pub(super) async fn knows_team(
    organisation: &Transport,
    caller: &MetadataMap,
    team: &TeamName,
) -> Result<bool, Failure> {
    let request = principal::forward(caller, GetTeamRequest { name: team.to_string() });
    match TeamServiceClient::new(organisation.clone()).get_team(request).await {
        Ok(_) => Ok(true),
        Err(status) if status.code() == Code::NotFound => Ok(false),
        Err(status) => Err(Failure::from_callee("organisation", status)),
    }
}
