//! Tables of counts, as readers get them.

use std::collections::BTreeSet;

use values::Period;

use crate::domain::{banding::Banding, fact::Measure, table_layout::Dimension};

/// A dimension with its banding at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandedCut {
    /// The dimension.
    pub dimension: Dimension,
    /// The banding; none for parts as they are.
    pub banding: Option<Banding>,
}

impl BandedCut {
    /// The key of a part: an age in digits, a code's name, a resource's name.
    pub(crate) fn key_of<'a>(&'a self, part: &'a str) -> &'a str {
        self.banding.as_ref().map_or(part, |banding| banding.of_part(part))
    }
}

/// A layout with its bandings at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What is counted.
    pub measures: Vec<Measure>,
    /// By what.
    pub cuts: Vec<BandedCut>,
}

/// A table that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The layout.
    pub layout: Layout,
    /// The days.
    pub period: Period,
    /// As known at this sequence of the journal.
    pub sequence: i64,
}

/// Where a number stands in a table. A cell has a key for each cut; the total of a key
/// has that key alone; the grand total has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// One for each cut; none where all keys are summed.
    pub keys: Vec<Option<String>>,
    /// What is counted.
    pub measure: Measure,
}

impl Place {
    /// The places that a cell adds to: itself, the total of each of its keys where
    /// there are several, and the grand total.
    pub(crate) fn all_of(keys: &[&str], measure: Measure) -> BTreeSet<Place> {
        let own = |key: &&str| Some((*key).to_owned());
        let mut places = BTreeSet::from([
            Place { keys: keys.iter().map(own).collect(), measure },
            Place { keys: vec![None; keys.len()], measure },
        ]);
        for (cut, key) in keys.iter().enumerate() {
            let mut alone = vec![None; keys.len()];
            alone[cut] = own(key);
            places.insert(Place { keys: alone, measure });
        }
        places
    }

    /// True for what sums others of the table.
    pub(super) fn is_total(&self) -> bool {
        self.keys.iter().any(Option::is_none)
    }
}

/// A table that has left the parties: what was hidden in it is enough, because the
/// counts are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The table.
    pub table: Table,
    /// What was hidden.
    pub hidden: BTreeSet<Place>,
}

/// A table that can be told.
pub type ProtectedTable = disclosure::ledger::Protected<Place>;
