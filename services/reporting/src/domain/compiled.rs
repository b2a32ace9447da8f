//! The figures of a report, each with where it comes from: what teams reported, what
//! is counted from records, what the report states, what finance has, and the sums of
//! these.
//!
//! A team's figures are reported or derived, never both. What is hidden is neither 0
//! nor missing, and no sum is made of it. A sum tells how many teams it covers, and
//! with both kinds in it, what each comes to.
//!
//! What is counted from records of all teams together comes as the tables tell it, and is
//! no sum of ours: it can be told where the count of one team is hidden.

mod money;
mod records;

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;
use values::{Period, Slug};

use crate::domain::check;
use crate::domain::definition::{Cell, Definitions};
use crate::domain::figures::{Figures, Value};
use crate::domain::finding::{Finding, Place};
use crate::domain::quantity::{Quantity, Ratio};
use crate::domain::release::counts_people;
use crate::domain::report::{self, Subject, WHOLE};
use crate::domain::summed::summed;
use crate::domain::template::{FINANCE_FIGURES, Kind, Template};

use money::money_cells;

pub use money::Money;
pub use records::{Records, TeamRecords};

/// Where a figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The team reported it.
    Reported,
    /// It is counted from records.
    Derived,
    /// It is stated in the report.
    Stated,
    /// It is finance's.
    Finance,
    /// It is the sum of the teams'.
    Sum(Covered),
}

/// What a sum is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// How many teams have the figure.
    pub covered: usize,
    /// How many teams there are.
    pub teams: usize,
    /// The sum of what was reported or stated; none when nothing was.
    pub reported: Option<Quantity>,
    /// The sum of what is counted from records; none when nothing is.
    pub derived: Option<Quantity>,
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A number or a date.
    Known(Value),
    /// A count that is too small to be shown, or could tell one that is.
    Hidden,
}

/// A cell with where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sourced {
    /// What stands in it.
    pub content: Content,
    /// Where it comes from.
    pub source: Source,
}

/// The cells of one subject.
pub type Cells = BTreeMap<Cell, Sourced>;

/// What the programme plan has of the version that a report belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The goals of each version of the plan.
    pub goals: BTreeMap<String, Vec<String>>,
    /// What was planned for the period, by the subject's id.
    pub planned: BTreeMap<String, Figures>,
}

/// What a report is compiled from.
#[derive(Debug, Clone)]
pub struct Inputs<'a> {
    /// The definitions in force.
    pub definitions: &'a Definitions,
    /// The report's template.
    pub template: &'a Template,
    /// What is written in its head.
    pub content: &'a report::Content,
    /// The days it is about.
    pub period: Period,
    /// The teams that it covers, by id.
    pub teams: BTreeMap<Slug, TeamRecords>,
    /// What is told of all teams together whose figures are derived.
    pub derived_sums: BTreeMap<Cell, Content>,
    /// The same for the period before.
    pub derived_sums_before: BTreeMap<Cell, Content>,
    /// What the report of the period before stated, by the subject's id.
    pub stated_before: &'a BTreeMap<String, Figures>,
    /// What finance has of each team.
    pub money: BTreeMap<Slug, Money>,
    /// What finance has of all recipients; none in a report on an area or a team.
    pub total_money: Option<Money>,
    /// The programme plan; none while there is none to hold the report against.
    pub plan: Option<Plan>,
    /// The smallest count of people that is published.
    pub threshold: Threshold,
    /// What a release would hide as things stand, by the subject's id.
    pub hidden: &'a BTreeSet<(String, Cell)>,
}

/// The figures of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The days it is about.
    pub period: Period,
    /// Its figures now, by the subject's id.
    pub subjects: BTreeMap<String, Cells>,
    before: BTreeMap<String, Figures>,
    plan: Option<Plan>,
    goals: Option<check::Goals>,
    people: check::People,
}

/// Compiles the figures of a report.
#[must_use]
pub fn compile(inputs: Inputs<'_>) -> Compiled {
    let Inputs { definitions, template, content, period, .. } = &inputs;
    let goals = inputs.plan.is_some() && !content.plan_version.is_empty();
    let goals = goals.then(|| check::Goals {
        version: content.plan_version.clone(),
        titles: content.goals.clone(),
    });
    let now =
        Known { stated: &content.stated, money: &inputs.money, derived_sums: &inputs.derived_sums };
    // Money is not compared between periods.
    let before = Known {
        stated: inputs.stated_before,
        money: &BTreeMap::new(),
        derived_sums: &inputs.derived_sums_before,
    };
    let mut subjects = figures(&inputs, &now, |team| &team.now);
    let before = figures(&inputs, &before, |team| &team.before);
    if let Some((money, whole)) = inputs.total_money.zip(subjects.get_mut(WHOLE)) {
        whole.extend(money_cells(money));
    }
    debug_assert!(subjects.values().flat_map(Cells::keys).all(|cell| {
        definitions.position(cell).is_some() || template.kind(definitions, cell).is_some()
    }));
    let is_comparable = |cell: &Cell| {
        covering(&inputs, &content.stated, cell, |team| &team.now)
            == covering(&inputs, inputs.stated_before, cell, |team| &team.before)
    };
    let before = before.into_iter().map(|(id, mut cells)| {
        // A sum over other teams than now tells nothing of a change.
        cells.retain(|cell, then| !matches!(then.source, Source::Sum(_)) || is_comparable(cell));
        (id, known(&cells))
    });
    let before: BTreeMap<String, Figures> = before.collect();
    let stated_before = before.values().flat_map(Figures::iter).map(|(cell, _)| cell);
    let cells = subjects.values().flat_map(Cells::keys).chain(stated_before);
    let people = cells.filter(|cell| counts_people(definitions, &template.relations, cell));
    let people = check::People {
        threshold: inputs.threshold,
        cells: people.cloned().collect(),
        hidden: inputs.hidden.clone(),
    };
    Compiled { period: *period, subjects, before, plan: inputs.plan, goals, people }
}

impl Compiled {
    /// True when a finding is about figures, and all of these are counted from records:
    /// nobody stated them.
    #[must_use]
    pub fn is_counted(&self, finding: &Finding) -> bool {
        let is_counted = |place: &Place| match place {
            Place::Cell { subject, cell } => {
                let sourced = self.subjects.get(subject).and_then(|cells| cells.get(cell));
                sourced.is_some_and(|sourced| match sourced.source {
                    Source::Derived => true,
                    Source::Sum(covered) => covered.reported.is_none(),
                    Source::Reported | Source::Stated | Source::Finance => false,
                })
            }
            Place::Text { .. } | Place::Section { .. } => false,
        };
        !finding.concerned.is_empty() && finding.concerned.iter().all(is_counted)
    }

    /// The report as it is checked, with its chapters.
    #[must_use]
    pub fn report(&self, chapters: Vec<check::Chapter>) -> check::Report {
        let planned = |id: &str| {
            self.plan.as_ref().and_then(|plan| plan.planned.get(id)).cloned().unwrap_or_default()
        };
        let subject = |(id, cells): (&String, &Cells)| {
            let is_whole = id == WHOLE;
            let is_only = self.subjects.len() == 1;
            let subject = check::Subject {
                figures: known(cells),
                untold: hidden(cells),
                before: self.before.get(id).cloned().unwrap_or_default(),
                planned: planned(id),
                goals: self.goals.clone().filter(|_| is_whole || is_only),
                is_whole,
            };
            (id.clone(), subject)
        };
        check::Report {
            period: self.period,
            subjects: self.subjects.iter().map(subject).collect(),
            chapters,
            plan: self.plan.as_ref().map(|plan| plan.goals.clone()).unwrap_or_default(),
            people: self.people.clone(),
        }
    }
}

/// What is known of a period besides the teams' own records.
struct Known<'a> {
    /// What a report states, by the subject's id.
    stated: &'a BTreeMap<String, Figures>,
    /// What finance has of each team.
    money: &'a BTreeMap<Slug, Money>,
    /// What is told of all teams together whose figures are derived.
    derived_sums: &'a BTreeMap<Cell, Content>,
}

/// The cells of every subject in one period.
fn figures(
    inputs: &Inputs<'_>,
    known: &Known<'_>,
    records: impl Fn(&TeamRecords) -> &Records,
) -> BTreeMap<String, Cells> {
    let Known { stated, money, derived_sums } = known;
    let mut teams = BTreeMap::new();
    for (id, team) in &inputs.teams {
        let mut cells = of_records(records(team));
        cells.extend(money.get(id).copied().into_iter().flat_map(money_cells));
        teams.insert(id.to_string(), cells);
    }
    let mut subjects = match &inputs.content.subject {
        Subject::Team(_) => teams,
        Subject::Area(id) => {
            let sums = sums(inputs, derived_sums, &teams);
            BTreeMap::from([(id.to_string(), sums)])
        }
        Subject::Federation => {
            for (id, cells) in &mut teams {
                state(cells, stated.get(id));
            }
            let sums = sums(inputs, derived_sums, &teams);
            teams.insert(WHOLE.to_owned(), sums);
            teams
        }
    };
    for (id, cells) in &mut subjects {
        state(cells, stated.get(id));
    }
    subjects
}

/// The teams that have a cell.
fn covering<'a>(
    inputs: &'a Inputs<'_>,
    stated: &BTreeMap<String, Figures>,
    cell: &Cell,
    records: impl Fn(&TeamRecords) -> &Records,
) -> BTreeSet<&'a Slug> {
    let states = |id: &Slug| stated.get(id.as_str()).is_some_and(|own| own.get(cell).is_some());
    let has = |id: &Slug, team: &TeamRecords| match records(team) {
        Records::Missing => states(id),
        Records::Reported(counts) => counts.get(cell).is_some() || states(id),
        Records::Derived(counts) => counts.contains_key(cell) || states(id),
    };
    inputs.teams.iter().filter(|(id, team)| has(id, team)).map(|(id, _)| id).collect()
}

/// Puts in what the report states; also in place of a sum, which a check then holds
/// against it.
fn state(cells: &mut Cells, stated: Option<&Figures>) {
    for (cell, value) in stated.into_iter().flat_map(Figures::iter) {
        let sourced = Sourced { content: Content::Known(value), source: Source::Stated };
        cells.insert(cell.clone(), sourced);
    }
}

fn of_records(records: &Records) -> Cells {
    match records {
        Records::Missing => Cells::new(),
        Records::Reported(counts) => {
            let cell = |(cell, count): (&Cell, u32)| {
                let content = Content::Known(Value::Number(Quantity::count(count)));
                (cell.clone(), Sourced { content, source: Source::Reported })
            };
            counts.iter().map(cell).collect()
        }
        Records::Derived(counts) => {
            let cell = |(cell, content): (&Cell, &Content)| {
                (cell.clone(), Sourced { content: *content, source: Source::Derived })
            };
            counts.iter().map(cell).collect()
        }
    }
}

/// The sums over the teams.
fn sums(
    inputs: &Inputs<'_>,
    derived_sums: &BTreeMap<Cell, Content>,
    teams: &BTreeMap<String, Cells>,
) -> Cells {
    let Inputs { definitions, template, .. } = inputs;
    let is_number = |cell: &&Cell| {
        template.kind(definitions, cell) == Some(Kind::Number)
            && !template.is_percent(cell)
            && !FINANCE_FIGURES.contains(&cell.figure.as_str())
    };
    let of_teams: Vec<BTreeSet<&Cell>> =
        teams.values().map(|cells| cells.keys().collect()).collect();
    let summed = summed(definitions, &of_teams).into_iter().filter(is_number);
    summed
        .filter_map(|cell| Some((cell.clone(), sum(inputs, cell, derived_sums, teams)?)))
        .collect()
}

fn sum(
    inputs: &Inputs<'_>,
    cell: &Cell,
    derived_sums: &BTreeMap<Cell, Content>,
    teams: &BTreeMap<String, Cells>,
) -> Option<Sourced> {
    let parts: Vec<&Sourced> = teams.values().filter_map(|cells| cells.get(cell)).collect();
    let covered = parts.len();
    let (derived, reported): (Vec<&Sourced>, Vec<&Sourced>) =
        parts.iter().partition(|part| matches!(part.source, Source::Derived));
    // Unless a part of them is stated in its place.
    let is_of_all = derived.len() == inputs.content.derived.len();
    let of_all = derived_sums.get(cell).filter(|_| is_of_all);
    let of_all = of_all.map(|content| Sourced { content: *content, source: Source::Derived });
    let derived = of_all.as_ref().map_or(derived, |told| vec![told]);
    let parts = [reported.as_slice(), derived.as_slice()].concat();
    let is_hidden = parts.iter().any(|part| part.content == Content::Hidden);
    // Of a sum that is hidden, neither part is told: the other could be subtracted.
    let part = |those: &[&Sourced]| {
        if those.is_empty() || is_hidden { None } else { Ratio::sum(numbers(those)).stated() }
    };
    let content = match is_hidden {
        true => Content::Hidden,
        false => Content::Known(Value::Number(Ratio::sum(numbers(&parts)).stated()?)),
    };
    let source = Source::Sum(Covered {
        covered,
        teams: teams.len(),
        reported: part(&reported),
        derived: part(&derived),
    });
    Some(Sourced { content, source })
}

fn numbers(those: &[&Sourced]) -> impl Iterator<Item = Quantity> {
    those.iter().filter_map(|sourced| match sourced.content {
        Content::Known(Value::Number(number)) => Some(number),
        Content::Known(Value::Date(_)) | Content::Hidden => None,
    })
}

fn hidden(cells: &Cells) -> BTreeSet<Cell> {
    let hidden = cells.iter().filter(|(_, sourced)| sourced.content == Content::Hidden);
    hidden.map(|(cell, _)| cell.clone()).collect()
}

fn known(cells: &Cells) -> Figures {
    let value = |(cell, sourced): (&Cell, &Sourced)| match sourced.content {
        Content::Known(value) => Some((cell.clone(), value)),
        Content::Hidden => None,
    };
    cells.iter().filter_map(value).collect()
}

#[cfg(test)]
mod tests;
