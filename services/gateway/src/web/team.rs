//! Teams: the staff and what it means for the intake, pauses, reserved places, and whom
//! the team is for.

pub(crate) mod detail;
pub(crate) mod list;
pub(crate) mod pause;
pub(crate) mod places;
pub(crate) mod position;

use proto::{
    Date,
    organisation::{GetTeamRequest, Team, team_service_client::TeamServiceClient},
};
use tonic::Status;

use super::{format, layout::Visit, reads};

/// The largest page of what a team has: there are few.
const PAGE_SIZE: i32 = 500;

/// Reads one team.
async fn read(visit: &Visit, id: &str) -> Result<Team, Status> {
    let request = GetTeamRequest { name: reads::name(visit, "teams", id) };
    let mut client = TeamServiceClient::new(visit.state.organisation.clone());
    let answer = client.get_team(visit.request(request)?).await?.into_inner();
    answer.team.ok_or_else(|| Status::not_found(""))
}

/// A stretch of days that may go on.
fn days(visit: &Visit, first_day: Option<&Date>, last_day: Option<&Date>) -> String {
    let first = format::date(first_day);
    match last_day {
        None => visit.t1("account-from", "day", &first),
        Some(last) => format!("{first}{}– {}", format::NO_BREAK_SPACE, format::date(Some(last))),
    }
}
