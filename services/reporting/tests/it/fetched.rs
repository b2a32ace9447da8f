//! Figures that are counted from records: fetched by somebody, and not by reading a report.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{FigureSource, SubmitReportRequest};

use crate::publishing::{about, accepted, assert_intact, figures, publish, published, reported};
use crate::report::name;
use crate::world::{HOME, World};

const SALA: &str = "federations/vastmanland/teams/sala";

#[tokio::test]
async fn what_was_accepted_is_published_whatever_gets_known_until_it_is_fetched() {
    for (fetches, number) in [(false, 12), (true, 17)] {
        on_both(|database| async move {
            let world = reported(database).await;
            let text = "I Sala fanns [](figure:participants@sala) deltagare.";
            let etag = accepted(&world, "halvar", about(HOME, &[SALA]), text).await;
            world.counts.come_late(5);
            if fetches {
                assert!(world.fetched("halvar", false).await);
            }
            let release = published(&world, publish("halvar", &etag)).await.unwrap();
            assert_eq!(figures(&release, SALA, "participants")[0].count, Some(number));
            let shown = &release.chapters[0].shown_text;
            assert!(shown.contains(&format!("{number} deltagare")), "{shown}");
            assert_intact(&world, &release).await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_report_without_its_figures_is_not_handed_in() {
    on_both(|database| async {
        let world = reported(database).await;
        let drafted = world.draft_report("halvar", about(HOME, &[SALA])).await;
        world.write_chapter("halvar", "introduction", "Det gick bra.").await;
        let compiled = world.compiled("halvar").await;
        let mut cells = compiled.figures.iter().flat_map(|one| &one.cells);
        assert!(!cells.any(|cell| cell.source() == FigureSource::Derived), "nobody fetched them");
        assert_eq!(compiled.stamp.unwrap().fetch_time, None);
        let submit = |world: &World| {
            let etag = drafted.etag.clone();
            let request_id = "hand-in".to_owned();
            let message = SubmitReportRequest {
                name: name("halvar"),
                etag,
                request_id,
                validate_only: false,
            };
            let request = world.office(message);
            let mut reports = world.kept_reports();
            async move { reports.submit_report(request).await }
        };
        let refused = submit(&world).await.unwrap_err();
        assert_eq!(Problem::of(&refused).reason, "FIGURES_NOT_FETCHED");
        world.fetched("halvar", false).await;
        assert!(world.compiled("halvar").await.stamp.unwrap().fetch_time.is_some());
        submit(&world).await.unwrap();
    })
    .await;
}
