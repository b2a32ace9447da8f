//! What is done in an enrolment and what follows it: the steps, the placements, the
//! surveys, the follow-ups.

use http::StatusCode;
use proto::participant::{
    CreateMilestoneRequest, CreateMilestoneResponse, CreatePlacementRequest,
    CreatePlacementResponse, CreateSurveyAnswerRequest, CreateSurveyAnswerResponse,
    EndFollowUpRequest, EndFollowUpResponse, EndPlacementRequest, EndPlacementResponse, FollowUp,
    FollowUpResult, GetEnrolmentResponse, GetFollowUpResponse, ListFollowUpsRequest, MilestoneKind,
    PlacementEnd, RemoveMilestoneRequest, RemoveMilestoneResponse, Sector, Situation,
    SurveyOccasion,
};

use super::{
    browser::World,
    vastmanland::{
        course::follow_up,
        people::{FAMILY_NAME, enrolment},
    },
};

const LIST: &str = "/samordna.participant.v1.FollowUpService/ListFollowUps";
const GET: &str = "/samordna.participant.v1.FollowUpService/GetFollowUp";
const END: &str = "/samordna.participant.v1.FollowUpService/EndFollowUp";
const MILESTONE: &str = "/samordna.participant.v1.MilestoneService/CreateMilestone";
const REMOVE: &str = "/samordna.participant.v1.MilestoneService/RemoveMilestone";
const PLACEMENT: &str = "/samordna.participant.v1.PlacementService/CreatePlacement";
const END_PLACEMENT: &str = "/samordna.participant.v1.PlacementService/EndPlacement";
const ANSWER: &str = "/samordna.participant.v1.SurveyService/CreateSurveyAnswer";
const ENROLMENT: &str = "/samordna.participant.v1.EnrolmentService/GetEnrolment";

#[tokio::test]
async fn the_work_list_asks_for_what_is_due_and_a_follow_up_is_entered_from_it() {
    let world = World::new().await;
    world.services.answer(END, &EndFollowUpResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let list = browser.get("/follow-ups").await;
    assert!(list.text().contains(FAMILY_NAME) && list.text().contains("gick inte att nå"));
    assert!(list.html.contains("href=\"/follow-ups/e1-6\""));
    assert!(!list.html.contains("href=\"/follow-ups/e1-12\""), "it has ended");
    browser.get("/follow-ups?which=soon&team=hallstahammar").await;
    browser.get("/follow-ups?which=all").await;
    let asked: Vec<ListFollowUpsRequest> = world.services.asked(LIST);
    let due: Vec<_> = asked.iter().map(|it| it.due_by.map(|day| (day.month, day.day))).collect();
    assert_eq!(due, [Some((7, 15)), Some((8, 14)), None]);
    assert_eq!(asked[1].team, "federations/vastmanland/teams/hallstahammar");

    let form = browser.get("/follow-ups/e1-6").await;
    let fields = [
        ("result", "FOLLOW_UP_RESULT_ANSWERED"),
        ("day", "2025-07-10"),
        ("situation", "SITUATION_STUDIES"),
        ("line-0-livelihood", "LIVELIHOOD_STUDY_SUPPORT"),
    ];
    let page = browser.submit(&form, "/follow-ups/e1-6", &fields).await;
    assert_eq!(page.location, "/follow-ups", "{}", page.text());
    let nobody = [("result", "FOLLOW_UP_RESULT_NOT_REACHED"), ("day", "2025-07-10")];
    browser.submit(&form, "/follow-ups/e1-6", &nobody).await;
    let asked: Vec<EndFollowUpRequest> = world.services.asked(END);
    assert_eq!(
        (asked[0].result(), asked[0].situation()),
        (FollowUpResult::Answered, Situation::Studies)
    );
    assert_eq!((asked[0].livelihoods.len(), asked[0].etag.as_str()), (1, "1"));
    assert_eq!((asked[1].situation(), asked[1].livelihoods.len()), (Situation::Unspecified, 0));

    // Who answered has told what it does.
    let page = browser.submit(&form, "/follow-ups/e1-6", &fields[..2]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.html.contains("href=\"#situation\""), "{}", page.text());
}

#[tokio::test]
async fn who_may_not_be_asked_is_said_beside_the_question() {
    let world = World::new().await;
    let silent = FollowUp { may_be_asked: false, ..follow_up(6, None) };
    world.services.answer(GET, &GetFollowUpResponse { follow_up: Some(silent) });
    let mut browser = world.signed_in("sofia").await;
    let page = browser.get("/follow-ups/e1-6").await;
    assert!(page.text().contains("Personen får inte tillfrågas"), "{}", page.text());
}

#[tokio::test]
async fn steps_and_placements_stand_on_the_enrolments_page_and_are_added_and_taken_away() {
    let world = World::new().await;
    world.services.answer(MILESTONE, &CreateMilestoneResponse::default());
    world.services.answer(REMOVE, &RemoveMilestoneResponse::default());
    world.services.answer(PLACEMENT, &CreatePlacementResponse::default());
    world.services.answer(END_PLACEMENT, &EndPlacementResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let page = browser.get("/enrolments/e1").await;
    for shown in
        ["Frågor om våld erbjöds", "civilsamhället", "50 %", "Pågår", "efter", "Egen enkät"]
    {
        assert!(page.text().to_lowercase().contains(&shown.to_lowercase()), "{shown}");
    }
    let form = browser.get("/enrolments/e1/milestones/new").await;
    let fields = [("kind", "MILESTONE_KIND_PLAN_AGREED"), ("day", "2025-07-10")];
    let page = browser.submit(&form, "/enrolments/e1/milestones/new", &fields).await;
    assert_eq!(page.location, "/enrolments/e1");
    let asked: Vec<CreateMilestoneRequest> = world.services.asked(MILESTONE);
    assert_eq!(asked[0].milestone.as_ref().unwrap().kind(), MilestoneKind::PlanAgreed);

    let path = "/enrolments/e1/placements/new";
    let form = browser.get(path).await;
    let fields = [("sector", "SECTOR_PUBLIC"), ("extent", "75 %"), ("first_day", "2025-07-01")];
    assert_eq!(browser.submit(&form, path, &fields).await.location, "/enrolments/e1");
    let asked: Vec<CreatePlacementRequest> = world.services.asked(PLACEMENT);
    let sent = asked[0].placement.as_ref().unwrap();
    assert_eq!((sent.sector(), sent.extent_percent, sent.last_day), (Sector::Public, 75, None));

    let path = "/enrolments/e1/placements/w1/end";
    let form = browser.get(path).await;
    let fields = [("last_day", "2025-07-10"), ("end", "PLACEMENT_END_LED_TO_WORK")];
    assert_eq!(browser.submit(&form, path, &fields).await.location, "/enrolments/e1");
    let asked: Vec<EndPlacementRequest> = world.services.asked(END_PLACEMENT);
    assert_eq!(asked[0].end(), PlacementEnd::LedToWork);

    let path = "/enrolments/e1/milestones/m1/remove";
    let form = browser.get(path).await;
    let page = browser.submit(&form, path, &[("reason", "Fel person")]).await;
    assert_eq!(page.location, "/enrolments/e1");
    let asked: Vec<RemoveMilestoneRequest> = world.services.asked(REMOVE);
    assert_eq!((asked[0].reason.as_str(), asked[0].etag.as_str()), ("Fel person", "1"));
}

#[tokio::test]
async fn a_survey_has_the_questions_of_its_definition_with_their_steps() {
    let world = World::new().await;
    world.services.answer(ANSWER, &CreateSurveyAnswerResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let page = browser.get("/enrolments/e1").await;
    // The occasion that has answers is not offered again, the exit has not come.
    assert!(!page.html.contains("/surveys/egen-2025/"));
    world.services.answer(
        ENROLMENT,
        &GetEnrolmentResponse { enrolment: Some(enrolment(Some(Default::default()))) },
    );
    let page = browser.get("/enrolments/e1").await;
    let path = "/enrolments/e1/surveys/egen-2025/exit";
    assert!(page.html.contains(&format!("href=\"{path}\"")));
    let form = browser.get(path).await;
    assert!(form.text().contains("Hur ser du på framtiden? Skala 1–10"), "{}", form.text());
    let halves = form.html.matches("value=\"17\"").count();
    assert_eq!(halves, 1, "only one question has half steps");
    let fields = [("day", "2025-07-10"), ("question-hopp", "17"), ("question-kraft", "")];
    assert_eq!(browser.submit(&form, path, &fields).await.location, "/enrolments/e1");
    let asked: Vec<CreateSurveyAnswerRequest> = world.services.asked(ANSWER);
    let sent = asked[0].survey_answer.as_ref().unwrap();
    assert_eq!(sent.occasion(), SurveyOccasion::Exit);
    let answers: Vec<_> = sent.answers.iter().map(|it| (it.question.as_str(), it.halves)).collect();
    assert_eq!(answers, [("hopp", 17)], "what is skipped is not sent");
    let page = browser.submit(&form, path, &fields[..1]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);

    let page = browser.get("/enrolments/e1/answers/s1").await;
    assert!(page.text().contains("8,5") && page.text().contains("Inte besvarad"));
}

#[tokio::test]
async fn nobody_else_opens_them() {
    let world = World::new().await;
    for who in ["maria", "karin", "nils", "leila"] {
        let mut browser = world.signed_in(who).await;
        for path in [
            "/follow-ups",
            "/follow-ups/e1-6",
            "/enrolments/e1/milestones/new",
            "/enrolments/e1/placements/new",
            "/enrolments/e1/surveys/egen-2025/exit",
            "/enrolments/e1/answers/s1",
            "/enrolments/e1/placements/w1/remove",
        ] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{who} {path}");
        }
    }
}
