//! The limits for a year's equity.

use platform::{Failure, Write, principal};
use proto::finance as pb;
use tonic::Request;
use values::Faults;

use crate::{
    domain::financial_year::{self, Stale},
    rpc::{Shared, convert, draft, recorded},
    store,
};

const SET: &str = "/samordna.finance.v1.FinancialYearService/SetEquityPolicy";

pub(super) async fn set(
    shared: &Shared,
    request: Request<pb::SetEquityPolicyRequest>,
) -> Result<pb::FinancialYear, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, SET, request.get_ref())?;
    let pb::SetEquityPolicyRequest {
        name: sent,
        etag,
        equity_limits,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(convert::financial_year::parse_name(&sent));
    convert::etag(&etag, &mut faults);
    let limits = faults.keep_nested("", convert::financial_year::parse_limits(equity_limits));
    let ((name, year), limits) = faults.into_result(|| name.zip(limits))?;
    principal.is_in(&name.federation, &sent)?;
    let year = year.ok_or_else(|| Failure::not_found(&name))?;

    let entries = shared.journal.write(write, move |transaction, _| {
        let (name, etag, limits) = (name.clone(), etag.clone(), limits.clone());
        Box::pin(async move {
            let found = store::financial_year::find(transaction, &name.federation, year).await?;
            let found = found.ok_or_else(|| Failure::not_found(&name))?;
            let stale = |Stale| Failure::Stale { name: name.to_string() };
            let after = financial_year::set_policy(found, &etag, limits).map_err(stale)?;
            store::financial_year::keep_limits(transaction, &after).await?;
            let resource = convert::financial_year::render(&after);
            Ok(vec![draft("financial_year.policy_set", &name, &resource)])
        })
    });
    recorded(&entries.await?)
}
