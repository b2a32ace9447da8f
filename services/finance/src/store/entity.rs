//! The columns of the tables, nothing else.

#![expect(unreachable_pub, reason = "the derive makes public types")]

pub(super) mod account_plan;
pub(super) mod account_plan_account;
pub(super) mod account_plan_code;
pub(super) mod attachment;
pub(super) mod budget;
pub(super) mod budget_forecast;
pub(super) mod budget_row;
pub(super) mod contribution_decision;
pub(super) mod contribution_payment;
pub(super) mod contribution_share;
pub(super) mod equity_limit;
pub(super) mod financial_year;
pub(super) mod grant;
pub(super) mod grant_decision;
pub(super) mod own_cost;
pub(super) mod posting;
pub(super) mod recipient;
pub(super) mod recovery;
pub(super) mod recovery_cost_line;
pub(super) mod recovery_step;
pub(super) mod requisition;
pub(super) mod requisition_cost_line;
pub(super) mod requisition_step;
pub(super) mod staffing_financing;
