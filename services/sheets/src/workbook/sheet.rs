//! The cells of one sheet, as records. Cells are read one by one and kept only
//! where something stands in them: a sheet that says it reaches to its last
//! possible cell costs nothing.

use std::{
    collections::BTreeMap,
    io::{Read, Seek},
};

use calamine::{DataRef, Dimensions, ExcelDateTime, Xlsx};
use chrono::NaiveDate;
use values::Fault;

use super::{archive::Limits, format::Shown, unreadable};
use crate::{
    cell::iso_date,
    record::{Record, letter},
    value::{Cell, Value, digits, text_cell},
};

/// What may still be kept of a workbook. One long text that every cell repeats
/// would otherwise fill the memory from a small file.
pub(super) struct Budget {
    /// How many rows a sheet may have below the names of the columns.
    rows: u32,
    cells: usize,
    text_bytes: usize,
    merged_cells: usize,
}

impl Budget {
    /// All that a workbook may hold.
    pub(super) fn of(limits: &Limits) -> Self {
        let Limits { rows, cells, text_bytes, .. } = *limits;
        Self { rows, cells, text_bytes, merged_cells: 10_000 }
    }

    fn take(&mut self, cell: &Cell) -> Result<(), Fault> {
        let text_bytes = match cell {
            Ok(Value::Text(text) | Value::Time(text)) => text.len(),
            Ok(
                Value::Number(_)
                | Value::Percentage(_)
                | Value::Currency(..)
                | Value::Date(_)
                | Value::Boolean(_),
            )
            | Err(_) => 0,
        };
        let cells = self.cells.checked_sub(1);
        let left = cells.zip(self.text_bytes.checked_sub(text_bytes));
        (self.cells, self.text_bytes) = left.ok_or_else(|| too_much(self.rows))?;
        Ok(())
    }
}

fn too_much(rows: u32) -> Fault {
    Fault::new("", "SHEET_TOO_LARGE").with("rows", rows)
}

/// Regions of merged cells that a sheet may have.
const MOST_REGIONS: usize = 20_000;

/// The cells of a sheet, by row and column counted from 0.
type Cells = BTreeMap<u32, BTreeMap<usize, Cell>>;

/// True when nothing stands on a sheet.
///
/// # Errors
/// When the sheet cannot be read.
pub(super) fn is_empty<RS: Read + Seek>(xlsx: &mut Xlsx<RS>, sheet: &str) -> Result<bool, Fault> {
    let mut reader = xlsx.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
    loop {
        let next = reader.next_cell_with_formula_metadata().map_err(|error| unreadable(&error))?;
        let Some(cell) = next else { return Ok(true) };
        if cell.formula.is_some() || kept(cell.value, &Shown::Plain).is_some() {
            return Ok(false);
        }
    }
}

/// Reads the rows in which anything stands.
///
/// # Errors
/// When the sheet cannot be read, or is too large.
pub(super) fn records<RS: Read + Seek>(
    xlsx: &mut Xlsx<RS>,
    sheet: &str,
    budget: &mut Budget,
) -> Result<Vec<Record>, Fault> {
    let mut cells = values(xlsx, sheet, budget)?;
    for (row, column) in uncalculated(xlsx, sheet)? {
        let cell = Err(Fault::new("", "FORMULA_NOT_CALCULATED"));
        keep(&mut cells, (row, column), cell, budget)?;
    }
    let merged = xlsx.merge_cells_by_sheet_name(sheet).map_err(|error| unreadable(&error))?;
    tell_merged(&mut cells, &merged, budget)?;
    let record = |(row, cells)| Record { line: u64::from(row) + 1, cells, length: None };
    Ok(cells.into_iter().map(record).collect())
}

fn values<RS: Read + Seek>(
    xlsx: &mut Xlsx<RS>,
    sheet: &str,
    budget: &mut Budget,
) -> Result<Cells, Fault> {
    let mut reader = xlsx.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
    let styles: Vec<Shown> = reader.styles().iter().map(Shown::of).collect();
    let mut cells = Cells::new();
    loop {
        let next = reader.next_cell_with_style_id().map_err(|error| unreadable(&error))?;
        let Some((cell, style)) = next else { return Ok(cells) };
        let at = cell.get_position();
        let shown = styles.get(style).unwrap_or(&Shown::Plain);
        if let Some(cell) = kept(cell.get_value().clone(), shown) {
            keep(&mut cells, at, cell, budget)?;
        }
    }
}

/// The cells with a formula and no value: the program that wrote them left it to
/// the next one to calculate.
fn uncalculated<RS: Read + Seek>(
    xlsx: &mut Xlsx<RS>,
    sheet: &str,
) -> Result<Vec<(u32, u32)>, Fault> {
    let mut reader = xlsx.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
    let mut found = Vec::new();
    loop {
        let next = reader.next_cell_with_formula_metadata().map_err(|error| unreadable(&error))?;
        let Some(cell) = next else { return Ok(found) };
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            found.push(cell.pos);
        }
    }
}

fn keep(
    cells: &mut Cells,
    (row, column): (u32, u32),
    cell: Cell,
    budget: &mut Budget,
) -> Result<(), Fault> {
    if row > budget.rows {
        return Err(too_much(budget.rows));
    }
    budget.take(&cell)?;
    cells.entry(row).or_default().insert(column as usize, cell);
    Ok(())
}

/// A value fills one cell of those that are merged, and the others look filled
/// and are empty. Which rows it was meant for, nobody can tell.
fn tell_merged(cells: &mut Cells, merged: &[Dimensions], budget: &mut Budget) -> Result<(), Fault> {
    // The header is the first row that is not empty.
    let header = cells.values().next();
    let Some(last) = header.and_then(|header| header.keys().next_back()).copied() else {
        return Ok(());
    };
    if merged.len() > MOST_REGIONS {
        return Err(too_much(budget.rows));
    }
    for region in merged {
        let (first_row, first_column) = region.start;
        let (last_row, last_column) = region.end;
        let columns = first_column as usize..=last.min(last_column as usize);
        // What lies beside the columns with a name costs nothing; every row of the others
        // is paid for below.
        if first_row > last_row || columns.is_empty() {
            continue;
        }
        let name = |(row, column): (u32, u32)| format!("{}{}", letter(column as usize), row + 1);
        let range = format!("{}:{}", name(region.start), name(region.end));
        for row in cells.range_mut(first_row..=last_row).map(|(_, row)| row) {
            for column in columns.clone() {
                let left = budget.merged_cells.checked_sub(1);
                budget.merged_cells = left.ok_or_else(|| too_much(budget.rows))?;
                let fault = Fault::new("", "CELLS_MERGED").with("range", &range);
                row.insert(column, Err(fault));
            }
        }
    }
    Ok(())
}

/// What is kept of a cell: nothing of an empty one.
fn kept(value: DataRef<'_>, shown: &Shown) -> Option<Cell> {
    let value = match value {
        DataRef::Empty => return None,
        DataRef::String(text) => return filled(text_cell(&text)),
        DataRef::SharedString(text) => return filled(text_cell(text)),
        DataRef::Error(error) => {
            return Some(Err(Fault::new("", "CELL_ERROR").with("error", error)));
        }
        // No workbook keeps whole numbers apart; another reader's might.
        DataRef::Int(number) => shown.value(number as f64),
        DataRef::Float(number) => shown.value(number),
        DataRef::Bool(truth) => Value::Boolean(truth),
        DataRef::DateTime(time) => day_or_time(time),
        DataRef::DateTimeIso(text) => {
            let day = text.split_once("T00:00:00").map_or(text.as_str(), |(day, _)| day);
            iso_date(day).map_or(Value::Time(text.clone()), Value::Date)
        }
        DataRef::DurationIso(text) => Value::Time(text),
    };
    Some(Ok(value))
}

fn filled(cell: Cell) -> Option<Cell> {
    let is_empty = cell.as_ref().is_ok_and(Value::is_empty);
    (!is_empty).then_some(cell)
}

/// A day when the cell has no time of day, and lies in a calendar that programs
/// agree on: some count from 1900 with a day too many.
fn day_or_time(time: ExcelDateTime) -> Value {
    let number = time.as_f64();
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let is_day =
        time.is_datetime() && number.fract() == 0.0 && (FIRST_SURE_DAY..END).contains(&number);
    match date {
        Some(date) if is_day => Value::Date(date),
        Some(date) if time.is_datetime() => {
            Value::Time(format!("{date} {hour:02}:{minute:02}:{second:02}"))
        }
        Some(_) | None => Value::Time(digits(number)),
    }
}

/// The first of March 1900, and the first day of the year 10000.
const FIRST_SURE_DAY: f64 = 61.0;
const END: f64 = 2_958_466.0;

#[cfg(test)]
mod tests;
