//! What has to hold among the figures of one team, area or federation. What is
//! not stated contradicts nothing.

use super::{Report, Subject, band, cell_of, plan};
use crate::domain::definition::Cell;
use crate::domain::figures::{Figures, Value};
use crate::domain::finding::{self, Fact, Finding, Remedy};
use crate::domain::quantity::{Quantity, Ratio};
use crate::domain::template::{Cells, Change, Flow, Relation, Share};

/// What contradicts a relation.
pub(super) fn check(
    relation: &Relation,
    report: &Report,
    id: &str,
    subject: &Subject,
) -> Vec<Finding> {
    let figures = &subject.figures;
    match relation {
        Relation::Whole(whole) => {
            let differ = finding::of_whole(whole, figures);
            differ.map(|differ| parts_differ(id, differ)).into_iter().collect()
        }
        Relation::Share(share) => self::share(share, id, figures).into_iter().collect(),
        Relation::Flow(flow) => self::flow(flow, id, figures).into_iter().collect(),
        Relation::Bands { bands, shares } => {
            let mut findings = band::check(bands, id, subject);
            let name = |share| band::check_name(bands, share, id, subject);
            findings.extend(shares.iter().filter_map(name));
            findings
        }
        Relation::PlannedIntake(intake) => {
            plan::check(intake, report, id, subject).into_iter().collect()
        }
        Relation::Same { first, second } => same(first, second, id, figures).into_iter().collect(),
        Relation::Change(change) => self::change(change, id, subject).into_iter().collect(),
        Relation::SumOfTeams(cell) if subject.is_whole => {
            sum_of_teams(cell, report, id, figures).into_iter().collect()
        }
        Relation::SumOfTeams(_) => Vec::new(),
    }
}

fn finding<'a>(
    id: &str,
    cells: impl IntoIterator<Item = &'a Cell>,
    fact: Fact,
    remedies: Vec<Remedy>,
) -> Finding {
    let concerned = cells.into_iter().map(|cell| cell_of(id, cell)).collect();
    Finding { subject: Some(id.to_owned()), concerned, fact, remedies }
}

fn state(id: &str, cell: &Cell, value: Quantity) -> Remedy {
    Remedy::State { subject: id.to_owned(), cell: cell.clone(), value: Value::Number(value) }
}

fn parts_differ(id: &str, differ: finding::PartsDiffer) -> Finding {
    let parts = differ.parts.iter().map(|(cell, _)| cell.clone());
    let cells: Vec<Cell> = std::iter::once(differ.whole.clone()).chain(parts).collect();
    let sum = Quantity::new(differ.parts_sum, 0);
    let remedies = sum.map(|sum| state(id, &differ.whole, sum)).into_iter().collect();
    finding(id, &cells, Fact::PartsDiffer(differ), remedies)
}

fn share(share: &Share, id: &str, figures: &Figures) -> Option<Finding> {
    let stated = figures.number(&share.stated)?;
    let part = Cells::all_stated(&share.part, figures)?;
    let base = Cells::all_stated(&share.base, figures)?;
    let percent = sum(&part, figures).times(100).over(sum(&base, figures))?;
    if percent.rounds_to(stated) {
        return None;
    }
    let right = percent.rounded(stated.decimals())?;
    let closer = percent.rounded(stated.decimals() + 1).unwrap_or(right);
    let cells = std::iter::once(&share.stated).chain(part).chain(base);
    let remedies = vec![state(id, &share.stated, right)];
    Some(finding(id, cells, Fact::ShareDiffers { stated, right, closer }, remedies))
}

fn flow(flow: &Flow, id: &str, figures: &Figures) -> Option<Finding> {
    let Flow { opening, inflow, outflow, closing } = flow;
    let stated = figures.number(closing)?;
    let each = |cells: &[Cell]| {
        let numbers: Option<Vec<_>> = cells.iter().map(|cell| figures.number(cell)).collect();
        numbers.map(Ratio::sum)
    };
    let came = figures.number(opening)?.ratio().plus(each(inflow)?);
    let right = came.minus(each(outflow)?);
    if right == stated.ratio() {
        return None;
    }
    let right = right.stated()?;
    let cells = [closing, opening].into_iter().chain(inflow).chain(outflow);
    let remedies = vec![state(id, closing, right)];
    Some(finding(id, cells, Fact::FlowDiffers { closing: stated, right }, remedies))
}

fn same(first: &[Cells], second: &[Cells], id: &str, figures: &Figures) -> Option<Finding> {
    let first = Cells::all_stated(first, figures)?;
    let second = Cells::all_stated(second, figures)?;
    let stated = |cells: &[&Cell]| match cells {
        [only] => figures.get(only),
        _ => sum(cells, figures).stated().map(Value::Number),
    };
    let (one, other) = (stated(&first)?, stated(&second)?);
    let agree = match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.ratio() == other.ratio(),
        (Value::Date(one), Value::Date(other)) => one.covers(other) || other.covers(one),
        (Value::Number(_), Value::Date(_)) | (Value::Date(_), Value::Number(_)) => false,
    };
    if agree {
        return None;
    }
    let remedy = |cells: &[&Cell], value| match cells {
        [only] => Some(Remedy::State { subject: id.to_owned(), cell: Cell::clone(only), value }),
        _ => None,
    };
    let remedies = [remedy(&first, other), remedy(&second, one)].into_iter().flatten().collect();
    let cells = first.into_iter().chain(second);
    Some(finding(id, cells, Fact::StatedTwice { first: one, second: other }, remedies))
}

fn change(change: &Change, id: &str, subject: &Subject) -> Option<Finding> {
    let Change { cell, most_percent, never_below } = change;
    let (before, now) = (subject.before.number(cell)?, subject.figures.number(cell)?);
    let by = now.ratio().minus(before.ratio()).distance();
    let is_large = by.times(100) > before.ratio().times(*most_percent);
    if !is_large || by < Ratio::whole(*never_below) {
        return None;
    }
    let fact = Fact::ChangeOutOfLine { before, now };
    Some(finding(id, [cell], fact, Vec::new()))
}

fn sum_of_teams(cell: &Cell, report: &Report, id: &str, figures: &Figures) -> Option<Finding> {
    let stated = figures.number(cell)?;
    let teams = report.subjects.iter().filter(|(_, subject)| !subject.is_whole);
    let numbers = teams.filter_map(|(id, team)| Some((id, team.figures.number(cell)?)));
    let numbers: Vec<_> = numbers.collect();
    let sum = Ratio::sum(numbers.iter().map(|(_, number)| *number));
    if numbers.is_empty() || sum == stated.ratio() {
        return None;
    }
    let sum = sum.stated()?;
    let remedies = vec![state(id, cell, sum)];
    let fact = Fact::TeamsDiffer { sum, stated };
    let mut found = finding(id, [cell], fact, remedies);
    found.concerned.extend(numbers.iter().map(|(team, _)| cell_of(team, cell)));
    Some(found)
}

fn sum(cells: &[&Cell], figures: &Figures) -> Ratio {
    Ratio::sum(cells.iter().filter_map(|cell| figures.number(cell)))
}
