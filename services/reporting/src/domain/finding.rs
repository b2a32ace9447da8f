//! Findings: what does not add up, what a text says against its figures, and
//! what a report lacks. Each is of one named check, and tells the cells and
//! places concerned, the facts, and what would resolve it.
//!
//! A finding is no refusal: a report with open findings is taken in, and each
//! is resolved or explained.

mod key;
mod parts;
mod text;
mod told;

use std::ops::Range;

use chrono::NaiveDate;

pub use parts::{PartsDiffer, find, of_whole};
pub use text::{CheckText, CheckTexts, LoadError};

use crate::domain::definition::Cell;
use crate::domain::figures::Value;
use crate::domain::narrative::Measure;
use crate::domain::quantity::Quantity;

/// The checks, by name. Their texts are in `definitions/checks.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// Parts sum to their whole, and teams to the federation.
    PartsAndWhole,
    /// A figure that is stated twice is the same.
    StatedTwice,
    /// A share is its part of its base, rounded half up.
    ShareAndRounding,
    /// Age bands cover each age once, under one name.
    AgeBands,
    /// What was there, came and went is what is left.
    Flow,
    /// What is planned follows from staff, norm and time.
    PlanAndTime,
    /// What a text says of a figure is true.
    TextAgainstFigure,
    /// Every number of a text is bound, or marked as none.
    UnboundNumber,
    /// Every reference leads to a figure, and every mark has its reason.
    Reference,
    /// No text says a count that is too small to be published, or that would tell one.
    SmallCount,
    /// The goals are those of the plan's version.
    Goals,
    /// A figure does not jump from one period to the next.
    Change,
    /// Every chapter is there.
    Chapters,
}

/// Something to resolve or to explain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whose chapter or figures it is in; none for the whole report.
    pub subject: Option<String>,
    /// The cells and the places of the text that it concerns.
    pub concerned: Vec<Place>,
    /// What is the matter.
    pub fact: Fact,
    /// What would resolve it, one or the other.
    pub remedies: Vec<Remedy>,
}

/// Something that a finding points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A cell.
    Cell {
        /// Whose.
        subject: String,
        /// Which.
        cell: Cell,
    },
    /// A part of a chapter's text.
    Text {
        /// Whose chapter; none for the report's own.
        subject: Option<String>,
        /// Which section.
        section: String,
        /// Where in the Markdown, in bytes.
        span: Range<usize>,
    },
    /// A whole section.
    Section {
        /// Whose; none for the report's own.
        subject: Option<String>,
        /// Which.
        section: String,
    },
}

/// What is the matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Parts do not sum to their whole.
    PartsDiffer(PartsDiffer),
    /// The teams do not sum to the federation.
    TeamsDiffer {
        /// What the teams sum to.
        sum: Quantity,
        /// What the federation states.
        stated: Quantity,
    },
    /// One figure is stated as two numbers or two dates.
    StatedTwice {
        /// The one.
        first: Value,
        /// The other.
        second: Value,
    },
    /// A share is not what it is stated as.
    ShareDiffers {
        /// As stated.
        stated: Quantity,
        /// As it is, with the decimals it is stated with.
        right: Quantity,
        /// As it is, with one decimal more.
        closer: Quantity,
    },
    /// An age is in two bands.
    BandsOverlap {
        /// What the bands are called.
        labels: [String; 2],
        /// The first such age.
        age: u8,
    },
    /// An age between two bands is in none.
    BandsGap {
        /// What the bands are called.
        labels: [String; 2],
        /// The first such age.
        age: u8,
    },
    /// A nested band is in no other, or holds more than that.
    BandNotNested {
        /// What it is called.
        label: String,
    },
    /// One band goes by two names that mean different ages.
    BandNamedTwice {
        /// The names.
        labels: [String; 2],
    },
    /// A band's name does not tell its ages.
    BandUnreadable {
        /// The name.
        label: String,
    },
    /// What was there, came and went is not what is left.
    FlowDiffers {
        /// What is stated to be left.
        closing: Quantity,
        /// What it comes to.
        right: Quantity,
    },
    /// A planned intake does not follow from staff, norm and time.
    PlannedIntakeDiffers {
        /// As stated.
        stated: Quantity,
        /// What it comes to from the latest start that is meant.
        least: Quantity,
        /// What it comes to from the earliest.
        most: Quantity,
        /// The start that the number would fit.
        fitting_start: Option<NaiveDate>,
    },
    /// A number of the text is not the figure's.
    NumberDiffers {
        /// What the text says.
        said: String,
        /// What it is bound to.
        measure: Measure,
        /// What it would be.
        right: Option<Quantity>,
    },
    /// A date of the text is not the one it is bound to.
    DateDiffers {
        /// What the text says.
        said: String,
        /// What it is bound to.
        measure: Measure,
    },
    /// A word of the text is not true of the figure.
    WordDiffers {
        /// What the text says.
        said: String,
        /// The word's code.
        word: String,
        /// What it is bound to.
        measure: Measure,
        /// The share, change or plan in thousandths, or the figure itself.
        measured: Option<Quantity>,
    },
    /// A number is neither bound nor marked.
    NumberUnbound {
        /// What the text says.
        said: String,
    },
    /// A reference cannot be read.
    ReferenceUnreadable {
        /// The part that cannot be.
        part: String,
    },
    /// A reference comes to nothing.
    FigureMissing {
        /// The reference.
        measure: Measure,
        /// Why.
        lack: Lack,
    },
    /// What is bound says nothing that can be checked.
    NothingSaid {
        /// What the text says.
        said: String,
    },
    /// A quotation, or a number that is no statistic, has no reason.
    ReasonMissing {
        /// What the text says.
        said: String,
    },
    /// The text says something of a count that is not published. Which count it
    /// is, and how many, is not told.
    SmallCountSaid {
        /// What the text says; empty where the figure is shown.
        said: String,
        /// What it is bound to; none for a number that happens to be the same.
        measure: Option<Measure>,
    },
    /// The goals are not those of the plan.
    GoalsDeviate {
        /// The version that the report is bound to.
        version: String,
        /// The plan has such a version.
        is_known: bool,
        /// Goals of the plan that the report lacks.
        missing: Vec<String>,
        /// Goals of the report that the plan lacks.
        added: Vec<String>,
    },
    /// A figure has changed more than it is wont to.
    ChangeOutOfLine {
        /// The period before.
        before: Quantity,
        /// Now.
        now: Quantity,
    },
    /// A chapter is not there, or is blank.
    ChapterMissing,
}

/// What a reference that comes to nothing lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The figure that it names is not stated.
    Figure,
    /// The base of the share is 0.
    Base,
    /// The figure of the period before, which may be hidden.
    Before,
    /// What was planned.
    Plan,
}

/// Something that would resolve a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// To state this in a cell.
    State {
        /// Whose cell.
        subject: String,
        /// Which.
        cell: Cell,
        /// What.
        value: Value,
    },
    /// To write this number.
    Write(Quantity),
    /// To use one of these words, by code.
    Say(Vec<String>),
    /// To bind the number to this.
    Bind(Measure),
}

impl Check {
    /// All of them, in the order findings are told in.
    pub const ALL: [Self; 13] = [
        Self::PartsAndWhole,
        Self::StatedTwice,
        Self::ShareAndRounding,
        Self::AgeBands,
        Self::Flow,
        Self::PlanAndTime,
        Self::TextAgainstFigure,
        Self::UnboundNumber,
        Self::Reference,
        Self::SmallCount,
        Self::Goals,
        Self::Change,
        Self::Chapters,
    ];

    /// Its code, which never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PartsAndWhole => "parts_and_whole",
            Self::StatedTwice => "stated_twice",
            Self::ShareAndRounding => "share_and_rounding",
            Self::AgeBands => "age_bands",
            Self::Flow => "flow",
            Self::PlanAndTime => "plan_and_time",
            Self::TextAgainstFigure => "text_against_figure",
            Self::UnboundNumber => "unbound_number",
            Self::Reference => "reference",
            Self::SmallCount => "small_count",
            Self::Goals => "goals",
            Self::Change => "change",
            Self::Chapters => "chapters",
        }
    }
}

impl Finding {
    /// True when it is the other finding, found again after an edit that may
    /// have moved it in its text: what explains the one explains the other.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let is_in_same_place = |(one, other): (&Place, &Place)| match (one, other) {
            (
                Place::Text { subject, section, span: _ },
                Place::Text { subject: other_subject, section: other_section, span: _ },
            ) => subject == other_subject && section == other_section,
            (Place::Text { .. } | Place::Cell { .. } | Place::Section { .. }, other) => {
                one == other
            }
        };
        let (mine, others) = (&self.concerned, &other.concerned);
        self.subject == other.subject
            && self.fact == other.fact
            && mine.len() == others.len()
            && mine.iter().zip(others).all(is_in_same_place)
    }

    /// True when it is in a text: its first place is.
    #[must_use]
    pub fn is_of_text(&self) -> bool {
        match self.concerned.first() {
            Some(Place::Text { .. }) => true,
            Some(Place::Cell { .. } | Place::Section { .. }) | None => false,
        }
    }

    /// The check it is of.
    #[must_use]
    pub fn check(&self) -> Check {
        match &self.fact {
            Fact::PartsDiffer(_) | Fact::TeamsDiffer { .. } => Check::PartsAndWhole,
            Fact::StatedTwice { .. } => Check::StatedTwice,
            Fact::ShareDiffers { .. } => Check::ShareAndRounding,
            Fact::BandsOverlap { .. }
            | Fact::BandsGap { .. }
            | Fact::BandNotNested { .. }
            | Fact::BandNamedTwice { .. }
            | Fact::BandUnreadable { .. } => Check::AgeBands,
            Fact::FlowDiffers { .. } => Check::Flow,
            Fact::PlannedIntakeDiffers { .. } => Check::PlanAndTime,
            Fact::NumberDiffers { .. } | Fact::DateDiffers { .. } | Fact::WordDiffers { .. } => {
                Check::TextAgainstFigure
            }
            Fact::NumberUnbound { .. } => Check::UnboundNumber,
            Fact::ReferenceUnreadable { .. }
            | Fact::FigureMissing { .. }
            | Fact::NothingSaid { .. }
            | Fact::ReasonMissing { .. } => Check::Reference,
            Fact::SmallCountSaid { .. } => Check::SmallCount,
            Fact::GoalsDeviate { .. } => Check::Goals,
            Fact::ChangeOutOfLine { .. } => Check::Change,
            Fact::ChapterMissing => Check::Chapters,
        }
    }
}
