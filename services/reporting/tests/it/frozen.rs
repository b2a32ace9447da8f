//! Counts of records that cannot be told as they are now beside what was given out before: a
//! draft has them of several times, and a publication freezes them as they were at one.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{FetchFiguresRequest, FigureCell, ReleasedFigure, ReturnReportRequest};

use crate::counts::SEQUENCE;
use crate::publishing::{
    about, accepted, accepted_again, assert_intact, figures, publish, published, reported,
};
use crate::report::{name, write};
use crate::world::World;

const SALA: &str = "federations/vastmanland/teams/sala";

/// How many participants the report shows Sala to have.
async fn participants(world: &World) -> String {
    let compiled = world.compiled("sala").await;
    let is_it = |one: &&FigureCell| (&*one.figure, &*one.category) == ("participants", "total");
    compiled.figures[0].cells.iter().find(is_it).unwrap().value.clone()
}

#[tokio::test]
async fn counts_of_several_times_contradict_nobody_and_are_said_to_be() {
    on_both(|database| async {
        let world = reported(database).await;
        world.draft_report("sala", about(SALA, &[SALA])).await;
        world.write_chapter("sala", "introduction", "Det gick bra.").await;
        world.counts.stick_by_sex();
        assert!(!world.fetched("sala", false).await, "one woman more");
        let compiled = world.compiled("sala").await;
        let cells = &compiled.figures[0].cells;
        let told = |category: &str| {
            let is_it =
                |one: &&FigureCell| one.figure == "participants" && one.category == category;
            cells.iter().find(is_it).unwrap().value.clone()
        };
        assert_eq!([told("total"), told("woman"), told("man")], ["12", "6", "5"]);
        assert_eq!(compiled.findings, [], "nobody stated them");
        let stamp = compiled.stamp.unwrap();
        assert_eq!(stamp.participant_sequence, SEQUENCE);
        assert_eq!(stamp.participant_oldest_sequence, SEQUENCE - 1);

        world.counts.empty_by_sex();
        let read = world.counts.tables_read();
        let request = FetchFiguresRequest { name: name("sala"), hide_more: true };
        let refused = world.kept_reports().fetch_figures(world.office(request)).await.unwrap_err();
        assert_eq!(Problem::of(&refused).reason, "NOTHING_CAN_BE_TOLD");
        assert_eq!(world.counts.tables_read(), read, "all tables or none");

        world.counts.fill_by_sex();
        assert!(world.fetched("sala", true).await);
        let compiled = world.compiled("sala").await;
        let is_hidden = |category: &str| {
            let mut cells = compiled.figures[0].cells.iter();
            let is_it =
                |one: &&FigureCell| one.figure == "participants" && one.category == category;
            cells.find(is_it).unwrap().hidden
        };
        assert_eq!([is_hidden("total"), is_hidden("woman"), is_hidden("man")], [false, true, true]);
        let stamp = compiled.stamp.unwrap();
        assert_eq!(stamp.participant_oldest_sequence, SEQUENCE, "all are of one time");
    })
    .await;
}

#[tokio::test]
async fn a_report_whose_counts_were_frozen_otherwise_shows_these_until_it_is_published() {
    on_both(|database| async {
        let world = reported(database).await;
        let text = "Teamet hade [12](figure:participants) deltagare.";
        let etag = accepted(&world, "sala", about(SALA, &[SALA]), text).await;
        world.counts.come_late(3);
        world.counts.refuse_what_was();
        let refused = published(&world, publish("sala", &etag)).await.unwrap_err();
        let problem = Problem::of(&refused);
        assert_eq!(problem.reason, "RELEASE_FIGURES_FROZEN");
        let compiled = world.compiled("sala").await;
        assert_eq!(participants(&world).await, "15", "what is frozen");
        let found: Vec<&str> = compiled.findings.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(found, [problem.fact("findings")], "and what that says of the text");

        let back = ReturnReportRequest {
            name: name("sala"),
            etag,
            reason: "Talen frystes som de var.".to_owned(),
            request_id: "back".to_owned(),
            validate_only: false,
        };
        world.kept_reports().return_report(world.accepter(back)).await.unwrap();
        let text = "Teamet hade [15](figure:participants) deltagare.";
        let chapter = format!("{}/chapters/introduction", name("sala"));
        let anew = world.office(write(&chapter, "1", text, &[]));
        world.chapters().update_chapter(anew).await.unwrap();
        let etag = accepted_again(&world, "sala").await;
        let release = published(&world, publish("sala", &etag)).await.unwrap();
        assert_eq!(figures(&release, SALA, "participants")[0].count, Some(15));
        assert_intact(&world, &release).await;
    })
    .await;
}

#[tokio::test]
async fn a_report_that_can_be_frozen_at_no_time_is_published_with_more_hidden() {
    on_both(|database| async {
        let world = reported(database).await;
        let etag = accepted(&world, "sala", about(SALA, &[SALA]), "Det gick bra.").await;
        assert_eq!(participants(&world).await, "12");
        world.counts.come_late(3);
        world.counts.reveal_now();
        world.counts.refuse_what_was();
        let release = published(&world, publish("sala", &etag)).await.unwrap();
        let is_hidden = |category: &str| {
            let mut figures = release.figures.iter();
            let is_it = |one: &&ReleasedFigure| {
                (&*one.figure, &*one.category) == ("participants", category)
            };
            figures.find(is_it).unwrap().hidden
        };
        assert_eq!(["total", "woman", "man"].map(is_hidden), [true; 3]);
        assert_intact(&world, &release).await;
    })
    .await;
}
