//! Answers to a questionnaire at the enrolment and at the exit: entered question by
//! question, and shown.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::participant::{
    CreateSurveyAnswerRequest, Enrolment, GetQuestionnaireRequest, GetSurveyAnswerRequest,
    ListSurveyAnswersRequest, Question, QuestionAnswer, Questionnaire, SurveyAnswer,
    SurveyOccasion, questionnaire_service_client::QuestionnaireServiceClient,
    survey_service_client::SurveyServiceClient,
};
use tonic::Status;

use super::{address, read};
use crate::{
    text,
    web::{
        code,
        error_page::Trouble,
        form::{
            Fields, Posted,
            fields::Form,
            inputs::{Choice, Group, Input, Kind},
            page::{Back, Fact, form_page_with_facts},
        },
        format,
        layout::{Layout, Visit, page},
        reads::{self, id_of},
        rights,
        sign_in::see_other,
    },
};

/// There are few of one enrolment.
const PAGE_SIZE: i32 = 500;

/// What the form is about.
struct First {
    enrolment: Enrolment,
    questionnaire: Questionnaire,
    occasion: SurveyOccasion,
}

#[derive(Template)]
#[template(path = "survey_answer.html")]
struct AnswerPage {
    layout: Layout,
    back: Back,
    facts: Vec<Fact>,
    rows: Vec<(String, String)>,
    removed: String,
    to_remove: Option<String>,
}

/// The answers of an enrolment that stand, the newest first.
pub(super) async fn of_enrolment(visit: &Visit, name: &str) -> Result<Vec<SurveyAnswer>, Status> {
    let request = ListSurveyAnswersRequest {
        parent: visit.federation(),
        enrolment: name.to_owned(),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut client = SurveyServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_survey_answers(visit.request(request)?).await?.into_inner().survey_answers)
}

/// The last part of the address of an occasion.
pub(super) fn occasion_code(occasion: SurveyOccasion) -> &'static str {
    match occasion {
        SurveyOccasion::Unspecified => "",
        SurveyOccasion::Enrolment => "enrolment",
        SurveyOccasion::Exit => "exit",
    }
}

/// The form of a questionnaire on an occasion.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((id, questionnaire, occasion)): Path<(String, String, String)>,
) -> Result<Response, Trouble> {
    let first = read_first(&visit, &id, &questionnaire, &occasion).await?;
    let form = form(&visit, &first);
    Ok(form_of(&visit, &first, form))
}

/// Enters the answers and shows the enrolment; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((id, questionnaire, occasion)): Path<(String, String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let first = read_first(&visit, &id, &questionnaire, &occasion).await?;
    let mut form = form(&visit, &first);
    form.fill(&posted);
    let answer = create(&visit, &posted, &first, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&first.enrolment.name), None));
    }
    Ok(form_of(&visit, &first, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    first: &First,
    form: &mut Form,
) -> Result<(), Status> {
    let First { enrolment, questionnaire, occasion } = first;
    let mut answers: Vec<QuestionAnswer> = Vec::new();
    for question in &questionnaire.questions {
        let field = format!("survey_answer.answers[{}]", answers.len());
        let Ok(halves) = form.text(&input_id(question), &field).parse() else {
            continue;
        };
        answers.push(QuestionAnswer { question: question.id.clone(), halves });
    }
    if answers.is_empty()
        && let Some(question) = questionnaire.questions.first()
    {
        form.wrong(&input_id(question), "ANSWERS_MISSING", "");
    }
    let survey_answer = SurveyAnswer {
        enrolment: enrolment.name.clone(),
        questionnaire: questionnaire.name.clone(),
        occasion: (*occasion).into(),
        day: form.day("day", "survey_answer.day"),
        answers,
        ..SurveyAnswer::default()
    };
    let request = CreateSurveyAnswerRequest {
        parent: visit.federation(),
        survey_answer_id: posted.new_id(&[id_of(&enrolment.team)]),
        survey_answer: Some(survey_answer),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = SurveyServiceClient::new(visit.state.organisation.clone());
    client.create_survey_answer(visit.request(request)?).await.map(|_| ())
}

fn input_id(question: &Question) -> String {
    format!("question-{}", question.id)
}

fn form(visit: &Visit, first: &First) -> Form {
    let language = visit.reader.language;
    let First { enrolment, questionnaire, occasion } = first;
    let place = format!("{}/{}", id_of(&questionnaire.name), occasion_code(*occasion));
    let action = format!("{}/surveys/{place}", address(&enrolment.name));
    let mut form = Form::new(visit, action, "survey-save");
    let today = visit.state.clock.today().to_string();
    let day = Input::new(language, "day", "own-cost-day", Kind::Day).value(today);
    form.groups.push(Group::plain(vec![day]));
    let inputs = questionnaire.questions.iter().map(|question| {
        let kind = Kind::Choice(steps(visit, question));
        let input = Input::called(input_id(question), question.text.clone(), kind);
        Input { help: scale(visit, question), ..input }
    });
    let questions = Group::plain(inputs.collect());
    form.groups.push(Group { legend: visit.t("survey-questions"), ..questions });
    form
}

/// The answers there are to a question, from the lowest.
fn steps(visit: &Visit, question: &Question) -> Vec<Choice> {
    let step = if question.half_steps { 1 } else { 2 };
    let none = Choice::new("", visit.t("survey-unanswered"));
    let steps = (question.least_halves..=question.most_halves).step_by(step);
    let steps = steps.map(|halves| Choice::new(halves.to_string(), format::halves(halves)));
    std::iter::once(none).chain(steps).collect()
}

/// From where to where the answers to a question go.
pub(crate) fn scale(visit: &Visit, question: &Question) -> String {
    let (least, most) =
        (format::halves(question.least_halves), format::halves(question.most_halves));
    let facts = [("least", least.as_str()), ("most", most.as_str())];
    text::message(visit.reader.language, "survey-scale", &facts)
}

async fn read_first(
    visit: &Visit,
    id: &str,
    questionnaire: &str,
    occasion: &str,
) -> Result<First, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let mut occasions = code::all::<SurveyOccasion>().into_iter();
    let occasion = occasions.find(|known| occasion_code(*known) == occasion);
    let occasion = occasion.ok_or_else(|| Trouble::no_such_page(visit))?;
    let (enrolment, questionnaire) =
        tokio::try_join!(read(visit, id), read_questionnaire(visit, questionnaire))
            .map_err(|status| Trouble::of(visit, &status))?;
    Ok(First { enrolment, questionnaire, occasion })
}

async fn read_questionnaire(visit: &Visit, id: &str) -> Result<Questionnaire, Status> {
    let request = GetQuestionnaireRequest { name: reads::name(visit, "questionnaires", id) };
    let mut client = QuestionnaireServiceClient::new(visit.state.organisation.clone());
    let answer = client.get_questionnaire(visit.request(request)?).await?.into_inner();
    answer.questionnaire.ok_or_else(|| Status::not_found(""))
}

fn form_of(visit: &Visit, first: &First, form: Form) -> Response {
    let First { enrolment, questionnaire, occasion } = first;
    let facts = vec![
        Fact::new(visit, "survey", questionnaire.title.clone()),
        Fact::new(visit, "survey-licence", questionnaire.licence_note.clone()),
    ];
    let title = heading(visit, *occasion);
    let back = back(visit, id_of(&enrolment.name));
    form_page_with_facts(visit, title, back, visit.t("survey-answer-intro"), facts, form)
}

fn heading(visit: &Visit, occasion: SurveyOccasion) -> String {
    let occasion = code::called(visit, occasion.as_str_name());
    visit.t1("survey-answer-heading", "occasion", &occasion)
}

fn back(visit: &Visit, enrolment: &str) -> Back {
    let text = visit.t1("enrolment-heading", "id", enrolment);
    Back::to(format!("/enrolments/{enrolment}"), text)
}

/// The answers of one occasion.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_answer(
    visit: Visit,
    Path((enrolment, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::works_with_people)?;
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let request = GetSurveyAnswerRequest { name: reads::name(&visit, "surveyAnswers", &id) };
    let mut client = SurveyServiceClient::new(visit.state.organisation.clone());
    let request = visit.request(request).map_err(troubled)?;
    let found = client.get_survey_answer(request).await.map_err(troubled)?.into_inner();
    let found = found.survey_answer.unwrap_or_default();
    let questionnaire = read_questionnaire(&visit, id_of(&found.questionnaire)).await;
    let questionnaire = questionnaire.map_err(troubled)?;
    let given = |question: &Question| {
        let given = found.answers.iter().find(|answer| answer.question == question.id);
        let unanswered = || visit.t("survey-unanswered");
        let answer = given.map_or_else(unanswered, |answer| format::halves(answer.halves));
        (question.text.clone(), answer)
    };
    Ok(page(&AnswerPage {
        layout: Layout::of(&visit, heading(&visit, found.occasion())),
        facts: vec![
            Fact::new(&visit, "survey", questionnaire.title.clone()),
            Fact::new(&visit, "own-cost-day", format::date(found.day.as_ref())),
        ],
        rows: questionnaire.questions.iter().map(given).collect(),
        removed: if found.removed {
            visit.t1("survey-removed", "reason", &found.removal_reason)
        } else {
            String::new()
        },
        to_remove: (!found.removed).then(|| format!("/enrolments/{enrolment}/answers/{id}/remove")),
        back: back(&visit, &enrolment),
    }))
}
