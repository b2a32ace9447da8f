//! What a kind of report has to contain, and what has to hold among its
//! figures. Templates are data with a version, and follow the columns that a
//! federation reports in.

mod load;
mod relations;
mod whole;

use serde::Deserialize;

use crate::domain::definition::{Category, Cell, Definitions, TOTAL, Text};
use crate::domain::derived::Crosswalk;
use crate::domain::figures::Figures;

pub use load::{LARGEST_SOURCE, load};

/// The figures that finance has of a team and of the whole, in whole tkr.
pub const FINANCE_FIGURES: [&str; 3] = [GRANTED, REQUISITIONED, REQUISITIONED_TO_DATE];
/// Granted for the year.
pub const GRANTED: &str = "granted_tkr";
/// Requisitioned in the period.
pub const REQUISITIONED: &str = "requisitioned_tkr";
/// Requisitioned from the year's start to the period's end.
pub const REQUISITIONED_TO_DATE: &str = "requisitioned_to_date_tkr";

/// A kind of report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its code: `status_report`.
    pub code: String,
    /// Its version.
    pub version: i32,
    /// What it is called.
    pub title: Text,
    /// Whom reports of it are about.
    pub about: Vec<About>,
    /// A report is due so many days after its period's last day.
    pub due_days: u16,
    /// The figures that it has besides those of the definitions.
    pub columns: Vec<Column>,
    /// Which counts of records fill the cells of its columns, where a team keeps its
    /// participants here. The figures of the definitions are counted in every report.
    pub counted: Crosswalk,
    /// The chapters it has to have.
    pub sections: Vec<Section>,
    /// What has to hold among its figures.
    pub relations: Vec<Relation>,
}

/// The template whose reports are presented with a de-identified list of those whom they
/// count.
const STATUS_REPORT: &str = "status_report";

impl Template {
    /// True when a list goes out with its reports.
    #[must_use]
    pub fn has_list(&self) -> bool {
        self.code == STATUS_REPORT
    }
}

/// A chapter that a report has to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its code: `participants`.
    pub code: String,
    /// Its heading.
    pub title: Text,
    /// True when each team or area has one of its own.
    pub is_per_subject: bool,
}

/// Whom a report can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The federation, with its teams.
    Federation,
    /// An area, as one.
    Area,
    /// A team.
    Team,
}

impl About {
    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Federation => "federation",
            Self::Area => "area",
            Self::Team => "team",
        }
    }
}

/// A figure that is stated in the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its code: `planned_intake`.
    pub figure: String,
    /// What it is.
    pub text: Text,
    /// What stands in its cells.
    pub kind: Kind,
    /// Its categories, besides the total.
    pub categories: Vec<Category>,
    /// True when other categories may be stated too, such as municipalities.
    pub has_open_categories: bool,
}

/// What stands in a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Numbers.
    #[default]
    Number,
    /// Dates.
    Date,
}

/// What has to hold among the figures of one team or area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// Parts sum to their whole.
    Whole(Whole),
    /// A stated share is its part of its base.
    Share(Share),
    /// What was there, came and went is what is left.
    Flow(Flow),
    /// Age bands cover each age once, and each goes by one name.
    Bands {
        /// The bands.
        bands: Vec<Band>,
        /// The shares that name a band.
        shares: Vec<Share>,
    },
    /// A planned intake follows from staff, norm and time.
    PlannedIntake(PlannedIntake),
    /// Two statements say the same.
    Same {
        /// Cells whose sum is one of them.
        first: Vec<Cells>,
        /// Cells whose sum is the other.
        second: Vec<Cells>,
    },
    /// A figure does not jump from one period to the next.
    Change(Change),
    /// The whole federation's cell is the sum of its teams'.
    SumOfTeams(Cell),
}

/// One cell, or all categories of a figure that are stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cells {
    /// One.
    One(Cell),
    /// All but the total: `enrolled_by_municipality.*`.
    Categories(String),
}

/// Parts that sum to a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The partition: `participants_by_sex`.
    pub partition: String,
    /// What they sum to.
    pub whole: Cell,
    /// The parts.
    pub parts: Vec<Cells>,
}

/// A share that is stated in percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Where it is stated.
    pub stated: Cell,
    /// The band as the statement names it, when it is of an age band.
    pub label: Option<String>,
    /// What it is a share of the base.
    pub part: Vec<Cells>,
    /// The base.
    pub base: Vec<Cells>,
}

/// What was there, came, went, and is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// At the beginning.
    pub opening: Cell,
    /// What came.
    pub inflow: Vec<Cell>,
    /// What went.
    pub outflow: Vec<Cell>,
    /// At the end.
    pub closing: Cell,
}

/// An age band as a report has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// What the report calls it: `30 or younger`.
    pub label: String,
    /// The cells counted in it.
    pub cells: Vec<Cell>,
    /// True when those in it are counted in another band too.
    pub is_nested: bool,
}

/// How many a team is planned to take in from its start to the report's last
/// day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedIntake {
    /// Where the report states it.
    pub stated: Cell,
    /// Full-time positions.
    pub positions: Vec<Cells>,
    /// How many each takes in in a year of 365 days.
    pub norm: i64,
    /// The date that the intake began.
    pub start: Cell,
}

/// How much a figure may change between two periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The figure.
    pub cell: Cell,
    /// By how many percent of what it was before.
    pub most_percent: i64,
    /// A change of so many is never too much.
    pub never_below: i64,
}

impl Template {
    /// True when the cell states a share in percent.
    #[must_use]
    pub fn is_percent(&self, cell: &Cell) -> bool {
        self.relations
            .iter()
            .any(|relation| matches!(relation, Relation::Share(share) if share.stated == *cell))
    }

    /// A section.
    #[must_use]
    pub fn section(&self, code: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.code == code)
    }

    /// What stands in a cell; `None` for a cell that the report does not have.
    #[must_use]
    pub fn kind(&self, definitions: &Definitions, cell: &Cell) -> Option<Kind> {
        if let Some(column) = self.columns.iter().find(|column| column.figure == cell.figure) {
            let is_named = |category: &Category| category.code == cell.category;
            let is_there = cell.category == TOTAL
                || column.has_open_categories
                || column.categories.iter().any(is_named);
            return is_there.then_some(column.kind);
        }
        let is_finance = cell.category == TOTAL && FINANCE_FIGURES.contains(&cell.figure.as_str());
        let is_defined = is_finance || definitions.position(cell).is_some();
        is_defined.then_some(Kind::Number)
    }

    /// Where a cell stands when cells are shown in order: those of the definitions, of
    /// the template, of finance.
    #[must_use]
    pub fn position(&self, definitions: &Definitions, cell: &Cell) -> (usize, usize, usize) {
        if let Some(position) = definitions.position(cell) {
            return (0, position, 0);
        }
        let column = self.columns.iter().position(|column| column.figure == cell.figure);
        let Some(column) = column else {
            let place = FINANCE_FIGURES.iter().position(|figure| *figure == cell.figure);
            return (2, place.unwrap_or(FINANCE_FIGURES.len()), 0);
        };
        let categories = &self.columns[column].categories;
        let category = categories.iter().position(|category| category.code == cell.category);
        let place = match category {
            Some(place) => place + 1,
            None if cell.category == TOTAL => 0,
            None => categories.len() + 1,
        };
        (1, column, place)
    }

    /// The same with the partitions of the definitions.
    #[must_use]
    pub fn with_partitions(mut self, definitions: &Definitions) -> Self {
        self.relations.extend(wholes(definitions).map(Relation::Whole));
        self
    }
}

/// Every partition of the definitions, in their order.
pub fn wholes(definitions: &Definitions) -> impl Iterator<Item = Whole> {
    definitions.figures().iter().flat_map(|figure| {
        figure.partitions.iter().map(|partition| Whole {
            partition: partition.code.clone(),
            whole: figure.total_cell(),
            parts: partition.cells().map(Cells::One).collect(),
        })
    })
}

impl Cells {
    /// True when a cell is among them.
    #[must_use]
    pub fn has(&self, cell: &Cell) -> bool {
        match self {
            Self::One(one) => one == cell,
            Self::Categories(figure) => *figure == cell.figure && cell.category != TOTAL,
        }
    }

    /// The cells that are stated.
    #[must_use]
    pub fn stated<'a>(cells: &'a [Self], figures: &'a Figures) -> Vec<&'a Cell> {
        let mut stated = Vec::new();
        for cell in cells {
            match cell {
                Self::One(cell) => stated.extend(figures.get(cell).map(|_| cell)),
                Self::Categories(figure) => stated.extend(figures.categories(figure)),
            }
        }
        stated
    }

    /// The cells when each is stated, or at least one of a figure's categories.
    #[must_use]
    pub fn all_stated<'a>(cells: &'a [Self], figures: &'a Figures) -> Option<Vec<&'a Cell>> {
        let is_stated = |cell: &Self| match cell {
            Self::One(cell) => figures.get(cell).is_some(),
            Self::Categories(figure) => figures.categories(figure).next().is_some(),
        };
        cells.iter().all(is_stated).then(|| Self::stated(cells, figures))
    }
}
