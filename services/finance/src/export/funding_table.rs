//! The funding table as a file has it.

use values::Ore;

use super::{Cell, Column, Row, Table, decimals, words};
use crate::domain::funding_table::{self, Amounts, Cut, FundingTable, Question, Subject, Warning};

/// The table's columns and rows; without the columns that the cut has nothing to
/// say in.
pub(crate) fn table(question: &Question, table: FundingTable) -> Table {
    let FundingTable { rows, total } = table;
    let mut lines: Vec<Row> = rows
        .into_iter()
        .map(|row| {
            let funding_table::Row { subject, amounts, warnings } = row;
            let said: Vec<String> = warnings.into_iter().map(warning).collect();
            line(question, name(subject), &amounts, &said.join("; "), false)
        })
        .collect();
    lines.push(line(question, "Totalt".to_owned(), &total, "", true));
    Table { title: "Finansieringstabell", columns: columns(question), rows: lines }
}

fn columns(question: &Question) -> Vec<Column> {
    let first = match question.cut {
        Cut::Recipient => "Mottagare",
        Cut::Area => "Länsdel",
        Cut::Party => "Huvudman",
        Cut::CostKind => "Kostnadsslag",
    };
    let amount = |heading| Column { heading, width: 18 };
    let share = |heading| Column { heading, width: 12 };
    let claimed =
        [amount("Reserverat"), amount("Rekvirerat i perioden"), amount("Rekvirerat hittills")];
    let mut columns = vec![Column { heading: first, width: 40 }];
    if question.has_grants() {
        columns.push(amount("Beviljat"));
        columns.extend(claimed);
        columns.extend([
            amount("Kvar"),
            share("Andel av beviljat"),
            amount("Prognos, samma takt"),
            amount("Oförbrukat enligt prognos"),
            amount("Parternas egen prognos"),
            amount("Lägst enligt tidigare år"),
            amount("Högst enligt tidigare år"),
            share("Andel av totalt"),
            Column { heading: "Anmärkning", width: 60 },
        ]);
    } else {
        columns.extend(claimed);
        columns.push(share("Andel av totalt"));
    }
    columns
}

fn line(
    question: &Question,
    name: String,
    amounts: &Amounts,
    warnings: &str,
    is_total: bool,
) -> Row {
    let Amounts {
        granted,
        reserved,
        requisitioned,
        requisitioned_to_date,
        left,
        share_percent,
        forecast,
        forecast_unspent,
        share_of_total_percent,
        own_forecast,
        forecast_interval,
    } = *amounts;
    let claimed = [reserved, requisitioned, requisitioned_to_date].map(Cell::Kronor);
    let share_of_total = Cell::Percent(share_of_total_percent.into());
    let end = |pick: fn(funding_table::Interval) -> Ore| {
        forecast_interval.map_or(Cell::Empty, |interval| Cell::Kronor(pick(interval)))
    };
    let mut cells = vec![Cell::Text(name)];
    if question.has_grants() {
        cells.push(Cell::Kronor(granted));
        cells.extend(claimed);
        cells.extend([
            Cell::Kronor(left),
            Cell::Percent(share_percent.into()),
            Cell::Kronor(forecast),
            Cell::Kronor(forecast_unspent),
            Cell::Kronor(own_forecast),
            end(|interval| interval.low),
            end(|interval| interval.high),
            share_of_total,
            Cell::text(warnings),
        ]);
    } else {
        cells.extend(claimed);
        cells.push(share_of_total);
    }
    Row { is_total, cells }
}

fn name(subject: Subject) -> String {
    match subject {
        Subject::Recipient { display_name, recipient: _, team: _ }
        | Subject::Area { display_name, area: _ }
        | Subject::Party { display_name, party: _ } => display_name,
        Subject::NoArea => "Utan länsdel, eller i flera".to_owned(),
        Subject::CostKind(kind) => words::cost_kind(kind).to_owned(),
    }
}

fn warning(warning: Warning) -> String {
    let kronor = |amount: Ore| format!("{} kr", decimals(amount.get(), ','));
    match warning {
        Warning::Over(amount) => format!("Prognosen går {} över det beviljade", kronor(amount)),
        Warning::Under(amount) => {
            format!("Prognosen lämnar {} av det beviljade oförbrukat", kronor(amount))
        }
        Warning::OwnForecastOver(amount) => {
            format!("Parternas egen prognos går {} över det beviljade", kronor(amount))
        }
        Warning::OwnForecastUnder(amount) => {
            let amount = kronor(amount);
            format!("Parternas egen prognos lämnar {amount} av det beviljade oförbrukat")
        }
    }
}
