//! The figures of a report as they are shown, each with where it comes from.
//!
//! Architecture invariant: a figure that is hidden is shown as hidden, and one that is
//! not there has no row; neither is 0.

use proto::reporting::{FigureCell, FigureSource, ReportingStatus, SubjectFigures};

use super::names::Names;
use crate::{
    text::{self, Language},
    web::{format, half_year_report::figures::TOTAL, requisition::StateView},
};

/// Where a figure comes from: a sign beside it, and what the sign means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceView {
    /// The sign.
    pub(super) sign: String,
    /// Its meaning.
    pub(super) text: String,
}

/// Every source, in the order they are explained.
const SOURCES: [FigureSource; 5] = [
    FigureSource::Reported,
    FigureSource::Derived,
    FigureSource::Stated,
    FigureSource::Finance,
    FigureSource::Sum,
];

impl SourceView {
    /// A source with its meaning.
    pub(super) fn of(language: Language, source: FigureSource) -> Self {
        let (sign_id, text_id) = match source {
            FigureSource::Unspecified | FigureSource::Stated => {
                ("source-stated-sign", "source-stated")
            }
            FigureSource::Reported => ("source-reported-sign", "source-reported"),
            FigureSource::Derived => ("source-derived-sign", "source-derived"),
            FigureSource::Finance => ("source-finance-sign", "source-finance"),
            FigureSource::Sum => ("source-sum-sign", "source-sum"),
        };
        let t = |id: &str| text::message(language, id, &[]);
        Self { sign: t(sign_id), text: t(text_id) }
    }

    /// All of them, to explain the signs.
    pub(super) fn all(language: Language) -> Vec<Self> {
        SOURCES.into_iter().map(|source| Self::of(language, source)).collect()
    }
}

/// The figures of somebody.
#[derive(Debug, Clone)]
pub(super) struct FiguresView {
    /// What they are called.
    pub(super) display_name: String,
    /// Whether a team has reported; nothing where nobody is to.
    pub(super) status: Option<StateView>,
    /// The figures.
    pub(super) rows: Vec<RowView>,
}

/// A figure.
#[derive(Debug, Clone)]
pub(super) struct RowView {
    /// What it counts.
    pub(super) text: String,
    /// It is a part of the row above.
    pub(super) is_part: bool,
    /// The figure; what stands for it when it is hidden.
    pub(super) value: String,
    /// It is too small to be shown.
    pub(super) is_hidden: bool,
    /// Where it comes from.
    pub(super) source: SourceView,
    /// What a sum covers; may be empty.
    pub(super) note: String,
}

impl FiguresView {
    /// Makes the figures of somebody ready to be shown. Those of finance stand in the
    /// table of the money.
    pub(super) fn of(language: Language, names: &Names, figures: &SubjectFigures) -> Self {
        let mut rows = Vec::new();
        let mut total_of = "";
        for cell in figures.cells.iter().filter(|cell| cell.source() != FigureSource::Finance) {
            if cell.category == TOTAL {
                total_of = &cell.figure;
            }
            let is_part = cell.category != TOTAL && cell.figure == total_of;
            rows.push(row(language, names, cell, is_part));
        }
        Self {
            display_name: figures.display_name.clone(),
            status: status(language, figures.status()),
            rows,
        }
    }
}

fn row(language: Language, names: &Names, cell: &FigureCell, is_part: bool) -> RowView {
    let text = if is_part {
        names.category(&cell.figure, &cell.category).to_owned()
    } else {
        names.cell(&cell.figure, &cell.category)
    };
    RowView {
        text,
        is_part,
        value: shown(language, cell),
        is_hidden: cell.hidden,
        source: SourceView::of(language, cell.source()),
        note: note(language, cell),
    }
}

/// A figure as people read it.
pub(super) fn shown(language: Language, cell: &FigureCell) -> String {
    if cell.hidden { text::message(language, "figure-hidden", &[]) } else { number(&cell.value) }
}

/// A number, `6.5`, as Swedish offices write it; a date stays as it is.
fn number(value: &str) -> String {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let Ok(read) = whole.parse::<i64>() else {
        return value.to_owned();
    };
    // −0,5 has a whole part without a sign.
    let sign = if read == 0 && whole.starts_with('-') { "\u{2212}" } else { "" };
    let point = if decimals.is_empty() { "" } else { "," };
    format!("{sign}{}{point}{decimals}", format::whole(read))
}

/// How many teams a sum covers, and of which parts it is made when they differ in kind.
fn note(language: Language, cell: &FigureCell) -> String {
    let FigureCell { teams_covered, team_count, reported_part, derived_part, .. } = cell;
    if *team_count == 0 {
        return String::new();
    }
    let (covered, teams) = (teams_covered.to_string(), team_count.to_string());
    let facts = [("covered", covered.as_str()), ("teams", teams.as_str())];
    let mut note = text::message(language, "figure-coverage", &facts);
    if !reported_part.is_empty() && !derived_part.is_empty() {
        let (reported, derived) = (number(reported_part), number(derived_part));
        let facts = [("reported", reported.as_str()), ("derived", derived.as_str())];
        note.push(' ');
        note.push_str(&text::message(language, "figure-mixed", &facts));
    }
    note
}

fn status(language: Language, status: ReportingStatus) -> Option<StateView> {
    let (id, color) = match status {
        ReportingStatus::Unspecified => return None,
        ReportingStatus::Reported => ("report-status-reported", "success"),
        ReportingStatus::NotReported => ("report-status-not-reported", "neutral"),
        ReportingStatus::Overdue => ("report-status-overdue", "warning"),
    };
    Some(StateView { text: text::message(language, id, &[]), color })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_offices_do_and_dates_stay() {
        for (value, text) in [
            ("13841", "13\u{a0}841"),
            ("6.50", "6,50"),
            ("-0.5", "\u{2212}0,5"),
            ("-12", "\u{2212}12"),
            ("2024-10-01", "2024-10-01"),
            ("2024-10", "2024-10"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn what_is_hidden_is_neither_a_number_nor_nothing() {
        let cell = FigureCell { hidden: true, ..FigureCell::default() };
        assert_eq!(shown(Language::Swedish, &cell), "dold");
    }

    #[test]
    fn a_sum_of_both_kinds_says_so() {
        let cell = FigureCell {
            teams_covered: 2,
            team_count: 3,
            reported_part: "30".to_owned(),
            derived_part: "12".to_owned(),
            ..FigureCell::default()
        };
        let note = note(Language::Swedish, &cell);
        for part in ["2 av 3", "30", "12"] {
            assert!(note.contains(part), "{note}");
        }
    }
}
