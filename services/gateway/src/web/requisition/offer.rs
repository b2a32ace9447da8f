//! Which steps a page offers for a requisition. The rules themselves stand in
//! finance; a button less spares the person a refusal.

use proto::finance::RequisitionState;

/// A step that a person can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Sends it in.
    Submit,
    /// Gives the first approval.
    Review,
    /// Gives the second approval.
    Approve,
    /// Notes the payment.
    Pay,
    /// Sends it back for completion.
    Return,
    /// Refuses it for good.
    Reject,
    /// Takes it back.
    Withdraw,
}

impl Step {
    const ALL: [Step; 7] = [
        Step::Submit,
        Step::Review,
        Step::Approve,
        Step::Pay,
        Step::Return,
        Step::Reject,
        Step::Withdraw,
    ];

    /// The value of its button.
    #[must_use]
    pub(crate) fn code(self) -> &'static str {
        match self {
            Step::Submit => "submit",
            Step::Review => "review",
            Step::Approve => "approve",
            Step::Pay => "pay",
            Step::Return => "return",
            Step::Reject => "reject",
            Step::Withdraw => "withdraw",
        }
    }

    /// The step of a button's value.
    #[must_use]
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Step::ALL.into_iter().find(|step| step.code() == code)
    }

    /// The id of its button's text.
    #[must_use]
    pub(crate) fn button_text_id(self) -> &'static str {
        match self {
            Step::Submit => "step-submit",
            Step::Review => "step-review",
            Step::Approve => "step-approve",
            Step::Pay => "step-pay",
            Step::Return => "step-return",
            Step::Reject => "step-reject",
            Step::Withdraw => "step-withdraw",
        }
    }

    /// How its button looks: the way forward stands out.
    #[must_use]
    pub(crate) fn button_variant(self) -> &'static str {
        match self {
            Step::Submit | Step::Review | Step::Approve | Step::Pay => "primary",
            Step::Return | Step::Reject | Step::Withdraw => "secondary",
        }
    }

    /// The colour of its button.
    #[must_use]
    pub(crate) fn button_color(self) -> &'static str {
        match self {
            Step::Reject => "danger",
            Step::Submit
            | Step::Review
            | Step::Approve
            | Step::Pay
            | Step::Return
            | Step::Withdraw => "accent",
        }
    }
}

/// The id of the text that says what a requisition waits for, and from whom.
#[must_use]
pub(crate) fn waits_text_id(
    state: RequisitionState,
    is_correction: bool,
    year_is_closed: bool,
) -> &'static str {
    match state {
        RequisitionState::Draft | RequisitionState::Returned if year_is_closed => {
            "requisition-waits-year-closed"
        }
        RequisitionState::Approved if is_correction => "requisition-waits-approved-correction",
        RequisitionState::Unspecified => "requisition-state-unknown",
        RequisitionState::Draft => "requisition-waits-draft",
        RequisitionState::Submitted => "requisition-waits-submitted",
        RequisitionState::Returned => "requisition-waits-returned",
        RequisitionState::Reviewed => "requisition-waits-reviewed",
        RequisitionState::Approved => "requisition-waits-approved",
        RequisitionState::Paid => "requisition-waits-paid",
        RequisitionState::Rejected => "requisition-waits-rejected",
        RequisitionState::Withdrawn => "requisition-waits-withdrawn",
    }
}

/// How a person stands to a requisition, and what else decides about its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Requisitions money for the party that claims.
    pub is_for_party: bool,
    /// Approves requisitions.
    pub is_approver: bool,
    /// Submitted it.
    pub has_submitted: bool,
    /// Gave the first approval since it was submitted.
    pub has_reviewed: bool,
    /// The year of its costs is closed: nothing more is booked in it.
    pub year_is_closed: bool,
    /// It is the correction of another.
    pub is_correction: bool,
}

/// What a page offers, and why it does not offer more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The steps, the way forward first.
    pub steps: Vec<Step>,
    /// The id of a text about the four eyes, when they are in the way.
    pub note_id: Option<&'static str>,
    /// The id of the comment's description.
    pub comment_help_id: &'static str,
    /// Its content and its files may be changed.
    pub may_change: bool,
    /// It may be corrected.
    pub may_correct: bool,
    /// What was paid may be claimed back.
    pub may_recover: bool,
}

impl Offer {
    /// True when there is something to do or to be told.
    #[must_use]
    pub(crate) fn has_something(&self) -> bool {
        let may_write = self.may_change || self.may_correct || self.may_recover;
        may_write || !self.steps.is_empty() || self.note_id.is_some()
    }
}

/// The steps to offer.
#[must_use]
pub(crate) fn offer(state: RequisitionState, standing: Standing) -> Offer {
    let (steps, four_eyes) = steps(state, standing);
    let Standing { is_for_party, is_approver, year_is_closed, is_correction, .. } = standing;
    let needs_comment = steps.iter().any(|step| matches!(step, Step::Return | Step::Reject));
    let comment_help_id =
        if needs_comment { "step-comment-help-approver" } else { "step-comment-help" };
    let is_open = matches!(state, RequisitionState::Draft | RequisitionState::Returned);
    let stands = matches!(state, RequisitionState::Approved | RequisitionState::Paid);
    let is_correctable = is_for_party && stands && !is_correction;
    let too_late = (is_correctable && year_is_closed).then_some("requisition-correct-year-closed");
    Offer {
        steps,
        note_id: four_eyes.or(too_late),
        comment_help_id,
        may_change: is_for_party && is_open && !year_is_closed,
        may_correct: is_correctable && !year_is_closed,
        may_recover: is_approver && state == RequisitionState::Paid && !is_correction,
    }
}

/// The steps, and the id of a text about the four eyes when they are in the way.
fn steps(state: RequisitionState, standing: Standing) -> (Vec<Step>, Option<&'static str>) {
    let Standing { is_for_party, is_approver, has_submitted, has_reviewed, .. } = standing;
    let mut steps = Vec::new();
    let mut note_id = None;
    let mut approve = |step: Step, steps: &mut Vec<Step>| {
        if has_submitted {
            note_id = Some("four-eyes-submitted");
        } else if step == Step::Approve && has_reviewed {
            note_id = Some("four-eyes-reviewed");
        } else {
            steps.push(step);
        }
    };
    match state {
        RequisitionState::Draft | RequisitionState::Returned => {
            if is_for_party && !standing.year_is_closed {
                steps.push(Step::Submit);
            }
            if is_for_party {
                steps.push(Step::Withdraw);
            }
        }
        RequisitionState::Submitted => {
            if is_approver {
                approve(Step::Review, &mut steps);
                steps.extend([Step::Return, Step::Reject]);
            }
            if is_for_party {
                steps.push(Step::Withdraw);
            }
        }
        RequisitionState::Reviewed => {
            if is_approver {
                approve(Step::Approve, &mut steps);
                steps.extend([Step::Return, Step::Reject]);
            }
        }
        RequisitionState::Approved => {
            if is_approver {
                steps.push(Step::Pay);
            }
        }
        RequisitionState::Unspecified
        | RequisitionState::Paid
        | RequisitionState::Rejected
        | RequisitionState::Withdrawn => {}
    }
    (steps, note_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Standing = Standing {
        is_for_party: false,
        is_approver: false,
        has_submitted: false,
        has_reviewed: false,
        year_is_closed: false,
        is_correction: false,
    };
    const PARTY: Standing = Standing { is_for_party: true, ..NOBODY };
    const APPROVER: Standing = Standing { is_approver: true, ..NOBODY };

    #[test]
    fn each_side_is_offered_its_own_steps() {
        use RequisitionState as State;
        for (state, party, approver) in [
            (State::Draft, vec![Step::Submit, Step::Withdraw], vec![]),
            (State::Returned, vec![Step::Submit, Step::Withdraw], vec![]),
            (
                State::Submitted,
                vec![Step::Withdraw],
                vec![Step::Review, Step::Return, Step::Reject],
            ),
            (State::Reviewed, vec![], vec![Step::Approve, Step::Return, Step::Reject]),
            (State::Approved, vec![], vec![Step::Pay]),
            (State::Paid, vec![], vec![]),
            (State::Rejected, vec![], vec![]),
            (State::Withdrawn, vec![], vec![]),
        ] {
            assert_eq!(offer(state, PARTY).steps, party, "{state:?}");
            assert_eq!(offer(state, APPROVER).steps, approver, "{state:?}");
            assert!(offer(state, NOBODY).steps.is_empty(), "{state:?}");
        }
    }

    #[test]
    fn the_party_writes_and_corrects_and_the_office_recovers() {
        use RequisitionState as State;
        for (state, changes, corrects, recovers) in [
            (State::Draft, true, false, false),
            (State::Submitted, false, false, false),
            (State::Returned, true, false, false),
            (State::Approved, false, true, false),
            (State::Paid, false, true, true),
            (State::Rejected, false, false, false),
        ] {
            let (party, approver) = (offer(state, PARTY), offer(state, APPROVER));
            assert_eq!((party.may_change, party.may_correct), (changes, corrects), "{state:?}");
            assert!(!party.may_recover && !approver.may_change && !approver.may_correct);
            assert_eq!(approver.may_recover, recovers, "{state:?}");
        }
    }

    #[test]
    fn in_a_closed_year_nothing_is_offered_that_would_be_booked_in_it() {
        use RequisitionState as State;
        let late = Standing { year_is_closed: true, ..PARTY };
        for state in [State::Draft, State::Returned] {
            let offered = offer(state, late);
            assert_eq!((offered.steps, offered.may_change), (vec![Step::Withdraw], false));
            assert_eq!(waits_text_id(state, false, true), "requisition-waits-year-closed");
        }
        for state in [State::Approved, State::Paid] {
            let offered = offer(state, late);
            assert_eq!(offered.note_id, Some("requisition-correct-year-closed"), "{state:?}");
            assert!(!offered.may_correct, "{state:?}");
            let correction = offer(state, Standing { is_correction: true, ..late });
            assert_eq!((correction.note_id, correction.may_correct), (None, false), "{state:?}");
        }
        // What was approved is paid in the year after, and claimed back in it.
        let office = Standing { year_is_closed: true, ..APPROVER };
        assert_eq!(offer(State::Approved, office).steps, [Step::Pay]);
        assert!(offer(State::Paid, office).may_recover);
    }

    #[test]
    fn four_eyes_are_explained_instead_of_offering_what_would_be_refused() {
        let reviewed =
            offer(RequisitionState::Reviewed, Standing { has_reviewed: true, ..APPROVER });
        assert_eq!(reviewed.note_id, Some("four-eyes-reviewed"));
        assert_eq!(reviewed.steps, [Step::Return, Step::Reject]);
        let own = offer(RequisitionState::Submitted, Standing { has_submitted: true, ..APPROVER });
        assert_eq!(own.note_id, Some("four-eyes-submitted"));
    }

    #[test]
    fn a_comment_is_asked_for_where_a_step_needs_one() {
        use RequisitionState as State;
        let help = |state, standing| offer(state, standing).comment_help_id;
        assert_eq!(help(State::Submitted, APPROVER), "step-comment-help-approver");
        assert_eq!(help(State::Submitted, PARTY), "step-comment-help");
        assert_eq!(help(State::Approved, APPROVER), "step-comment-help");
    }

    #[test]
    fn buttons_read_back() {
        for step in Step::ALL {
            assert_eq!(Step::from_code(step.code()), Some(step));
        }
        assert_eq!(Step::from_code("post"), None);
    }
}
