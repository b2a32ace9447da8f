//! `OwnCostService`.

use platform::{Failure, Write, clock::day_in_sweden, page::Page, principal};
use proto::finance::{
    GetOwnCostRequest, GetOwnCostResponse, ListOwnCostsRequest, ListOwnCostsResponse, OwnCost,
    RecordOwnCostRequest, RecordOwnCostResponse, own_cost_service_server::OwnCostService,
};
use tonic::{Request, Response, Status};
use values::{Fault, Faults, name::OwnCostName};

use super::{Shared, convert, draft, recorded};
use crate::{
    domain::own_cost::{self, RecordFacts, RecordRefusal},
    store,
};

const RECORD: &str = "/samordna.finance.v1.OwnCostService/RecordOwnCost";

pub(super) struct OwnCosts(pub(super) Shared);

#[tonic::async_trait]
impl OwnCostService for OwnCosts {
    async fn record_own_cost(
        &self,
        request: Request<RecordOwnCostRequest>,
    ) -> Result<Response<RecordOwnCostResponse>, Status> {
        let own_cost = Some(record(&self.0, request).await?);
        Ok(Response::new(RecordOwnCostResponse { own_cost }))
    }

    async fn get_own_cost(
        &self,
        request: Request<GetOwnCostRequest>,
    ) -> Result<Response<GetOwnCostResponse>, Status> {
        let own_cost = Some(get(&self.0, request).await?);
        Ok(Response::new(GetOwnCostResponse { own_cost }))
    }

    async fn list_own_costs(
        &self,
        request: Request<ListOwnCostsRequest>,
    ) -> Result<Response<ListOwnCostsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }
}

async fn record(
    shared: &Shared,
    request: Request<RecordOwnCostRequest>,
) -> Result<OwnCost, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, RECORD, request.get_ref())?;
    let RecordOwnCostRequest {
        parent,
        own_cost_id,
        own_cost,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = own_cost.ok_or_else(|| Fault::new("own_cost", "FIELD_MISSING"))?;
    let name_of = |id| OwnCostName::new(federation.clone(), id);
    let name = convert::new_name("own_cost", &own_cost_id, &content.name, name_of, &mut faults);
    let (mut parts, inner) = convert::own_cost::parse(content);
    faults.nest("own_cost", inner);
    parts.name = name;

    let entries = shared.journal.write(write, move |transaction, step| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        Box::pin(async move {
            let there = match &parts.name {
                Some(name) => store::own_cost::find(transaction, name).await?,
                None => None,
            };
            let name = parts.name.clone();
            let facts = RecordFacts {
                is_taken: there.is_some(),
                closed_through: store::ledger::closed_through(transaction, &federation).await?,
                today: day_in_sweden(step.now),
            };
            let (cost, voucher) = own_cost::record(parts, facts)
                .map_err(|refusal| refused(refusal, name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::own_cost::insert(transaction, &cost, step.sequence, &voucher).await?;
            let resource = convert::own_cost::render(&cost);
            Ok(vec![draft("own_cost.recorded", &cost.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: RecordRefusal, name: Option<OwnCostName>, faults: Faults) -> Failure {
    match refusal {
        RecordRefusal::Faulty(found) => {
            convert::faulty(faults, "own_cost", found.into_iter().map(convert::own_cost::fault))
        }
        RecordRefusal::Taken => convert::taken(name),
        RecordRefusal::YearClosed(year) => convert::year_closed(year),
    }
}

async fn get(shared: &Shared, request: Request<GetOwnCostRequest>) -> Result<OwnCost, Failure> {
    let principal = principal::of(&request)?;
    let GetOwnCostRequest { name: sent } = request.into_inner();
    let name = OwnCostName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = store::own_cost::find(&shared.database().read, &name).await?;
    let cost = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::own_cost::render(&cost))
}

async fn list(
    shared: &Shared,
    request: Request<ListOwnCostsRequest>,
) -> Result<ListOwnCostsResponse, Failure> {
    let principal = principal::of(&request)?;
    let ListOwnCostsRequest { parent, year, page_size, page_token } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let year = faults.keep(convert::field::year_filter("year", year));
    let stretch = faults.keep_nested("", convert::field::stretch(page_size, &page_token));
    let (year, stretch) = faults.into_result(|| year.zip(stretch))?;
    let read = &shared.database().read;
    let listed = store::own_cost::list(read, &federation, year, stretch).await?;
    Ok(ListOwnCostsResponse {
        own_costs: listed.items.iter().map(convert::own_cost::render).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
