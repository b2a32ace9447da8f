//! Figures that are counted from records: fetched by somebody, and not by reading a report.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{
    DraftRestatementRequest, FetchFiguresRequest, FigureSource, PublishRestatementRequest,
    ReleasedChange, ReturnReportRequest, SubmitReportRequest,
};

use crate::publishing::{
    about, accepted, accepted_again, assert_intact, figures, publish, published, reported,
};
use crate::report::name;
use crate::world::{HOME, World};

const SALA: &str = "federations/vastmanland/teams/sala";

#[tokio::test]
async fn what_was_accepted_is_published_whatever_gets_known_and_fetched_for_another_report() {
    on_both(|database| async move {
        let world = reported(database).await;
        let text = "I Sala fanns [](figure:participants@sala) deltagare.";
        let etag = accepted(&world, "halvar", about(HOME, &[SALA]), text).await;
        world.counts.come_late(5);
        let fetch = FetchFiguresRequest { name: name("halvar"), hide_more: false };
        let refused = world.kept_reports().fetch_figures(world.office(fetch)).await.unwrap_err();
        assert_eq!(Problem::of(&refused).reason, "REPORT_STATE_FORBIDS");

        world.draft_report("other", about(SALA, &[SALA])).await;
        world.write_chapter("other", "introduction", text).await;
        assert!(world.fetched("other", false).await);
        let shown = async |id| world.compiled(id).await.chapters[0].shown_text.clone();
        assert!(shown("other").await.contains("17 deltagare"), "{}", shown("other").await);
        assert!(shown("halvar").await.contains("12 deltagare"), "{}", shown("halvar").await);
        let release = published(&world, publish("halvar", &etag)).await.unwrap();
        assert_eq!(figures(&release, SALA, "participants")[0].count, Some(12));
        let told = &release.chapters[0].shown_text;
        assert!(told.contains("12 deltagare"), "{told}");
        assert_intact(&world, &release).await;
    })
    .await;
}

#[tokio::test]
async fn a_report_that_is_returned_shows_what_was_fetched_meanwhile() {
    on_both(|database| async move {
        let world = reported(database).await;
        let text = "I Sala fanns [](figure:participants@sala) deltagare.";
        let etag = accepted(&world, "halvar", about(HOME, &[SALA]), text).await;
        world.counts.come_late(5);
        world.draft_report("other", about(SALA, &[SALA])).await;
        assert!(world.fetched("other", false).await);
        let message = ReturnReportRequest {
            name: name("halvar"),
            etag,
            reason: "Fem till.".to_owned(),
            request_id: "return".to_owned(),
            validate_only: false,
        };
        world.kept_reports().return_report(world.accepter(message)).await.unwrap();
        let shown = &world.compiled("halvar").await.chapters[0].shown_text;
        assert!(shown.contains("17 deltagare"), "{shown}");
        let etag = accepted_again(&world, "halvar").await;
        let release = published(&world, publish("halvar", &etag)).await.unwrap();
        assert_eq!(figures(&release, SALA, "participants")[0].count, Some(17));
    })
    .await;
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

#[tokio::test]
async fn a_correction_is_looked_at_and_published_with_what_was_fetched() {
    on_both(|database| async {
        let world = reported(database).await;
        let text = "I Sala fanns [](figure:participants@sala) deltagare.";
        let etag = accepted(&world, "halvar", about(HOME, &[SALA]), text).await;
        let release = published(&world, publish("halvar", &etag)).await.unwrap();
        let drafted = async || {
            let message = DraftRestatementRequest { name: release.name.clone() };
            let answer = world.restatements().draft_restatement(world.office(message)).await;
            answer.unwrap().into_inner()
        };
        world.counts.come_late(5);
        let given_out = world.counts.tables_read();
        let before = drafted().await;
        assert_eq!(before.changes, [], "nobody fetched the five");
        assert_eq!(world.counts.tables_read(), given_out, "nothing is given out by looking");

        assert!(world.fetched("halvar", false).await);
        let draft = drafted().await;
        let of_sala = |change: &&ReleasedChange| {
            (change.subject.as_str(), change.figure.as_str(), change.category.as_str())
                == (SALA, "participants", "total")
        };
        let change = draft.changes.iter().find(of_sala).unwrap();
        assert_eq!((change.old_count, change.new_count), (Some(12), Some(17)));
        let seconds = |time: Option<prost_types::Timestamp>| time.unwrap().seconds;
        assert!(seconds(draft.fetch_time) >= seconds(before.fetch_time));

        world.counts.come_late(20);
        let message = PublishRestatementRequest {
            name: release.name.clone(),
            dnr: String::new(),
            request_id: "restate".to_owned(),
            validate_only: false,
        };
        let answer = world.restatements().publish_restatement(world.office(message)).await;
        let corrected = answer.unwrap().into_inner().release.unwrap();
        assert_eq!(corrected.changes, draft.changes, "what was looked at is published");
        assert_intact(&world, &corrected).await;
    })
    .await;
}
