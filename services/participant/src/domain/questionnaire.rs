//! Questionnaires: questions with scales, as data with a note on whose text it is.
//!
//! Steps of a scale are counted in halves, so that 8,5 is a whole number.

use std::collections::BTreeSet;

use values::{Fault, Faults, Slug};

/// The most questions of a questionnaire.
pub const MOST_QUESTIONS: usize = 100;
/// The highest answer of any scale, in halves.
pub const HIGHEST_HALVES: i32 = 200;

/// A questionnaire, which never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Questionnaire {
    /// What people read.
    pub title: String,
    /// Who owns the text and on what terms it is used.
    pub licence_note: String,
    /// The questions.
    pub questions: Questions,
}

/// A question with a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Names it within the questionnaire.
    pub id: Slug,
    /// The text.
    pub text: String,
    /// What can be answered.
    pub scale: Scale,
}

/// At least one question, each with an id of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Questions(Vec<Question>);

impl Questions {
    /// Checks the list.
    ///
    /// # Errors
    /// `QUESTIONS_MISSING`, `QUESTIONS_TOO_MANY`, or a `QUESTION_TWICE` for each
    /// repetition, under the field `questions`.
    pub fn new(questions: Vec<Question>) -> Result<Self, Faults> {
        if questions.is_empty() {
            return Err(Fault::new("questions", "QUESTIONS_MISSING").into());
        }
        let mut faults = Faults::new();
        if questions.len() > MOST_QUESTIONS {
            let fault = Fault::new("questions", "QUESTIONS_TOO_MANY");
            faults.push(fault.with("count", questions.len()).with("limit", MOST_QUESTIONS));
        }
        let mut seen = BTreeSet::new();
        for (row, question) in questions.iter().enumerate() {
            if !seen.insert(&question.id) {
                let fault = Fault::new(format!("questions[{row}].id"), "QUESTION_TWICE");
                faults.push(fault.with("value", &question.id));
            }
        }
        faults.into_result(|| Some(Self(questions)))
    }

    /// The questions.
    #[must_use]
    pub fn as_slice(&self) -> &[Question] {
        &self.0
    }
}

/// From the lowest answer to the highest, in whole or in half steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    least_halves: i32,
    most_halves: i32,
    half_steps: bool,
}

impl Scale {
    /// Checks a scale.
    ///
    /// # Errors
    /// `SCALE_OUT_OF_RANGE` for an end that is not 0 to [`HIGHEST_HALVES`],
    /// `SCALE_NOT_WHOLE` for one between two whole steps of a scale without halves, and
    /// `SCALE_REVERSED` when the highest is not above the lowest.
    pub fn new(least_halves: i32, most_halves: i32, half_steps: bool) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        for (field, halves) in [("least_halves", least_halves), ("most_halves", most_halves)] {
            if !(0..=HIGHEST_HALVES).contains(&halves) {
                let fault = Fault::new(field, "SCALE_OUT_OF_RANGE").with("value", halves);
                faults.push(fault.with("limit", HIGHEST_HALVES));
            } else if !half_steps && halves % 2 != 0 {
                faults.push(Fault::new(field, "SCALE_NOT_WHOLE").with("value", halves));
            }
        }
        if most_halves <= least_halves {
            let fault = Fault::new("most_halves", "SCALE_REVERSED").with("value", most_halves);
            faults.push(fault.with("least", least_halves));
        }
        faults.into_result(|| Some(Self { least_halves, most_halves, half_steps }))
    }

    /// The lowest answer, in halves.
    #[must_use]
    pub fn least_halves(self) -> i32 {
        self.least_halves
    }

    /// The highest answer, in halves.
    #[must_use]
    pub fn most_halves(self) -> i32 {
        self.most_halves
    }

    /// True when answers between the whole steps are possible.
    #[must_use]
    pub fn half_steps(self) -> bool {
        self.half_steps
    }

    /// What can be answered, in halves, from the lowest to the highest.
    pub fn steps(self) -> impl Iterator<Item = i32> {
        let step = if self.half_steps { 1 } else { 2 };
        (self.least_halves..=self.most_halves).step_by(step)
    }

    /// True when it can be answered.
    #[must_use]
    pub fn has(self, halves: i32) -> bool {
        (self.least_halves..=self.most_halves).contains(&halves)
            && (self.half_steps || halves % 2 == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(faults: Faults) -> Vec<(String, &'static str)> {
        faults.into_vec().into_iter().map(|fault| (fault.field, fault.reason)).collect()
    }

    fn expected(faults: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        faults.iter().map(|(field, reason)| ((*field).to_owned(), *reason)).collect()
    }

    fn question(id: &str) -> Question {
        let scale = Scale::new(2, 20, true).unwrap();
        Question { id: Slug::parse("", id).unwrap(), text: "Hur mår du i dag?".to_owned(), scale }
    }

    #[test]
    fn a_scale_rises_within_bounds_in_whole_or_half_steps() {
        const RANGE: &str = "SCALE_OUT_OF_RANGE";
        for (least, most, half_steps, faults) in [
            (2, 20, false, &[][..]),
            (0, HIGHEST_HALVES, true, &[]),
            (3, 17, true, &[]),
            (
                3,
                17,
                false,
                &[("least_halves", "SCALE_NOT_WHOLE"), ("most_halves", "SCALE_NOT_WHOLE")],
            ),
            (4, 4, true, &[("most_halves", "SCALE_REVERSED")]),
            (20, 2, true, &[("most_halves", "SCALE_REVERSED")]),
            (-2, HIGHEST_HALVES + 2, false, &[("least_halves", RANGE), ("most_halves", RANGE)]),
        ] {
            let found = Scale::new(least, most, half_steps).map_or_else(told, |_| Vec::new());
            assert_eq!(found, expected(faults), "{least} {most} {half_steps}");
        }
    }

    #[test]
    fn what_can_be_answered_are_the_steps_of_the_scale() {
        for (least, most, half_steps, steps) in [
            (2, 10, false, &[2, 4, 6, 8, 10][..]),
            (2, 6, true, &[2, 3, 4, 5, 6]),
            (17, 20, true, &[17, 18, 19, 20]),
        ] {
            let scale = Scale::new(least, most, half_steps).unwrap();
            assert_eq!(scale.steps().collect::<Vec<_>>(), steps);
            let answerable: Vec<_> = (-10..300).filter(|halves| scale.has(*halves)).collect();
            assert_eq!(answerable, steps);
        }
    }

    #[test]
    fn questions_are_one_to_a_hundred_each_with_an_id_of_its_own() {
        let many = |count: usize| (0..count).map(|number| question(&number.to_string())).collect();
        assert!(Questions::new(many(MOST_QUESTIONS)).is_ok());
        for (questions, faults) in [
            (Vec::new(), &[("questions", "QUESTIONS_MISSING")]),
            (many(MOST_QUESTIONS + 1), &[("questions", "QUESTIONS_TOO_MANY")]),
            (
                vec![question("a"), question("b"), question("a")],
                &[("questions[2].id", "QUESTION_TWICE")],
            ),
        ] {
            assert_eq!(told(Questions::new(questions).unwrap_err()), expected(faults));
        }
    }
}
