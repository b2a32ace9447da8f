//! What changes who a person is or who goes first: merges, protected identity, queue
//! exceptions, criteria, coaches.

use http::StatusCode;
use proto::participant::{
    CreateCriteriaRequest, CreateCriteriaResponse, FindParticipantResponse, GetParticipantResponse,
    GetReferralResponse, Livelihood, MergeParticipantsRequest, MergeParticipantsResponse,
    Participant, ProtectParticipantRequest, ProtectParticipantResponse, ReferralState,
    SetQueueExceptionRequest, SetQueueExceptionResponse, TransferCoachRequest,
    TransferCoachResponse, UndoMergeRequest, UndoMergeResponse,
};

use super::{
    browser::World,
    vastmanland::{
        name,
        people::{FAMILY_NAME, NUMBER, referral},
    },
};

const FIND: &str = "/samordna.participant.v1.ParticipantService/FindParticipant";
const PERSON: &str = "/samordna.participant.v1.ParticipantService/GetParticipant";
const MERGE: &str = "/samordna.participant.v1.ParticipantService/MergeParticipants";
const UNDO: &str = "/samordna.participant.v1.ParticipantService/UndoMerge";
const PROTECT: &str = "/samordna.participant.v1.ParticipantService/ProtectParticipant";
const EXCEPTION: &str = "/samordna.participant.v1.QueueService/SetQueueException";
const REFERRAL: &str = "/samordna.participant.v1.ReferralService/GetReferral";
const CRITERIA: &str = "/samordna.participant.v1.CriteriaService/CreateCriteria";
const COACH: &str = "/samordna.participant.v1.EnrolmentService/TransferCoach";

#[tokio::test]
async fn a_duplicate_is_found_by_its_number_seen_and_merged_and_the_merge_undone() {
    let world = World::new().await;
    let found = Participant { name: name("participants", "p2"), ..Participant::default() };
    world.services.answer(FIND, &FindParticipantResponse { participant: Some(found) });
    world.services.answer(MERGE, &MergeParticipantsResponse::default());
    world.services.answer(UNDO, &UndoMergeResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let page = browser.get("/participants/p1").await;
    assert!(page.html.contains("href=\"/participants/p1/merge\""));
    let form = browser.get("/participants/p1/merge").await;
    let page =
        browser.submit(&form, "/participants/p1/merge", &[("personal_number", NUMBER)]).await;
    assert_eq!(page.location, "/participants/p1/merge/p2", "no number in the address");
    let form = browser.get(&page.location).await;
    assert_eq!(form.text().matches(FAMILY_NAME).count(), 2, "both are shown");
    let reason = [("reason", "Hade ett samordningsnummer")];
    let page = browser.submit(&form, "/participants/p1/merge/p2", &reason).await;
    assert_eq!(page.location, "/participants/p1");
    let asked: Vec<MergeParticipantsRequest> = world.services.asked(MERGE);
    assert_eq!(
        (asked[0].name.as_str(), asked[0].etag.as_str()),
        (&*name("participants", "p1"), "1")
    );
    assert_eq!(asked[0].duplicate, name("participants", "p2"));

    let merged = Participant {
        name: name("participants", "p2"),
        merged_into: name("participants", "p1"),
        ..Participant::default()
    };
    world.services.answer(PERSON, &GetParticipantResponse { participant: Some(merged) });
    let page = browser.get("/participants/p2").await;
    assert!(!page.html.contains("href=\"/participants/p2/merge\""));
    let undo = "/participants/p1/unmerge/p2";
    assert!(page.html.contains(&format!("href=\"{undo}\"")));
    let form = browser.get(undo).await;
    let page = browser.submit(&form, undo, &reason).await;
    assert_eq!(page.location, "/participants/p1");
    assert_eq!(world.services.asked::<UndoMergeRequest>(UNDO).len(), 1);

    let itself = Participant { name: name("participants", "p1"), ..Participant::default() };
    world.services.answer(FIND, &FindParticipantResponse { participant: Some(itself) });
    let form = browser.get("/participants/p1/merge").await;
    let page =
        browser.submit(&form, "/participants/p1/merge", &[("personal_number", NUMBER)]).await;
    assert!(page.text().contains("Det är personen själv"), "{}", page.text());
}

#[tokio::test]
async fn who_a_person_is_is_destroyed_only_by_somebody_who_says_so() {
    let world = World::new().await;
    world.services.answer(PROTECT, &ProtectParticipantResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let path = "/participants/p1/protect";
    let form = browser.get(path).await;
    assert!(form.text().contains("a1, e1"), "the cases by which it opens: {}", form.text());
    let page = browser.submit(&form, path, &[("sure", "")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = browser.submit(&form, path, &[("sure", "yes")]).await;
    assert_eq!(page.location, "/participants", "nothing that goes on leads to the person");
    let left = Participant { protected_identity: true, ..Participant::default() };
    world.services.answer(PROTECT, &ProtectParticipantResponse { participant: Some(left) });
    let page = browser.submit(&form, path, &[("sure", "yes")]).await;
    assert_eq!(page.location, "/participants/p1");
    let asked: Vec<ProtectParticipantRequest> = world.services.asked(PROTECT);
    let tried: Vec<bool> = asked.iter().map(|it| it.validate_only).collect();
    assert_eq!(tried, [true, false, false]);
}

#[tokio::test]
async fn an_exception_in_the_queue_has_a_reason_and_is_taken_back_with_none() {
    let world = World::new().await;
    world.services.answer(EXCEPTION, &SetQueueExceptionResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let path = "/referrals/a1/exception";
    let form = browser.get(path).await;
    let page = browser.submit(&form, path, &[("reason", "")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "there is none to take back");
    let page = browser.submit(&form, path, &[("reason", "Praktiken slutar")]).await;
    assert_eq!(page.location, "/queue?team=hallstahammar");
    let mut first = referral(ReferralState::Accepted);
    first.queue_exception_reason = "Praktiken slutar".to_owned();
    world.services.answer(REFERRAL, &GetReferralResponse { referral: Some(first) });
    let form = browser.get(path).await;
    assert!(form.html.contains("Praktiken slutar</textarea>"));
    assert_eq!(browser.submit(&form, path, &[("reason", "")]).await.status, StatusCode::SEE_OTHER);
    let asked: Vec<SetQueueExceptionRequest> = world.services.asked(EXCEPTION);
    let reasons: Vec<&str> = asked.iter().map(|it| it.reason.as_str()).collect();
    assert_eq!(reasons, ["", "Praktiken slutar", ""]);
    assert!(asked[0].validate_only && !asked[2].validate_only);
}

#[tokio::test]
async fn the_office_enters_new_criteria_and_a_team_reads_them() {
    let world = World::new().await;
    world.services.answer(CRITERIA, &CreateCriteriaResponse::default());
    let mut team = world.signed_in("sofia").await;
    let page = team.get("/criteria").await;
    assert!(page.text().contains("16–64") && !page.html.contains("href=\"/criteria/new\""));
    assert_eq!(team.get("/criteria/new").await.status, StatusCode::FORBIDDEN);
    let mut office = world.signed_in("maria").await;
    let form = office.get("/criteria/new").await;
    let fields = [
        ("team", "hallstahammar"),
        ("first_day", "2025-08-01"),
        ("youngest", "18"),
        ("oldest", ""),
        ("LIVELIHOOD_SOCIAL_ASSISTANCE", "yes"),
        ("LIVELIHOOD_SICKNESS_BENEFIT", "yes"),
        ("ready", "yes"),
        ("decision", "Styrgruppen 2025-06-12"),
    ];
    let page = office.submit(&form, "/criteria/new", &fields).await;
    assert_eq!(page.location, "/criteria", "{}", page.text());
    let asked: Vec<CreateCriteriaRequest> = world.services.asked(CRITERIA);
    let sent = asked[0].criteria.as_ref().unwrap();
    assert_eq!((sent.youngest, sent.oldest, sent.needs_readiness), (18, 0, true));
    let livelihoods: Vec<_> = sent.livelihoods().collect();
    assert_eq!(livelihoods, [Livelihood::SocialAssistance, Livelihood::SicknessBenefit]);
}

#[tokio::test]
async fn a_coach_is_chosen_among_those_who_hold_the_role_and_typed_where_nobody_does() {
    let world = World::new().await;
    world.services.answer(COACH, &TransferCoachResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let form = browser.get("/enrolments/e1/coach").await;
    assert!(form.html.contains("<input class=\"ds-input\" id=\"coach\""), "there is no coach");
    let mut karin = world.signed_in("karin").await;
    let grant = karin.get("/roles/new?account=leila").await;
    let role = [
        ("account", "leila"),
        ("role", "coach"),
        ("party", "hallstahammar"),
        ("team", "hallstahammar"),
        ("first_day", "2025-07-15"),
        ("reason", "Ny coach"),
    ];
    let page = karin.submit(&grant, "/roles/new", &role).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let form = browser.get("/enrolments/e1/coach").await;
    assert!(form.html.contains("<option value=\"leila\">Leila Berg</option>"), "{}", form.html);
    let fields = [("coach", "leila"), ("day", "2025-07-15"), ("reason", "Byter team")];
    let page = browser.submit(&form, "/enrolments/e1/coach", &fields).await;
    assert_eq!(page.location, "/enrolments/e1");
    let asked: Vec<TransferCoachRequest> = world.services.asked(COACH);
    assert_eq!(asked[0].coach, name("accounts", "leila"));
    let form = browser.get("/referrals/a1/enrol").await;
    assert!(form.html.contains("<option value=\"leila\">Leila Berg</option>"));
}
