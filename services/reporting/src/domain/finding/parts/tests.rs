//! Västmanland's three teams give no finding, and every single change of them
//! gives exactly the findings it must.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::definition::{Partition, TOTAL, load};

const FIGURES: &str = include_str!("../../../../tests/it/data/reported-figures.csv");

fn definitions() -> Definitions {
    load(include_str!("../../../../definitions/figures.toml")).unwrap()
}

fn teams() -> Vec<(String, BTreeMap<Cell, u32>)> {
    let mut teams = BTreeMap::<String, BTreeMap<Cell, u32>>::new();
    for line in FIGURES.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let [team, figure, category, count] = cells.as_slice() else { panic!("{line}") };
        let counts = teams.entry((*team).to_owned()).or_default();
        counts.insert(Cell::new(figure, category), count.parse().unwrap());
    }
    teams.into_iter().collect()
}

fn findings(counts: &BTreeMap<Cell, u32>) -> Vec<PartsDiffer> {
    find(&definitions(), &Counts::recorded(counts.clone()))
}

fn counts(cells: &[(&str, &str, u32)]) -> BTreeMap<Cell, u32> {
    let cell =
        |(figure, category, count): &(&str, &str, u32)| (Cell::new(figure, category), *count);
    cells.iter().map(cell).collect()
}

/// How many partitions of a figure have a reported part.
fn divided(figure: &str, counts: &BTreeMap<Cell, u32>) -> usize {
    let definitions = definitions();
    let figure = definitions.figures().iter().find(|known| known.code == figure).unwrap();
    let has_part =
        |partition: &&Partition| partition.cells().any(|cell| counts.contains_key(&cell));
    figure.partitions.iter().filter(has_part).count()
}

#[test]
fn the_three_teams_of_vastmanland_give_no_finding() {
    let teams = teams();
    assert_eq!(teams.len(), 3);
    for (team, counts) in teams {
        assert!(Counts::new(&definitions(), &sent(&counts)).is_ok(), "{team}");
        assert_eq!(findings(&counts), [], "{team}");
    }
}

fn sent(counts: &BTreeMap<Cell, u32>) -> Vec<crate::domain::reported_figures::SentCount> {
    let sent = |(cell, count): (&Cell, &u32)| crate::domain::reported_figures::SentCount {
        cell: cell.clone(),
        count: i64::from(*count),
    };
    counts.iter().map(sent).collect()
}

#[test]
fn a_finding_names_figure_parts_sum_total_and_difference() {
    let found = findings(&counts(&[
        ("participants", TOTAL, 30),
        ("participants", "woman", 17),
        ("participants", "man", 13),
        ("participants_by_age", "under_30", 12),
        ("participants_by_age", "over_30", 19),
    ]));
    let expected = PartsDiffer {
        figure: "participants_by_age".to_owned(),
        partition: "participants_by_age".to_owned(),
        parts: vec![
            (Cell::new("participants_by_age", "under_30"), 12),
            (Cell::new("participants_by_age", "over_30"), 19),
        ],
        whole: Cell::new("participants", TOTAL),
        parts_sum: 31,
        total: 30,
    };
    assert_eq!(found[0].difference(), 1);
    assert_eq!(found, [expected]);
}

#[test]
fn a_lone_total_and_parts_without_a_total_contradict_nothing() {
    assert_eq!(findings(&counts(&[("queue", TOTAL, 6)])), []);
    assert_eq!(findings(&counts(&[("exits", TOTAL, 1)])), []);
    assert_eq!(findings(&counts(&[("exits", "work", 2), ("exits", "studies", 1)])), []);
    assert_eq!(findings(&counts(&[("participants_by_age", "under_30", 1)])), []);
}

#[test]
fn some_parts_of_a_partition_must_sum_to_the_total_too() {
    assert_eq!(findings(&counts(&[("exits", TOTAL, 1), ("exits", "work", 1)])), []);
    assert_eq!(findings(&counts(&[("exits", TOTAL, 2), ("exits", "work", 1)])).len(), 1);
}

#[test]
fn the_largest_counts_are_added_without_overflow() {
    let largest = 1_000_000_000;
    let mut cells = counts(&[("exits", TOTAL, 0)]);
    let definitions = definitions();
    let exits = definitions.figures().iter().find(|figure| figure.code == "exits").unwrap();
    cells.extend(exits.partitions[0].cells().map(|cell| (cell, largest)));
    let found = findings(&cells);
    assert_eq!(found[0].parts_sum, 16 * i64::from(largest));
}

proptest! {
    #[test]
    fn one_changed_cell_gives_exactly_its_findings(
        team in 0_usize..3,
        cell in any::<prop::sample::Index>(),
        other in 0_u32..1_000_000_000,
    ) {
        let (_, mut counts) = teams().swap_remove(team);
        let cell = counts.keys().nth(cell.index(counts.len())).unwrap().clone();
        prop_assume!(counts[&cell] != other);
        let expected = if cell.category == TOTAL { divided(&cell.figure, &counts) } else { 1 };
        counts.insert(cell, other);
        prop_assert_eq!(findings(&counts).len(), expected);
    }

    #[test]
    fn figures_that_add_up_give_no_finding_and_one_changed_part_gives_one(
        numbers in prop::collection::vec(0_u32..1_000_000, 5),
        changed in 0_usize..4,
        by in 1_u32..1000,
    ) {
        let sexes = ["woman", "man", "non_binary", "not_stated"];
        let total: u32 = numbers[..4].iter().sum();
        let under_30 = numbers[4].min(total);
        let mut cells = counts(&[
            ("new_participants", TOTAL, total),
            ("participants", TOTAL, total),
            ("participants_by_age", "under_30", under_30),
            ("participants_by_age", "over_30", total - under_30),
        ]);
        for (sex, number) in sexes.iter().zip(&numbers) {
            cells.insert(Cell::new("participants", sex), *number);
            cells.insert(Cell::new("new_participants", sex), *number);
        }
        prop_assert_eq!(findings(&cells), []);
        *cells.get_mut(&Cell::new("participants", sexes[changed])).unwrap() += by;
        let found = findings(&cells);
        prop_assert_eq!(found.len(), 1);
        prop_assert_eq!(found[0].difference(), i64::from(by));
    }
}
