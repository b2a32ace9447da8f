//! A team's list: uploaded, tried and taken in as a table or a workbook; what is wrong told
//! by row and column; and nothing of who is in it left behind.

use http::StatusCode;
use platform::Failure;
use proto::{
    common::{Fact, ImportEffect, ImportFault},
    participant::{
        Case, CaseOutcome, ExportCasesRequest, ImportParticipantsRequest,
        ImportParticipantsResponse, ListParticipantImportsResponse, ParticipantImport,
        ReferralState, UndoParticipantImportRequest, UndoParticipantImportResponse,
    },
};
use sea_orm::{ConnectionTrait as _, Statement};
use sheets::testing::{book, texts};

use super::{
    browser::{Browser, Page, World, attribute},
    vastmanland::name,
};

const IMPORT: &str = "/samordna.participant.v1.ParticipantImportService/ImportParticipants";
const UNDO: &str = "/samordna.participant.v1.ParticipantImportService/UndoParticipantImport";
const LIST: &str = "/samordna.participant.v1.ParticipantImportService/ListParticipantImports";
const EXPORT: &str = "/samordna.participant.v1.ParticipantImportService/ExportCases";

const LISTS: &str = "/teams/hallstahammar/lists";
const CHECK: &str = "/teams/hallstahammar/lists/check";
const TAKE_IN: &str = "/teams/hallstahammar/lists/take-in";

/// The three numbers that are made for tests, at every stage.
const ROWS: [&str; 4] = [
    "Personnummer;Förnamn;Efternamn;Kön;Kommun;Avsändare;Väg in;Aktualiserad;Försörjning;Beslut;\
     Beslutsdag;Skäl;Inskriven;Planerat slut;Coach;Avslutad;Utfall;Försörjning efter;Anteckning",
    "19701063-2391;Test;Testsson 1;Kvinna;Sala;Hallstahammars kommun;Kommun;2025-01-07;\
     försörjningsstöd 100 %;;;;;;;;;;",
    "189001019802;Test;Testsson 2;Kvinna;Sala;Hallstahammar;FK;2025-01-08;sjukpenning;\
     Ej behörig;2025-01-20;Utanför målgruppen;;;;;;;x",
    "198112289874;Test;Testsson 3;Man;1981;hallstahammar;AF/FK;2025-01-09;\
     försörjningsstöd 50 %, lön 50 %;Antagen;2025-01-20;Uppfyller kriterierna;2025-02-01;\
     2025-12-31;Sofia;2025-06-30;Arbete;lön;",
];

fn csv(rows: &[&str]) -> Vec<u8> {
    format!("\u{feff}{}\r\n", rows.join("\r\n")).into_bytes()
}

/// What the service answers when all rows are new.
fn all_new(count: usize) -> ImportParticipantsResponse {
    let outcome = |row: usize| CaseOutcome {
        row: format!("cases[{row}]"),
        referral: name("referrals", "a1"),
        effect: ImportEffect::Created.into(),
        known_participant: if row == 0 { name("participants", "p1") } else { String::new() },
        state: ReferralState::Sent.into(),
        ..CaseOutcome::default()
    };
    let outcomes = (0..count).map(outcome).collect();
    ImportParticipantsResponse { outcomes, faults: Vec::new() }
}

fn tells_who(text: &str) -> bool {
    ["Testsson", "2391", "9802", "9874"].iter().any(|told| text.contains(told))
}

/// What is chosen in the selects of a page.
fn chosen(page: &Page) -> Vec<(String, String)> {
    let selects = page.html.split("<select").skip(1).filter_map(|select| {
        let (head, options) = select.split_once('>')?;
        let options = options.split("</select>").next()?;
        let option = options.split("<option").find(|option| option.contains(" selected"));
        let code = option.map(|option| attribute(option, "value").to_owned());
        Some((attribute(&format!("<select{head}>"), "id").to_owned(), code.unwrap_or_default()))
    });
    selects.collect()
}

async fn upload(browser: &mut Browser<'_>, file_name: &str, content: &[u8]) -> Page {
    let form = browser.get(LISTS).await;
    browser.upload(&form, LISTS, file_name, content).await
}

/// Tries the list with the columns that were guessed.
async fn check(browser: &mut Browser<'_>, columns: &Page) -> Page {
    let chosen = chosen(columns);
    let fields: Vec<(&str, &str)> =
        chosen.iter().map(|(id, code)| (id.as_str(), code.as_str())).collect();
    browser.submit(columns, CHECK, &fields).await
}

/// The pages that an uploaded list leads to: its columns, what it would do, and what is
/// wrong with another.
pub(super) async fn pages(world: &World) -> Vec<(&'static str, Page)> {
    world.services.answer(IMPORT, &all_new(3));
    let mut browser = world.signed_in("sofia").await;
    let columns = upload(&mut browser, "lista.csv", &csv(&ROWS)).await;
    let tried = check(&mut browser, &columns).await;
    let rows = ["Kommun;Kön", "Storstad;hund"];
    let faulty = upload(&mut browser, "lista.csv", &csv(&rows)).await;
    let faulty = check(&mut browser, &faulty).await;
    vec![(LISTS, columns), (CHECK, tried), (CHECK, faulty)]
}

fn asked(world: &World) -> Vec<ImportParticipantsRequest> {
    world.services.asked(IMPORT)
}

#[tokio::test]
async fn a_list_is_uploaded_tried_and_taken_in_and_nothing_of_it_stays() {
    let world = World::new().await;
    world.services.answer(IMPORT, &all_new(3));
    let mut browser = world.signed_in("sofia").await;
    let columns = upload(&mut browser, "Testsson.csv", &csv(&ROWS)).await;
    assert_eq!(columns.status, StatusCode::OK, "{}", columns.text());
    assert!(columns.text().contains("Kolumner som inte läses S Anteckning"), "{}", columns.text());
    assert!(!tells_who(&columns.html) && asked(&world).is_empty());

    let sealed = Statement::from_string(sea_orm::DbBackend::Sqlite, "SELECT * FROM uploaded_list");
    let database = world.home.open().await;
    let kept = database.read.query_one_raw(sealed.clone()).await.unwrap().unwrap();
    let kept: Vec<u8> = kept.try_get("", "sealed").unwrap();
    assert!(!tells_who(&String::from_utf8_lossy(&kept)) && kept.len() > csv(&ROWS).len());

    let tried = check(&mut browser, &columns).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text());
    assert!(tried.text().contains("3 nya ärenden") && tried.html.contains("/participants/p1"));
    assert!(!tells_who(&tried.html));
    let request = asked(&world).pop().unwrap();
    assert!(request.validate_only && request.team == name("teams", "hallstahammar"));
    assert_cases(&request.cases);

    let taken = browser.submit(&tried, TAKE_IN, &[]).await;
    assert_eq!((taken.status, taken.location.as_str()), (StatusCode::SEE_OTHER, LISTS));
    let [tried_with, taken_with] = <[_; 2]>::try_from(asked(&world)).unwrap();
    assert!(!taken_with.validate_only && taken_with.cases == tried_with.cases);
    assert_eq!(taken_with.participant_import_id, tried_with.participant_import_id);
    assert!(database.read.query_one_raw(sealed).await.unwrap().is_none());
    let gone = browser.submit(&tried, TAKE_IN, &[]).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(gone.text().contains("Välj den igen") && asked(&world).len() == 2);
}

fn assert_cases(cases: &[Case]) {
    let identities: Vec<_> = cases
        .iter()
        .map(|case| case.person.clone().unwrap().identity.unwrap().personal_number)
        .collect();
    assert_eq!(identities, ["19701063-2391", "189001019802", "198112289874"]);
    let stages: Vec<_> = cases
        .iter()
        .map(|case| (case.decision_state(), case.enrolment.is_some(), case.exit.is_some()))
        .collect();
    let expected = [
        (ReferralState::Unspecified, false, false),
        (ReferralState::NotEligible, false, false),
        (ReferralState::Accepted, true, true),
    ];
    assert_eq!(stages, expected);
    let last = cases[2].referral.clone().unwrap();
    assert_eq!(last.municipality, name("municipalities", "1981"));
    assert_eq!(last.livelihoods.iter().map(|it| it.extent_percent).collect::<Vec<_>>(), [50, 50]);
    let coach = &cases[2].enrolment.as_ref().unwrap().coaches[0].coach;
    assert_eq!(coach, &name("accounts", "sofia"));
    for case in cases {
        let is_plain = case.id.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(is_plain && case.id.len() == 24, "{}", case.id);
    }
}

#[tokio::test]
async fn a_workbook_says_the_same_and_the_same_file_gives_the_same_ids_until_it_is_taken_back() {
    let world = World::new().await;
    world.services.answer(IMPORT, &all_new(3));
    let mut browser = world.signed_in("sofia").await;
    let bytes = book(&[("Blad1", &|sheet| texts(sheet, &ROWS))]);
    for _ in 0..2 {
        let columns = upload(&mut browser, "lista.xlsx", &bytes).await;
        check(&mut browser, &columns).await;
    }
    let [first, second] = <[_; 2]>::try_from(asked(&world)).unwrap();
    assert_cases(&first.cases);
    assert_eq!(first.cases, second.cases);
    assert_eq!(first.participant_import_id, second.participant_import_id);
    let undone = ParticipantImport {
        name: name("participantImports", &first.participant_import_id),
        team: name("teams", "hallstahammar"),
        undo_reason: "Fel fil".to_owned(),
        ..ParticipantImport::default()
    };
    let imports = vec![undone];
    let listed = ListParticipantImportsResponse {
        participant_imports: imports,
        next_page_token: String::new(),
    };
    world.services.answer(LIST, &listed);
    let columns = upload(&mut browser, "lista.xlsx", &bytes).await;
    check(&mut browser, &columns).await;
    let third = asked(&world).pop().unwrap();
    assert_eq!(third.participant_import_id, format!("{}-2", first.participant_import_id));
    assert_ne!(third.cases[0].id, first.cases[0].id);
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_by_row_and_column_and_nothing_is_taken_in() {
    let world = World::new().await;
    let fault = |field: &str, reason: &str, facts: &[(&str, &str)]| ImportFault {
        field: field.to_owned(),
        reason: reason.to_owned(),
        facts: facts
            .iter()
            .map(|(key, value)| Fact { key: (*key).to_owned(), value: (*value).to_owned() })
            .collect(),
    };
    let faults = vec![
        fault(
            "cases[1].person.identity.personal_number",
            "PERSONAL_NUMBER_WRONG",
            &[("what", "check_digit")],
        ),
        fault("cases[0].person.sex", "FIELD_MISSING", &[]),
        fault("cases[0].enrolment.coaches", "FIELD_MISSING", &[]),
        fault("cases[0].referral.sender", "NAME_MALFORMED", &[("value", "")]),
        fault("cases[1].referral.sender", "NAME_MALFORMED", &[("value", "")]),
    ];
    world.services.answer(IMPORT, &ImportParticipantsResponse { outcomes: Vec::new(), faults });
    let mut browser = world.signed_in("sofia").await;
    let rows = [
        "Personnummer;Kön;Kommun;Inskriven",
        "189001019802;hund;Storstad;igår",
        "",
        "198112289874;man;Sala;2025-02-01",
        "Tre;celler;bara",
    ];
    let columns = upload(&mut browser, "lista.csv", &csv(&rows)).await;
    let tried = check(&mut browser, &columns).await;
    assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = tried.text();
    let told = [
        "2 B Kön ”hund” är ingen känd kod",
        "2 C Kommun Kommunen ”Storstad” finns inte",
        "2 D Inskriven ”igår” är inget datum",
        "2 Coachens användarnamn (läses inte) Uppgiften saknas",
        "4 A Personnummer",
        "5 Hela raden Raden har 3 celler",
        "2 rader Aktualiserande part (läses inte) Uppgiften saknas. Välj kolumnen",
        "8 fel",
    ];
    for told in told {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("Läs in listan") && !tells_who(&text), "{text}");
    // Whoever sends the form all the same meets the same.
    let all: Vec<(String, String)> = chosen(&columns);
    let mut fields: Vec<(&str, &str)> =
        all.iter().map(|(id, code)| (id.as_str(), code.as_str())).collect();
    let hidden = columns.hidden_fields(CHECK);
    fields.extend(hidden.iter().map(|(id, value)| (id.as_str(), value.as_str())));
    let page = browser.post(TAKE_IN, &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked(&world).iter().all(|request| request.validate_only));
}

#[tokio::test]
async fn a_long_list_goes_in_batches_that_share_an_import() {
    let world = World::new().await;
    world.services.answer(IMPORT, &all_new(1));
    let mut browser = world.signed_in("sofia").await;
    let list = format!("Id;Kommun;Kön\n{}", "c;Sala;k\n".repeat(5001));
    let columns = upload(&mut browser, "lista.csv", list.as_bytes()).await;
    let tried = check(&mut browser, &columns).await;
    browser.submit(&tried, TAKE_IN, &[]).await;
    let requests = asked(&world);
    let sizes: Vec<usize> = requests.iter().map(|request| request.cases.len()).collect();
    assert_eq!(sizes, [5000, 1, 5000, 1]);
    assert!(
        requests.iter().all(|it| it.participant_import_id == requests[0].participant_import_id)
    );
    assert_ne!(requests[2].request_id, requests[3].request_id);
    assert_eq!(requests[0].cases[0].id, "c");
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused_with_what_to_do() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    let too_large = vec![b'x'; 5 * 1024 * 1024 + 1];
    for (content, said) in [
        (&b""[..], "Välj en fil"),
        (&too_large[..], "större än 5 MiB"),
        (b"K\xF6n;Kommun\nman;Sala\n", "Spara filen som CSV UTF-8"),
        (b"Kommun;Namn\n", "inga rader under rubrikerna"),
        (b"\xD0\xCF\x11\xE0", "Spara den som .xlsx"),
    ] {
        let page = upload(&mut browser, "lista", content).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
}

#[tokio::test]
async fn the_list_of_one_session_opens_in_no_other() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    let columns = upload(&mut browser, "lista.csv", &csv(&ROWS)).await;
    let mut other = world.signed_in("sofia").await;
    let own = upload(&mut other, "annan.csv", &csv(&ROWS[..2])).await;
    let mut hidden = own.hidden_fields(CHECK);
    let (_, key) = columns.hidden_fields(CHECK).into_iter().find(|(id, _)| id == "key").unwrap();
    for (id, value) in &mut hidden {
        if id == "key" {
            value.clone_from(&key);
        }
    }
    let fields: Vec<(&str, &str)> =
        hidden.iter().map(|(id, value)| (id.as_str(), value.as_str())).collect();
    let page = other.post(CHECK, &fields).await;
    assert!(page.text().contains("Filen ligger inte kvar"), "{}", page.text());
}

#[tokio::test]
async fn an_import_is_taken_back_with_a_reason_and_what_is_in_the_way_is_told() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    let lists = browser.get(LISTS).await;
    let undo = format!("{LISTS}/lista/undo");
    assert!(lists.html.contains(&undo) && lists.html.matches("/undo\"").count() == 1);
    world.services.answer(UNDO, &UndoParticipantImportResponse::default());
    let form = browser.get(&undo).await;
    let page = browser.submit(&form, &undo, &[("reason", "Fel kolumn")]).await;
    assert_eq!(page.location, LISTS, "{}", page.text());
    let asked: Vec<UndoParticipantImportRequest> = world.services.asked(UNDO);
    assert_eq!((asked[0].reason.as_str(), asked[0].etag.as_str()), ("Fel kolumn", "1"));
    let touched = Failure::refused("IMPORT_TOUCHED").with("count", 2).with("referral", "a1");
    world.services.refuse(UNDO, touched);
    let page = browser.submit(&form, &undo, &[("reason", "Fel kolumn")]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("kan inte ångras"), "{}", page.text());
}

#[tokio::test]
async fn the_teams_cases_are_handed_out_as_a_file_without_anything_that_tells_who() {
    let world = World::new().await;
    let mut browser = world.signed_in("sofia").await;
    let asked = "first_day=2025-01-01&last_day=2025-06-30&banding=alder&format=csv";
    let file = browser.get(&format!("{LISTS}/export?{asked}")).await;
    let lines: Vec<&str> = file.html.lines().collect();
    assert_eq!(lines[1], "Sala;kvinna;30–49 år;kommunen;2025-03;2025-06;studier");
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.contains("hallstahammar-2025-01-01-2025-06-30.csv"), "{disposition}");
    let requests: Vec<ExportCasesRequest> = world.services.asked(EXPORT);
    assert_eq!(requests[0].age_banding, name("bandings", "alder"));
    world.services.refuse(EXPORT, Failure::not_found(name("teams", "hallstahammar")));
    let page = browser.get(&format!("{LISTS}/export?{asked}")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.html.contains("id=\"banding\""));
}

#[tokio::test]
async fn only_those_who_run_the_team_for_a_party_are_offered_it() {
    let world = World::new().await;
    for who in ["leila", "nils", "karin", "maria", "erik"] {
        let mut browser = world.signed_in(who).await;
        for path in [LISTS.to_owned(), format!("{LISTS}/lista/undo"), format!("{LISTS}/export")] {
            assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN, "{who} {path}");
        }
    }
    let mut browser = world.signed_in("sofia").await;
    assert_eq!(browser.get("/teams/sala/lists").await.status, StatusCode::FORBIDDEN);
    assert!(browser.get("/teams/hallstahammar").await.html.contains(LISTS));
}
