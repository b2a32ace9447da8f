//! The check of everything that a year is made of.

use proto::finance as pb;
use sea_orm::{ConnectionTrait, DbErr};
use values::{
    Slug,
    name::{
        BudgetForecastName, BudgetName, ContributionDecisionName, ContributionPaymentName,
        FinancialYearName, OwnCostName,
    },
};

use super::{Payloads, Recorded, differences, payloads};
use crate::{
    rpc::{
        render_budget, render_budget_forecast, render_contribution_decision,
        render_contribution_payment, render_financial_year, render_own_cost,
    },
    store::verify::year,
};

impl Recorded for pb::Budget {}
impl Recorded for pb::BudgetForecast {}
impl Recorded for pb::ContributionDecision {}
impl Recorded for pb::ContributionPayment {}
impl Recorded for pb::FinancialYear {}
impl Recorded for pb::OwnCost {}

/// What the journal recorded last of each resource of a year.
pub(super) struct YearPayloads {
    years: Payloads,
    contribution_decisions: Payloads,
    contribution_payments: Payloads,
    budgets: Payloads,
    budget_forecasts: Payloads,
    own_costs: Payloads,
}

impl YearPayloads {
    /// Reads them from the journal.
    pub(super) async fn of(connection: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let decisions = ContributionDecisionName::COLLECTION;
        Ok(Self {
            years: payloads(connection, FinancialYearName::COLLECTION).await?,
            contribution_decisions: payloads(connection, decisions).await?,
            contribution_payments: payloads(connection, ContributionPaymentName::COLLECTION)
                .await?,
            budgets: payloads(connection, BudgetName::COLLECTION).await?,
            budget_forecasts: payloads(connection, BudgetForecastName::COLLECTION).await?,
            own_costs: payloads(connection, OwnCostName::COLLECTION).await?,
        })
    }
}

/// Every problem of a federation's years.
pub(super) async fn problems(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    payloads: &YearPayloads,
) -> Result<Vec<String>, DbErr> {
    let mut problems = year::unbalanced(connection, federation).await?;
    problems.extend(year::posted_late(connection, federation).await?);
    problems.extend(year::standings(connection, federation).await?);
    problems.extend(year::unposted(connection, federation).await?);

    let kept = year::years(connection, federation).await?;
    problems.extend(differences(federation, kept, render_financial_year, &payloads.years));
    let (kept, recorded) = (
        year::contribution_decisions(connection, federation).await?,
        &payloads.contribution_decisions,
    );
    problems.extend(differences(federation, kept, render_contribution_decision, recorded));
    let (kept, recorded) = (
        year::contribution_payments(connection, federation).await?,
        &payloads.contribution_payments,
    );
    problems.extend(differences(federation, kept, render_contribution_payment, recorded));
    let kept = year::budgets(connection, federation).await?;
    problems.extend(differences(federation, kept, render_budget, &payloads.budgets));
    let (kept, recorded) =
        (year::budget_forecasts(connection, federation).await?, &payloads.budget_forecasts);
    problems.extend(differences(federation, kept, render_budget_forecast, recorded));
    let kept = year::own_costs(connection, federation).await?;
    problems.extend(differences(federation, kept, render_own_cost, &payloads.own_costs));
    Ok(problems)
}
