//! The ways of those who work with people into the day's work, each a list of what waits
//! for one step. Nothing is counted: a list of people is read, and noted as read, only
//! when it is opened.

use proto::participant::ReferralState;
use values::Role;

use crate::web::{filter::with_query, layout::Visit, referral::list::code_of, rights};

/// Where a referral waits for a team's officer, and for what.
const WAITING: [(ReferralState, &str); 5] = [
    (ReferralState::Sent, "ways-sent"),
    (ReferralState::Received, "ways-received"),
    (ReferralState::Called, "ways-called"),
    (ReferralState::Talked, "ways-talked"),
    (ReferralState::Reconsidering, "ways-reconsidering"),
];

/// The ways, for a team's officers and for senders.
pub(super) struct PeopleView {
    pub(super) heading: String,
    /// Address and text of each.
    pub(super) ways: Vec<(String, String)>,
}

/// The ways; none for those who see no referrals.
pub(super) fn ways(visit: &Visit) -> Option<PeopleView> {
    let principal = &visit.session.principal;
    if !rights::sees_referrals(principal) {
        return None;
    }
    let way = |href: &str, id: &str| (href.to_owned(), visit.t(id));
    if !rights::works_with_people(principal) {
        let ways = vec![way("/referrals", "ways-sent-by-us")];
        return Some(PeopleView { heading: visit.t("referrals-heading"), ways });
    }
    let mut ways = WAITING
        .map(|(state, id)| {
            let href = with_query("/referrals", &[("state", &code_of(state))]);
            way(&href, id)
        })
        .to_vec();
    let enrolled = if principal.has(Role::Coach) { "ways-enrolled-mine" } else { "ways-enrolled" };
    ways.extend([
        way("/queue", "ways-queue"),
        way("/enrolments", enrolled),
        way("/follow-ups", "ways-follow-ups"),
    ]);
    Some(PeopleView { heading: visit.t("overview-people"), ways })
}
