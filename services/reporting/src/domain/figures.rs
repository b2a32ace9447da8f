//! What is stated of one team, area or federation at one time: a number or a
//! date in each cell.
//!
//! A cell that is not stated is not 0.

use std::collections::BTreeMap;

use values::Period;

use crate::domain::definition::{Cell, TOTAL};
use crate::domain::quantity::Quantity;
use crate::domain::reported_figures::Counts;

/// What stands in one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A number: of people, of full-time positions, of percent.
    Number(Quantity),
    /// A date, as the days that it may be: a month that is stated without a day
    /// is all its days.
    Date(Period),
}

/// The cells that are stated, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures(BTreeMap<Cell, Value>);

impl Figures {
    /// What stands in a cell.
    #[must_use]
    pub fn get(&self, cell: &Cell) -> Option<Value> {
        self.0.get(cell).copied()
    }

    /// The number in a cell.
    #[must_use]
    pub fn number(&self, cell: &Cell) -> Option<Quantity> {
        match self.get(cell)? {
            Value::Number(number) => Some(number),
            Value::Date(_) => None,
        }
    }

    /// The date in a cell.
    #[must_use]
    pub fn date(&self, cell: &Cell) -> Option<Period> {
        match self.get(cell)? {
            Value::Date(date) => Some(date),
            Value::Number(_) => None,
        }
    }

    /// The cells of a figure's categories, without its total.
    pub fn categories<'a>(&'a self, figure: &'a str) -> impl Iterator<Item = &'a Cell> {
        let first = Cell::new(figure, "");
        let of_figure = self.0.range(first..).map(|(cell, _)| cell);
        let of_figure = of_figure.take_while(move |cell| cell.figure == figure);
        of_figure.filter(|cell| cell.category != TOTAL)
    }

    /// All cells, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&Cell, Value)> {
        self.0.iter().map(|(cell, value)| (cell, *value))
    }

    /// The same with another value in a cell.
    #[must_use]
    pub fn with(mut self, cell: Cell, value: Value) -> Self {
        self.0.insert(cell, value);
        self
    }
}

impl From<&Counts> for Figures {
    fn from(counts: &Counts) -> Self {
        let value = |count| Value::Number(Quantity::count(count));
        counts.iter().map(|(cell, count)| (cell.clone(), value(count))).collect()
    }
}

impl FromIterator<(Cell, Value)> for Figures {
    fn from_iter<Cells: IntoIterator<Item = (Cell, Value)>>(cells: Cells) -> Self {
        Self(cells.into_iter().collect())
    }
}
