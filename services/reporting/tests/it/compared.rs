//! What teams whose figures are counted from records are compared with: what is published
//! of the half-year before, else what tables of it tell that were given out since. Sala has
//! twelve participants.

use std::collections::BTreeSet;

use platform::testing::on_both;
use proto::reporting::{
    CreateReportingPeriodRequest, FigureSource, FiguresBefore, PublishReportRequest,
    ReportedFigures, ReportingPeriod, SubmitReportedFiguresRequest, TeamSource,
};

use crate::counts;
use crate::released_report::{accepted_as, create_template, published, submitted};
use crate::report::{checks, content, name, write};
use crate::world::{HOME, World, count, create_period, submit};

const SALA: &str = "federations/vastmanland/teams/sala";

/// A report on Västmanland in which Sala is counted from records, with figures fetched.
async fn drafted(world: &World, template: &str) {
    world.create_period().await;
    let mut report = content(template, HOME, "Första halvåret");
    let source = FigureSource::Derived.into();
    report.sources = vec![TeamSource { team: SALA.to_owned(), source }];
    world.draft_report("halvar", report).await;
    world.fetched("halvar", false).await;
}

/// The codes of what is found in the introduction with this text.
async fn found(world: &World, etag: &str, text: &str) -> Vec<String> {
    let chapter = format!("{}/chapters/introduction", name("halvar"));
    let message = write(&chapter, etag, text, &[]);
    world.chapters().update_chapter(world.office(message)).await.unwrap();
    let compiled = world.compiled("halvar").await;
    checks(&compiled.findings).into_iter().map(str::to_owned).collect()
}

async fn stamped(world: &World) -> Vec<FiguresBefore> {
    world.compiled("halvar").await.stamp.unwrap().before
}

/// Creates the second half of 2024.
pub(crate) async fn create_before(world: &World) {
    let day = |year, month, day| Some(proto::Date { year, month, day });
    let days = proto::common::Period { first_day: day(2024, 7, 1), last_day: day(2024, 12, 31) };
    let (period, due_date) = (Some(days), day(2025, 1, 20));
    let period = ReportingPeriod { name: String::new(), period, due_date };
    let period =
        CreateReportingPeriodRequest { reporting_period: Some(period), ..create_period("2024h2") };
    world.periods().create_reporting_period(world.office(period)).await.unwrap();
}

/// Publishes it with Sala counted from records.
async fn publish_before(world: &World) -> String {
    create_before(world).await;
    let message = PublishReportRequest {
        name: format!("{HOME}/reportingPeriods/2024h2/halfYearReport"),
        derived_teams: vec![SALA.to_owned()],
        request_id: "before".to_owned(),
        ..Default::default()
    };
    let answer = world.releases().publish_report(world.office(message)).await.unwrap();
    answer.into_inner().release.unwrap().name
}

#[tokio::test]
async fn more_or_fewer_than_before_is_true_as_the_records_say() {
    on_both(|database| async {
        let world = World::new(database).await;
        create_template(&world, "short", "federation").await;
        drafted(&world, "short").await;
        world.counts.there_were(20);
        let more = "Deltagarna i Sala har [ökat](change:participants@sala).";
        assert_eq!(found(&world, "0", more).await, ["text_against_figure"]);
        let fewer = "Deltagarna i Sala har [minskat](change:participants@sala).";
        assert_eq!(found(&world, "1", fewer).await, [""; 0]);
        world.counts.there_were(6);
        assert_eq!(checks(&world.compiled("halvar").await.findings), ["text_against_figure"]);
        world.counts.there_were(20);
        let of_sala = FiguresBefore {
            team: SALA.to_owned(),
            participant_sequence: counts::SEQUENCE,
            participant_head_hash: vec![7; 32],
            display_name: "Samordningsteam Sala".to_owned(),
            ..Default::default()
        };
        assert_eq!(stamped(&world).await, [of_sala]);

        let etag = world.compiled("halvar").await.report.unwrap().etag;
        let etag = accepted_as(&world, &submitted(&world, &etag).await).await;
        let release = published(&world, &etag).await.unwrap();
        assert!(release.chapters[0].shown_text.contains("minskat"), "{:?}", release.chapters);
    })
    .await;
}

#[tokio::test]
async fn what_is_published_of_the_period_before_is_what_a_reader_compares_with() {
    on_both(|database| async {
        let world = World::new(database).await;
        create_template(&world, "short", "federation").await;
        world.counts.there_were(20);
        let release = publish_before(&world).await;
        drafted(&world, "short").await;
        world.counts.there_were(6);
        let fewer = "Deltagarna i Sala har [minskat](change:participants@sala), \
                     och de har [minskat](change:participants) i hela förbundet.";
        assert_eq!(found(&world, "0", fewer).await, [""; 0]);
        let display_name = "Samordningsteam Sala".to_owned();
        let of_sala =
            FiguresBefore { team: SALA.to_owned(), release, display_name, ..Default::default() };
        assert_eq!(stamped(&world).await, [of_sala]);
    })
    .await;
}

#[tokio::test]
async fn a_team_that_reports_is_compared_with_what_it_reported() {
    on_both(|database| async {
        let world = World::new(database).await;
        create_template(&world, "short", "federation").await;
        create_before(&world).await;
        let name = format!("{HOME}/reportingPeriods/2024h2/reportedFigures/hallstahammar");
        let message = submit("hallstahammar", vec![count("participants", "total", 20)]);
        let figures = ReportedFigures { name: name.clone(), ..message.reported_figures.unwrap() };
        let message = SubmitReportedFiguresRequest { reported_figures: Some(figures), ..message };
        let message = world.lead("hallstahammar", message);
        world.figures().submit_reported_figures(message).await.unwrap();
        drafted(&world, "short").await;
        let team = format!("{HOME}/teams/hallstahammar");
        let display_name = "Samordningsteam Hallstahammar".to_owned();
        let reported =
            FiguresBefore { team, reported_figures: name, display_name, ..Default::default() };
        assert_eq!(stamped(&world).await, [reported]);
    })
    .await;
}

#[tokio::test]
async fn in_a_report_on_an_area_its_teams_are_called_by_name() {
    on_both(|database| async {
        let world = World::new(database).await;
        create_template(&world, "short", "area").await;
        world.create_period().await;
        world.counts.there_were(20);
        let mut report = content("short", &format!("{HOME}/areas/sodra"), "Södra");
        let source = FigureSource::Derived.into();
        report.sources = vec![TeamSource { team: SALA.to_owned(), source }];
        world.draft_report("halvar", report).await;
        world.fetched("halvar", false).await;
        let [of_sala] = stamped(&world).await.try_into().unwrap();
        assert_eq!((of_sala.team.as_str(), of_sala.participant_sequence), (SALA, counts::SEQUENCE));
        assert_eq!(of_sala.display_name, "Samordningsteam Sala");
    })
    .await;
}

#[tokio::test]
async fn a_team_of_which_nobody_was_counted_before_is_compared_with_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        create_template(&world, "short", "federation").await;
        world.counts.there_were(0);
        drafted(&world, "short").await;
        let more = "Deltagarna i Sala har [ökat](change:participants@sala).";
        assert_eq!(found(&world, "0", more).await, ["reference"]);
        assert_eq!(stamped(&world).await, []);
    })
    .await;
}

#[tokio::test]
async fn whoever_reads_a_report_fixes_nothing_of_the_half_year_before() {
    on_both(|database| async {
        let world = World::new(database).await;
        create_template(&world, "short", "federation").await;
        drafted(&world, "short").await;
        let fetched = world.counts.tables_read();
        let more = "Deltagarna i Sala har [ökat](change:participants@sala).";
        assert_eq!(found(&world, "0", more).await, ["reference"]);
        assert_eq!(stamped(&world).await, []);
        world.counts.there_were_at("2024-12-30T08:00:00Z", 6);
        assert_eq!(stamped(&world).await, [], "of a half-year that went on");
        assert_eq!(world.counts.years_read(), BTreeSet::from([2025]));
        assert_eq!(world.counts.tables_read(), fetched, "nor of its own");
    })
    .await;
}

#[tokio::test]
async fn a_change_out_of_line_is_found_in_what_is_counted() {
    on_both(|database| async {
        let world = World::new(database).await;
        drafted(&world, "half-year-report-1").await;
        for (before, is_found) in [(40, true), (20, false)] {
            world.counts.there_were(before);
            let findings = world.compiled("halvar").await.findings;
            let of_sala = findings.iter().filter(|finding| finding.subject == SALA);
            let changes = of_sala.filter(|finding| finding.check == "change").count();
            assert_eq!(changes > 0, is_found, "12 after {before}: {findings:#?}");
        }
    })
    .await;
}
