//! Where each field of a request came from: turns the services' complaints,
//! which name fields, into complaints that name table, row and column.

use std::collections::HashMap;

use proto::common;
use sheets::cell::shown;

use super::{
    RowFault, RowOutcome,
    findings::{Findings, RowAt, Target, value_shown},
    kinds::Collection,
};

/// One cell and what stands in it.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) at: RowAt,
    pub(super) column: &'static str,
    pub(super) text: String,
}

/// The cells of one row that a field was made from.
#[derive(Debug)]
struct Spot {
    cells: Vec<Cell>,
    /// True for a field that stands for the resource as a whole, such as the
    /// sum of its lines.
    is_whole: bool,
}

/// The rows one resource was made from, and what it refers to.
#[derive(Debug, Default)]
struct Resource {
    rows: Vec<RowAt>,
    references: Vec<Reference>,
}

#[derive(Debug)]
struct Reference {
    field: String,
    collection: Collection,
    id: String,
}

/// The places of one request, by path: `parties[3].organisation_number`.
#[derive(Debug, Default)]
pub(super) struct Places {
    spots: HashMap<String, Vec<Spot>>,
    resources: HashMap<String, Resource>,
}

/// The faults of one answer, placed.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// Those that nobody has told yet.
    pub(super) news: Vec<RowFault>,
    /// Those that follow from a fault in the files.
    pub(super) follow_ons: Vec<RowFault>,
}

impl Places {
    /// Notes which cells of a row a field was made from, the likeliest culprit
    /// first.
    pub(super) fn field(&mut self, path: &str, cells: Vec<Cell>) {
        self.note(path, cells, false);
    }

    /// Notes where a field that stands for the resource as a whole is told.
    pub(super) fn whole(&mut self, path: &str, cells: Vec<Cell>) {
        self.note(path, cells, true);
    }

    fn note(&mut self, path: &str, cells: Vec<Cell>, is_whole: bool) {
        let spot = Spot { cells, is_whole };
        self.spots.entry(path.to_owned()).or_default().push(spot);
    }

    /// True when no row became a resource.
    pub(super) fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// Notes that a resource was made from a row.
    pub(super) fn row(&mut self, resource: &str, at: RowAt) {
        self.resources.entry(resource.to_owned()).or_default().rows.push(at);
    }

    /// Notes that a resource refers to another in a field.
    pub(super) fn reference(&mut self, field: &str, collection: Collection, id: &str) {
        let reference = Reference { field: field.to_owned(), collection, id: id.to_owned() };
        let resource = self.resources.entry(resource_of(field).to_owned()).or_default();
        resource.references.push(reference);
    }

    /// Places what a service said about fields. A field that no file has is
    /// told by its path.
    pub(super) fn place(&self, faults: &[common::ImportFault], findings: &Findings) -> Placed {
        let mut placed = Placed::default();
        for fault in faults {
            let Some((path, spots)) = self.spots_of(&fault.field) else {
                placed.news.push(row_fault(None, None, fault));
                continue;
            };
            let is_follow_on = self.follows(path, fault, findings);
            for spot in spots {
                let cell = culprit(spot, fault);
                let stands_alone = path == fault.field && !spot.is_whole;
                let row_fault = row_fault(cell, cell.filter(|_| stands_alone), fault);
                if is_follow_on || self.is_told(path, spot, findings) {
                    placed.follow_ons.push(row_fault);
                } else {
                    placed.news.push(row_fault);
                }
            }
        }
        placed
    }

    /// Places what happened to a row.
    pub(super) fn outcome(&self, outcome: &common::ImportOutcome) -> RowOutcome {
        let rows = self.resources.get(&outcome.row).map_or(&[][..], |resource| &resource.rows);
        let file = rows.first().map_or("", |(file, _)| *file);
        let lines = rows.iter().filter(|(of, row)| *of == file && *row > 0).map(|(_, row)| *row);
        RowOutcome {
            file: file.to_owned(),
            sheet: String::new(),
            first_row: lines.clone().min().unwrap_or_default(),
            last_row: lines.max().unwrap_or_default(),
            name: outcome.name.clone(),
            effect: outcome.effect(),
        }
    }

    /// The spots of a field, or of the nearest thing around it that has some.
    fn spots_of<'a>(&'a self, field: &'a str) -> Option<(&'a str, &'a [Spot])> {
        let mut path = field;
        loop {
            if let Some(spots) = self.spots.get(path) {
                return Some((path, spots));
            }
            let end = path.rfind(['.', '['])?;
            path = path.get(..end)?;
        }
    }

    /// A cell whose fault is told already raises no second one, and a resource
    /// with an unread part is not judged as a whole.
    fn is_told(&self, path: &str, spot: &Spot, findings: &Findings) -> bool {
        let cell_is_told = |cell: &Cell| findings.is_told(cell.at, cell.column);
        let resource = self.resources.get(resource_of(path));
        let rows = resource.map_or(&[][..], |resource| &resource.rows);
        let is_broken = spot.is_whole && rows.iter().any(|row| findings.is_broken(*row));
        is_broken || spot.cells.iter().any(cell_is_told)
    }

    /// True when the fault is about something that the files define, in a row
    /// that has a fault of its own.
    fn follows(&self, path: &str, fault: &common::ImportFault, findings: &Findings) -> bool {
        let Some(resource) = self.resources.get(resource_of(path)) else {
            return false;
        };
        resource.references.iter().any(|reference| {
            let is_about_it = fault.reason.contains(reference.collection.noun);
            let is_unknown = reference.field == path && fault.reason.ends_with("_UNKNOWN");
            match findings.target(reference.collection, &reference.id) {
                Target::Elsewhere => false,
                Target::Defined => is_about_it && is_unknown,
                Target::Broken => is_about_it,
            }
        })
    }
}

/// The resource a field belongs to: `parties[3]` of `parties[3].kind`.
fn resource_of(path: &str) -> &str {
    let end = path.find(']').map_or(path.len(), |position| position + 1);
    path.get(..end).unwrap_or(path)
}

/// The cell a fault is about. `PERIOD_UNKNOWN` is about the column `period`; a
/// period that reaches outside another is about the day that lies outside.
fn culprit<'a>(spot: &'a Spot, fault: &common::ImportFault) -> Option<&'a Cell> {
    let is_named = |cell: &&Cell| fault.reason.contains(&cell.column.to_uppercase());
    let is_outside = |cell: &&Cell| {
        let mut limits = fault.facts.iter().filter(|fact| fact.key.ends_with(cell.column));
        // Dates as they are written here compare as text.
        limits.any(|limit| match cell.column {
            "first_day" => cell.text < limit.value,
            "last_day" => cell.text > limit.value,
            _ => false,
        })
    };
    let cells = &spot.cells;
    let told = cells.iter().find(is_named).or_else(|| cells.iter().find(is_outside));
    told.or_else(|| cells.first())
}

/// A fault at a cell. When the field was made from the cell alone, the value
/// is told as it stands there: an id, where a service speaks of a name. An
/// amount stays in öre, which is how reasons about amounts are put into words.
fn row_fault(cell: Option<&Cell>, source: Option<&Cell>, fault: &common::ImportFault) -> RowFault {
    let is_secret = cell.is_some_and(|cell| value_shown(cell.column, "shown").is_none());
    let facts = fault.facts.iter().filter(|fact| !(is_secret && fact.key == "value"));
    let is_amount = fault.reason.starts_with("AMOUNT_");
    let written = source.map(|cell| cell.text.as_str()).filter(|text| !text.is_empty());
    let fact = |fact: &common::Fact| match fact.key.as_str() {
        "value" if !is_amount => (fact.key.clone(), shown(written.unwrap_or(&fact.value))),
        _ => (fact.key.clone(), fact.value.clone()),
    };
    RowFault {
        file: cell.map_or("", |cell| cell.at.0).to_owned(),
        sheet: String::new(),
        row: cell.map_or(0, |cell| cell.at.1),
        letter: String::new(),
        column: cell.map_or(fault.field.as_str(), |cell| cell.column).to_owned(),
        value: cell.and_then(|cell| value_shown(cell.column, &cell.text)),
        reason: fault.reason.clone(),
        facts: facts.map(fact).collect(),
    }
}
