//! A team's figures by the definitions: what is shown in its chapter, and the
//! fields of the form that reports them.
//!
//! Architecture invariant: what was not reported has no number here, not 0.

use proto::reporting::{
    FigureDefinition, Finding, PartitionDefinition, ReportedCount, ReportedFigures,
};

use crate::{
    text::{self, Language},
    web::format,
};

/// The category a figure's own count is reported under.
pub(crate) const TOTAL: &str = "total";

/// One figure of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FigureView {
    /// Its code.
    pub code: String,
    /// What it counts.
    pub text: String,
    /// How many; `None` when not reported.
    pub total: Option<String>,
    /// How it divides, as far as reported.
    pub partitions: Vec<PartitionView>,
}

/// One division of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartitionView {
    /// Its heading.
    pub text: String,
    /// The categories reported: heading, and how many.
    pub categories: Vec<(String, String)>,
    /// The headings of those that are not reported.
    pub not_reported: Vec<String>,
    /// What does not add up.
    pub finding: Option<FindingView>,
}

/// A partition whose parts do not sum to its total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FindingView {
    /// The id of its place on the page.
    pub id: String,
    /// What does not add up, and by how much.
    pub text: String,
}

/// The figures a team has reported anything of.
#[must_use]
pub(crate) fn reported(
    language: Language,
    definitions: &[FigureDefinition],
    team_id: &str,
    figures: &ReportedFigures,
) -> Vec<FigureView> {
    definitions
        .iter()
        .map(|definition| figure(language, definition, team_id, figures))
        .filter(|figure| figure.total.is_some() || !figure.partitions.is_empty())
        .collect()
}

/// The texts of the figures a team has reported nothing of.
#[must_use]
pub(crate) fn not_reported(
    language: Language,
    definitions: &[FigureDefinition],
    shown: &[FigureView],
) -> Vec<String> {
    definitions
        .iter()
        .filter(|definition| !shown.iter().any(|figure| figure.code == definition.figure))
        .map(|definition| figure_text(language, definition).to_owned())
        .collect()
}

/// What a figure counts, in words.
#[must_use]
pub(crate) fn figure_text(language: Language, definition: &FigureDefinition) -> &str {
    match language {
        Language::Swedish => &definition.text_sv,
        Language::English => &definition.text_en,
    }
}

/// A partition's heading.
#[must_use]
pub(crate) fn partition_text(language: Language, partition: &PartitionDefinition) -> &str {
    match language {
        Language::Swedish => &partition.text_sv,
        Language::English => &partition.text_en,
    }
}

/// The headings of a partition's categories, with their codes.
pub(crate) fn categories(
    language: Language,
    partition: &PartitionDefinition,
) -> impl Iterator<Item = (&str, &str)> {
    partition.categories.iter().map(move |category| {
        let text = match language {
            Language::Swedish => &category.text_sv,
            Language::English => &category.text_en,
        };
        (category.category.as_str(), text.as_str())
    })
}

/// A reported count; `None` when not reported.
#[must_use]
pub(crate) fn count(counts: &[ReportedCount], figure: &str, category: &str) -> Option<i64> {
    let found = counts.iter().find(|count| count.figure == figure && count.category == category);
    found.map(|count| count.count)
}

/// What is found about a partition.
#[must_use]
pub(crate) fn finding(
    language: Language,
    findings: &[Finding],
    team_id: &str,
    partition: &PartitionDefinition,
) -> Option<FindingView> {
    let found = findings.iter().find(|finding| finding.partition == partition.partition)?;
    let (parts, total) = (format::whole(found.parts_sum), format::whole(found.total));
    let difference = format::signed(found.difference);
    let facts =
        [("parts", parts.as_str()), ("total", total.as_str()), ("difference", difference.as_str())];
    Some(FindingView {
        id: format!("finding-{team_id}-{}", partition.partition),
        text: text::message(language, "finding", &facts),
    })
}

fn figure(
    language: Language,
    definition: &FigureDefinition,
    team_id: &str,
    figures: &ReportedFigures,
) -> FigureView {
    let partitions = definition.partitions.iter();
    FigureView {
        code: definition.figure.clone(),
        text: figure_text(language, definition).to_owned(),
        total: count(&figures.counts, &definition.figure, TOTAL).map(format::whole),
        partitions: partitions
            .filter_map(|definition| partition(language, definition, team_id, figures))
            .collect(),
    }
}

/// A division with what was reported of it; `None` when nothing was.
fn partition(
    language: Language,
    definition: &PartitionDefinition,
    team_id: &str,
    figures: &ReportedFigures,
) -> Option<PartitionView> {
    let mut reported = Vec::new();
    let mut not_reported = Vec::new();
    for (code, heading) in categories(language, definition) {
        match count(&figures.counts, &definition.reported_as, code) {
            Some(count) => reported.push((heading.to_owned(), format::whole(count))),
            None => not_reported.push(heading.to_owned()),
        }
    }
    (!reported.is_empty()).then(|| PartitionView {
        text: partition_text(language, definition).to_owned(),
        categories: reported,
        not_reported,
        finding: finding(language, &figures.findings, team_id, definition),
    })
}

#[cfg(test)]
mod tests {
    use proto::reporting::CategoryDefinition;

    use super::*;

    fn definitions() -> Vec<FigureDefinition> {
        let category = |code: &str| CategoryDefinition {
            category: code.to_owned(),
            text_sv: code.to_owned(),
            text_en: code.to_owned(),
        };
        let partition =
            |code: &str, reported_as: &str, categories: [&str; 2]| PartitionDefinition {
                partition: code.to_owned(),
                reported_as: reported_as.to_owned(),
                text_sv: code.to_owned(),
                text_en: code.to_owned(),
                categories: categories.into_iter().map(category).collect(),
            };
        let figure = |code: &str, partitions| FigureDefinition {
            figure: code.to_owned(),
            text_sv: code.to_owned(),
            text_en: code.to_owned(),
            partitions,
        };
        vec![
            figure(
                "participants",
                vec![
                    partition("participants_by_sex", "participants", ["woman", "man"]),
                    partition(
                        "participants_by_age",
                        "participants_by_age",
                        ["under_30", "over_30"],
                    ),
                ],
            ),
            figure("queue", vec![]),
        ]
    }

    fn counted(figure: &str, category: &str, count: i64) -> ReportedCount {
        ReportedCount { figure: figure.to_owned(), category: category.to_owned(), count }
    }

    #[test]
    fn what_was_not_reported_has_no_number() {
        let figures = ReportedFigures {
            counts: vec![counted("participants", "total", 30), counted("participants", "woman", 0)],
            ..ReportedFigures::default()
        };
        let shown = reported(Language::Swedish, &definitions(), "sala", &figures);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].partitions.len(), 1, "age is not reported at all");
        let sexes = &shown[0].partitions[0];
        assert_eq!(sexes.categories, [("woman".to_owned(), "0".to_owned())]);
        assert_eq!(sexes.not_reported, ["man"]);
        assert_eq!(not_reported(Language::Swedish, &definitions(), &shown), ["queue"]);
    }

    #[test]
    fn a_finding_stands_at_its_partition() {
        let found = Finding {
            partition: "participants_by_age".to_owned(),
            parts_sum: 29,
            total: 30,
            difference: -1,
            ..Finding::default()
        };
        let figures = ReportedFigures {
            counts: vec![
                counted("participants", "total", 30),
                counted("participants_by_age", "under_30", 29),
            ],
            findings: vec![found],
            ..ReportedFigures::default()
        };
        let shown = reported(Language::Swedish, &definitions(), "sala", &figures);
        let finding = shown[0].partitions[0].finding.as_ref().unwrap();
        assert_eq!(finding.id, "finding-sala-participants_by_age");
        for part in ["29", "30", "\u{2212}1"] {
            assert!(finding.text.contains(part), "{}", finding.text);
        }
    }
}
