//! The sheet of the national follow-up, in the browser: what is told, what is not yet, to
//! whom, and the file.

use http::StatusCode;
use proto::reporting::{
    ActualParticipants, ExportNationalFollowUpRequest, ExportNationalFollowUpResponse,
    GetNationalFollowUpRequest, GetNationalFollowUpResponse, InitiativeRow, SexCount, SheetFormat,
    TargetGroupOfInitiative,
};

use super::{browser::World, services::Services, vastmanland::name};

const GET: &str = "/samordna.reporting.v1.NationalFollowUpService/GetNationalFollowUp";
const EXPORT: &str = "/samordna.reporting.v1.NationalFollowUpService/ExportNationalFollowUp";
const PAGE: &str = "/national-follow-up";

/// A team of which all is told, one of which half a year is missing and few are not shown,
/// and a resource.
pub(super) fn prepare(services: &Services) {
    let of_sex = |sex: &str, count| SexCount { sex: sex.to_owned(), count };
    let group = TargetGroupOfInitiative {
        youngest: 16,
        oldest: 66,
        livelihoods: vec!["sickness_benefit".to_owned()],
        description: "Långt från arbete".to_owned(),
    };
    let row = |display_name: &str, team: &str| InitiativeRow {
        display_name: display_name.to_owned(),
        team: if team.is_empty() { String::new() } else { name("teams", team) },
        budget_ore: 125_000_000,
        outcome_ore: 58_000_050,
        ..InitiativeRow::default()
    };
    let told = InitiativeRow {
        direction: "Stöd till arbete".to_owned(),
        target_group: Some(group),
        plan_version: name("programmePlans", "sikta/versions/2-0"),
        budgeted_total: Some(60),
        budgeted_women: Some(30),
        budgeted_men: Some(30),
        actual: Some(ActualParticipants {
            total: Some(42),
            by_sex: vec![of_sex("woman", 21), of_sex("man", 21)],
            is_protected: false,
            is_mixed: false,
        }),
        ..row("Samordningsteam Hallstahammar", "hallstahammar")
    };
    let few = InitiativeRow {
        actual: Some(ActualParticipants {
            is_protected: true,
            is_mixed: true,
            ..Default::default()
        }),
        missing_half_years: vec!["2025h2".to_owned()],
        ..row("Samordningsteam Sala", "sala")
    };
    let sheet = GetNationalFollowUpResponse {
        rows: vec![told, few, row("Psykiatriresurs", "")],
        finance_sequence: 57,
        reporting_sequence: 12,
        smallest_shown_count: 5,
        ..GetNationalFollowUpResponse::default()
    };
    services.answer(GET, &sheet);
}

#[tokio::test]
async fn the_sheet_tells_what_is_published_and_says_what_is_not() {
    let world = World::new().await;
    let text = world.signed_in("maria").await.get(PAGE).await.text();
    for shown in [
        "Samordningsteam Hallstahammar Stöd till arbete 16–66 år; sjukpenning; Långt från arbete \
         1 250 000,00 580 000,50 60 30 30 42 21 21",
        "Ingen insatsplan för året Deltagare är inte publicerade för andra halvåret 2025 \
         Antal som är så få att de kunde peka ut någon visas inte \
         Deltagare är rapporterade för ena halvåret och räknade ur register för andra",
        "För andra halvåret 2025 finns inget publicerat antal deltagare för 1 av 2 team. \
         Årets deltagare visas när båda halvåren är publicerade. \
         Budgeterade deltagare saknas för 1 av 2 team",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    let asked: Vec<GetNationalFollowUpRequest> = world.services.asked(GET);
    assert_eq!(asked[0].year, 2025, "the latest year that is reported on");
}

#[tokio::test]
async fn whoever_reads_of_every_team_reads_the_sheet_and_nobody_else() {
    let world = World::new().await;
    for (who, reads) in
        [("maria", true), ("erik", true), ("olle", true), ("leila", false), ("anna", false)]
    {
        let mut browser = world.signed_in(who).await;
        let menu = browser.get("/reports").await.html;
        assert_eq!(menu.contains(&format!("href=\"{PAGE}\"")), reads, "{who}");
        let status = browser.get(PAGE).await.status;
        assert_eq!(status == StatusCode::OK, reads, "{who}: {status}");
    }
}

#[tokio::test]
async fn the_sheet_is_handed_out_as_a_file_of_the_year_that_is_shown() {
    let world = World::new().await;
    let file = ExportNationalFollowUpResponse {
        file_name: "uppfoljning-finsam-2025.csv".to_owned(),
        media_type: "text/csv".to_owned(),
        content: b"Insats".to_vec(),
        releases: Vec::new(),
    };
    world.services.answer(EXPORT, &file);
    let mut browser = world.signed_in("maria").await;
    let page = browser.get(PAGE).await;
    let path = "/national-follow-up/download?year=2025&format=csv";
    assert!(page.html.contains(&path.replace('&', "&#38;")), "{}", page.html);
    let answer = browser.get(path).await;
    assert_eq!(answer.html, "Insats");
    let disposition = answer.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.contains("uppfoljning-finsam-2025.csv"), "{disposition}");
    let asked: Vec<ExportNationalFollowUpRequest> = world.services.asked(EXPORT);
    assert_eq!((asked[0].year, asked[0].format()), (2025, SheetFormat::Csv));
}
