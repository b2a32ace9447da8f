//! What a release hides of what was stated is not told by the next half-year's counts from
//! records.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{
    AcceptReportRequest, FigureSource, PublishReportRequest, Release, ReleasedFigure,
    ReleasedSource, Report, StatedCell, SubmitReportRequest, TeamSource, VerifyReleaseRequest,
};
use tonic::Status;

use super::create;
use crate::compared::create_before;
use crate::report::{content, name};
use crate::world::{HOME, World};

const SALA: &str = "federations/vastmanland/teams/sala";

/// Where those who had begun are counted from records.
const FLOW: &str = r#"
version = 1
code = "flow"
title_sv = "Flöde"
title_en = "Flow"
about = ["federation"]
due_days = 30

[[sections]]
code = "introduction"
title_sv = "Inledning"
title_en = "Introduction"

[[columns]]
code = "begun"
text_sv = "Pågående vid periodens början"
text_en = "Ongoing at the beginning of the period"

[[columns]]
code = "ended"
text_sv = "Pågående vid periodens slut"
text_en = "Ongoing at the end of the period"

[[flows]]
opening = "begun"
inflow = ["new_participants"]
outflow = ["exits"]
closing = "ended"

[[tables]]
layout = "own-begun"
title = "Pågående efter team"
columns = [{ measure = "participants", total = "begun" }]
"#;

async fn published(world: &World, id: &str, report: Report) -> Result<Release, Status> {
    let drafted = world.draft_report(id, report).await;
    world.write_chapter(id, "introduction", "Så gick det.").await;
    world.fetched(id, false).await;
    let (name, request_id) = (name(id), |step: &str| format!("{step}-{id}"));
    let message = SubmitReportRequest {
        name: name.clone(),
        etag: drafted.etag,
        request_id: request_id("submit"),
        validate_only: false,
    };
    let answer = world.kept_reports().submit_report(world.office(message)).await.unwrap();
    let etag = answer.into_inner().report.unwrap().etag;
    let message = AcceptReportRequest {
        name: name.clone(),
        etag,
        request_id: request_id("accept"),
        validate_only: false,
    };
    let answer = world.kept_reports().accept_report(world.accepter(message)).await.unwrap();
    let etag = answer.into_inner().report.unwrap().etag;
    let request_id = request_id("publish");
    let message = PublishReportRequest { name, etag, request_id, ..Default::default() };
    let answer = world.releases().publish_report(world.office(message)).await?;
    Ok(answer.into_inner().release.unwrap())
}

/// The second half of 2024, at the end of which Sala had three.
async fn publish_before(world: &World) -> Result<Release, Status> {
    let mut before = content("own", HOME, "Hösten");
    before.reporting_period = format!("{HOME}/reportingPeriods/2024h2");
    before.stated_cells = vec![StatedCell {
        subject: SALA.to_owned(),
        figure: "ended".to_owned(),
        category: "total".to_owned(),
        value: "3".to_owned(),
    }];
    published(world, "hosten", before).await
}

/// The first half of 2025, of which Sala is counted from records.
async fn publish_counted(world: &World) -> Release {
    let mut report = content("own", HOME, "Våren");
    let source = FigureSource::Derived.into();
    report.sources = vec![TeamSource { team: SALA.to_owned(), source }];
    published(world, "varen", report).await.unwrap()
}

async fn prepared(world: &World) {
    create_before(world).await;
    world.create_period().await;
    world.templates().create_report_template(world.office(create("own", FLOW))).await.unwrap();
}

#[tokio::test]
async fn the_end_of_a_half_year_that_is_hidden_is_not_counted_as_the_beginning_of_the_next() {
    on_both(|database| async {
        let world = World::new(database).await;
        prepared(&world).await;
        let before = publish_before(&world).await.unwrap();
        assert!(before.figures.iter().all(|figure| figure.hidden), "three are few");
        let release = publish_counted(&world).await;
        let told = |figure: &str, category: &str| {
            let is_it = |one: &&ReleasedFigure| {
                let cell = (one.figure.as_str(), one.category.as_str());
                one.subject == SALA && cell == (figure, category)
            };
            let found = release.figures.iter().find(is_it).unwrap();
            assert_eq!(found.source(), ReleasedSource::Derived);
            (found.count, found.hidden)
        };
        assert_eq!(told("begun", "total"), (None, true));
        assert_eq!(told("exits", "total"), (None, true), "the rest of the flow would tell it");
        assert_eq!(told("participants", "total"), (Some(12), false));
        let of_all = release.figures.iter().filter(|one| one.subject == HOME);
        assert!(of_all.filter(|one| one.figure == "begun").all(|one| one.hidden));

        let message = VerifyReleaseRequest { name: release.name };
        let answer = world.releases().verify_release(world.office(message)).await.unwrap();
        assert!(answer.get_ref().intact, "{:?}", answer.get_ref().differences);
    })
    .await;
}

#[tokio::test]
async fn an_end_that_is_to_be_hidden_is_refused_when_the_next_half_year_counts_it_already() {
    on_both(|database| async {
        let world = World::new(database).await;
        prepared(&world).await;
        let release = publish_counted(&world).await;
        assert!(release.figures.iter().any(|one| one.figure == "begun" && one.count == Some(12)));
        let refused = Problem::of(&publish_before(&world).await.unwrap_err());
        assert_eq!(refused.reason, "CLOSING_TOLD_LATER");
        assert_eq!(refused.fact("team"), "Samordningsteam Sala");
    })
    .await;
}
