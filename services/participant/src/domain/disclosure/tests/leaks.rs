//! Leaks planted on purpose: what gives a small count away is refused, and the attacker
//! finds it when it is told all the same.

use std::{collections::BTreeSet, slice};

use disclosure::Threshold;

use super::{
    super::{
        population::Population,
        table::{Place, Released, Table},
    },
    give_out, given_out,
    knowledge::Knowledge,
    layout,
    people::{Known, day, exited, halves, known, person, population, team},
    place, plain,
    random::{leaks, merged},
    table, whole,
};
use crate::domain::{
    code::{
        ExitOutcome,
        ReferringKind::{self, EmploymentService, Municipality, SocialInsuranceAgency},
    },
    fact::{Fact, Measure},
    table_layout::Dimension,
};

const T: Threshold = Threshold::DEFAULT;

/// So many new people of each kind in each team.
fn counts(rows: &[[usize; 3]]) -> Vec<Known> {
    let kinds = [SocialInsuranceAgency, Municipality, EmploymentService];
    let mut people = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        for (kind, count) in kinds.iter().zip(row) {
            people.extend(vec![person(number, *kind, day("2025-02-01")); *count]);
        }
    }
    known(people)
}

fn of_counts(rows: &[[usize; 3]]) -> Population {
    population(&counts(rows), &halves(), &[1, 2])
}

fn new_by_team_and_kind() -> Table {
    let cuts = [plain(Dimension::Team), plain(Dimension::ReferringKind)];
    table(layout(&[Measure::New], &cuts), halves()[0], 1)
}

fn new_by(cut: super::BandedCut) -> Table {
    table(layout(&[Measure::New], &[cut]), halves()[0], 1)
}

fn cell(team_number: usize, kind: ReferringKind) -> Place {
    place(&[&team(team_number), kind.name()], Measure::New)
}

/// The audit refuses these tables, and the attacker shows why.
fn assert_leaks(population: &Population, given: &[Released]) {
    assert!(!given_out(population, given).is_safe(T));
    let knowledge = Knowledge::of(population, given);
    let secrets = knowledge.secrets(T);
    assert!(!leaks(&knowledge.puzzle, &secrets, T).is_empty());
}

#[test]
fn a_single_hidden_cell_of_a_row_is_a_leak() {
    let population = of_counts(&[[3, 20, 30], [15, 12, 9], [8, 7, 6]]);
    let asked = new_by_team_and_kind();
    let hidden = BTreeSet::from([cell(0, SocialInsuranceAgency)]);
    assert_leaks(&population, &[Released { table: asked.clone(), hidden }]);
    let protected = given_out(&population, &[]).beside(T, &asked).unwrap();
    // A rectangle is enough, and every total stays.
    assert_eq!(protected.hidden().len(), 4);
    assert!(protected.hidden().iter().all(|place| !place.is_total()));
}

#[test]
fn a_row_whose_hidden_cells_sum_to_a_small_number_is_a_leak() {
    let population = of_counts(&[[1, 2, 30], [2, 1, 9], [8, 7, 6]]);
    let asked = new_by_team_and_kind();
    let kinds = [SocialInsuranceAgency, Municipality];
    let hidden = kinds.iter().flat_map(|kind| [cell(0, *kind), cell(1, *kind)]).collect();
    assert_leaks(&population, &[Released { table: asked, hidden }]);
}

#[test]
fn a_hidden_cell_that_a_total_given_out_before_reveals_is_refused() {
    // One team: the total is the cell.
    let people = counts(&[[12, 3, 0]]);
    let population = population(&people, &halves(), &[1, 2]);
    let total = table(layout(&[Measure::New], &[]), halves()[0], 1);
    let by_kind = new_by(plain(Dimension::ReferringKind));
    let given = give_out(T, &population, slice::from_ref(&total));
    let earlier = [given[0].0.clone()];
    assert!(earlier[0].hidden.is_empty());
    let protected = given_out(&population, &earlier).beside(T, &by_kind).unwrap();
    assert!(
        given_out(&population, &[earlier[0].clone(), released(&by_kind, &protected)]).is_safe(T)
    );
    // Hiding the 3 alone would not do.
    let hidden = BTreeSet::from([place(&[Municipality.name()], Measure::New)]);
    assert_leaks(&population, &[earlier[0].clone(), Released { table: by_kind, hidden }]);
}

fn released(table: &Table, protected: &super::ProtectedTable) -> Released {
    Released { table: table.clone(), hidden: protected.hidden() }
}

#[test]
fn a_merged_column_beside_one_of_its_parts_is_refused() {
    // Kinds one and two: 9 and 3; the merged column says 12.
    let population = of_counts(&[[9, 3, 20], [9, 8, 20]]);
    let merged_first =
        table(layout(&[Measure::New], &[plain(Dimension::Team), merged(2)]), halves()[0], 1);
    let alone =
        table(layout(&[Measure::New], &[plain(Dimension::Team), merged(1)]), halves()[0], 1);
    assert_leaks(&population, &[whole(&population, &merged_first), whole(&population, &alone)]);
    let given = give_out(T, &population, &[merged_first, alone]);
    assert!(!given[1].1.would_reveal.is_empty());
    assert!(given[1].1.would_reveal.contains(&place(&[&team(0), "one"], Measure::New)));
}

#[test]
fn opening_and_closing_reveal_who_came_between_and_are_refused() {
    let outcome = ExitOutcome::Work;
    let one = |end: &str| exited(person(0, Municipality, day("2024-03-01")), day(end), outcome);
    let before: Vec<Fact> = (0..20).map(|_| one("2024-12-01")).collect();
    let within: Vec<Fact> = (0..3).map(|_| one("2025-03-01")).collect();
    let population = population(&known([before, within].concat()), &halves(), &[1]);
    let measures = [Measure::ExitedOpening, Measure::ExitedClosing];
    let asked = table(layout(&measures, &[plain(Dimension::Team)]), halves()[0], 1);
    assert_leaks(&population, &[whole(&population, &asked)]);
    let protected = given_out(&population, &[]).beside(T, &asked).unwrap();
    assert!(!protected.hidden().is_empty());
    // And one by one: the closing is refused beside the opening.
    let only = |measure| table(layout(&[measure], &[plain(Dimension::Team)]), halves()[0], 1);
    let tables = [only(Measure::ExitedOpening), only(Measure::ExitedClosing)];
    let given = give_out(T, &population, &tables);
    assert!(given[0].1.hidden().is_empty());
    assert!(!given[1].1.would_reveal.is_empty());
}

#[test]
fn a_late_entry_is_not_told_by_a_newer_version() {
    let mut people = counts(&[[20, 30, 40], [25, 35, 45]]);
    let late = person(0, Municipality, day("2025-02-01"));
    people.push(Known { fact: late, from: 2, to: i64::MAX });
    let population = population(&people, &halves(), &[1, 2]);
    let old = new_by_team_and_kind();
    let new = Table { sequence: 2, ..old.clone() };
    assert_leaks(&population, &[whole(&population, &old), whole(&population, &new)]);
    let given = give_out(T, &population, &[old.clone(), new]);
    assert!(given[0].1.hidden().is_empty());
    // 31 − 30, 91 − 90 and the others that the entry changed.
    let would_reveal = &given[1].1.would_reveal;
    assert!(would_reveal.contains(&cell(0, Municipality)));
    assert!(would_reveal.contains(&place(&["", ""], Measure::New)));
    // So the version that was given out is told again, unchanged.
    let earlier = [given[0].0.clone()];
    let newer = Table { sequence: 2, ..old };
    let (sequence, told) = given_out(&population, &earlier).newest(T, &newer).unwrap();
    assert_eq!((sequence, &told), (1, &given[0].1));
}

#[test]
fn a_newer_version_that_tells_nothing_more_is_told() {
    let mut people = counts(&[[20, 30, 40], [25, 35, 45]]);
    for _ in 0..6 {
        let late = person(1, SocialInsuranceAgency, day("2025-02-01"));
        people.push(Known { fact: late, from: 2, to: i64::MAX });
    }
    let population = population(&people, &halves(), &[1, 2]);
    let old = new_by_team_and_kind();
    let given = give_out(T, &population, slice::from_ref(&old));
    let earlier = [given[0].0.clone()];
    let newer = Table { sequence: 2, ..old };
    let (sequence, told) = given_out(&population, &earlier).newest(T, &newer).unwrap();
    assert_eq!(sequence, 2);
    assert_eq!(told.numbers[&cell(1, SocialInsuranceAgency)], Some(31));
    // Without anything given out, the newest is told.
    let (sequence, _) = given_out(&population, &[]).newest(T, &newer).unwrap();
    assert_eq!(sequence, 2);
}

#[test]
fn a_version_without_a_number_empties_only_a_table_that_told_something() {
    let mut people = counts(&[[20, 30, 40]]);
    people.push(Known { fact: person(0, Municipality, day("2025-02-01")), from: 2, to: i64::MAX });
    let population = population(&people, &halves(), &[1, 2]);
    let old = table(layout(&[Measure::New], &[]), halves()[0], 1);
    let newer = Table { sequence: 2, ..old.clone() };
    let told = whole(&population, &old);
    let untold = Released { hidden: BTreeSet::from([place(&[], Measure::New)]), ..told.clone() };
    let protected = given_out(&population, slice::from_ref(&told)).beside(T, &newer).unwrap();
    assert_eq!(protected.hidden(), untold.hidden, "91 less 90 would tell of one");
    let empties = |given: &[Released]| given_out(&population, given).empties(&newer, &protected);
    assert!(empties(slice::from_ref(&told)));
    assert!(empties(&[told.clone(), untold.clone()]), "what was told is still the first");
    assert!(!empties(slice::from_ref(&untold)) && !empties(&[]));
    let shown = given_out(&population, &[]).beside(T, &newer).unwrap();
    assert!(!given_out(&population, &[told]).empties(&newer, &shown));
}

#[test]
fn a_newer_version_in_which_nothing_has_changed_hides_what_the_older_one_hid() {
    let population = of_counts(&[[9, 3, 20], [9, 8, 20]]);
    let by = |first| {
        table(layout(&[Measure::New], &[plain(Dimension::Team), merged(first)]), halves()[0], 1)
    };
    let given = give_out(T, &population, &[by(2), by(1)]);
    let given: Vec<Released> = given.into_iter().map(|(released, _)| released).collect();
    assert!(given_out(&population, &given[..1]).is_first(&given[1].table));
    assert!(!given_out(&population, &given).is_first(&by(1)));
    let newer = Table { sequence: 2, ..by(1) };
    let protected = given_out(&population, &given).beside(T, &newer).unwrap();
    // More than it had to hide alone, and no reason to refuse it.
    assert_eq!((&protected.hidden(), protected.would_reveal.len()), (&given[1].hidden, 0));
    assert!(
        given_out(&population, &[given, vec![released(&newer, &protected)]].concat()).is_safe(T)
    );
}

#[test]
fn one_periods_closing_reveals_nothing_of_the_next_ones_opening() {
    let outcome = ExitOutcome::Work;
    let one = |number: usize, end: &str| {
        exited(person(number, Municipality, day("2024-03-01")), day(end), outcome)
    };
    let mut facts: Vec<Fact> = (0..12).map(|_| one(0, "2025-03-01")).collect();
    facts.extend((0..14).map(|_| one(1, "2025-03-01")));
    facts.extend((0..2).map(|_| one(2, "2025-03-01")));
    facts.extend((0..7).map(|_| one(2, "2025-09-01")));
    let population = population(&known(facts), &halves(), &[1]);
    let by_team = |measure, period| table(layout(&[measure], &[plain(Dimension::Team)]), period, 1);
    let [first, second] = halves();
    let closing = by_team(Measure::ExitedClosing, first);
    let opening = by_team(Measure::ExitedOpening, second);
    let given = give_out(T, &population, &[closing, opening]);
    let released: Vec<Released> = given.iter().map(|(released, _)| released.clone()).collect();
    assert!(given_out(&population, &released).is_safe(T));
    assert!(!released[1].hidden.is_empty());
}
