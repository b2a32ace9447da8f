//! Compiled figures and chapters, as they are sent.

use proto::reporting as pb;

use super::finding::offset;
use crate::domain::{
    check,
    compiled::{Cells, Content, Covered, Source, Sourced},
    definition::{Cell, Definitions},
    narrative::{Mark, MarkKind},
    quantity::Quantity,
    template::Template,
};

/// The cells of a subject, in the order they are shown.
pub(in crate::rpc) fn cells(
    definitions: &Definitions,
    template: &Template,
    cells: &Cells,
) -> Vec<pb::FigureCell> {
    let mut ordered: Vec<(&Cell, &Sourced)> = cells.iter().collect();
    ordered.sort_by_key(|(cell, _)| template.position(definitions, cell));
    ordered.into_iter().map(|(cell, sourced)| figure_cell(cell, sourced)).collect()
}

fn figure_cell(cell: &Cell, sourced: &Sourced) -> pb::FigureCell {
    let Sourced { content, source } = sourced;
    let (source, covered) = match source {
        Source::Reported => (pb::FigureSource::Reported, None),
        Source::Derived => (pb::FigureSource::Derived, None),
        Source::Stated => (pb::FigureSource::Stated, None),
        Source::Finance => (pb::FigureSource::Finance, None),
        Source::Sum(covered) => (pb::FigureSource::Sum, Some(*covered)),
    };
    let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let part = |part: Option<Quantity>| part.map(Quantity::plain).unwrap_or_default();
    let (teams_covered, team_count, reported_part, derived_part) = match covered {
        Some(Covered { covered, teams, reported, derived }) => {
            (count(covered), count(teams), part(reported), part(derived))
        }
        None => (0, 0, String::new(), String::new()),
    };
    let (value, hidden) = match content {
        Content::Known(value) => (value.plain(), false),
        Content::Hidden => (String::new(), true),
    };
    pb::FigureCell {
        figure: cell.figure.clone(),
        category: cell.category.clone(),
        value,
        source: source.into(),
        hidden,
        teams_covered,
        team_count,
        reported_part,
        derived_part,
    }
}

/// What the references of a chapter show, in order.
pub(in crate::rpc) fn references(
    report: &check::Report,
    chapter: &check::Chapter,
) -> Vec<pb::ShownReference> {
    let reference = |mark: &Mark| match &mark.kind {
        MarkKind::Bound { measure, claims: _ } => Some(pb::ShownReference {
            start: offset(mark.span.start),
            end: offset(mark.span.end),
            reference: measure.to_string(),
            value: check::value(report, chapter, measure).unwrap_or_default(),
        }),
        MarkKind::Quotation { .. } | MarkKind::NoStatistic { .. } | MarkKind::Unreadable { .. } => {
            None
        }
    };
    chapter.narrative.marks.iter().filter_map(reference).collect()
}

/// A chapter's text as it is published.
pub(in crate::rpc) fn shown_text(report: &check::Report, chapter: &check::Chapter) -> String {
    chapter.narrative.shown(|measure| check::value(report, chapter, measure))
}
