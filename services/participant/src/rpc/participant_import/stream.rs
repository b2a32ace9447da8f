//! Many batches over one stream, one after the other.

use futures::stream::BoxStream;
use platform::{Failure, Principal, batches, principal, stop::Stopping};
use proto::participant as pb;
use tonic::{Request, Status, Streaming};
use values::Fault;

use super::{
    carry_out,
    read::{self, Prepared},
};
use crate::rpc::Shared;

/// The batches of one stream.
struct Imports {
    shared: Shared,
    principal: Principal,
}

impl batches::Batches for Imports {
    type Sent = pb::StreamParticipantImportRequest;
    type Read = Prepared;
    type Answer = pb::StreamParticipantImportResponse;

    const SERVICE: &'static str = crate::NAME;

    async fn carry_out(&mut self, batch: Prepared) -> Result<Self::Answer, Failure> {
        let answer = carry_out(&self.shared, &self.principal, batch).await?;
        Ok(pb::StreamParticipantImportResponse { batch: Some(answer) })
    }
}

/// The answers to the batches, in order.
pub(super) fn answers(
    shared: Shared,
    request: Request<Streaming<pb::StreamParticipantImportRequest>>,
) -> Result<BoxStream<'static, Result<pb::StreamParticipantImportResponse, Status>>, Failure> {
    let principal = principal::of(&request)?;
    let stopping = Stopping::of(request.extensions());
    let seat = shared.journal.seat(&principal.account)?;
    let longest = shared.pace.longest;
    let imports = Imports { shared: shared.clone(), principal: principal.clone() };
    let read = move |sent: pb::StreamParticipantImportRequest| {
        let pb::StreamParticipantImportRequest { batch } = sent;
        let batch = batch.ok_or_else(|| Fault::new("batch", "FIELD_MISSING"))?;
        read::prepare(&shared, &principal, batch)
    };
    Ok(batches::answers(imports, read, stopping, longest, request.into_inner(), seat))
}
