//! The rows of an import: read one by one, with the path of each fault.

use proto::finance as pb;
use values::{
    Fault, Faults, Slug,
    name::{
        BudgetForecastName, BudgetName, ContributionDecisionName, ContributionPaymentName,
        FinancialYearName, GrantName, OwnCostName, RecipientName, RequisitionName,
        StaffingFinancingName,
    },
};

use super::{
    expected::Expected,
    faults::{Told, path},
};
use crate::{
    domain::{
        financial_year::OpenParts,
        import::{Place, PolicyParts, Rows},
    },
    rpc::convert::{self, within},
};

/// What was read.
pub(super) struct Read {
    /// The rows, as far as they could be read.
    pub(super) rows: Rows,
    /// What could not.
    pub(super) told: Told,
    /// The name of each row as it was sent, in order.
    pub(super) names: Vec<(Place, String)>,
    /// What the same import is about to create elsewhere.
    pub(super) expected: Expected,
}

/// Reads the rows of a noun, of a federation, into what was read.
macro_rules! each {
    ($to:ident, $rows:ident, $at:ident, $name:ident, $parse:expr) => {
        for (index, message) in $rows.into_iter().enumerate() {
            let sent = message.name.clone();
            let name = $name::parse("name", &sent);
            let name = within($to.1, "name", name, |name| &name.federation);
            let (mut parts, faults) = $parse(message);
            parts.name = note($to.0, Place::$at(index), sent, name, faults);
            $to.0.rows.$rows.push(parts);
        }
    };
}

/// Reads every row.
pub(super) fn read(federation: &Slug, message: pb::ImportFinanceRequest) -> Read {
    let pb::ImportFinanceRequest {
        parent: _, // Read by the caller, who tells the federation.
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
        grant_amendments,
        account_plan,
        expected_names: names,
        expected_parties: parties,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut read = Read {
        rows: Rows::default(),
        told: Vec::new(),
        names: Vec::new(),
        expected: Expected { names, parties },
    };
    let to = (&mut read, federation);
    let recipient = |message| convert::recipient::parse(federation, message);
    each!(to, recipients, Recipient, RecipientName, recipient);
    let grant = |message| convert::grant::parse(federation, message);
    each!(to, grants, Grant, GrantName, grant);
    let requisition = |message| convert::requisition::parse(federation, message);
    each!(to, requisitions, Requisition, RequisitionName, requisition);
    let year = |message| read_year(federation, message);
    each!(to, financial_years, FinancialYear, FinancialYearName, year);
    let decision = |message| convert::contribution::parse(federation, message);
    each!(to, contribution_decisions, ContributionDecision, ContributionDecisionName, decision);
    let payment = |message| convert::contribution::parse_payment(federation, message);
    each!(to, contribution_payments, ContributionPayment, ContributionPaymentName, payment);
    let budget = |message| convert::budget::parse(federation, message);
    each!(to, budgets, Budget, BudgetName, budget);
    each!(to, own_costs, OwnCost, OwnCostName, convert::own_cost::parse);
    let staffing = |message| convert::staffing_financing::parse(federation, message);
    each!(to, staffing_financings, StaffingFinancing, StaffingFinancingName, staffing);
    let forecast = convert::budget::parse_forecast;
    each!(to, budget_forecasts, BudgetForecast, BudgetForecastName, forecast);
    each!(to, equity_policies, EquityPolicy, FinancialYearName, read_policy);
    let amendment = convert::grant::parse_amendment_row;
    each!(to, grant_amendments, GrantAmendment, GrantName, amendment);
    if let Some(plan) = account_plan {
        read_account_plan(federation, plan, &mut read);
    }
    read
}

fn read_account_plan(federation: &Slug, plan: pb::AccountPlan, read: &mut Read) {
    let name = account_plan_name(federation, &plan.name);
    let (parts, faults) = convert::account_plan::parse(federation, plan);
    let sent = convert::account_plan::name(federation);
    note(read, Place::AccountPlan, sent, name, faults);
    read.rows.account_plan = Some(parts);
}

/// Checks the name of an account plan: that of the federation, or none.
fn account_plan_name(federation: &Slug, sent: &str) -> Result<(), Fault> {
    if sent.is_empty() {
        return Ok(());
    }
    if convert::account_plan::parse_name(sent)? == *federation {
        return Ok(());
    }
    Err(Fault::new("name", "OTHER_FEDERATION").with("name", sent))
}

/// Reads the limits of a year.
fn read_policy(message: pb::EquityPolicy) -> (PolicyParts, Faults) {
    let pb::EquityPolicy { name: _, equity_limits } = message;
    let mut faults = Faults::new();
    let limits = convert::financial_year::parse_limits(equity_limits);
    let limits = faults.keep_nested("", limits);
    (PolicyParts { name: None, limits }, faults)
}

/// Reads a year, which is named by its number.
fn read_year(federation: &Slug, message: pb::FinancialYear) -> (OpenParts, Faults) {
    let sent = message.name.clone();
    let (parts, mut faults) = convert::financial_year::parse(message);
    // What is no name is told as such.
    if let (Some(year), Ok(_)) = (parts.year, FinancialYearName::parse("name", &sent)) {
        let name = FinancialYearName::of(federation, year.number());
        faults.keep(convert::given_name("name", &sent, &name));
    }
    (parts, faults)
}

/// Notes a row's name and faults; the name, when it could be read.
fn note<N>(
    read: &mut Read,
    place: Place,
    sent: String,
    name: Result<N, Fault>,
    inner: Faults,
) -> Option<N> {
    let mut faults = Faults::new();
    let name = faults.keep(name);
    faults.nest("", inner);
    let mut with_path = Faults::new();
    with_path.nest(&path(place), faults);
    let told = with_path.into_vec().into_iter();
    read.told.extend(told.map(|fault| (Some(place), fault)));
    read.names.push((place, sent));
    name
}
