//! A table as text, the way a Swedish spreadsheet program opens it: UTF-8 with a
//! byte order mark, semicolons, decimal commas, CRLF.

use anyhow::Context as _;
use csv::{Terminator, WriterBuilder};
use values::formula::disarmed;

use super::{Cell, Row, Table, decimals};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn write(table: &Table) -> anyhow::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .delimiter(b';')
        .terminator(Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(table.columns.iter().map(|column| column.heading))?;
    for Row { is_total: _, cells } in &table.rows {
        writer.write_record(cells.iter().map(cell))?;
    }
    writer.into_inner().ok().context("a table is written in memory")
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => disarmed(text),
        Cell::Kronor(amount) => decimals(amount.get(), ','),
        Cell::Percent(percent) => format!("{percent}%"),
        Cell::FullTime(percent) => decimals(*percent, ','),
        Cell::Day(day) => day.to_string(),
    }
}
