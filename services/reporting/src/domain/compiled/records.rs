//! What the records have of a team, for a report's period and for the one before.

use std::collections::BTreeMap;

use super::Content;
use crate::domain::definition::Cell;
use crate::domain::figures::Value;
use crate::domain::quantity::Quantity;
use crate::domain::reported_figures::Counts;

/// What the records have of a team for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Records {
    /// It has not reported, and keeps nobody here.
    Missing,
    /// What it reported.
    Reported(Counts),
    /// What is counted from its participants' records, protected.
    Derived(BTreeMap<Cell, Content>),
}

impl Records {
    /// True when it is counted that nobody at all was there.
    #[must_use]
    pub fn counts_nobody(&self) -> bool {
        let nobody = Content::Known(Value::Number(Quantity::count(0)));
        match self {
            Self::Missing | Self::Reported(_) => false,
            Self::Derived(counts) => counts.values().all(|content| *content == nobody),
        }
    }
}

/// What the records have of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRecords {
    /// For the report's period.
    pub now: Records,
    /// For the period before.
    pub before: Records,
}
