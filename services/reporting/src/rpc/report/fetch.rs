//! Fetching the figures that are counted from records.

use platform::{Failure, principal};
use proto::reporting as pb;
use tonic::Request;
use values::name::ReportName;

use super::{compile::period_of, head, state_forbids};
use crate::rpc::{Shell, derived::Counts, permissions};

pub(super) async fn fetch(
    shell: &Shell,
    request: Request<pb::FetchFiguresRequest>,
) -> Result<pb::FetchFiguresResponse, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, pb::FetchFiguresRequest { name: sent, hide_more }) = request.into_parts();
    let name = ReportName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let connection = &shell.journal.database().read;
    let report = head(connection, &name).await?.report;
    let content = &report.content;
    if !permissions::may_write(&principal, &content.subject) {
        return Err(Failure::not_found(&name));
    }
    if content.derived.is_empty() {
        return Ok(pb::FetchFiguresResponse { is_newest: true });
    }
    if report.newest_table().is_some() {
        return Err(state_forbids(report.state()));
    }
    let period = period_of(connection, &content.period).await?.period();
    let crosswalk = shell.crosswalk(connection, Some(&content.template)).await?;
    let counts = Counts {
        transport: &shell.organisation,
        caller: &caller,
        federation: &name.federation,
        crosswalk: &crosswalk,
    };
    let (_, is_newest) = counts.fetch(period, hide_more).await?;
    shell.recent.forget();
    Ok(pb::FetchFiguresResponse { is_newest })
}
