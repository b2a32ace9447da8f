//! A federation of thousands of people, loaded the way a team's own list is: every count
//! of it is that of the lives it was made of, also after what is told late.

mod generated;
mod late;
mod published;
mod world;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::{Database, testing::on_both};
use proto::participant::{Dimension, Measure, TabulateResponse};

use crate::population::{Population, tally::Tally};
use world::World;

/// Opening, in, out and closing; nobody goes from those who have ended.
const BOOKS: [(Measure, Measure, Option<Measure>, Measure); 3] = [
    (Measure::QueueOpening, Measure::QueueIn, Some(Measure::QueueOut), Measure::QueueClosing),
    (
        Measure::EnrolledOpening,
        Measure::EnrolledIn,
        Some(Measure::EnrolledOut),
        Measure::EnrolledClosing,
    ),
    (Measure::ExitedOpening, Measure::ExitedIn, None, Measure::ExitedClosing),
];

/// Everybody's measures.
const ALL: [Measure; 14] = [
    Measure::QueueOpening,
    Measure::QueueIn,
    Measure::QueueOut,
    Measure::QueueClosing,
    Measure::EnrolledOpening,
    Measure::EnrolledIn,
    Measure::EnrolledOut,
    Measure::EnrolledClosing,
    Measure::ExitedOpening,
    Measure::ExitedIn,
    Measure::ExitedClosing,
    Measure::Referred,
    Measure::New,
    Measure::Participants,
];
/// Those of people who have ended.
const OF_EXITS: [Measure; 3] = [Measure::ExitedOpening, Measure::ExitedIn, Measure::ExitedClosing];

/// The tables of a half-year. What holds for every cell holds for what they sum to: so
/// each cut is in one of them.
const TABLES: [(&[Measure], &[Dimension]); 4] = [
    (&OF_EXITS, &[Dimension::Sex, Dimension::Age, Dimension::Team, Dimension::ExitOutcome]),
    (&OF_EXITS, &[Dimension::LivelihoodBefore, Dimension::LivelihoodAfter]),
    (&ALL, &[Dimension::Sex, Dimension::Age, Dimension::Team, Dimension::Municipality]),
    (
        &ALL,
        &[Dimension::Area, Dimension::Party, Dimension::ReferringKind, Dimension::ReferringParty],
    ),
];
/// How many of the last tables are of the two years before the end.
const LATEST: usize = 4 * TABLES.len();

/// The cells of a table.
type Cells = BTreeMap<Vec<String>, Vec<i64>>;

/// The half-years of seven years.
fn half_years() -> Vec<[NaiveDate; 2]> {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let of_year =
        |year| [[day(year, 1, 1), day(year, 6, 30)], [day(year, 7, 1), day(year, 12, 31)]];
    (2019..=2025).flat_map(of_year).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_count_of_a_generated_federation_is_that_of_its_lives_also_after_late_entries() {
    let people = if std::env::var("SAMORDNA_TEST_LONG").is_ok() { 1_000_000 } else { 10_000 };
    let population = Population { federation: "testforbundet", seed: 2026, people };
    let told = counted(population.everybody());
    let told_late = counted(population.everybody().map(|person| late::told(&population, person)));
    assert_ne!(told, told_late);
    on_both(|database| story(database, &population, [&told, &told_late])).await;
}

async fn story(database: Database, population: &Population, [told, told_late]: [&[Tally]; 2]) {
    let world = World::with_organisation(database, population.clone()).await;
    for team in 0..crate::population::organisation::TEAMS.len() {
        for batch in population.batches(team) {
            world.import(batch).await;
        }
    }
    let latest = told.len() - LATEST;
    let known = check(&world, &told[latest..], 0).await;

    let mut entries = 0;
    for person in population.everybody() {
        entries += late::enter(&world, &person, &late::told(population, person.clone())).await;
    }
    assert!(entries > 100, "{entries} late entries");
    assert!(check(&world, told_late, 0).await > known);
    // What was known before is still known to have been.
    check(&world, &told[told.len() - TABLES.len()..], known).await;
}

/// Every table of every half-year, counted from lives.
fn counted(everybody: impl Iterator<Item = crate::population::life::Person>) -> Vec<Tally> {
    let half_years = half_years().into_iter();
    let tables = half_years.flat_map(|period| TABLES.map(|(_, cuts)| Tally::new(period, cuts)));
    let mut tables: Vec<Tally> = tables.collect();
    Tally::count(&mut tables, everybody);
    tables
}

/// Asks for each of the tables, as known at a sequence, and holds it against what was
/// counted from the lives, its books and the half-year before. Answers the sequence that
/// they are true at.
async fn check(world: &World, tables: &[Tally], as_known_at: i64) -> i64 {
    let mut before: BTreeMap<usize, Cells> = BTreeMap::new();
    let mut sequence = as_known_at;
    for (number, table) in tables.iter().enumerate() {
        let which = number % TABLES.len();
        let (measures, cuts) = TABLES[which];
        let answer = world.tabulate(table.period, measures, cuts, as_known_at).await;
        let told = format!("{:?} {cuts:?}", table.period);
        sequence = answer.sequence;
        let cells = cells(answer);
        assert_eq!(cells, table.cells(&world.population, measures), "{told}");
        balances(&cells, measures, &told);
        if let Some(before) = before.insert(which, cells.clone()) {
            continues(&before, &cells, measures, &told);
        }
    }
    sequence
}

/// The cells, of which the totals are the sums, and the totals of each key.
fn cells(answer: TabulateResponse) -> Cells {
    let table = answer.table.unwrap();
    let values = |counts: &[proto::participant::Count]| -> Vec<i64> {
        counts.iter().map(|count| count.value.unwrap()).collect()
    };
    let cells: Cells =
        table.cells.iter().map(|cell| (cell.keys.clone(), values(&cell.counts))).collect();
    let sums = |is_meant: &dyn Fn(&[String]) -> bool| -> Vec<i64> {
        let meant = || cells.iter().filter(|(keys, _)| is_meant(keys));
        (0..table.totals.len()).map(|n| meant().map(|(_, counts)| counts[n]).sum()).collect()
    };
    assert_eq!(values(&table.totals), sums(&|_| true));
    for margin in &table.margins {
        let cut = usize::try_from(margin.cut).unwrap();
        assert_eq!(values(&margin.counts), sums(&|keys| keys[cut] == margin.key), "{margin:?}");
    }
    cells
}

/// The count of a cell; 0 where there is none.
fn count(cells: &Cells, keys: &[String], measures: &[Measure], measure: Measure) -> Option<i64> {
    let place = measures.iter().position(|other| *other == measure)?;
    Some(cells.get(keys).map_or(0, |counts| counts[place]))
}

fn balances(cells: &Cells, measures: &[Measure], told: &str) {
    for keys in cells.keys() {
        let of = |measure| count(cells, keys, measures, measure);
        for (opening, came, gone, closing) in BOOKS {
            let (Some(opening), Some(came), Some(closing)) = (of(opening), of(came), of(closing))
            else {
                continue;
            };
            let gone = gone.and_then(of).unwrap_or(0);
            assert_eq!(opening + came - gone, closing, "{told} {keys:?}");
        }
    }
}

fn continues(before: &Cells, cells: &Cells, measures: &[Measure], told: &str) {
    for keys in before.keys().chain(cells.keys()) {
        for (opening, _, _, closing) in BOOKS {
            let closed = count(before, keys, measures, closing);
            assert_eq!(closed, count(cells, keys, measures, opening), "{told} {keys:?}");
        }
    }
}
