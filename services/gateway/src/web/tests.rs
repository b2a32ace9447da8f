//! The pages as a browser meets them, with services that give prepared answers.

mod accessible;
mod browser;
mod forms;
mod grants;
mod ledger;
mod money;
mod pages;
mod requisition;
mod services;
mod vastmanland;
