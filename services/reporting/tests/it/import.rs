//! Many periods and reported figures at once.

use platform::testing::on_both;
use proto::{
    common::ImportEffect,
    reporting::{
        GetReportedFiguresRequest, ImportReportingRequest, ImportReportingResponse, ReportedFigures,
    },
};
use tonic::Code;

use crate::world::{
    HOME, PERIOD, World, count, expected, faults, figures_of, period, problem, vastmanland,
};

pub(crate) fn whole(request_id: &str) -> ImportReportingRequest {
    let figures = |(team, counts)| figures_of(team, counts);
    ImportReportingRequest {
        parent: HOME.to_owned(),
        reporting_periods: vec![period()],
        reported_figures: vastmanland().into_iter().map(figures).collect(),
        expected_names: Vec::new(),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

async fn import(world: &World, request: ImportReportingRequest) -> ImportReportingResponse {
    world.imports().import_reporting(world.office(request)).await.unwrap().into_inner()
}

fn effects(response: &ImportReportingResponse) -> Vec<ImportEffect> {
    assert_eq!(response.faults, []);
    response.outcomes.iter().map(|outcome| outcome.effect()).collect()
}

fn told(response: ImportReportingResponse) -> Vec<(String, String)> {
    assert_eq!(response.outcomes, []);
    response.faults.into_iter().map(|fault| (fault.field, fault.reason)).collect()
}

async fn read(world: &World, team: &str) -> ReportedFigures {
    let get = GetReportedFiguresRequest { name: format!("{PERIOD}/reportedFigures/{team}") };
    let answer = world.figures().get_reported_figures(world.office(get)).await.unwrap();
    answer.into_inner().reported_figures.unwrap()
}

#[tokio::test]
async fn figures_are_taken_in_with_their_period_and_a_second_time_nothing_changes() {
    on_both(|database| async {
        let world = World::new(database).await;
        let first = import(&world, whole("1")).await;
        assert_eq!(effects(&first), [ImportEffect::Created; 4]);
        assert_eq!(first.outcomes[3].row, "reported_figures[2]");
        assert_eq!(world.sequence().await, 4);
        assert_eq!(read(&world, "surahammar").await.counts.len(), 15);
        assert_eq!(import(&world, whole("1")).await, first, "a repeated request answers the same");
        assert_eq!(effects(&import(&world, whole("2")).await), [ImportEffect::Unchanged; 4]);
        assert_eq!(world.sequence().await, 4);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn figures_that_differ_are_replaced_and_others_are_left() {
    on_both(|database| async {
        let world = World::new(database).await;
        import(&world, whole("1")).await;
        let mut other = whole("2");
        other.reported_figures[0].counts = vec![count("queue", "total", 3)];
        other.reported_figures[1].counts.reverse();
        let answer = import(&world, other).await;
        assert_eq!(
            effects(&answer),
            [
                ImportEffect::Unchanged,
                ImportEffect::Replaced,
                ImportEffect::Unchanged,
                ImportEffect::Unchanged,
            ]
        );
        assert_eq!(read(&world, "hallstahammar").await.counts, [count("queue", "total", 3)]);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn figures_that_do_not_add_up_are_taken_in() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut request = whole("1");
        request.reported_figures[0].counts[0].count += 1;
        assert_eq!(effects(&import(&world, request).await), [ImportEffect::Created; 4]);
        assert_eq!(read(&world, "hallstahammar").await.findings.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_expected_team_is_believed_in_a_trial_only() {
    on_both(|database| async {
        let world = World::new(database).await;
        let team = format!("{HOME}/teams/fns");
        let mut request = whole("1");
        request.reported_figures.push(figures_of("fns", vec![count("queue", "total", 1)]));
        request.validate_only = true;
        let unknown = import(&world, request.clone()).await;
        assert_eq!(told(unknown), expected(&[("reported_figures[3].name", "TEAM_UNKNOWN")]));
        request.expected_names = vec![team];
        assert_eq!(effects(&import(&world, request.clone()).await), [ImportEffect::Created; 5]);
        request.validate_only = false;
        let missing = import(&world, request).await;
        assert_eq!(told(missing), expected(&[("expected_names[0]", "EXPECTED_NAME_MISSING")]));
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn all_faults_are_told_at_once_and_nothing_is_taken_in() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut bad = whole("1");
        bad.reporting_periods[0].name = format!("{HOME}/reportingPeriods/2025h2");
        bad.reported_figures[0].counts[0].count = -1;
        bad.reported_figures[1].counts[0].figure = "people".to_owned();
        bad.reported_figures.push(bad.reported_figures[2].clone());
        let other = bad.reported_figures[2].name.replace("vastmanland", "sormland");
        bad.reported_figures
            .push(ReportedFigures { name: other, ..bad.reported_figures[2].clone() });
        bad.reported_figures.push(ReportedFigures::default());
        let answer = import(&world, bad).await;
        assert_eq!(
            told(answer),
            expected(&[
                ("reporting_periods[0].name", "PERIOD_ID_WRONG"),
                ("reported_figures[0].name", "PERIOD_UNKNOWN"),
                ("reported_figures[0].counts[0].count", "COUNT_NEGATIVE"),
                ("reported_figures[1].name", "PERIOD_UNKNOWN"),
                ("reported_figures[1].counts[0].figure", "FIGURE_UNKNOWN"),
                ("reported_figures[2].name", "PERIOD_UNKNOWN"),
                ("reported_figures[3].name", "NAME_TWICE"),
                ("reported_figures[3].name", "PERIOD_UNKNOWN"),
                ("reported_figures[4].name", "OTHER_FEDERATION"),
                ("reported_figures[5].name", "NAME_MALFORMED"),
                ("reported_figures[5].counts", "COUNTS_MISSING"),
            ])
        );
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_period_that_is_there_with_another_due_date_is_refused() {
    on_both(|database| async {
        let world = World::new(database).await;
        import(&world, whole("1")).await;
        let mut other = whole("2");
        other.reporting_periods[0].due_date.as_mut().unwrap().day = 2;
        let answer = import(&world, other).await;
        assert_eq!(told(answer), expected(&[("reporting_periods[0]", "DIFFERS_FROM_RECORD")]));
    })
    .await;
}

#[tokio::test]
async fn an_import_into_another_federation_finds_nothing_and_a_bad_envelope_is_told() {
    on_both(|database| async {
        let world = World::new(database).await;
        let stranger = world.stranger(whole("1"));
        assert_eq!(problem(world.imports().import_reporting(stranger).await).0, Code::NotFound);
        let bad = ImportReportingRequest { parent: "x".to_owned(), ..whole("1") };
        let parent = faults(world.imports().import_reporting(world.office(bad)).await);
        assert_eq!(parent, expected(&[("parent", "NAME_MALFORMED")]));
        let no_id = faults(world.imports().import_reporting(world.office(whole(""))).await);
        assert_eq!(no_id, expected(&[("request_id", "REQUEST_ID_MALFORMED")]));
    })
    .await;
}
