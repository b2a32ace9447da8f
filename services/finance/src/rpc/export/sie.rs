//! Vouchers for the general ledger.

use chrono::{DateTime, Utc};
use platform::{Failure, clock::day_in_sweden, convert::period_from_proto, journal, principal};
use proto::finance::{ExportSieRequest, ExportedFile};
use tonic::Request;
use values::{Fault, Faults, Period};

use crate::{
    domain::general_ledger::{self, Names, PlanIncomplete},
    export::{file_name, sie},
    rpc::{Shared, convert, funding_table::within, organisation::Directory},
    store,
};

pub(super) async fn export(
    shared: &Shared,
    request: Request<ExportSieRequest>,
) -> Result<ExportedFile, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let ExportSieRequest { parent, year: number, period } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let year = Period::year(number).filter(|_| (2000..=2999).contains(&number));
    if year.is_none() {
        faults.push(Fault::new("year", "YEAR_OUT_OF_RANGE").with("value", number));
    }
    let period = match period {
        None => Some(None),
        Some(period) => {
            let period = period_from_proto("period", Some(period));
            let period = period.and_then(|period| within(number, period));
            faults.keep_nested("", period).map(Some)
        }
    };
    let (year, period) = faults.into_result(|| year.zip(period))?;
    let directory =
        Directory { organisation: &shared.organisation, caller: &caller, federation: &federation };
    let (display_name, organisation_number) = directory.federation().await?;
    let parties = directory.parties().await?.into_iter();
    let parties = parties.map(|(name, party)| (name, party.display_name)).collect();

    let picture = shared.database().snapshot().await?;
    let sequence = journal::head(&picture, &federation).await?.sequence;
    let recorded_at = store::export::recorded_at(&picture, &federation, sequence).await?;
    let plan = store::account_plan::find(&picture, &federation).await?;
    let recipient_of_grant = store::export::recipient_of_grants(&picture, &federation).await?;
    let recorded = store::export::vouchers(&picture, &federation, number).await?;
    picture.rollback().await?;

    let names = Names { parties, recipient_of_grant };
    let as_of = day_in_sweden(recorded_at.unwrap_or(DateTime::<Utc>::UNIX_EPOCH));
    let header = sie::Header { display_name, organisation_number, year, as_of };
    let written = tokio::task::spawn_blocking(move || {
        let ledger = general_ledger::compute(plan.as_ref(), recorded, period, &names)?;
        Ok(sie::write(&header, &ledger))
    });
    let written = written.await.map_err(|error| Failure::Internal(error.into()))?;
    Ok(ExportedFile {
        file_name: format!("{}.se", file_name::vouchers(number, period)),
        media_type: sie::MEDIA_TYPE.to_owned(),
        content: written.map_err(incomplete)?,
        sequence,
    })
}

/// Two lists, so that neither is cut off on its way: what an account is missing
/// for, and the kinds of cost of initiatives that have none.
fn incomplete(missing: PlanIncomplete) -> Failure {
    let PlanIncomplete { accounts, cost_kinds } = missing;
    let accounts: Vec<&str> = accounts.iter().map(|account| account.code()).collect();
    let cost_kinds: Vec<&str> = cost_kinds.iter().map(|kind| kind.code()).collect();
    let listed =
        |codes: Vec<&str>| if codes.is_empty() { "–".to_owned() } else { codes.join(",") };
    Failure::refused("ACCOUNT_PLAN_INCOMPLETE")
        .with("accounts", listed(accounts))
        .with("cost_kinds", listed(cost_kinds))
}
