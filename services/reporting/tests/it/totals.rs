//! What a report states of teams together is not told where it would tell what is hidden of
//! one of them in counts from records. Sala is counted from records, and how many were new
//! there is hidden.

use std::collections::BTreeSet;

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{ReleasedSource, Report, StatedCell};
use tonic::Code;

use crate::publishing::{about, accepted, assert_intact, figures, publish, published, reported};
use crate::world::{HOME, World};

const SALA: &str = "federations/vastmanland/teams/sala";
/// Of which Sala is the only team.
const AREA: &str = "federations/vastmanland/areas/sodra";

/// A report that states how many there were together.
fn stating(report: Report, figure: &str, value: &str) -> Report {
    let cell = StatedCell {
        subject: report.subject.clone(),
        figure: figure.to_owned(),
        category: "total".to_owned(),
        value: value.to_owned(),
    };
    let stated_cells = report.stated_cells.iter().cloned().chain([cell]).collect();
    Report { stated_cells, ..report }
}

/// What a release states, and whether that is hidden.
fn stated(release: &proto::reporting::Release, subject: &str, figure: &str) -> (Option<i64>, bool) {
    let told = figures(release, subject, figure);
    let one = told.iter().find(|one| one.source() == ReleasedSource::Stated).unwrap();
    (one.count, one.hidden)
}

async fn released(world: &World, id: &str, report: Report) -> proto::reporting::Release {
    let etag = accepted(world, id, report, "Det gick bra.").await;
    published(world, publish(id, &etag)).await.unwrap()
}

#[tokio::test]
async fn a_total_is_hidden_beside_counts_from_records_that_are_and_told_beside_others() {
    on_both(|database| async {
        let world = reported(database).await;
        let report = stating(about(HOME, &[SALA]), "new_participants", "50");
        let report = stating(report, "participants", "74");
        let release = released(&world, "halvar", report).await;
        let of_sala = figures(&release, SALA, "new_participants");
        assert!(of_sala.iter().all(|one| one.hidden), "{of_sala:?}");
        assert_eq!(stated(&release, HOME, "new_participants"), (None, true));
        assert_eq!(stated(&release, HOME, "participants"), (Some(74), false));
        assert_intact(&world, &release).await;
    })
    .await;
}

#[tokio::test]
async fn a_text_says_no_total_that_is_hidden() {
    on_both(|database| async {
        let world = reported(database).await;
        let report = stating(about(HOME, &[SALA]), "new_participants", "50");
        for (id, text) in [
            ("bound", "Nya: [](figure:new_participants)."),
            ("marked", "Vi såg [50 gånger](no-statistic \"Metodens namn\")."),
        ] {
            let etag = accepted(&world, id, report.clone(), text).await;
            let refused = published(&world, publish(id, &etag)).await.unwrap_err();
            assert_eq!(Problem::of(&refused).reason, "RELEASE_TEXT_SHOWS_HIDDEN", "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_total_of_an_area_tells_nothing_that_another_release_hides() {
    on_both(|database| async {
        let world = reported(database).await;
        released(&world, "halvar", about(HOME, &[SALA])).await;
        let report = stating(about(AREA, &[]), "new_participants", "9");
        let report = stating(report, "exits", "12");
        let release = released(&world, "sodra", report).await;
        assert_eq!(stated(&release, AREA, "new_participants"), (None, true));
        assert_eq!(stated(&release, AREA, "exits"), (Some(12), false));
        assert_intact(&world, &release).await;
    })
    .await;
}

#[tokio::test]
async fn what_a_total_tells_already_is_not_published_as_hidden() {
    on_both(|database| async {
        let world = reported(database).await;
        let report = stating(about(AREA, &[]), "new_participants", "9");
        let release = released(&world, "sodra", report).await;
        assert_eq!(stated(&release, AREA, "new_participants"), (Some(9), false));
        let etag = accepted(&world, "halvar", about(HOME, &[SALA]), "Det gick bra.").await;
        let refused = published(&world, publish("halvar", &etag)).await.unwrap_err();
        let problem = Problem::of(&refused);
        assert_eq!(problem.code, Code::FailedPrecondition);
        assert_eq!(problem.reason, "TOTAL_TOLD_BEFORE");
        assert_eq!(problem.fact("release"), release.name);
        assert_eq!(world.counts.frozen(), BTreeSet::new(), "what is refused freezes nothing");
    })
    .await;
}
