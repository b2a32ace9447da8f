//! Many imports over one stream, one after the other.

use futures::stream::BoxStream;
use platform::{Failure, Principal, batches, principal, stop::Stopping};
use proto::finance as pb;
use tonic::{Request, Status, Streaming, metadata::MetadataMap};
use values::Fault;

use super::{Prepared, carry_out, prepare};
use crate::{domain::import::Outside, rpc::Shared};

/// Rows of one batch.
const MOST_ROWS: usize = 5000;

/// The imports of one stream.
struct Imports {
    shared: Shared,
    principal: Principal,
    caller: MetadataMap,
    /// What earlier batches had to ask others for.
    known: Outside,
}

impl batches::Batches for Imports {
    type Sent = pb::StreamFinanceImportRequest;
    type Read = Prepared;
    type Answer = pb::StreamFinanceImportResponse;

    const SERVICE: &'static str = crate::NAME;

    async fn carry_out(&mut self, batch: Prepared) -> Result<Self::Answer, Failure> {
        let Self { shared, principal, caller, known } = self;
        let answer = carry_out(shared, principal, caller, batch, known).await?;
        Ok(pb::StreamFinanceImportResponse { batch: Some(answer) })
    }
}

/// The answers to the batches, in order.
pub(super) fn answers(
    shared: Shared,
    request: Request<Streaming<pb::StreamFinanceImportRequest>>,
) -> Result<BoxStream<'static, Result<pb::StreamFinanceImportResponse, Status>>, Failure> {
    let principal = principal::of(&request)?;
    let stopping = Stopping::of(request.extensions());
    let (caller, _, sent) = request.into_parts();
    let seat = shared.journal.seat(&principal.account)?;
    let longest = shared.pace.longest;
    let known = Outside::default();
    let imports = Imports { shared, principal: principal.clone(), caller, known };
    let read = move |batch| read_batch(&principal, batch);
    Ok(batches::answers(imports, read, stopping, longest, sent, seat))
}

fn read_batch(
    principal: &Principal,
    message: pb::StreamFinanceImportRequest,
) -> Result<Prepared, Failure> {
    let pb::StreamFinanceImportRequest { batch } = message;
    let batch = batch.ok_or_else(|| Fault::new("batch", "FIELD_MISSING"))?;
    let count = row_count(&batch);
    if count > MOST_ROWS {
        let fault = Fault::new("batch", "BATCH_TOO_LARGE");
        return Err(fault.with("count", count).with("limit", MOST_ROWS).into());
    }
    prepare(principal, batch)
}

fn row_count(batch: &pb::ImportFinanceRequest) -> usize {
    let pb::ImportFinanceRequest {
        parent: _,
        recipients,
        grants,
        requisitions,
        expected_names,
        request_id: _,
        validate_only: _,
        financial_years,
        contribution_decisions,
        contribution_payments,
        budgets,
        own_costs,
        staffing_financings,
        expected_parties,
        budget_forecasts,
        equity_policies,
        grant_amendments,
        account_plan,
    } = batch;
    let money = recipients.len() + grants.len() + requisitions.len() + own_costs.len();
    let parties = contribution_decisions.len() + contribution_payments.len();
    let years = financial_years.len() + equity_policies.len();
    let plans = budgets.len() + budget_forecasts.len() + staffing_financings.len();
    let later = grant_amendments.len() + usize::from(account_plan.is_some());
    money + later + parties + years + plans + expected_names.len() + expected_parties.len()
}
