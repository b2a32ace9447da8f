//! `FinancialYearService`.

mod close;
mod open;
mod outlook;
mod policy;

use platform::{Failure, page::Page, principal};
use proto::finance::{
    CloseFinancialYearRequest, CloseFinancialYearResponse, FinancialYear, GetEquityOutlookRequest,
    GetEquityOutlookResponse, GetFinancialYearRequest, GetFinancialYearResponse,
    ListFinancialYearsRequest, ListFinancialYearsResponse, OpenFinancialYearRequest,
    OpenFinancialYearResponse, SetEquityPolicyRequest, SetEquityPolicyResponse,
    financial_year_service_server::FinancialYearService,
};
use tonic::{Request, Response, Status};
use values::Faults;

use super::{Shared, convert};
use crate::store;

pub(super) struct FinancialYears(pub(super) Shared);

#[tonic::async_trait]
impl FinancialYearService for FinancialYears {
    async fn open_financial_year(
        &self,
        request: Request<OpenFinancialYearRequest>,
    ) -> Result<Response<OpenFinancialYearResponse>, Status> {
        let financial_year = Some(open::open(&self.0, request).await?);
        Ok(Response::new(OpenFinancialYearResponse { financial_year }))
    }

    async fn set_equity_policy(
        &self,
        request: Request<SetEquityPolicyRequest>,
    ) -> Result<Response<SetEquityPolicyResponse>, Status> {
        let financial_year = Some(policy::set(&self.0, request).await?);
        Ok(Response::new(SetEquityPolicyResponse { financial_year }))
    }

    async fn close_financial_year(
        &self,
        request: Request<CloseFinancialYearRequest>,
    ) -> Result<Response<CloseFinancialYearResponse>, Status> {
        let financial_year = Some(close::close(&self.0, request).await?);
        Ok(Response::new(CloseFinancialYearResponse { financial_year }))
    }

    async fn get_financial_year(
        &self,
        request: Request<GetFinancialYearRequest>,
    ) -> Result<Response<GetFinancialYearResponse>, Status> {
        let financial_year = Some(get(&self.0, request).await?);
        Ok(Response::new(GetFinancialYearResponse { financial_year }))
    }

    async fn list_financial_years(
        &self,
        request: Request<ListFinancialYearsRequest>,
    ) -> Result<Response<ListFinancialYearsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }

    async fn get_equity_outlook(
        &self,
        request: Request<GetEquityOutlookRequest>,
    ) -> Result<Response<GetEquityOutlookResponse>, Status> {
        let equity_outlook = Some(outlook::get(&self.0, request).await?);
        Ok(Response::new(GetEquityOutlookResponse { equity_outlook }))
    }
}

async fn get(
    shared: &Shared,
    request: Request<GetFinancialYearRequest>,
) -> Result<FinancialYear, Failure> {
    let principal = principal::of(&request)?;
    let GetFinancialYearRequest { name: sent } = request.into_inner();
    let (name, year) = convert::financial_year::parse_name(&sent)?;
    principal.is_in(&name.federation, &sent)?;
    let year = year.ok_or_else(|| Failure::not_found(&name))?;
    let picture = shared.database().snapshot().await?;
    let found = store::financial_year::find(&picture, &name.federation, year).await?;
    picture.rollback().await?;
    let found = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::financial_year::render(&found))
}

async fn list(
    shared: &Shared,
    request: Request<ListFinancialYearsRequest>,
) -> Result<ListFinancialYearsResponse, Failure> {
    let principal = principal::of(&request)?;
    let ListFinancialYearsRequest { parent, page_size, page_token } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let stretch = faults.keep_nested("", convert::field::stretch(page_size, &page_token));
    let stretch = faults.into_result(|| stretch)?;
    let picture = shared.database().snapshot().await?;
    let listed = store::financial_year::list(&picture, &federation, stretch).await?;
    picture.rollback().await?;
    Ok(ListFinancialYearsResponse {
        financial_years: listed.items.iter().map(convert::financial_year::render).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
