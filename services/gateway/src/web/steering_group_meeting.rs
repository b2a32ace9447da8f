//! The meetings of a steering group with their decisions: as its page has them, and the
//! form of one.

use proto::reporting::{
    ListSteeringGroupMeetingsRequest, ListSteeringGroupMeetingsResponse, SteeringDecision,
    SteeringGroupMeeting, steering_decision::About,
    steering_group_meeting_service_client::SteeringGroupMeetingServiceClient,
};
use tonic::Status;

pub(crate) mod edit;

use super::{
    format,
    layout::Visit,
    programme_plan,
    reads::{self, id_of},
    report,
    requisition::StateView,
};

const PAGE_SIZE: i32 = 20;

/// A meeting, ready to be shown.
pub(crate) struct MeetingView {
    /// Its id, which is also its address.
    pub(crate) id: String,
    /// The day it is planned for, or was held on.
    pub(crate) day: String,
    /// Planned or held.
    pub(crate) state: StateView,
    /// Its registry number; may be empty.
    pub(crate) dnr: String,
    /// Where its minutes are; may be empty.
    pub(crate) minutes: String,
    /// What was decided.
    pub(crate) decisions: Vec<DecisionView>,
}

/// A decision.
pub(crate) struct DecisionView {
    /// Its number at the meeting.
    pub(crate) number: i32,
    /// What was decided.
    pub(crate) text: String,
    /// What it is about, in words; empty when it says nothing of that.
    pub(crate) about: String,
    /// Where that stands; none when it has no page.
    pub(crate) address: Option<String>,
}

impl MeetingView {
    /// Makes a meeting ready to be shown.
    pub(crate) fn of(visit: &Visit, meeting: &SteeringGroupMeeting) -> Self {
        let (text_id, color) = if meeting.is_held {
            ("meeting-held", "success")
        } else {
            ("meeting-planned", "neutral")
        };
        Self {
            id: id_of(&meeting.name).to_owned(),
            day: format::date(meeting.day.as_ref()),
            state: StateView { text: visit.t(text_id), color },
            dnr: meeting.dnr.clone(),
            minutes: meeting.minutes_uri.clone(),
            decisions: meeting.decisions.iter().map(|it| DecisionView::of(visit, it)).collect(),
        }
    }
}

impl DecisionView {
    fn of(visit: &Visit, decision: &SteeringDecision) -> Self {
        let SteeringDecision { number, text, about } = decision;
        let (words, address) = match about {
            Some(About::PlanVersion(name)) => {
                let plan = name.split("/versions/").next().map(id_of).unwrap_or_default();
                let address = format!("{}/versions/{}", programme_plan::address(plan), id_of(name));
                (plan_words(visit, name), Some(address))
            }
            Some(About::Report(name)) => {
                (visit.t("decision-about-report"), Some(report::address(id_of(name))))
            }
            Some(About::GrantDnr(dnr)) => (grant_words(visit, dnr), None),
            None => (String::new(), None),
        };
        Self { number: *number, text: text.clone(), about: words, address }
    }
}

/// A version of a plan in words, by its name.
fn plan_words(visit: &Visit, name: &str) -> String {
    visit.t1("decision-about-plan", "number", &id_of(name).replace('-', "."))
}

/// A grant in words, by its registry number.
fn grant_words(visit: &Visit, dnr: &str) -> String {
    visit.t1("decision-about-grant", "dnr", dnr)
}

/// The meetings of a group, the latest first, a page of them.
///
/// # Errors
/// What reporting answered instead.
pub(crate) async fn of_group(
    visit: &Visit,
    group: &str,
    page_token: &str,
) -> Result<ListSteeringGroupMeetingsResponse, Status> {
    let request = ListSteeringGroupMeetingsRequest {
        parent: reads::name(visit, "steeringGroups", group),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    Ok(client(visit).list_steering_group_meetings(visit.request(request)?).await?.into_inner())
}

/// The way to the meetings.
fn client(visit: &Visit) -> SteeringGroupMeetingServiceClient<platform::Transport> {
    SteeringGroupMeetingServiceClient::new(visit.state.reporting.clone())
}
