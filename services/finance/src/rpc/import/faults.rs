//! What is wrong with the rows of an import, as it is told.

use values::{Fault, Faults, Slug, name::PartyName};

use crate::{
    domain::import::{Place, Plan, RowFault},
    rpc::convert,
};

/// Faults that the reader has found, each with its row; none for those of what is
/// expected, which come last.
pub(super) type Told = Vec<(Option<Place>, Fault)>;

/// Where a row stands in the request.
pub(super) fn path(place: Place) -> String {
    match place {
        Place::Recipient(index) => format!("recipients[{index}]"),
        Place::Grant(index) => format!("grants[{index}]"),
        Place::Requisition(index) => format!("requisitions[{index}]"),
        Place::FinancialYear(index) => format!("financial_years[{index}]"),
        Place::ContributionDecision(index) => format!("contribution_decisions[{index}]"),
        Place::ContributionPayment(index) => format!("contribution_payments[{index}]"),
        Place::Budget(index) => format!("budgets[{index}]"),
        Place::OwnCost(index) => format!("own_costs[{index}]"),
        Place::StaffingFinancing(index) => format!("staffing_financings[{index}]"),
        Place::BudgetForecast(index) => format!("budget_forecasts[{index}]"),
        Place::EquityPolicy(index) => format!("equity_policies[{index}]"),
        Place::GrantAmendment(index) => format!("grant_amendments[{index}]"),
        Place::AccountPlan => "account_plan".to_owned(),
    }
}

/// The plan, when neither the reader nor the rules have found a fault; otherwise
/// all of both, in the order of the rows.
pub(super) fn all_faults(
    federation: &Slug,
    plan: Result<Plan, Vec<(Place, RowFault)>>,
    told: &Told,
) -> Result<Plan, Faults> {
    let mut found: Vec<_> =
        told.iter().map(|(place, fault)| (place.is_none(), *place, fault.clone())).collect();
    let plan = match plan {
        Ok(plan) => Some(plan),
        Err(faults) => {
            for (place, fault) in faults {
                found.push((false, Some(place), row_fault(federation, place, fault)));
            }
            None
        }
    };
    found.sort_by_key(|(is_last, place, _)| (*is_last, *place));
    let mut faults = Faults::new();
    found.into_iter().for_each(|(_, _, fault)| faults.push(fault));
    faults.into_result(|| plan)
}

/// What is wrong with a row, as it is told.
fn row_fault(federation: &Slug, place: Place, fault: RowFault) -> Fault {
    let inner = match fault {
        RowFault::NameTwice(name) => Fault::new("name", "NAME_TWICE").with("name", name),
        RowFault::DiffersFromRecord(name) => {
            Fault::new("name", "DIFFERS_FROM_RECORD").with("name", name)
        }
        RowFault::Recipient(fault) => convert::recipient::fault(fault),
        RowFault::Decision(fault) => convert::grant::fault(fault),
        RowFault::Claim(fault) => convert::requisition::fault(fault),
        RowFault::CorrectionNotImported => Fault::new("corrects", "CORRECTION_NOT_IMPORTED"),
        RowFault::YearClosed(year) => {
            Fault::new(booked_by(place), "YEAR_CLOSED").with("year", year)
        }
        RowFault::GrantOverdrawn { asked, left } => Fault::new("amount_ore", "GRANT_OVERDRAWN")
            .with("asked_ore", asked)
            .with("left_ore", left),
        RowFault::Opening(day) => {
            let fault = convert::board_decision::fault(day);
            Fault { field: format!("opening_decision.{}", fault.field), ..fault }
        }
        RowFault::EquityIsCarriedOver { first_year } => {
            Fault::new("opening_equity_ore", "EQUITY_IS_CARRIED_OVER").with("year", first_year)
        }
        RowFault::LaterYearClosed { closed_through } => {
            Fault::new("year", "EARLIER_YEAR_CLOSED").with("year", closed_through)
        }
        RowFault::Contribution(fault) => convert::contribution::fault(fault),
        RowFault::BelowPaid { party, agreed, paid } => {
            Fault::new("shares", "CONTRIBUTION_BELOW_PAID")
                .with("party", PartyName::new(federation.clone(), party))
                .with("agreed_ore", agreed)
                .with("paid_ore", paid)
        }
        RowFault::Payment(fault) => convert::contribution::payment_fault(fault),
        RowFault::Overpaid { amount, outstanding } => {
            Fault::new("amount_ore", "CONTRIBUTION_OVERPAID")
                .with("asked_ore", amount)
                .with("outstanding_ore", outstanding)
        }
        RowFault::PaidBelowZero { amount, paid } => {
            Fault::new("amount_ore", "CONTRIBUTION_PAID_BELOW_ZERO")
                .with("asked_ore", amount)
                .with("paid_ore", paid)
        }
        RowFault::Budget(fault) => convert::budget::fault(fault),
        RowFault::OwnCost(day) => convert::own_cost::fault(day),
        RowFault::Staffing(fault) => convert::staffing_financing::fault(fault),
        RowFault::Forecast(fault) => convert::budget::forecast_fault(fault),
        RowFault::YearUnknown(year) => {
            Fault::new("name", "FINANCIAL_YEAR_UNKNOWN").with("value", year.id)
        }
        RowFault::GrantUnknown(grant) => Fault::new("name", "GRANT_UNKNOWN").with("value", grant),
        RowFault::Amendment(fault) => convert::grant::amendment_fault(fault),
        RowFault::GrantBelowClaimed { asked, least } => {
            Fault::new("amount_ore", "GRANT_BELOW_CLAIMED")
                .with("asked_ore", asked)
                .with("least_ore", least)
        }
        RowFault::AmendmentTwice { dnr, day } => {
            Fault::new("dnr", "GRANT_AMENDMENT_TWICE").with("dnr", dnr).with("day", day)
        }
        RowFault::AmendmentDiffers { dnr, day } => {
            Fault::new("dnr", "GRANT_AMENDMENT_DIFFERS").with("dnr", dnr).with("day", day)
        }
        RowFault::AccountPlan(fault) => convert::account_plan::fault(fault),
        RowFault::AccountPlanDiffers(field) => Fault::new(field, "ACCOUNT_PLAN_DIFFERS"),
    };
    Fault { field: format!("{}.{}", path(place), inner.field), ..inner }
}

/// The field that tells the year a row is booked in.
fn booked_by(place: Place) -> &'static str {
    match place {
        Place::Recipient(_)
        | Place::Grant(_)
        | Place::Requisition(_)
        | Place::GrantAmendment(_) => "period",
        Place::ContributionPayment(_) => "payment_date",
        Place::OwnCost(_) => "day",
        Place::FinancialYear(_)
        | Place::ContributionDecision(_)
        | Place::Budget(_)
        | Place::StaffingFinancing(_)
        | Place::BudgetForecast(_)
        | Place::EquityPolicy(_)
        | Place::AccountPlan => "year",
    }
}
