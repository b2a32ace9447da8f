//! The main menu: which pages a person's roles open, by what they are about.

use platform::principal::Principal;

use super::rights::{
    is_officer, keeps_accounts, reads_ledger, reads_national_follow_up, reads_plans,
    reads_read_log, reads_reports, reads_requisitions, reads_tables, reads_written_reports,
    reports_figures, sees_referrals, works_with_people, writes_criteria,
};

/// Pages with addresses of their own, and the page of the menu that leads to them.
const BESIDE: [(&str, &str); 6] = [
    ("/criteria", "/teams"),
    ("/releases", "/reports"),
    ("/report-templates", "/reports"),
    ("/reporting-periods", "/due-reports"),
    ("/roles", "/accounts"),
    ("/unit-costs", "/funding"),
];

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
    if reads_national_follow_up(principal) {
        links.push(("/national-follow-up", "menu-national-follow-up"));
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

/// True when an address belongs under a link of the menu.
#[must_use]
pub(crate) fn is_under(address: &str, href: &str) -> bool {
    let path = address.split('?').next().unwrap_or(address);
    let mut beside = BESIDE.iter().filter(|(_, page)| *page == href);
    begins_with(path, href) || beside.any(|(own, _)| begins_with(path, own))
}

fn begins_with(path: &str, href: &str) -> bool {
    match path.strip_prefix(href) {
        Some(rest) if href != "/" => rest.is_empty() || rest.starts_with('/'),
        Some(rest) => rest.is_empty(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use values::{Role, RoleGrant, Scope, Slug, name::AccountName};

    use super::*;

    #[test]
    fn a_link_is_current_for_the_pages_under_it_and_those_it_leads_to() {
        assert!(is_under("/requisitions/abc?x=1", "/requisitions"));
        assert!(!is_under("/requisitions-old", "/requisitions"));
        assert!(is_under("/?saved=1", "/"));
        assert!(!is_under("/funding", "/"));
        assert!(is_under("/criteria/new", "/teams"));
        assert!(!is_under("/criteria/new", "/accounts"));
    }

    /// Somebody with every role there is.
    fn everybody() -> Principal {
        let slug = |id| Slug::parse("", id).unwrap();
        let scopes = [
            Scope::Federation,
            Scope::Party(slug("p")),
            Scope::PartyTeam { party: slug("p"), team: slug("t") },
        ];
        let grants = Role::ALL.iter().flat_map(|role| {
            scopes.iter().map(|scope| RoleGrant { role: *role, scope: scope.clone() })
        });
        Principal {
            federation: slug("f"),
            account: AccountName::new(slug("f"), slug("everybody")),
            client: "web/everybody".to_owned(),
            grants: grants.collect(),
        }
    }

    #[test]
    fn every_page_of_those_signed_in_is_under_a_link_of_the_menu() {
        let for_anybody = ["/accessibility", "/language", "/sign-in", "/sign-out", "/static"];
        let links = menu(&everybody()).into_iter().flat_map(|(_, links)| links);
        let links: Vec<&str> = links.map(|(href, _)| href).collect();
        let sources = [include_str!("../web.rs"), include_str!("office.rs")];
        let quoted = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
        let pages: Vec<&str> = quoted.filter(|text| text.starts_with('/')).collect();
        assert!(pages.len() > 90, "{pages:?}");
        for page in pages {
            let is_for_anybody = for_anybody.iter().any(|own| begins_with(page, own));
            let is_under_a_link = links.iter().any(|href| is_under(page, href));
            assert!(is_for_anybody || is_under_a_link, "{page}");
        }
    }
}
