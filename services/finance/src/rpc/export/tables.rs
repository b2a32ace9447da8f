//! Tables as files.

use chrono::Months;
use platform::{
    Failure,
    convert::{date_from_proto, period_from_proto},
    journal, principal,
};
use proto::{
    common,
    finance::{
        ExportFundingTableRequest, ExportPaymentsRequest, ExportRequisitionsRequest,
        ExportStaffingMatrixRequest, ExportedFile,
    },
};
use tonic::Request;
use values::{Fault, Faults, Period};

use super::{MOST_ROWS, Written, limited, parse_format, party_names};
use crate::{
    domain::payment_list::{self, SumTooLarge},
    export::{self, file_name, payments::Which},
    rpc::{
        Shared, convert, funding_table, organisation::Directory, permissions, staffing_financing,
    },
    store::{self, export::Filter},
};

/// The longest period of a file.
const MOST_YEARS: u32 = 3;

pub(super) async fn funding_table(
    shared: &Shared,
    request: Request<ExportFundingTableRequest>,
) -> Result<ExportedFile, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let ExportFundingTableRequest { table, format } = message;
    let mut faults = Faults::new();
    let format = faults.keep(parse_format(format));
    let table = table.ok_or_else(|| Fault::new("table", "FIELD_MISSING"));
    let asked = match faults.keep(table).map(|table| funding_table::parse(&principal, table)) {
        Some(Err(Failure::Invalid(inner))) => {
            faults.nest("table", inner);
            None
        }
        Some(parsed) => Some(parsed?),
        None => None,
    };
    let (asked, format) = faults.into_result(|| asked.zip(format))?;
    let (table, head) = funding_table::compute(shared, &caller, &asked).await?;
    let sequence = head.sequence;
    let name = file_name::funding_table(asked.question.period);
    let table = export::funding_table::table(&asked.question, table);
    Written { table, format, name, sequence }.file(shared, &asked.federation).await
}

pub(super) async fn requisitions(
    shared: &Shared,
    request: Request<ExportRequisitionsRequest>,
) -> Result<ExportedFile, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let ExportRequisitionsRequest { parent, period, state, format } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let period = faults.keep_nested("", short_period("period", period));
    let state = faults.keep(convert::requisition::parse_state_filter(state));
    let format = faults.keep(parse_format(format));
    let (period, state, format) = faults.into_result(|| Some((period?, state?, format?)))?;
    let filter =
        Filter { reach: permissions::reading(&principal), period, state, most: MOST_ROWS + 1 };
    let directory =
        Directory { organisation: &shared.organisation, caller: &caller, federation: &federation };
    let names = party_names(directory).await?;
    let picture = shared.database().snapshot().await?;
    let sequence = journal::head(&picture, &federation).await?.sequence;
    let lines = store::export::requisition_lines(&picture, &federation, &filter).await?;
    picture.rollback().await?;
    let table = export::requisitions::table(limited(lines)?, &names).ok_or_else(too_large)?;
    let name = file_name::requisitions(period);
    Written { table, format, name, sequence }.file(shared, &federation).await
}

pub(super) async fn payments(
    shared: &Shared,
    request: Request<ExportPaymentsRequest>,
) -> Result<ExportedFile, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let ExportPaymentsRequest { parent, paid_in, format } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let paid_in = match paid_in {
        None => Some(None),
        Some(period) => faults.keep_nested("", short_period("paid_in", Some(period))).map(Some),
    };
    let format = faults.keep(parse_format(format));
    let (paid_in, format) = faults.into_result(|| paid_in.zip(format))?;
    let directory =
        Directory { organisation: &shared.organisation, caller: &caller, federation: &federation };
    let names = party_names(directory).await?;
    let picture = shared.database().snapshot().await?;
    let sequence = journal::head(&picture, &federation).await?.sequence;
    let payments = store::export::payments(&picture, &federation, paid_in, MOST_ROWS + 1).await?;
    picture.rollback().await?;
    let parties = payment_list::by_party(limited(payments)?, &names);
    let parties = parties.map_err(|SumTooLarge| too_large())?;
    let which = if paid_in.is_some() { Which::Paid } else { Which::Due };
    let table = export::payments::table(which, parties).ok_or_else(too_large)?;
    let name = file_name::payments(paid_in);
    Written { table, format, name, sequence }.file(shared, &federation).await
}

pub(super) async fn staffing_matrix(
    shared: &Shared,
    request: Request<ExportStaffingMatrixRequest>,
) -> Result<ExportedFile, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let ExportStaffingMatrixRequest { parent, day, format } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let day = faults.keep(date_from_proto("day", day));
    let format = faults.keep(parse_format(format));
    let (day, format) = faults.into_result(|| day.zip(format))?;
    let directory =
        Directory { organisation: &shared.organisation, caller: &caller, federation: &federation };
    let (matrix, sequence) = staffing_financing::compute_matrix(shared, directory, day).await?;
    let table = export::staffing_matrix::table(matrix);
    let name = file_name::staffing_matrix(day);
    Written { table, format, name, sequence }.file(shared, &federation).await
}

/// Reads a period of a few years at most.
fn short_period(field: &str, period: Option<common::Period>) -> Result<Period, Faults> {
    let period = period_from_proto(field, period)?;
    let end = period.first_day().checked_add_months(Months::new(12 * MOST_YEARS));
    if end.is_some_and(|end| period.last_day() < end) {
        return Ok(period);
    }
    Err(Fault::new(field, "PERIOD_TOO_LONG").with("years", MOST_YEARS).into())
}

fn too_large() -> Failure {
    Failure::Internal(anyhow::anyhow!("the sums of the file do not fit"))
}
