//! What the office expects of an area of the budget by the year's end.

use chrono::NaiveDate;
use values::{Ore, name::BudgetForecastName};

use super::BudgetArea;
use crate::domain::budget_year::BudgetYear;

/// What the office expects of an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// Its name.
    pub name: BudgetForecastName,
    /// The year.
    pub year: BudgetYear,
    /// The area.
    pub area: BudgetArea,
    /// The day it is made on, within the year.
    pub day: NaiveDate,
    /// The outcome expected by the year's end; not below 0.
    pub amount: Ore,
    /// What is done about a deviation.
    pub measures: String,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

/// A forecast as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForecastParts {
    /// Its name.
    pub name: Option<BudgetForecastName>,
    /// The year.
    pub year: Option<BudgetYear>,
    /// The area.
    pub area: Option<BudgetArea>,
    /// The day it is made on.
    pub day: Option<NaiveDate>,
    /// The outcome expected.
    pub amount: Option<Ore>,
    /// What is done about a deviation.
    pub measures: Option<String>,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl ForecastParts {
    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<Forecast> {
        Some(Forecast {
            name: self.name?,
            year: self.year?,
            area: self.area?,
            day: self.day?,
            amount: self.amount?,
            measures: self.measures?,
            synthetic: self.synthetic,
        })
    }
}

/// What a forecast is checked against.
#[derive(Debug, Clone, Copy)]
pub struct RecordFacts {
    /// True when a forecast of that name is there.
    pub is_taken: bool,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// What is wrong with a forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForecastFault {
    /// Its day is not in its year.
    DayOutsideYear {
        /// The day.
        day: NaiveDate,
        /// The year.
        year: BudgetYear,
    },
    /// Nobody can have made it yet.
    InFuture(NaiveDate),
}

/// Why a forecast is not recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<ForecastFault>),
    /// The name is taken.
    Taken,
    /// The year is closed: its outcome stands.
    YearClosed(BudgetYear),
}

/// Records what is expected of an area.
///
/// # Errors
/// What forbids it.
pub fn record(parts: ForecastParts, facts: RecordFacts) -> Result<Forecast, RecordRefusal> {
    let mut faults = Vec::new();
    if let Some((day, year)) = parts.day.zip(parts.year)
        && !year.days().contains(day)
    {
        faults.push(ForecastFault::DayOutsideYear { day, year });
    }
    let in_future = parts.day.filter(|day| *day > facts.today);
    faults.extend(in_future.map(ForecastFault::InFuture));
    let forecast = match parts.whole() {
        Some(forecast) if faults.is_empty() => forecast,
        Some(_) | None => return Err(RecordRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(RecordRefusal::Taken);
    }
    if forecast.year.is_closed(facts.closed_through) {
        return Err(RecordRefusal::YearClosed(forecast.year));
    }
    Ok(forecast)
}
