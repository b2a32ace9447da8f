//! Which figures a word that is bound to nothing could be bound to: those that are told of
//! in its paragraph, and that it is true of. No word has to be bound, so this is no finding.

use std::ops::Range;

use super::proposal::shares_of;
use super::small::of_measure;
use super::{Chapter, Measured, Report};
use crate::domain::narrative::{CellAt, LooseWord, MarkKind, Measure};
use crate::domain::template::Template;
use crate::domain::vocabulary::Vocabulary;

/// How many are proposed for one word.
const MOST: usize = 3;

/// A word, and what it could be bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordProposal {
    /// Where it stands in the chapter's Markdown.
    pub span: Range<usize>,
    /// What it is true of.
    pub measures: Vec<Measure>,
}

/// The words of a chapter that could be bound, in order.
#[must_use]
pub fn propose_words(
    template: &Template,
    vocabulary: &Vocabulary,
    report: &Report,
    chapter: &Chapter,
) -> Vec<WordProposal> {
    let here = chapter.subject.as_deref();
    let proposal = |loose: LooseWord<'_>| {
        let LooseWord { span, word, is_negated, beside } = loose;
        let word = &vocabulary.words()[word];
        let is_true = |measure: &Measure| {
            let said = Measured::of(report, here, measure).and_then(|measured| measured.is(word));
            said == Some(!is_negated) && of_measure(report, here, measure).is_empty()
        };
        let mut measures = Vec::new();
        for mark in beside {
            let MarkKind::Bound { measure, claims: _ } = &mark.kind else { continue };
            for measure in about_the_same(template, report, here, measure) {
                if !measures.contains(&measure) && is_true(&measure) {
                    measures.push(measure);
                }
            }
        }
        measures.truncate(MOST);
        (!measures.is_empty()).then_some(WordProposal { span, measures })
    };
    chapter.narrative.loose_words(vocabulary).into_iter().filter_map(proposal).collect()
}

/// What else may be meant where a measure is told.
fn about_the_same(
    template: &Template,
    report: &Report,
    here: Option<&str>,
    measure: &Measure,
) -> Vec<Measure> {
    let of_cells = |cells: &[CellAt]| {
        let own = [Measure::Figure, Measure::Change, Measure::Plan].map(|of| of(cells.to_vec()));
        own.into_iter().chain(shares_of(template, report, here, cells)).collect()
    };
    match measure {
        Measure::Figure(cells) | Measure::Change(cells) | Measure::Plan(cells) => of_cells(cells),
        Measure::Share { part: _, base: _ } => vec![measure.clone()],
        Measure::Date(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::vocabulary;
    use super::super::tests::{template, written};
    use super::*;

    const BY_SEX: &str =
        "[[wholes]]\npartition = \"p\"\nwhole = \"enrolled\"\nparts = [\"enrolled.*\"]\n";

    /// What is proposed for the words of a text on enrolled 122 (63 women, 59 men), before
    /// 100, planned 120, queue 6.
    fn proposed(markdown: &str) -> Vec<(String, Vec<String>)> {
        let report = written(markdown);
        let proposals =
            propose_words(&template(BY_SEX), &vocabulary(), &report, &report.chapters[0]);
        let told = proposals.into_iter().map(|WordProposal { span, measures }| {
            let measures = measures.iter().map(Measure::to_string).collect();
            (markdown[span].to_owned(), measures)
        });
        told.collect()
    }

    fn one(word: &str, measures: &[&str]) -> Vec<(String, Vec<String>)> {
        vec![(word.to_owned(), measures.iter().map(|it| (*it).to_owned()).collect())]
    }

    #[test]
    fn a_word_is_proposed_for_what_is_told_of_beside_it_and_is_true() {
        let change = one("ökat", &["change:enrolled"]);
        assert_eq!(proposed("Antalet har ökat till [](figure:enrolled)."), change);
        assert_eq!(proposed("**[122](figure:enrolled)**: de har *ökat*."), change);
        let even = ["share:enrolled.woman/enrolled"];
        assert_eq!(proposed("Jämnt: [63](figure:enrolled.woman) kvinnor."), one("Jämnt", &even));
        assert_eq!(
            proposed("[52 %](share:enrolled.woman/enrolled), en jämn del."),
            one("jämn", &even)
        );
        assert_eq!(
            proposed("De [122](figure:enrolled) är enligt plan."),
            one("enligt plan", &["plan:enrolled"])
        );
        assert_eq!(
            proposed("De [122](figure:enrolled) har inte minskat."),
            one("inte minskat", &["change:enrolled"])
        );
    }

    #[test]
    fn nothing_is_proposed_for_what_is_false_or_told_of_elsewhere_or_said_otherwise() {
        for text in [
            "Antalet har minskat till [](figure:enrolled).",
            "Antalet har inte ökat till [](figure:enrolled).",
            "Det blev [](figure:enrolled).\n\nAntalet har ökat.",
            "Antalet har ökat.",
            "Kön har ökat till [](figure:queue).",
            "Fler än 60 av [](figure:enrolled).",
            "Antalet har [ökat](change:enrolled) till [](figure:enrolled).",
            "De har inte **minskat**: [](figure:enrolled).",
            "[ökat](quotation \"SCB\") har det.",
        ] {
            assert_eq!(proposed(text), [], "{text}");
        }
    }
}
