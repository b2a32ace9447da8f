//! What the content of a version has to be in itself, every fault told at once.

use chrono::{Datelike as _, NaiveDate};
use values::{Fault, Faults, Ore};

use super::{
    Activity, BudgetedParticipants, DayOfYear, Goal, GoalLevel, GoalShare, LIVELIHOODS, Plan,
    TargetGroup,
};
use crate::domain::definition::{Cell, Definitions};
use crate::domain::limits::{each_once, length, number};
use crate::domain::reported_figures::LARGEST_COUNT;
use crate::domain::reporting_period::YEARS;

const LONGEST_PERIOD_YEARS: i32 = 20;
const MOST_TEAMS: usize = 200;
const MOST_GOALS: usize = 50;
const MOST_ACTIVITIES: usize = 200;
const MOST_BUDGETED: usize = 200;
const MOST_CELLS: usize = 50;
const MOST_DUE_DAYS: usize = 12;
const HIGHEST_AGE: i32 = 120;
/// The most an activity is planned or held.
pub(crate) const MOST_TIMES: i32 = 1000;
/// A year that every day that always comes is in, and no other.
const YEAR_WITHOUT_LEAP_DAY: i32 = 2025;

impl Plan {
    /// Checks the content.
    ///
    /// # Errors
    /// Every limit that does not hold, each with its field.
    pub fn checked(self, definitions: &Definitions) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        let (first_day, last_day) = (self.period.first_day(), self.period.last_day());
        if last_day.year() - first_day.year() > LONGEST_PERIOD_YEARS {
            faults
                .push(Fault::new("period", "PERIOD_TOO_LONG").with("years", LONGEST_PERIOD_YEARS));
        }
        faults.keep(length("teams", self.teams.len(), 0, MOST_TEAMS));
        faults.keep_nested("", each_once("teams", &self.teams));
        faults.nest("target_group", self.target_group.faults());
        faults.keep(number("longest_stay_months", self.longest_stay_months, 1, 120));
        faults.keep(number("intake_norm", self.intake_norm, 1, 200));
        faults.keep(number("federation_share_percent", self.federation_share_percent, 0, 100));
        if self.federation_funding_per_year < Ore::ZERO {
            let fault = Fault::new("federation_funding_ore_per_year", "AMOUNT_NEGATIVE");
            faults.push(fault.with("value", self.federation_funding_per_year));
        }
        faults.keep(length("report_due_days", self.report_due_days.len(), 0, MOST_DUE_DAYS));
        faults.keep_nested("", each_once("report_due_days", &self.report_due_days));
        faults.keep(length("goals", self.goals.len(), 1, MOST_GOALS));
        let titles: Vec<&str> = self.goals.iter().map(|goal| goal.title.as_str()).collect();
        faults.keep_nested("", each_once("goals", &titles));
        for (index, goal) in self.goals.iter().enumerate() {
            faults.nest(&format!("goals[{index}].quantitative"), goal.faults(definitions));
        }
        faults.keep(length("activities", self.activities.len(), 0, MOST_ACTIVITIES));
        let ids = self.activities.iter().map(|one| format!("{} {}", one.half_year, one.id));
        faults.keep_nested("", each_once("activities", &ids.collect::<Vec<_>>()));
        for (index, activity) in self.activities.iter().enumerate() {
            faults.nest(&format!("activities[{index}]"), activity.faults());
        }
        faults.nest("", self.budget_faults());
        faults.into_result(|| Some(self))
    }

    fn budget_faults(&self) -> Faults {
        const FIELD: &str = "budgeted_participants";
        let mut faults = Faults::new();
        let budgeted = &self.budgeted_participants;
        faults.keep(length(FIELD, budgeted.len(), 0, MOST_BUDGETED));
        let keys: Vec<_> =
            budgeted.iter().map(|one| format!("{} {}", one.year, one.team)).collect();
        faults.keep_nested("", each_once(FIELD, &keys));
        for (index, one) in budgeted.iter().enumerate() {
            let mut row = one.faults();
            if !self.is_for(&one.team) {
                row.push(Fault::new("team", "TEAM_NOT_IN_PLAN").with("value", &one.team));
            }
            faults.nest(&format!("{FIELD}[{index}]"), row);
        }
        faults
    }
}

impl TargetGroup {
    fn faults(&self) -> Faults {
        let mut faults = Faults::new();
        faults.keep(number("youngest", self.youngest, 0, HIGHEST_AGE));
        let youngest = self.youngest.clamp(0, HIGHEST_AGE);
        faults.keep(number("oldest", self.oldest, youngest, HIGHEST_AGE));
        faults.keep(length("livelihoods", self.livelihoods.len(), 1, LIVELIHOODS.len()));
        faults.keep_nested("", each_once("livelihoods", &self.livelihoods));
        for (index, code) in self.livelihoods.iter().enumerate() {
            if !LIVELIHOODS.contains(&code.as_str()) {
                let fault = Fault::new(format!("livelihoods[{index}]"), "CODE_UNKNOWN");
                faults.push(fault.with("value", code).with("allowed", LIVELIHOODS.join(", ")));
            }
        }
        faults
    }
}

impl DayOfYear {
    /// A day that comes every year.
    ///
    /// # Errors
    /// `DAY_OF_YEAR_INVALID` for the field named.
    pub fn new(field: &str, month: i32, day: i32) -> Result<Self, Fault> {
        let numbers = u32::try_from(month).ok().zip(u32::try_from(day).ok());
        let comes_every_year = |(month, day): &(u32, u32)| {
            NaiveDate::from_ymd_opt(YEAR_WITHOUT_LEAP_DAY, *month, *day).is_some()
        };
        let fault = || {
            let value = format!("{month:02}-{day:02}");
            Fault::new(field, "DAY_OF_YEAR_INVALID").with("value", value)
        };
        let (month, day) = numbers.filter(comes_every_year).ok_or_else(fault)?;
        Ok(Self { month, day })
    }
}

impl std::fmt::Display for DayOfYear {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:02}-{:02}", self.month, self.day)
    }
}

impl Goal {
    fn faults(&self, definitions: &Definitions) -> Faults {
        match &self.level {
            GoalLevel::Individual | GoalLevel::Organisation => Faults::new(),
            GoalLevel::Quantitative(share) => share.faults(definitions),
        }
    }
}

impl GoalShare {
    fn faults(&self, definitions: &Definitions) -> Faults {
        let mut faults = Faults::new();
        faults.keep(number("target_percent", self.target_percent, 1, 100));
        // A share needs both of its sides, or is told in words alone.
        let least = usize::from(!self.numerator_cells.is_empty());
        let denominators = self.denominator_cells.len();
        faults.keep(length("denominator_cells", denominators, least, MOST_CELLS));
        let least = usize::from(denominators > 0);
        faults.keep(length("numerator_cells", self.numerator_cells.len(), least, MOST_CELLS));
        for (field, cells) in [
            ("numerator_cells", &self.numerator_cells),
            ("denominator_cells", &self.denominator_cells),
        ] {
            faults.nest("", cell_faults(field, cells, definitions));
        }
        faults.keep(length("destinations", self.destinations.len(), 0, MOST_CELLS));
        faults.keep_nested("", each_once("destinations", &self.destinations));
        for (index, code) in self.destinations.iter().enumerate() {
            let is_plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if !(1..=63).contains(&code.len()) || !code.bytes().all(is_plain) {
                let field = format!("destinations[{index}]");
                faults.push(Fault::new(field, "PLAN_CODE_MALFORMED").with("value", code));
            }
        }
        faults
    }
}

fn cell_faults(field: &str, cells: &[Cell], definitions: &Definitions) -> Faults {
    let mut faults = Faults::new();
    let text = |cell: &Cell| format!("{}.{}", cell.figure, cell.category);
    let texts: Vec<_> = cells.iter().map(text).collect();
    faults.keep_nested("", each_once(field, &texts));
    for (index, cell) in cells.iter().enumerate() {
        if definitions.position(cell).is_none() {
            let field = format!("{field}[{index}]");
            faults.push(Fault::new(field, "FIGURE_UNKNOWN").with("value", &texts[index]));
        }
    }
    faults
}

impl Activity {
    fn faults(&self) -> Faults {
        let mut faults = Faults::new();
        let least = self.least.unwrap_or(0);
        faults.keep(number("least", least, 0, MOST_TIMES));
        if let Some(most) = self.most {
            faults.keep(number("most", most, least.clamp(0, MOST_TIMES), MOST_TIMES));
        }
        faults
    }
}

impl BudgetedParticipants {
    fn faults(&self) -> Faults {
        let mut faults = Faults::new();
        faults.keep(number("year", self.year, YEARS.0, YEARS.1));
        faults.keep(number("total", self.total, 0, LARGEST_COUNT));
        let total = self.total.clamp(0, LARGEST_COUNT);
        let women = self.women.unwrap_or(0);
        faults.keep(number("women", women, 0, total));
        let left = total - women.clamp(0, total);
        faults.keep(number("men", self.men.unwrap_or(0), 0, left));
        faults
    }
}
