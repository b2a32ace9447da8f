//! Where a recovery stands, and what that means for the money.

/// Where a recovery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nothing is posted.
    Proposed,
    /// The party owes it.
    Decided,
    /// Paid back.
    Settled,
    /// Given up before it was decided.
    Cancelled,
}

impl State {
    /// Every state.
    pub const ALL: &'static [State] =
        &[State::Proposed, State::Decided, State::Settled, State::Cancelled];

    /// The code it is stored and told as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Decided => "decided",
            State::Settled => "settled",
            State::Cancelled => "cancelled",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<State> {
        State::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// True once the party owes it, or has paid it back.
    #[must_use]
    pub const fn has_posted(self) -> bool {
        match self {
            State::Decided | State::Settled => true,
            State::Proposed | State::Cancelled => false,
        }
    }

    /// True while it counts against what can be corrected or recovered.
    #[must_use]
    pub const fn is_live(self) -> bool {
        match self {
            State::Proposed | State::Decided | State::Settled => true,
            State::Cancelled => false,
        }
    }
}
