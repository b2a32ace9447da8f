//! The staffing matrix as a file has it.

use super::{Cell, Column, Row, Table};
use crate::domain::staffing_financing::matrix::{self, Area, Matrix, Sum};

const fn column(heading: &'static str, width: u8) -> Column {
    Column { heading, width }
}

const COLUMNS: &[Column] = &[
    column("Länsdel", 24),
    column("Kommun", 32),
    column("Betalas av kommunen", 14),
    column("Betalas av förbundet", 14),
    column("Tillsammans", 14),
    column("Heltidstjänster", 14),
];

/// The areas with their sums, the total, and below it what belongs to no
/// municipality.
pub(crate) fn table(matrix: Matrix) -> Table {
    let Matrix { areas, total, outside_areas } = matrix;
    let mut rows = Vec::new();
    for Area { area, rows: municipalities, total } in areas {
        let name = area.map_or_else(|| "Utan länsdel".to_owned(), |(_, name)| name);
        rows.extend(municipalities.into_iter().map(|row| line(&name, row)));
        rows.push(sum(&format!("Summa {name}"), total));
    }
    rows.push(sum("Totalt", total));
    rows.extend(outside_areas.into_iter().map(|row| line("Utanför kommunerna", row)));
    Table { title: "Bemanning", columns: COLUMNS.to_vec(), rows }
}

fn line(area: &str, row: matrix::Row) -> Row {
    let matrix::Row { municipality: _, display_name, sum } = row;
    cells(area, &display_name, sum, false)
}

fn sum(name: &str, sum: Sum) -> Row {
    cells(name, "", sum, true)
}

fn cells(area: &str, municipality: &str, sum: Sum, is_total: bool) -> Row {
    let cells = vec![
        Cell::text(area),
        Cell::text(municipality),
        Cell::Percent(sum.by_municipality_percent),
        Cell::Percent(sum.by_federation_percent),
        Cell::Percent(sum.percent()),
        Cell::FullTime(sum.percent()),
    ];
    Row { is_total, cells }
}
