//! What a reference in a text refers to, as it stands in the link:
//! `figure:participants.woman`, `share:participants.woman/participants`,
//! `change:queue`, `plan:new_participants`, `date:start_of_intake`.
//!
//! A cell is a figure and a category with a point between; a figure alone is
//! its total. `@` names another team, area or federation than the chapter's,
//! and `+` adds cells.

use std::fmt;

use crate::domain::definition::{Cell, TOTAL};

/// What a reference refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// A figure, or several added.
    Figure(Vec<CellAt>),
    /// A share in percent.
    Share {
        /// What is divided.
        part: Vec<CellAt>,
        /// What it is divided by.
        base: Vec<CellAt>,
    },
    /// The change since the period before.
    Change(Vec<CellAt>),
    /// The figure against what was planned.
    Plan(Vec<CellAt>),
    /// A date.
    Date(CellAt),
}

/// A cell of somebody's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellAt {
    /// Whose; none for whom the chapter is about.
    pub subject: Option<String>,
    /// The cell.
    pub cell: Cell,
}

impl Measure {
    /// Reads a link's destination. `None` when it is not one of ours: an
    /// ordinary link.
    ///
    /// # Errors
    /// The part that cannot be read.
    #[must_use]
    pub fn parse(destination: &str) -> Option<Result<Self, String>> {
        let (kind, rest) = destination.split_once(':')?;
        let measure = match kind {
            "figure" => cells(rest).map(Self::Figure),
            "change" => cells(rest).map(Self::Change),
            "plan" => cells(rest).map(Self::Plan),
            "date" => CellAt::parse(rest).map(Self::Date).ok_or_else(|| rest.to_owned()),
            "share" => share(rest),
            _ => return None,
        };
        Some(measure)
    }

    /// Every cell it refers to.
    pub fn cells(&self) -> impl Iterator<Item = &CellAt> {
        let (first, second) = match self {
            Self::Figure(cells) | Self::Change(cells) | Self::Plan(cells) => {
                (cells.as_slice(), [].as_slice())
            }
            Self::Share { part, base } => (part.as_slice(), base.as_slice()),
            Self::Date(cell) => (std::slice::from_ref(cell), [].as_slice()),
        };
        first.iter().chain(second)
    }
}

fn share(text: &str) -> Result<Measure, String> {
    let (part, base) = text.split_once('/').ok_or_else(|| text.to_owned())?;
    Ok(Measure::Share { part: cells(part)?, base: cells(base)? })
}

fn cells(text: &str) -> Result<Vec<CellAt>, String> {
    let cell = |part: &str| CellAt::parse(part).ok_or_else(|| part.to_owned());
    text.split('+').map(cell).collect()
}

/// Reads `participants.woman`, or `participants` for the total.
#[must_use]
pub fn parse_cell(text: &str) -> Option<Cell> {
    let (figure, category) = text.split_once('.').unwrap_or((text, TOTAL));
    let is_code = |part: &str| {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        !part.is_empty() && part.bytes().all(is_plain)
    };
    (is_code(figure) && is_code(category)).then(|| Cell::new(figure, category))
}

impl CellAt {
    /// A cell of whom the chapter is about.
    #[must_use]
    pub fn here(cell: Cell) -> Self {
        Self { subject: None, cell }
    }

    fn parse(text: &str) -> Option<Self> {
        let (cell, subject) = match text.split_once('@') {
            Some((_, "")) => return None,
            Some((cell, subject)) => (cell, Some(subject.to_owned())),
            None => (text, None),
        };
        Some(Self { subject, cell: parse_cell(cell)? })
    }
}

impl fmt::Display for CellAt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cell { figure, category } = &self.cell;
        formatter.write_str(figure)?;
        if category != TOTAL {
            write!(formatter, ".{category}")?;
        }
        match &self.subject {
            Some(subject) => write!(formatter, "@{subject}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |cells: &[CellAt]| {
            let cells: Vec<String> = cells.iter().map(CellAt::to_string).collect();
            cells.join("+")
        };
        match self {
            Self::Figure(cells) => write!(formatter, "figure:{}", sum(cells)),
            Self::Share { part, base } => write!(formatter, "share:{}/{}", sum(part), sum(base)),
            Self::Change(cells) => write!(formatter, "change:{}", sum(cells)),
            Self::Plan(cells) => write!(formatter, "plan:{}", sum(cells)),
            Self::Date(cell) => write!(formatter, "date:{cell}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_reference_reads_back() {
        for text in [
            "figure:participants",
            "figure:participants.woman",
            "figure:participants.woman@sala+participants.man@sala",
            "share:enrolled.to_30_man/enrolled.to_30_woman+enrolled.to_30_man",
            "change:queue@federation",
            "plan:new_participants",
            "date:start_of_intake",
        ] {
            assert_eq!(Measure::parse(text).unwrap().unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_ordinary_link_is_none_of_ours_and_a_reference_that_is_not_whole_is_told() {
        for text in ["", "figures.html", "https://example.se/figure:x", "mailto:a@example.se"] {
            assert_eq!(Measure::parse(text), None, "{text}");
        }
        for (text, unreadable) in [
            ("figure:", ""),
            ("figure:Participants", "Participants"),
            ("figure:participants@", "participants@"),
            ("share:participants", "participants"),
            ("share:participants/", ""),
            ("figure:participants+.woman", ".woman"),
            ("date:a.b.c", "a.b.c"),
        ] {
            assert_eq!(Measure::parse(text), Some(Err(unreadable.to_owned())), "{text}");
        }
    }
}
