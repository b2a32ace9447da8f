//! The way that requisitions come in at once: what is sent, and how. Another RPC
//! for it would be called here.

use std::sync::Arc;

use anyhow::Context as _;
use proto::{
    common::ImportEffect,
    finance::{
        ImportFinanceRequest, Requisition,
        finance_import_service_client::FinanceImportServiceClient,
    },
};

use crate::{
    calls::{self, Done},
    credential::Caller,
    federation::Federation,
    split::Split,
};

/// Requisitions in a request.
pub(super) const CHUNK: usize = 1000;
/// Requests under way: one is read while another is written.
pub(super) const AT_ONCE: usize = 2;

/// Every requisition of a federation, grant by grant, in requests.
pub(super) fn prepare(federation: &Federation) -> anyhow::Result<Vec<ImportFinanceRequest>> {
    let count = federation.grants * federation.parties * 12;
    let named = |number: usize| {
        let name = format!("{}/requisitions/r-{number}", federation.name());
        anyhow::Ok(Requisition { name, ..federation.monthly(number)? })
    };
    let requisitions: Vec<Requisition> = (0..count).map(named).collect::<Result<_, _>>()?;
    let request = |(number, requisitions): (usize, &[Requisition])| ImportFinanceRequest {
        parent: federation.name(),
        requisitions: requisitions.to_vec(),
        request_id: format!("load-import-{number}"),
        ..Default::default()
    };
    Ok(requisitions.chunks(CHUNK).enumerate().map(request).collect())
}

/// Sends them.
///
/// # Errors
/// When one is refused, or leaves a requisition as it was.
pub(super) async fn send(
    split: &Split,
    federation: &Federation,
    requests: Vec<ImportFinanceRequest>,
) -> anyhow::Result<Done> {
    let caller = Caller::new(split.connect().await?, split.administrator(federation)?);
    let client = Arc::new(FinanceImportServiceClient::new(caller));
    let sent = calls::share(requests, AT_ONCE, move |_, request| {
        let client = FinanceImportServiceClient::clone(&client);
        import(client, request)
    });
    let (_, done) = sent.await?;
    Ok(done)
}

async fn import(
    mut client: FinanceImportServiceClient<Caller>,
    request: ImportFinanceRequest,
) -> anyhow::Result<()> {
    let rows = request.requisitions.len();
    let answer = client.import_finance(request).await.context("an import")?.into_inner();
    if let Some(fault) = answer.faults.first() {
        anyhow::bail!("{} faults, the first: {fault:?}", answer.faults.len());
    }
    let created = answer.outcomes.iter().filter(|row| row.effect() == ImportEffect::Created);
    anyhow::ensure!(created.count() == rows, "not every requisition was created");
    Ok(())
}
