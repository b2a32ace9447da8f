//! The sheet of a year.

use proptest::prelude::*;

use super::*;
use crate::domain::definition::load;
use crate::domain::programme_plan::{VersionNumber, tests::plan};

fn definitions() -> Definitions {
    load(include_str!("../../../definitions/figures.toml")).unwrap()
}

fn team(id: &str) -> TeamName {
    TeamName::parse("", &format!("federations/f/teams/{id}")).unwrap()
}

fn half(half: i32) -> HalfYear {
    HalfYear::new(2025, half).unwrap()
}

fn counts(figure: &str, parts: &[(&str, i64)]) -> Counts {
    let total = ("total", parts.iter().map(|(_, count)| count).sum());
    let told = std::iter::once(&total).chain(parts);
    told.map(|(category, count)| (Cell::new(figure, category), Some(*count))).collect()
}

fn halves(first: &[(&str, i64)], second: &[(&str, i64)]) -> Halves {
    let of = |figure, parts: &[(&str, i64)]| {
        let told = Told { counts: counts(figure, parts), is_counted: false };
        BTreeMap::from([(team("norra"), told)])
    };
    Halves::from([(half(1), of(PARTICIPANTS, first)), (half(2), of(NEW, second))])
}

fn money(name: &str, team: Option<TeamName>) -> Money {
    Money {
        recipients: vec![format!("federations/f/recipients/{}", name.to_lowercase())],
        display_name: name.to_owned(),
        team,
        budget: Ore::new(172_000_000),
        outcome: Ore::new(79_120_000),
    }
}

fn row(halves: &Halves) -> Initiative {
    let money = vec![money("Norra", Some(team("norra")))];
    let rows = compute(&definitions(), 2025, 5, money, &BTreeMap::new(), halves);
    rows.unwrap().remove(0)
}

#[test]
fn a_sum_with_a_part_that_a_release_hides_is_not_told() {
    let all = halves(&[("woman", 17), ("man", 13)], &[("woman", 5), ("man", 7)]);
    for (half_year, figure, category, told) in [
        (1, PARTICIPANTS, "total", (None, 0, true)),
        (2, NEW, "total", (None, 0, true)),
        (1, PARTICIPANTS, "man", (Some(42), 0, true)),
        (2, NEW, "woman", (Some(42), 0, true)),
        (1, NEW, "woman", (Some(42), 2, false)),
    ] {
        let mut halves = all.clone();
        let of_team = halves.get_mut(&half(half_year)).unwrap().get_mut(&team("norra")).unwrap();
        of_team.counts.insert(Cell::new(figure, category), None);
        let actual = row(&halves).actual.unwrap();
        let found = (actual.total, actual.by_sex.len(), actual.is_protected);
        assert_eq!(found, told, "{figure} {category}");
    }
}

#[test]
fn halves_from_two_sources_are_said_to_be() {
    let mut halves = halves(&[("woman", 17)], &[("woman", 5)]);
    halves.get_mut(&half(2)).unwrap().get_mut(&team("norra")).unwrap().is_counted = true;
    assert!(row(&halves).actual.unwrap().is_mixed);
    halves.get_mut(&half(1)).unwrap().get_mut(&team("norra")).unwrap().is_counted = true;
    assert!(!row(&halves).actual.unwrap().is_mixed);
}

#[test]
fn a_years_participants_are_those_of_the_first_half_and_the_new_of_the_second() {
    let row = row(&halves(&[("woman", 17), ("man", 13)], &[("woman", 5), ("man", 7)]));
    let expected = Actual {
        total: Some(42),
        by_sex: vec![("woman".to_owned(), 22), ("man".to_owned(), 20)],
        is_protected: false,
        is_mixed: false,
    };
    assert_eq!((row.actual, row.missing), (Some(expected), vec![]));
}

#[test]
fn a_half_year_that_is_not_published_is_not_0() {
    let mut one_half = halves(&[("woman", 17), ("man", 13)], &[]);
    one_half.remove(&half(2));
    let first = row(&one_half);
    assert_eq!((first.actual, first.missing), (None, vec![half(2)]));
    let none = row(&Halves::new());
    assert_eq!((none.actual, none.missing), (None, vec![half(1), half(2)]));
    let parts_missing = row(&halves(&[("woman", 17), ("man", 13)], &[("woman", 12)]));
    let actual = parts_missing.actual.unwrap();
    assert_eq!((actual.total, actual.by_sex), (Some(42), vec![]), "men are not told");
}

#[test]
fn few_are_protected_with_the_parts_that_would_tell_them() {
    let told = |first: &[(&str, i64)]| {
        let actual = row(&halves(first, &[("woman", 0), ("man", 0)])).actual.unwrap();
        (actual.total, actual.by_sex.len(), actual.is_protected)
    };
    assert_eq!(told(&[("woman", 4), ("man", 11)]), (Some(15), 0, true));
    assert_eq!(told(&[("woman", 0), ("man", 11)]), (Some(11), 2, false));
    assert_eq!(told(&[("woman", 2), ("man", 2)]), (None, 0, true));
    assert_eq!(told(&[("woman", 5), ("man", 5)]), (Some(10), 2, false));
}

#[test]
fn the_plan_is_the_latest_version_for_the_team_in_the_year() {
    let name = |plan: &str, number| ProgrammePlanVersionName {
        plan: values::name::ProgrammePlanName::parse(
            "",
            &format!("federations/f/programmePlans/{plan}"),
        )
        .unwrap(),
        number: VersionNumber::parse("", number).unwrap(),
    };
    let of = |direction: &str, for_all: bool| {
        let mut plan = plan();
        plan.direction = direction.to_owned();
        plan.teams.retain(|_| !for_all);
        plan
    };
    let plans = BTreeMap::from([
        (name("alla", "1.0"), of("För alla", true)),
        (name("sikta", "1.0"), of("Den första", false)),
        (name("sikta", "10.0"), of("Den senaste", false)),
        (name("sikta", "9.0"), of("Den näst senaste", false)),
    ]);
    let direction = |id, year| planned(&plans, &team(id), year).map(|planned| planned.direction);
    assert_eq!(direction("norra", 2025).as_deref(), Some("Den senaste"));
    assert_eq!(direction("sodra", 2025).as_deref(), Some("För alla"));
    assert_eq!(direction("norra", 2029), None);
    let budgeted = planned(&plans, &team("norra"), 2025).and_then(|planned| planned.budgeted);
    assert_eq!(budgeted.map(|budgeted| budgeted.total), Some(20));
    assert_eq!(planned(&plans, &team("norra"), 2026).unwrap().budgeted, None);
}

#[test]
fn rows_stand_by_name_and_a_resource_has_its_money_alone() {
    let rows = compute(
        &definitions(),
        2025,
        5,
        vec![money("Östra", None), money("Ängen", None), money("Norra", Some(team("norra")))],
        &BTreeMap::new(),
        &Halves::new(),
    )
    .unwrap();
    let names: Vec<_> = rows.iter().map(|row| row.money.display_name.as_str()).collect();
    assert_eq!(names, ["Norra", "Ängen", "Östra"]);
    assert_eq!((&rows[1].actual, rows[1].missing.len()), (&None, 0));
}

#[test]
fn the_recipients_of_a_team_are_one_initiative() {
    let norra = || Some(team("norra"));
    let none = Halves::new();
    let compute = |money| compute(&definitions(), 2025, 5, money, &BTreeMap::new(), &none);
    let rows = compute(vec![money("Norra", norra()), money("Norra, lokaler", norra())]).unwrap();
    let row = &rows[0].money;
    assert_eq!((rows.len(), row.recipients.len(), row.display_name.as_str()), (1, 2, "Norra"));
    assert_eq!((row.budget, row.outcome), (Ore::new(344_000_000), Ore::new(158_240_000)));
    let too_much = Money { budget: Ore::new(i64::MAX), ..money("Norra", norra()) };
    assert_eq!(compute(vec![too_much, money("Norra", norra())]), None);
}

proptest! {
    #[test]
    fn no_count_from_1_to_the_limit_is_ever_told_or_left_over(
        women in 0_i64..12, men in 0_i64..12, others in 0_i64..12,
    ) {
        let first = [("woman", women), ("man", men), ("non_binary", others)];
        let row = row(&halves(&first, &[("woman", 0), ("man", 0), ("non_binary", 0)]));
        let actual = row.actual.unwrap();
        let is_few = |count: i64| (1..5).contains(&count);
        prop_assert!(!actual.total.is_some_and(is_few));
        prop_assert!(!actual.by_sex.iter().any(|(_, count)| is_few(*count)));
        if let (Some(total), false) = (actual.total, actual.by_sex.is_empty()) {
            let told: i64 = actual.by_sex.iter().map(|(_, count)| count).sum();
            prop_assert_eq!(told, total);
        }
    }
}
