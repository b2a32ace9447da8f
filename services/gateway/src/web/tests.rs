//! The pages as a browser meets them, with services that give prepared answers.

mod accessible;
mod accounts;
mod browser;
mod courses;
mod definitions;
mod due_report;
mod enrolment;
mod forms;
mod grants;
mod kept;
mod ledger;
mod lists;
mod money;
mod office;
mod pages;
mod people;
mod planning;
mod report;
mod requisition;
mod restatement;
mod same_people;
mod services;
mod slow;
mod statistics;
mod steering;
mod vastmanland;
