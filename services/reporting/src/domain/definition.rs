//! What the figures mean: figures, the partitions that divide them, and the
//! categories of each. The definitions are data with a version.

mod load;

use std::collections::BTreeMap;

pub use load::{LoadError, load};

use crate::domain::language::Language;

/// The category under which a figure's whole is reported.
pub const TOTAL: &str = "total";

/// A consistent set of definitions: every code is there once, every partition
/// has a total, every cell belongs to one partition, and ages are covered once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definitions {
    version: i32,
    figures: Vec<Figure>,
    positions: BTreeMap<Cell, usize>,
    subsets: Vec<(Cell, Cell)>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// In Swedish.
    pub sv: String,
    /// In English.
    pub en: String,
}

impl Text {
    /// The text in one of the languages.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Swedish => &self.sv,
            Language::English => &self.en,
        }
    }
}

/// Something that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its code: `participants`.
    pub code: String,
    /// What it counts.
    pub text: Text,
    /// How it divides.
    pub partitions: Vec<Partition>,
}

/// One division of a figure into categories that sum to the figure's total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// Its code: `participants_by_age`.
    pub code: String,
    /// The name its categories are reported under.
    pub reported_as: String,
    /// Its heading.
    pub text: Text,
    /// Its categories, in the order they are shown.
    pub categories: Vec<Category>,
}

/// One part of a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its code: `woman`.
    pub code: String,
    /// Its heading.
    pub text: Text,
}

/// What one count is a count of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The figure, or the name a partition is reported as.
    pub figure: String,
    /// [`TOTAL`] or a category.
    pub category: String,
}

impl Cell {
    /// A cell.
    #[must_use]
    pub fn new(figure: &str, category: &str) -> Self {
        Self { figure: figure.to_owned(), category: category.to_owned() }
    }
}

impl Definitions {
    /// Their version.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.version
    }

    /// The figures, in the order they are shown.
    #[must_use]
    pub fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// Where a cell stands when cells are shown in order; `None` for a cell that
    /// is not defined.
    #[must_use]
    pub fn position(&self, cell: &Cell) -> Option<usize> {
        self.positions.get(cell).copied()
    }

    /// The cell that a category is a part of: of a figure without a definition, its
    /// own total.
    #[must_use]
    pub fn whole_of(&self, cell: &Cell) -> Cell {
        let divides = |figure: &&Figure| {
            figure.partitions.iter().any(|partition| partition.reported_as == cell.figure)
        };
        let figure = self.figures.iter().find(divides);
        figure.map_or_else(|| Cell::new(&cell.figure, TOTAL), Figure::total_cell)
    }

    /// True when counts may be reported under the name.
    #[must_use]
    pub fn is_figure(&self, figure: &str) -> bool {
        self.positions.keys().any(|cell| cell.figure == figure)
    }

    /// Cells of which the first counts people that the second counts, too.
    #[must_use]
    pub fn subsets(&self) -> &[(Cell, Cell)] {
        &self.subsets
    }

    fn new(version: i32, figures: Vec<Figure>, subsets: &[(String, String)]) -> Self {
        let cells = figures.iter().flat_map(Figure::cells);
        let positions: BTreeMap<Cell, usize> =
            cells.enumerate().map(|(position, cell)| (cell, position)).collect();
        let mut pairs = Vec::new();
        for (part, whole) in subsets {
            let of_part = figures.iter().filter(|figure| figure.code == *part);
            let own = of_part.flat_map(Figure::cells).filter(|cell| cell.figure == *part);
            pairs.extend(own.map(|cell| (Cell::new(whole, &cell.category), cell)));
        }
        pairs.retain(|(whole, _)| positions.contains_key(whole));
        let subsets = pairs.into_iter().map(|(whole, part)| (part, whole)).collect();
        Self { version, figures, positions, subsets }
    }
}

impl Figure {
    /// The cell of its whole.
    #[must_use]
    pub fn total_cell(&self) -> Cell {
        Cell::new(&self.code, TOTAL)
    }

    fn cells(&self) -> Vec<Cell> {
        let parts = self.partitions.iter().flat_map(Partition::cells);
        std::iter::once(self.total_cell()).chain(parts).collect()
    }
}

impl Partition {
    /// The cells of its categories, in order.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        self.categories.iter().map(|category| Cell::new(&self.reported_as, &category.code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_in_the_order_of_the_figures_the_total_first() {
        let definitions = load(include_str!("../../definitions/figures.toml")).unwrap();
        let position = |figure, category| definitions.position(&Cell::new(figure, category));
        assert_eq!(position("participants", TOTAL), Some(0));
        assert_eq!(position("participants", "woman"), Some(1));
        assert_eq!(position("participants_by_age", "under_30"), Some(5));
        assert_eq!(position("new_participants", TOTAL), Some(7));
        assert_eq!(position("participants_by_age", TOTAL), None);
    }

    #[test]
    fn who_is_new_or_has_ended_is_a_participant_of_the_same_sex() {
        let definitions = load(include_str!("../../definitions/figures.toml")).unwrap();
        let cell = |(figure, category)| Cell::new(figure, category);
        let pairs = [
            (("new_participants", TOTAL), ("participants", TOTAL)),
            (("new_participants", "woman"), ("participants", "woman")),
            (("exits", TOTAL), ("participants", TOTAL)),
        ];
        for (part, whole) in pairs {
            assert!(definitions.subsets().contains(&(cell(part), cell(whole))), "{part:?}");
        }
        assert!(definitions.subsets().iter().all(|(part, _)| part.category != "work"));
    }
}
