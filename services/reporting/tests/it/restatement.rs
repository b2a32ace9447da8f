//! What was published is corrected by publishing again, with the facts behind it.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{
    DownloadReleaseRequest, DraftRestatementRequest, ExplainFindingRequest, PublishReportRequest,
    PublishRestatementRequest, Release, ReleaseFormat, ReleasedChange, ReleasedFactKind,
    ReportedCount, SubmitReportedFiguresRequest, VerifyReleaseRequest,
};
use sheets::{
    Record,
    workbook::{Limits, Workbook},
};
use tonic::Code;

use crate::{
    released_report::{self, accepted},
    world::{HOME, PERIOD, World, problem, submit, vastmanland},
};

const FIRST: &str = "federations/vastmanland/releases/2025h1-1";
const SECOND: &str = "federations/vastmanland/releases/2025h1-2";

/// Västmanland's half-year, published, with Sala counted from records or not.
async fn published(world: &World, derived_teams: &[&str]) -> Release {
    world.create_period().await;
    world.submit_vastmanland().await;
    let message = PublishReportRequest {
        name: format!("{PERIOD}/halfYearReport"),
        derived_teams: derived_teams.iter().map(|id| format!("{HOME}/teams/{id}")).collect(),
        dnr: String::new(),
        request_id: "publish".to_owned(),
        validate_only: false,
        etag: String::new(),
    };
    let answer = world.releases().publish_report(world.office(message)).await.unwrap();
    answer.into_inner().release.unwrap()
}

/// What a team had reported, with more participants.
pub(crate) fn with_more(team: &str, more: i64) -> Vec<ReportedCount> {
    let (_, mut counts) = vastmanland().into_iter().find(|(id, _)| *id == team).unwrap();
    let total = |one: &&mut ReportedCount| one.figure == "queue" && one.category == "total";
    counts.iter_mut().find(total).unwrap().count += more;
    counts
}

pub(crate) async fn replace(world: &World, team: &str, counts: Vec<ReportedCount>) {
    let late =
        SubmitReportedFiguresRequest { request_id: format!("late-{team}"), ..submit(team, counts) };
    world.figures().submit_reported_figures(world.office(late)).await.unwrap();
}

async fn drafted(world: &World, name: &str) -> Vec<ReleasedChange> {
    let message = DraftRestatementRequest { name: name.to_owned() };
    let answer = world.restatements().draft_restatement(world.office(message)).await.unwrap();
    answer.into_inner().changes
}

pub(crate) fn restate(name: &str) -> PublishRestatementRequest {
    PublishRestatementRequest {
        name: name.to_owned(),
        dnr: "13/2025".to_owned(),
        request_id: format!("restate-{name}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn a_restatement_names_each_figure_its_old_and_new_count_and_the_facts() {
    on_both(|database| async {
        let world = World::new(database).await;
        published(&world, &[]).await;
        assert_eq!(drafted(&world, FIRST).await, []);
        replace(&world, "surahammar", with_more("surahammar", 20)).await;
        let changes = drafted(&world, FIRST).await;
        let whole = &changes[0];
        assert_eq!((whole.subject.as_str(), whole.figure.as_str()), (HOME, "queue"));
        assert_eq!((whole.old_count, whole.new_count), (Some(6), Some(26)));
        assert_eq!((whole.facts.len(), whole.facts[0].difference), (1, 20));
        assert_eq!(whole.facts[0].kind(), ReleasedFactKind::ReplacedReport);
        assert_eq!(whole.facts[0].subject, format!("{PERIOD}/reportedFigures/surahammar"));
        assert_eq!(changes.len(), 2, "the federation's and the team's: {changes:#?}");

        let message = restate(FIRST);
        let answer = world.restatements().publish_restatement(world.office(message)).await;
        let second = answer.unwrap().into_inner().release.unwrap();
        assert_eq!((second.name.as_str(), second.restates.as_str()), (SECOND, FIRST));
        assert_eq!((second.changes, second.dnr.as_str()), (changes, "13/2025"));
        let sheet = sheet_of_changes(&world, SECOND).await;
        let heading = "Avser|Mått|Kategori|Betydelse|Förut|Nu|Orsak|Team|Skillnad";
        assert_eq!(sheet[..2], [heading.to_owned(), sheet_row("Samordningsförbundet Västmanland")]);
        assert_eq!(sheet[2..], [sheet_row("Samordningsteam Surahammar")]);
        for name in [FIRST, SECOND] {
            let message = VerifyReleaseRequest { name: name.to_owned() };
            let answer = world.releases().verify_release(world.office(message)).await.unwrap();
            let answer = answer.into_inner();
            assert!(answer.intact, "{name}: {:?}", answer.differences);
        }
        assert_eq!(reporting::verify(&world.database).await.unwrap(), [""; 0]);
    })
    .await;
}

/// What is corrected of somebody's queue, in words.
fn sheet_row(whose: &str) -> String {
    let ends = "rättat underlag|Samordningsteam Surahammar|20";
    format!("{whose}|queue|total|Personer i kö vid periodens slut|6|26|{ends}")
}

/// The sheet of a release's workbook that tells what it corrects.
async fn sheet_of_changes(world: &World, name: &str) -> Vec<String> {
    let format = ReleaseFormat::Xlsx.into();
    let message = DownloadReleaseRequest { name: name.to_owned(), format };
    let answer = world.releases().download_release(world.office(message)).await.unwrap();
    let content = answer.into_inner().content;
    let mut workbook = Workbook::open(&content, &Limits::SMALL).unwrap();
    let sheets = workbook.filled_sheets().unwrap();
    let sheet = sheets.iter().find(|sheet| sheet.name == "Rättelser").unwrap();
    let line = |record: Record| -> String {
        let cells = record.cells.into_values().map(|cell| cell.unwrap().text());
        cells.collect::<Vec<_>>().join("|")
    };
    workbook.records(sheet).unwrap().into_iter().map(line).collect()
}

#[tokio::test]
async fn a_correction_of_few_people_is_hidden_and_explained_by_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        published(&world, &[]).await;
        replace(&world, "surahammar", with_more("surahammar", 2)).await;
        let changes = drafted(&world, FIRST).await;
        assert!(!changes.is_empty());
        for change in &changes {
            assert_eq!((change.old_count, change.new_count), (Some(6), None), "8 − 6 is too few");
            assert!(change.facts.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_release_is_restated_and_only_when_something_changed() {
    on_both(|database| async {
        let world = World::new(database).await;
        published(&world, &["sala"]).await;
        let answer = world.restatements().publish_restatement(world.office(restate(FIRST))).await;
        assert_eq!(problem(answer).1, "NOTHING_TO_RESTATE");

        replace(&world, "surahammar", with_more("surahammar", 20)).await;
        let again = || PublishRestatementRequest { request_id: "2".to_owned(), ..restate(FIRST) };
        let answer = world.restatements().publish_restatement(world.office(again())).await.unwrap();
        let second = answer.into_inner().release;
        let answer = world.restatements().publish_restatement(world.office(again())).await.unwrap();
        assert_eq!(answer.into_inner().release, second, "a repetition gets the first answer");

        let message = DraftRestatementRequest { name: FIRST.to_owned() };
        let answer = world.restatements().draft_restatement(world.office(message)).await;
        let problem = Problem::of(&answer.err().unwrap());
        assert_eq!(
            (problem.code, problem.reason.as_str()),
            (Code::FailedPrecondition, "RELEASE_RESTATED")
        );
        assert_eq!(problem.fact("release"), SECOND);

        let message = DraftRestatementRequest { name: FIRST.to_owned() };
        let answer = world.restatements().draft_restatement(world.stranger(message)).await;
        assert_eq!(self::problem(answer).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn what_no_longer_holds_of_a_text_is_explained_before_the_correction_is_published() {
    on_both(|database| async {
        let world = World::new(database).await;
        let etag = accepted(&world, "I kön stod [6](figure:queue) personer.").await;
        let release = released_report::published(&world, &etag).await.unwrap();
        replace(&world, "surahammar", with_more("surahammar", 20)).await;
        let message = DraftRestatementRequest { name: release.name.clone() };
        let draft = world.restatements().draft_restatement(world.office(message)).await.unwrap();
        let open = draft.into_inner().open_findings;
        assert_eq!(open.len(), 1, "{open:?}");

        let publish = world.office(restate(&release.name));
        let refused = world.restatements().publish_restatement(publish).await.unwrap_err();
        assert_eq!(Problem::of(&refused).reason, "REPORT_FINDINGS_OPEN");
        let text = "Sala lämnade en rättelse efter publiceringen.";
        let explain = world.office(ExplainFindingRequest {
            name: release.report.clone(),
            finding: open[0].clone(),
            text: text.to_owned(),
            request_id: "explain".to_owned(),
            validate_only: false,
        });
        world.kept_reports().explain_finding(explain).await.unwrap();
        let publish = world.office(PublishRestatementRequest {
            request_id: "explained".to_owned(),
            ..restate(&release.name)
        });
        let answer = world.restatements().publish_restatement(publish).await.unwrap();
        let corrected = answer.into_inner().release.unwrap();
        let printed = corrected.explanations.iter().map(|one| one.text.as_str());
        assert_eq!(printed.collect::<Vec<_>>(), [text]);
    })
    .await;
}

#[tokio::test]
async fn a_text_that_would_tell_what_is_hidden_now_stays_as_it_was_published() {
    on_both(|database| async {
        let world = World::new(database).await;
        let etag = accepted(&world, "I kön stod [](figure:queue) personer.").await;
        let release = released_report::published(&world, &etag).await.unwrap();
        let said = release.chapters[0].shown_text.clone();
        assert!(said.contains('6'), "{said}");
        // One more person than was published: the new count would tell that one.
        replace(&world, "surahammar", with_more("surahammar", 1)).await;
        let changes = drafted(&world, &release.name).await;
        assert!(changes.iter().all(|change| change.new_count.is_none()), "{changes:#?}");

        let publish = world.office(restate(&release.name));
        let answer = world.restatements().publish_restatement(publish).await.unwrap();
        let corrected = answer.into_inner().release.unwrap();
        assert_eq!(corrected.chapters[0].shown_text, said, "7 is told nowhere");
        let message = VerifyReleaseRequest { name: corrected.name };
        let answer = world.releases().verify_release(world.office(message)).await.unwrap();
        let answer = answer.into_inner();
        assert!(answer.intact, "{:?}", answer.differences);
    })
    .await;
}
