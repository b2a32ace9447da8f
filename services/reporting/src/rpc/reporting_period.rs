//! The half-years that teams report on.

use futures::FutureExt as _;
use platform::{Draft, Failure, Principal, Write, journal::Transaction, page::Page, principal};
use proto::reporting::{
    CreateReportingPeriodRequest, CreateReportingPeriodResponse, GetReportingPeriodRequest,
    GetReportingPeriodResponse, ListReportingPeriodsRequest, ListReportingPeriodsResponse,
    reporting_period_service_server::ReportingPeriodService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::ReportingPeriodName};

use super::{Shell, convert, draft, parent, recorded, to_proto};
use crate::{
    domain::reporting_period::{self, CreateRefusal, ReportingPeriod},
    store,
};

const CREATE: &str = "/samordna.reporting.v1.ReportingPeriodService/CreateReportingPeriod";

pub(super) struct ReportingPeriods(pub(super) Shell);

#[async_trait]
impl ReportingPeriodService for ReportingPeriods {
    async fn create_reporting_period(
        &self,
        request: Request<CreateReportingPeriodRequest>,
    ) -> Result<Response<CreateReportingPeriodResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_reporting_period(
        &self,
        request: Request<GetReportingPeriodRequest>,
    ) -> Result<Response<GetReportingPeriodResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_reporting_periods(
        &self,
        request: Request<ListReportingPeriodsRequest>,
    ) -> Result<Response<ListReportingPeriodsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl ReportingPeriods {
    async fn create(
        &self,
        principal: &Principal,
        message: CreateReportingPeriodRequest,
    ) -> Result<CreateReportingPeriodResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, period) = parse(principal, message)?;
        let step = self.0.journal.write(write, move |transaction, _step| {
            let name = name.clone();
            async move { save(transaction, name, period).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateReportingPeriodResponse { reporting_period: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetReportingPeriodRequest,
    ) -> Result<GetReportingPeriodResponse, Failure> {
        let GetReportingPeriodRequest { name: sent } = message;
        let name = ReportingPeriodName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let database = self.0.journal.database();
        let found = store::reporting_period::find(&database.read, &name).await?;
        let period = found.ok_or_else(|| Failure::not_found(&name))?;
        let reporting_period = Some(to_proto::reporting_period(&name, period));
        Ok(GetReportingPeriodResponse { reporting_period })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListReportingPeriodsRequest,
    ) -> Result<ListReportingPeriodsResponse, Failure> {
        let ListReportingPeriodsRequest { parent, page_size, page_token } = message;
        let mut faults = Faults::new();
        let federation = self::parent(&mut faults, principal, &parent)?;
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let page = faults.into_result(|| page)?;
        let database = self.0.journal.database();
        let (periods, has_more) =
            store::reporting_period::list(&database.read, &federation, &page).await?;
        let last = periods.keys().next_back().filter(|_| has_more);
        let render = |(name, period): (_, &_)| to_proto::reporting_period(name, *period);
        Ok(ListReportingPeriodsResponse {
            next_page_token: last.map(|name| Page::token(name.id.as_str())).unwrap_or_default(),
            reporting_periods: periods.iter().map(render).collect(),
        })
    }
}

fn parse(
    principal: &Principal,
    message: CreateReportingPeriodRequest,
) -> Result<(ReportingPeriodName, ReportingPeriod), Failure> {
    let CreateReportingPeriodRequest {
        parent,
        reporting_period_id,
        reporting_period,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("reporting_period_id", &reporting_period_id));
    let name = id.map(|id| ReportingPeriodName::new(federation, id));
    let missing = || Fault::new("reporting_period", "FIELD_MISSING");
    let sent = faults.keep(reporting_period.ok_or_else(missing));
    let period = sent.and_then(|sent| {
        let given = &sent.name;
        faults.keep(convert::check_given_name("reporting_period.name", given, name.as_ref()));
        faults.keep_nested("reporting_period", convert::reporting_period(sent))
    });
    if let (Some(name), Some(period)) = (&name, period) {
        faults.keep(reporting_period::check_id("reporting_period_id", &name.id, period));
    }
    Ok(faults.into_result(|| name.zip(period))?)
}

async fn save(
    transaction: &Transaction,
    name: ReportingPeriodName,
    period: ReportingPeriod,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::reporting_period::find(transaction, &name).await?.is_some();
    reporting_period::create(taken)
        .map_err(|CreateRefusal::Taken| Failure::Exists { name: name.to_string() })?;
    let payload = to_proto::reporting_period(&name, period);
    let draft = draft("reporting_period.created", &name, &payload);
    store::reporting_period::insert(transaction, &[(name, period)].into()).await?;
    Ok(vec![draft])
}
