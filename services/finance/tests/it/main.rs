//! The finance service's RPCs, in process, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account_plan;
mod attachment;
mod budget;
mod contribution;
mod event;
mod export;
mod financial_year;
mod funding_table;
mod grant;
mod import;
mod ledger;
mod migration;
mod mishap;
mod model;
mod own_cost;
mod permissions;
mod recipient;
mod recovery;
mod requisition;
mod staffing_financing;
mod verify;
mod world;
