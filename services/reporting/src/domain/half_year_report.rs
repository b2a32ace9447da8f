//! The federation's half-year report: a chapter per team and totals over all of
//! them, computed from what the teams reported.
//!
//! A team that has not reported is "not reported" and counts as no number; a
//! total says which teams it covers, and whether they report the same
//! categories.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use values::Fault;
use values::name::{ReportingPeriodName, TeamName};

use crate::domain::definition::{Definitions, Figure, Partition};
use crate::domain::finding::{self, PartsDiffer};
use crate::domain::reported_figures::{Counts, ReportedFigures};
use crate::domain::reporting_period::ReportingPeriod;
use crate::domain::swedish_order;

/// Reads `federations/{federation}/reportingPeriods/{period}/halfYearReport` and
/// answers the period's name.
///
/// # Errors
/// `NAME_MALFORMED` for the field named.
pub fn parse_name(field: &str, text: &str) -> Result<ReportingPeriodName, Fault> {
    let period = text.strip_suffix("/halfYearReport");
    period.and_then(|period| ReportingPeriodName::parse(field, period).ok()).ok_or_else(|| {
        let form = "federations/{federation}/reportingPeriods/{period}/halfYearReport";
        Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
    })
}

/// A team as the organisation knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its name.
    pub name: TeamName,
    /// The name people read.
    pub display_name: String,
    /// The names of the municipalities it serves.
    pub municipality_display_names: Vec<String>,
}

/// Whose chapters the reader may see. Totals are the same for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// All of them.
    WholeFederation,
    /// Those of these teams.
    Teams(BTreeSet<TeamName>),
}

/// The computed part of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfYearReport {
    /// By display name, in Swedish order.
    pub chapters: Vec<Chapter>,
    /// One for each figure of the definitions.
    pub totals: Vec<FigureTotal>,
}

/// A team's chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// The team.
    pub team: Team,
    /// What it reported, if it did.
    pub status: Status,
}

/// Whether a team has reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It has, with what does not add up in it.
    Reported(ReportedFigures, Vec<PartsDiffer>),
    /// It has not, and there is still time.
    NotReported,
    /// It has not, and the due date has passed.
    Overdue,
}

/// One figure over all teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureTotal {
    /// The figure.
    pub figure: String,
    /// The sum over the teams covered; none when no team is.
    pub total: Option<i64>,
    /// The teams that report the figure's total, by id.
    pub teams_covered: Vec<TeamName>,
    /// How many teams the federation has.
    pub team_count: usize,
    /// The categories that some team covered reports, in order.
    pub categories: Vec<CategoryTotal>,
    /// True when the teams covered do not all report the same categories.
    pub categories_differ: bool,
}

/// One category over the teams covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryTotal {
    /// The partition.
    pub partition: String,
    /// The category.
    pub category: String,
    /// The sum over the teams that report it.
    pub count: i64,
    /// How many teams report it.
    pub team_count: usize,
}

/// Compiles chapters and totals from the teams of the federation and what they
/// have reported.
#[must_use]
pub fn compile(
    definitions: &Definitions,
    period: ReportingPeriod,
    teams: Vec<Team>,
    mut reported: BTreeMap<TeamName, ReportedFigures>,
    reader: &Reader,
    today: NaiveDate,
) -> HalfYearReport {
    reported.retain(|name, _| teams.iter().any(|team| team.name == *name));
    let total = |figure| total(figure, &reported, teams.len());
    let totals = definitions.figures().iter().map(total).collect();

    let mut chapters = Vec::new();
    for team in teams.into_iter().filter(|team| reader.may_read(&team.name)) {
        let status = match reported.remove(&team.name) {
            Some(figures) => {
                let findings = finding::find(definitions, &figures.counts);
                Status::Reported(figures, findings)
            }
            None if period.is_overdue(today) => Status::Overdue,
            None => Status::NotReported,
        };
        chapters.push(Chapter { team, status });
    }
    chapters.sort_by(|left, right| {
        swedish_order::compare(&left.team.display_name, &right.team.display_name)
            .then_with(|| left.team.name.cmp(&right.team.name))
    });
    HalfYearReport { chapters, totals }
}

impl Reader {
    /// True when what the team reports may be seen.
    #[must_use]
    pub fn may_read(&self, team: &TeamName) -> bool {
        match self {
            Reader::WholeFederation => true,
            Reader::Teams(teams) => teams.contains(team),
        }
    }
}

fn total(
    figure: &Figure,
    reported: &BTreeMap<TeamName, ReportedFigures>,
    team_count: usize,
) -> FigureTotal {
    let cell = figure.total_cell();
    let mut sum = None;
    let mut teams_covered = Vec::new();
    let mut covered = Vec::new();
    for (team, figures) in reported {
        if let Some(count) = figures.counts.get(&cell) {
            sum = Some(sum.unwrap_or(0) + count);
            teams_covered.push(team.clone());
            covered.push(&figures.counts);
        }
    }
    let categories_of = |partition| category_totals(partition, &covered);
    let categories: Vec<_> = figure.partitions.iter().flat_map(categories_of).collect();
    let categories_differ = categories.iter().any(|category| category.team_count != covered.len());
    FigureTotal {
        figure: figure.code.clone(),
        total: sum,
        teams_covered,
        team_count,
        categories,
        categories_differ,
    }
}

fn category_totals(partition: &Partition, covered: &[&Counts]) -> Vec<CategoryTotal> {
    let mut totals = Vec::new();
    for (category, cell) in partition.categories.iter().zip(partition.cells()) {
        let counts: Vec<i64> = covered.iter().filter_map(|counts| counts.get(&cell)).collect();
        if !counts.is_empty() {
            totals.push(CategoryTotal {
                partition: partition.code.clone(),
                category: category.code.clone(),
                count: counts.iter().sum(),
                team_count: counts.len(),
            });
        }
    }
    totals
}

#[cfg(test)]
mod tests;
