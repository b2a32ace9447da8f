//! What a kind of report has to contain, and what has to hold among its
//! figures. Templates are data with a version, and follow the columns that a
//! federation reports in.

mod load;

use crate::domain::definition::{Cell, Definitions};
use crate::domain::figures::Figures;

pub use load::{LoadError, load};

/// A kind of report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its code: `status_report`.
    pub code: String,
    /// Its version.
    pub version: i32,
    /// The chapters it has to have.
    pub sections: Vec<Section>,
    /// What has to hold among its figures.
    pub relations: Vec<Relation>,
}

/// A chapter that a report has to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its code: `participants`.
    pub code: String,
    /// True when each team or area has one of its own.
    pub is_per_subject: bool,
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
