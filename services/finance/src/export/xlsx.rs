//! A table as a workbook: real numbers, days and shares with number formats, the
//! headings bold and frozen, a filter over the rows.

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
};

use super::{Cell, Row, Table};

/// Formats that every program shows the way its reader writes numbers.
const KRONOR: &str = "#,##0.00\\ \"kr\"";
const PERCENT: &str = "0%";
const FULL_TIME: &str = "0.00";
const DAY: &str = "yyyy\\-mm\\-dd";

pub(super) fn write(table: &Table, as_of: NaiveDate) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    // No name of a person or a machine, and a day that the same figures repeat.
    let properties =
        DocProperties::new().set_title(table.title).set_creation_datetime(&excel_day(as_of)?);
    workbook.set_properties(&properties);
    let sheet = workbook.add_worksheet();
    sheet.set_name(table.title)?;
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Thin);
    for (place, column) in (0..).zip(&table.columns) {
        sheet.set_column_width(place, column.width)?;
        sheet.write_string_with_format(0, place, column.heading, &heading)?;
    }
    for (line, row) in (1..).zip(&table.rows) {
        let Row { is_total, cells } = row;
        for (place, cell) in (0..).zip(cells) {
            write_cell(sheet, (line, place), cell, *is_total)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    // The total at the end stays where it is, whatever is filtered or sorted.
    let last_row = table.rows.iter().rposition(|row| !row.is_total).map_or(0, |row| row + 1);
    let last_column = table.columns.len().saturating_sub(1);
    sheet.autofilter(0, 0, u32::try_from(last_row)?, u16::try_from(last_column)?)?;
    Ok(workbook.save_to_buffer()?)
}

fn write_cell(
    sheet: &mut Worksheet,
    (line, place): (u32, u16),
    cell: &Cell,
    is_total: bool,
) -> anyhow::Result<()> {
    let plain = || match is_total {
        true => Format::new().set_bold().set_border_top(FormatBorder::Thin),
        false => Format::new(),
    };
    let number = |format: &str| plain().set_num_format(format);
    match cell {
        Cell::Empty => sheet.write_blank(line, place, &plain())?,
        Cell::Text(text) => sheet.write_string_with_format(line, place, text, &plain())?,
        Cell::Kronor(amount) => {
            let kronor = hundredths(amount.get());
            sheet.write_number_with_format(line, place, kronor, &number(KRONOR))?
        }
        Cell::Percent(percent) => {
            sheet.write_number_with_format(line, place, hundredths(*percent), &number(PERCENT))?
        }
        Cell::FullTime(percent) => {
            sheet.write_number_with_format(line, place, hundredths(*percent), &number(FULL_TIME))?
        }
        Cell::Day(day) => {
            let day = excel_day(*day)?;
            sheet.write_datetime_with_format(line, place, &day, &number(DAY))?
        }
    };
    Ok(())
}

/// Exact to the last digit shown: the largest amount has far fewer digits than a
/// floating-point number keeps.
fn hundredths(number: i64) -> f64 {
    number as f64 / 100.0
}

fn excel_day(day: NaiveDate) -> anyhow::Result<ExcelDateTime> {
    let year = u16::try_from(day.year())?;
    let month = u8::try_from(day.month())?;
    Ok(ExcelDateTime::from_ymd(year, month, u8::try_from(day.day())?)?)
}
