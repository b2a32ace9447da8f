//! What a release may not say in words.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::Report;

use crate::publishing::{
    SURAHAMMAR, about, accepted, draft, explained, publish, published, reported, taken,
};
use crate::restatement::{replace, restate, with_more};
use crate::world::{HOME, vastmanland};

#[tokio::test]
async fn a_hidden_number_is_published_in_no_words_whatever_they_say_it_counts() {
    on_both(|database| async {
        let world = reported(database).await;
        let release = accepted(&world, "first", about(HOME, &[]), "Det gick bra.").await;
        let release = published(&world, publish("first", &release)).await.unwrap();
        let mut hidden = release.figures.iter().filter(|one| one.hidden);
        let hidden = hidden.find(|one| one.subject == SURAHAMMAR).unwrap();
        let (_, counts) = vastmanland().into_iter().find(|(id, _)| *id == "surahammar").unwrap();
        let is_it = |one: &&proto::reporting::ReportedCount| {
            (&one.figure, &one.category) == (&hidden.figure, &hidden.category)
        };
        let count = counts.iter().find(is_it).unwrap().count;
        let text = format!("Vi såg [{count} gånger](no-statistic \"Metodens namn\").");
        let report = about(SURAHAMMAR, &[]);
        let etag = accepted(&world, "second", report.clone(), &text).await;
        let refused = async |id, etag: &str| {
            let refused = published(&world, publish(id, etag)).await.unwrap_err();
            let problem = Problem::of(&refused);
            assert_eq!(problem.reason, "RELEASE_TEXT_SHOWS_HIDDEN", "{id}");
            problem.fact("chapters").to_owned()
        };
        assert_eq!(refused("second", &etag).await, "introduction");

        let title = format!("{count} av 17 deltagare");
        let titled = Report { title, ..report.clone() };
        let etag = accepted(&world, "titled", titled, "Det gick bra.").await;
        assert_eq!(refused("titled", &etag).await, "title");

        let words = format!("Av dem var det {count} som gick vidare.");
        let meetings = "Personalen hade 1234 möten.";
        draft(&world, "explained", report, meetings).await;
        let etag = explained(&world, "explained", &words).await;
        let etag = taken(&world, "explained", etag).await;
        let finding = world.compiled("explained").await.findings.remove(0);
        assert_eq!(refused("explained", &etag).await, finding.key);
    })
    .await;
}

#[tokio::test]
async fn a_title_that_was_published_is_no_obstacle_to_a_correction() {
    on_both(|database| async {
        let world = reported(database).await;
        let title = "Läget, med 7 i kön".to_owned();
        let report = Report { title, ..about(SURAHAMMAR, &[]) };
        let etag = accepted(&world, "halvar", report, "Det gick bra.").await;
        let release = published(&world, publish("halvar", &etag)).await.unwrap();
        // One more than was published: seven are hidden now.
        replace(&world, "surahammar", with_more("surahammar", 1)).await;
        let publish = world.office(restate(&release.name));
        let answer = world.restatements().publish_restatement(publish).await.unwrap();
        let corrected = answer.into_inner().release.unwrap();
        let queue = corrected.figures.iter().find(|one| one.figure == "queue").unwrap();
        assert!(queue.hidden, "{queue:?}");
        assert_eq!(corrected.title, release.title);
    })
    .await;
}
