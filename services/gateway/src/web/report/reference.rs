//! References of a text to figures: which figure a reference begins with, and the
//! references there are for somebody to copy.

use proto::reporting::{FigureCell, FigureSource, SubjectFigures};

use super::{
    figures::{SourceView, shown},
    names::Names,
};
use crate::{
    text::{self, Language},
    web::{half_year_report::figures::TOTAL, reads::id_of},
};

/// A figure that a text can be bound to.
#[derive(Debug, Clone)]
pub(super) struct ReferenceView {
    /// What it counts.
    pub(super) text: String,
    /// The figure.
    pub(super) value: String,
    /// What binds a text to it.
    pub(super) figure: String,
    /// What binds a text to its share of the total; empty for a total.
    pub(super) share: String,
}

/// The figures of somebody, with what binds a text to them.
pub(super) fn all(
    language: Language,
    names: &Names,
    figures: &SubjectFigures,
) -> Vec<ReferenceView> {
    let has_total = |figure: &str| {
        figures.cells.iter().any(|cell| cell.figure == figure && cell.category == TOTAL)
    };
    let reference = |cell: &FigureCell| {
        let code = code(cell);
        let is_date = cell.value.contains('-') && !cell.value.starts_with('-');
        let kind = if is_date { "date" } else { "figure" };
        let is_part = cell.category != TOTAL && has_total(&cell.figure);
        ReferenceView {
            text: names.cell(&cell.figure, &cell.category),
            value: shown(language, cell),
            figure: format!("[]({kind}:{code})"),
            share: if is_part {
                format!("[](share:{code}/{})", cell.figure)
            } else {
                String::new()
            },
        }
    };
    figures.cells.iter().map(reference).collect()
}

/// A cell as a reference names it: `participants.woman`.
fn code(cell: &FigureCell) -> String {
    if cell.category == TOTAL {
        cell.figure.clone()
    } else {
        format!("{}.{}", cell.figure, cell.category)
    }
}

/// The figures of a report, asked for by what a text refers to.
pub(super) struct Cells<'a> {
    /// The reader's language.
    pub(super) language: Language,
    /// Everybody's figures.
    pub(super) figures: &'a [SubjectFigures],
    /// Whom the chapter is about, as the last part of a resource name; empty for the
    /// whole.
    pub(super) subject: &'a str,
}

impl Cells<'_> {
    /// The cell that a reference begins with.
    fn first(&self, reference: &str) -> Option<&FigureCell> {
        let (_, cells) = reference.split_once(':')?;
        let first = cells.split(['/', '+']).next()?;
        let (cell, subject) = first.split_once('@').unwrap_or((first, self.subject));
        let of_whole = |one: &&SubjectFigures| {
            if subject.is_empty() { one.whole } else { id_of(&one.subject) == subject }
        };
        let figures = self.figures.iter().find(of_whole).or_else(|| {
            // A report on one has no whole.
            let [only] = self.figures else { return None };
            Some(only)
        })?;
        figures.cells.iter().find(|one| code(one) == cell)
    }

    /// Where what a reference shows comes from.
    pub(super) fn source(&self, reference: &str) -> Option<SourceView> {
        let source = self.first(reference)?.source();
        (source != FigureSource::Unspecified).then(|| SourceView::of(self.language, source))
    }

    /// What a reference shows, by the value that was answered for it.
    pub(super) fn value(&self, reference: &str, value: &str) -> String {
        let is_hidden = || self.first(reference).is_some_and(|cell| cell.hidden);
        let text_id = match value {
            "" if is_hidden() => "figure-hidden",
            "" => "figure-missing",
            _ => return value.to_owned(),
        };
        text::message(self.language, text_id, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(subject: &str, whole: bool, source: FigureSource) -> SubjectFigures {
        let cell = |category: &str, hidden| FigureCell {
            figure: "exits".to_owned(),
            category: category.to_owned(),
            source: source.into(),
            hidden,
            ..FigureCell::default()
        };
        SubjectFigures {
            subject: subject.to_owned(),
            whole,
            cells: vec![cell(TOTAL, false), cell("work", true)],
            ..SubjectFigures::default()
        }
    }

    #[test]
    fn a_reference_is_about_the_chapters_subject_unless_it_names_another() {
        let all = [
            figures("federations/f", true, FigureSource::Sum),
            figures("federations/f/teams/sala", false, FigureSource::Reported),
        ];
        let sign = |subject: &str, reference: &str| {
            let cells = Cells { language: Language::Swedish, figures: &all, subject };
            cells.source(reference).map(|source| source.sign)
        };
        assert_eq!(sign("", "figure:exits").as_deref(), Some("Σ"));
        assert_eq!(sign("sala", "share:exits.work/exits").as_deref(), Some("R"));
        assert_eq!(sign("", "figure:exits@sala+exits").as_deref(), Some("R"));
        assert_eq!(sign("sala", "figure:queue"), None);
        let cells = Cells { language: Language::Swedish, figures: &all, subject: "sala" };
        assert_eq!(cells.value("figure:exits.work", ""), "dold");
        assert_eq!(cells.value("figure:queue", ""), "saknas");
        assert_eq!(cells.value("figure:exits", "12"), "12");
    }
}
