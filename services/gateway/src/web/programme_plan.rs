//! Programme plans: the list, one version with its goals and what was held, and the form
//! of the next version.

use proto::{
    participant::Livelihood,
    reporting::{
        GetProgrammePlanRequest, GetProgrammePlanResponse, ProgrammePlanVersion,
        programme_plan_service_client::ProgrammePlanServiceClient,
    },
};
use tonic::Status;

pub(crate) mod detail;
mod goals;
mod inputs;
pub(crate) mod list;
pub(crate) mod version;

use super::{
    layout::Visit,
    planning::PLANS,
    reads::{self, id_of},
};

/// The address of a plan's page, by its id.
pub(crate) fn address(plan: &str) -> String {
    format!("{PLANS}/plans/{plan}")
}

/// The ids of plan and version in a version's name.
fn ids(version: &ProgrammePlanVersion) -> (&str, &str) {
    let plan = version.name.split("/versions/").next().unwrap_or_default();
    (id_of(plan), id_of(&version.name))
}

/// A version of a plan, or with an empty id its latest; and the numbers of all.
///
/// # Errors
/// What reporting answered instead.
pub(crate) async fn read(
    visit: &Visit,
    plan: &str,
    version: &str,
) -> Result<(ProgrammePlanVersion, Vec<String>), Status> {
    let mut name = reads::name(visit, "programmePlans", plan);
    if !version.is_empty() {
        name = format!("{name}/versions/{version}");
    }
    let mut client = client(visit);
    let request = visit.request(GetProgrammePlanRequest { name })?;
    let answer = client.get_programme_plan(request).await?.into_inner();
    let GetProgrammePlanResponse { version, numbers } = answer;
    Ok((version.ok_or_else(|| Status::not_found(""))?, numbers))
}

/// The way to the plans.
fn client(visit: &Visit) -> ProgrammePlanServiceClient<platform::Transport> {
    ProgrammePlanServiceClient::new(visit.state.reporting.clone())
}

/// A livelihood as plans have it: `social_assistance`.
pub(super) fn livelihood_code(livelihood: Livelihood) -> String {
    let name = livelihood.as_str_name();
    name.strip_prefix("LIVELIHOOD_").unwrap_or(name).to_ascii_lowercase()
}
