//! Why a document is not typeset.

use std::fmt;

/// Why a document is not typeset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// What is wrong with the document: all of it.
    #[error("the document cannot be typeset: {}", joined(.0))]
    Faults(Vec<Fault>),
    /// What the typesetter says against it.
    #[error("the typesetter refuses the document: {}", .0.join("; "))]
    Refused(Vec<String>),
}

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, with the path that leads to it: `blocks[3].alternative`.
    pub at: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with a part of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Something has to stand there.
    #[error("is empty")]
    Empty,
    /// A chart is a picture, and not everybody sees it.
    #[error("is missing: a chart needs a text for those who do not see it")]
    AlternativeMissing,
    /// A heading deeper than the next level.
    #[error("has level {level}, where {deepest} is the deepest that may follow")]
    LevelSkipped {
        /// The heading's.
        level: u8,
        /// The deepest that may stand there.
        deepest: u8,
    },
    /// A row or a series that does not fit its table or chart.
    #[error("has {there} where {wanted} belong")]
    Count {
        /// How many there are.
        there: usize,
        /// How many there should be.
        wanted: usize,
    },
    /// More series than can be told apart.
    #[error("has {there}, and at most {most} can be told apart")]
    TooMany {
        /// How many there are.
        there: usize,
        /// How many there may be.
        most: usize,
    },
    /// A value that nothing can be drawn for.
    #[error("is not a finite number")]
    NotFinite,
    /// An address that no reader should follow from a document.
    #[error("leads nowhere that a document may lead: https, http or mailto")]
    Address,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { at, problem } = self;
        write!(formatter, "{at} {problem}")
    }
}

fn joined(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
