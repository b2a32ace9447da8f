//! Tables of random histories against the naive interpreter: random cuts, measures, days,
//! sequences and callers.

use std::{collections::BTreeMap, env};

use chrono::{Days, NaiveDate};
use platform::testing::on_both;
use proto::{
    common::Period,
    participant::{Count, CountTable, Dimension, Measure, TabulateRequest},
};

use super::{
    banded, counted, cut,
    history::{Dice, History, PLACES, keep},
    naive::{Asked, Table, table},
    officer_of, sent_day, shape,
};
use crate::world::{HOME, World};

/// How many times: with `SAMORDNA_TEST_LONG` a thousand.
fn batches() -> u64 {
    if env::var("SAMORDNA_TEST_LONG").is_ok() { 1000 } else { 40 }
}

/// Histories that are in the database at the same time, and questions about them.
const HISTORIES: usize = 30;
const QUESTIONS: usize = 15;

pub(super) const EXITS: [Measure; 3] =
    [Measure::ExitedOpening, Measure::ExitedIn, Measure::ExitedClosing];

/// Dimensions, and whether they are banded.
const CUTS: [(Dimension, bool); 11] = [
    (Dimension::Team, false),
    (Dimension::Area, false),
    (Dimension::Municipality, false),
    (Dimension::Party, false),
    (Dimension::Sex, false),
    (Dimension::Age, true),
    (Dimension::ReferringKind, false),
    (Dimension::ReferringKind, true),
    (Dimension::ReferringParty, false),
    (Dimension::LivelihoodBefore, false),
    (Dimension::ExitOutcome, false),
];

pub(super) fn measures() -> Vec<Measure> {
    (1..=14).map(|number| Measure::try_from(number).unwrap()).collect()
}

fn asked(dice: &mut Dice, teams: &[String], head: i64) -> Asked {
    let of_exits = dice.below(3) == 0;
    let possible = if of_exits { EXITS.to_vec() } else { measures() };
    let mut measures: Vec<Measure> =
        possible.iter().filter(|_| dice.below(2) == 0).copied().collect();
    if measures.is_empty() {
        measures.push(possible[dice.below(possible.len())]);
    }
    let mut cuts: Vec<(Dimension, bool)> = Vec::new();
    for _ in 0..dice.below(5) {
        let exits_only = [(Dimension::LivelihoodAfter, false), (Dimension::ExitOutcome, false)];
        let cut = match dice.below(4) {
            0 if of_exits => exits_only[dice.below(2)],
            _ => CUTS[dice.below(CUTS.len() - 1)],
        };
        if cuts.iter().all(|(dimension, _)| *dimension != cut.0) {
            cuts.push(cut);
        }
    }
    let first = NaiveDate::from_ymd_opt(2023, 12, 1).unwrap() + Days::new(dice.below(900) as u64);
    let last = first + Days::new(dice.below(400) as u64);
    let parties: Vec<&'static str> =
        ["sala", "koping", "arboga"].into_iter().filter(|_| dice.below(4) > 0).collect();
    let own = parties.iter().flat_map(|party| teams.iter().map(|team| (*party, team.clone())));
    let own = own.filter(|_| dice.below(5) > 0).collect();
    let sequence = 1 + i64::try_from(dice.below(usize::try_from(head).unwrap())).unwrap();
    let sequence = if dice.below(3) == 0 { head } else { sequence };
    Asked { measures, cuts, first, last, sequence, own }
}

pub(super) fn question(asked: &Asked, head: i64) -> TabulateRequest {
    let cuts = asked.cuts.iter().map(|(dimension, is_banded)| match (dimension, is_banded) {
        (Dimension::Age, true) => banded(*dimension, "ages"),
        (_, true) => banded(*dimension, "kinds"),
        (_, false) => cut(*dimension),
    });
    let period = Period { first_day: sent_day(asked.first), last_day: sent_day(asked.last) };
    TabulateRequest {
        parent: HOME.to_owned(),
        shape: shape(&asked.measures, cuts.collect()),
        period: Some(period),
        as_known_at: if asked.sequence == head { 0 } else { asked.sequence },
        teams: Vec::new(),
    }
}

fn values(counts: &[Count]) -> Vec<i64> {
    counts.iter().map(|count| count.value.unwrap()).collect()
}

fn add(sums: &mut Vec<i64>, counts: &[i64]) {
    sums.resize(counts.len(), 0);
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}

/// The table that the naive one makes: its totals and margins are sums of its cells.
pub(super) fn check(found: &CountTable, naive: &Table, asked: &Asked) {
    let cells: Table =
        found.cells.iter().map(|cell| (cell.keys.clone(), values(&cell.counts))).collect();
    let told = format!("{:?} {:?} {}–{}", asked.measures, asked.cuts, asked.first, asked.last);
    let expected = if asked.cuts.is_empty() { &Table::new() } else { naive };
    assert_eq!(cells, *expected, "{told}");
    let is_in_order = found.cells.is_sorted_by(|one, other| one.keys < other.keys);
    assert!(is_in_order, "cells stand in order of their keys");
    let mut totals = vec![0; asked.measures.len()];
    let mut margins: BTreeMap<(i32, String), Vec<i64>> = BTreeMap::new();
    for (keys, counts) in naive {
        add(&mut totals, counts);
        for (cut, key) in (0..).zip(keys).filter(|_| keys.len() > 1) {
            add(margins.entry((cut, key.clone())).or_default(), counts);
        }
    }
    assert_eq!(values(&found.totals), totals, "{told}");
    let found: Vec<_> =
        found.margins.iter().map(|m| ((m.cut, m.key.clone()), values(&m.counts))).collect();
    assert_eq!(found, margins.into_iter().collect::<Vec<_>>(), "{told}");
}

async fn round(world: &World, seed: u64, head: i64) {
    let mut dice = Dice(seed);
    let teams: Vec<String> = ["norra", "sodra"].map(str::to_owned).to_vec();
    let history = |number: usize| {
        let team = teams[dice.below(teams.len())].clone();
        History::random(&mut dice, format!("c-{number}"), team, head)
    };
    let histories: Vec<History> = (0..HISTORIES).map(history).collect();
    keep(world, &histories).await;
    for _ in 0..QUESTIONS {
        let asked = asked(&mut dice, &teams, head);
        let officer = officer_of(&asked.own);
        let request = world.by(&officer, question(&asked, head));
        // Whoever works with nobody may not ask.
        if asked.own.is_empty() {
            assert!(world.tabulation().tabulate(request).await.is_err());
            continue;
        }
        let answer = world.tabulation().tabulate(request).await.unwrap().into_inner();
        assert_eq!(answer.sequence, asked.sequence);
        check(&answer.table.unwrap(), &table(&histories, &asked), &asked);
    }
}

#[tokio::test]
async fn every_table_of_a_thousand_random_histories_is_what_a_naive_interpreter_counts() {
    on_both(|database| async {
        let world = counted(database).await;
        let head = world.sequence().await;
        assert!(head > 8, "there are sequences to choose among");
        assert_eq!(PLACES.len(), 4);
        for seed in 0..batches() {
            round(&world, seed, head).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_closing_of_a_period_is_the_opening_of_the_next_for_every_cut() {
    use Measure::{
        EnrolledClosing, EnrolledOpening, ExitedClosing, ExitedOpening, QueueClosing, QueueOpening,
    };
    on_both(|database| async {
        let world = counted(database).await;
        let head = world.sequence().await;
        let mut dice = Dice(7);
        let team = || "norra".to_owned();
        let history = |number| History::random(&mut dice, format!("c-{number}"), team(), head);
        let histories: Vec<History> = (0..200).map(history).collect();
        keep(&world, &histories).await;
        let own = ["sala", "koping", "arboga"].map(|party| (party, team()));
        let officer = officer_of(&own);
        let count = async |measures: [Measure; 3], dimension, banding: bool, days: (&str, &str)| {
            let cut = if banding { banded(dimension, "ages") } else { cut(dimension) };
            let ask = TabulateRequest {
                parent: HOME.to_owned(),
                shape: shape(&measures, vec![cut]),
                period: super::period(days.0, days.1),
                as_known_at: 0,
                teams: Vec::new(),
            };
            let answer = world.tabulation().tabulate(world.by(&officer, ask)).await.unwrap();
            super::cells(&answer.into_inner().table.unwrap())
        };
        for (dimension, is_banded) in CUTS.into_iter().take(6) {
            let closing = [QueueClosing, EnrolledClosing, ExitedClosing];
            let closing = count(closing, dimension, is_banded, ("2024-07-01", "2024-12-31")).await;
            let opening = [QueueOpening, EnrolledOpening, ExitedOpening];
            let opening = count(opening, dimension, is_banded, ("2025-01-01", "2025-06-30")).await;
            assert!(!closing.is_empty());
            assert_eq!(closing, opening, "{dimension:?}");
        }
    })
    .await;
}
