//! Follow-ups 6, 12 and 18 months after the exit: the list of what is due, and how each
//! ended.

use chrono::{Days, NaiveDate};
use proto::participant::{
    FollowUp, FollowUpResult, GetFollowUpRequest, ListFollowUpsRequest, Situation,
    follow_up_service_client::FollowUpServiceClient,
};
use tonic::Status;

pub(crate) mod end;
pub(crate) mod list;

use super::{
    code, format,
    layout::Visit,
    livelihood,
    reads::{self, id_of},
    requisition::StateView,
};

/// Days before it is due that one may be ended.
const EARLY: Days = Days::new(30);

/// A follow-up, ready to be shown.
pub(crate) struct RowView {
    /// Its id, which is also its address.
    pub id: String,
    /// How long after the exit.
    pub after: String,
    /// When it is due.
    pub due_day: String,
    /// Where it stands, or how it ended.
    pub state: StateView,
    /// When it ended; empty before.
    pub day: String,
    /// What the person does and lives on; empty unless it was answered.
    pub answer: String,
    /// True when a consent to being asked holds today.
    pub may_be_asked: bool,
    /// True when it can be ended today.
    pub may_end: bool,
}

impl RowView {
    /// Makes a follow-up ready to be shown.
    #[must_use]
    pub(crate) fn of(visit: &Visit, follow_up: &FollowUp) -> Self {
        let today = visit.state.clock.today();
        let due_day = format::date(follow_up.due_day.as_ref());
        let is_open = follow_up.result() == FollowUpResult::Unspecified;
        let may_end = is_open && due_day <= soon(today).to_string();
        let mut answer = Vec::new();
        if follow_up.situation() != Situation::Unspecified {
            answer.push(code::called(visit, follow_up.situation().as_str_name()));
        }
        if !follow_up.livelihoods.is_empty() {
            answer.push(livelihood::called(visit, &follow_up.livelihoods));
        }
        Self {
            id: id_of(&follow_up.name).to_owned(),
            after: visit.t1("follow-up-months", "months", &follow_up.months.to_string()),
            state: state_view(visit, follow_up.result(), due_day <= today.to_string()),
            due_day,
            day: format::date(follow_up.day.as_ref()),
            answer: answer.join("; "),
            may_be_asked: follow_up.may_be_asked,
            may_end,
        }
    }
}

/// The last day something may be due that can be ended today.
fn soon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(EARLY).unwrap_or(today)
}

fn state_view(visit: &Visit, result: FollowUpResult, is_due: bool) -> StateView {
    let ended =
        |color: &'static str| StateView { text: code::called(visit, result.as_str_name()), color };
    match result {
        FollowUpResult::Unspecified if is_due => {
            StateView { text: visit.t("follow-up-state-due"), color: "warning" }
        }
        FollowUpResult::Unspecified => {
            StateView { text: visit.t("follow-up-state-ahead"), color: "neutral" }
        }
        FollowUpResult::Answered => ended("success"),
        FollowUpResult::NotReached | FollowUpResult::Declined | FollowUpResult::NotAsked => {
            ended("neutral")
        }
    }
}

/// Reads one follow-up.
async fn read(visit: &Visit, id: &str) -> Result<FollowUp, Status> {
    let request = GetFollowUpRequest { name: reads::name(visit, "followUps", id) };
    let mut client = FollowUpServiceClient::new(visit.state.organisation.clone());
    let answer = client.get_follow_up(visit.request(request)?).await?.into_inner();
    answer.follow_up.ok_or_else(|| Status::not_found(""))
}

/// The follow-ups of an enrolment, the first due first.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn of_enrolment(visit: &Visit, enrolment: &str) -> Result<Vec<FollowUp>, Status> {
    let request = ListFollowUpsRequest {
        parent: visit.federation(),
        enrolment: enrolment.to_owned(),
        ..ListFollowUpsRequest::default()
    };
    let mut client = FollowUpServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_follow_ups(visit.request(request)?).await?.into_inner().follow_ups)
}
