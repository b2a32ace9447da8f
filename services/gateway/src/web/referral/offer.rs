//! The steps that a referral may take from where it stands, for the person who looks at
//! it: an officer of the team, or one of the sender's.

use platform::Principal;
use proto::participant::{Referral, ReferralState};
use values::{Role, Scope, Slug};

use crate::web::{form::inputs::Button, layout::Visit, reads::id_of};

/// A step that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Receive,
    Call,
    Talk,
    Decide,
    Revoke,
    RegisterInError,
}

impl Step {
    pub(super) const ALL: [Step; 6] =
        [Step::Receive, Step::Call, Step::Talk, Step::Decide, Step::Revoke, Step::RegisterInError];

    /// What is posted.
    pub(super) fn code(self) -> &'static str {
        match self {
            Step::Receive => "receive",
            Step::Call => "call",
            Step::Talk => "talk",
            Step::Decide => "decide",
            Step::Revoke => "revoke",
            Step::RegisterInError => "register_in_error",
        }
    }

    pub(super) fn button(self, visit: &Visit) -> Button {
        let (text_id, variant, color) = match self {
            Step::Receive => ("referral-receive", "primary", "accent"),
            Step::Call => ("referral-call", "primary", "accent"),
            Step::Talk => ("referral-talk", "primary", "accent"),
            Step::Decide => ("referral-decide", "primary", "accent"),
            Step::Revoke => ("referral-revoke", "secondary", "accent"),
            Step::RegisterInError => ("referral-error", "tertiary", "danger"),
        };
        Button { code: self.code(), text: visit.t(text_id), variant, color }
    }
}

/// The steps to offer.
pub(super) fn offer(principal: &Principal, referral: &Referral) -> Vec<Step> {
    // Only those who work with the person are told who it is.
    let works = !referral.participant.is_empty();
    let mut steps = Vec::new();
    if works {
        steps.extend(match referral.state() {
            ReferralState::Sent => vec![Step::Receive],
            ReferralState::Received | ReferralState::Reconsidering => {
                vec![Step::Decide, Step::Call]
            }
            ReferralState::Called => vec![Step::Talk, Step::Decide],
            ReferralState::Talked => vec![Step::Decide],
            ReferralState::Unspecified
            | ReferralState::Accepted
            | ReferralState::NotEligible
            | ReferralState::Declined
            | ReferralState::Revoked
            | ReferralState::Enrolled
            | ReferralState::RegisteredInError => Vec::new(),
        });
    }
    if is_open(referral.state()) && sends_for(principal, &referral.sender) {
        steps.push(Step::Revoke);
    }
    let is_final =
        matches!(referral.state(), ReferralState::Enrolled | ReferralState::RegisteredInError);
    if works && !is_final {
        steps.push(Step::RegisterInError);
    }
    steps
}

fn is_open(state: ReferralState) -> bool {
    match state {
        ReferralState::Sent
        | ReferralState::Received
        | ReferralState::Called
        | ReferralState::Talked
        | ReferralState::Reconsidering
        | ReferralState::Accepted => true,
        ReferralState::Unspecified
        | ReferralState::NotEligible
        | ReferralState::Declined
        | ReferralState::Revoked
        | ReferralState::Enrolled
        | ReferralState::RegisteredInError => false,
    }
}

fn sends_for(principal: &Principal, sender: &str) -> bool {
    let party = Slug::parse("party", id_of(sender)).ok();
    party.is_some_and(|party| principal.holds(Role::ReferringOfficer, &Scope::Party(party)))
}

#[cfg(test)]
mod tests {
    use platform::testing::caller;

    use super::*;

    fn referral(state: ReferralState, participant: &str) -> Referral {
        Referral {
            state: state.into(),
            sender: "federations/f/parties/agency".to_owned(),
            participant: participant.to_owned(),
            ..Referral::default()
        }
    }

    #[test]
    fn a_sender_takes_back_and_the_team_does_the_rest() {
        let scope = Scope::parse("", "party/agency").unwrap();
        let sender = caller("f", "a", &[(Role::ReferringOfficer, scope)]);
        let scope = Scope::parse("", "party/sala/team/norra").unwrap();
        let team = caller("f", "b", &[(Role::Coordinator, scope)]);
        let (sent, accepted) = (ReferralState::Sent, ReferralState::Accepted);
        assert_eq!(offer(&sender, &referral(sent, "")), [Step::Revoke]);
        assert_eq!(offer(&sender, &referral(ReferralState::Declined, "")), []);
        assert_eq!(offer(&team, &referral(sent, "p")), [Step::Receive, Step::RegisterInError]);
        assert_eq!(offer(&team, &referral(accepted, "p")), [Step::RegisterInError]);
        assert_eq!(offer(&team, &referral(ReferralState::Enrolled, "p")), []);
    }
}
