//! What a position may be.

use chrono::NaiveDate;
use values::Slug;

use super::*;

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn party(id: &str) -> PartyName {
    PartyName::new(slug("f"), slug(id))
}

fn team(id: &str) -> TeamName {
    TeamName::new(slug("f"), slug(id))
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).unwrap()
}

fn paid_by(id: &str) -> Payer {
    Payer::Party(party(id))
}

fn spell(first_day: NaiveDate, last_day: Option<NaiveDate>) -> Spell {
    let days = Days::new("", first_day, last_day).unwrap();
    Spell { days, extent: Extent::new(50, vec![(paid_by("sala"), 50)]).unwrap(), vacant: false }
}

fn told(faults: Faults) -> Vec<(String, &'static str)> {
    faults.into_vec().into_iter().map(|fault| (fault.field, fault.reason)).collect()
}

fn expected(faults: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    faults.iter().map(|(field, reason)| ((*field).to_owned(), *reason)).collect()
}

#[test]
fn spells_follow_on_each_other_and_may_leave_days_between() {
    let (march, june) = (Some(day(3, 31)), Some(day(6, 30)));
    for (spells, faults) in [
        (vec![spell(day(1, 1), None)], expected(&[])),
        (vec![spell(day(1, 1), march), spell(day(4, 1), None)], expected(&[])),
        (vec![spell(day(1, 1), march), spell(day(5, 1), june)], expected(&[])),
        (Vec::new(), expected(&[("spells", "SPELLS_MISSING")])),
        (
            vec![spell(day(1, 1), march), spell(day(3, 31), None)],
            expected(&[("spells[1].first_day", "SPELL_OVERLAPS")]),
        ),
        (
            vec![spell(day(4, 1), june), spell(day(1, 1), march)],
            expected(&[("spells[1].first_day", "SPELL_OVERLAPS")]),
        ),
        (
            vec![spell(day(1, 1), None), spell(day(4, 1), june), spell(day(6, 1), None)],
            expected(&[
                ("spells[0].last_day", "SPELL_NOT_ENDED"),
                ("spells[2].first_day", "SPELL_OVERLAPS"),
            ]),
        ),
    ] {
        let found = Spells::new(spells.clone()).map_or_else(told, |_| Vec::new());
        assert_eq!(found, faults, "{spells:?}");
    }
}

#[test]
fn a_position_has_at_most_a_hundred_spells() {
    let first = day(1, 1);
    let days = first.iter_days().step_by(2).map(|day| spell(day, Some(day)));
    let faults = Spells::new(days.take(MOST_SPELLS + 1).collect()).unwrap_err();
    assert_eq!(told(faults), expected(&[("spells", "SPELLS_TOO_MANY")]));
}

#[test]
fn the_payers_of_an_extent_sum_to_it_each_once() {
    let federation = Payer::Federation;
    for (percent, payers, faults) in [
        (100, vec![(federation.clone(), 50), (paid_by("fagersta"), 50)], expected(&[])),
        (1, vec![(federation.clone(), 1)], expected(&[])),
        (50, Vec::new(), expected(&[("payers", "PAYERS_NOT_WHOLE")])),
        (50, vec![(federation.clone(), 49)], expected(&[("payers", "PAYERS_NOT_WHOLE")])),
        (
            100,
            vec![(paid_by("sala"), 50), (federation.clone(), 20), (paid_by("sala"), 30)],
            expected(&[("payers[2].party", "PAYER_TWICE")]),
        ),
        (
            60,
            vec![(federation.clone(), 30), (federation.clone(), 30)],
            expected(&[("payers[1].party", "PAYER_TWICE")]),
        ),
        (
            0,
            vec![(federation.clone(), 0), (paid_by("sala"), i32::MAX)],
            expected(&[
                ("fte_percent", "POSITION_PERCENT_OUT_OF_RANGE"),
                ("payers[0].fte_percent", "POSITION_PERCENT_OUT_OF_RANGE"),
                ("payers[1].fte_percent", "POSITION_PERCENT_OUT_OF_RANGE"),
            ]),
        ),
        (
            101,
            vec![(federation, 101)],
            expected(&[
                ("fte_percent", "POSITION_PERCENT_OUT_OF_RANGE"),
                ("payers[0].fte_percent", "POSITION_PERCENT_OUT_OF_RANGE"),
            ]),
        ),
    ] {
        let found = Extent::new(percent, payers.clone()).map_or_else(told, |_| Vec::new());
        assert_eq!(found, faults, "{percent} {payers:?}");
    }
}

#[test]
fn each_unknown_team_and_party_is_named_where_it_stands() {
    let extent = Extent::new(100, vec![(Payer::Federation, 50), (paid_by("norberg"), 50)]).unwrap();
    let days = Days::new("", day(1, 1), None).unwrap();
    let position = Position {
        team: team("fns"),
        title: "Coach".to_owned(),
        coaches: true,
        employer: party("fagersta"),
        spells: Spells::new(vec![Spell { days, extent, vacant: false }]).unwrap(),
    };
    assert_eq!(position.parties().collect::<Vec<_>>(), [&party("fagersta"), &party("norberg")]);
    assert_eq!(told(unknown_references(&position, true, |_| true)), expected(&[]));
    assert_eq!(
        told(unknown_references(&position, false, |_| false)),
        expected(&[
            ("team", "TEAM_UNKNOWN"),
            ("employer", "PARTY_UNKNOWN"),
            ("spells[0].payers[1].party", "PARTY_UNKNOWN"),
        ])
    );
}
