//! A half-year's figures on their way out of the house: counted from random lives one by one,
//! in SQL from what is kept of them, and read back from the answers, the page and every file
//! of the release. All of them tell the same, and hide the same.

mod counted;
mod evidence;
mod house;
mod outputs;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use chrono::NaiveDate;
use proto::reporting::{Release, ReleaseFormat, ReportedCount};

use super::{half_years, late};
use crate::population::{Population, organisation::TEAMS};
use counted::{Counts, Place};
use house::{Databases, House, on_both};
use outputs::Told;

const REPORTED: &str = include_str!("../data/reported-figures.csv");
/// Counts from 1 to below this are hidden.
const THRESHOLD: i64 = 5;

/// A federation, and the half-year that it reports on: for each seed others.
fn federation(seed: usize) -> (Population, [NaiveDate; 2]) {
    let people = [300, 400, 200][seed % 3];
    let population = Population { federation: "testforbundet", seed: seed as u64, people };
    let late = half_years().into_iter().skip(6);
    (population, late.cycle().nth(seed * 3).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_a_published_report_is_the_same_count_wherever_it_is_told() {
    let seeds = if std::env::var("SAMORDNA_TEST_LONG").is_ok() { 20 } else { 2 };
    let published = AtomicUsize::new(0);
    for seed in 0..seeds {
        let (population, period) = federation(seed);
        on_both(async |databases| {
            let is_published = story(databases, &population, period).await;
            println!("seed {seed}, {}: published: {is_published}", period[0]);
            published.fetch_add(usize::from(is_published), Ordering::Relaxed);
        })
        .await;
    }
    let published = published.into_inner();
    assert!(published > 0, "nothing can be told of any of these federations");
    println!("{published} reports published, of {seeds} federations on each database");
}

/// Answers whether there is a report: of some federations nothing can be told.
async fn story(databases: Databases, population: &Population, period: [NaiveDate; 2]) -> bool {
    let house = House::new(databases, population.clone()).await;
    for team in 0..TEAMS.len() {
        for batch in population.batches(team) {
            house.world.import(batch).await;
        }
    }
    let told_late = |person| late::told(population, person);
    for person in population.everybody() {
        late::enter(&house.world, &person, &told_late(person.clone())).await;
    }

    let counts = counted::of_lives(population, period, population.everybody().map(told_late));
    assert_eq!(counted::in_sql(house.people(), population, period).await, counts, "in SQL");

    let id = house.create_period(period).await;
    if !house.draft(&id, house.records()).await {
        return false;
    }
    let release = house.publish().await;
    assert_eq!(i64::from(release.threshold), THRESHOLD);
    let told = told_everywhere(&house, &release).await;
    check(&told, &counts);

    let report = house.report().await;
    assert_eq!(outputs::of_report(&report), told, "report over RPC");
    let (page, definitions) = (house.page().await, house.definitions().await);
    assert_eq!(outputs::of_page(&report, &definitions, &page), told, "page");
    assert_eq!(house.problems().await, Vec::<String>::new());
    true
}

/// What a release tells, which is the same in all of its forms.
async fn told_everywhere(house: &House, release: &Release) -> Told {
    let told = outputs::of_release(release);
    assert_eq!(outputs::of_release(&house.release(&release.name).await), told, "RPC");
    let file = async |format| house.file(release, format).await;
    assert_eq!(outputs::of_json(&file(ReleaseFormat::Json).await), told, "JSON");
    assert_eq!(outputs::of_csv(release, &file(ReleaseFormat::Csv).await), told, "CSV");
    assert_eq!(outputs::of_workbook(release, file(ReleaseFormat::Xlsx).await), told, "XLSX");
    assert_eq!(outputs::of_pdf(release, &file(ReleaseFormat::Pdf).await), told, "PDF");
    told
}

/// What is told is what was counted; no small count is told; and nobody is left out.
fn check(told: &Told, counts: &Counts) {
    for (place, told) in told {
        let Some(told) = told else { continue };
        assert_eq!(*told, counts.get(place).copied().unwrap_or_default(), "{place:?}");
        assert!(!(1..THRESHOLD).contains(told), "{place:?} tells {told}");
    }
    for (place, count) in counts {
        assert!(told.contains_key(place), "{count} are nowhere: {place:?}");
    }
    let shown = told.values().filter(|told| told.is_some_and(|count| count > 0)).count();
    let hidden = told.values().filter(|told| told.is_none()).count();
    assert!(shown > 5 && hidden > 5, "{shown} shown, {hidden} hidden");
}

/// What teams reported: the office reads it as it was sent in.
#[tokio::test(flavor = "multi_thread")]
async fn what_teams_reported_is_told_the_same_in_every_file_and_on_the_page_as_it_was_sent() {
    on_both(|databases| async {
        let population = Population { federation: "testforbundet", seed: 0, people: 0 };
        let house = House::new(databases, population).await;
        let period = house.create_period(half_years()[12]).await;
        let mut sent = Counts::new();
        for (team, counts) in vastmanland() {
            for ReportedCount { figure, category, count } in &counts {
                for subject in [house.federation(), house.name("teams", team)] {
                    let (figure, category) = (figure.clone(), category.clone());
                    *sent.entry(Place { subject, figure, category }).or_default() += count;
                }
            }
            house.submit(&period, team, counts).await;
        }
        assert!(house.draft(&period, Vec::new()).await);
        let release = house.publish().await;
        let told = told_everywhere(&house, &release).await;
        // A sum of what not all teams divide so is nowhere.
        let mut divided = sent.clone();
        divided.retain(|place, _| place.subject != house.federation() || told.contains_key(place));
        check(&told, &divided);

        let report = house.report().await;
        let (page, definitions) = (house.page().await, house.definitions().await);
        let shown = outputs::of_page(&report, &definitions, &page);
        assert_eq!(outputs::of_report(&report), shown);
        for (place, count) in &divided {
            assert_eq!(shown.get(place), Some(&Some(*count)), "{place:?}");
        }
        assert!(shown.keys().eq(told.keys()), "the page sums what the release sums");
    })
    .await;
}

/// The published figures of Västmanland's teams, as those of teams of the federation.
fn vastmanland() -> BTreeMap<&'static str, Vec<ReportedCount>> {
    let mut teams = BTreeMap::<_, Vec<ReportedCount>>::new();
    let mut names = Vec::new();
    for line in REPORTED.lines().skip(1) {
        let [name, figure, category, count] = line.split(';').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        if !names.contains(&name) {
            names.push(name);
        }
        let (team, _) = TEAMS[names.len() - 1];
        let (figure, category) = (figure.to_owned(), category.to_owned());
        let count = ReportedCount { figure, category, count: count.parse().unwrap() };
        teams.entry(team).or_default().push(count);
    }
    teams
}
