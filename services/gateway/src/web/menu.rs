//! The main menu: which pages a person's roles open, by what they are about.

use platform::principal::Principal;

use super::rights::{
    is_officer, keeps_accounts, reads_ledger, reads_plans, reads_read_log, reads_reports,
    reads_requisitions, reads_tables, reads_written_reports, reports_figures, sees_referrals,
    works_with_people, writes_criteria,
};

/// A link: address and id of the text.
pub(crate) type Link = (&'static str, &'static str);

/// The main menu: the id of each group's text, and its pages. A group without pages is
/// left out.
#[must_use]
pub(crate) fn menu(principal: &Principal) -> Vec<(&'static str, Vec<Link>)> {
    let groups = [
        ("menu-overview", vec![("/", "menu-overview")]),
        ("menu-group-people", people(principal)),
        ("menu-group-money", money(principal)),
        ("menu-group-reports", reports(principal)),
        ("menu-group-administration", administration(principal)),
    ];
    groups.into_iter().filter(|(_, links)| !links.is_empty()).collect()
}

/// The pages about people and the teams that work with them.
fn people(principal: &Principal) -> Vec<Link> {
    let mut links = Vec::new();
    if sees_referrals(principal) {
        links.push(("/referrals", "menu-referrals"));
    }
    if works_with_people(principal) {
        links.push(("/queue", "menu-queue"));
        links.push(("/enrolments", "menu-enrolments"));
        links.push(("/participants", "menu-participants"));
        links.push(("/follow-ups", "menu-follow-ups"));
    }
    if is_officer(principal) || writes_criteria(principal) {
        links.push(("/teams", "menu-teams"));
    }
    if is_officer(principal) {
        links.push(("/group-activities", "menu-activities"));
    }
    if works_with_people(principal) || reads_tables(principal) {
        links.push(("/statistics", "menu-statistics"));
    }
    links
}

/// The pages about money.
fn money(principal: &Principal) -> Vec<Link> {
    let mut links = vec![("/funding", "menu-funding"), ("/grants", "menu-grants")];
    if reads_requisitions(principal) {
        links.push(("/requisitions", "menu-requisitions"));
        links.push(("/recoveries", "menu-recoveries"));
    }
    links.push(("/years", "menu-years"));
    links.push(("/staffing", "menu-staffing"));
    if reads_ledger(principal) {
        links.push(("/ledger", "menu-ledger"));
    } else if reads_requisitions(principal) {
        links.push(("/ledger/export", "export-heading"));
    }
    links
}

/// The pages about what is reported, planned and published.
fn reports(principal: &Principal) -> Vec<Link> {
    let mut links = Vec::new();
    if reads_reports(principal) {
        links.push(("/half-year-reports", "menu-reports"));
    }
    if reads_written_reports(principal) {
        links.push(("/reports", "menu-written-reports"));
        links.push(("/due-reports", "menu-due-reports"));
    }
    if reports_figures(principal) {
        links.push(("/reported-figures", "menu-figures"));
    }
    if reads_plans(principal) {
        links.push(("/planning", "menu-planning"));
    }
    links
}

/// The pages about who may do what, and has read what.
fn administration(principal: &Principal) -> Vec<Link> {
    let mut links = Vec::new();
    if keeps_accounts(principal) {
        links.push(("/accounts", "menu-accounts"));
    }
    if reads_read_log(principal) {
        links.push(("/read-log", "menu-read-log"));
    }
    links
}
