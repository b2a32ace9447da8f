//! Where a requisition stands, the steps it can take from there, and what each
//! step does to the money.

/// What a step does to the money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// The amount is reserved.
    Reserve,
    /// What was reserved is released.
    Release,
    /// What was reserved is requisitioned.
    Post,
    /// What is requisitioned is paid.
    Pay,
}

/// Where a requisition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Being written.
    Draft,
    /// Sent in.
    Submitted,
    /// Sent back for completion.
    Returned,
    /// Approved once.
    Reviewed,
    /// Approved twice.
    Approved,
    /// Paid.
    Paid,
    /// Refused for good.
    Rejected,
    /// Taken back by the party.
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: &'static [State] = &[
        State::Draft,
        State::Submitted,
        State::Returned,
        State::Reviewed,
        State::Approved,
        State::Paid,
        State::Rejected,
        State::Withdrawn,
    ];

    /// The code it is stored and told as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Submitted => "submitted",
            State::Returned => "returned",
            State::Reviewed => "reviewed",
            State::Approved => "approved",
            State::Paid => "paid",
            State::Rejected => "rejected",
            State::Withdrawn => "withdrawn",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// True while the amount is reserved.
    #[must_use]
    pub const fn reserves(self) -> bool {
        match self {
            State::Submitted | State::Reviewed => true,
            State::Draft
            | State::Returned
            | State::Approved
            | State::Paid
            | State::Rejected
            | State::Withdrawn => false,
        }
    }

    /// True once the amount is requisitioned.
    #[must_use]
    pub const fn has_posted(self) -> bool {
        match self {
            State::Approved | State::Paid => true,
            State::Draft
            | State::Submitted
            | State::Returned
            | State::Reviewed
            | State::Rejected
            | State::Withdrawn => false,
        }
    }

    /// True while nobody else may claim the same cost: the amount is reserved
    /// or requisitioned.
    #[must_use]
    pub const fn is_live(self) -> bool {
        self.reserves() || self.has_posted()
    }
}

/// What can be done with a requisition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The party sends it in.
    Submit,
    /// The office sends it back for completion.
    Return,
    /// The office approves it the first time (sakattest).
    Review,
    /// The office approves it the second time (beslutsattest).
    Approve,
    /// The office refuses it for good.
    Reject,
    /// The party takes it back.
    Withdraw,
    /// The office has paid it.
    Pay,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Action] = &[
        Action::Submit,
        Action::Return,
        Action::Review,
        Action::Approve,
        Action::Reject,
        Action::Withdraw,
        Action::Pay,
    ];

    /// The code it is told as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Action::Submit => "submit",
            Action::Return => "return",
            Action::Review => "review",
            Action::Approve => "approve",
            Action::Reject => "reject",
            Action::Withdraw => "withdraw",
            Action::Pay => "pay",
        }
    }

    /// True when it needs a comment.
    #[must_use]
    pub const fn needs_comment(self) -> bool {
        match self {
            Action::Return | Action::Reject => true,
            Action::Submit | Action::Review | Action::Approve | Action::Withdraw | Action::Pay => {
                false
            }
        }
    }

    /// True when the party takes it, false when the federation's office does.
    #[must_use]
    pub const fn is_the_partys(self) -> bool {
        match self {
            Action::Submit | Action::Withdraw => true,
            Action::Return | Action::Review | Action::Approve | Action::Reject | Action::Pay => {
                false
            }
        }
    }

    /// True when the state lets it happen.
    #[must_use]
    pub const fn is_allowed_in(self, state: State) -> bool {
        match self {
            Action::Submit => matches!(state, State::Draft | State::Returned),
            Action::Return | Action::Reject => matches!(state, State::Submitted | State::Reviewed),
            Action::Review => matches!(state, State::Submitted),
            Action::Approve => matches!(state, State::Reviewed),
            Action::Withdraw => {
                matches!(state, State::Draft | State::Submitted | State::Returned)
            }
            Action::Pay => matches!(state, State::Approved),
        }
    }

    /// The state it leads to.
    #[must_use]
    pub const fn leads_to(self) -> State {
        match self {
            Action::Submit => State::Submitted,
            Action::Return => State::Returned,
            Action::Review => State::Reviewed,
            Action::Approve => State::Approved,
            Action::Reject => State::Rejected,
            Action::Withdraw => State::Withdrawn,
            Action::Pay => State::Paid,
        }
    }

    /// What it does to the ledger when it is taken from a state.
    #[must_use]
    pub const fn movement(self, from: State) -> Option<Movement> {
        let to = self.leads_to();
        if to.reserves() && !from.reserves() {
            Some(Movement::Reserve)
        } else if to.has_posted() && !from.has_posted() {
            Some(Movement::Post)
        } else if from.reserves() && !to.is_live() {
            Some(Movement::Release)
        } else if matches!(self, Action::Pay) {
            Some(Movement::Pay)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state_is_as_the_rules_have_it() {
        use Movement::{Pay, Post, Release, Reserve};
        use State::{Approved, Draft, Rejected, Returned, Reviewed, Submitted, Withdrawn};
        let table = [
            (Action::Submit, Draft, Submitted, Some(Reserve)),
            (Action::Submit, Returned, Submitted, Some(Reserve)),
            (Action::Return, Submitted, Returned, Some(Release)),
            (Action::Return, Reviewed, Returned, Some(Release)),
            (Action::Review, Submitted, Reviewed, None),
            (Action::Approve, Reviewed, Approved, Some(Post)),
            (Action::Reject, Submitted, Rejected, Some(Release)),
            (Action::Reject, Reviewed, Rejected, Some(Release)),
            (Action::Withdraw, Draft, Withdrawn, None),
            (Action::Withdraw, Submitted, Withdrawn, Some(Release)),
            (Action::Withdraw, Returned, Withdrawn, None),
            (Action::Pay, Approved, State::Paid, Some(Pay)),
        ];
        for action in Action::ALL {
            for from in State::ALL {
                let expected =
                    table.iter().find(|(step, state, _, _)| step == action && state == from);
                assert_eq!(action.is_allowed_in(*from), expected.is_some(), "{action:?} {from:?}");
                if let Some((_, _, to, movement)) = expected {
                    assert_eq!(action.leads_to(), *to);
                    assert_eq!(action.movement(*from), *movement, "{action:?} {from:?}");
                }
            }
        }
    }

    #[test]
    fn only_a_reserved_or_posted_amount_is_live() {
        let live: Vec<_> = State::ALL.iter().filter(|state| state.is_live()).collect();
        assert_eq!(live, [&State::Submitted, &State::Reviewed, &State::Approved, &State::Paid]);
    }

    #[test]
    fn states_read_back_from_their_codes() {
        for state in State::ALL {
            assert_eq!(State::from_code(state.code()), Some(*state));
        }
    }
}
