//! `UnitCostService`.

use std::collections::BTreeMap;

use platform::{Failure, Principal, journal, principal};
use proto::{
    finance::{FundingAmounts, FundingRow},
    reporting as pb,
    reporting::unit_cost_service_server::UnitCostService,
};
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Ore,
    name::{ReportingPeriodName, TeamName},
};

use super::{Shell, finance, organisation::Organisation, permissions};
use crate::{
    domain::unit_cost::{self, Money, UnitCost, UnitCosts},
    store,
};

pub(super) struct UnitCostTables(pub(super) Shell);

#[async_trait]
impl UnitCostService for UnitCostTables {
    async fn get_unit_costs(
        &self,
        request: Request<pb::GetUnitCostsRequest>,
    ) -> Result<Response<pb::GetUnitCostsResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.get(&principal, &metadata, message).await?))
    }
}

impl UnitCostTables {
    async fn get(
        &self,
        principal: &Principal,
        caller: &MetadataMap,
        message: pb::GetUnitCostsRequest,
    ) -> Result<pb::GetUnitCostsResponse, Failure> {
        let pb::GetUnitCostsRequest { reporting_period: sent } = message;
        let name = ReportingPeriodName::parse("reporting_period", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let not_found = || Failure::not_found(&name);
        let reader = permissions::reader(principal).ok_or_else(not_found)?;

        let Shell { journal, definitions, organisation, finance, .. } = &self.0;
        let federation = &name.federation;
        let picture = journal.database().snapshot().await?;
        let period = store::reporting_period::find(&picture, &name).await?;
        let period = period.ok_or_else(not_found)?;
        let figures = store::reported_figures::of_period(&picture, &name).await?;
        let head = journal::head(&picture, federation).await?;
        picture.rollback().await?;

        let organisation = Organisation { transport: organisation, caller, federation };
        let (teams, table) = futures::try_join!(
            organisation.teams(),
            finance::funding_table(finance, caller, federation, period.period()),
        )?;
        let teams: BTreeMap<TeamName, String> =
            teams.into_iter().map(|team| (team.name, team.display_name)).collect();
        let rows = table.rows.into_iter();
        let money = rows.filter_map(|row| money(row, &teams).transpose());
        let money = money.collect::<Result<_, Failure>>()?;
        let reported = figures.into_iter().map(|(name, figures)| (name.team_name(), figures));
        let rows = unit_cost::compute(definitions, money, &reported.collect(), &reader);
        let rows = rows.ok_or_else(|| anyhow::anyhow!("a team's money does not fit"))?;
        Ok(pb::GetUnitCostsResponse {
            reporting_period: name.to_string(),
            rows: rows.into_iter().map(render).collect(),
            finance_sequence: table.sequence,
            reporting_sequence: head.sequence,
        })
    }
}

/// What finance tells of a recipient; none for one that is no team.
fn money(row: FundingRow, teams: &BTreeMap<TeamName, String>) -> Result<Option<Money>, Failure> {
    let FundingRow { team, display_name, amounts, .. } = row;
    if team.is_empty() {
        return Ok(None);
    }
    let team = TeamName::parse("team", &team)
        .map_err(|fault| anyhow::anyhow!("finance answered a team with {}", fault.reason))?;
    let FundingAmounts { requisitioned_ore, .. } = amounts.unwrap_or_default();
    // A recipient may be called otherwise than its team.
    let display_name = teams.get(&team).cloned().unwrap_or(display_name);
    Ok(Some(Money { team, display_name, requisitioned: Ore::new(requisitioned_ore) }))
}

fn render(row: UnitCosts) -> pb::UnitCostRow {
    let UnitCosts { money: Money { team, display_name, requisitioned }, costs } = row;
    let cost = |cost: UnitCost| {
        let UnitCost { cell, count, cost } = cost;
        pb::UnitCost {
            figure: cell.figure,
            category: cell.category,
            count,
            cost_ore: cost.map(Ore::get),
        }
    };
    pb::UnitCostRow {
        team: team.to_string(),
        display_name,
        requisitioned_ore: requisitioned.get(),
        unit_costs: costs.into_iter().map(cost).collect(),
    }
}
