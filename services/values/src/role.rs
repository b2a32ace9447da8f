//! Roles, the scopes they are held for, and which of them exclude each other.

use std::fmt;

use crate::{Fault, Slug};

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $code:literal),* $(,)?) => {
        /// What a person or a system is entitled to do, within a scope.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role { $($(#[$doc])* $role),* }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Role] = &[$(Role::$role),*];

            /// The code it is stored and sent as.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Role::$role => $code),* }
            }

            /// The role of a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Role> {
                match code { $($code => Some(Role::$role),)* _ => None }
            }
        }
    };
}

roles! {
    /// Runs the federation's office.
    FederationAdministrator = "federation_administrator",
    /// Follows up the federation's money.
    FederationEconomist = "federation_economist",
    /// Leads a programme and sees counts only.
    ProgrammeLead = "programme_lead",
    /// Grants and revokes the roles of a party's people and teams.
    PartyAdministrator = "party_administrator",
    /// Requisitions money for a party.
    PartyEconomist = "party_economist",
    /// Coordinates participants.
    Coordinator = "coordinator",
    /// Leads a team and answers for its figures.
    TeamLead = "team_lead",
    /// Coaches participants.
    Coach = "coach",
    /// Refers people to a team.
    ReferringOfficer = "referring_officer",
    /// Sits in a steering group and reads reports.
    SteeringGroupMember = "steering_group_member",
    /// Evaluates on an agreement.
    Evaluator = "evaluator",
    /// Audits the federation; reads and never writes.
    Auditor = "auditor",
}

impl Role {
    /// True for a role that handles participants' records (deltagaransvarig).
    #[must_use]
    pub const fn is_participant_officer(self) -> bool {
        matches!(self, Role::Coordinator | Role::Coach | Role::TeamLead | Role::ReferringOfficer)
    }

    /// True for a role of the federation's own office.
    #[must_use]
    pub const fn is_federation_office(self) -> bool {
        matches!(
            self,
            Role::FederationAdministrator | Role::FederationEconomist | Role::ProgrammeLead
        )
    }

    /// True when the role may be held for such a scope.
    #[must_use]
    pub const fn fits(self, scope: &Scope) -> bool {
        match self {
            Role::FederationAdministrator
            | Role::FederationEconomist
            | Role::ProgrammeLead
            | Role::Evaluator
            | Role::Auditor => matches!(scope, Scope::Federation),
            Role::SteeringGroupMember => matches!(scope, Scope::Federation | Scope::Area(_)),
            Role::PartyAdministrator | Role::PartyEconomist | Role::ReferringOfficer => {
                matches!(scope, Scope::Party(_))
            }
            Role::Coordinator | Role::TeamLead | Role::Coach => {
                matches!(scope, Scope::Team(_) | Scope::PartyTeam { .. })
            }
        }
    }
}

/// What a role is held for, within one federation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The whole federation.
    Federation,
    /// One area.
    Area(Slug),
    /// One party.
    Party(Slug),
    /// One team: what all its parties may see of it.
    Team(Slug),
    /// The people of one party in one team: given by that party, whoever employs
    /// the one who holds it.
    PartyTeam {
        /// The party that owns the records.
        party: Slug,
        /// The team.
        team: Slug,
    },
}

impl Scope {
    /// The form it is stored and sent as: `federation`, `party/koping`,
    /// `party/koping/team/vastra-malardalen`.
    ///
    /// # Errors
    /// `SCOPE_MALFORMED` with the value as sent.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let slug = |id: &str| Slug::parse(field, id);
        match text.split('/').collect::<Vec<_>>().as_slice() {
            ["federation"] => Ok(Scope::Federation),
            ["area", id] => Ok(Scope::Area(slug(id)?)),
            ["party", id] => Ok(Scope::Party(slug(id)?)),
            ["team", id] => Ok(Scope::Team(slug(id)?)),
            ["party", party, "team", team] => {
                Ok(Scope::PartyTeam { party: slug(party)?, team: slug(team)? })
            }
            _ => Err(Fault::new(field, "SCOPE_MALFORMED").with("value", text)),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Federation => formatter.write_str("federation"),
            Scope::Area(id) => write!(formatter, "area/{id}"),
            Scope::Party(id) => write!(formatter, "party/{id}"),
            Scope::Team(id) => write!(formatter, "team/{id}"),
            Scope::PartyTeam { party, team } => write!(formatter, "party/{party}/team/{team}"),
        }
    }
}

/// One role within one scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleGrant {
    /// The role.
    pub role: Role,
    /// What it is held for.
    pub scope: Scope,
}

/// Checks the roles one account would hold: each fits its scope, and a role of
/// the federation's office never stands beside a participant officer's
/// (finsam.se, behörighetsroller).
///
/// # Errors
/// `ROLE_SCOPE_MISMATCH` or `ROLES_EXCLUDE_EACH_OTHER`.
pub fn check_grants(field: &str, grants: &[RoleGrant]) -> Result<(), Fault> {
    if let Some(grant) = grants.iter().find(|grant| !grant.role.fits(&grant.scope)) {
        return Err(Fault::new(field, "ROLE_SCOPE_MISMATCH")
            .with("role", grant.role.code())
            .with("scope", &grant.scope));
    }
    let office = grants.iter().find(|grant| grant.role.is_federation_office());
    let officer = grants.iter().find(|grant| grant.role.is_participant_officer());
    match (office, officer) {
        (Some(office), Some(officer)) => Err(Fault::new(field, "ROLES_EXCLUDE_EACH_OTHER")
            .with("role", office.role.code())
            .with("other_role", officer.role.code())),
        (_, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_federations_office_can_never_be_a_participant_officer() {
        let team = Scope::Team(Slug::parse("team", "sala").unwrap());
        let party = Scope::Party(Slug::parse("party", "sala").unwrap());
        for office in Role::ALL.iter().copied().filter(|role| role.is_federation_office()) {
            for officer in Role::ALL.iter().copied().filter(|role| role.is_participant_officer()) {
                let scope = if officer.fits(&team) { team.clone() } else { party.clone() };
                let grants = [
                    RoleGrant { role: office, scope: Scope::Federation },
                    RoleGrant { role: officer, scope },
                ];
                assert_eq!(
                    check_grants("roles", &grants).unwrap_err().reason,
                    "ROLES_EXCLUDE_EACH_OTHER"
                );
            }
        }
    }

    #[test]
    fn a_role_is_held_for_its_own_kind_of_scope_only() {
        let grants = [RoleGrant { role: Role::TeamLead, scope: Scope::Federation }];
        assert_eq!(check_grants("roles", &grants).unwrap_err().reason, "ROLE_SCOPE_MISMATCH");
    }

    #[test]
    fn codes_and_scopes_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
        }
        for text in
            ["federation", "area/norra", "party/koping", "team/sala", "party/koping/team/sala"]
        {
            assert_eq!(Scope::parse("scope", text).unwrap().to_string(), text);
        }
    }
}
