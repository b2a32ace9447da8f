//! An attacker who sees every publication, and knows what figures mean, against what
//! is shown of reported figures.

mod attacker;
mod beside;
mod stated;
mod told;
mod totals;

use disclosure::testing::Dice;

use super::*;
use crate::domain::definition::{self, Definitions};
use crate::domain::template;
use attacker::Attacker;

const T: Threshold = Threshold::DEFAULT;

fn cell(text: &str) -> Cell {
    crate::domain::narrative::parse_cell(text).unwrap()
}

fn place(subject: &str, text: &str) -> Place {
    Place { subject: subject.to_owned(), cell: cell(text) }
}

fn counted(cells: &[(&str, i64)]) -> Counted {
    cells.iter().map(|(text, count)| (cell(text), *count)).collect()
}

fn definitions() -> Definitions {
    definition::load(include_str!("../../../definitions/figures.toml")).unwrap()
}

fn template() -> template::Template {
    template::load(include_str!("../../../tests/it/data/half-year-report.toml")).unwrap()
}

fn publication(version: i64, teams: &[(&str, Counted)]) -> Publication {
    of_half(1, version, teams)
}

/// One of a half of 2025.
fn of_half(half: i32, version: i64, teams: &[(&str, Counted)]) -> Publication {
    let teams: BTreeMap<String, Counted> =
        teams.iter().map(|(team, counted)| ((*team).to_owned(), counted.clone())).collect();
    let sums = BTreeMap::from([(String::new(), teams.keys().cloned().collect())]);
    let summed = teams.values().flat_map(Counted::keys).cloned().collect();
    let relations = template().relations;
    let (ties, openings) = (ties(&definitions(), &relations), openings(&relations));
    let period = HalfYear::new(2025, half).unwrap();
    let whole = (String::new(), teams.keys().cloned().collect());
    Publication { version, period, teams, whole, sums, summed, ties, openings }
}

fn publish(earlier: &[Published], publication: Publication) -> Published {
    let hidden = protect(T, earlier, &publication).unwrap().hidden();
    let published = Published { publication, hidden };
    assert!(is_safe(T, earlier, &published));
    published
}

#[test]
fn figures_without_small_counts_are_published_as_they_are() {
    let team = counted(&[
        ("participants", 40),
        ("participants.woman", 25),
        ("participants.man", 15),
        ("new_participants", 0),
        ("exits", 8),
    ]);
    let published = publish(&[], publication(1, &[("a", team.clone()), ("b", team)]));
    assert!(published.hidden.is_empty(), "{:?}", published.hidden);
}

#[test]
fn a_small_count_takes_its_neighbours_with_it() {
    let small =
        counted(&[("participants", 20), ("participants.woman", 17), ("participants.man", 3)]);
    let large =
        counted(&[("participants", 50), ("participants.woman", 25), ("participants.man", 25)]);
    let published = publish(&[], publication(1, &[("a", small), ("b", large)]));
    for text in ["participants.woman", "participants.man"] {
        assert!(published.hidden.contains(&place("a", text)), "{text}");
    }
    assert!(!published.hidden.contains(&place("a", "participants")));
    let sums = [place("", "participants.man"), place("b", "participants.man")];
    assert!(sums.iter().any(|one| published.hidden.contains(one)), "28 − 25 would be told");
}

#[test]
fn who_was_there_before_has_no_column_and_is_not_told_by_the_others() {
    let team = counted(&[("participants", 20), ("new_participants", 18)]);
    let published = publish(&[], publication(1, &[("a", team)]));
    let either = [place("a", "participants"), place("a", "new_participants")];
    assert!(either.iter().any(|one| published.hidden.contains(one)), "20 − 18 would be told");
}

#[test]
fn a_part_that_was_not_reported_is_not_told_by_its_whole() {
    let team = counted(&[("participants", 20), ("participants.woman", 17)]);
    let published = publish(&[], publication(1, &[("a", team)]));
    assert!(!published.hidden.is_empty(), "20 − 17 would be told");
}

#[test]
fn figures_that_contradict_each_other_reveal_nothing_to_who_knows_by_how_much() {
    let team =
        counted(&[("participants", 21), ("participants.woman", 17), ("participants.man", 3)]);
    let mut team = team;
    team.extend(counted(&[("participants.non_binary", 0), ("participants.not_stated", 0)]));
    let published = publish(&[], publication(1, &[("a", team)]));
    assert!(published.hidden.contains(&place("a", "participants.man")));
    assert!(published.hidden.len() > 1, "{:?}", published.hidden);
}

#[test]
fn a_correction_of_one_person_is_not_told_by_two_publications() {
    let team = |total: i64| counted(&[("participants", total), ("exits", 10)]);
    let first = publish(&[], publication(1, &[("a", team(40)), ("b", team(50))]));
    let earlier = [first];
    let second = publish(&earlier, publication(2, &[("a", team(41)), ("b", team(50))]));
    assert!(second.hidden.contains(&place("a", "participants")));
    assert!(!second.hidden.contains(&place("a", "exits")), "what is the same is shown again");
    let far = publish(&earlier, publication(3, &[("a", team(60)), ("b", team(50))]));
    assert!(!far.hidden.contains(&place("a", "participants")), "twenty are not few");
}

#[test]
fn planted_leaks_are_seen() {
    let team =
        counted(&[("participants", 20), ("participants.woman", 17), ("participants.man", 3)]);
    let of = |version| publication(version, &[("a", team.clone())]);
    let leak = |hidden: &[&str]| Published {
        publication: of(1),
        hidden: hidden
            .iter()
            .map(|text| place("a", text))
            .chain([place("", "participants.man"), place("", "participants.woman")])
            .collect(),
    };
    assert!(!is_safe(T, &[], &leak(&[])));
    assert!(!is_safe(T, &[], &leak(&["participants.man"])), "20 − 17");
    assert!(is_safe(T, &[], &leak(&["participants.man", "participants.woman"])));
    // Another area's sum of the very same team gives it away.
    let mut again = of(2);
    again.sums = BTreeMap::from([("area".to_owned(), ["a".to_owned()].into())]);
    let hidden = protect(T, &[leak(&["participants.man", "participants.woman"])], &again);
    assert!(hidden.unwrap().hidden().contains(&place("area", "participants.man")));
}

/// A queue of team a: ten at the beginning, fifteen at the end, and two who left it; beside
/// it the next half-year's, which begins with the fifteen.
fn queues() -> (Counted, Counted) {
    let first = counted(&[("queue_at_start", 10), ("referrals", 20), ("left_queue", 2)]);
    let first = first.into_iter().chain(counted(&[("new_participants", 13), ("queue", 15)]));
    let second = counted(&[("queue_at_start", 15), ("referrals", 20), ("left_queue", 9)]);
    let second = second.into_iter().chain(counted(&[("new_participants", 16), ("queue", 10)]));
    (first.collect(), second.collect())
}

#[test]
fn the_end_of_a_half_year_that_is_hidden_is_not_told_as_the_beginning_of_the_next() {
    let (first, second) = queues();
    // Who left is hidden with the end, which would tell them.
    let hidden = ["left_queue", "queue"];
    let hidden = hidden.iter().flat_map(|text| [place("a", text), place("", text)]).collect();
    let first = Published { publication: of_half(1, 1, &[("a", first)]), hidden };
    assert!(is_safe(T, &[], &first));
    let second = of_half(2, 2, &[("a", second)]);
    let shown = Published { publication: second.clone(), hidden: BTreeSet::new() };
    assert!(is_safe(T, &[], &shown), "alone it tells nobody");
    assert!(!is_safe(T, std::slice::from_ref(&first), &shown), "10 + 20 − 13 − 15");
    let published = publish(&[first], second);
    assert!(published.hidden.contains(&place("a", "queue_at_start")));
    assert!(published.hidden.contains(&place("", "queue_at_start")));
    let flow = ["referrals", "left_queue", "new_participants", "queue"];
    let others = flow.iter().filter(|text| published.hidden.contains(&place("a", text)));
    assert!(others.count() > 0, "the rest of the flow would tell it");
}

#[test]
fn the_beginning_of_a_half_year_that_is_hidden_is_not_told_as_the_end_of_the_one_before() {
    let (mut first, mut second) = queues();
    first.extend(counted(&[("left_queue", 12), ("queue_at_start", 20)]));
    second.extend(counted(&[("left_queue", 3), ("queue", 16)]));
    let hidden = ["left_queue", "queue_at_start"];
    let hidden = hidden.iter().flat_map(|text| [place("a", text), place("", text)]).collect();
    let second = Published { publication: of_half(2, 1, &[("a", second)]), hidden };
    assert!(is_safe(T, &[], &second));
    let first = of_half(1, 2, &[("a", first)]);
    let shown = Published { publication: first.clone(), hidden: BTreeSet::new() };
    assert!(is_safe(T, &[], &shown), "alone it tells nobody");
    assert!(!is_safe(T, std::slice::from_ref(&second), &shown), "15 + 20 − 16 − 16");
    let published = publish(&[second], first);
    assert!(published.hidden.contains(&place("a", "queue")));
}

#[test]
fn an_end_from_records_that_is_hidden_and_that_the_next_half_year_tells_is_found() {
    let (_, second) = queues();
    let mut later = Published {
        publication: of_half(2, 1, &[("a", second)]),
        hidden: BTreeSet::from([place("a", "queue")]),
    };
    let half = HalfYear::new(2025, 1).unwrap();
    let ends = ["b", "a"].map(|team| BTreeSet::from([place(team, "queue")]));
    let found = |later: &Published| {
        ends.each_ref().map(|hidden| told_later(std::slice::from_ref(later), half, hidden))
    };
    assert_eq!(found(&later), [None, Some("a")], "nothing is stated of b");
    assert_eq!(told_later(&[later.clone()], HalfYear::new(2024, 2).unwrap(), &ends[1]), None);
    later.hidden.insert(place("a", "queue_at_start"));
    assert_eq!(found(&later), [None, None]);
}

#[test]
fn a_share_of_what_is_hidden_is_hidden() {
    let hidden = BTreeSet::from([place("a", "exits.work"), place("b", "participants")]);
    let found = hidden_shares(&template().relations, &hidden);
    assert!(found.contains(&place("a", "exits_share.work")));
    assert!(found.contains(&place("b", "participants_share.woman")));
    assert!(!found.contains(&place("a", "participants_share.woman")));
}

/// Figures of a team that add up, some of them not reported.
fn team(dice: &mut Dice) -> Counted {
    let mut cells = Vec::new();
    let size = |dice: &mut Dice| i64::try_from(dice.below(9) * (1 + dice.below(4))).unwrap();
    let (women, men, others) = (size(dice), size(dice), i64::from(dice.below(5) == 0));
    let total = women + men + others;
    cells.push(("participants", total));
    if dice.below(4) > 0 {
        cells.extend([("participants.woman", women), ("participants.man", men)]);
        cells.extend([("participants.non_binary", others), ("participants.not_stated", 0)]);
    }
    if dice.below(3) > 0 {
        let young = total.min(size(dice));
        cells.push(("participants_by_age.under_30", young));
        cells.push(("participants_by_age.over_30", total - young));
        if dice.below(2) == 0 {
            cells.push(("participants_over_50", (total - young).min(size(dice))));
        }
    }
    if dice.below(3) > 0 {
        let new = [women.min(size(dice)), men.min(size(dice))];
        cells.push(("new_participants", new[0] + new[1]));
        cells.extend([("new_participants.woman", new[0]), ("new_participants.man", new[1])]);
    }
    counted(&cells)
}

/// The same with somebody more.
fn changed(dice: &mut Dice, counted: &Counted) -> Counted {
    let mut changed = counted.clone();
    let cells: Vec<Cell> = counted.keys().cloned().collect();
    let more = i64::try_from(1 + dice.below(7)).unwrap();
    let chosen = dice.one_of(&cells).clone();
    if chosen.figure == "participants" && chosen.category != "total" {
        *changed.get_mut(&cell("participants")).unwrap() += more;
        if changed.contains_key(&cell("participants_by_age.over_30")) {
            *changed.get_mut(&cell("participants_by_age.over_30")).unwrap() += more;
        }
        *changed.get_mut(&chosen).unwrap() += more;
    }
    changed
}

#[test]
fn nobody_can_tell_a_small_count_from_all_publications() {
    let (mut shown, mut hidden, mut refused) = (0, 0, 0);
    let rounds = if std::env::var("SAMORDNA_TEST_LONG").is_ok() { 10_000 } else { 150 };
    for seed in 0..rounds {
        let dice = &mut Dice(seed);
        let mut teams: Vec<(&str, Counted)> =
            ["a", "b", "c"][..2 + dice.below(2)].iter().map(|id| (*id, team(dice))).collect();
        let mut published: Vec<Published> = Vec::new();
        for version in 1..=3 {
            let publication = publication(version, &teams);
            let Ok(protected) = protect(T, &published, &publication) else {
                refused += 1;
                continue;
            };
            hidden += protected.hidden().len();
            shown += protected.numbers.len() - protected.hidden().len();
            published.push(Published { publication, hidden: protected.hidden() });
            for (_, counted) in &mut teams {
                *counted = changed(dice, counted);
            }
        }
        let told = Attacker::of(&published).told();
        assert!(told.is_empty(), "seed {seed}: {told:#?}");
    }
    // The proof is worth nothing when nothing is shown.
    assert!(shown > hidden, "{shown} shown, {hidden} hidden, {refused} refused");
    assert!(refused * 20 < rounds * 3, "{refused} refused of {}", rounds * 3);
}

#[test]
fn the_same_figures_have_the_same_hidden() {
    for seed in 0..20 {
        let dice = &mut Dice(seed);
        let teams = [("a", team(dice)), ("b", team(dice)), ("c", team(dice))];
        let hidden = || protect(T, &[], &publication(1, &teams)).map(|told| told.hidden());
        assert_eq!(hidden(), hidden());
    }
}
