//! `FundingTableService`.

use chrono::Datelike as _;
use platform::{
    Failure,
    convert::{period_from_proto, period_to_proto},
    journal, principal,
};
use proto::finance::{
    FundingTable, GetFundingTableRequest, GetFundingTableResponse,
    funding_table_service_server::FundingTableService,
};
use tonic::{Request, Response, Status};
use values::{Fault, Faults, Period};

use super::{Shared, convert};
use crate::{
    domain::funding_table::{self, SumTooLarge},
    store,
};

pub(super) struct FundingTables(pub(super) Shared);

#[tonic::async_trait]
impl FundingTableService for FundingTables {
    async fn get_funding_table(
        &self,
        request: Request<GetFundingTableRequest>,
    ) -> Result<Response<GetFundingTableResponse>, Status> {
        let funding_table = Some(get(&self.0, request).await?);
        Ok(Response::new(GetFundingTableResponse { funding_table }))
    }
}

async fn get(
    shared: &Shared,
    request: Request<GetFundingTableRequest>,
) -> Result<FundingTable, Failure> {
    let principal = principal::of(&request)?;
    let GetFundingTableRequest { parent, year, period, .. } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    if !(2000..=2999).contains(&year) {
        faults.push(Fault::new("year", "YEAR_OUT_OF_RANGE").with("value", year));
    }
    let period = period_from_proto("period", period).and_then(|period| within(year, period));
    let period = faults.keep_nested("", period);
    let period = faults.into_result(|| period)?;

    let picture = shared.database().snapshot().await?;
    let head = journal::head(&picture, &federation).await?;
    let figures = store::funding_table::figures(&picture, &federation, period).await?;
    picture.rollback().await?;
    let table = funding_table::compute(period, figures, shared.under_warning_percent)
        .map_err(|SumTooLarge| anyhow::anyhow!("the sums of the funding table do not fit"))?;
    let rows = table.rows.into_iter().map(convert::funding_table::render_row);
    Ok(FundingTable {
        parent,
        year,
        period: Some(period_to_proto(period)),
        rows: rows.collect(),
        total: Some(convert::funding_table::render_amounts(table.total)),
        sequence: head.sequence,
        cut: 0,
    })
}

fn within(year: i32, period: Period) -> Result<Period, Faults> {
    let days = [period.first_day(), period.last_day()];
    if days.iter().all(|day| day.year() == year) {
        return Ok(period);
    }
    let fault = Fault::new("period", "PERIOD_OUTSIDE_YEAR")
        .with("first_day", period.first_day())
        .with("last_day", period.last_day())
        .with("year", year);
    Err(fault.into())
}
