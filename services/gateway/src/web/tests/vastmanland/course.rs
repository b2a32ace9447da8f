//! Prepared answers: what is done in an enrolment, and what is due after it.

use proto::{
    Date,
    participant::{
        FollowUp, FollowUpResult, GetFollowUpResponse, GetMilestoneResponse, GetPlacementResponse,
        GetQuestionnaireResponse, GetSurveyAnswerResponse, ListFollowUpsResponse,
        ListMilestonesResponse, ListPlacementsResponse, ListQuestionnairesResponse,
        ListSurveyAnswersResponse, Milestone, MilestoneKind, Placement, Question, QuestionAnswer,
        Questionnaire, Sector, SurveyAnswer, SurveyOccasion,
    },
};

use super::{Services, name};

fn day(month: i32, day: i32) -> Option<Date> {
    Some(Date { year: 2025, month, day })
}

/// A follow-up of the enrolment, not ended yet.
pub(crate) fn follow_up(months: i32, due_day: Option<Date>) -> FollowUp {
    FollowUp {
        name: name("followUps", &format!("e1-{months}")),
        enrolment: name("enrolments", "e1"),
        team: name("teams", "hallstahammar"),
        months,
        due_day,
        etag: "1".to_owned(),
        may_be_asked: true,
        ..FollowUp::default()
    }
}

pub(super) fn prepare(services: &Services) {
    const GET_FOLLOW_UP: &str = "/samordna.participant.v1.FollowUpService/GetFollowUp";
    const LIST_FOLLOW_UPS: &str = "/samordna.participant.v1.FollowUpService/ListFollowUps";
    let due = follow_up(6, day(7, 1));
    let ended = FollowUp {
        result: FollowUpResult::NotReached.into(),
        day: day(7, 2),
        ..follow_up(12, day(7, 2))
    };
    services.answer(GET_FOLLOW_UP, &GetFollowUpResponse { follow_up: Some(due.clone()) });
    let follow_ups = vec![due, ended];
    let listed = ListFollowUpsResponse { follow_ups, next_page_token: String::new() };
    services.answer(LIST_FOLLOW_UPS, &listed);
    prepare_milestones(services);
    prepare_placements(services);
    prepare_surveys(services);
}

fn prepare_milestones(services: &Services) {
    const GET: &str = "/samordna.participant.v1.MilestoneService/GetMilestone";
    const LIST: &str = "/samordna.participant.v1.MilestoneService/ListMilestones";
    let milestone = Milestone {
        name: name("milestones", "m1"),
        enrolment: name("enrolments", "e1"),
        kind: MilestoneKind::ViolenceQuestionsOffered.into(),
        day: day(6, 20),
        etag: "1".to_owned(),
        ..Milestone::default()
    };
    services.answer(GET, &GetMilestoneResponse { milestone: Some(milestone.clone()) });
    let listed =
        ListMilestonesResponse { milestones: vec![milestone], next_page_token: String::new() };
    services.answer(LIST, &listed);
}

fn prepare_placements(services: &Services) {
    const GET: &str = "/samordna.participant.v1.PlacementService/GetPlacement";
    const LIST: &str = "/samordna.participant.v1.PlacementService/ListPlacements";
    let placement = Placement {
        name: name("placements", "w1"),
        enrolment: name("enrolments", "e1"),
        sector: Sector::ThirdSector.into(),
        extent_percent: 50,
        first_day: day(6, 23),
        etag: "1".to_owned(),
        ..Placement::default()
    };
    services.answer(GET, &GetPlacementResponse { placement: Some(placement.clone()) });
    let listed =
        ListPlacementsResponse { placements: vec![placement], next_page_token: String::new() };
    services.answer(LIST, &listed);
}

fn prepare_surveys(services: &Services) {
    const GET: &str = "/samordna.participant.v1.SurveyService/GetSurveyAnswer";
    const LIST: &str = "/samordna.participant.v1.SurveyService/ListSurveyAnswers";
    const QUESTIONNAIRE: &str = "/samordna.participant.v1.QuestionnaireService/GetQuestionnaire";
    const QUESTIONNAIRES: &str = "/samordna.participant.v1.QuestionnaireService/ListQuestionnaires";
    let question = |id: &str, text: &str, half_steps: bool| Question {
        id: id.to_owned(),
        text: text.to_owned(),
        least_halves: 2,
        most_halves: 20,
        half_steps,
    };
    let questionnaire = Questionnaire {
        name: name("questionnaires", "egen-2025"),
        title: "Egen enkät".to_owned(),
        licence_note: "Förbundets egen, fri att använda.".to_owned(),
        questions: vec![
            question("hopp", "Hur ser du på framtiden?", true),
            question("kraft", "Hur mycket orkar du?", false),
        ],
    };
    services.answer(
        QUESTIONNAIRE,
        &GetQuestionnaireResponse { questionnaire: Some(questionnaire.clone()) },
    );
    let listed = ListQuestionnairesResponse {
        questionnaires: vec![questionnaire],
        next_page_token: String::new(),
    };
    services.answer(QUESTIONNAIRES, &listed);
    let answer = SurveyAnswer {
        name: name("surveyAnswers", "s1"),
        enrolment: name("enrolments", "e1"),
        questionnaire: name("questionnaires", "egen-2025"),
        occasion: SurveyOccasion::Enrolment.into(),
        day: day(6, 18),
        answers: vec![QuestionAnswer { question: "hopp".to_owned(), halves: 17 }],
        etag: "1".to_owned(),
        ..SurveyAnswer::default()
    };
    services.answer(GET, &GetSurveyAnswerResponse { survey_answer: Some(answer.clone()) });
    let listed =
        ListSurveyAnswersResponse { survey_answers: vec![answer], next_page_token: String::new() };
    services.answer(LIST, &listed);
}
