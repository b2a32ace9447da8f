//! `LedgerService`.

use platform::{Failure, journal, page::Page, principal};
use proto::finance::{
    ListBalancesRequest, ListBalancesResponse, ListPostingsRequest, ListPostingsResponse,
    ledger_service_server::LedgerService,
};
use tonic::{Request, Response, Status};
use values::Faults;

use super::{Shared, convert};
use crate::store;

pub(super) struct Ledger(pub(super) Shared);

#[tonic::async_trait]
impl LedgerService for Ledger {
    async fn list_balances(
        &self,
        request: Request<ListBalancesRequest>,
    ) -> Result<Response<ListBalancesResponse>, Status> {
        Ok(Response::new(balances(&self.0, request).await?))
    }

    async fn list_postings(
        &self,
        request: Request<ListPostingsRequest>,
    ) -> Result<Response<ListPostingsResponse>, Status> {
        Ok(Response::new(postings(&self.0, request).await?))
    }
}

async fn balances(
    shared: &Shared,
    request: Request<ListBalancesRequest>,
) -> Result<ListBalancesResponse, Failure> {
    let principal = principal::of(&request)?;
    let message = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &message.parent, &mut faults)?;
    let filter = convert::ledger::parse_balances(&federation, message);
    let filter = faults.keep_nested("", filter);
    let filter = faults.into_result(|| filter)?;

    let picture = shared.database().snapshot().await?;
    let head = journal::head(&picture, &federation).await?;
    let balances = store::ledger::balances::balances(&picture, &federation, &filter).await?;
    picture.rollback().await?;
    let balances = balances.into_iter();
    Ok(ListBalancesResponse {
        balances: balances
            .map(|balance| convert::ledger::render_balance(&federation, balance))
            .collect(),
        sequence: filter.as_known_at.map_or(head.sequence, |known| known.min(head.sequence)),
    })
}

async fn postings(
    shared: &Shared,
    request: Request<ListPostingsRequest>,
) -> Result<ListPostingsResponse, Failure> {
    let principal = principal::of(&request)?;
    let message = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &message.parent, &mut faults)?;
    let filter = convert::ledger::parse_postings(&federation, message);
    let filter = faults.keep_nested("", filter);
    let filter = faults.into_result(|| filter)?;

    let picture = shared.database().snapshot().await?;
    let listed = store::ledger::postings::list(&picture, &federation, &filter).await?;
    picture.rollback().await?;
    let lines = listed.items.into_iter();
    Ok(ListPostingsResponse {
        postings: lines.map(|line| convert::ledger::render_line(&federation, line)).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
