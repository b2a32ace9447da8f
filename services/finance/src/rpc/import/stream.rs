//! Many imports over one stream, one after the other. While one batch is carried
//! out, the next is taken in and read, and no more than that: a sender that is
//! faster than the database has to wait.

use futures::stream::{self, BoxStream, StreamExt as _};
use platform::{Failure, Principal, principal, stop::Stopping};
use proto::finance as pb;
use tokio::{sync::mpsc, time::Instant};
use tonic::{Request, Status, Streaming, metadata::MetadataMap};
use values::Fault;

use super::{Prepared, carry_out, prepare};
use crate::{domain::import::Outside, rpc::Shared};

/// Rows of one batch.
const MOST_ROWS: usize = 5000;

type Batch = Result<Prepared, Status>;
type Answers = BoxStream<'static, Result<pb::StreamFinanceImportResponse, Status>>;

/// What is left of a stream.
struct Rest {
    shared: Shared,
    principal: Principal,
    caller: MetadataMap,
    stopping: Stopping,
    ends_at: Instant,
    batches: mpsc::Receiver<Batch>,
    /// What earlier batches had to ask others for.
    known: Outside,
}

/// The answers to the batches, in order.
pub(super) fn answers(
    shared: Shared,
    request: Request<Streaming<pb::StreamFinanceImportRequest>>,
) -> Result<Answers, Failure> {
    let principal = principal::of(&request)?;
    let stopping = Stopping::of(request.extensions());
    let (caller, _, sent) = request.into_parts();
    let (read, batches) = mpsc::channel(1);
    tokio::spawn(read_ahead(principal.clone(), sent, read));
    let ends_at = Instant::now() + shared.pace.longest;
    let known = Outside::default();
    let rest = Rest { shared, principal, caller, stopping, ends_at, batches, known };
    let answers = stream::try_unfold(rest, async |mut rest| {
        let Some(batch) = rest.next().await? else { return Ok(None) };
        let Rest { shared, principal, caller, known, .. } = &mut rest;
        let answer = carry_out(shared, principal, caller, batch, known).await?;
        Ok(Some((pb::StreamFinanceImportResponse { batch: Some(answer) }, rest)))
    });
    Ok(answers.boxed())
}

impl Rest {
    /// The next batch; none at the end. A stream that has to end before is told to
    /// come back with the rest.
    async fn next(&mut self) -> Result<Option<Prepared>, Status> {
        tokio::select! {
            biased;
            () = self.stopping.told() => Err(Failure::Unavailable { service: crate::NAME }.into()),
            () = tokio::time::sleep_until(self.ends_at) => Err(Failure::Unauthenticated.into()),
            batch = self.batches.recv() => batch.transpose(),
        }
    }
}

/// Takes batches in and reads them, one more than is asked for.
async fn read_ahead(
    principal: Principal,
    mut sent: Streaming<pb::StreamFinanceImportRequest>,
    read: mpsc::Sender<Batch>,
) {
    loop {
        let batch = match sent.message().await {
            Ok(Some(message)) => read_batch(&principal, message).map_err(Status::from),
            Ok(None) => return,
            Err(status) => Err(status),
        };
        let is_last = batch.is_err();
        if read.send(batch).await.is_err() || is_last {
            return;
        }
    }
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
    } = batch;
    let money = recipients.len() + grants.len() + requisitions.len() + own_costs.len();
    let parties = contribution_decisions.len() + contribution_payments.len();
    let plans = financial_years.len() + budgets.len() + staffing_financings.len();
    money + parties + plans + expected_names.len() + expected_parties.len()
}
