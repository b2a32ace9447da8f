//! Rounding, forecasts, warnings and sums of the funding table.

use chrono::NaiveDate;
use proptest::prelude::*;
use values::Slug;

use super::*;

fn period(first: (u32, u32), last: (u32, u32)) -> Period {
    let day = |(month, day)| NaiveDate::from_ymd_opt(2025, month, day).unwrap();
    Period::new("period", day(first), day(last)).unwrap()
}

fn figures(recipient: &str, display_name: &str, granted: i64, to_date: i64) -> GrantFigures {
    let slug = |id| Slug::parse("id", id).unwrap();
    GrantFigures {
        grant: slug(recipient),
        recipient: RecipientName::new(slug("f"), slug(recipient)),
        display_name: display_name.to_owned(),
        team: None,
        grant_period: Period::year(2025).unwrap(),
        party: None,
        cost_kind: None,
        granted: Ore::new(granted),
        reserved: Ore::ZERO,
        requisitioned: Ore::new(to_date),
        requisitioned_to_date: Ore::new(to_date),
    }
}

const HALF_YEAR: ((u32, u32), (u32, u32)) = ((1, 1), (6, 30));

fn question(period: Period, cut: Cut) -> Question {
    Question { period, cut, filter: Filter::default() }
}

fn facts(figures: Vec<GrantFigures>) -> Facts {
    Facts { figures, ..Facts::default() }
}

fn by_recipient(period: Period, grants: Vec<GrantFigures>, limit: u8) -> FundingTable {
    compute(&question(period, Cut::Recipient), facts(grants), limit).unwrap()
}

fn half_year(grants: Vec<GrantFigures>) -> FundingTable {
    by_recipient(period(HALF_YEAR.0, HALF_YEAR.1), grants, 70)
}

fn name(row: &Row) -> &str {
    match &row.subject {
        Subject::Recipient { display_name, .. }
        | Subject::Area { display_name, .. }
        | Subject::Party { display_name, .. } => display_name,
        Subject::NoArea => "",
        Subject::CostKind(kind) => kind.code(),
    }
}

#[test]
fn half_a_year_at_the_same_pace_is_twice_as_much_at_its_end() {
    let table = half_year(vec![figures("a", "A", 155_000, 93_700)]);
    let amounts = table.rows[0].amounts;
    assert_eq!(amounts.forecast, Ore::new(187_400));
    assert_eq!(amounts.forecast_unspent, Ore::new(-32_400));
    assert_eq!(amounts.share_percent, 60);
    assert_eq!(table.rows[0].warnings, [Warning::Over(Ore::new(32_400))]);
}

#[test]
fn a_row_is_warned_under_when_its_forecast_is_below_the_limit_and_not_at_it() {
    for (to_date, warnings) in [
        (350, vec![]),
        (349, vec![Warning::Under(Ore::new(302))]),
        (500, vec![]),
        (501, vec![Warning::Over(Ore::new(2))]),
        (0, vec![Warning::Under(Ore::new(1000))]),
    ] {
        let table = half_year(vec![figures("a", "A", 1000, to_date)]);
        assert_eq!(table.rows[0].warnings, warnings, "{to_date}");
    }
}

#[test]
fn the_pace_counts_from_the_grants_own_first_day_and_a_broken_month_by_its_days() {
    let mut grant = figures("a", "A", 9000, 3000);
    grant.grant_period = period((4, 1), (12, 31));
    // Nine months; a month and a half of them gone.
    let table = by_recipient(period((1, 1), (5, 15)), vec![grant.clone()], 70);
    let elapsed_thirty_firsts = 31 + 15;
    let expected = (3000 * 9 * 31 + elapsed_thirty_firsts / 2) / elapsed_thirty_firsts;
    assert_eq!(table.rows[0].amounts.forecast, Ore::new(expected));

    let table = by_recipient(Period::year(2025).unwrap(), vec![grant], 0);
    assert_eq!(table.rows[0].amounts.forecast, Ore::new(3000));
}

#[test]
fn a_grant_that_has_not_begun_is_expected_as_decided_and_warns_of_nothing() {
    let mut grant = figures("a", "A", 9000, 0);
    grant.grant_period = period((7, 1), (12, 31));
    let table = half_year(vec![grant]);
    assert_eq!(table.rows[0].amounts.forecast, Ore::new(9000));
    assert_eq!(table.rows[0].warnings, []);
}

#[test]
fn grants_of_one_recipient_are_one_row_and_rows_come_in_swedish_order() {
    let table = half_year(vec![
        figures("o", "Östra", 100, 50),
        figures("a-with-ring", "Åmål", 100, 50),
        figures("z", "Zinkgruvan", 100, 50),
        figures("a", "ängen", 100, 50),
        figures("z", "Zinkgruvan", 300, 10),
    ]);
    let names: Vec<_> = table.rows.iter().map(name).collect();
    assert_eq!(names, ["Zinkgruvan", "Åmål", "ängen", "Östra"]);
    let amounts = table.rows[0].amounts;
    assert_eq!((amounts.granted, amounts.share_percent), (Ore::new(400), 15));
}

#[test]
fn two_recipients_of_the_same_name_are_two_rows() {
    let table = half_year(vec![
        figures("b", "Resurs", 100, 50),
        figures("a", "Resurs", 100, 50),
        figures("b", "Resurs", 100, 50),
    ]);
    let granted: Vec<_> = table.rows.iter().map(|row| row.amounts.granted.get()).collect();
    assert_eq!(granted, [100, 200]);
}

#[test]
fn without_grants_the_total_is_nothing() {
    assert_eq!(half_year(vec![]), FundingTable::default());
}

#[test]
fn sums_that_do_not_fit_are_told() {
    let grants = vec![figures("a", "A", i64::MAX, 0), figures("b", "B", 1, 0)];
    let year = Period::year(2025).unwrap();
    let question = question(year, Cut::Recipient);
    assert_eq!(compute(&question, facts(grants), 70), Err(SumTooLarge));
}

fn forecast(grant: &str, party: &str, month: u32, rest: Option<i64>) -> Forecast {
    let slug = |id| Slug::parse("id", id).unwrap();
    Forecast {
        grant: slug(grant),
        party: PartyName::new(slug("f"), slug(party)),
        last_day: NaiveDate::from_ymd_opt(2025, month, 28).unwrap(),
        rest: rest.map(Ore::new),
    }
}

#[test]
fn the_parties_own_forecast_is_what_each_said_last_and_warns_when_it_passes_the_grant() {
    let all = vec![
        forecast("a", "sala", 3, Some(900)),
        forecast("a", "sala", 6, Some(300)),
        forecast("a", "region", 6, Some(200)),
        // Said something once, and nothing the last time.
        forecast("a", "koping", 3, Some(5000)),
        forecast("a", "koping", 6, None),
        forecast("b", "sala", 6, None),
    ];
    let mut grants = vec![figures("a", "A", 1000, 400), figures("b", "B", 1000, 400)];
    grants[0].reserved = Ore::new(150);
    let question = question(period(HALF_YEAR.0, HALF_YEAR.1), Cut::Recipient);
    let table = compute(&question, Facts { forecasts: all, ..facts(grants) }, 70).unwrap();
    // Requisitioned, reserved, and what is expected after that.
    assert_eq!(table.rows[0].amounts.own_forecast, Ore::new(400 + 150 + 300 + 200));
    assert_eq!(table.rows[0].warnings, [Warning::OwnForecastOver(Ore::new(50))]);
    // Nobody forecasts: the same as the pace.
    assert_eq!(table.rows[1].amounts.own_forecast, Ore::new(800));
    assert_eq!(table.total.own_forecast, Ore::new(1850));
}

#[test]
fn of_two_forecasts_for_the_same_day_the_later_one_counts() {
    let said = vec![forecast("a", "sala", 6, Some(300)), forecast("a", "sala", 6, Some(100))];
    let rests = forecast::rests(said).unwrap();
    let expected = forecast::Rest { sum: Ore::new(100), is_whole: true };
    assert_eq!(rests.into_values().collect::<Vec<_>>(), [expected]);
}

#[test]
fn a_row_is_warned_when_the_parties_themselves_forecast_far_less_than_its_grant() {
    let question = question(period(HALF_YEAR.0, HALF_YEAR.1), Cut::Recipient);
    let warned = |said: Vec<Forecast>| {
        let all = Facts { forecasts: said, ..facts(vec![figures("a", "A", 1000, 400)]) };
        compute(&question, all, 70).unwrap().rows[0].warnings.clone()
    };
    // The pace gives 800, which is no reason to warn.
    for (rest, expected) in [
        (0, vec![Warning::OwnForecastUnder(Ore::new(600))]),
        (299, vec![Warning::OwnForecastUnder(Ore::new(301))]),
        (300, vec![]),
        (600, vec![]),
        (601, vec![Warning::OwnForecastOver(Ore::new(1))]),
    ] {
        assert_eq!(warned(vec![forecast("a", "sala", 6, Some(rest))]), expected, "{rest}");
    }
    // What another party will claim nobody knows: it may be too much, and not too little.
    let one_of_two =
        |rest| vec![forecast("a", "sala", 6, Some(rest)), forecast("a", "region", 3, None)];
    assert_eq!(warned(one_of_two(0)), []);
    assert_eq!(warned(one_of_two(601)), [Warning::OwnForecastOver(Ore::new(1))]);
    // Nobody says anything.
    assert_eq!(warned(vec![]), []);
}

fn earlier(recipient: &str, year: i32, same_day: i64, year_end: i64) -> EarlierYear {
    let slug = |id| Slug::parse("id", id).unwrap();
    EarlierYear {
        recipient: RecipientName::new(slug("f"), slug(recipient)),
        year,
        same_day: Ore::new(same_day),
        year_end: Ore::new(year_end),
    }
}

#[test]
fn the_pattern_of_earlier_years_gives_the_lowest_and_the_highest_year_end() {
    let earlier = vec![
        earlier("a", 2023, 300, 1000),
        earlier("a", 2024, 500, 1000),
        // Nothing by the same day: no pattern.
        earlier("a", 2022, 0, 1000),
        earlier("b", 2024, 500, 500),
    ];
    let grants = vec![
        figures("a", "A", 1000, 400),
        figures("b", "B", 1000, 400),
        figures("c", "C", 1000, 400),
    ];
    let question = question(period(HALF_YEAR.0, HALF_YEAR.1), Cut::Recipient);
    let table = compute(&question, Facts { earlier, ..facts(grants) }, 0).unwrap();
    let interval =
        |low, high, years| Some(Interval { low: Ore::new(low), high: Ore::new(high), years });
    let found: Vec<_> = table.rows.iter().map(|row| row.amounts.forecast_interval).collect();
    assert_eq!(found, [interval(800, 1333, 2), interval(400, 400, 1), None]);
    // Of all together: 1200 × 1500 ÷ 1000 and 1200 × 1000 ÷ 300.
    assert_eq!(table.total.forecast_interval, interval(1800, 4000, 2));
}

fn of(figures: GrantFigures, party: &str, kind: CostKind, reserved: i64) -> GrantFigures {
    let slug = |id| Slug::parse("id", id).unwrap();
    GrantFigures {
        party: Some(PartyName::new(slug("f"), slug(party))),
        cost_kind: Some(kind),
        reserved: Ore::new(reserved),
        granted: Ore::ZERO,
        ..figures
    }
}

#[test]
fn parties_and_kinds_of_cost_have_no_grants_and_their_shares_are_of_the_total() {
    let rows = vec![
        of(figures("a", "A", 0, 300), "sala", CostKind::Staff, 10),
        of(figures("a", "A", 0, 100), "arboga", CostKind::Other, 0),
        of(figures("b", "B", 0, 100), "sala", CostKind::Other, 0),
    ];
    let days = period(HALF_YEAR.0, HALF_YEAR.1);
    let told = |cut| {
        let table = compute(&question(days, cut), facts(rows.clone()), 70).unwrap();
        let told = table.rows.iter().map(|row| {
            let amounts = row.amounts;
            assert_eq!((amounts.granted, amounts.left, amounts.forecast), Default::default());
            assert_eq!((amounts.share_percent, amounts.own_forecast), (0, Ore::ZERO));
            assert_eq!(row.warnings, []);
            let to_date = amounts.requisitioned_to_date.get();
            (name(row).to_owned(), to_date, amounts.share_of_total_percent)
        });
        told.collect::<Vec<_>>()
    };
    let expected = [("arboga".to_owned(), 100, 20), ("sala".to_owned(), 400, 80)];
    assert_eq!(told(Cut::Party), expected);
    let kinds = told(Cut::CostKind);
    let names: Vec<_> = kinds.iter().map(|(name, _, _)| name.as_str()).collect();
    assert_eq!(names, ["staff", "premises", "activities", "training", "overhead", "other"]);
    assert_eq!((kinds[0].1, kinds[1].1, kinds[5].1), (300, 0, 200));
}

#[test]
fn areas_are_told_by_name_and_what_is_in_none_or_in_several_comes_last() {
    let slug = |id| Slug::parse("id", id).unwrap();
    let area = |id| AreaName::new(slug("f"), slug(id));
    let team = |id| TeamName::new(slug("f"), slug(id));
    let in_team = |recipient: &str, id| GrantFigures {
        team: Some(team(id)),
        ..figures(recipient, recipient, 1000, 100)
    };
    let facts = || Facts {
        areas: [("s", "Södra"), ("n", "Norra"), ("o", "Östra")]
            .map(|(id, name)| (area(id), name.to_owned()))
            .into(),
        area_of_team: [(team("t1"), area("n")), (team("t2"), area("s"))].into(),
        ..facts(vec![
            in_team("a", "t1"),
            in_team("b", "t1"),
            in_team("c", "t2"),
            in_team("d", "of-several"),
            figures("e", "E", 1000, 100),
        ])
    };
    let mut asked = question(period(HALF_YEAR.0, HALF_YEAR.1), Cut::Area);
    let told = |asked: &Question| {
        let table = compute(asked, facts(), 0).unwrap();
        let told = table.rows.iter();
        told.map(|row| (name(row).to_owned(), row.amounts.granted.get())).collect::<Vec<_>>()
    };
    let expected = [("Norra", 2000), ("Södra", 1000), ("Östra", 0), ("", 2000)];
    assert_eq!(told(&asked), expected.map(|(name, granted)| (name.to_owned(), granted)));
    asked.filter.area = Some(area("n"));
    assert_eq!(told(&asked), [("Norra".to_owned(), 2000)]);
    asked.cut = Cut::Recipient;
    assert_eq!(told(&asked), [("a".to_owned(), 1000), ("b".to_owned(), 1000)]);
    asked.filter =
        Filter { recipient: Some(facts().figures[4].recipient.clone()), ..Filter::default() };
    assert_eq!(told(&asked), [("E".to_owned(), 1000)]);
}

#[test]
fn a_table_narrowed_to_a_party_has_the_rows_it_has_claimed_in_and_no_grants() {
    let party = PartyName::parse("party", "federations/f/parties/sala").unwrap();
    let mut asked = question(period(HALF_YEAR.0, HALF_YEAR.1), Cut::Recipient);
    asked.filter.party = Some(party);
    let grants = vec![figures("a", "A", 0, 100), figures("b", "B", 0, 0)];
    let table = compute(&asked, facts(grants), 70).unwrap();
    assert_eq!(table.rows.iter().map(name).collect::<Vec<_>>(), ["A"]);
    assert_eq!((table.total.granted, table.total.forecast), (Ore::ZERO, Ore::ZERO));
    assert_eq!(table.total.share_of_total_percent, 100);
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_the_rows_and_every_row_adds_up(
        grants in prop::collection::vec((0..9_u8, 1..1_000_000_i64, 0..=100_i64, 0..=100_i64), 0..30)
    ) {
        let grants: Vec<_> = grants.into_iter().map(|(recipient, granted, share, reserved)| {
            let id = format!("r{recipient}");
            let to_date = granted * share / 100;
            GrantFigures {
                reserved: Ore::new((granted - to_date) * reserved / 100),
                ..figures(&id, &id, granted, to_date)
            }
        }).collect();
        let table = half_year(grants);
        let total = |pick: fn(&Amounts) -> Ore| Ore::sum(table.rows.iter().map(|r| pick(&r.amounts)));
        prop_assert_eq!(total(|a| a.granted), Some(table.total.granted));
        prop_assert_eq!(total(|a| a.reserved), Some(table.total.reserved));
        prop_assert_eq!(total(|a| a.left), Some(table.total.left));
        prop_assert_eq!(total(|a| a.forecast), Some(table.total.forecast));
        for amounts in table.rows.iter().map(|row| row.amounts).chain([table.total]) {
            let parts = [amounts.reserved, amounts.requisitioned_to_date, amounts.left];
            prop_assert_eq!(Ore::sum(parts), Some(amounts.granted));
            prop_assert_eq!(amounts.granted.minus(amounts.forecast), Some(amounts.forecast_unspent));
        }
    }
}
