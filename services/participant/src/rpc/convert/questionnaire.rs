//! Questionnaires.

use platform::convert::text;
use proto::participant as pb;
use values::{Faults, Slug, name::QuestionnaireName};

use crate::domain::questionnaire::{Question, Questionnaire, Questions, Scale};

/// Reads a questionnaire, all but its name.
pub(in crate::rpc) fn parse(sent: pb::Questionnaire) -> Result<Questionnaire, Faults> {
    let pb::Questionnaire {
        name: _, // Read by the caller, who knows what it has to be.
        title,
        licence_note,
        questions,
    } = sent;
    let mut faults = Faults::new();
    let title = faults.keep(text("title", &title, 1, 200));
    let licence_note = faults.keep(text("licence_note", &licence_note, 1, 1000));
    let questions = faults.keep_nested("", parse_questions(questions));
    faults.into_result(|| {
        let (title, licence_note, questions) = (title?, licence_note?, questions?);
        Some(Questionnaire { title, licence_note, questions })
    })
}

fn parse_questions(sent: Vec<pb::Question>) -> Result<Questions, Faults> {
    let mut faults = Faults::new();
    let mut questions = Vec::new();
    for (row, question) in sent.into_iter().enumerate() {
        let question = parse_question(question);
        questions.extend(faults.keep_nested(&format!("questions[{row}]"), question));
    }
    let questions = faults.into_result(|| Some(questions))?;
    Questions::new(questions)
}

fn parse_question(sent: pb::Question) -> Result<Question, Faults> {
    let pb::Question { id, text: wording, least_halves, most_halves, half_steps } = sent;
    let mut faults = Faults::new();
    let id = faults.keep(Slug::parse("id", &id));
    let text = faults.keep(text("text", &wording, 1, 1000));
    let scale = faults.keep_nested("", Scale::new(least_halves, most_halves, half_steps));
    faults.into_result(|| Some(Question { id: id?, text: text?, scale: scale? }))
}

/// A questionnaire as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &QuestionnaireName,
    questionnaire: &Questionnaire,
) -> pb::Questionnaire {
    let Questionnaire { title, licence_note, questions } = questionnaire;
    pb::Questionnaire {
        name: name.to_string(),
        title: title.clone(),
        licence_note: licence_note.clone(),
        questions: questions.as_slice().iter().map(render_question).collect(),
    }
}

fn render_question(question: &Question) -> pb::Question {
    let Question { id, text, scale } = question;
    pb::Question {
        id: id.to_string(),
        text: text.clone(),
        least_halves: scale.least_halves(),
        most_halves: scale.most_halves(),
        half_steps: scale.half_steps(),
    }
}
