//! Where a fault of an import is, and what it is.

use chrono::NaiveDate;
use values::{
    Ore, Slug,
    name::{FinancialYearName, GrantName},
};

use crate::domain::{
    account_plan::PlanFault,
    board_decision,
    budget::{BudgetFault, forecast::ForecastFault},
    contribution::{self, payment::PaymentFault},
    grant::{DecisionFault, amend::AmendmentFault},
    own_cost,
    recipient::RecipientFault,
    requisition::ClaimFault,
    staffing_financing::StaffingFault,
};

/// Which row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A row of the recipients.
    Recipient(usize),
    /// A row of the grants.
    Grant(usize),
    /// A row of the requisitions.
    Requisition(usize),
    /// A row of the years.
    FinancialYear(usize),
    /// A row of the decisions on contributions.
    ContributionDecision(usize),
    /// A row of the contributions that were paid.
    ContributionPayment(usize),
    /// A row of the budgets.
    Budget(usize),
    /// A row of the own costs.
    OwnCost(usize),
    /// A row of the staffing.
    StaffingFinancing(usize),
    /// A row of the forecasts.
    BudgetForecast(usize),
    /// The limits of a year.
    EquityPolicy(usize),
    /// A row of the later decisions on grants.
    GrantAmendment(usize),
    /// The account plan.
    AccountPlan,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    /// An earlier row has the same name.
    NameTwice(String),
    /// The resource is there with other content.
    DiffersFromRecord(String),
    /// What is wrong with a recipient.
    Recipient(RecipientFault),
    /// What is wrong with a grant.
    Decision(DecisionFault),
    /// What is wrong with a requisition.
    Claim(ClaimFault),
    /// A correction is drafted on its own.
    CorrectionNotImported,
    /// Nothing more is posted in the row's year.
    YearClosed(i32),
    /// The grant has no room for the row after those before it.
    GrantOverdrawn {
        /// What is claimed.
        asked: Ore,
        /// What is left of the grant.
        left: Ore,
    },
    /// The board cannot have decided to open the year yet.
    Opening(board_decision::InFuture),
    /// Equity is carried over from the first year on; another cannot come in.
    EquityIsCarriedOver {
        /// The first year.
        first_year: i32,
    },
    /// A year after it, or itself, is closed.
    LaterYearClosed {
        /// The last closed year.
        closed_through: i32,
    },
    /// What is wrong with a decision on contributions.
    Contribution(contribution::DecisionFault),
    /// A party has paid more than it would owe.
    BelowPaid {
        /// The party.
        party: Slug,
        /// What it would owe.
        agreed: Ore,
        /// What it has paid.
        paid: Ore,
    },
    /// What is wrong with a payment.
    Payment(PaymentFault),
    /// A payment is more than what is outstanding.
    Overpaid {
        /// The payment.
        amount: Ore,
        /// What is outstanding.
        outstanding: Ore,
    },
    /// A payment takes back more than is paid.
    PaidBelowZero {
        /// The payment.
        amount: Ore,
        /// What is paid.
        paid: Ore,
    },
    /// What is wrong with a budget.
    Budget(BudgetFault),
    /// What is wrong with an own cost.
    OwnCost(own_cost::InFuture),
    /// What is wrong with staffing.
    Staffing(StaffingFault),
    /// What is wrong with a forecast.
    Forecast(ForecastFault),
    /// The year of the limits is not there.
    YearUnknown(FinancialYearName),
    /// The grant of a later decision is not there.
    GrantUnknown(GrantName),
    /// What is wrong with a later decision.
    Amendment(AmendmentFault),
    /// More is claimed or set aside than a later decision grants.
    GrantBelowClaimed {
        /// What was to be granted.
        asked: Ore,
        /// The least there can be.
        least: Ore,
    },
    /// An earlier row has the same later decision.
    AmendmentTwice {
        /// Its registry number.
        dnr: String,
        /// Its day.
        day: NaiveDate,
    },
    /// The later decision is there with other content.
    AmendmentDiffers {
        /// Its registry number.
        dnr: String,
        /// Its day.
        day: NaiveDate,
    },
    /// What is wrong with the account plan.
    AccountPlan(PlanFault),
    /// The federation has an account plan that says something else in this field.
    AccountPlanDiffers(&'static str),
}
