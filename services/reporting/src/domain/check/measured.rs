//! What a reference comes to, and whether what a text says of it is true.

use values::Period;

use super::Report;
use crate::domain::figures::Value;
use crate::domain::language::Language;
use crate::domain::narrative::{CellAt, Measure, Number, Stated, Unit};
use crate::domain::quantity::{Quantity, Ratio};
use crate::domain::vocabulary::{Kind, Word};

/// The largest whole of a fraction that is a way of speaking, *three in four*, and so is
/// true of what is near it.
const LARGEST_SPOKEN: i64 = 10;

/// The largest whole of one that is a reduced fraction of what is counted, *5 av 20*, and so
/// is true of what is just that; a greater one is a count.
const LARGEST_REDUCED: i64 = 20;

/// What a reference comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// A figure.
    Figure(Ratio),
    /// A part of a base that is not 0.
    Share {
        /// The part.
        part: Ratio,
        /// The base.
        base: Ratio,
    },
    /// A figure now and the period before.
    Change {
        /// Now.
        now: Ratio,
        /// Before.
        before: Ratio,
    },
    /// A figure and its plan.
    Plan {
        /// The figure.
        now: Ratio,
        /// What was planned.
        planned: Ratio,
    },
    /// A date.
    Date(Period),
}

impl Measured {
    /// What a chapter's reference comes to. `None` when a cell of it is not
    /// stated, or a share's base is 0.
    #[must_use]
    pub fn of(report: &Report, here: Option<&str>, measure: &Measure) -> Option<Self> {
        let sum = |cells: &[CellAt], which: fn(&super::Subject) -> &super::Figures| {
            let number = |cell: &CellAt| {
                let (_, subject) = report.subject(here, cell)?;
                which(subject).number(&cell.cell)
            };
            cells.iter().map(number).collect::<Option<Vec<_>>>().map(Ratio::sum)
        };
        let now = |cells: &[CellAt]| sum(cells, |subject| &subject.figures);
        match measure {
            Measure::Figure(cells) => now(cells).map(Self::Figure),
            Measure::Share { part, base } => {
                let base = now(base).filter(|base| !base.is_zero())?;
                Some(Self::Share { part: now(part)?, base })
            }
            Measure::Change(cells) => {
                let before = sum(cells, |subject| &subject.before)?;
                Some(Self::Change { now: now(cells)?, before })
            }
            Measure::Plan(cells) => {
                let planned = sum(cells, |subject| &subject.planned)?;
                Some(Self::Plan { now: now(cells)?, planned })
            }
            Measure::Date(cell) => {
                let (_, subject) = report.subject(here, cell)?;
                match subject.figures.get(&cell.cell)? {
                    Value::Date(date) => Some(Self::Date(date)),
                    Value::Number(_) => None,
                }
            }
        }
    }

    /// Whether a word is true of it; `None` when it says nothing of it.
    #[must_use]
    pub fn is(&self, word: &Word) -> Option<bool> {
        let (kind, number, base) = match *self {
            Self::Figure(number) => (Kind::Figure, number, Ratio::whole(1)),
            Self::Share { part, base } => (Kind::Share, part, base),
            Self::Change { now, before } => (Kind::Change, now, before),
            Self::Plan { now, planned } => (Kind::Plan, now, planned),
            Self::Date(_) => return None,
        };
        word.measures.contains(&kind).then(|| word.condition.holds(number, base))
    }

    /// Whether a number states it, its unit aside.
    #[must_use]
    pub fn agrees(&self, number: &Number) -> bool {
        match number.value {
            Stated::Exact(stated) => {
                let Some(value) = self.counted_in(number.unit) else { return false };
                match number.approximation {
                    Some(condition) => condition.holds(value, stated.ratio()),
                    None => value.rounds_to(stated),
                }
            }
            Stated::Fraction { part, whole } | Stated::OutOf { part, whole } => {
                self.is_fraction(number, part, whole)
            }
            Stated::Word(_) | Stated::Unreadable => false,
        }
    }

    fn is_fraction(&self, number: &Number, part: i64, whole: i64) -> bool {
        let Some((value, base)) = self.parts() else { return false };
        if base == Ratio::whole(whole) || whole > LARGEST_REDUCED {
            return base == Ratio::whole(whole) && value == Ratio::whole(part);
        }
        let fraction = Ratio::whole(part).over(Ratio::whole(whole));
        let (Some(value), Some(fraction)) = (value.over(base), fraction) else { return false };
        match number.approximation {
            Some(condition) => condition.holds(value, fraction),
            None if whole > LARGEST_SPOKEN => value == fraction,
            None => value.minus(fraction).distance().times(20) <= Ratio::whole(1),
        }
    }

    /// The number that would state it, with so many decimals.
    #[must_use]
    pub fn number(&self, unit: Unit, decimals: u32) -> Option<Quantity> {
        self.counted_in(unit)?.rounded(decimals)
    }

    /// What it is in words of numbers: the figure itself; a share, a change or
    /// a plan in percent with a decimal.
    #[must_use]
    pub fn measure_of_word(&self) -> Option<Quantity> {
        match self {
            Self::Figure(number) => number.stated(),
            Self::Share { .. } | Self::Change { .. } | Self::Plan { .. } => {
                let (value, base) = self.parts()?;
                value.times(100).over(base)?.rounded(1)
            }
            Self::Date(_) => None,
        }
    }

    /// What stands in a text for it: a change with its sign, shares and plans
    /// in whole percent.
    #[must_use]
    pub fn shown(&self, language: Language) -> Option<String> {
        match self {
            Self::Figure(number) => number.stated().map(|number| number.shown(language)),
            Self::Change { now, before } => {
                let change = now.minus(*before);
                let sign = if change > Ratio::whole(0) { "+" } else { "" };
                change.stated().map(|change| format!("{sign}{}", change.shown(language)))
            }
            Self::Share { .. } | Self::Plan { .. } => {
                let percent = self.number(Unit::Percent, 0)?.shown(language);
                Some(match language {
                    Language::Swedish => format!("{percent}\u{a0}%"),
                    Language::English => format!("{percent}%"),
                })
            }
            Self::Date(date) if date.first_day() == date.last_day() => {
                Some(date.first_day().to_string())
            }
            Self::Date(date) => Some(date.first_day().format("%Y-%m").to_string()),
        }
    }

    /// A change is counted by its size: the words beside the number tell which
    /// way.
    pub(super) fn counted_in(&self, unit: Unit) -> Option<Ratio> {
        match (*self, unit) {
            (Self::Figure(number), Unit::None | Unit::Percent) => Some(number),
            (Self::Share { part, base }, Unit::None | Unit::Percent) => part.times(100).over(base),
            (Self::Change { now, before }, Unit::None) => Some(now.minus(before).distance()),
            (Self::Change { now, before }, Unit::Percent) => {
                now.minus(before).distance().times(100).over(before)
            }
            (Self::Plan { now, planned }, Unit::None) => Some(now.minus(planned).distance()),
            (Self::Plan { now, planned }, Unit::Percent) => now.times(100).over(planned),
            (Self::Date(_), Unit::None | Unit::Percent) => None,
        }
    }

    fn parts(&self) -> Option<(Ratio, Ratio)> {
        match *self {
            Self::Share { part, base } => Some((part, base)),
            Self::Change { now, before } => Some((now.minus(before).distance(), before)),
            Self::Plan { now, planned } => Some((now, planned)),
            Self::Figure(_) | Self::Date(_) => None,
        }
    }
}
