//! A planned intake: full-time positions × norm × days ÷ 365, from the stated
//! start to the report's last day.

use chrono::{Days, NaiveDate};
use values::Period;

use super::{Report, Subject, cell_of};
use crate::domain::figures::Value;
use crate::domain::finding::{Fact, Finding, Remedy};
use crate::domain::quantity::{Quantity, Ratio};
use crate::domain::template::{Cells, PlannedIntake};

/// The days of the year that the norm is for.
const DAYS_OF_NORM: i64 = 365;

/// The finding, when a stated intake fits no day that the stated start may be.
pub(super) fn check(
    intake: &PlannedIntake,
    report: &Report,
    id: &str,
    subject: &Subject,
) -> Option<Finding> {
    let PlannedIntake { stated: stated_cell, positions, norm, start } = intake;
    let stated = subject.figures.number(stated_cell)?;
    let starts = subject.figures.date(start)?;
    let cells = Cells::all_stated(positions, &subject.figures)?;
    let numbers = cells.iter().filter_map(|cell| subject.figures.number(cell));
    let a_year = Ratio::sum(numbers).times(*norm);
    let last_day = report.period.last_day();
    let expected = |first_day: NaiveDate| {
        let days = i64::max((last_day - first_day).num_days() + 1, 0);
        a_year.times(days).over(Ratio::whole(DAYS_OF_NORM))?.rounded(stated.decimals())
    };
    let least = expected(starts.last_day())?;
    let most = expected(starts.first_day())?;
    if (least.ratio()..=most.ratio()).contains(&stated.ratio()) {
        return None;
    }
    let fitting_start = fitting_start(a_year, stated, last_day);
    let state = |cell, value| Remedy::State { subject: id.to_owned(), cell, value };
    let mut remedies = vec![state(stated_cell.clone(), Value::Number(most))];
    let day = fitting_start.and_then(|day| Period::new("date", day, day).ok());
    remedies.extend(day.map(|day| state(start.clone(), Value::Date(day))));
    let concerned = [stated_cell, start].into_iter().chain(cells);
    Some(Finding {
        subject: Some(id.to_owned()),
        concerned: concerned.map(|cell| cell_of(id, cell)).collect(),
        fact: Fact::PlannedIntakeDiffers { stated, least, most, fitting_start },
        remedies,
    })
}

/// The latest start from which the number comes out.
fn fitting_start(a_year: Ratio, stated: Quantity, last_day: NaiveDate) -> Option<NaiveDate> {
    let mut days = stated.ratio().times(DAYS_OF_NORM).over(a_year)?.rounded(0)?.as_count()?;
    let fits = |days: i64| {
        let expected = a_year.times(days).over(Ratio::whole(DAYS_OF_NORM));
        days > 0 && expected.is_some_and(|expected| expected.rounds_to(stated))
    };
    while fits(days - 1) {
        days -= 1;
    }
    last_day.checked_sub_days(Days::new(u64::try_from(days - 1).ok()?))
}
