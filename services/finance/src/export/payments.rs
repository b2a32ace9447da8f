//! Payments as a file has them: each party's, and what it gets.

use values::Ore;

use super::{Cell, Column, Row, Table};
use crate::domain::payment_list::{PartyPayments, Payment};

const fn column(heading: &'static str, width: u8) -> Column {
    Column { heading, width }
}

/// Which payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Approved, and not paid.
    Due,
    /// Paid.
    Paid,
}

impl Which {
    fn columns(self) -> Vec<Column> {
        let mut columns = vec![
            column("Huvudman", 32),
            column("Organisationsnummer", 18),
            column("Betalas till", 24),
            column("Rekvisition", 32),
            column("Diarienummer", 16),
            column("Belopp", 18),
        ];
        columns.extend(match self {
            Which::Due => vec![column("Att betala nu", 18)],
            Which::Paid => vec![column("Betald", 12), column("Bankens referens", 24)],
        });
        columns
    }
}

/// The payments, each party's with a sum; `None` when a sum does not fit. A sum
/// below zero is what the party owes: nothing is due to it.
pub(crate) fn table(which: Which, parties: Vec<PartyPayments>) -> Option<Table> {
    let sum = Ore::sum(parties.iter().map(|party| party.sum))?;
    let due = Ore::sum(parties.iter().map(PartyPayments::due))?;
    let mut rows = Vec::new();
    for party in parties {
        let of_party = (party.sum, party.due());
        let PartyPayments { display_name, payments, sum: _ } = party;
        rows.extend(payments.into_iter().map(|payment| row(which, &display_name, payment)));
        rows.push(total(which, &format!("Summa {display_name}"), of_party));
    }
    rows.push(total(which, "Totalt", (sum, due)));
    let title = match which {
        Which::Due => "Att betala",
        Which::Paid => "Utbetalningar",
    };
    Some(Table { title, columns: which.columns(), rows })
}

fn row(which: Which, display_name: &str, payment: Payment) -> Row {
    let Payment {
        requisition,
        party: _, // Told by its name.
        organisation_number,
        payment_reference,
        dnr,
        amount,
        payment_date,
        bank_reference,
    } = payment;
    let mut cells = vec![
        Cell::text(display_name),
        Cell::text(organisation_number),
        Cell::text(payment_reference),
        Cell::text(requisition),
        Cell::text(dnr),
        Cell::Kronor(amount),
    ];
    cells.extend(match which {
        Which::Due => vec![Cell::Empty],
        Which::Paid => {
            vec![payment_date.map_or(Cell::Empty, Cell::Day), Cell::text(bank_reference)]
        }
    });
    Row { is_total: false, cells }
}

fn total(which: Which, name: &str, (sum, due): (Ore, Ore)) -> Row {
    let mut cells = vec![Cell::text(name)];
    cells.resize(5, Cell::Empty);
    cells.push(Cell::Kronor(sum));
    cells.extend(match which {
        Which::Due => vec![Cell::Kronor(due)],
        Which::Paid => vec![Cell::Empty, Cell::Empty],
    });
    Row { is_total: true, cells }
}
