//! The ledger: balances of a year, its postings, the accounts of the office's
//! general ledger, and what is exported to it. What they have in common stands
//! here.

use proto::finance::LedgerAccount;

pub(crate) mod account_plan;
mod account_plan_form;
pub(crate) mod balances;
pub(crate) mod export;
pub(crate) mod postings;

use super::{
    form::inputs::Choice,
    layout::{self, Tab, Visit},
};

/// Every account, in order.
const ACCOUNTS: [LedgerAccount; 13] = [
    LedgerAccount::Board,
    LedgerAccount::Left,
    LedgerAccount::Reserved,
    LedgerAccount::Requisitioned,
    LedgerAccount::Allotted,
    LedgerAccount::Lapsed,
    LedgerAccount::Contributions,
    LedgerAccount::Receivable,
    LedgerAccount::Bank,
    LedgerAccount::Payable,
    LedgerAccount::Initiatives,
    LedgerAccount::OwnCosts,
    LedgerAccount::Equity,
];

/// The pages of the ledger.
fn tabs(current: &str) -> Vec<Tab> {
    let pages = [
        ("/ledger", "ledger-balances"),
        ("/ledger/postings", "ledger-postings"),
        ("/ledger/account-plan", "account-plan-heading"),
        ("/ledger/export", "export-heading"),
    ];
    layout::tabs(pages, current)
}

/// The accounts to choose from.
fn account_choices(visit: &Visit, accounts: &[LedgerAccount]) -> Vec<Choice> {
    let choice = |account: &LedgerAccount| {
        Choice::new(account_code(*account), visit.t(account_text_id(*account)))
    };
    accounts.iter().map(choice).collect()
}

fn account_code(account: LedgerAccount) -> &'static str {
    match account {
        LedgerAccount::Unspecified => "",
        LedgerAccount::Board => "board",
        LedgerAccount::Left => "left",
        LedgerAccount::Reserved => "reserved",
        LedgerAccount::Requisitioned => "requisitioned",
        LedgerAccount::Allotted => "allotted",
        LedgerAccount::Lapsed => "lapsed",
        LedgerAccount::Contributions => "contributions",
        LedgerAccount::Receivable => "receivable",
        LedgerAccount::Bank => "bank",
        LedgerAccount::Payable => "payable",
        LedgerAccount::Initiatives => "initiatives",
        LedgerAccount::OwnCosts => "own_costs",
        LedgerAccount::Equity => "equity",
    }
}

fn account_text_id(account: LedgerAccount) -> &'static str {
    match account {
        LedgerAccount::Unspecified => "ledger-account-unknown",
        LedgerAccount::Board => "ledger-account-board",
        LedgerAccount::Left => "ledger-account-left",
        LedgerAccount::Reserved => "ledger-account-reserved",
        LedgerAccount::Requisitioned => "ledger-account-requisitioned",
        LedgerAccount::Allotted => "ledger-account-allotted",
        LedgerAccount::Lapsed => "ledger-account-lapsed",
        LedgerAccount::Contributions => "ledger-account-contributions",
        LedgerAccount::Receivable => "ledger-account-receivable",
        LedgerAccount::Bank => "ledger-account-bank",
        LedgerAccount::Payable => "ledger-account-payable",
        LedgerAccount::Initiatives => "ledger-account-initiatives",
        LedgerAccount::OwnCosts => "ledger-account-own-costs",
        LedgerAccount::Equity => "ledger-account-equity",
    }
}
