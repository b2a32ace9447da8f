//! The way that requisitions come in at once: what is sent, and how.

use std::time::Instant;

use anyhow::Context as _;
use proto::{
    common::ImportEffect,
    finance::{
        ImportFinanceRequest, ImportFinanceResponse, Requisition, StreamFinanceImportRequest,
        finance_import_service_client::FinanceImportServiceClient,
    },
};

use crate::{calls::Done, credential::Caller, federation::Federation, split::Split};

/// Requisitions in a batch.
pub(super) const CHUNK: usize = 1000;

/// Every requisition of a federation, grant by grant, in batches.
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

/// Sends them over one stream.
///
/// # Errors
/// When one is refused, or leaves a requisition as it was.
pub(super) async fn send(
    split: &Split,
    federation: &Federation,
    requests: Vec<ImportFinanceRequest>,
) -> anyhow::Result<Done> {
    let caller = Caller::new(split.connect().await?, split.administrator(federation)?);
    let mut client = FinanceImportServiceClient::new(caller);
    let counts: Vec<usize> = requests.iter().map(|request| request.requisitions.len()).collect();
    let batches =
        requests.into_iter().map(|batch| StreamFinanceImportRequest { batch: Some(batch) });
    let begun = Instant::now();
    let answers = client.stream_finance_import(tokio_stream::iter(batches)).await;
    let mut answers = answers.context("the import's stream")?.into_inner();
    let mut done = Done::default();
    for rows in counts {
        let started = Instant::now();
        let answer = answers.message().await.context("a batch")?.and_then(|answer| answer.batch);
        is_created(&answer.context("the stream ended before its batches did")?, rows)?;
        done.times_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    done.took = begun.elapsed();
    Ok(done)
}

fn is_created(answer: &ImportFinanceResponse, rows: usize) -> anyhow::Result<()> {
    if let Some(fault) = answer.faults.first() {
        anyhow::bail!("{} faults, the first: {fault:?}", answer.faults.len());
    }
    let created = answer.outcomes.iter().filter(|row| row.effect() == ImportEffect::Created);
    anyhow::ensure!(created.count() == rows, "not every requisition was created");
    Ok(())
}
