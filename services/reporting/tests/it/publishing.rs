//! What is checked and what is frozen when a report is published, whatever it is about.

use std::collections::BTreeSet;

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{
    AcceptReportRequest, CreateReportRequest, DownloadReleaseRequest, ExplainFindingRequest,
    FigureSource, PublishReportRequest, Release, ReleaseFormat, ReleasedFigure, ReleasedSource,
    Report, ReturnReportRequest, StatedCell, SubmitReportRequest, SubmitReportedFiguresRequest,
    TeamSource, VerifyReleaseRequest,
};
use tonic::{Code, Status};

use crate::counts;
use crate::released_report::create_template;
use crate::report::{content, create, name};
use crate::world::{HOME, PERIOD, World, count, expected, faults, submit, vastmanland};

const AREA: &str = "federations/vastmanland/areas/norra";
const SALA: &str = "federations/vastmanland/teams/sala";
pub(crate) const SURAHAMMAR: &str = "federations/vastmanland/teams/surahammar";

/// A report on somebody, with these teams counted from records.
pub(crate) fn about(subject: &str, derived: &[&str]) -> Report {
    let source = |team: &&str| {
        let source = FigureSource::Derived.into();
        TeamSource { team: (*team).to_owned(), source }
    };
    let sources = derived.iter().map(source).collect();
    Report { sources, ..content("short", subject, "Första halvåret") }
}

/// A world in which teams have reported.
pub(crate) async fn reported(database: platform::Database) -> World {
    let world = World::new(database).await;
    world.create_period().await;
    world.submit_vastmanland().await;
    create_template(&world, "short", "federation\", \"area\", \"team").await;
    world
}

/// The report with a text, submitted; the answer is its version.
async fn handed_in(world: &World, id: &str, report: Report, text: &str) -> String {
    draft(world, id, report, text).await;
    explained(world, id, "Så är det.").await
}

/// The report with a text and its figures.
pub(crate) async fn draft(world: &World, id: &str, report: Report, text: &str) {
    let draft = CreateReportRequest { request_id: format!("draft-{id}"), ..create(id, report) };
    world.kept_reports().create_report(world.office(draft)).await.unwrap();
    world.write_chapter(id, "introduction", text).await;
    world.fetched(id, false).await;
}

/// The report that is written, submitted with these words for each finding.
pub(crate) async fn explained(world: &World, id: &str, words: &str) -> String {
    for finding in world.compiled(id).await.findings {
        let explain = ExplainFindingRequest {
            name: name(id),
            request_id: format!("explain-{id}-{}", finding.key),
            finding: finding.key,
            text: words.to_owned(),
            validate_only: false,
        };
        world.kept_reports().explain_finding(world.office(explain)).await.unwrap();
    }
    let etag = world.compiled(id).await.report.unwrap().etag;
    let request_id = format!("hand-in-{id}-{etag}");
    let submit = SubmitReportRequest { name: name(id), etag, request_id, validate_only: false };
    let answer = world.kept_reports().submit_report(world.office(submit)).await.unwrap();
    answer.into_inner().report.unwrap().etag
}

/// The same, accepted.
pub(crate) async fn accepted(world: &World, id: &str, report: Report, text: &str) -> String {
    let etag = handed_in(world, id, report, text).await;
    taken(world, id, etag).await
}

/// A report that was returned, accepted once more.
pub(crate) async fn accepted_again(world: &World, id: &str) -> String {
    let etag = explained(world, id, "Så är det.").await;
    taken(world, id, etag).await
}

pub(crate) async fn taken(world: &World, id: &str, etag: String) -> String {
    let request_id = format!("take-{id}-{etag}");
    let accept = AcceptReportRequest { name: name(id), etag, request_id, validate_only: false };
    let answer = world.kept_reports().accept_report(world.accepter(accept)).await.unwrap();
    answer.into_inner().report.unwrap().etag
}

pub(crate) fn publish(id: &str, etag: &str) -> PublishReportRequest {
    PublishReportRequest {
        name: name(id),
        etag: etag.to_owned(),
        request_id: format!("publish-{id}-{etag}"),
        ..Default::default()
    }
}

pub(crate) async fn published(
    world: &World,
    message: PublishReportRequest,
) -> Result<Release, Status> {
    let answer = world.releases().publish_report(world.office(message)).await?;
    Ok(answer.into_inner().release.unwrap())
}

/// Asserts that a release is what it was, also for a program that is not ours.
pub(crate) async fn assert_intact(world: &World, release: &Release) {
    let message = VerifyReleaseRequest { name: release.name.clone() };
    let answer = world.releases().verify_release(world.office(message)).await.unwrap();
    let answer = answer.into_inner();
    assert!(answer.intact, "{}: {:?}", release.name, answer.differences);
    let format = ReleaseFormat::Json.into();
    let message = DownloadReleaseRequest { name: release.name.clone(), format };
    let answer = world.releases().download_release(world.office(message)).await.unwrap();
    let verdict = verifier::verify(&answer.into_inner().content, &[]).unwrap();
    // The funding table of the test's finance does not add up.
    let told = verdict.problems.iter().filter(|problem| {
        !problem.contains(" öre, its rows ") && !problem.starts_with("the share of")
    });
    assert_eq!(told.collect::<Vec<_>>(), Vec::<&String>::new(), "{}", release.name);
}

pub(crate) fn figures<'a>(
    release: &'a Release,
    subject: &str,
    figure: &str,
) -> Vec<&'a ReleasedFigure> {
    let of = |one: &&ReleasedFigure| {
        (one.subject.as_str(), one.figure.as_str(), one.category.as_str())
            == (subject, figure, "total")
    };
    release.figures.iter().filter(of).collect()
}

#[tokio::test]
async fn a_report_on_an_area_or_a_team_has_no_money_and_is_proved_to_be_what_it_was() {
    on_both(|database| async {
        let world = reported(database).await;
        let mut area = about(AREA, &[]);
        let (subject, figure) = (AREA.to_owned(), "positions".to_owned());
        let (category, value) = ("total".to_owned(), "6.5".to_owned());
        area.stated_cells = vec![StatedCell { subject, figure, category, value }];
        area.stated_cells.push(StatedCell {
            subject: AREA.to_owned(),
            figure: "participants".to_owned(),
            category: "total".to_owned(),
            value: "20".to_owned(),
        });
        for (id, report) in [
            ("norra", area),
            ("surahammar", about(SURAHAMMAR, &[])),
            ("sala", about(SALA, &[SALA])),
        ] {
            let text = "Det gick bra: [](figure:participants) deltagare.";
            let etag = accepted(&world, id, report, text).await;
            let release = published(&world, publish(id, &etag)).await.unwrap();
            assert_eq!(release.funding, [], "{id}");
            assert!(release.stamps.iter().all(|stamp| stamp.service != "finance"), "{id}");
            assert_intact(&world, &release).await;
        }
        let message = DownloadReleaseRequest {
            name: format!("{HOME}/releases/norra-1"),
            format: ReleaseFormat::Csv.into(),
        };
        let answer = world.releases().download_release(world.office(message)).await.unwrap();
        let csv = String::from_utf8(answer.into_inner().content).unwrap();
        assert!(csv.contains("positions;total;Tjänster;angivet;6,5;"), "{csv}");
        assert_eq!(reporting::verify(&world.database).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_report_on_one_team_that_is_counted_from_records_keeps_its_commitments() {
    on_both(|database| async {
        let world = reported(database).await;
        let etag = accepted(&world, "sala", about(SALA, &[SALA]), "Det gick bra.").await;
        let release = published(&world, publish("sala", &etag)).await.unwrap();
        let participants = figures(&release, SALA, "participants");
        let [one] = participants.as_slice() else { panic!("{participants:?}") };
        assert_eq!((one.count, one.commitment.as_slice()), (Some(12), &[3; 32][..]));
        assert_eq!(one.team_count, 0, "one team is no sum");
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_freezes_nothing() {
    on_both(|database| async {
        let world = reported(database).await;
        let reason = async |id: &str, etag: &str| {
            Problem::of(&published(&world, publish(id, etag)).await.unwrap_err()).reason
        };
        let text = "Nya kvinnor: [](figure:new_participants.woman@surahammar) och \
                    [](figure:new_participants.woman@hallstahammar).";
        let drafted = handed_in(&world, "first", about(HOME, &[SALA]), "Det gick bra.").await;
        assert_eq!(reason("first", &drafted).await, "REPORT_STATE_FORBIDS");
        let etag = accepted(&world, "second", about(HOME, &[SALA]), text).await;
        assert_eq!(reason("second", "1").await, "STALE");
        assert_eq!(reason("second", &etag).await, "RELEASE_TEXT_SHOWS_HIDDEN");
        let checked = PublishReportRequest { validate_only: true, ..publish("second", &etag) };
        published(&world, checked).await.unwrap_err();
        assert_eq!(world.counts.frozen(), BTreeSet::new());
    })
    .await;
}

#[tokio::test]
async fn a_change_since_what_was_too_few_to_be_told_before_is_not_published() {
    on_both(|database| async {
        let world = reported(database).await;
        world.counts.there_were(3);
        for (id, of) in [("team", "@sala"), ("all", "")] {
            let text = format!("Deltagarna har [ökat](change:participants{of}).");
            let etag = accepted(&world, id, about(HOME, &[SALA]), &text).await;
            let refused = published(&world, publish(id, &etag)).await.unwrap_err();
            assert_eq!(Problem::of(&refused).reason, "RELEASE_TEXT_SHOWS_HIDDEN", "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_report_that_was_looked_at_is_published_as_it_could_be_told_then() {
    on_both(|database| async {
        let world = reported(database).await;
        let etag = accepted(&world, "halvar", about(HOME, &[SALA]), "Det gick bra.").await;
        world.counts.reveal_now();
        world.counts.come_late(2);
        let compiled = world.compiled("halvar").await;
        assert_eq!(compiled.stamp.unwrap().participant_sequence, counts::SEQUENCE);
        let checked = PublishReportRequest { validate_only: true, ..publish("halvar", &etag) };
        let checked = published(&world, checked).await.unwrap();
        assert_eq!(figures(&checked, SALA, "participants")[0].count, Some(12));
        assert_eq!(world.counts.frozen(), BTreeSet::new(), "a check freezes nothing");
        let release = published(&world, publish("halvar", &etag)).await.unwrap();
        assert_eq!(release.stamps[1].sequence, counts::SEQUENCE);
        assert_eq!(world.counts.frozen(), BTreeSet::from([release.name.clone()]));
        assert_intact(&world, &release).await;
    })
    .await;
}

#[tokio::test]
async fn figures_that_contradict_the_text_after_it_was_accepted_are_told_before_it_is_published() {
    on_both(|database| async {
        let world = reported(database).await;
        let text = "Teamen hade [62](figure:participants) deltagare.";
        let etag = accepted(&world, "halvar", about(HOME, &[]), text).await;
        let (_, mut counts) =
            vastmanland().into_iter().find(|(id, _)| *id == "surahammar").unwrap();
        counts.retain(|one| one.figure != "participants" || one.category != "total");
        counts.push(count("participants", "total", 90));
        let late = SubmitReportedFiguresRequest {
            request_id: "late".to_owned(),
            ..submit("surahammar", counts)
        };
        world.figures().submit_reported_figures(world.office(late)).await.unwrap();
        let refused = published(&world, publish("halvar", &etag)).await.unwrap_err();
        let problem = Problem::of(&refused);
        assert_eq!(
            (problem.code, problem.reason.as_str()),
            (Code::FailedPrecondition, "REPORT_FINDINGS_OPEN")
        );
        let back = ReturnReportRequest {
            name: name("halvar"),
            etag,
            reason: "Surahammar har rättat.".to_owned(),
            request_id: "back".to_owned(),
            validate_only: false,
        };
        world.kept_reports().return_report(world.accepter(back)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn reports_with_the_same_id_are_published_under_numbers_of_their_own() {
    on_both(|database| async {
        let world = reported(database).await;
        let etag = accepted(&world, "2025h1", about(HOME, &[]), "Det gick bra.").await;
        let release = published(&world, publish("2025h1", &etag)).await.unwrap();
        assert_eq!(release.name, format!("{HOME}/releases/2025h1-1"));
        let as_they_are = PublishReportRequest {
            name: format!("{PERIOD}/halfYearReport"),
            request_id: "as-they-are".to_owned(),
            ..Default::default()
        };
        let release = published(&world, as_they_are).await.unwrap();
        assert_eq!(release.name, format!("{HOME}/releases/2025h1-2"));
        assert_intact(&world, &release).await;
    })
    .await;
}

#[tokio::test]
async fn a_report_is_not_published_beside_another_on_the_same() {
    on_both(|database| async {
        let world = reported(database).await;
        let report = about(SURAHAMMAR, &[]);
        let beside = accepted(&world, "beside", report.clone(), "Det gick bra.").await;
        let first = accepted(&world, "first", report.clone(), "Det gick bra.").await;
        published(&world, publish("first", &first)).await.unwrap();
        let refused = published(&world, publish("beside", &beside)).await.unwrap_err();
        let problem = Problem::of(&refused);
        assert_eq!(problem.reason, "REPORT_PUBLISHED_BESIDE");
        assert_eq!(problem.fact("report"), name("first"));
        let draft = world.office(create("third", report));
        let refused = world.kept_reports().create_report(draft).await.unwrap_err();
        assert_eq!(Problem::of(&refused).reason, "REPORT_PUBLISHED_BESIDE");
        let other = world.office(create("other", about(SALA, &[])));
        world.kept_reports().create_report(other).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_report_with_nothing_but_what_it_states_is_published() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        create_template(&world, "short", "federation\", \"area\", \"team").await;
        let mut report = about(SURAHAMMAR, &[]);
        report.stated_cells = vec![StatedCell {
            subject: SURAHAMMAR.to_owned(),
            figure: "positions".to_owned(),
            category: "total".to_owned(),
            value: "2.5".to_owned(),
        }];
        let etag = accepted(&world, "halvar", report, "Det gick bra.").await;
        let release = published(&world, publish("halvar", &etag)).await.unwrap();
        assert_eq!(figures(&release, SURAHAMMAR, "positions").len(), 1);
        assert_intact(&world, &release).await;
    })
    .await;
}

#[tokio::test]
async fn a_team_that_a_report_does_not_cover_is_no_source_of_it() {
    on_both(|database| async {
        let world = reported(database).await;
        for (id, subject) in [("team", SURAHAMMAR), ("area", AREA)] {
            let request = world.office(create(id, about(subject, &[SALA])));
            let answer = world.kept_reports().create_report(request).await;
            assert_eq!(faults(answer), expected(&[("report.sources", "TEAM_NOT_IN_REPORT")]));
        }
    })
    .await;
}

#[tokio::test]
async fn a_team_is_not_published_from_two_sources_for_one_period() {
    on_both(|database| async {
        let world = reported(database).await;
        let etag = accepted(&world, "reported", about(HOME, &[]), "Det gick bra.").await;
        let release = published(&world, publish("reported", &etag)).await.unwrap();
        let derived = about(SURAHAMMAR, &[SURAHAMMAR]);
        let etag = accepted(&world, "derived", derived, "Det gick bra.").await;
        let refused = published(&world, publish("derived", &etag)).await.unwrap_err();
        let problem = Problem::of(&refused);
        assert_eq!(problem.reason, "TEAM_PUBLISHED_OTHERWISE");
        assert_eq!(problem.fact("release"), release.name);
        assert_eq!(world.counts.frozen(), BTreeSet::new());
    })
    .await;
}

#[tokio::test]
async fn a_stated_total_is_printed_beside_the_sum_and_is_what_the_text_says() {
    on_both(|database| async {
        let world = reported(database).await;
        let mut report = about(HOME, &[]);
        report.stated_cells = vec![StatedCell {
            subject: HOME.to_owned(),
            figure: "participants".to_owned(),
            category: "total".to_owned(),
            value: "70".to_owned(),
        }];
        let text = "Teamen hade [](figure:participants) deltagare.";
        let etag = accepted(&world, "halvar", report, text).await;
        let release = published(&world, publish("halvar", &etag)).await.unwrap();
        let told = figures(&release, HOME, "participants");
        let told: Vec<_> =
            told.iter().map(|one| (one.source(), one.count, one.teams_covered)).collect();
        assert_eq!(
            told,
            [(ReleasedSource::Reported, Some(62), 3), (ReleasedSource::Stated, Some(70), 0)]
        );
        assert!(release.chapters[0].shown_text.contains("70 deltagare"));
        assert_intact(&world, &release).await;
    })
    .await;
}
