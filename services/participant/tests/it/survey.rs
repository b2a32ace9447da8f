//! Surveys: what people answered at the enrolment and the exit, and what many did.

pub(crate) mod results;

use platform::{Principal, testing::on_both};
use proto::participant::{
    CreateSurveyAnswerRequest, GetSurveyAnswerRequest, ListSurveyAnswersRequest, QuestionAnswer,
    RemoveSurveyAnswerRequest, SurveyAnswer, SurveyOccasion,
};
use tonic::{Code, Response, Status};

use crate::enrolment::name as enrolment;
use crate::milestone::with_enrolment;
use crate::people::{coach, date, other_coach, refusal};
use crate::questionnaire;
use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn name(id: &str) -> String {
    format!("{HOME}/surveyAnswers/{id}")
}

/// What the first enrolment answered to the week and the plan when it began.
pub(crate) fn create(id: &str, week: i32, plan: i32) -> CreateSurveyAnswerRequest {
    let answer = |question: &str, halves| QuestionAnswer { question: question.to_owned(), halves };
    CreateSurveyAnswerRequest {
        parent: HOME.to_owned(),
        survey_answer_id: id.to_owned(),
        survey_answer: Some(SurveyAnswer {
            enrolment: enrolment("e-1"),
            questionnaire: format!("{HOME}/questionnaires/q"),
            occasion: SurveyOccasion::Enrolment.into(),
            day: date("2025-04-02"),
            answers: vec![answer("week", week), answer("plan", plan)],
            ..SurveyAnswer::default()
        }),
        request_id: format!("answer-{id}"),
        validate_only: false,
    }
}

pub(crate) async fn asked(
    world: &World,
    request: CreateSurveyAnswerRequest,
) -> Result<Response<proto::participant::CreateSurveyAnswerResponse>, Status> {
    world.surveys().create_survey_answer(world.by(&coach(), request)).await
}

pub(crate) async fn entered(world: &World, request: CreateSurveyAnswerRequest) -> SurveyAnswer {
    asked(world, request).await.unwrap().into_inner().survey_answer.unwrap()
}

pub(crate) fn remove(id: &str, etag: &str) -> RemoveSurveyAnswerRequest {
    RemoveSurveyAnswerRequest {
        name: name(id),
        etag: etag.to_owned(),
        reason: "Fel svar inskrivet".to_owned(),
        request_id: format!("remove-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) async fn read(
    world: &World,
    caller: &Principal,
    id: &str,
) -> Result<SurveyAnswer, Status> {
    let get = world.by(caller, GetSurveyAnswerRequest { name: name(id) });
    Ok(world.surveys().get_survey_answer(get).await?.into_inner().survey_answer.unwrap())
}

/// The office enters a questionnaire of a week and a plan.
pub(crate) async fn with_questionnaire(world: &World) {
    let request = world.office(questionnaire::create("q", questionnaire::questionnaire()));
    world.questionnaires().create_questionnaire(request).await.unwrap();
}

async fn listed(world: &World, caller: &Principal) -> Vec<String> {
    let request = ListSurveyAnswersRequest {
        parent: HOME.to_owned(),
        enrolment: enrolment("e-1"),
        ..ListSurveyAnswersRequest::default()
    };
    let answer = world.surveys().list_survey_answers(world.by(caller, request)).await.unwrap();
    let answers = answer.into_inner().survey_answers;
    answers.iter().map(|one| one.name.rsplit('/').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_occasion_is_answered_once_until_it_is_taken_away() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        with_questionnaire(&world).await;
        let answer = entered(&world, create("s-1", 17, 10)).await;
        assert_eq!(answer.answers[0].halves, 17, "eight and a half");
        assert_eq!(read(&world, &coach(), "s-1").await.unwrap(), answer);
        assert_eq!(read(&world, &other_coach(), "s-1").await.unwrap_err().code(), Code::NotFound);
        assert_eq!(problem(asked(&world, create("s-2", 18, 8)).await).0, Code::AlreadyExists);
        let mut exit = create("s-3", 19, 8);
        exit.survey_answer.as_mut().unwrap().occasion = SurveyOccasion::Exit.into();
        entered(&world, exit).await;
        assert_eq!(listed(&world, &coach()).await, ["s-3", "s-1"]);
        assert_eq!(listed(&world, &other_coach()).await, [""; 0]);

        let remove = |etag: &str| remove("s-1", etag);
        let request = world.by(&coach(), remove("1"));
        let removed = world.surveys().remove_survey_answer(request).await.unwrap().into_inner();
        assert!(removed.survey_answer.unwrap().removed);
        let twice = world.surveys().remove_survey_answer(world.by(&coach(), remove("2"))).await;
        assert_eq!(refusal(twice).0, "ALREADY_REMOVED");
        let mut anew = create("s-2", 18, 8);
        anew.request_id = "anew".to_owned();
        entered(&world, anew).await;
        assert_eq!(listed(&world, &coach()).await, ["s-3", "s-2"]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_off_its_scale_is_refused_with_all_others() {
    on_both(|database| async {
        let world = with_enrolment(database).await;
        with_questionnaire(&world).await;
        let mut off = create("s-1", 21, 3);
        let answers = &mut off.survey_answer.as_mut().unwrap().answers;
        answers.push(QuestionAnswer { question: "age".to_owned(), halves: 2 });
        assert_eq!(
            faults(asked(&world, off).await),
            expected(&[
                ("survey_answer.answers[0].halves", "ANSWER_OFF_SCALE"),
                ("survey_answer.answers[1].halves", "ANSWER_OFF_SCALE"),
                ("survey_answer.answers[2].question", "QUESTION_UNKNOWN"),
            ])
        );
        let mut unknown = create("s-1", 17, 10);
        unknown.survey_answer.as_mut().unwrap().questionnaire = format!("{HOME}/questionnaires/x");
        let unknown = faults(asked(&world, unknown).await);
        let field = "survey_answer.questionnaire";
        assert_eq!(unknown, expected(&[(field, "QUESTIONNAIRE_UNKNOWN")]));
        let mut future = create("s-1", 17, 10);
        future.survey_answer.as_mut().unwrap().day = date("2025-07-02");
        let future = faults(asked(&world, future).await);
        assert_eq!(future, expected(&[("survey_answer.day", "DAY_IN_FUTURE")]));
    })
    .await;
}
