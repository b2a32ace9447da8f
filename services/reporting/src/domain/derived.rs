//! Figures that are counted from records: which tables of the participant service they
//! come from, and which cell each count goes to.
//!
//! What comes in is protected already, with a ledger of its own. A count that is hidden
//! is hidden here, too: it is neither 0 nor missing.

mod list;
mod load;

use std::collections::{BTreeMap, BTreeSet};

use values::Slug;

use crate::domain::definition::{Cell, TOTAL};
use crate::domain::protection::Place;

pub use list::{Alike, List, ListCut, rows_of};
pub use load::load;
pub(in crate::domain) use load::{BandingEntry, TableEntry, read};

/// The participant service's measures, in the order of its contract.
pub const MEASURES: [&str; 14] = [
    "queue_opening",
    "queue_in",
    "queue_out",
    "queue_closing",
    "enrolled_opening",
    "enrolled_in",
    "enrolled_out",
    "enrolled_closing",
    "exited_opening",
    "exited_in",
    "exited_closing",
    "referred",
    "new",
    "participants",
];

/// Its dimensions, in the order of its contract.
pub const DIMENSIONS: [&str; 11] = [
    "team",
    "area",
    "municipality",
    "party",
    "sex",
    "age",
    "referring_kind",
    "referring_party",
    "exit_outcome",
    "livelihood_before",
    "livelihood_after",
];

/// Which cells come from which tables. Data with a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crosswalk {
    /// Its version.
    pub version: i32,
    /// How dimensions are put together.
    pub bandings: Vec<Banding>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The list that goes out with a status report; none beside the tables of a
    /// federation's own template.
    pub list: Option<List>,
}

/// A dimension put together to columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banding {
    /// Its id.
    pub id: Slug,
    /// One of [`DIMENSIONS`].
    pub dimension: usize,
    /// Who decided it, and when.
    pub decision: String,
    /// Its bands.
    pub bands: Vec<Band>,
}

/// A column of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Its id, which is the key of tables.
    pub id: Slug,
    /// What people read, in Swedish.
    pub label: String,
    /// What people read, in English.
    pub label_en: String,
    /// The youngest age; 0 for codes.
    pub youngest: i32,
    /// The oldest age; 0 for codes.
    pub oldest: i32,
    /// The names of its codes; none for ages.
    pub codes: Vec<String>,
    /// The category that its counts go to.
    pub category: String,
}

/// A table: by team, and by one dimension more or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The id of its layout.
    pub layout: Slug,
    /// What people read.
    pub title: String,
    /// The dimension beside the team, when there is one.
    pub cut: Option<Cut>,
    /// What it counts.
    pub columns: Vec<Column>,
}

/// A dimension, and which category each key of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// One of [`DIMENSIONS`].
    pub dimension: usize,
    /// The id of its banding, when it has one.
    pub banding: Option<Slug>,
    /// The category of each key that has one, by key, or by all keys' beginning.
    categories: Categories,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Categories {
    ByKey(BTreeMap<String, String>),
    ByPrefix(String),
}

/// A measure, and where its counts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// One of [`MEASURES`].
    pub measure: usize,
    /// The figure whose total it is.
    pub total: Option<String>,
    /// What its categories are reported as.
    pub categories: Option<String>,
    /// The figure that it is a component of.
    pub component_of: Option<(Component, String)>,
}

/// What makes a stock: it begins with some, some come, some leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Component {
    /// How many there were when the period began.
    Opening,
    /// How many came.
    Inflow,
    /// How many left.
    Outflow,
}

/// What a table tells: a number by team, key of the cut and column. Those that are shown
/// to be 0 may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The id of its layout.
    pub layout: Slug,
    /// The numbers. No team: of all teams; no key: of all keys.
    pub numbers: BTreeMap<(Option<String>, Option<String>, usize), Told>,
}

/// A number as it was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// How many; none when it is hidden.
    pub value: Option<i64>,
    /// What it was made of, told to nobody; empty where it is not frozen.
    pub commitment: Vec<u8>,
}

impl Crosswalk {
    /// The same with what another has besides.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        let Self { version: _, bandings, tables, list: _ } = other;
        self.bandings.extend(bandings);
        self.tables.extend(tables);
        self
    }
}

/// Every cell that the tables tell of teams, and of all of them together as the subject
/// named. The sum of all is that of the tables where those count no other team.
#[must_use]
pub fn cells(
    crosswalk: &Crosswalk,
    answered: &[Answered],
    teams: &BTreeSet<String>,
    whole: &str,
) -> BTreeMap<Place, Told> {
    let mut cells = BTreeMap::new();
    for (table, answered) in asked(crosswalk, answered) {
        for (key, cell, column) in columns(table, answered) {
            for (subject, told) in series(answered, teams, whole, (key, column)) {
                cells.insert(Place { subject, cell: cell.clone() }, told);
            }
        }
    }
    cells
}

/// What the tables tell of why a stock is what it is, for teams and for all of them;
/// none where it is hidden.
#[must_use]
pub fn components(
    crosswalk: &Crosswalk,
    answered: &[Answered],
    teams: &BTreeSet<String>,
    whole: &str,
) -> BTreeMap<(Place, Component), Option<i64>> {
    let mut components = BTreeMap::new();
    for (table, answered) in asked(crosswalk, answered) {
        for (index, column) in table.columns.iter().enumerate() {
            let Some((component, figure)) = &column.component_of else { continue };
            for (subject, told) in series(answered, teams, whole, (None, index)) {
                let place = Place { subject, cell: Cell::new(figure, TOTAL) };
                components.insert((place, *component), told.value);
            }
        }
    }
    components
}

/// The tables that were answered.
fn asked<'a>(
    crosswalk: &'a Crosswalk,
    answered: &'a [Answered],
) -> impl Iterator<Item = (&'a Table, &'a Answered)> {
    crosswalk
        .tables
        .iter()
        .filter_map(|table| Some((table, answered.iter().find(|one| one.layout == table.layout)?)))
}

/// The numbers of each team, and of all of them when that has a name.
fn series(
    answered: &Answered,
    teams: &BTreeSet<String>,
    whole: &str,
    (key, column): (Option<String>, usize),
) -> Vec<(String, Told)> {
    let told = |team: Option<&String>| {
        let place = (team.cloned(), key.clone(), column);
        // What is not there is shown to be nobody.
        let nobody = || Told { value: Some(0), commitment: Vec::new() };
        answered.numbers.get(&place).cloned().unwrap_or_else(nobody)
    };
    let mut known = answered.numbers.keys().filter_map(|(team, _, _)| team.as_ref());
    let of_whole = match known.all(|team| teams.contains(team)) {
        true => told(None),
        false => {
            let values = teams.iter().map(|team| told(Some(team)).value);
            Told { value: values.sum(), commitment: Vec::new() }
        }
    };
    let of_teams = teams.iter().map(|team| (team.clone(), told(Some(team))));
    let of_whole = (!whole.is_empty()).then(|| (whole.to_owned(), of_whole));
    of_teams.chain(of_whole).collect()
}

/// The key, the cell and the column of each series of numbers that goes somewhere.
fn columns(table: &Table, answered: &Answered) -> Vec<(Option<String>, Cell, usize)> {
    let keys: BTreeSet<&String> =
        answered.numbers.keys().filter_map(|(_, key, _)| key.as_ref()).collect();
    let mut found = Vec::new();
    for (index, column) in table.columns.iter().enumerate() {
        let Column { measure: _, total, categories, component_of: _ } = column;
        if let Some(figure) = total {
            found.push((None, Cell::new(figure, TOTAL), index));
        }
        let Some((figure, cut)) = categories.as_ref().zip(table.cut.as_ref()) else { continue };
        for key in &keys {
            if let Some(category) = cut.category(key) {
                found.push((Some((*key).clone()), Cell::new(figure, &category), index));
            }
        }
    }
    found
}

impl Cut {
    /// The category of a key; none for those who have none, such as people without a
    /// year of birth.
    #[must_use]
    pub fn category(&self, key: &str) -> Option<String> {
        match &self.categories {
            Categories::ByKey(categories) => categories.get(key).cloned(),
            Categories::ByPrefix(prefix) => {
                key.strip_prefix(prefix.as_str()).map(str::to_lowercase)
            }
        }
    }
}

#[cfg(test)]
mod tests;
