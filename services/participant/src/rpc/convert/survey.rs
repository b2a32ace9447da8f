//! Answers to surveys, in both directions, and what many have answered.

use platform::convert::{date_from_proto, date_to_proto};
use proto::participant as pb;
use values::{
    Faults, Slug,
    name::{EnrolmentName, QuestionnaireName, SurveyAnswerName, TeamName},
};

use super::{code::code, removed, within};
use crate::domain::survey_answer::{Content, Occasion, SurveyAnswer};

/// Reads the answers of an occasion; what is only given out is not read.
pub(in crate::rpc) fn content(
    federation: &Slug,
    sent: pb::SurveyAnswer,
) -> Result<Content, Faults> {
    let pb::SurveyAnswer {
        name: _, // Read by the handler.
        enrolment,
        questionnaire,
        occasion,
        day,
        answers: sent_answers,
        etag: _,           // Only given out.
        removed: _,        // Only given out.
        removal_reason: _, // Only given out.
        team: _,           // Only given out.
    } = sent;
    let mut faults = Faults::new();
    let enrolment = EnrolmentName::parse("enrolment", &enrolment);
    let enrolment = within(federation, "enrolment", enrolment, |name| &name.federation);
    let enrolment = faults.keep(enrolment);
    let questionnaire = QuestionnaireName::parse("questionnaire", &questionnaire);
    let questionnaire = within(federation, "questionnaire", questionnaire, |name| &name.federation);
    let questionnaire = faults.keep(questionnaire);
    let occasion = faults.keep(code("occasion", occasion, Occasion::from_number));
    let day = faults.keep(date_from_proto("day", day));
    let mut answers = Vec::with_capacity(sent_answers.len());
    for (row, pb::QuestionAnswer { question, halves }) in sent_answers.into_iter().enumerate() {
        let question = Slug::parse(&format!("answers[{row}].question"), &question);
        answers.extend(faults.keep(question).map(|question| (question, halves)));
    }
    faults.into_result(|| {
        Some(Content {
            enrolment: enrolment?,
            questionnaire: questionnaire?,
            occasion: occasion?,
            day: day?,
            answers,
        })
    })
}

/// Answers as they are recorded and answered.
pub(crate) fn render(answer: &SurveyAnswer, revision: i64) -> pb::SurveyAnswer {
    let SurveyAnswer { name, content, team, removed } = answer;
    let Content { enrolment, questionnaire, occasion, day, answers } = content;
    let answer = |(question, halves): &(Slug, i32)| pb::QuestionAnswer {
        question: question.to_string(),
        halves: *halves,
    };
    pb::SurveyAnswer {
        name: name.to_string(),
        enrolment: enrolment.to_string(),
        questionnaire: questionnaire.to_string(),
        occasion: occasion.number().into(),
        day: Some(date_to_proto(*day)),
        answers: answers.iter().map(answer).collect(),
        etag: revision.to_string(),
        removed: removed.is_some(),
        removal_reason: removed.clone().unwrap_or_default(),
        team: team.to_string(),
    }
}

/// Reads answers as they were recorded.
pub(crate) fn kept(recorded: pb::SurveyAnswer) -> Result<SurveyAnswer, Faults> {
    let name = SurveyAnswerName::parse("name", &recorded.name)?;
    let team = TeamName::parse("team", &recorded.team)?;
    let removed = removed(recorded.removed, &recorded.removal_reason);
    Ok(SurveyAnswer { content: content(&name.federation, recorded)?, name, team, removed })
}
