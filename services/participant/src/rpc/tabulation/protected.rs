//! Protected tables for whoever may not see the counts, and the ledger of them.

use platform::{
    Failure,
    convert::period_from_proto,
    journalled::{all_decoded, id_of, next_page_token},
    principal,
};
use proto::participant as pb;
use tonic::Request;
use values::{Fault, Faults, Period, Role, name::DataAgreementName};

use super::{
    layouts,
    told::{Asked, Told, of_layouts},
};
use crate::{
    domain::tabulation::halves,
    rpc::{Shared, parent, stretch},
    store,
};

/// Who may replace what was told by what hides more: it is told no more, to anybody.
const MAY_HIDE_MORE: &[Role] =
    &[Role::FederationAdministrator, Role::ProgrammeLead, Role::TeamLead];

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetProtectedTablesRequest>,
) -> Result<pb::GetProtectedTablesResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetProtectedTablesRequest {
        parent: sent_parent,
        layouts: sent_layouts,
        period,
        hide_more: hides_more,
        validate_only,
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent_parent)?;
    let layouts = faults.keep_nested("", layouts(&federation, &sent_layouts));
    let period = faults.keep_nested("", releasable("period", period));
    let (layouts, period) = faults.into_result(|| layouts.zip(period))?;
    if hides_more && !principal.has_any(MAY_HIDE_MORE) {
        return Err(Failure::RoleMissing { roles: MAY_HIDE_MORE });
    }
    let asked = Asked { period, hides_more, is_kept: !validate_only };
    let Told { mut tables, are_newest } = of_layouts(shared, &principal, &layouts, asked).await?;
    if validate_only {
        // What is not entered in the ledger is not told.
        tables.iter_mut().for_each(|table| table.table = None);
    }
    Ok(pb::GetProtectedTablesResponse { tables, are_newest })
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListReleasedTablesRequest>,
) -> Result<pb::ListReleasedTablesResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListReleasedTablesRequest { parent: sent_parent, publication, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent_parent)?;
    let stretch = faults.keep_nested("", stretch(page_size, &page_token));
    let stretch = faults.into_result(|| stretch)?;
    let read = &shared.journal.database().read;
    // What was given to an evaluator is told to those who agreed on it: the evaluator reads
    // it as a data set.
    let agreements = format!("federations/{federation}/{}/", DataAgreementName::COLLECTION);
    let leaves_out = (!principal.has(Role::FederationAdministrator)).then_some(agreements);
    let asked = (publication.as_str(), leaves_out.as_deref());
    let listed = store::released_table::list(read, &federation, asked, stretch).await?;
    let released_tables: Vec<pb::ReleasedTable> = all_decoded(&listed)?;
    let token = |table: &pb::ReleasedTable| id_of(&table.name).to_owned();
    let next_page_token = next_page_token(listed.has_more, &released_tables, token);
    Ok(pb::ListReleasedTablesResponse { released_tables, next_page_token })
}

/// Reads a period that tables may leave for.
pub(super) fn releasable(
    field: &str,
    sent: Option<proto::common::Period>,
) -> Result<Period, Faults> {
    let period = period_from_proto(field, sent)?;
    if halves(period).is_some() {
        return Ok(period);
    }
    let fault = Fault::new(field, "PERIOD_NOT_RELEASED").with("first_day", period.first_day());
    Err(fault.with("last_day", period.last_day()).into())
}
