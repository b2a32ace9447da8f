//! Reads a crosswalk from TOML and refuses one that does not fit the definitions, with
//! the value at fault.

use serde::Deserialize;
use values::Slug;

use super::{
    Band, Banding, Categories, Column, Component, Crosswalk, Cut, DIMENSIONS, List, ListCut,
    MEASURES, Table,
};
use crate::domain::definition::{Cell, Definitions, TOTAL};

/// Why a crosswalk is not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// The text is not TOML of the expected form.
    Form(String),
    /// An id cannot be one.
    IdMalformed(String),
    /// There is no such measure.
    MeasureUnknown(String),
    /// There is no such dimension.
    DimensionUnknown(String),
    /// There is no such banding.
    BandingUnknown(String),
    /// No figure is divided so.
    PartitionUnknown(String),
    /// A cut has neither a banding nor a beginning of its codes.
    CategoriesMissing(String),
    /// A figure, or a category of one, is not defined.
    CellUnknown {
        /// The figure.
        figure: String,
        /// The category.
        category: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: i32,
    #[serde(default)]
    bandings: Vec<BandingEntry>,
    tables: Vec<TableEntry>,
    list: ListEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandingEntry {
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableEntry {
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

/// Reads a crosswalk.
///
/// # Errors
/// The first fault, with the value at fault.
pub fn load(definitions: &Definitions, text: &str) -> Result<Crosswalk, LoadError> {
    let File { version, bandings, tables, list } =
        toml::from_str(text).map_err(|error| LoadError::Form(error.message().to_owned()))?;
    let bandings = bandings.into_iter().map(banding).collect::<Result<Vec<_>, _>>()?;
    let table = |entry| table(definitions, &bandings, entry);
    let tables = tables.into_iter().map(table).collect::<Result<_, _>>()?;
    let list = self::list(definitions, &bandings, list)?;
    Ok(Crosswalk { version, bandings, tables, list })
}

fn banding(entry: BandingEntry) -> Result<Banding, LoadError> {
    let BandingEntry { id, dimension, decision, bands } = entry;
    let band = |BandEntry { id, label, label_en, youngest, oldest, codes, category }: BandEntry| {
        let id = slug(&id)?;
        Ok(Band { id, label, label_en, youngest, oldest, codes, category })
    };
    let bands = bands.into_iter().map(band).collect::<Result<_, _>>()?;
    Ok(Banding { id: slug(&id)?, dimension: self::dimension(&dimension)?, decision, bands })
}

fn table(
    definitions: &Definitions,
    bandings: &[Banding],
    entry: TableEntry,
) -> Result<Table, LoadError> {
    let TableEntry { layout, title, cut, codes, banding, columns } = entry;
    let cut = cut.map(|name| self::cut(bandings, &name, (codes, banding))).transpose()?;
    let column = |entry| column(definitions, cut.as_ref(), entry);
    let columns = columns.into_iter().map(column).collect::<Result<_, _>>()?;
    Ok(Table { layout: slug(&layout)?, title, cut, columns })
}

fn cut(
    bandings: &[Banding],
    name: &str,
    (codes, banding): (Option<String>, Option<String>),
) -> Result<Cut, LoadError> {
    let banding = banding.map(|id| {
        let found = bandings.iter().find(|banding| banding.id.as_str() == id);
        found.ok_or(LoadError::BandingUnknown(id))
    });
    let banding = banding.transpose()?;
    let categories = match (banding, codes) {
        (Some(banding), _) => Categories::ByKey(
            banding.bands.iter().map(|b| (b.id.to_string(), b.category.clone())).collect(),
        ),
        (None, Some(prefix)) => Categories::ByPrefix(prefix),
        (None, None) => return Err(LoadError::CategoriesMissing(name.to_owned())),
    };
    let banding = banding.map(|banding| banding.id.clone());
    Ok(Cut { dimension: dimension(name)?, banding, categories })
}

fn list(
    definitions: &Definitions,
    bandings: &[Banding],
    entry: ListEntry,
) -> Result<List, LoadError> {
    let ListEntry { layout, title, measure, cuts } = entry;
    let cut = |entry: ListCutEntry| {
        let ListCutEntry { dimension, codes, banding, heading, partition } = entry;
        let cut = self::cut(bandings, &dimension, (codes, banding))?;
        let mut known = definitions.figures().iter().flat_map(|figure| &figure.partitions);
        let known = known.find(|known| known.code == partition).cloned();
        let partition = known.ok_or(LoadError::PartitionUnknown(partition))?;
        Ok(ListCut { cut, heading, partition })
    };
    let cuts = cuts.into_iter().map(cut).collect::<Result<_, _>>()?;
    Ok(List { layout: slug(&layout)?, title, measure: self::measure(measure)?, cuts })
}

fn column(
    definitions: &Definitions,
    cut: Option<&Cut>,
    entry: ColumnEntry,
) -> Result<Column, LoadError> {
    let ColumnEntry { measure, total, categories, opening_of, inflow_of, outflow_of } = entry;
    let components = [
        (Component::Opening, opening_of),
        (Component::Inflow, inflow_of),
        (Component::Outflow, outflow_of),
    ];
    let mut components = components.into_iter();
    let component_of = components.find_map(|(component, figure)| Some((component, figure?)));
    let measure = self::measure(measure)?;
    let defined =
        |figure: &str, category: &str| match definitions.position(&Cell::new(figure, category)) {
            Some(_) => Ok(()),
            None => {
                let (figure, category) = (figure.to_owned(), category.to_owned());
                Err(LoadError::CellUnknown { figure, category })
            }
        };
    for figure in total.iter().chain(component_of.iter().map(|(_, figure)| figure)) {
        defined(figure, TOTAL)?;
    }
    if let Some(figure) = &categories {
        match cut.map(|cut| &cut.categories) {
            Some(Categories::ByKey(of_key)) => {
                of_key.values().try_for_each(|category| defined(figure, category))?;
            }
            Some(Categories::ByPrefix(_)) if definitions.is_figure(figure) => {}
            Some(Categories::ByPrefix(_)) | None => defined(figure, "")?,
        }
    }
    Ok(Column { measure, total, categories, component_of })
}

fn measure(name: String) -> Result<usize, LoadError> {
    let known = MEASURES.iter().position(|known| *known == name);
    known.ok_or(LoadError::MeasureUnknown(name))
}

fn dimension(name: &str) -> Result<usize, LoadError> {
    let known = DIMENSIONS.iter().position(|known| *known == name);
    known.ok_or_else(|| LoadError::DimensionUnknown(name.to_owned()))
}

fn slug(id: &str) -> Result<Slug, LoadError> {
    Slug::parse("", id).map_err(|_| LoadError::IdMalformed(id.to_owned()))
}
