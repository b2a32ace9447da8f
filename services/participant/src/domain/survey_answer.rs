//! What a person answered to a questionnaire at the enrolment or the exit.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use values::{
    Fault, Faults, Slug,
    name::{EnrolmentName, QuestionnaireName, SurveyAnswerName, TeamName},
};

use super::{
    along::{self, AlreadyRemoved},
    enrolment::Enrolment,
    questionnaire::{Question, Questions},
};

/// On which occasion a survey is answered. The numbers are the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// At the enrolment.
    Enrolment = 1,
    /// At the exit.
    Exit = 2,
}

impl Occasion {
    /// Its number in the contract.
    #[must_use]
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// The occasion of a number of the contract.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<Occasion> {
        match number {
            1 => Some(Occasion::Enrolment),
            2 => Some(Occasion::Exit),
            _ => None,
        }
    }
}

/// What is told of an occasion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The enrolment.
    pub enrolment: EnrolmentName,
    /// The questionnaire.
    pub questionnaire: QuestionnaireName,
    /// On which occasion.
    pub occasion: Occasion,
    /// When.
    pub day: NaiveDate,
    /// Each question that was answered, and the answer in halves.
    pub answers: Vec<(Slug, i32)>,
}

/// The answers of one occasion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyAnswer {
    /// Its name.
    pub name: SurveyAnswerName,
    /// What was told.
    pub content: Content,
    /// The team of the enrolment.
    pub team: TeamName,
    /// Why it was taken away, when it was.
    pub removed: Option<String>,
}

/// What forbids to enter answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnterRefusal {
    /// The enrolment was registered in error.
    InError,
    /// The occasion is answered.
    Answered {
        /// By which.
        name: SurveyAnswerName,
    },
    /// The day is in the future.
    InFuture,
    /// Answers cannot be right.
    Faulty(Faults),
}

/// Enters answers. `questions` are those of the questionnaire, when it is there;
/// `answered` is what stands for the occasion.
///
/// # Errors
/// What forbids it.
pub fn enter(
    name: SurveyAnswerName,
    content: Content,
    enrolment: &Enrolment,
    questions: Option<&Questions>,
    answered: Option<SurveyAnswerName>,
    today: NaiveDate,
) -> Result<SurveyAnswer, EnterRefusal> {
    if enrolment.mistake.is_some() {
        return Err(EnterRefusal::InError);
    }
    let faults = match questions {
        Some(questions) => unanswerable(questions, &content.answers),
        None => {
            let fault = Fault::new("questionnaire", "QUESTIONNAIRE_UNKNOWN");
            fault.with("value", &content.questionnaire).into()
        }
    };
    if !faults.is_empty() {
        return Err(EnterRefusal::Faulty(faults));
    }
    if content.day > today {
        return Err(EnterRefusal::InFuture);
    }
    if let Some(name) = answered {
        return Err(EnterRefusal::Answered { name });
    }
    Ok(SurveyAnswer { name, content, team: enrolment.team.clone(), removed: None })
}

/// What of the answers no questionnaire with these questions can have got.
fn unanswerable(questions: &Questions, answers: &[(Slug, i32)]) -> Faults {
    let mut faults = Faults::new();
    if answers.is_empty() {
        faults.push(Fault::new("answers", "ANSWERS_MISSING"));
    }
    let mut seen = BTreeSet::new();
    for (row, (id, halves)) in answers.iter().enumerate() {
        let question = questions.as_slice().iter().find(|question| question.id == *id);
        let of_question =
            |reason| Fault::new(format!("answers[{row}].question"), reason).with("value", id);
        match question {
            None => faults.push(of_question("QUESTION_UNKNOWN")),
            Some(_) if !seen.insert(id) => faults.push(of_question("ANSWER_TWICE")),
            Some(Question { scale, .. }) if !scale.has(*halves) => {
                let fault = Fault::new(format!("answers[{row}].halves"), "ANSWER_OFF_SCALE");
                let fault = fault.with("value", halves).with("least", scale.least_halves());
                faults.push(fault.with("most", scale.most_halves()));
            }
            Some(_) => {}
        }
    }
    faults
}

/// Takes answers away that were entered wrongly.
///
/// # Errors
/// When they are taken away already.
pub fn remove(answer: &SurveyAnswer, reason: String) -> Result<SurveyAnswer, AlreadyRemoved> {
    let removed = along::remove(answer.removed.as_ref(), reason)?;
    Ok(SurveyAnswer { removed, ..answer.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        along::tests::{day, enrolled},
        questionnaire::Scale,
    };

    fn slug(text: &str) -> Slug {
        Slug::parse("", text).unwrap()
    }

    fn name(id: &str) -> SurveyAnswerName {
        SurveyAnswerName::new(slug("f"), slug(id))
    }

    /// A week in half steps from 1 to 10, a plan in whole steps from 1 to 5.
    fn questions() -> Questions {
        let question = |id: &str, most, half_steps| Question {
            id: slug(id),
            text: "Hur?".to_owned(),
            scale: Scale::new(2, most, half_steps).unwrap(),
        };
        Questions::new(vec![question("week", 20, true), question("plan", 10, false)]).unwrap()
    }

    fn entered(
        answers: &[(&str, i32)],
        answered: Option<SurveyAnswerName>,
    ) -> Result<SurveyAnswer, EnterRefusal> {
        let content = Content {
            enrolment: enrolled(None).name,
            questionnaire: QuestionnaireName::new(slug("f"), slug("q")),
            occasion: Occasion::Enrolment,
            day: day(3, 1),
            answers: answers.iter().map(|(id, halves)| (slug(id), *halves)).collect(),
        };
        let questions = questions();
        enter(name("s"), content, &enrolled(None), Some(&questions), answered, day(6, 1))
    }

    #[test]
    fn every_answer_that_no_question_can_have_is_told() {
        for (answers, expected) in [
            (&[("week", 17), ("plan", 10)][..], &[][..]),
            (&[("plan", 2)], &[]),
            (&[], &[("answers", "ANSWERS_MISSING")]),
            (&[("plan", 3)], &[("answers[0].halves", "ANSWER_OFF_SCALE")]),
            (
                &[("week", 21), ("age", 2), ("plan", 2), ("plan", 4)],
                &[
                    ("answers[0].halves", "ANSWER_OFF_SCALE"),
                    ("answers[1].question", "QUESTION_UNKNOWN"),
                    ("answers[3].question", "ANSWER_TWICE"),
                ],
            ),
        ] {
            let faults = match entered(answers, None) {
                Err(EnterRefusal::Faulty(faults)) => faults.into_vec(),
                Ok(_) => Vec::new(),
                Err(other) => panic!("{other:?}"),
            };
            let told: Vec<_> = faults.iter().map(|one| (one.field.as_str(), one.reason)).collect();
            assert_eq!(told, expected, "{answers:?}");
        }
    }

    #[test]
    fn an_occasion_is_answered_once_until_the_answers_are_taken_away() {
        let answers = [("week", 17)];
        let stands = entered(&answers, None).unwrap();
        let again = entered(&answers, Some(stands.name.clone()));
        assert_eq!(again, Err(EnterRefusal::Answered { name: name("s") }));
        let removed = remove(&stands, "Feltolkat svar".to_owned()).unwrap();
        assert_eq!(remove(&removed, String::new()), Err(AlreadyRemoved));
    }

    #[test]
    fn what_is_not_there_or_not_yet_cannot_be_answered() {
        let Content { day, .. } = entered(&[("week", 17)], None).unwrap().content;
        let content = entered(&[("week", 17)], None).unwrap().content;
        let early = day.pred_opt().unwrap();
        let known = questions();
        let on = |enrolment: &Enrolment, questions: Option<&Questions>, today| {
            enter(name("s"), content.clone(), enrolment, questions, None, today)
        };
        assert_eq!(on(&enrolled(None), Some(&known), early), Err(EnterRefusal::InFuture));
        let mistake = Enrolment { mistake: Some("Fel".to_owned()), ..enrolled(None) };
        assert_eq!(on(&mistake, Some(&known), day), Err(EnterRefusal::InError));
        let unknown = on(&enrolled(None), None, day);
        assert!(matches!(unknown, Err(EnterRefusal::Faulty(_))));
    }
}
