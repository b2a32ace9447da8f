//! The columns of the tables, nothing else.

#![expect(unreachable_pub, reason = "the derive makes public types")]

pub(super) mod account_plan;
pub(super) mod account_plan_account;
pub(super) mod account_plan_code;
pub(super) mod grant;
pub(super) mod posting;
pub(super) mod recipient;
pub(super) mod requisition;
pub(super) mod requisition_cost_line;
pub(super) mod requisition_step;
pub(super) mod staffing_financing;
