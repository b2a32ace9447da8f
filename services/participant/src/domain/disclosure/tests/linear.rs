//! The attacker against a table as large as a county's: by bounds, and by solving the
//! equations.

use disclosure::{
    Threshold,
    testing::{Dice, Puzzle, bounds},
};

use super::{
    super::table::Released,
    give_out, given_out,
    knowledge::Knowledge,
    layout,
    people::{day, exited, halves, known, person, population},
    plain, table,
};
use crate::domain::{
    code::{ExitOutcome, ReferringKind},
    fact::Measure,
    table_layout::Dimension,
};

const PRIME: i64 = 2_147_483_647;

/// The unknowns that the equations alone determine, with any numbers at all: those
/// whose row has no other once the equations are solved (Gauss and Jordan, modulo a
/// prime).
fn determined(puzzle: &Puzzle) -> Vec<usize> {
    let width = puzzle.truth.len();
    let mut rows: Vec<Vec<i64>> = Vec::new();
    for (terms, _) in puzzle.equations() {
        let mut row = vec![0; width];
        for (unknown, sign) in terms {
            row[*unknown] = sign.rem_euclid(PRIME);
        }
        rows.push(row);
    }
    let mut pivots = Vec::new();
    let mut done = 0;
    for column in 0..width {
        let Some(found) = (done..rows.len()).find(|row| rows[*row][column] != 0) else { continue };
        rows.swap(done, found);
        let inverse = power(rows[done][column], PRIME - 2);
        let pivot: Vec<i64> = rows[done].iter().map(|value| value * inverse % PRIME).collect();
        for (index, row) in rows.iter_mut().enumerate() {
            let times = row[column];
            if index != done && times != 0 {
                for (value, of_pivot) in row.iter_mut().zip(&pivot) {
                    *value = (*value - times * of_pivot).rem_euclid(PRIME);
                }
            }
        }
        rows[done] = pivot;
        pivots.push(column);
        done += 1;
    }
    let is_alone = |row: &Vec<i64>| row.iter().filter(|value| **value != 0).count() == 1;
    rows.iter().zip(pivots).filter(|(row, _)| is_alone(row)).map(|(_, column)| column).collect()
}

fn power(base: i64, mut exponent: i64) -> i64 {
    let (mut result, mut square) = (1, base);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * square % PRIME;
        }
        square = square * square % PRIME;
        exponent /= 2;
    }
    result
}

/// Thirty teams whose exits are of up to a dozen outcomes; most cells are small.
fn county(dice: &mut Dice, size: usize) -> Vec<super::people::Known> {
    let one = |dice: &mut Dice| {
        let outcomes = &ExitOutcome::ALL[..12];
        let outcome = outcomes[dice.below(12).min(dice.below(12))];
        let fact = person(dice.below(30), ReferringKind::Region, day("2025-01-10"));
        exited(fact, day("2025-05-01"), outcome)
    };
    known((0..size).map(|_| one(dice)).collect::<Vec<_>>())
}

#[test]
fn a_table_of_thirty_teams_and_twelve_columns_tells_no_small_count() {
    for (seed, size) in [(1, 300), (2, 1_200), (3, 4_000), (4, 12_000)] {
        let dice = &mut Dice(seed);
        let population = population(&county(dice, size), &halves(), &[1]);
        let cuts = [plain(Dimension::Team), plain(Dimension::ExitOutcome)];
        let by_outcome = table(layout(&[Measure::ExitedIn], &cuts), halves()[0], 1);
        let by_team = table(layout(&[Measure::ExitedIn], &cuts[..1]), halves()[0], 1);
        let given = give_out(Threshold::DEFAULT, &population, &[by_outcome, by_team]);
        let all: Vec<Released> = given.iter().map(|(released, _)| released.clone()).collect();
        assert!(given_out(&population, &all).is_safe(Threshold::DEFAULT), "{size} people");

        let knowledge = Knowledge::of(&population, &all);
        let told = determined(&knowledge.puzzle);
        let most = i64::try_from(size).unwrap();
        let narrowed = bounds(&knowledge.puzzle, most);
        for secret in knowledge.secrets(Threshold::DEFAULT) {
            let [(unknown, _)] = secret.terms.as_slice() else { continue };
            let (low, high) = narrowed[*unknown];
            assert!(!told.contains(unknown), "{} is determined", secret.name);
            assert!(low <= secret.value && high >= 5, "{}: {low} to {high}", secret.name);
        }
    }
}
