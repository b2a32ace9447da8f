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
        recipient: RecipientName::new(slug("f"), slug(recipient)),
        display_name: display_name.to_owned(),
        team: None,
        grant_period: Period::year(2025).unwrap(),
        granted: Ore::new(granted),
        reserved: Ore::ZERO,
        requisitioned: Ore::new(to_date),
        requisitioned_to_date: Ore::new(to_date),
    }
}

const HALF_YEAR: ((u32, u32), (u32, u32)) = ((1, 1), (6, 30));

fn half_year(grants: Vec<GrantFigures>) -> FundingTable {
    compute(period(HALF_YEAR.0, HALF_YEAR.1), grants, 70).unwrap()
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
    let table = compute(period((1, 1), (5, 15)), vec![grant.clone()], 70).unwrap();
    let elapsed_thirty_firsts = 31 + 15;
    let expected = (3000 * 9 * 31 + elapsed_thirty_firsts / 2) / elapsed_thirty_firsts;
    assert_eq!(table.rows[0].amounts.forecast, Ore::new(expected));

    let table = compute(Period::year(2025).unwrap(), vec![grant], 0).unwrap();
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
    let names: Vec<_> = table.rows.iter().map(|row| row.display_name.as_str()).collect();
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
    let ids: Vec<_> = table.rows.iter().map(|row| row.recipient.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
}

#[test]
fn without_grants_the_total_is_nothing() {
    assert_eq!(half_year(vec![]), FundingTable::default());
}

#[test]
fn sums_that_do_not_fit_are_told() {
    let grants = vec![figures("a", "A", i64::MAX, 0), figures("b", "B", 1, 0)];
    let year = Period::year(2025).unwrap();
    assert_eq!(compute(year, grants, 70), Err(SumTooLarge));
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
