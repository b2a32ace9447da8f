//! What has to hold among the figures, as a template writes it. A relation with a
//! cell that cannot be read is left out, and the fault noted.

use serde::Deserialize;
use values::{Fault, Faults};

use super::{Band, Cells, Change, Flow, PlannedIntake, Relation, Share, Whole};
use crate::domain::definition::Cell;
use crate::domain::narrative::parse_cell;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WholeEntry {
    partition: String,
    whole: String,
    parts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShareEntry {
    stated: String,
    label: Option<String>,
    part: Vec<String>,
    base: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowEntry {
    opening: String,
    inflow: Vec<String>,
    outflow: Vec<String>,
    closing: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandList {
    bands: Vec<BandEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandEntry {
    label: String,
    cells: Vec<String>,
    #[serde(default)]
    nested: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlannedIntakeEntry {
    stated: String,
    positions: Vec<String>,
    norm: i64,
    start: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SameEntry {
    first: Vec<String>,
    second: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeEntry {
    figure: String,
    most_percent: i64,
    never_below: i64,
}

pub(super) fn wholes(faults: &mut Faults, entries: Vec<WholeEntry>) -> Vec<Relation> {
    each(faults, "wholes", entries, |at, WholeEntry { partition, whole, parts }| {
        let whole = at.cell("whole", &whole);
        let parts = at.cells("parts", &parts);
        Some(Relation::Whole(Whole { partition, whole: whole?, parts: parts? }))
    })
}

pub(super) fn shares(faults: &mut Faults, entries: Vec<ShareEntry>) -> Vec<Share> {
    each(faults, "shares", entries, |at, ShareEntry { stated, label, part, base }| {
        let stated = at.cell("stated", &stated);
        let (part, base) = (at.cells("part", &part), at.cells("base", &base));
        Some(Share { stated: stated?, label, part: part?, base: base? })
    })
}

pub(super) fn flows(faults: &mut Faults, entries: Vec<FlowEntry>) -> Vec<Relation> {
    each(faults, "flows", entries, |at, FlowEntry { opening, inflow, outflow, closing }| {
        let opening = at.cell("opening", &opening);
        let (inflow, outflow) = (at.each("inflow", &inflow), at.each("outflow", &outflow));
        let closing = at.cell("closing", &closing);
        let (inflow, outflow) = (inflow?, outflow?);
        Some(Relation::Flow(Flow { opening: opening?, inflow, outflow, closing: closing? }))
    })
}

pub(super) fn bands(faults: &mut Faults, lists: Vec<BandList>, shares: &[Share]) -> Vec<Relation> {
    each(faults, "band_lists", lists, |at, BandList { bands }| {
        let mut read = Vec::new();
        for (row, BandEntry { label, cells, nested }) in bands.into_iter().enumerate() {
            let cells = at.each(&format!("bands[{row}].cells"), &cells);
            read.extend(cells.map(|cells| Band { label, cells, is_nested: nested }));
        }
        Some(Relation::Bands { bands: read, shares: shares.to_vec() })
    })
}

pub(super) fn planned_intakes(
    faults: &mut Faults,
    entries: Vec<PlannedIntakeEntry>,
) -> Vec<Relation> {
    const LARGEST_NORM: i64 = 1000;
    each(faults, "planned_intakes", entries, |at, entry| {
        let PlannedIntakeEntry { stated, positions, norm, start } = entry;
        let (stated, start) = (at.cell("stated", &stated), at.cell("start", &start));
        let positions = at.cells("positions", &positions);
        at.number("norm", norm, 1, LARGEST_NORM);
        let (stated, start, positions) = (stated?, start?, positions?);
        Some(Relation::PlannedIntake(PlannedIntake { stated, positions, norm, start }))
    })
}

pub(super) fn same(faults: &mut Faults, entries: Vec<SameEntry>) -> Vec<Relation> {
    each(faults, "same", entries, |at, SameEntry { first, second }| {
        let (first, second) = (at.cells("first", &first), at.cells("second", &second));
        Some(Relation::Same { first: first?, second: second? })
    })
}

pub(super) fn changes(faults: &mut Faults, entries: Vec<ChangeEntry>) -> Vec<Relation> {
    const LARGEST: i64 = 1_000_000;
    each(faults, "changes", entries, |at, ChangeEntry { figure, most_percent, never_below }| {
        let cell = at.cell("figure", &figure);
        at.number("most_percent", most_percent, 0, LARGEST);
        at.number("never_below", never_below, 0, LARGEST);
        Some(Relation::Change(Change { cell: cell?, most_percent, never_below }))
    })
}

pub(super) fn sums_of_teams(faults: &mut Faults, cells: Vec<String>) -> Vec<Relation> {
    let cells = At { faults, path: String::new() }.each("sums_of_teams", &cells);
    cells.unwrap_or_default().into_iter().map(Relation::SumOfTeams).collect()
}

/// Reads a cell.
///
/// # Errors
/// `TEMPLATE_CELL_MALFORMED` for the field named.
pub(super) fn read_cell(field: &str, text: &str) -> Result<Cell, Fault> {
    let malformed = || Fault::new(field, "TEMPLATE_CELL_MALFORMED").with("value", text);
    parse_cell(text).ok_or_else(malformed)
}

fn each<E, R>(
    faults: &mut Faults,
    list: &str,
    entries: Vec<E>,
    read: impl Fn(&mut At<'_>, E) -> Option<R>,
) -> Vec<R> {
    let entries = entries.into_iter().enumerate();
    let read = entries.map(|(row, entry)| {
        let path = format!("{list}[{row}].");
        read(&mut At { faults, path }, entry)
    });
    read.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Where an entry stands, and the faults it is read with.
struct At<'a> {
    faults: &'a mut Faults,
    path: String,
}

impl At<'_> {
    fn cell(&mut self, field: &str, text: &str) -> Option<Cell> {
        self.faults.keep(read_cell(&format!("{}{field}", self.path), text))
    }

    fn each(&mut self, field: &str, texts: &[String]) -> Option<Vec<Cell>> {
        let cell = |(row, text): (usize, &String)| self.cell(&format!("{field}[{row}]"), text);
        let cells: Vec<Option<Cell>> = texts.iter().enumerate().map(cell).collect();
        cells.into_iter().collect()
    }

    fn cells(&mut self, field: &str, texts: &[String]) -> Option<Vec<Cells>> {
        let cells = |(row, text): (usize, &String)| {
            let field = format!("{field}[{row}]");
            match text.strip_suffix(".*") {
                Some(figure) => {
                    self.cell(&field, figure).map(|cell| Cells::Categories(cell.figure))
                }
                None => self.cell(&field, text).map(Cells::One),
            }
        };
        let cells: Vec<Option<Cells>> = texts.iter().enumerate().map(cells).collect();
        cells.into_iter().collect()
    }

    fn number(&mut self, field: &str, number: i64, least: i64, most: i64) {
        if !(least..=most).contains(&number) {
            let field = format!("{}{field}", self.path);
            let fault = Fault::new(field, "TEMPLATE_NUMBER_OUT_OF_RANGE").with("value", number);
            self.faults.push(fault.with("least", least).with("most", most));
        }
    }
}
