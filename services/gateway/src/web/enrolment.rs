//! Enrolments: a person's time in a team, from the queue to the exit.

use proto::participant::{
    Enrolment, GetEnrolmentRequest, ListEnrolmentsRequest,
    enrolment_service_client::EnrolmentServiceClient,
};
use tonic::Status;

pub(crate) mod change;
mod course;
pub(crate) mod create;
pub(crate) mod detail;
mod inputs;
pub(crate) mod list;
pub(crate) mod milestone;
pub(crate) mod placement;
pub(crate) mod queue;
pub(crate) mod survey;
pub(crate) mod take_away;

use super::{
    format,
    layout::Visit,
    reads::{self, id_of},
    requisition::StateView,
};

/// Reads enrolments, in the order they are named.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn read_all<'a>(
    visit: &Visit,
    names: impl Iterator<Item = &'a str>,
) -> Result<Vec<Enrolment>, Status> {
    futures::future::try_join_all(names.map(|name| read(visit, id_of(name)))).await
}

/// Reads one enrolment.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn read(visit: &Visit, id: &str) -> Result<Enrolment, Status> {
    let request = GetEnrolmentRequest { name: reads::name(visit, "enrolments", id) };
    let mut client = EnrolmentServiceClient::new(visit.state.organisation.clone());
    let answer = client.get_enrolment(visit.request(request)?).await?.into_inner();
    answer.enrolment.ok_or_else(|| Status::not_found(""))
}

/// The enrolments of a person, the newest first.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn of_person(visit: &Visit, participant: &str) -> Result<Vec<Enrolment>, Status> {
    let request = ListEnrolmentsRequest {
        parent: visit.federation(),
        participant: participant.to_owned(),
        ..ListEnrolmentsRequest::default()
    };
    let mut client = EnrolmentServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_enrolments(visit.request(request)?).await?.into_inner().enrolments)
}

/// Where an enrolment stands, as it is shown.
pub(crate) fn state_view(visit: &Visit, enrolment: &Enrolment) -> StateView {
    let (id, color) = if enrolment.registered_in_error {
        ("enrolment-in-error", "neutral")
    } else if enrolment.exit.is_some() {
        ("enrolment-ended", "neutral")
    } else if is_overdue(visit, enrolment) {
        ("enrolment-overdue", "warning")
    } else {
        ("enrolment-open", "success")
    };
    StateView { text: visit.t(id), color }
}

/// True when the planned last day has passed without an exit.
fn is_overdue(visit: &Visit, enrolment: &Enrolment) -> bool {
    let planned = format::date(enrolment.planned_last_day.as_ref());
    !planned.is_empty() && planned < visit.state.clock.today().to_string()
}

/// The present coach's account.
fn coach(enrolment: &Enrolment) -> &str {
    enrolment.coaches.last().map_or("", |spell| spell.coach.as_str())
}

/// The address of an enrolment.
fn address(name: &str) -> String {
    format!("/enrolments/{}", id_of(name))
}
