//! Reads which cells are counted from records: the product's crosswalk, and what a
//! federation's own template has besides, in the same form. All faults are told at once,
//! each with its place.

use std::collections::BTreeSet;

use serde::Deserialize;
use values::{Fault, Faults, Slug};

use super::{
    Band, Banding, Categories, Column, Component, Crosswalk, Cut, DIMENSIONS, List, ListCut,
    MEASURES, Table,
};
use crate::domain::definition::{Cell, Definitions, TOTAL};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: i32,
    #[serde(default)]
    bandings: Vec<BandingEntry>,
    tables: Vec<TableEntry>,
    list: ListEntry,
}

/// A banding as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::domain) struct BandingEntry {
    id: String,
    dimension: String,
    decision: String,
    bands: Vec<BandEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandEntry {
    id: String,
    label: String,
    label_en: String,
    #[serde(default)]
    youngest: i32,
    #[serde(default)]
    oldest: i32,
    #[serde(default)]
    codes: Vec<String>,
    category: String,
}

/// A table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::domain) struct TableEntry {
    layout: String,
    title: String,
    cut: Option<String>,
    codes: Option<String>,
    banding: Option<String>,
    columns: Vec<ColumnEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnEntry {
    measure: String,
    total: Option<String>,
    categories: Option<String>,
    opening_of: Option<String>,
    inflow_of: Option<String>,
    outflow_of: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListEntry {
    layout: String,
    title: String,
    measure: String,
    cuts: Vec<ListCutEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListCutEntry {
    dimension: String,
    codes: Option<String>,
    banding: Option<String>,
    heading: String,
    partition: String,
}

/// Reads the product's crosswalk, which fills the cells of the definitions.
///
/// # Errors
/// `TEMPLATE_UNREADABLE`, or every fault that `read` and `Crosswalk::check` find; in
/// the list also `TEMPLATE_TABLE_CELL_UNKNOWN`, when no figure is divided so.
pub fn load(definitions: &Definitions, text: &str) -> Result<Crosswalk, Faults> {
    let File { version, bandings, tables, list } = toml::from_str(text).map_err(|error| {
        Fault::new("", "TEMPLATE_UNREADABLE").with("message", toml::de::Error::message(&error))
    })?;
    let mut faults = Faults::new();
    let mut crosswalk = read(&mut faults, version, bandings, tables);
    crosswalk.list = self::list(&mut faults, definitions, &crosswalk.bandings, list);
    if faults.is_empty() {
        let is_cell = |cell: &Cell| definitions.position(cell).is_some();
        crosswalk.check(&mut faults, is_cell, |figure| definitions.is_figure(figure));
    }
    faults.into_result(|| Some(crosswalk))
}

/// Reads a crosswalk as far as it goes, and notes `ID_MALFORMED`, `TEMPLATE_CODE_TWICE`,
/// `TEMPLATE_MEASURE_UNKNOWN`, `TEMPLATE_CUT_UNKNOWN`, `TEMPLATE_BANDING_UNKNOWN` and
/// `TEMPLATE_CATEGORIES_MISSING`.
pub(in crate::domain) fn read(
    faults: &mut Faults,
    version: i32,
    bandings: Vec<BandingEntry>,
    tables: Vec<TableEntry>,
) -> Crosswalk {
    let entries = bandings.into_iter().enumerate();
    let bandings: Vec<Banding> =
        entries.filter_map(|(row, entry)| banding(faults, row, entry)).collect();
    let mut layouts = BTreeSet::new();
    let mut read = Vec::new();
    for (row, entry) in tables.into_iter().enumerate() {
        let field = format!("tables[{row}]");
        if !layouts.insert(entry.layout.clone()) {
            let fault = Fault::new(format!("{field}.layout"), "TEMPLATE_CODE_TWICE");
            faults.push(fault.with("value", &entry.layout));
        }
        read.extend(table(faults, &field, &bandings, entry));
    }
    Crosswalk { version, bandings, tables: read, list: None }
}

fn banding(faults: &mut Faults, row: usize, entry: BandingEntry) -> Option<Banding> {
    let BandingEntry { id, dimension, decision, bands } = entry;
    let field = format!("bandings[{row}]");
    let id = faults.keep(Slug::parse(&format!("{field}.id"), &id));
    let dimension = faults.keep(self::dimension(&format!("{field}.dimension"), &dimension));
    let mut read = Vec::new();
    for (number, entry) in bands.into_iter().enumerate() {
        let BandEntry { id, label, label_en, youngest, oldest, codes, category } = entry;
        let id = faults.keep(Slug::parse(&format!("{field}.bands[{number}].id"), &id));
        let band = |id| Band { id, label, label_en, youngest, oldest, codes, category };
        read.extend(id.map(band));
    }
    Some(Banding { id: id?, dimension: dimension?, decision, bands: read })
}

fn table(
    faults: &mut Faults,
    field: &str,
    bandings: &[Banding],
    entry: TableEntry,
) -> Option<Table> {
    let TableEntry { layout, title, cut, codes, banding, columns } = entry;
    let layout = faults.keep(Slug::parse(&format!("{field}.layout"), &layout));
    let is_cut = cut.is_some();
    let cut =
        cut.and_then(|name| self::cut(faults, (field, "cut"), bandings, (&name, codes, banding)));
    let mut read = Vec::new();
    for (number, entry) in columns.into_iter().enumerate() {
        read.extend(column(faults, &format!("{field}.columns[{number}].measure"), entry));
    }
    (cut.is_some() || !is_cut).then_some(())?;
    Some(Table { layout: layout?, title, cut, columns: read })
}

/// A cut by a dimension, whose keys a banding or the beginning of its codes says.
fn cut(
    faults: &mut Faults,
    (field, by): (&str, &str),
    bandings: &[Banding],
    (name, codes, banding): (&str, Option<String>, Option<String>),
) -> Option<Cut> {
    let dimension = faults.keep(dimension(&format!("{field}.{by}"), name));
    let (categories, banding) = match (banding, codes) {
        (Some(id), _) => {
            let found = bandings.iter().find(|banding| banding.id.as_str() == id);
            let unknown = || {
                let fault = Fault::new(format!("{field}.banding"), "TEMPLATE_BANDING_UNKNOWN");
                fault.with("value", &id)
            };
            let banding = faults.keep(found.ok_or_else(unknown))?;
            let category = |band: &Band| (band.id.to_string(), band.category.clone());
            let categories = banding.bands.iter().map(category).collect();
            (Categories::ByKey(categories), Some(banding.id.clone()))
        }
        (None, Some(prefix)) => (Categories::ByPrefix(prefix), None),
        (None, None) => {
            let fault = Fault::new(format!("{field}.{by}"), "TEMPLATE_CATEGORIES_MISSING");
            faults.push(fault.with("value", name));
            return None;
        }
    };
    Some(Cut { dimension: dimension?, banding, categories })
}

fn list(
    faults: &mut Faults,
    definitions: &Definitions,
    bandings: &[Banding],
    entry: ListEntry,
) -> Option<List> {
    let ListEntry { layout, title, measure, cuts } = entry;
    let layout = faults.keep(Slug::parse("list.layout", &layout));
    let measure = self::measure(faults, "list.measure", &measure);
    let mut read = Vec::new();
    for (row, entry) in cuts.into_iter().enumerate() {
        let ListCutEntry { dimension, codes, banding, heading, partition } = entry;
        let field = format!("list.cuts[{row}]");
        let by = (field.as_str(), "dimension");
        let cut = self::cut(faults, by, bandings, (&dimension, codes, banding));
        let mut known = definitions.figures().iter().flat_map(|figure| &figure.partitions);
        let unknown = || {
            let field = format!("{field}.partition");
            Fault::new(field, "TEMPLATE_TABLE_CELL_UNKNOWN").with("value", &partition)
        };
        let known = known.find(|known| known.code == partition).cloned();
        let partition = faults.keep(known.ok_or_else(unknown));
        read.extend(cut.zip(partition).map(|(cut, partition)| ListCut { cut, heading, partition }));
    }
    Some(List { layout: layout?, title, measure: measure?, cuts: read })
}

fn measure(faults: &mut Faults, field: &str, name: &str) -> Option<usize> {
    let known = MEASURES.iter().position(|known| *known == name);
    faults.keep(known.ok_or_else(|| {
        let fault = Fault::new(field, "TEMPLATE_MEASURE_UNKNOWN").with("value", name);
        fault.with("allowed", MEASURES.join(", "))
    }))
}

fn column(faults: &mut Faults, field: &str, entry: ColumnEntry) -> Option<Column> {
    let ColumnEntry { measure, total, categories, opening_of, inflow_of, outflow_of } = entry;
    let components = [
        (Component::Opening, opening_of),
        (Component::Inflow, inflow_of),
        (Component::Outflow, outflow_of),
    ];
    let mut components = components.into_iter();
    let component_of = components.find_map(|(component, figure)| Some((component, figure?)));
    let measure = self::measure(faults, field, &measure)?;
    Some(Column { measure, total, categories, component_of })
}

fn dimension(field: &str, name: &str) -> Result<usize, Fault> {
    let known = DIMENSIONS.iter().position(|known| *known == name);
    // The first is the team, which every table is by.
    known.filter(|place| *place > 0).ok_or_else(|| {
        let fault = Fault::new(field, "TEMPLATE_CUT_UNKNOWN").with("value", name);
        fault.with("allowed", DIMENSIONS[1..].join(", "))
    })
}

impl Crosswalk {
    /// Notes cells that the tables fill and nobody has, as `TEMPLATE_TABLE_CELL_UNKNOWN`,
    /// and those that two of them fill, as `TEMPLATE_CELL_TWICE`. `is_open` is asked of
    /// the figure whose categories are named by codes.
    pub(in crate::domain) fn check(
        &self,
        faults: &mut Faults,
        is_cell: impl Fn(&Cell) -> bool,
        is_open: impl Fn(&str) -> bool,
    ) {
        let mut filled = BTreeSet::new();
        for (row, table) in self.tables.iter().enumerate() {
            for (number, column) in table.columns.iter().enumerate() {
                let field = format!("tables[{row}].columns[{number}]");
                let Column { measure: _, total, categories, component_of } = column;
                let told = |cell: &Cell| format!("{}.{}", cell.figure, cell.category);
                let mut note = |name: &str, cell: &Cell, is_known: bool, is_filled: bool| {
                    let field = format!("{field}.{name}");
                    if !is_known {
                        let fault = Fault::new(field, "TEMPLATE_TABLE_CELL_UNKNOWN");
                        faults.push(fault.with("value", told(cell)));
                    } else if is_filled && !filled.insert(cell.clone()) {
                        let fault = Fault::new(field, "TEMPLATE_CELL_TWICE");
                        faults.push(fault.with("value", told(cell)));
                    }
                };
                if let Some(figure) = total {
                    let cell = Cell::new(figure, TOTAL);
                    note("total", &cell, is_cell(&cell), true);
                }
                if let Some((_, figure)) = component_of {
                    let cell = Cell::new(figure, TOTAL);
                    note("component", &cell, is_cell(&cell), false);
                }
                let Some(figure) = categories else { continue };
                match table.cut.as_ref().map(|cut| &cut.categories) {
                    Some(Categories::ByKey(of_key)) => {
                        for category in of_key.values() {
                            let cell = Cell::new(figure, category);
                            note("categories", &cell, is_cell(&cell), true);
                        }
                    }
                    Some(Categories::ByPrefix(_)) => {
                        note("categories", &Cell::new(figure, "*"), is_open(figure), true);
                    }
                    None => note("categories", &Cell::new(figure, "*"), false, true),
                }
            }
        }
    }
}
