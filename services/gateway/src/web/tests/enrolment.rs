//! Enrolments in the browser: the next in the queue, the coach's own, and the exit.

use http::StatusCode;
use platform::Failure;
use proto::participant::{
    CreateEnrolmentRequest, CreateEnrolmentResponse, Enrolment, Exit, ExitEnrolmentRequest,
    ExitEnrolmentResponse, ExitOutcome, GetEnrolmentResponse, GetReferralResponse,
    ListEnrolmentsRequest, ListQueueResponse, Livelihood, QueueEntry, ReferralState,
};

use super::{
    browser::World,
    vastmanland::people::{FAMILY_NAME, enrolment, referral},
};

const CREATE: &str = "/samordna.participant.v1.EnrolmentService/CreateEnrolment";
const EXIT: &str = "/samordna.participant.v1.EnrolmentService/ExitEnrolment";
const GET: &str = "/samordna.participant.v1.EnrolmentService/GetEnrolment";
const LIST: &str = "/samordna.participant.v1.EnrolmentService/ListEnrolments";
const REFERRAL: &str = "/samordna.participant.v1.ReferralService/GetReferral";
const QUEUE: &str = "/samordna.participant.v1.QueueService/ListQueue";

#[tokio::test]
async fn the_next_in_the_queue_is_enrolled_with_a_coach() {
    let world = World::new().await;
    let accepted = referral(ReferralState::Accepted);
    let next = QueueEntry {
        place: 1,
        referral: accepted.name.clone(),
        participant: accepted.participant.clone(),
        municipality: accepted.municipality.clone(),
        referring_kind: accepted.referring_kind,
        referral_date: accepted.referral_date,
        days_waited: 44,
        exception_reason: "Slutar sin praktik".to_owned(),
    };
    let answer = ListQueueResponse { entries: vec![next], next_page_token: String::new() };
    world.services.answer(QUEUE, &answer);
    world.services.answer(REFERRAL, &GetReferralResponse { referral: Some(accepted) });
    let mut browser = world.signed_in("sofia").await;
    let queue = browser.get("/queue").await;
    assert!(queue.text().contains(FAMILY_NAME));
    assert!(queue.text().contains("44") && queue.text().contains("Slutar sin praktik"));
    assert!(queue.html.contains("href=\"/referrals/a1/enrol\""));

    let form = browser.get("/referrals/a1/enrol").await;
    let fields =
        [("first_day", "2025-07-15"), ("planned_last_day", "2026-07-14"), ("coach", "Leila")];
    world
        .services
        .refuse(CREATE, Failure::refused("NOT_NEXT").with("before", 2).with("day", "2025-07-15"));
    let page = browser.submit(&form, "/referrals/a1/enrol", &fields).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("2 i kommunens kö"), "{}", page.text());
    world.services.answer(CREATE, &CreateEnrolmentResponse { enrolment: Some(enrolment(None)) });
    let page = browser.submit(&form, "/referrals/a1/enrol", &fields).await;
    assert_eq!(page.location, "/enrolments/e1");
    let asked: Vec<CreateEnrolmentRequest> = world.services.asked(CREATE);
    let sent = asked[1].enrolment.as_ref().unwrap();
    assert_eq!(sent.coaches[0].coach, "federations/vastmanland/accounts/leila");
    assert!(!asked[1].validate_only && sent.synthetic);
}

#[tokio::test]
async fn a_coach_asks_for_the_own_participants() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    browser.get("/enrolments?whose=mine").await;
    browser.get("/enrolments?state=all").await;
    let asked: Vec<ListEnrolmentsRequest> = world.services.asked(LIST);
    assert_eq!(asked[0].coach, "federations/vastmanland/accounts/sofia");
    assert!(asked[0].open_only && asked[1].coach.is_empty() && !asked[1].open_only);
}

#[tokio::test]
async fn an_exit_has_one_outcome_and_leads_to_the_documentation() {
    let world = World::new().await;
    world.services.answer(EXIT, &ExitEnrolmentResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let page = browser.get("/enrolments/e1").await;
    assert!(page.html.contains("href=\"/enrolments/e1/exit\""));
    assert!(!page.html.contains("href=\"/enrolments/e1/documentation\""));
    let form = browser.get("/enrolments/e1/exit").await;
    let fields = [
        ("day", "2025-07-14"),
        ("outcome", "EXIT_OUTCOME_WORK"),
        ("subsidised", "yes"),
        ("extent", "75"),
        ("line-0-livelihood", "LIVELIHOOD_SALARY"),
        ("line-0-extent", "75"),
    ];
    let page = browser.submit(&form, "/enrolments/e1/exit", &fields).await;
    assert_eq!(page.location, "/enrolments/e1", "{}", page.text());
    let asked: Vec<ExitEnrolmentRequest> = world.services.asked(EXIT);
    let exit = asked[0].exit.clone().unwrap();
    assert_eq!(
        (exit.outcome(), exit.subsidised, exit.extent_percent),
        (ExitOutcome::Work, true, 75)
    );
    assert_eq!(exit.livelihoods[0].livelihood(), Livelihood::Salary);
    assert_eq!(asked[0].etag, "3");

    // With protected identity it is gone, and its name alone is told.
    let name = asked[0].name.clone();
    let gone = Enrolment { name, ..Enrolment::default() };
    world.services.answer(EXIT, &ExitEnrolmentResponse { enrolment: Some(gone) });
    let page = browser.submit(&form, "/enrolments/e1/exit", &fields).await;
    assert_eq!(page.location, "/enrolments", "{}", page.text());

    let ended = enrolment(Some(Exit { outcome: ExitOutcome::Work.into(), ..exit }));
    world.services.answer(GET, &GetEnrolmentResponse { enrolment: Some(ended) });
    let page = browser.get("/enrolments/e1").await;
    assert!(page.html.contains("href=\"/enrolments/e1/documentation\""));
    assert!(page.text().contains("Avslutad") && page.text().contains("arbete"));
}
