//! The fields of the form that reports a team's figures, made from the
//! definitions: one for each total and each category.
//!
//! Architecture invariant: an empty field is a count that is not reported. It
//! is left out of the message and never becomes 0.

use std::collections::HashMap;

use proto::reporting::{FigureDefinition, Finding, ReportedCount, ReportedFigures};

use crate::{
    text::{self, Language},
    web::{
        form::{FormErrors, Place, Posted},
        format,
        half_year_report::figures::{self, FindingView, TOTAL},
    },
};

/// What is typed, by figure and category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FiguresForm(HashMap<(String, String), String>);

/// The fields of one figure.
#[derive(Debug, Clone)]
pub(crate) struct FigureFields {
    /// What it counts.
    pub text: String,
    /// The field of its total.
    pub total: CountField,
    /// The fields of its divisions.
    pub partitions: Vec<PartitionFields>,
}

/// The fields of one division.
#[derive(Debug, Clone)]
pub(crate) struct PartitionFields {
    /// The id of the group.
    pub id: String,
    /// Its heading.
    pub text: String,
    /// Its categories.
    pub categories: Vec<CountField>,
    /// What does not add up in what was sent in.
    pub finding: Option<FindingView>,
}

/// One field.
#[derive(Debug, Clone)]
pub(crate) struct CountField {
    /// Its id and name.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// What is typed.
    pub typed: String,
    /// What is wrong with it.
    pub error: String,
}

impl FiguresForm {
    /// The form with what was sent in before; empty when nothing was.
    #[must_use]
    pub(crate) fn sent(figures: Option<&ReportedFigures>) -> Self {
        let counts = figures.map(|figures| figures.counts.as_slice()).unwrap_or_default();
        let typed = |count: &ReportedCount| {
            ((count.figure.clone(), count.category.clone()), count.count.to_string())
        };
        Self(counts.iter().map(typed).collect())
    }

    /// The form as it was posted.
    #[must_use]
    pub(crate) fn posted(definitions: &[FigureDefinition], posted: &Posted) -> Self {
        let typed = |(figure, category): (String, String)| {
            let typed = posted.get(&field_id(&figure, &category)).trim().to_owned();
            ((figure, category), typed)
        };
        Self(keys(definitions).into_iter().map(typed).collect())
    }

    /// The counts it stands for, in the order of the definitions. What cannot
    /// be read is noted in `errors` and stands as 0, for the check of the rest
    /// only.
    #[must_use]
    pub(crate) fn read(
        &self,
        language: Language,
        definitions: &[FigureDefinition],
        errors: &mut FormErrors,
    ) -> Vec<ReportedCount> {
        let mut counts = Vec::new();
        for (figure, category) in keys(definitions) {
            let typed = self.typed(&figure, &category);
            if typed.is_empty() {
                continue;
            }
            let count = format::parse_whole(typed);
            if count.is_none() {
                let said = text::reason(language, "NUMBER_NOT_WHOLE", &[("value", typed)]);
                errors.add(field_place(language, definitions, &figure, &category), said);
            }
            counts.push(ReportedCount { figure, category, count: count.unwrap_or(0) });
        }
        counts
    }

    /// The fields with what is typed, and what is wrong or does not add up.
    #[must_use]
    pub(crate) fn fields(
        &self,
        language: Language,
        definitions: &[FigureDefinition],
        team_id: &str,
        findings: &[Finding],
        errors: &FormErrors,
    ) -> Vec<FigureFields> {
        let field = |figure: &str, category: &str, label: String| {
            let id = field_id(figure, category);
            let error = errors.of(&id).to_owned();
            CountField { label, typed: self.typed(figure, category).to_owned(), error, id }
        };
        let of_figure = |definition: &FigureDefinition| FigureFields {
            text: figures::figure_text(language, definition).to_owned(),
            total: field(&definition.figure, TOTAL, text::message(language, "figures-total", &[])),
            partitions: definition
                .partitions
                .iter()
                .map(|partition| PartitionFields {
                    id: format!("partition-{}", partition.partition),
                    text: figures::partition_text(language, partition).to_owned(),
                    categories: figures::categories(language, partition)
                        .map(|(code, label)| field(&partition.reported_as, code, label.to_owned()))
                        .collect(),
                    finding: figures::finding(language, findings, team_id, partition),
                })
                .collect(),
        };
        definitions.iter().map(of_figure).collect()
    }

    fn typed(&self, figure: &str, category: &str) -> &str {
        let key = (figure.to_owned(), category.to_owned());
        self.0.get(&key).map_or("", String::as_str)
    }
}

/// The ids of the form's fields, in the order they stand on the page.
#[must_use]
pub(crate) fn field_ids(definitions: &[FigureDefinition]) -> Vec<String> {
    keys(definitions).iter().map(|(figure, category)| field_id(figure, category)).collect()
}

/// The field of the form that a field of the message came from.
#[must_use]
pub(crate) fn place(
    language: Language,
    definitions: &[FigureDefinition],
    counts: &[ReportedCount],
    field: &str,
) -> Option<Place> {
    let (_, rest) = field.split_once("counts[")?;
    let (position, _) = rest.split_once(']')?;
    let count = counts.get(position.parse::<usize>().ok()?)?;
    Some(field_place(language, definitions, &count.figure, &count.category))
}

/// Every figure and category there is a field for, each once.
fn keys(definitions: &[FigureDefinition]) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for definition in definitions {
        keys.push((definition.figure.clone(), TOTAL.to_owned()));
        for partition in &definition.partitions {
            for category in &partition.categories {
                keys.push((partition.reported_as.clone(), category.category.clone()));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys
}

fn field_id(figure: &str, category: &str) -> String {
    format!("{figure}-{category}")
}

fn field_place(
    language: Language,
    definitions: &[FigureDefinition],
    figure: &str,
    category: &str,
) -> Place {
    let partitions = definitions.iter().flat_map(|definition| &definition.partitions);
    let as_category = partitions
        .filter(|partition| partition.reported_as == figure)
        .flat_map(|partition| {
            let heading = figures::partition_text(language, partition);
            figures::categories(language, partition)
                .map(move |(code, text)| (code, format!("{heading}, {text}")))
        })
        .find(|(code, _)| *code == category)
        .map(|(_, label)| label);
    let as_total = || {
        let definition = definitions.iter().find(|definition| definition.figure == figure)?;
        let heading = figures::figure_text(language, definition);
        Some(format!("{heading}, {}", text::message(language, "figures-total", &[])))
    };
    let label = as_category.or_else(as_total).unwrap_or_else(|| figure.to_owned());
    Place { id: field_id(figure, category), label }
}

#[cfg(test)]
mod tests {
    use proto::reporting::{CategoryDefinition, PartitionDefinition};

    use super::*;

    fn definitions() -> Vec<FigureDefinition> {
        let category = |code: &str, text: &str| CategoryDefinition {
            category: code.to_owned(),
            text_sv: text.to_owned(),
            text_en: text.to_owned(),
        };
        vec![FigureDefinition {
            figure: "participants".to_owned(),
            text_sv: "Deltagare".to_owned(),
            text_en: "Participants".to_owned(),
            partitions: vec![PartitionDefinition {
                partition: "participants_by_age".to_owned(),
                reported_as: "participants_by_age".to_owned(),
                text_sv: "Deltagare efter ålder".to_owned(),
                text_en: "Participants by age".to_owned(),
                categories: vec![
                    category("under_30", "Under 30"),
                    category("over_30", "30 och över"),
                ],
            }],
        }]
    }

    fn typed(values: [&str; 3]) -> FiguresForm {
        let keys = [
            ("participants", "total"),
            ("participants_by_age", "under_30"),
            ("participants_by_age", "over_30"),
        ];
        let pairs = keys.into_iter().zip(values);
        FiguresForm(
            pairs
                .map(|((figure, category), typed)| ((figure.into(), category.into()), typed.into()))
                .collect(),
        )
    }

    #[test]
    fn an_empty_field_is_not_reported_and_a_zero_is() {
        let mut errors = FormErrors::default();
        let counts = typed(["30", "", "0"]).read(Language::Swedish, &definitions(), &mut errors);
        let read: Vec<_> =
            counts.iter().map(|count| (count.category.as_str(), count.count)).collect();
        assert_eq!(read, [("total", 30), ("over_30", 0)]);
        assert!(errors.is_empty());
    }

    #[test]
    fn half_a_person_is_told_at_its_field() {
        let mut errors = FormErrors::default();
        let form = typed(["12,5", "x", "1"]);
        let counts = form.read(Language::Swedish, &definitions(), &mut errors);
        assert_eq!(counts.len(), 3);
        assert!(errors.of("participants-total").contains("12,5"));
        assert_eq!(errors.fields[1].place.label, "Deltagare efter ålder, Under 30");
        let fields = form.fields(Language::Swedish, &definitions(), "sala", &[], &errors);
        assert_eq!(fields[0].total.typed, "12,5", "what was typed stays");
    }

    #[test]
    fn a_fault_of_the_service_finds_its_field() {
        let mut errors = FormErrors::default();
        let counts = typed(["", "-3", ""]).read(Language::Swedish, &definitions(), &mut errors);
        let found =
            place(Language::Swedish, &definitions(), &counts, "reported_figures.counts[0].count");
        assert_eq!(found.unwrap().id, "participants_by_age-under_30");
        assert!(
            place(Language::Swedish, &definitions(), &counts, "reported_figures.name").is_none()
        );
    }

    #[test]
    fn what_was_sent_in_before_is_shown_again() {
        let count =
            ReportedCount { figure: "participants".into(), category: TOTAL.into(), count: 17 };
        let sent = ReportedFigures { counts: vec![count], ..ReportedFigures::default() };
        assert_eq!(FiguresForm::sent(Some(&sent)).typed("participants", TOTAL), "17");
        assert_eq!(FiguresForm::sent(None), FiguresForm::default());
    }
}
