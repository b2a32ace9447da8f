//! Requisitions as a file has them: a row for each cost line.

use std::collections::BTreeMap;

use values::{Ore, name::PartyName};

use super::{Cell, Column, Row, Table, words};
use crate::domain::requisition_list::RequisitionLine;

const fn column(heading: &'static str, width: u8) -> Column {
    Column { heading, width }
}

const COLUMNS: &[Column] = &[
    column("Rekvisition", 32),
    column("Diarienummer", 16),
    column("Rättar", 32),
    column("Beslut", 28),
    column("Mottagare", 36),
    column("Huvudman", 28),
    column("Organisationsnummer", 18),
    column("Första dag", 12),
    column("Sista dag", 12),
    column("Läge", 18),
    column("Kostnadsslag", 24),
    column("Avser", 40),
    column("Heltidstjänster", 14),
    column("Belopp", 18),
    column("Betalas till", 24),
    column("Betald", 12),
];

/// The column that is summed.
const AMOUNT: usize = 13;

/// The lines, with their sum; `None` when it does not fit.
pub(crate) fn table(
    lines: Vec<RequisitionLine>,
    names: &BTreeMap<PartyName, String>,
) -> Option<Table> {
    let sum = Ore::sum(lines.iter().map(|line| line.amount))?;
    let mut rows: Vec<Row> = lines.into_iter().map(|line| row(line, names)).collect();
    let mut cells = vec![Cell::Empty; COLUMNS.len()];
    cells[0] = Cell::Text("Summa".to_owned());
    cells[AMOUNT] = Cell::Kronor(sum);
    rows.push(Row { is_total: true, cells });
    Some(Table { title: "Rekvisitioner", columns: COLUMNS.to_vec(), rows })
}

fn row(line: RequisitionLine, names: &BTreeMap<PartyName, String>) -> Row {
    let RequisitionLine {
        requisition,
        corrects,
        grant,
        recipient,
        party,
        organisation_number,
        dnr,
        period,
        state,
        kind,
        description,
        fte_percent,
        amount,
        payment_reference,
        payment_date,
    } = line;
    let party = names.get(&party).cloned().unwrap_or_else(|| party.id.to_string());
    let cells = vec![
        Cell::text(requisition),
        Cell::text(dnr),
        corrects.map_or(Cell::Empty, Cell::text),
        Cell::text(grant),
        Cell::text(recipient),
        Cell::text(party),
        Cell::text(organisation_number),
        Cell::Day(period.first_day()),
        Cell::Day(period.last_day()),
        Cell::text(words::state(state)),
        Cell::text(words::cost_kind(kind)),
        Cell::text(description),
        if fte_percent == 0 { Cell::Empty } else { Cell::FullTime(fte_percent.into()) },
        Cell::Kronor(amount),
        Cell::text(payment_reference),
        payment_date.map_or(Cell::Empty, Cell::Day),
    ];
    Row { is_total: false, cells }
}
