//! A decision of the board, as everything that rests on one names it.

use chrono::NaiveDate;

/// A decision of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardDecision {
    /// The registry number (diarienummer).
    pub dnr: String,
    /// The day of the decision.
    pub decision_date: NaiveDate,
    /// The body that decided.
    pub deciding_body: String,
}

/// A decision as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardDecisionParts {
    /// The registry number.
    pub dnr: Option<String>,
    /// The day of the decision.
    pub decision_date: Option<NaiveDate>,
    /// The body that decided.
    pub deciding_body: Option<String>,
}

/// The day of a decision that the board cannot have taken yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InFuture(pub NaiveDate);

impl BoardDecisionParts {
    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<BoardDecision> {
        Some(BoardDecision {
            dnr: self.dnr?,
            decision_date: self.decision_date?,
            deciding_body: self.deciding_body?,
        })
    }

    /// What is wrong with it on the day it is recorded.
    #[must_use]
    pub fn fault(&self, today: NaiveDate) -> Option<InFuture> {
        self.decision_date.filter(|day| *day > today).map(InFuture)
    }
}
