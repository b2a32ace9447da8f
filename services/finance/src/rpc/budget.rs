//! `BudgetService`.

mod decide;
mod forecast;
pub(super) mod table;

use platform::{Failure, page::Page, principal};
use proto::finance::{
    Budget, DecideBudgetRequest, DecideBudgetResponse, GetBudgetRequest, GetBudgetResponse,
    GetBudgetTableRequest, GetBudgetTableResponse, ListBudgetsRequest, ListBudgetsResponse,
    RecordBudgetForecastRequest, RecordBudgetForecastResponse,
    budget_service_server::BudgetService,
};
use tonic::{Request, Response, Status};
use values::{Faults, name::BudgetName};

use super::{Shared, convert};
use crate::store;

pub(super) struct Budgets(pub(super) Shared);

#[tonic::async_trait]
impl BudgetService for Budgets {
    async fn decide_budget(
        &self,
        request: Request<DecideBudgetRequest>,
    ) -> Result<Response<DecideBudgetResponse>, Status> {
        let budget = Some(decide::decide(&self.0, request).await?);
        Ok(Response::new(DecideBudgetResponse { budget }))
    }

    async fn get_budget(
        &self,
        request: Request<GetBudgetRequest>,
    ) -> Result<Response<GetBudgetResponse>, Status> {
        let budget = Some(get(&self.0, request).await?);
        Ok(Response::new(GetBudgetResponse { budget }))
    }

    async fn list_budgets(
        &self,
        request: Request<ListBudgetsRequest>,
    ) -> Result<Response<ListBudgetsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }

    async fn record_budget_forecast(
        &self,
        request: Request<RecordBudgetForecastRequest>,
    ) -> Result<Response<RecordBudgetForecastResponse>, Status> {
        let budget_forecast = Some(forecast::record(&self.0, request).await?);
        Ok(Response::new(RecordBudgetForecastResponse { budget_forecast }))
    }

    async fn get_budget_table(
        &self,
        request: Request<GetBudgetTableRequest>,
    ) -> Result<Response<GetBudgetTableResponse>, Status> {
        let budget_table = Some(table::get(&self.0, request).await?);
        Ok(Response::new(GetBudgetTableResponse { budget_table }))
    }
}

async fn get(shared: &Shared, request: Request<GetBudgetRequest>) -> Result<Budget, Failure> {
    let principal = principal::of(&request)?;
    let GetBudgetRequest { name: sent } = request.into_inner();
    let name = BudgetName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = store::budget::find(&shared.database().read, &name).await?;
    let budget = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::budget::render(&budget))
}

async fn list(
    shared: &Shared,
    request: Request<ListBudgetsRequest>,
) -> Result<ListBudgetsResponse, Failure> {
    let principal = principal::of(&request)?;
    let ListBudgetsRequest { parent, year, page_size, page_token } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let year = faults.keep(convert::field::year_filter("year", year));
    let stretch = faults.keep_nested("", convert::field::stretch(page_size, &page_token));
    let (year, stretch) = faults.into_result(|| year.zip(stretch))?;
    let picture = shared.database().snapshot().await?;
    let listed = store::budget::list(&picture, &federation, year, stretch).await?;
    picture.rollback().await?;
    Ok(ListBudgetsResponse {
        budgets: listed.items.iter().map(convert::budget::render).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
