//! Publishing, and proving later what was published.

use platform::{
    failure::Problem,
    testing::{on_both, rewrite_history},
};
use proto::reporting::{
    DownloadReleaseRequest, DownloadReleaseResponse, GetReleaseEvidenceRequest, GetReleaseRequest,
    ListReleasesRequest, PublishReportRequest, Release, ReleaseFormat, ReleasedFigure,
    ReleasedSource, SubmitReportedFiguresRequest, VerifyReleaseRequest, VerifyReleaseResponse,
};
use tonic::Code;
use values::{Role, Slug};

use crate::counts;
use crate::world::{HOME, PERIOD, World, count, expected, faults, problem, submit};

const RELEASE: &str = "federations/vastmanland/releases/2025h1-1";

fn publish() -> PublishReportRequest {
    PublishReportRequest {
        name: format!("{PERIOD}/halfYearReport"),
        derived_teams: Vec::new(),
        dnr: "12/2025".to_owned(),
        request_id: "publish".to_owned(),
        validate_only: false,
        etag: String::new(),
    }
}

async fn vastmanland(world: &World) {
    world.create_period().await;
    world.submit_vastmanland().await;
}

async fn published(world: &World, message: PublishReportRequest) -> Release {
    let answer = world.releases().publish_report(world.office(message)).await.unwrap();
    answer.into_inner().release.unwrap()
}

async fn verified(world: &World) -> VerifyReleaseResponse {
    let message = VerifyReleaseRequest { name: RELEASE.to_owned() };
    let request = world.by(Role::Auditor, "federation", message);
    world.releases().verify_release(request).await.unwrap().into_inner()
}

async fn downloaded(world: &World, format: ReleaseFormat) -> DownloadReleaseResponse {
    let message = DownloadReleaseRequest { name: RELEASE.to_owned(), format: format.into() };
    let request = world.by(Role::Coach, "team/sala", message);
    world.releases().download_release(request).await.unwrap().into_inner()
}

fn figure<'a>(
    release: &'a Release,
    subject: &str,
    (figure, category): (&str, &str),
    source: ReleasedSource,
) -> &'a ReleasedFigure {
    let subject =
        if subject.is_empty() { HOME.to_owned() } else { format!("{HOME}/teams/{subject}") };
    let is_it = |one: &&ReleasedFigure| {
        one.subject == subject
            && (one.figure.as_str(), one.category.as_str()) == (figure, category)
            && one.source() == source
    };
    release.figures.iter().find(is_it).unwrap()
}

#[tokio::test]
async fn a_published_report_hides_small_counts_and_is_read_by_every_role() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let release = published(&world, publish()).await;
        assert_eq!((release.name.as_str(), release.threshold), (RELEASE, 5));
        assert_eq!(release.publisher, format!("{HOME}/accounts/kansli"));
        let services: Vec<_> =
            release.stamps.iter().map(|stamp| (stamp.service.as_str(), stamp.sequence)).collect();
        assert_eq!(services, [("reporting", 4), ("finance", 17)]);
        assert!(release.stamps.iter().all(|stamp| stamp.head_hash.len() == 32));

        let total = figure(&release, "", ("participants", "total"), ReleasedSource::Reported);
        assert_eq!((total.count, total.commitment.len()), (Some(62), 32));
        for figure in &release.figures {
            assert!(figure.hidden || figure.count.is_some_and(|count| !(1..5).contains(&count)));
            assert_eq!(figure.hidden, figure.count.is_none() && figure.commitment.is_empty());
        }
        assert!(release.figures.iter().any(|figure| figure.hidden));
        assert_eq!(
            release.subjects[2].source(),
            ReleasedSource::Unspecified,
            "Sala has not reported"
        );
        assert_eq!(release.funding.last().unwrap().recipient, "", "the total comes last");

        let get = || GetReleaseRequest { name: RELEASE.to_owned() };
        let request = world.by(Role::Evaluator, "federation", get());
        let read = world.releases().get_release(request).await.unwrap().into_inner();
        assert_eq!(read.release.unwrap(), release);
        let strange = world.releases().get_release(world.stranger(get())).await;
        assert_eq!(problem(strange).0, Code::NotFound);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_release_is_read_as_json_csv_and_workbook_by_its_hash() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let release = published(&world, publish()).await;
        let json = downloaded(&world, ReleaseFormat::Json).await;
        assert_eq!((json.file_name.as_str(), &json.sha256), ("2025h1-1.json", &release.sha256));
        let parsed: serde_json::Value = serde_json::from_slice(&json.content).unwrap();
        assert_eq!(parsed["name"], RELEASE);
        assert_eq!(parsed["figures"].as_array().unwrap().len(), release.figures.len());
        assert_eq!(serde_json::to_vec(&parsed).unwrap(), json.content, "canonical");
        let csv = downloaded(&world, ReleaseFormat::Csv).await;
        let text = String::from_utf8(csv.content).unwrap();
        assert_eq!(text.lines().count(), release.figures.len() + 1);
        assert!(text.contains("Samordningsförbundet Västmanland;participants;total;"));
        assert!(text.contains(";skyddat;"));
        let xlsx = downloaded(&world, ReleaseFormat::Xlsx).await;
        assert_eq!(xlsx.content[..2], *b"PK");
        assert_eq!(xlsx.file_name, "2025h1-1.xlsx");

        let unspecified = DownloadReleaseRequest { name: RELEASE.to_owned(), format: 0 };
        let answer = world.releases().download_release(world.office(unspecified)).await;
        assert_eq!(faults(answer), expected(&[("format", "ENUM_UNSPECIFIED")]));
    })
    .await;
}

#[tokio::test]
async fn a_release_is_the_same_byte_for_byte_when_it_is_made_again_after_a_late_report() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let release = published(&world, publish()).await;
        let late = SubmitReportedFiguresRequest {
            request_id: "late".to_owned(),
            ..submit("surahammar", vec![count("participants", "total", 99)])
        };
        world.figures().submit_reported_figures(world.office(late)).await.unwrap();
        let VerifyReleaseResponse { intact, sha256, differences } = verified(&world).await;
        assert_eq!((intact, sha256, differences), (true, release.sha256, Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn figures_counted_from_records_stand_beside_those_that_were_reported() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let derived_teams = vec![format!("{HOME}/teams/sala")];
        let release = published(&world, PublishReportRequest { derived_teams, ..publish() }).await;
        let participants = ("participants", "total");
        for (source, count) in [
            (ReleasedSource::Reported, 62),
            (ReleasedSource::Derived, 12),
            (ReleasedSource::Mixed, 74),
        ] {
            assert_eq!(figure(&release, "", participants, source).count, Some(count));
        }
        let women = figure(&release, "sala", ("participants", "woman"), ReleasedSource::Derived);
        assert_eq!((women.count, women.commitment.clone()), (Some(7), vec![3; 32]));
        let new = figure(&release, "sala", ("new_participants", "total"), ReleasedSource::Derived);
        assert!(new.hidden, "what comes hidden stays hidden");
        assert_eq!(release.stamps[1].sequence, counts::SEQUENCE);
        assert_eq!(release.subjects[0].source(), ReleasedSource::Mixed);
        let VerifyReleaseResponse { intact, differences, .. } = verified(&world).await;
        assert_eq!((intact, differences), (true, Vec::new()));

        let derived_teams = vec![format!("{HOME}/teams/nowhere")];
        let name = format!("{}/reportingPeriods/2024h2/halfYearReport", HOME);
        let unknown =
            PublishReportRequest { name, derived_teams, request_id: "2".to_owned(), ..publish() };
        let answer = world.releases().publish_report(world.office(unknown)).await;
        assert_eq!(problem(answer).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_report_is_published_once_and_a_repetition_gets_the_first_answer() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let validated =
            published(&world, PublishReportRequest { validate_only: true, ..publish() }).await;
        let get = GetReleaseRequest { name: validated.name };
        let answer = world.releases().get_release(world.office(get)).await;
        assert_eq!(problem(answer).0, Code::NotFound, "nothing was kept");

        let first = published(&world, publish()).await;
        assert_eq!(published(&world, publish()).await, first);
        let again = PublishReportRequest { request_id: "again".to_owned(), ..publish() };
        let answer = world.releases().publish_report(world.office(again)).await;
        let problem = Problem::of(&answer.err().unwrap());
        assert_eq!(
            (problem.code, problem.reason.as_str()),
            (Code::FailedPrecondition, "REPORT_PUBLISHED")
        );
        assert_eq!(problem.fact("release"), RELEASE);
    })
    .await;
}

#[tokio::test]
async fn a_report_without_figures_and_one_that_is_not_there_are_not_published() {
    on_both(|database| async {
        let world = World::new(database).await;
        let answer = world.releases().publish_report(world.office(publish())).await;
        assert_eq!(problem(answer).0, Code::NotFound);
        world.create_period().await;
        let answer = world.releases().publish_report(world.office(publish())).await;
        let refused = (Code::FailedPrecondition, "REPORT_WITHOUT_FIGURES".to_owned());
        assert_eq!(problem(answer), refused);
        let team = format!("{HOME}/teams/sala");
        let wrong = PublishReportRequest {
            name: "2025h1".to_owned(),
            derived_teams: vec![team.clone(), team, "sala".to_owned()],
            dnr: "1".repeat(51),
            ..publish()
        };
        let answer = world.releases().publish_report(world.office(wrong)).await;
        let wrong = [
            ("name", "NAME_MALFORMED"),
            ("derived_teams[1]", "TEAM_TWICE"),
            ("derived_teams[2]", "NAME_MALFORMED"),
            ("dnr", "TEXT_TOO_LONG"),
        ];
        assert_eq!(faults(answer), expected(&wrong));
    })
    .await;
}

#[tokio::test]
async fn a_program_that_is_not_ours_proves_every_reported_count_from_the_evidence() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let release = published(&world, publish()).await;
        let message = GetReleaseEvidenceRequest { name: RELEASE.to_owned() };
        let request = world.by(Role::Auditor, "federation", message);
        let answer = world.releases().get_release_evidence(request).await.unwrap();
        let evidence = answer.into_inner().content;
        let document = downloaded(&world, ReleaseFormat::Json).await.content;
        let verdict = verifier::verify(&document, std::slice::from_ref(&evidence)).unwrap();
        assert_eq!(verdict.sha256, release.sha256);
        assert_eq!((verdict.proved, verdict.shown > 5), (verdict.shown, true));
        // The funding table of the test's finance does not add up, and that is told.
        let told = verdict.problems.iter().filter(|problem| !problem.contains(" öre, its rows "));
        let told: Vec<_> = told.filter(|problem| !problem.starts_with("the share of")).collect();
        assert_eq!(told, Vec::<&String>::new());

        let text = String::from_utf8(evidence).unwrap();
        let altered = text.replacen("\\n62\\n", "\\n63\\n", 1);
        let altered =
            if altered == text { text.replacen("\\n4\\n", "\\n5\\n", 1) } else { altered };
        let verdict = verifier::verify(&document, &[altered.into_bytes()]).unwrap();
        assert!(verdict.proved <= verdict.shown);
    })
    .await;
}

#[tokio::test]
async fn releases_are_listed_newest_first_without_their_figures() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        published(&world, publish()).await;
        let list = |report: &str| ListReleasesRequest {
            parent: HOME.to_owned(),
            report: report.to_owned(),
            ..Default::default()
        };
        let names = async |message| {
            let request = world.by(Role::TeamLead, "team/sala", message);
            let page = world.releases().list_releases(request).await.unwrap().into_inner();
            assert!(page.releases.iter().all(|release| release.figures.is_empty()));
            page.releases.into_iter().map(|release| release.name).collect::<Vec<_>>()
        };
        assert_eq!(names(list("")).await, [RELEASE]);
        assert_eq!(names(list(&publish().name)).await, [RELEASE]);
        assert_eq!(names(list("federations/vastmanland/reports/other")).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_history_that_was_rewritten_under_a_release_is_found() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        published(&world, publish()).await;
        let of = async |service| reporting::claims(&world.database, service).await.unwrap();
        let claims = [of("reporting").await, of("finance").await, of("participant").await];
        let sequences: [Vec<i64>; 3] =
            claims.map(|claims| claims.iter().map(|one| one.head.sequence).collect());
        assert_eq!(sequences, [vec![4], vec![17], vec![]]);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), [""; 0]);

        // What was reported last before the release, with a chain that fits again.
        let federation = Slug::parse("federation", "vastmanland").unwrap();
        rewrite_history(&world.database, &federation, 4, b"").await.unwrap();
        let problems = reporting::verify(&world.database).await.unwrap();
        let told = format!("{RELEASE} says that the journal of reporting had the hash ");
        assert!(problems.iter().any(|problem| problem.starts_with(&told)), "{problems:?}");
        let chain = problems.iter().filter(|problem| problem.starts_with("journal of "));
        assert_eq!(chain.count(), 0, "{problems:?}");
    })
    .await;
}
