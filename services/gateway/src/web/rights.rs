//! Which pages and buttons a person's roles make sense of. It only decides what
//! is offered: each service checks every call against its own table.

use platform::principal::Principal;
use values::{Role, Scope, Slug};

use crate::domain::role_grant::Reach;

const READERS_OF_REPORTS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::Auditor,
    Role::TeamLead,
];
const OFFICE: &[Role] = &[Role::FederationAdministrator, Role::FederationEconomist];
/// Those who see the whole ledger, and every party's money.
const READERS_OF_LEDGER: &[Role] =
    &[Role::FederationAdministrator, Role::FederationEconomist, Role::Auditor];
const READERS_OF_REQUISITIONS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::Auditor,
    Role::PartyEconomist,
];

/// The links of the main menu: address and id of the text.
#[must_use]
pub(crate) fn menu(principal: &Principal) -> Vec<(&'static str, &'static str)> {
    let mut links =
        vec![("/", "menu-overview"), ("/funding", "menu-funding"), ("/grants", "menu-grants")];
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
    if reads_reports(principal) {
        links.push(("/half-year-reports", "menu-reports"));
    }
    if reports_figures(principal) {
        links.push(("/reported-figures", "menu-figures"));
    }
    if keeps_accounts(principal) {
        links.push(("/accounts", "menu-accounts"));
    }
    links
}

/// Reads requisitions: the own party's or all.
#[must_use]
pub(crate) fn reads_requisitions(principal: &Principal) -> bool {
    principal.has_any(READERS_OF_REQUISITIONS)
}

/// Reads the ledger.
#[must_use]
pub(crate) fn reads_ledger(principal: &Principal) -> bool {
    principal.has_any(READERS_OF_LEDGER)
}

/// Sees the requisitions of every party.
#[must_use]
pub(crate) fn sees_every_party(principal: &Principal) -> bool {
    principal.has_any(READERS_OF_LEDGER)
}

/// Records what the board decides: grants, contributions, budgets, years.
#[must_use]
pub(crate) fn records_decisions(principal: &Principal) -> bool {
    principal.has_any(OFFICE)
}

/// Approves, returns, rejects and pays requisitions.
#[must_use]
pub(crate) fn approves_requisitions(principal: &Principal) -> bool {
    principal.has_any(OFFICE)
}

/// Reads the federation's half-year report: all of it, or the chapters of the
/// own teams.
#[must_use]
pub(crate) fn reads_reports(principal: &Principal) -> bool {
    principal.has_any(READERS_OF_REPORTS)
        || principal.holds(Role::SteeringGroupMember, &Scope::Federation)
}

/// Sends in figures for a team: the own one, or any.
#[must_use]
pub(crate) fn reports_figures(principal: &Principal) -> bool {
    principal.has_any(&[Role::TeamLead, Role::FederationAdministrator])
}

/// Sends in figures for that team.
#[must_use]
pub(crate) fn reports_figures_of(principal: &Principal, team: &str) -> bool {
    principal.has(Role::FederationAdministrator)
        || own_teams(principal).any(|own| own.as_str() == team)
}

/// Keeps accounts and grants roles: a party's, or the federation's.
#[must_use]
pub(crate) fn keeps_accounts(principal: &Principal) -> bool {
    principal.has_any(&[Role::PartyAdministrator, Role::FederationAdministrator])
}

/// Keeps the account of a party's person, or with an empty id of somebody at the office.
#[must_use]
pub(crate) fn keeps_account_of(principal: &Principal, party: &str) -> bool {
    let party = Slug::parse("party", party).ok();
    Reach::of(&principal.grants).keeps(party.as_ref())
}

/// May take back a role that is held for that scope, by its resource name.
#[must_use]
pub(crate) fn grants_roles_for(principal: &Principal, scope: &str) -> bool {
    match scope.split('/').collect::<Vec<_>>().as_slice() {
        [_, _] => principal.has(Role::FederationAdministrator),
        [_, _, "parties", party, ..] => {
            administered_parties(principal).any(|own| own.as_str() == *party)
        }
        _ => false,
    }
}

/// The parties the person administers.
pub(crate) fn administered_parties(principal: &Principal) -> impl Iterator<Item = &Slug> {
    principal.scopes(Role::PartyAdministrator).filter_map(|scope| match scope {
        Scope::Party(party) => Some(party),
        Scope::Federation | Scope::Area(_) | Scope::Team(_) | Scope::PartyTeam { .. } => None,
    })
}

/// The teams the person leads.
pub(crate) fn own_teams(principal: &Principal) -> impl Iterator<Item = &Slug> {
    principal.scopes(Role::TeamLead).filter_map(|scope| match scope {
        Scope::Team(team) => Some(team),
        Scope::Federation | Scope::Area(_) | Scope::Party(_) | Scope::PartyTeam { .. } => None,
    })
}

/// The parties the person requisitions money for.
pub(crate) fn own_parties(principal: &Principal) -> impl Iterator<Item = &Slug> {
    principal.scopes(Role::PartyEconomist).filter_map(|scope| match scope {
        Scope::Party(party) => Some(party),
        Scope::Federation | Scope::Area(_) | Scope::Team(_) | Scope::PartyTeam { .. } => None,
    })
}
