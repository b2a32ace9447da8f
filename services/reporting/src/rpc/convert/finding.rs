//! Findings, as they are sent.

use proto::reporting as pb;
use values::Slug;

use super::report::{explanation, stated_cell, subject_name};
use crate::domain::{
    definition::Text,
    finding::{CheckText, CheckTexts, Finding, Place, Remedy},
    language::Language,
    report::Report,
    vocabulary::Vocabulary,
};

/// What findings are told with.
#[derive(Clone, Copy)]
pub(in crate::rpc) struct Teller<'a> {
    /// The report's federation.
    pub(in crate::rpc) federation: &'a Slug,
    /// The report that the findings are of.
    pub(in crate::rpc) report: &'a Report,
    /// What the checks are called.
    pub(in crate::rpc) checks: &'a CheckTexts,
    /// The words that a remedy may name.
    pub(in crate::rpc) vocabulary: &'a Vocabulary,
}

impl Teller<'_> {
    /// A finding as it is sent.
    pub(in crate::rpc) fn tell(self, finding: &Finding) -> pb::ReportFinding {
        let Finding { subject, concerned, fact: _, remedies } = finding;
        let CheckText { name, explanation: explained, resolution } =
            self.checks.of(finding.check());
        let Text { sv: fact_sv, en: fact_en } = finding.told();
        let key = finding.key();
        let given = self.report.explanations.get(&key);
        pb::ReportFinding {
            explanation: given.map(|given| explanation((&key, given))),
            key,
            check: finding.check().code().to_owned(),
            check_name_sv: name.sv.clone(),
            check_name_en: name.en.clone(),
            check_explanation_sv: explained.sv.clone(),
            check_explanation_en: explained.en.clone(),
            resolution_sv: resolution.sv.clone(),
            resolution_en: resolution.en.clone(),
            fact_sv,
            fact_en,
            subject: self.subject(subject.as_deref()),
            places: concerned.iter().map(|place| self.place(place)).collect(),
            remedies: remedies.iter().map(|remedy| self.remedy(remedy)).collect(),
        }
    }

    fn subject(self, id: Option<&str>) -> String {
        let about = &self.report.content.subject;
        id.map(|id| subject_name(self.federation, about, id)).unwrap_or_default()
    }

    fn place(self, place: &Place) -> pb::FindingPlace {
        match place {
            Place::Cell { subject, cell } => pb::FindingPlace {
                subject: self.subject(Some(subject)),
                figure: cell.figure.clone(),
                category: cell.category.clone(),
                ..Default::default()
            },
            Place::Text { subject, section, span } => pb::FindingPlace {
                subject: self.subject(subject.as_deref()),
                section: section.clone(),
                start: offset(span.start),
                end: offset(span.end),
                ..Default::default()
            },
            Place::Section { subject, section } => pb::FindingPlace {
                subject: self.subject(subject.as_deref()),
                section: section.clone(),
                ..Default::default()
            },
        }
    }

    fn remedy(self, remedy: &Remedy) -> pb::FindingRemedy {
        match remedy {
            Remedy::State { subject, cell, value } => {
                let state = stated_cell(self.subject(Some(subject)), cell, *value);
                pb::FindingRemedy { state: Some(state), ..Default::default() }
            }
            Remedy::Write(number) => pb::FindingRemedy {
                write_sv: number.shown(Language::Swedish),
                write_en: number.shown(Language::English),
                ..Default::default()
            },
            Remedy::Say(codes) => {
                let words = self.vocabulary.words().iter();
                let words: Vec<&Text> = words
                    .filter(|word| codes.contains(&word.code))
                    .map(|word| &word.text)
                    .collect();
                let of = |language| words.iter().map(|text| text.of(language).to_owned()).collect();
                pb::FindingRemedy {
                    words_sv: of(Language::Swedish),
                    words_en: of(Language::English),
                    ..Default::default()
                }
            }
            Remedy::Bind(measure) => {
                pb::FindingRemedy { bind: measure.to_string(), ..Default::default() }
            }
        }
    }
}

/// A place in a text, whose length fits.
pub(in crate::rpc) fn offset(bytes: usize) -> i32 {
    i32::try_from(bytes).unwrap_or(i32::MAX)
}
