//! Reads of decisions, and the table of a year.

use platform::{Failure, journal, page::Page, principal};
use proto::finance as pb;
use tonic::Request;
use values::{Faults, name::ContributionDecisionName};

use crate::{
    domain::contribution::table,
    rpc::{Shared, convert, organisation::Directory},
    store,
};

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetContributionDecisionRequest>,
) -> Result<pb::ContributionDecision, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetContributionDecisionRequest { name: sent } = request.into_inner();
    let name = ContributionDecisionName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = store::contribution::find(&shared.database().read, &name).await?;
    let decision = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::contribution::render(&decision))
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListContributionDecisionsRequest>,
) -> Result<pb::ListContributionDecisionsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListContributionDecisionsRequest { parent, year, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let year = faults.keep(convert::field::year_filter("year", year));
    let stretch = faults.keep_nested("", convert::field::stretch(page_size, &page_token));
    let (year, stretch) = faults.into_result(|| year.zip(stretch))?;
    let picture = shared.database().snapshot().await?;
    let listed = store::contribution::list(&picture, &federation, year, stretch).await?;
    picture.rollback().await?;
    let decisions = listed.items.iter();
    Ok(pb::ListContributionDecisionsResponse {
        contribution_decisions: decisions.map(convert::contribution::render).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}

pub(super) async fn table(
    shared: &Shared,
    request: Request<pb::GetContributionTableRequest>,
) -> Result<pb::ContributionTable, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let pb::GetContributionTableRequest { parent, year } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let year = faults.keep(convert::field::budget_year("year", year));
    let year = faults.into_result(|| year)?;
    let directory =
        Directory { organisation: &shared.organisation, caller: &caller, federation: &federation };
    let parties = directory.parties().await?.into_iter();
    let names = parties.map(|(name, party)| (name, party.display_name)).collect();

    let today = shared.journal.clock().today();
    let picture = shared.database().snapshot().await?;
    let head = journal::head(&picture, &federation).await?;
    let decision = store::contribution::in_force(&picture, &federation, year, today).await?;
    let standings = store::contribution::standings(&picture, &federation, year).await?;
    let carried_over = store::ledger::balances::carried_over(&picture, &federation, year).await?;
    picture.rollback().await?;
    let paid = standings.into_iter().map(|(party, standing)| (party, standing.paid)).collect();
    let table = table::compute(decision.as_ref(), &paid, &names);
    let rows = table.rows.into_iter().map(convert::contribution::render_row);
    Ok(pb::ContributionTable {
        year: year.number(),
        rows: rows.collect(),
        carried_over_equity_ore: carried_over.get(),
        total: Some(convert::contribution::render_amounts(table.total)),
        contribution_decision: decision
            .map(|decision| decision.name.to_string())
            .unwrap_or_default(),
        sequence: head.sequence,
    })
}
