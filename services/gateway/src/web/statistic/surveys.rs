//! What people have answered to surveys, always with how many answered and of how many.

use askama::Template;
use axum::{extract::Query, response::Response};
use http::StatusCode;
use proto::participant::{
    GetSurveyResultsRequest, GetSurveyResultsResponse, Question, QuestionResult, Questionnaire,
    SurveyOccasion, survey_service_client::SurveyServiceClient,
};
use tonic::Status;

use super::{Asked, Shortcut, answered, is_settled, pages};
use crate::web::{
    account::Places,
    code,
    enrolment::survey::scale,
    error_page::Trouble,
    filter::Filter,
    form::{FormErrors, Posted, inputs::Choice},
    format,
    layout::{Layout, Tab, Visit, page_with},
    reads::{self, id_of},
};

const PATH: &str = "/statistics/surveys";

#[derive(Template)]
#[template(path = "statistics_surveys.html")]
struct SurveysPage {
    layout: Layout,
    tabs: Vec<Tab>,
    errors: FormErrors,
    asked: Asked,
    filters: Vec<Filter>,
    shortcuts: Vec<Shortcut>,
    has_questionnaires: bool,
    /// True for whoever sees no people.
    is_settled: bool,
    results: Option<ResultsView>,
}

struct ResultsView {
    title: String,
    licence: String,
    /// How many could have answered.
    base: String,
    rows: Vec<RowView>,
    hides: bool,
    sequence: String,
}

struct RowView {
    question: String,
    scale: String,
    answered: String,
    mean: String,
    steps: String,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let posted = Posted::asked(query);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (asked, places, questionnaires) = tokio::try_join!(
        Asked::of(&visit, &posted),
        Places::read(&visit),
        reads::questionnaires(&visit)
    )
    .map_err(troubled)?;
    let wanted = posted.get("questionnaire");
    let chosen = questionnaires.iter().find(|it| id_of(&it.name) == wanted);
    let chosen = chosen.or(questionnaires.first());
    let occasion = SurveyOccasion::from_str_name(posted.get("occasion"));
    let occasion = occasion.filter(|it| *it != SurveyOccasion::Unspecified);
    let occasion = occasion.unwrap_or(SurveyOccasion::Enrolment);
    let mut errors = FormErrors::default();
    let mut results = None;
    let known = known(&visit, &asked, &mut errors);
    if let (Some(questionnaire), Some((period, as_known_at))) = (chosen, known) {
        let request = GetSurveyResultsRequest {
            parent: visit.federation(),
            questionnaire: questionnaire.name.clone(),
            occasion: occasion.into(),
            period: Some(period),
            teams: asked.teams(&visit),
            as_known_at,
        };
        let mut client = SurveyServiceClient::new(visit.state.organisation.clone());
        let request = visit.request(request).map_err(troubled)?;
        let answer = client.get_survey_results(request).await.map(tonic::Response::into_inner);
        let found = answered(&visit, &mut errors, answer)?;
        results = found.map(|found| ResultsView::of(&visit, questionnaire, &found));
    }
    let id = chosen.map_or("", |chosen| id_of(&chosen.name)).to_owned();
    let more = [("questionnaire", id.as_str()), ("occasion", occasion.as_str_name())];
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = SurveysPage {
        layout: Layout::of(&visit, visit.t("survey-results-heading")),
        tabs: pages(&visit, PATH),
        filters: filters(&visit, (&asked, &places), &questionnaires, (&id, occasion)),
        shortcuts: asked.shortcuts(&visit, PATH, &more),
        has_questionnaires: !questionnaires.is_empty(),
        is_settled: is_settled(&visit),
        results,
        errors,
        asked,
    };
    Ok(page_with(status, &page))
}

/// The days and the sequence; none, with what is wrong, when they cannot be read.
fn known(
    visit: &Visit,
    asked: &Asked,
    errors: &mut FormErrors,
) -> Option<(proto::common::Period, i64)> {
    let period = asked.period(visit, errors);
    let as_known_at = asked.sequence(visit, errors);
    Some((period?, as_known_at)).filter(|_| errors.is_empty())
}

fn filters(
    visit: &Visit,
    (asked, places): (&Asked, &Places),
    questionnaires: &[Questionnaire],
    (id, occasion): (&str, SurveyOccasion),
) -> Vec<Filter> {
    let choice = |it: &Questionnaire| Choice::new(id_of(&it.name), it.title.clone());
    let choices = questionnaires.iter().map(choice).collect();
    let occasions = code::all::<SurveyOccasion>()
        .into_iter()
        .map(|it| Choice::new(it.as_str_name(), code::called(visit, it.as_str_name())));
    let occasion = occasion.as_str_name();
    vec![
        Filter::always(visit, "questionnaire", "survey", id, choices),
        Filter::always(visit, "occasion", "survey-occasion", occasion, occasions.collect()),
        asked.team_filter(visit, places),
    ]
}

impl ResultsView {
    fn of(visit: &Visit, questionnaire: &Questionnaire, found: &GetSurveyResultsResponse) -> Self {
        let result = |question: &Question| {
            let result = found.questions.iter().find(|it| it.question == question.id);
            RowView::of(visit, question, &result.cloned().unwrap_or_default())
        };
        let hides = |it: &QuestionResult| it.answered.is_none();
        Self {
            title: questionnaire.title.clone(),
            licence: questionnaire.licence_note.clone(),
            base: number(visit, found.base),
            rows: questionnaire.questions.iter().map(result).collect(),
            hides: found.base.is_none() || found.questions.iter().any(hides),
            sequence: format::whole(found.sequence),
        }
    }
}

/// A number, or that it is hidden.
fn number(visit: &Visit, number: Option<i64>) -> String {
    number.map_or_else(|| visit.t("statistics-hidden"), format::whole)
}

impl RowView {
    fn of(visit: &Visit, question: &Question, result: &QuestionResult) -> Self {
        let step = if question.half_steps { 1 } else { 2 };
        let steps = (question.least_halves..=question.most_halves).step_by(step);
        let given = steps.zip(&result.by_step).filter(|(_, count)| **count > 0);
        let given = given.map(|(halves, count)| {
            format!("{}: {}", format::halves(halves), format::whole(*count))
        });
        Self {
            question: question.text.clone(),
            scale: scale(visit, question),
            answered: number(visit, result.answered),
            mean: result.mean_hundredths.map(format::exact).unwrap_or_default(),
            steps: given.collect::<Vec<_>>().join(" · "),
        }
    }
}
