//! Figures that hold together.

use chrono::{Days, NaiveDate};
use values::Period;

use super::seed::Seed;
use crate::domain::check::Subject;
use crate::domain::definition::{Cell, TOTAL};
use crate::domain::figures::{Figures, Value};
use crate::domain::narrative::parse_cell;
use crate::domain::quantity::Quantity;

const OUTCOMES: [&str; 5] = ["work", "studies", "job_seeking", "moved", "other"];
const REFERRERS: [&str; 4] = ["municipality", "region", "employment_service", "joint_af_fk"];

/// The first and the last day of a half-year.
pub(super) fn half_year(seed: &mut Seed) -> (NaiveDate, NaiveDate) {
    let year = i32::try_from(2020 + seed.below(12)).expect("a year");
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a day of every year");
    if seed.one_in(2) { (day(1, 1), day(6, 30)) } else { (day(7, 1), day(12, 31)) }
}

/// Cells that are filled one by one.
#[derive(Default)]
struct Sheet(Figures);

impl Sheet {
    fn count(&mut self, cell: &str, count: i64) {
        self.number(cell, count, 0);
    }

    fn number(&mut self, cell: &str, units: i64, decimals: u32) {
        let cell = parse_cell(cell).expect("a cell");
        let number = Quantity::new(units, decimals).expect("a small number");
        self.0 = std::mem::take(&mut self.0).with(cell, Value::Number(number));
    }

    /// A share in tenths of a percent, half rounded up.
    fn share(&mut self, cell: &str, part: i64, base: i64) {
        if base > 0 {
            self.number(cell, half_up(part * 1000, base), 1);
        }
    }
}

fn half_up(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator) / (2 * denominator)
}

/// A team's.
pub(super) fn team(seed: &mut Seed, period: Period) -> Subject {
    let mut sheet = Sheet::default();
    let (ongoing, new) = (seed.below(60), 1 + seed.below(40));
    let participants = ongoing + new;
    sheet.count("ongoing_at_start", ongoing);
    sheet.count("participants", participants);
    sheet.count("new_participants", new);
    divide(seed, &mut sheet, "participants", participants);
    divide(seed, &mut sheet, "new_participants", new);
    let under_30 = seed.below(participants + 1);
    let over_50 = seed.below(participants - under_30 + 1);
    sheet.count("participants_by_age.under_30", under_30);
    sheet.count("participants_by_age.over_30", participants - under_30);
    sheet.share("participants_share.under_30", under_30, participants);
    sheet.count("participants_over_50", over_50);
    sheet.share("participants_share.over_50", over_50, participants);
    for (referrer, count) in REFERRERS.iter().zip(seed.split(new, REFERRERS.len())) {
        sheet.count(&format!("new_participants_by_referring_party.{referrer}"), count);
    }
    let exits = seed.below(participants + 1);
    sheet.count("exits", exits);
    sheet.count("ongoing_at_end", participants - exits);
    for (index, count) in seed.split(exits, OUTCOMES.len()).into_iter().enumerate() {
        sheet.count(&format!("exits.{}", OUTCOMES[index]), count);
        if index == 0 {
            sheet.share("exits_share.work", count, exits);
        }
    }
    queue(seed, &mut sheet, new);
    let mut figures = intake(seed, sheet, period);
    let woman = number(&figures, "participants.woman");
    let mut share = Sheet(figures);
    share.share("participants_share.woman", woman, participants);
    figures = share.0;
    let before = before(seed, &figures);
    let mut planned = Sheet::default();
    planned.count("participants", i64::max(1, participants * (70 + seed.below(61)) / 100));
    Subject { figures, before, planned: planned.0, ..Subject::default() }
}

/// By sex; the two small categories as teams report them or not.
fn divide(seed: &mut Seed, sheet: &mut Sheet, figure: &str, whole: i64) {
    let others = if seed.one_in(3) { seed.below(i64::min(whole, 2) + 1) } else { 0 };
    let split = seed.split(whole - others, 2);
    sheet.count(&format!("{figure}.woman"), split[0]);
    sheet.count(&format!("{figure}.man"), split[1]);
    if others > 0 || seed.one_in(2) {
        let first = seed.below(others + 1);
        sheet.count(&format!("{figure}.non_binary"), first);
        sheet.count(&format!("{figure}.not_stated"), others - first);
    }
}

fn queue(seed: &mut Seed, sheet: &mut Sheet, new: i64) {
    let (left, queue) = (seed.below(5), seed.below(30));
    let at_start = seed.below(i64::min(30, new + left + queue + 1));
    sheet.count("queue_at_start", at_start);
    sheet.count("referrals", new + left + queue - at_start);
    sheet.count("left_queue", left);
    sheet.count("queue", queue);
}

/// Positions, and the intake that is planned with them from a day of the period.
fn intake(seed: &mut Seed, mut sheet: Sheet, period: Period) -> Figures {
    let mut tenths = 0;
    for position in 0..=seed.below(3) {
        let fte = 5 + seed.below(35);
        sheet.number(&format!("positions.coach_{position}"), fte, 1);
        tenths += fte;
    }
    let late = u64::try_from(seed.below(90)).expect("not below 0");
    let start = if seed.one_in(2) { 0 } else { late };
    let start = period.first_day().checked_add_days(Days::new(start)).expect("this century");
    let days = (period.last_day() - start).num_days() + 1;
    sheet.count("planned_intake", half_up(tenths * 20 * days, 3650));
    let start = Period::new("start", start, start).expect("a day");
    sheet.0.with(Cell::new("start_of_intake", TOTAL), Value::Date(start))
}

/// The period before: no figure that must not jump has jumped.
fn before(seed: &mut Seed, figures: &Figures) -> Figures {
    let mut before = Sheet::default();
    for cell in ["participants", "exits"] {
        let now = number(figures, cell);
        let off = seed.below(now / 3 + 1);
        before.count(cell, if seed.one_in(2) { now - off } else { now + off });
    }
    before.count("referrals", seed.below(80));
    before.0
}

/// The federation's, as the sum of the teams'.
pub(super) fn federation<'a>(
    seed: &mut Seed,
    teams: impl Iterator<Item = &'a Subject> + Clone,
) -> Subject {
    let mut sheet = Sheet::default();
    for cell in [
        "participants",
        "participants.woman",
        "participants.man",
        "participants.non_binary",
        "participants.not_stated",
        "new_participants",
        "exits",
        "queue",
    ] {
        sheet.count(cell, teams.clone().map(|team| number(&team.figures, cell)).sum());
    }
    let mut before = before(seed, &sheet.0);
    let referrals = Cell::new("referrals", TOTAL);
    before = before.iter().filter(|(cell, _)| **cell != referrals).map(owned).collect();
    Subject { figures: sheet.0, before, is_whole: true, ..Subject::default() }
}

fn owned((cell, value): (&Cell, Value)) -> (Cell, Value) {
    (cell.clone(), value)
}

/// The count in a cell; 0 when it is not stated.
pub(super) fn number(figures: &Figures, cell: &str) -> i64 {
    let cell = parse_cell(cell).expect("a cell");
    figures.number(&cell).and_then(Quantity::as_count).unwrap_or(0)
}
