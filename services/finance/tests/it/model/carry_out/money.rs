//! Contributions, own costs and budgets.

use chrono::NaiveDate;
use platform::Principal;
use proto::finance::{
    self as pb, budget_service_client::BudgetServiceClient,
    contribution_service_client::ContributionServiceClient,
    own_cost_service_client::OwnCostServiceClient,
};

use super::{Answer, date, send};
use crate::{
    model::reference::money::{Asks, ContributionDecision, ContributionPayment, OwnCost},
    world::{HOME, World},
};

pub(super) async fn ask(
    world: &World,
    caller: &Principal,
    asks: Asks,
    request_id: String,
) -> Answer {
    let (parent, validate_only) = (HOME.to_owned(), false);
    let contributions = || ContributionServiceClient::new(world.transport.clone());
    let budgets = || BudgetServiceClient::new(world.transport.clone());
    match asks {
        Asks::DecideContributions(decision) => {
            let message = pb::DecideContributionsRequest {
                parent,
                contribution_decision_id: decision.id.clone(),
                contribution_decision: Some(contribution_decision(&decision)),
                request_id,
                validate_only,
            };
            send!(world, caller, contributions(), decide_contributions(message))
        }
        Asks::PayContribution(payment) => {
            let message = pb::RecordContributionPaymentRequest {
                parent,
                contribution_payment_id: payment.id.clone(),
                contribution_payment: Some(contribution_payment(&payment)),
                request_id,
                validate_only,
            };
            send!(world, caller, contributions(), record_contribution_payment(message))
        }
        Asks::RecordOwnCost(cost) => {
            let message = pb::RecordOwnCostRequest {
                parent,
                own_cost_id: cost.id.clone(),
                own_cost: Some(own_cost(&cost)),
                request_id,
                validate_only,
            };
            let mut client = OwnCostServiceClient::new(world.transport.clone());
            send!(world, caller, client, record_own_cost(message))
        }
        Asks::DecideBudget { id, year, decided } => {
            let (budget_id, budget) = (id, Some(budget_of(year, decided)));
            let message =
                pb::DecideBudgetRequest { parent, budget_id, budget, request_id, validate_only };
            send!(world, caller, budgets(), decide_budget(message))
        }
        Asks::RecordForecast { id, year, day } => {
            let message = pb::RecordBudgetForecastRequest {
                parent,
                budget_forecast_id: id,
                budget_forecast: Some(forecast_of(year, day)),
                request_id,
                validate_only,
            };
            send!(world, caller, budgets(), record_budget_forecast(message))
        }
    }
}

fn contribution_decision(decision: &ContributionDecision) -> pb::ContributionDecision {
    let share = |(party, _, weight): &(&str, i64, i64)| pb::ContributionShare {
        party: format!("{HOME}/parties/{party}"),
        weight: *weight,
        amount_ore: 0,
    };
    pb::ContributionDecision {
        year: decision.year,
        total_ore: decision.total(),
        shares: decision.shares.iter().map(share).collect(),
        dnr: "2025/13".to_owned(),
        decision_date: date(decision.decided),
        deciding_body: "Styrelsen".to_owned(),
        ..Default::default()
    }
}

fn contribution_payment(payment: &ContributionPayment) -> pb::ContributionPayment {
    pb::ContributionPayment {
        year: payment.year,
        party: format!("{HOME}/parties/{}", payment.party),
        amount_ore: payment.ore,
        payment_date: date(payment.day),
        bank_reference: "B 9".to_owned(),
        comment: "because".to_owned(),
        ..Default::default()
    }
}

fn own_cost(cost: &OwnCost) -> pb::OwnCost {
    pb::OwnCost {
        area: pb::BudgetArea::Administration.into(),
        amount_ore: cost.ore,
        day: date(cost.day),
        description: "Löner".to_owned(),
        ..Default::default()
    }
}

fn budget_of(year: i32, decided: NaiveDate) -> pb::Budget {
    let row = pb::BudgetRow {
        area: pb::BudgetArea::Audit.into(),
        title: "Revisor".to_owned(),
        amount_ore: 100,
        recipient: String::new(),
    };
    pb::Budget {
        year,
        rows: vec![row],
        dnr: "2025/12".to_owned(),
        decision_date: date(decided),
        deciding_body: "Styrelsen".to_owned(),
        ..Default::default()
    }
}

fn forecast_of(year: i32, day: NaiveDate) -> pb::BudgetForecast {
    pb::BudgetForecast {
        year,
        area: pb::BudgetArea::Initiatives.into(),
        day: date(day),
        forecast_ore: 900,
        ..Default::default()
    }
}
