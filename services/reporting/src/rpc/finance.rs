//! What reporting asks finance, on the caller's behalf.

use chrono::Datelike as _;
use platform::{Failure, Transport, convert::period_to_proto, mount::LARGEST_MESSAGE, principal};
use proto::finance::{
    FundingTable, GetFundingTableRequest, funding_table_service_client::FundingTableServiceClient,
};
use tonic::metadata::MetadataMap;
use values::{Period, Slug};

const SERVICE: &str = "finance";

/// The funding table of days of one year.
pub(super) async fn funding_table(
    transport: &Transport,
    caller: &MetadataMap,
    federation: &Slug,
    period: Period,
) -> Result<FundingTable, Failure> {
    funding_table_known_at(transport, caller, federation, (period, 0)).await
}

/// The funding table of a period, as known at a sequence of finance's journal; 0 for now.
pub(super) async fn funding_table_known_at(
    transport: &Transport,
    caller: &MetadataMap,
    federation: &Slug,
    (period, as_known_at): (Period, i64),
) -> Result<FundingTable, Failure> {
    let message = GetFundingTableRequest {
        parent: format!("federations/{federation}"),
        year: period.last_day().year(),
        period: Some(period_to_proto(period)),
        as_known_at,
        ..Default::default()
    };
    let mut client = FundingTableServiceClient::new(transport.clone())
        .max_decoding_message_size(LARGEST_MESSAGE);
    let answer = client
        .get_funding_table(principal::forward(caller, message))
        .await
        .map_err(|status| Failure::from_callee(SERVICE, status))?;
    let table = answer.into_inner().funding_table;
    table.ok_or_else(|| anyhow::anyhow!("{SERVICE} answered without a table").into())
}
