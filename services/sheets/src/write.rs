//! Writes a table of texts as a file: a workbook, or text the way a Swedish spreadsheet
//! program opens it. No name of a person or a machine gets into either.

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};
use csv::{Terminator, WriterBuilder};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatBorder, Workbook};

use crate::csv_file::BYTE_ORDER_MARK;

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

/// UTF-8 with a byte order mark, semicolons and CRLF.
///
/// # Errors
/// When a row has not a text for each heading.
pub fn csv(table: &Texts) -> anyhow::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .delimiter(b';')
        .terminator(Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    for row in std::iter::once(&table.headings).chain(&table.rows) {
        writer.write_record(row.iter().map(|text| harmless(text)))?;
    }
    writer.into_inner().ok().context("a table is written in memory")
}

/// A workbook with one sheet, its headings frozen and a filter over the rows.
///
/// # Errors
/// When it is larger than a workbook may be, or its name is none for a sheet.
pub fn workbook(table: &Texts, day: NaiveDate) -> anyhow::Result<Vec<u8>> {
    let Texts { title, headings, rows } = table;
    let mut workbook = Workbook::new();
    let (year, month) = (u16::try_from(day.year())?, u8::try_from(day.month())?);
    let day = ExcelDateTime::from_ymd(year, month, u8::try_from(day.day())?)?;
    let properties = DocProperties::new().set_title(title).set_creation_datetime(&day);
    workbook.set_properties(&properties);
    let sheet = workbook.add_worksheet();
    sheet.set_name(title)?;
    let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    for (column, heading) in (0..).zip(headings) {
        sheet.set_column_width(column, WIDTH)?;
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (column, text) in (0..).zip(row) {
            sheet.write_string(line, column, text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let last_column = u16::try_from(headings.len().saturating_sub(1))?;
    sheet.autofilter(0, 0, u32::try_from(rows.len())?, last_column)?;
    Ok(workbook.save_to_buffer()?)
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

    fn table() -> Texts {
        let row = ["Hallstahammar", "=1+1"].map(str::to_owned).to_vec();
        let headings = ["Kommun", "Kön"].map(str::to_owned).to_vec();
        Texts { title: "Ärenden".to_owned(), headings, rows: vec![row] }
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
}
