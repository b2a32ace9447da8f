//! Which pages and buttons a person's roles make sense of. It only decides what
//! is offered: each service checks every call against its own table.

use std::collections::BTreeSet;

use platform::principal::Principal;
use values::{Role, RoleGrant, Scope, Slug};

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

/// Those who read reports as they are written: within the own scope.
const READERS_OF_WRITTEN_REPORTS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::Auditor,
    Role::SteeringGroupMember,
    Role::TeamLead,
    Role::Coordinator,
    Role::Coach,
];

/// Those who read what is planned and steered, and who is reminded.
const READERS_OF_PLANS: &[Role] = &[
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::Auditor,
    Role::SteeringGroupMember,
    Role::TeamLead,
];

/// A team's officers: those who work with its people.
const OFFICERS: &[Role] = &[Role::Coordinator, Role::TeamLead, Role::Coach];
/// Those who run a team: its staff, its intake.
const RUNNERS: &[Role] = &[Role::Coordinator, Role::TeamLead];

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

/// Enters whom the teams are for.
#[must_use]
pub(crate) fn writes_criteria(principal: &Principal) -> bool {
    principal.has(Role::FederationAdministrator)
}

/// Registers what tables and surveys are made by.
#[must_use]
pub(crate) fn registers_definitions(principal: &Principal) -> bool {
    principal.has(Role::FederationAdministrator)
}

/// Reads tables of people as they leave the parties. Everybody may; this is who has use
/// of them.
#[must_use]
pub(crate) fn reads_tables(principal: &Principal) -> bool {
    reads_reports(principal) || principal.has(Role::Evaluator)
}

/// Replaces what was told of a table by newer counts that hide more.
#[must_use]
pub(crate) fn hides_more(principal: &Principal) -> bool {
    principal.has_any(&[Role::FederationAdministrator, Role::ProgrammeLead, Role::TeamLead])
}

/// Reads reports as they are written: all, or those of the own area or team.
#[must_use]
pub(crate) fn reads_written_reports(principal: &Principal) -> bool {
    principal.has_any(READERS_OF_WRITTEN_REPORTS)
}

/// Drafts reports: on the own team, or on anything.
#[must_use]
pub(crate) fn drafts_reports(principal: &Principal) -> bool {
    principal.has_any(&[Role::FederationAdministrator, Role::TeamLead])
}

/// Writes the report on a federation, an area or a team, by its resource name, and hands
/// it in.
#[must_use]
pub(crate) fn writes_report(principal: &Principal, subject: &str) -> bool {
    let leads = |team: &str| own_teams(principal).any(|own| own.as_str() == team);
    principal.has(Role::FederationAdministrator)
        || subject.rsplit_once("/teams/").is_some_and(|(_, team)| leads(team))
}

/// Writes a chapter without being its author: of the report on a subject, and, when the
/// chapter is about one team, of that team.
#[must_use]
pub(crate) fn keeps_chapter(principal: &Principal, subject: &str, team: &str) -> bool {
    let is_of_federation = subject.split('/').count() == 2;
    writes_report(principal, subject)
        || (is_of_federation && own_teams(principal).any(|own| own.as_str() == team))
}

/// Explains a finding of the report on a subject, by whose figures or text it is in.
#[must_use]
pub(crate) fn explains_finding(principal: &Principal, subject: &str, whose: &str) -> bool {
    let team = whose.rsplit_once("/teams/").map_or("", |(_, team)| team);
    keeps_chapter(principal, subject, team)
}

/// Returns and accepts reports that are handed in.
#[must_use]
pub(crate) fn accepts_reports(principal: &Principal) -> bool {
    principal.has_any(&[Role::FederationAdministrator, Role::ProgrammeLead])
}

/// Makes releases of reports that are accepted.
#[must_use]
pub(crate) fn publishes_reports(principal: &Principal) -> bool {
    principal.has(Role::FederationAdministrator)
}

/// Proves releases to others, with what teams reported.
#[must_use]
pub(crate) fn proves_releases(principal: &Principal) -> bool {
    principal.has_any(&[Role::FederationAdministrator, Role::Auditor])
}

/// Says which reports are due.
#[must_use]
pub(crate) fn schedules_reports(principal: &Principal) -> bool {
    principal.has(Role::FederationAdministrator)
}

/// Reads the sheet of the national follow-up, which tells of every team.
#[must_use]
pub(crate) fn reads_national_follow_up(principal: &Principal) -> bool {
    principal.has_any(READERS_OF_LEDGER) || principal.has(Role::ProgrammeLead)
}

/// Reads plans, goals, steering groups, and who was reminded of what.
#[must_use]
pub(crate) fn reads_plans(principal: &Principal) -> bool {
    principal.has_any(READERS_OF_PLANS)
}

/// Plans, steers, and reminds of reports.
#[must_use]
pub(crate) fn plans(principal: &Principal) -> bool {
    principal.has_any(&[Role::FederationAdministrator, Role::ProgrammeLead])
}

/// Comments on reports: whoever reads them, the auditor excepted.
#[must_use]
pub(crate) fn comments_on_reports(principal: &Principal) -> bool {
    let roles = READERS_OF_WRITTEN_REPORTS.iter();
    let writing: Vec<Role> = roles.copied().filter(|role| *role != Role::Auditor).collect();
    principal.has_any(&writing)
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

/// Works with people in a team: a party gave the role.
#[must_use]
pub(crate) fn works_with_people(principal: &Principal) -> bool {
    let mut scopes = OFFICERS.iter().flat_map(|role| principal.scopes(*role));
    scopes.any(|scope| matches!(scope, Scope::PartyTeam { .. }))
}

/// Sees referrals: the team's, or those the own party sent.
#[must_use]
pub(crate) fn sees_referrals(principal: &Principal) -> bool {
    works_with_people(principal) || principal.has(Role::ReferringOfficer)
}

/// An officer of any team.
#[must_use]
pub(crate) fn is_officer(principal: &Principal) -> bool {
    principal.has_any(OFFICERS)
}

/// An officer of that team.
#[must_use]
pub(crate) fn is_officer_of(principal: &Principal, team: &str) -> bool {
    acts_for(principal, OFFICERS, team)
}

/// Runs that team: its staff, its intake.
#[must_use]
pub(crate) fn runs_team(principal: &Principal, team: &str) -> bool {
    acts_for(principal, RUNNERS, team)
}

/// Takes in that team's lists: runs it, for the people of a party.
#[must_use]
pub(crate) fn takes_in_lists(principal: &Principal, team: &str) -> bool {
    let mut scopes = RUNNERS.iter().flat_map(|role| principal.scopes(*role));
    scopes.any(|scope| match scope {
        Scope::PartyTeam { party: _, team: own } => own.as_str() == team,
        Scope::Federation | Scope::Area(_) | Scope::Party(_) | Scope::Team(_) => false,
    })
}

fn acts_for(principal: &Principal, roles: &[Role], team: &str) -> bool {
    roles.iter().flat_map(|role| principal.scopes(*role)).any(|scope| match scope {
        Scope::Team(own) | Scope::PartyTeam { party: _, team: own } => own.as_str() == team,
        Scope::Federation | Scope::Area(_) | Scope::Party(_) => false,
    })
}

/// The parties the person sends referrals for: those it is an officer of, and those whose
/// own people it works with.
#[must_use]
pub(crate) fn referring_parties(principal: &Principal) -> BTreeSet<Slug> {
    let grants = principal.grants.iter();
    let party = |grant: &RoleGrant| match &grant.scope {
        Scope::Party(party) if grant.role == Role::ReferringOfficer => Some(party.clone()),
        Scope::PartyTeam { party, team: _ } => Some(party.clone()),
        Scope::Federation | Scope::Area(_) | Scope::Party(_) | Scope::Team(_) => None,
    };
    grants.filter_map(party).collect()
}

/// Reads who has read of a party's people.
#[must_use]
pub(crate) fn reads_read_log(principal: &Principal) -> bool {
    principal.has(Role::PartyAdministrator)
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
        [_, _] | [_, _, "areas" | "teams", _] => principal.has(Role::FederationAdministrator),
        [_, _, "parties", party, ..] => {
            administered_parties(principal).any(|own| own.as_str() == *party)
        }
        _ => false,
    }
}

/// The roles of which any is enough, wherever it is held for, and that the person has not:
/// none where it depends on what a role is held for.
#[must_use]
pub(crate) fn missing_roles(principal: &Principal, may: impl Fn(&Principal) -> bool) -> Vec<Role> {
    // Stands for any area, party and team: those that a page is about have other names.
    let any = || principal.federation.clone();
    let scopes = [
        Scope::Federation,
        Scope::Area(any()),
        Scope::Party(any()),
        Scope::Team(any()),
        Scope::PartyTeam { party: any(), team: any() },
    ];
    let holding = |role: Role, scope: &Scope| Principal {
        grants: vec![RoleGrant { role, scope: scope.clone() }],
        ..principal.clone()
    };
    let is_enough = |role: Role| {
        let mut scopes = scopes.iter().filter(|scope| role.fits(scope));
        scopes.any(|scope| may(&holding(role, scope)))
    };
    let missing = |role: &Role| !principal.has(*role) && is_enough(*role);
    Role::ALL.iter().copied().filter(missing).collect()
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

#[cfg(test)]
mod tests {
    use values::name::AccountName;

    use super::*;

    fn principal(role: Role, scope: &str) -> Principal {
        let slug = |id| Slug::parse("id", id).unwrap();
        Principal {
            federation: slug("f"),
            account: AccountName::new(slug("f"), slug("a")),
            client: String::new(),
            grants: vec![RoleGrant { role, scope: Scope::parse("scope", scope).unwrap() }],
        }
    }

    #[test]
    fn the_roles_that_somebody_lacks_are_those_that_would_do() {
        let economist = principal(Role::PartyEconomist, "party/sala");
        let office = [Role::FederationAdministrator, Role::FederationEconomist];
        assert_eq!(missing_roles(&economist, records_decisions), office);
        assert_eq!(missing_roles(&economist, works_with_people), OFFICERS_IN_ORDER);
        // It is another scope that is missing, and no role.
        let area = principal(Role::SteeringGroupMember, "area/vastra");
        assert!(!reads_reports(&area));
        assert!(!missing_roles(&area, reads_reports).contains(&Role::SteeringGroupMember));
        let of_sala = |principal: &Principal| runs_team(principal, "sala");
        assert_eq!(missing_roles(&economist, of_sala), []);
    }

    const OFFICERS_IN_ORDER: [Role; 3] = [Role::Coordinator, Role::TeamLead, Role::Coach];
}
