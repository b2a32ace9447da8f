//! The attacker against random federations and random tables, one after the other.

use std::env;

use disclosure::{
    Threshold,
    testing::{Dice, Puzzle},
};

use super::{
    super::table::{Released, Table},
    give_out, given_out,
    knowledge::{Knowledge, Secret},
    layout,
    people::{crowd, halves, population, year},
    plain, table,
};
use crate::domain::{
    banding::{Band, BandedDimension, Banding},
    code::ReferringKind,
    disclosure::table::{BandedCut, Layout},
    fact::Measure,
    table_layout::Dimension,
};

/// How many federations are attacked: with `SAMORDNA_TEST_LONG` a hundred thousand.
fn rounds() -> u64 {
    if env::var("SAMORDNA_TEST_LONG").is_ok() { 100_000 } else { 1_000 }
}

/// Federations that told something once, or seemed to.
const FOUND: [u64; 12] =
    [1130, 1238, 1292, 2543, 6792, 9674, 14656, 21376, 43081, 46610, 52834, 83200];

/// Kinds of referring authorities in two columns, the first of which holds so many.
pub(super) fn merged(first: usize) -> BandedCut {
    let band = |id: &str, kinds: &[ReferringKind]| Band {
        id: values::Slug::parse("id", id).unwrap(),
        label: id.to_owned(),
        label_en: id.to_owned(),
        youngest: 0,
        oldest: 0,
        codes: kinds.iter().map(|kind| kind.name().to_owned()).collect(),
    };
    let (one, other) = ReferringKind::ALL.split_at(first);
    let bands = vec![band("one", one), band("other", other)];
    let banding = Banding::new(BandedDimension::ReferringKind, bands, String::new()).unwrap();
    BandedCut { dimension: Dimension::ReferringKind, banding: Some(banding) }
}

fn some_layout(dice: &mut Dice) -> Layout {
    use Measure::{
        EnrolledClosing, EnrolledIn, EnrolledOpening, EnrolledOut, ExitedClosing, ExitedIn,
        ExitedOpening, New, Participants, QueueClosing, QueueIn, QueueOpening, QueueOut, Referred,
    };
    let (team, kind) = (plain(Dimension::Team), plain(Dimension::ReferringKind));
    let cuts: &[&[BandedCut]] = &[
        &[team.clone(), kind.clone()],
        &[team.clone(), kind.clone()],
        &[team.clone(), merged(1)],
        &[team.clone(), merged(2)],
        &[team],
        &[kind],
        &[merged(1)],
        &[],
    ];
    let measures: &[&[Measure]] = &[
        &[New],
        &[New],
        &[Participants],
        &[Referred],
        &[ExitedIn],
        &[ExitedOpening, ExitedClosing],
        &[ExitedOpening, ExitedIn, ExitedClosing],
        &[EnrolledIn, New],
        &[EnrolledOpening, New, Participants],
        &[EnrolledOpening, EnrolledIn, EnrolledOut, EnrolledClosing],
        &[QueueOpening, QueueIn, QueueOut, QueueClosing],
    ];
    layout(measures[dice.below(measures.len())], cuts[dice.below(cuts.len())])
}

/// Secrets that the attacker can tell, one line each.
pub(super) fn leaks(puzzle: &Puzzle, secrets: &[Secret], threshold: Threshold) -> Vec<String> {
    let value = |secret: &Secret, world: &[i64]| -> i64 {
        secret.terms.iter().map(|(unknown, sign)| sign * world[*unknown]).sum()
    };
    let is_some_small = |world: &[i64]| secrets.iter().any(|s| threshold.is_small(value(s, world)));
    // Whether another value is seen in a world that the rule allows, and one of the
    // threshold or more in any.
    let mut seen: Vec<(bool, bool)> =
        secrets.iter().map(|secret| (false, !secret.is_asked)).collect();
    let mut leaks = Vec::new();
    for index in 0..secrets.len() {
        let secret = &secrets[index];
        let tries = [threshold.value(), secret.value - 1, secret.value + 1];
        let tries = [1, 10, 100].iter().flat_map(|effort| tries.map(|tried| (tried, *effort)));
        for (tried, effort) in tries.filter(|(tried, _)| *tried >= 0) {
            if seen[index] == (true, true) {
                break;
            }
            let Some(world) = puzzle.solve(&secret.terms, tried, effort) else { continue };
            let is_allowed = is_some_small(&world);
            for (secret, seen) in secrets.iter().zip(&mut seen) {
                let other = value(secret, &world);
                seen.0 |= is_allowed && other != secret.value;
                seen.1 |= other >= threshold.value();
            }
        }
        if seen[index] != (true, true) {
            leaks.push(format!("{} = {}, {:?}", secret.name, secret.value, seen[index]));
        }
    }
    leaks
}

#[test]
fn nobody_can_tell_a_small_count_from_all_that_was_given_out() {
    let mut shown = 0;
    let mut hidden = 0;
    let mut asked = 0;
    let mut refused = 0;
    let mut found = Vec::new();
    for seed in FOUND.into_iter().chain(0..rounds()) {
        let dice = &mut Dice(seed);
        let threshold = Threshold::new("threshold", *dice.one_of(&[3, 5, 5, 6])).unwrap();
        let size = 5 + dice.below(70);
        let shape = (2 + dice.below(2), 2 + dice.below(2));
        let people = crowd(dice, size, shape);
        let population = population(&people, &halves(), &[1, 2]);
        let [first, second] = halves();
        let mut tables = Vec::new();
        for _ in 0..=dice.below(3) {
            let period = *dice.one_of(&[first, first, second, year()]);
            let sequence = *dice.one_of(&[1, 1, 2]);
            tables.push(table(some_layout(dice), period, sequence));
        }
        // A newer version of one that was given out, with as much hidden as need be.
        let older: Vec<Table> =
            tables.iter().filter(|table| table.sequence == 1).cloned().collect();
        if dice.below(2) == 0 && !older.is_empty() {
            tables.push(Table { sequence: 2, ..dice.one_of(&older).clone() });
        }
        let given: Vec<Released> = give_out(threshold, &population, &tables)
            .into_iter()
            .map(|(released, protected)| {
                hidden += released.hidden.len();
                shown += protected.numbers.len() - released.hidden.len();
                released
            })
            .collect();
        asked += tables.len();
        refused += tables.len() - given.len();
        if !given_out(&population, &given).is_safe(threshold) {
            found.push(format!("seed {seed}: the ledger holds what it would refuse"));
        }
        let knowledge = Knowledge::of(&population, &given);
        let secrets = knowledge.secrets(threshold);
        let told = leaks(&knowledge.puzzle, &secrets, threshold);
        found.extend(told.into_iter().map(|leak| format!("seed {seed}: {leak}")));
    }
    assert!(found.is_empty(), "{found:#?}");
    // The proof is worth nothing when nothing is shown.
    assert!(shown > hidden / 2, "{shown} shown, {hidden} hidden");
    assert!(refused * 50 < asked, "{refused} of {asked} tables refused");
    println!("{shown} numbers shown, {hidden} hidden; {refused} of {asked} tables refused");
}
