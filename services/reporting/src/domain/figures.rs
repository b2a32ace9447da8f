//! What is stated of one team, area or federation at one time: a number or a
//! date in each cell.
//!
//! A cell that is not stated is not 0.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use values::Period;

use crate::domain::definition::{Cell, TOTAL};
use crate::domain::language::Language;
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

impl Value {
    /// Reads a number, `195` or `6.5`, a day, `2024-10-01`, or a month, `2024-10`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let (first, last) = match parts.as_slice() {
            [_] => return Quantity::parse(text).map(Self::Number),
            [year, month] if year.len() == 4 && month.len() == 2 => {
                let first: NaiveDate = format!("{text}-01").parse().ok()?;
                (first, first.checked_add_months(Months::new(1))?.pred_opt()?)
            }
            [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
                let day: NaiveDate = text.parse().ok()?;
                (day, day)
            }
            _ => return None,
        };
        Period::new("date", first, last).ok().map(Self::Date)
    }

    /// The text that [`Value::parse`] reads it from.
    #[must_use]
    pub fn plain(self) -> String {
        match self {
            Self::Number(number) => number.plain(),
            Self::Date(date) if date.first_day() == date.last_day() => date.first_day().to_string(),
            Self::Date(date) => date.first_day().format("%Y-%m").to_string(),
        }
    }

    /// The count it is, when it is a number without decimals.
    #[must_use]
    pub fn as_count(self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_count(),
            Self::Date(_) => None,
        }
    }

    /// As people read it: `58,2` or `58.2`; dates are the same in both languages.
    #[must_use]
    pub fn shown(self, language: Language) -> String {
        match self {
            Self::Number(number) => number.shown(language),
            Self::Date(_) => self.plain(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_day_and_a_month_read_back_as_they_were_written() {
        for text in ["0", "195", "6.5", "2024-10-01", "2024-10", "2023-02"] {
            assert_eq!(Value::parse(text).unwrap().plain(), text);
        }
        assert_eq!(Value::parse("6,5").unwrap().plain(), "6.5");
        for text in ["", "-1", "2024-13", "2024-02-30", "24-10", "2024-10-01-01", "ett", "2024-1"] {
            assert_eq!(Value::parse(text), None, "{text}");
        }
    }
}
