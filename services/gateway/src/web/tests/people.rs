//! Referrals and people: what is sent, what is shown to whom, and that nobody's number or
//! name gets into an address.

use http::StatusCode;
use platform::Failure;
use proto::participant::{
    CreateReferralRequest, CreateReferralResponse, DecideReferralRequest, DecideReferralResponse,
    FindParticipantRequest, FindParticipantResponse, GetReferralResponse, ListReadsResponse,
    ListReferralsRequest, Participant, Read, Referral, ReferralState, Sex,
};

use super::{
    browser::{Page, World},
    vastmanland::{
        self,
        people::{FAMILY_NAME, NUMBER, referral},
    },
};

const CREATE: &str = "/samordna.participant.v1.ReferralService/CreateReferral";
const DECIDE: &str = "/samordna.participant.v1.ReferralService/DecideReferral";
const FIND: &str = "/samordna.participant.v1.ParticipantService/FindParticipant";
const READS: &str = "/samordna.participant.v1.ReadLogService/ListReads";
const LIST: &str = "/samordna.participant.v1.ReferralService/ListReferrals";
const GET: &str = "/samordna.participant.v1.ReferralService/GetReferral";

const NEW: [(&str, &str); 12] = [
    ("team", "hallstahammar"),
    ("municipality", "1961"),
    ("sender", "hallstahammar"),
    ("kind", "REFERRING_KIND_MUNICIPALITY"),
    ("day", "2025-07-01"),
    ("sex", "SEX_WOMAN"),
    ("personal_number", "19701063-2391"),
    ("given_name", "Test"),
    ("family_name", FAMILY_NAME),
    ("line-0-livelihood", "LIVELIHOOD_SOCIAL_ASSISTANCE"),
    ("line-0-extent", "100"),
    ("ready", "yes"),
];

fn tells_who(text: &str) -> bool {
    text.contains(FAMILY_NAME) || text.contains(NUMBER) || text.contains("2391")
}

fn title(page: &Page) -> &str {
    page.html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap()
}

#[tokio::test]
async fn an_officer_sends_a_referral_and_nothing_of_who_it_is_gets_into_an_address() {
    let world = World::new().await;
    let sent = Referral { name: vastmanland::name("referrals", "a9"), ..Referral::default() };
    world.services.answer(CREATE, &CreateReferralResponse { referral: Some(sent) });
    let mut browser = world.signed_in("nils").await;
    let form = browser.get("/referrals/new").await;
    let page = browser.submit(&form, "/referrals/new", &NEW).await;
    assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/referrals/a9"));
    let asked: Vec<CreateReferralRequest> = world.services.asked(CREATE);
    assert!(!tells_who(&asked[0].referral_id), "{}", asked[0].referral_id);
    let person = asked[0].person.as_ref().unwrap();
    assert_eq!(person.identity.as_ref().unwrap().family_name, FAMILY_NAME);
    assert_eq!((person.sex(), person.protected_identity), (Sex::Woman, false));
    let referral = asked[0].referral.as_ref().unwrap();
    assert!(referral.ready && referral.livelihoods.len() == 1);
}

#[tokio::test]
async fn a_person_with_protected_identity_is_sent_with_nothing_but_the_sex() {
    let world = World::new().await;
    world.services.answer(CREATE, &CreateReferralResponse::default());
    let mut browser = world.signed_in("nils").await;
    let form = browser.get("/referrals/new").await;
    let mut fields = NEW.to_vec();
    fields.retain(|(id, _)| !["personal_number", "given_name", "family_name"].contains(id));
    fields.push(("protected", "yes"));
    browser.submit(&form, "/referrals/new", &fields).await;
    let asked: Vec<CreateReferralRequest> = world.services.asked(CREATE);
    let expected =
        Participant { sex: Sex::Woman.into(), protected_identity: true, ..Participant::default() };
    assert_eq!(asked[0].person.as_ref(), Some(&expected));
}

#[tokio::test]
async fn the_team_sees_the_person_and_the_sender_does_not() {
    let world = World::new().await;
    let mut team = world.signed_in("sofia").await;
    let page = team.get("/referrals/a1").await;
    assert!(tells_who(&page.text()) && !tells_who(title(&page)), "{}", page.html);
    assert!(page.text().contains("Anteckna som kallad"));
    let to_sender = Referral { participant: String::new(), ..referral(ReferralState::Received) };
    world.services.answer(GET, &GetReferralResponse { referral: Some(to_sender) });
    let mut sender = world.signed_in("nils").await;
    let page = sender.get("/referrals/a1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!tells_who(&page.html) && !page.text().contains("Anteckna som kallad"));
    assert!(page.text().contains("Återkalla") && page.text().contains("Läkarintyget saknas"));
}

#[tokio::test]
async fn a_decision_goes_with_its_reason_and_feedback() {
    let world = World::new().await;
    world.services.answer(DECIDE, &DecideReferralResponse::default());
    let mut browser = world.signed_in("sofia").await;
    let form = browser.get("/referrals/a1").await;
    let steps = "/referrals/a1/steps";
    let fields = [
        ("step", "decide"),
        ("day", "2025-07-10"),
        ("decision", "REFERRAL_STATE_ACCEPTED"),
        ("reason", "DECISION_REASON_MEETS_CRITERIA"),
        ("feedback", "Välkommen"),
    ];
    let page = browser.submit(&form, steps, &fields).await;
    assert_eq!(page.location, "/referrals/a1", "{}", page.html);
    let asked: Vec<DecideReferralRequest> = world.services.asked(DECIDE);
    assert_eq!((asked[0].state(), asked[0].etag.as_str()), (ReferralState::Accepted, "2"));
    // With protected identity it is gone, and its name alone is told.
    let gone = Referral { name: asked[0].name.clone(), ..Referral::default() };
    world.services.answer(DECIDE, &DecideReferralResponse { referral: Some(gone) });
    let page = browser.submit(&form, steps, &fields).await;
    assert_eq!(page.location, "/referrals", "{}", page.html);
    // Without a reason everything is shown again.
    let page = browser.submit(&form, steps, &fields[..3]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Uppgiften saknas"));
}

#[tokio::test]
async fn a_person_is_found_by_a_number_that_no_address_holds() {
    let world = World::new().await;
    let found = Participant { name: vastmanland::name("participants", "p1"), ..Default::default() };
    world.services.answer(FIND, &FindParticipantResponse { participant: Some(found) });
    let mut browser = world.signed_in("sofia").await;
    let form = browser.get("/participants").await;
    let number = [("personal_number", NUMBER)];
    let page = browser.submit(&form, "/participants/find", &number).await;
    assert_eq!(page.location, "/participants/p1");
    let asked: Vec<FindParticipantRequest> = world.services.asked(FIND);
    assert_eq!(asked[0].personal_number, NUMBER);
    let page = browser.get(&page.location).await;
    assert!(tells_who(&page.text()) && !tells_who(title(&page)));
    for address in page.html.split("href=\"").skip(1) {
        assert!(!tells_who(address.split('"').next().unwrap()));
    }

    world.services.refuse(FIND, Failure::not_found("federations/vastmanland"));
    let page = browser.submit(&form, "/participants/find", &number).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Det finns ingen med det numret"), "{}", page.text());
}

#[tokio::test]
async fn the_office_is_offered_none_of_it() {
    let world = World::new().await;
    for who in ["maria", "anna", "karin"] {
        let mut browser = world.signed_in(who).await;
        for path in ["/referrals", "/referrals/new", "/participants", "/participants/p1"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{who} {path}");
        }
    }
    let mut browser = world.signed_in("sofia").await;
    assert_eq!(browser.get("/read-log").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_overview_leads_into_the_days_work_and_reads_nobody_for_it() {
    let world = World::new().await;
    let page = world.signed_in("sofia").await.get("/").await;
    assert!(page.text().contains("Dagens arbete i teamet Aktualiseringar att ta emot"));
    for href in ["/referrals/new", "/referrals?state=talked", "/queue", "/follow-ups"] {
        assert!(page.html.contains(&format!("href=\"{href}\"")), "{href}");
    }
    assert!(world.services.asked::<ListReferralsRequest>(LIST).is_empty());
    let sender = world.signed_in("nils").await.get("/").await;
    assert!(sender.html.contains("href=\"/referrals/new\""), "{}", sender.text());
    assert!(!sender.html.contains("href=\"/queue"), "{}", sender.text());
    let economist = world.signed_in("erik").await.get("/").await;
    assert!(!economist.html.contains("href=\"/referrals"), "{}", economist.text());
}

#[tokio::test]
async fn an_open_case_that_the_sender_does_not_see_leaves_a_whole_sentence() {
    let world = World::new().await;
    world.services.refuse(CREATE, Failure::refused("REFERRAL_OPEN").with("referral", ""));
    let mut browser = world.signed_in("nils").await;
    let form = browser.get("/referrals/new").await;
    let page = browser.submit(&form, "/referrals/new", &NEW).await;
    let said = "Personen har redan ett pågående ärende hos teamet. Vänta";
    assert!(page.text().contains(said), "{}", page.text());
}

#[tokio::test]
async fn the_read_log_says_at_which_minute_and_what_was_opened() {
    let world = World::new().await;
    let read = Read {
        time: "2025-07-01T12:05:59Z".parse().ok().map(platform::convert::timestamp),
        rpc: "/samordna.participant.v1.QueueService/ListQueue".to_owned(),
        actor: vastmanland::name("accounts", "sofia"),
        ..Read::default()
    };
    let reads = ListReadsResponse { reads: vec![read], next_page_token: String::new() };
    world.services.answer(READS, &reads);
    let text = world.signed_in("karin").await.get("/read-log").await.text();
    assert!(text.contains("2025-07-01 14:05 Sofia Sand Visade kön"), "{text}");
}
