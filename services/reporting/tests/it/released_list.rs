//! The de-identified list that goes out with a status report.

use platform::testing::on_both;
use proto::reporting::{
    DownloadReleaseRequest, ExplainFindingRequest, FigureSource, Release, ReleaseFormat,
    TeamSource, VerifyReleaseRequest,
};

use crate::counts::SEQUENCE;
use crate::released_report::{accepted_as, published, submitted};
use crate::report::{content, name};
use crate::world::{HOME, World};

const CHAPTERS: [&str; 6] =
    ["goals", "participants", "numbers_against_plan", "age_and_sex", "staff", "other"];

/// A team's status report, accepted, with figures from there.
async fn accepted(world: &World, team: &str, source: FigureSource) -> String {
    world.create_period().await;
    world.submit_vastmanland().await;
    let team = format!("{HOME}/teams/{team}");
    let mut report = content("status-report-1", &team, "Lägesrapport");
    report.sources = vec![TeamSource { team, source: source.into() }];
    world.draft_report("halvar", report).await;
    world.fetched("halvar", false).await;
    for chapter in CHAPTERS {
        world.write_chapter("halvar", chapter, "Arbetet går enligt planen.").await;
    }
    for finding in world.compiled("halvar").await.findings {
        let request = ExplainFindingRequest {
            name: name("halvar"),
            finding: finding.key.clone(),
            text: "Det är så.".to_owned(),
            request_id: format!("explain-{}", finding.key),
            validate_only: false,
        };
        world.kept_reports().explain_finding(world.office(request)).await.unwrap();
    }
    let drafted = world.compiled("halvar").await.report.unwrap();
    let submitted = submitted(world, &drafted.etag).await;
    accepted_as(world, &submitted).await
}

async fn file(world: &World, release: &Release, format: ReleaseFormat) -> (String, Vec<u8>) {
    let message = DownloadReleaseRequest { name: release.name.clone(), format: format.into() };
    let answer = world.releases().download_release(world.office(message)).await.unwrap();
    let file = answer.into_inner();
    (file.file_name, file.content)
}

#[tokio::test]
async fn a_status_report_goes_out_with_a_list_of_those_who_are_alike() {
    on_both(|database| async {
        let world = World::new(database).await;
        let etag = accepted(&world, "sala", FigureSource::Derived).await;
        let release = published(&world, &etag).await.unwrap();
        let list = release.list.clone().unwrap();
        assert_eq!((list.rows, list.people, list.sequence), (1, 7, SEQUENCE));
        let stored = release.files.iter().find(|file| file.format() == ReleaseFormat::List);
        assert_eq!(stored.unwrap().sha256, list.sha256);

        let (file_name, content) = file(&world, &release, ReleaseFormat::List).await;
        assert_eq!(file_name, "halvar-1.list.csv");
        let text = String::from_utf8(content.clone()).unwrap();
        let lines = ["Team;Kön;Ålder;Antal", "Samordningsteam Sala;Kvinnor;Under 30 år;7"];
        assert_eq!(text.trim_start_matches('\u{feff}').lines().collect::<Vec<_>>(), lines);

        let (_, document) = file(&world, &release, ReleaseFormat::Json).await;
        let said = format!(
            r#""list":{{"last_day":"2025-06-30","people":7,"rows":1,"sequence":{SEQUENCE},"sha256":"{}"}}"#,
            list.sha256
        );
        assert!(String::from_utf8(document.clone()).unwrap().contains(&said));
        assert_eq!(verifier::list_problem(&document, &content).unwrap(), None);
        let altered = text.replace(";7", ";8").into_bytes();
        assert!(verifier::list_problem(&document, &altered).unwrap().is_some());

        let message = VerifyReleaseRequest { name: release.name };
        let answer = world.releases().verify_release(world.office(message)).await.unwrap();
        let answer = answer.into_inner();
        assert!(answer.intact, "{:?}", answer.differences);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn no_list_goes_out_with_a_status_report_of_reported_figures() {
    on_both(|database| async {
        let world = World::new(database).await;
        let etag = accepted(&world, "surahammar", FigureSource::Reported).await;
        let release = published(&world, &etag).await.unwrap();
        assert_eq!(release.list, None);
        let (_, document) = file(&world, &release, ReleaseFormat::Json).await;
        assert!(!String::from_utf8(document.clone()).unwrap().contains(r#""list":"#));
        assert!(verifier::list_problem(&document, b"").unwrap().is_some());
        let message = VerifyReleaseRequest { name: release.name.clone() };
        let answer = world.releases().verify_release(world.office(message)).await.unwrap();
        assert!(answer.into_inner().intact);
        let message =
            DownloadReleaseRequest { name: release.name, format: ReleaseFormat::List.into() };
        let none = world.releases().download_release(world.office(message)).await;
        assert_eq!(none.unwrap_err().code(), tonic::Code::NotFound);
    })
    .await;
}
