//! What one team reports for one period: counts by figure and category.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use values::name::{ReportingPeriodName, TeamName};
use values::{Fault, Faults, Slug};

use crate::domain::definition::{Cell, Definitions};

/// The largest count. A sum over all teams of a federation always fits.
pub const LARGEST_COUNT: i64 = 1_000_000_000;

/// `federations/{federation}/reportingPeriods/{period}/reportedFigures/{team}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportedFiguresName {
    /// The federation it belongs to.
    pub federation: Slug,
    /// The period's id.
    pub period: Slug,
    /// The team's id.
    pub team: Slug,
}

/// What a team reported, when, and who sent it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFigures {
    /// The counts.
    pub counts: Counts,
    /// When they were sent in.
    pub report_time: DateTime<Utc>,
    /// The account that sent them in, as a resource name.
    pub reporter: String,
}

/// At least one count, each cell at most once, each 0 to [`LARGEST_COUNT`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts(BTreeMap<Cell, u32>);

/// A count as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentCount {
    /// What it counts.
    pub cell: Cell,
    /// How many.
    pub count: i64,
}

/// Why figures are not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such period.
    PeriodMissing,
}

/// What is known when a team sends in figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubmitFacts {
    /// There is such a period.
    pub period_is_there: bool,
    /// The team has sent in figures for it before.
    pub has_reported: bool,
}

/// Figures that are taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submission {
    /// The team's first for the period.
    First(ReportedFigures),
    /// In place of all that was sent before.
    Replacement(ReportedFigures),
}

/// Decides whether a team's figures are taken in. Figures that do not add up
/// are: they are findings, not faults.
///
/// # Errors
/// A refusal when there is no such period.
pub fn submit(figures: ReportedFigures, facts: SubmitFacts) -> Result<Submission, Refusal> {
    if !facts.period_is_there {
        return Err(Refusal::PeriodMissing);
    }
    if facts.has_reported {
        Ok(Submission::Replacement(figures))
    } else {
        Ok(Submission::First(figures))
    }
}

impl Counts {
    /// Checks counts against the definitions.
    ///
    /// # Errors
    /// `COUNTS_MISSING`, `FIGURE_UNKNOWN`, `CATEGORY_UNKNOWN`, `COUNT_TWICE`,
    /// `COUNT_NEGATIVE`, `COUNT_TOO_LARGE`, each under `counts[i]`.
    pub fn new(definitions: &Definitions, sent: &[SentCount]) -> Result<Self, Faults> {
        if sent.is_empty() {
            return Err(Fault::new("counts", "COUNTS_MISSING").into());
        }
        let mut faults = Faults::new();
        let mut counts = BTreeMap::new();
        for (index, SentCount { cell, count }) in sent.iter().enumerate() {
            let mut row = Faults::new();
            row.keep(check_cell(definitions, cell));
            let number = row.keep(check_count(*count));
            if counts.insert(cell.clone(), number.unwrap_or(0)).is_some() {
                row.push(
                    Fault::new("", "COUNT_TWICE")
                        .with("figure", &cell.figure)
                        .with("category", &cell.category),
                );
            }
            faults.nest(&format!("counts[{index}]"), row);
        }
        faults.into_result(|| Some(Self(counts)))
    }

    /// Counts that were checked when they were taken in, by the definitions of
    /// that day.
    #[must_use]
    pub fn recorded(counts: BTreeMap<Cell, u32>) -> Self {
        Self(counts)
    }

    /// The count of a cell, when it was reported. A cell that was not reported
    /// is not 0.
    #[must_use]
    pub fn get(&self, cell: &Cell) -> Option<i64> {
        self.0.get(cell).map(|count| i64::from(*count))
    }

    /// All cells with their counts, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&Cell, u32)> {
        self.0.iter().map(|(cell, count)| (cell, *count))
    }

    /// All cells with their counts, in the order of the definitions; cells that
    /// are no longer defined come last.
    #[must_use]
    pub fn in_order(&self, definitions: &Definitions) -> Vec<(&Cell, u32)> {
        let mut counts: Vec<_> = self.iter().collect();
        counts.sort_by_key(|(cell, _)| definitions.position(cell).unwrap_or(usize::MAX));
        counts
    }
}

fn check_cell(definitions: &Definitions, cell: &Cell) -> Result<(), Fault> {
    if definitions.position(cell).is_some() {
        Ok(())
    } else if definitions.is_figure(&cell.figure) {
        Err(Fault::new("category", "CATEGORY_UNKNOWN")
            .with("figure", &cell.figure)
            .with("value", &cell.category))
    } else {
        Err(Fault::new("figure", "FIGURE_UNKNOWN").with("value", &cell.figure))
    }
}

fn check_count(count: i64) -> Result<u32, Fault> {
    let fault = |reason| Fault::new("count", reason).with("value", count);
    if count < 0 {
        return Err(fault("COUNT_NEGATIVE"));
    }
    u32::try_from(count)
        .ok()
        .filter(|_| count <= LARGEST_COUNT)
        .ok_or_else(|| fault("COUNT_TOO_LARGE").with("limit", LARGEST_COUNT))
}

impl ReportedFiguresName {
    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let parts: Vec<&str> = text.split('/').collect();
        let slug = |part: &str| Slug::parse(field, part).ok();
        let name = match parts.as_slice() {
            ["federations", federation, "reportingPeriods", period, "reportedFigures", team] => {
                slug(federation).zip(slug(period)).zip(slug(team))
            }
            _ => None,
        };
        let ((federation, period), team) = name.ok_or_else(|| {
            let form = "federations/{federation}/reportingPeriods/{period}/reportedFigures/{team}";
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })?;
        Ok(Self { federation, period, team })
    }

    /// The period's name.
    #[must_use]
    pub fn period_name(&self) -> ReportingPeriodName {
        ReportingPeriodName::new(self.federation.clone(), self.period.clone())
    }

    /// The team's name.
    #[must_use]
    pub fn team_name(&self) -> TeamName {
        TeamName::new(self.federation.clone(), self.team.clone())
    }
}

impl fmt::Display for ReportedFiguresName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/reportedFigures/{}", self.period_name(), self.team)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::definition::load;

    fn definitions() -> Definitions {
        load(include_str!("../../definitions/figures.toml")).unwrap()
    }

    fn sent(figure: &str, category: &str, count: i64) -> SentCount {
        SentCount { cell: Cell::new(figure, category), count }
    }

    #[test]
    fn every_bad_count_is_told_with_its_place_and_facts() {
        let faults = Counts::new(
            &definitions(),
            &[
                sent("participants", "total", 15),
                sent("people", "total", 1),
                sent("participants", "under_30", 1),
                sent("participants_by_age", "total", 1),
                sent("participants", "total", 15),
                sent("queue", "total", -1),
                sent("exits", "work", LARGEST_COUNT + 1),
            ],
        )
        .unwrap_err()
        .into_vec();
        let told: Vec<_> =
            faults.iter().map(|fault| (fault.field.as_str(), fault.reason)).collect();
        assert_eq!(
            told,
            [
                ("counts[1].figure", "FIGURE_UNKNOWN"),
                ("counts[2].category", "CATEGORY_UNKNOWN"),
                ("counts[3].category", "CATEGORY_UNKNOWN"),
                ("counts[4]", "COUNT_TWICE"),
                ("counts[5].count", "COUNT_NEGATIVE"),
                ("counts[6].count", "COUNT_TOO_LARGE"),
            ]
        );
        assert_eq!(
            faults[1].facts,
            [("figure", "participants".to_owned()), ("value", "under_30".to_owned())]
        );
    }

    #[test]
    fn no_count_at_all_is_a_fault_and_0_is_a_count() {
        let faults = Counts::new(&definitions(), &[]).unwrap_err().into_vec();
        assert_eq!(faults[0].reason, "COUNTS_MISSING");
        let counts = Counts::new(&definitions(), &[sent("queue", "total", 0)]).unwrap();
        assert_eq!(counts.get(&Cell::new("queue", "total")), Some(0));
        assert_eq!(counts.get(&Cell::new("exits", "total")), None);
    }

    #[test]
    fn counts_are_shown_in_the_order_of_the_definitions_whatever_the_order_sent() {
        let mut rows = vec![
            sent("participants", "total", 3),
            sent("participants", "woman", 1),
            sent("participants", "man", 2),
            sent("queue", "total", LARGEST_COUNT),
        ];
        let counts = Counts::new(&definitions(), &rows).unwrap();
        rows.reverse();
        let reversed = Counts::new(&definitions(), &rows).unwrap();
        assert_eq!(counts, reversed);
        let shown: Vec<_> = reversed
            .in_order(&definitions())
            .into_iter()
            .map(|(cell, _)| cell.category.clone())
            .collect();
        assert_eq!(shown, ["total", "woman", "man", "total"]);
    }

    #[test]
    fn figures_are_taken_in_for_a_period_that_is_there_in_place_of_earlier_ones() {
        let figures = ReportedFigures {
            counts: Counts::new(&definitions(), &[sent("queue", "total", 6)]).unwrap(),
            report_time: DateTime::UNIX_EPOCH,
            reporter: "federations/vastmanland/accounts/lead".to_owned(),
        };
        for (period_is_there, has_reported, expected) in [
            (false, false, Err(Refusal::PeriodMissing)),
            (true, false, Ok(Submission::First(figures.clone()))),
            (true, true, Ok(Submission::Replacement(figures.clone()))),
        ] {
            let facts = SubmitFacts { period_is_there, has_reported };
            assert_eq!(submit(figures.clone(), facts), expected);
        }
    }

    #[test]
    fn a_name_reads_back_and_another_form_is_refused() {
        let text = "federations/vastmanland/reportingPeriods/2025h1/reportedFigures/sala";
        let name = ReportedFiguresName::parse("name", text).unwrap();
        assert_eq!(name.to_string(), text);
        assert_eq!(name.team_name().to_string(), "federations/vastmanland/teams/sala");
        for other in ["", "federations/x/reportingPeriods/2025h1", "federations/x/teams/sala"] {
            assert_eq!(
                ReportedFiguresName::parse("name", other).unwrap_err().reason,
                "NAME_MALFORMED"
            );
        }
    }
}
