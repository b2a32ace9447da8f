//! Writes a table as a file: a workbook, or text the way a Swedish spreadsheet
//! program opens it. No name of a person or a machine gets into either.

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};
use csv::{Terminator, WriterBuilder};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook, Worksheet};

use crate::csv_file::BYTE_ORDER_MARK;

/// The type of a workbook.
pub const WORKBOOK_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The type of text.
pub const CSV_TYPE: &str = "text/csv; charset=utf-8";

/// How wide a column is, in characters.
const WIDTH: f64 = 24.0;

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// What it is called; the name of its sheet.
    pub title: String,
    /// The headings.
    pub headings: Vec<String>,
    /// The rows, a text for each heading.
    pub rows: Vec<Vec<String>>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it is called; the name of its sheet.
    pub title: String,
    /// The headings.
    pub headings: Vec<String>,
    /// The rows, a cell for each heading.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A number of hundredths: öre of a krona.
    Hundredths(i64),
}

impl From<Texts> for Table {
    fn from(texts: Texts) -> Self {
        let Texts { title, headings, rows } = texts;
        let row = |row: Vec<String>| row.into_iter().map(Cell::Text).collect();
        Self { title, headings, rows: rows.into_iter().map(row).collect() }
    }
}

/// UTF-8 with a byte order mark, semicolons, decimal commas and CRLF.
///
/// # Errors
/// When a row has not a cell for each heading.
pub fn csv(table: &Table) -> anyhow::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .delimiter(b';')
        .terminator(Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(table.headings.iter().map(|heading| harmless(heading)))?;
    for row in &table.rows {
        writer.write_record(row.iter().map(written))?;
    }
    writer.into_inner().ok().context("a table is written in memory")
}

/// A workbook with one sheet, its headings frozen and a filter over the rows.
///
/// # Errors
/// When it is larger than a workbook may be, or its name is none for a sheet.
pub fn workbook(table: &Table, day: NaiveDate) -> anyhow::Result<Vec<u8>> {
    workbook_of(&table.title, std::slice::from_ref(table), day)
}

/// A workbook with a sheet for each table, in order.
///
/// # Errors
/// When it is larger than a workbook may be, or a table's name is none for a sheet or
/// another's.
pub fn workbook_of(title: &str, tables: &[Table], day: NaiveDate) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let (year, month) = (u16::try_from(day.year())?, u8::try_from(day.month())?);
    let day = ExcelDateTime::from_ymd(year, month, u8::try_from(day.day())?)?;
    let properties = DocProperties::new().set_title(title).set_creation_datetime(&day);
    workbook.set_properties(&properties);
    for table in tables {
        write_sheet(workbook.add_worksheet(), table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_sheet(sheet: &mut Worksheet, table: &Table) -> anyhow::Result<()> {
    let Table { title, headings, rows } = table;
    sheet.set_name(title)?;
    let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    for (column, heading) in (0..).zip(headings) {
        sheet.set_column_width(column, WIDTH)?;
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    let decimals = Format::new().set_num_format("#,##0.00");
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Empty => sheet.write_blank(line, column, &Format::new())?,
                Cell::Text(text) => sheet.write_string(line, column, text)?,
                Cell::Number(number) => sheet.write_number(line, column, *number as f64)?,
                Cell::Hundredths(number) => {
                    let number = *number as f64 / 100.0;
                    sheet.write_number_with_format(line, column, number, &decimals)?
                }
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let last_column = u16::try_from(headings.len().saturating_sub(1))?;
    sheet.autofilter(0, 0, u32::try_from(rows.len())?, last_column)?;
    Ok(())
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Number(number) => number.to_string(),
        Cell::Hundredths(number) => {
            let sign = if *number < 0 { "-" } else { "" };
            let digits = number.unsigned_abs();
            format!("{sign}{},{:02}", digits / 100, digits % 100)
        }
    }
}

/// A text that no program takes for a formula and runs.
fn harmless(text: &str) -> String {
    let begins_a_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if begins_a_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        csv_file::Records,
        value::Value,
        workbook::{Limits, Workbook as Opened},
    };

    fn table() -> Table {
        let row = ["Hallstahammar", "=1+1"].map(str::to_owned).to_vec();
        let headings = ["Kommun", "Kön"].map(str::to_owned).to_vec();
        Texts { title: "Ärenden".to_owned(), headings, rows: vec![row] }.into()
    }

    fn texts(cells: impl IntoIterator<Item = crate::value::Cell>) -> Vec<String> {
        cells.into_iter().map(|cell| cell.unwrap().text()).collect()
    }

    #[test]
    fn what_is_written_as_text_reads_back_and_begins_no_formula() {
        let bytes = csv(&table()).unwrap();
        let records: Vec<_> = Records::of_any(&bytes).collect();
        let [headings, row] = records.try_into().unwrap();
        assert_eq!(texts(headings.cells.into_values()), ["Kommun", "Kön"]);
        assert_eq!(texts(row.cells.into_values()), ["Hallstahammar", "'=1+1"]);
    }

    #[test]
    fn what_is_written_as_a_workbook_reads_back_as_texts() {
        let day = NaiveDate::from_ymd_opt(2025, 7, 15).unwrap();
        let bytes = workbook(&table(), day).unwrap();
        let mut book = Opened::open(&bytes, &Limits::SMALL).unwrap();
        let sheets = book.filled_sheets().unwrap();
        assert_eq!(sheets[0].name, "Ärenden");
        let records = book.records(&sheets[0]).unwrap();
        assert_eq!(records[1].cells[&1], Ok(Value::Text("=1+1".to_owned())));
    }

    #[test]
    fn numbers_are_numbers_in_a_workbook_and_have_a_decimal_comma_as_text() {
        let row = vec![Cell::Number(42), Cell::Hundredths(-17_205), Cell::Empty];
        let headings = ["Deltagare", "Kronor", "Inget"].map(str::to_owned).to_vec();
        let table = Table { title: "Tal".to_owned(), headings, rows: vec![row] };
        let text = String::from_utf8(csv(&table).unwrap()).unwrap();
        assert!(text.ends_with("42;-172,05;\r\n"), "{text}");
        let day = NaiveDate::from_ymd_opt(2025, 7, 15).unwrap();
        let bytes = workbook(&table, day).unwrap();
        let mut book = Opened::open(&bytes, &Limits::SMALL).unwrap();
        let sheets = book.filled_sheets().unwrap();
        let records = book.records(&sheets[0]).unwrap();
        assert!(!matches!(records[1].cells[&0], Ok(Value::Text(_))), "{:?}", records[1]);
        assert_eq!(workbook(&table, day).unwrap(), bytes);
    }
}
