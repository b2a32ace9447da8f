//! Many facts of money at once: what would be created, or every fault of every
//! row.
//!
//! A row may refer to another row of the same import. A row whose resource is
//! there with the same content changes nothing, however far the resource has
//! come since; with other content it is refused.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt::Display,
    hash::Hash,
};

use chrono::{DateTime, NaiveDate, Utc};
use values::{
    Ore, OrganisationNumber, Slug,
    name::{
        AccountName, BudgetForecastName, BudgetName, ContributionDecisionName,
        ContributionPaymentName, FinancialYearName, GrantName, MunicipalityName, OwnCostName,
        PartyName, RecipientName, RequisitionName, StaffingFinancingName, TeamName,
    },
};

use super::{
    account_plan::{AccountPlan, AccountPlanParts},
    budget::{
        Budget, BudgetParts,
        forecast::{Forecast, ForecastParts},
    },
    budget_year::BudgetYear,
    contribution::{
        self, Group, Standing,
        payment::{Payment, PaymentParts},
    },
    financial_year::{FinancialYear, OpenParts},
    grant::{DecisionParts, Grant, amend::Held},
    ledger::Voucher,
    own_cost::{OwnCost, OwnCostParts},
    recipient::{Recipient, RecipientParts},
    requisition::{Claim, ClaimParts, ClaimedCost, Requisition, State, Step},
    staffing_financing::{StaffingFinancing, StaffingFinancingParts},
};

mod account_plans;
mod amendments;
mod budget_forecasts;
mod budgets;
mod contributions;
mod equity_policies;
mod financial_years;
mod grants;
mod on_grants;
mod own_costs;
mod recipients;
mod requisitions;
mod row_fault;
mod staffing_financings;

pub use amendments::AmendmentRow;
pub use equity_policies::PolicyParts;
pub use row_fault::{Place, RowFault};

/// The rows, as far as they could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The recipients.
    pub recipients: Vec<RecipientParts>,
    /// The grants.
    pub grants: Vec<DecisionParts>,
    /// The requisitions.
    pub requisitions: Vec<ClaimParts>,
    /// The years.
    pub financial_years: Vec<OpenParts>,
    /// What the parties are to pay.
    pub contribution_decisions: Vec<contribution::DecisionParts>,
    /// What they have paid.
    pub contribution_payments: Vec<PaymentParts>,
    /// The budgets.
    pub budgets: Vec<BudgetParts>,
    /// The federation's own costs.
    pub own_costs: Vec<OwnCostParts>,
    /// Who pays for posts.
    pub staffing_financings: Vec<StaffingFinancingParts>,
    /// What the office expects of the budget's areas.
    pub budget_forecasts: Vec<ForecastParts>,
    /// The limits for the equity of years.
    pub equity_policies: Vec<PolicyParts>,
    /// Later decisions on grants.
    pub grant_amendments: Vec<AmendmentRow>,
    /// The account plan, when one is sent.
    pub account_plan: Option<AccountPlanParts>,
}

/// What is there already, as far as the rows name it.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Recipients that a row creates or refers to.
    pub recipients: HashMap<RecipientName, Recipient>,
    /// Grants that a row creates, changes or refers to, and those above the changed.
    pub grants: HashMap<GrantName, Grant>,
    /// What keeps days of the grants that a row changes.
    pub held: HashMap<GrantName, Vec<Held>>,
    /// Requisitions that a row creates.
    pub requisitions: HashMap<RequisitionName, Claim>,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// Live claims on the grants that a row refers to.
    pub claimed: HashMap<(GrantName, PartyName), Vec<ClaimedCost>>,
    /// What was approved or paid on them, net of corrections.
    pub requisitioned: HashMap<(GrantName, PartyName), Ore>,
    /// Every year, when a row opens one or limits its equity.
    pub financial_years: HashMap<FinancialYearName, FinancialYear>,
    /// Decisions that a row creates.
    pub contribution_decisions: HashMap<ContributionDecisionName, contribution::Decision>,
    /// What is decided and paid for the years of the rows.
    pub contributions: HashMap<BudgetYear, YearsContributions>,
    /// Payments that a row creates.
    pub contribution_payments: HashMap<ContributionPaymentName, Payment>,
    /// Budgets that a row creates.
    pub budgets: HashMap<BudgetName, Budget>,
    /// How many budgets the years of the rows have.
    pub budget_versions: HashMap<BudgetYear, i32>,
    /// Costs that a row creates.
    pub own_costs: HashMap<OwnCostName, OwnCost>,
    /// Staffing that a row creates, or that is for the same work.
    pub staffing_financings: HashMap<StaffingFinancingName, StaffingFinancing>,
    /// Forecasts that a row creates.
    pub budget_forecasts: HashMap<BudgetForecastName, Forecast>,
    /// The account plan, when a row enters one.
    pub account_plan: Option<AccountPlan>,
}

/// What is decided and paid for one year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YearsContributions {
    /// How many decisions there are.
    pub versions: i32,
    /// Where each party stands.
    pub standings: BTreeMap<Slug, Standing>,
}

/// What is known from outside the record.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// The teams there are, or will be.
    pub teams: HashSet<TeamName>,
    /// The parties there are, or will be, with their numbers as far as they are
    /// known.
    pub parties: HashMap<PartyName, Option<OrganisationNumber>>,
    /// What each of them pays as.
    pub groups: HashMap<PartyName, Group>,
    /// The municipalities there are, or will be.
    pub municipalities: HashSet<MunicipalityName>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// What an import creates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The recipients.
    pub recipients: Vec<Recipient>,
    /// The decisions on grants in the order of their days: the grant as it is after
    /// each, and what it moves on the ledger. One with a single decision is opened by it.
    pub grants: Vec<(Grant, Voucher)>,
    /// The requisitions, submitted.
    pub requisitions: Vec<Requisition>,
    /// The years, opened.
    pub financial_years: Vec<FinancialYear>,
    /// The decisions on contributions.
    pub contribution_decisions: Vec<contribution::Decision>,
    /// The contributions that were paid.
    pub contribution_payments: Vec<Payment>,
    /// The budgets.
    pub budgets: Vec<Budget>,
    /// The own costs.
    pub own_costs: Vec<OwnCost>,
    /// The staffing.
    pub staffing_financings: Vec<StaffingFinancing>,
    /// The forecasts.
    pub budget_forecasts: Vec<Forecast>,
    /// The years whose limits are entered, with them.
    pub equity_policies: Vec<FinancialYear>,
    /// The account plan, when it is entered.
    pub account_plan: Option<AccountPlan>,
    /// What else moves on the ledger, each with the place of the resource that
    /// causes it: counted over all that is created, in the order of the lists
    /// above.
    pub vouchers: Vec<(usize, Voucher)>,
}

impl Plan {
    /// How much is created so far: the place of what is created next.
    fn count(&self) -> usize {
        let Plan {
            recipients,
            grants,
            requisitions,
            financial_years,
            contribution_decisions,
            contribution_payments,
            budgets,
            own_costs,
            staffing_financings,
            budget_forecasts,
            equity_policies,
            account_plan,
            vouchers: _,
        } = self;
        let grants = recipients.len() + grants.len() + requisitions.len();
        let contributions = contribution_decisions.len() + contribution_payments.len();
        let years = financial_years.len() + equity_policies.len();
        let costs = own_costs.len() + staffing_financings.len();
        let plans = budgets.len() + budget_forecasts.len() + usize::from(account_plan.is_some());
        grants + contributions + years + costs + plans
    }
}

/// Plans an import for the account that makes it.
///
/// # Errors
/// Every fault of every row, in the order of the rows.
pub fn plan(
    rows: Rows,
    record: &Record,
    outside: &Outside,
    actor: &AccountName,
    time: DateTime<Utc>,
) -> Result<Plan, Vec<(Place, RowFault)>> {
    let mut faults = Vec::new();
    let mut plan = Plan::default();
    let mut recipients: HashSet<RecipientName> = record.recipients.keys().cloned().collect();
    recipients.extend(rows.recipients.iter().filter_map(|row| row.name.clone()));
    let mut granted: HashSet<GrantName> = record.grants.keys().cloned().collect();
    granted.extend(rows.grants.iter().filter_map(|row| row.name.clone()));
    let mut on_grants = on_grants::OnGrants::of(record, &rows.grants);
    let submitted =
        Step { state: State::Submitted, actor: actor.clone(), time, comment: String::new() };

    recipients::plan(rows.recipients, record, outside, &mut plan, &mut faults);
    let funded = recipients.clone();
    let mut known = grants::Known { record, recipients, outside, on_grants: &mut on_grants };
    let decisions = grants::in_order(rows.grants, rows.grant_amendments);
    grants::plan(decisions, &mut known, &submitted, &mut plan, &mut faults);
    let mut claims = requisitions::Claims { record, outside, on_grants };
    requisitions::plan(rows.requisitions, &mut claims, &submitted, &mut plan, &mut faults);
    let mut planner = Planner { record, outside, plan, faults };
    let opened = rows.financial_years.iter().filter_map(|row| row.name.clone()).collect();
    financial_years::plan(rows.financial_years, &mut planner);
    let mut years = contributions::Years::of(record);
    contributions::decisions(rows.contribution_decisions, &mut years, &mut planner);
    contributions::payments(rows.contribution_payments, &mut years, &mut planner);
    budgets::plan(rows.budgets, &funded, &mut planner);
    own_costs::plan(rows.own_costs, &mut planner);
    staffing_financings::plan(rows.staffing_financings, &mut planner);
    budget_forecasts::plan(rows.budget_forecasts, &mut planner);
    equity_policies::plan(rows.equity_policies, &opened, &mut planner);
    if let Some(parts) = rows.account_plan {
        account_plans::plan(actor.federation.clone(), parts, funded, granted, &mut planner);
    }
    let Planner { plan, mut faults, .. } = planner;
    faults.sort_by_key(|(place, _)| *place);
    if faults.is_empty() { Ok(plan) } else { Err(faults) }
}

/// What a plan is made of.
struct Planner<'a> {
    record: &'a Record,
    outside: &'a Outside,
    plan: Plan,
    faults: Vec<(Place, RowFault)>,
}

/// A noun, as far as all of them are gone through alike.
struct Noun<'a, P, N, T> {
    /// The place of its row.
    at: fn(usize) -> Place,
    /// The name of a row, when it could be read.
    name: fn(&P) -> Option<&N>,
    /// What is there.
    recorded: &'a HashMap<N, T>,
    /// True when a row says what is there, or could not be read.
    is_same: fn(&P, &T) -> bool,
}

impl<'a> Planner<'a> {
    /// Goes through the rows of a noun. What is new is created, unless an earlier
    /// row has its name; what is there must be the same.
    fn each<P, N, T>(
        &mut self,
        rows: Vec<P>,
        noun: &Noun<'a, P, N, T>,
        mut create: impl FnMut(P, &mut Self) -> Result<(), Vec<RowFault>>,
    ) where
        N: Clone + Eq + Hash + Display,
    {
        let mut names = HashSet::new();
        for (index, row) in rows.into_iter().enumerate() {
            let name = (noun.name)(&row);
            let there = name.and_then(|name| noun.recorded.get_key_value(name));
            let found = match (seen_before(&mut names, name), there) {
                (Some(fault), _) => vec![fault],
                (None, Some((_, recorded))) if (noun.is_same)(&row, recorded) => Vec::new(),
                (None, Some((name, _))) => vec![RowFault::DiffersFromRecord(name.to_string())],
                (None, None) => create(row, self).err().unwrap_or_default(),
            };
            self.faults.extend(found.into_iter().map(|fault| ((noun.at)(index), fault)));
        }
    }

    /// Notes what the resource that is created next moves on the ledger.
    fn post(&mut self, voucher: Voucher) {
        self.plan.vouchers.push((self.plan.count(), voucher));
    }
}

/// The fault of a row whose name an earlier row has.
fn seen_before<N: Clone + Eq + Hash + Display>(
    names: &mut HashSet<N>,
    name: Option<&N>,
) -> Option<RowFault> {
    let name = name?;
    let is_new = names.insert(name.clone());
    (!is_new).then(|| RowFault::NameTwice(name.to_string()))
}

/// The fault of a row that could be read and is not what the record has.
fn differs<T: PartialEq>(name: &impl Display, row: Option<T>, recorded: &T) -> Option<RowFault> {
    let differs = row.is_some_and(|new| new != *recorded);
    differs.then(|| RowFault::DiffersFromRecord(name.to_string()))
}

#[cfg(test)]
mod tests;
