//! The rules of money: who may do what with a grant, in which order, and what
//! it does to the ledger.
//!
//! Architecture invariant: plain synchronous functions over plain values. No
//! SQL, no proto, no clock, no randomness, no logging; time and names come in
//! as arguments, and what is refused is told as a fact that can be compared.

pub mod account_plan;
pub mod attachment;
pub mod board_decision;
pub mod budget;
pub mod budget_year;
pub mod contribution;
pub mod cost_line;
pub mod financial_year;
pub mod funding_table;
pub mod general_ledger;
pub mod grant;
pub mod import;
pub mod ledger;
pub mod own_cost;
pub mod payment_list;
pub mod recipient;
pub mod recovery;
pub mod requisition;
pub mod requisition_list;
pub mod signed_amount;
pub mod staffing_financing;
