//! Periods and reported figures at once: what of it is new, what replaces
//! something, and every fault of every row.

use std::collections::{BTreeMap, BTreeSet};

use values::name::{ReportingPeriodName, TeamName};
use values::{Fault, Faults, Slug};

use crate::domain::reported_figures::{Counts, ReportedFiguresName};
use crate::domain::reporting_period::ReportingPeriod;

/// One row as it was read. A row whose content is bad still has a name that
/// others may refer to, so that one fault is not told many times.
#[derive(Debug, Clone)]
pub struct Row<N, T> {
    /// The resource it is about.
    pub name: Result<N, Fault>,
    /// What it says of it.
    pub content: Result<T, Faults>,
}

/// The rows of an import, each kind in the order of the request.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The periods.
    pub periods: Vec<Row<ReportingPeriodName, ReportingPeriod>>,
    /// The figures, one entry for each team and period.
    pub figures: Vec<Row<ReportedFiguresName, Counts>>,
    /// Teams that the same import is about to create elsewhere.
    pub expected_names: Vec<Result<TeamName, Fault>>,
}

/// What the records hold of what the rows name.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The periods.
    pub periods: BTreeMap<ReportingPeriodName, ReportingPeriod>,
    /// What has been reported.
    pub figures: BTreeMap<ReportedFiguresName, Counts>,
    /// The teams of the organisation.
    pub teams: BTreeSet<TeamName>,
}

/// What an import changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Periods to create.
    pub periods: BTreeMap<ReportingPeriodName, ReportingPeriod>,
    /// Figures of teams that had not reported.
    pub new_figures: BTreeMap<ReportedFiguresName, Counts>,
    /// Figures in place of others.
    pub replaced_figures: BTreeMap<ReportedFiguresName, Counts>,
}

/// Whether the teams that are expected elsewhere are taken as there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedNames {
    /// In a dry run they are.
    Believed,
    /// Otherwise each has to be there.
    Checked,
}

/// Decides what an import changes. A row that is there with the same content
/// changes nothing; a period that is there with other days is a fault; a team's
/// figures that differ are replaced.
///
/// # Errors
/// Every fault of every row.
pub fn import(
    federation: &Slug,
    rows: Rows,
    known: &Known,
    expected_names: ExpectedNames,
) -> Result<Changes, Faults> {
    let Rows { periods, figures, expected_names: expected } = rows;
    let told = periods.iter().filter_map(|row| row.name.as_ref().ok());
    let known_periods: BTreeSet<_> = known.periods.keys().chain(told).cloned().collect();
    let mut all = Faults::new();
    let mut changes = Changes::default();

    let mut seen = BTreeSet::new();
    for (index, Row { name, content }) in periods.into_iter().enumerate() {
        let mut faults = Faults::new();
        let name =
            faults.keep(name.and_then(|name| own(federation, name.federation.clone(), name)));
        let content = faults.keep_nested("", content);
        faults.keep(name.as_ref().map_or(Ok(()), |name| once(&mut seen, name)));
        if let (Some(name), Some(period)) = (name, content) {
            match known.periods.get(&name) {
                None => drop(changes.periods.insert(name, period)),
                Some(record) if *record == period => {}
                Some(_) => faults.push(Fault::new("", "DIFFERS_FROM_RECORD").with("name", name)),
            }
        }
        all.nest(&format!("reporting_periods[{index}]"), faults);
    }

    let teams = teams(federation, known, expected, expected_names, &mut all);
    let mut seen = BTreeSet::new();
    for (index, Row { name, content }) in figures.into_iter().enumerate() {
        let mut faults = Faults::new();
        let name =
            faults.keep(name.and_then(|name| own(federation, name.federation.clone(), name)));
        if let Some(name) = &name {
            faults.keep(once(&mut seen, name));
            faults.nest("", unknown_references(name, &known_periods, &teams));
        }
        let content = faults.keep_nested("", content);
        if let (Some(name), Some(counts)) = (name, content) {
            match known.figures.get(&name) {
                None => drop(changes.new_figures.insert(name, counts)),
                Some(record) if *record == counts => {}
                Some(_) => drop(changes.replaced_figures.insert(name, counts)),
            }
        }
        all.nest(&format!("reported_figures[{index}]"), faults);
    }
    all.into_result(|| Some(changes))
}

/// The teams that figures may be reported for. One that is expected but has to
/// be there and is not, is told once, where it is expected.
fn teams(
    federation: &Slug,
    known: &Known,
    expected: Vec<Result<TeamName, Fault>>,
    expected_names: ExpectedNames,
    all: &mut Faults,
) -> BTreeSet<TeamName> {
    let mut teams = known.teams.clone();
    for (index, name) in expected.into_iter().enumerate() {
        let mut faults = Faults::new();
        let name =
            faults.keep(name.and_then(|name| own(federation, name.federation.clone(), name)));
        if let Some(name) = name {
            let is_missing = !known.teams.contains(&name);
            if is_missing && expected_names == ExpectedNames::Checked {
                faults.push(Fault::new("", "EXPECTED_NAME_MISSING").with("name", &name));
            }
            teams.insert(name);
        }
        for mut fault in faults.into_vec() {
            fault.field = format!("expected_names[{index}]");
            all.push(fault);
        }
    }
    teams
}

fn unknown_references(
    name: &ReportedFiguresName,
    periods: &BTreeSet<ReportingPeriodName>,
    teams: &BTreeSet<TeamName>,
) -> Faults {
    let mut faults = Faults::new();
    let (period, team) = (name.period_name(), name.team_name());
    if !periods.contains(&period) {
        faults.push(Fault::new("name", "PERIOD_UNKNOWN").with("value", period));
    }
    if !teams.contains(&team) {
        faults.push(Fault::new("name", "TEAM_UNKNOWN").with("value", team));
    }
    faults
}

fn own<N: std::fmt::Display>(federation: &Slug, named: Slug, name: N) -> Result<N, Fault> {
    if named == *federation {
        Ok(name)
    } else {
        Err(Fault::new("name", "OTHER_FEDERATION").with("name", name))
    }
}

fn once<N: Ord + Clone + std::fmt::Display>(seen: &mut BTreeSet<N>, name: &N) -> Result<(), Fault> {
    if seen.insert(name.clone()) {
        Ok(())
    } else {
        Err(Fault::new("name", "NAME_TWICE").with("name", name))
    }
}

#[cfg(test)]
mod tests;
