//! Roles granted to accounts: by whom, for which days, and when they are taken back.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use values::{
    Fault, Faults, Role, RoleGrant, Scope, Slug,
    name::{AccountName, RoleGrantName},
    role,
};

/// A role as it is to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who gets it.
    pub account: AccountName,
    /// The role and what it is held for.
    pub role: RoleGrant,
    /// The first day it gives anything.
    pub first_day: NaiveDate,
    /// The last day; none when it holds until it is taken back.
    pub last_day: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// A role that was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Its name.
    pub name: RoleGrantName,
    /// What was granted.
    pub grant: Grant,
    /// The account that granted it.
    pub grantor: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Set once it is taken back.
    pub revocation: Option<Revocation>,
}

/// That a role was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The account that took it back.
    pub revoker: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// What a grant is judged by.
#[derive(Debug, Clone)]
pub struct GrantFacts<'a> {
    /// True when the name is in use.
    pub is_taken: bool,
    /// True when the account is there, and was not disabled.
    pub has_account: bool,
    /// True when the account is kept by a party.
    pub has_party: bool,
    /// False when the role would be held for a team that is not there.
    pub has_team: bool,
    /// Every role the account was ever granted.
    pub held: &'a [Granted],
    /// Today.
    pub today: NaiveDate,
}

/// What forbids a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The name is in use.
    Taken,
    /// The content is wrong, alone or beside the roles the account holds.
    Faulty(Faults),
}

/// What forbids taking a role back: it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over;

/// Whose accounts and roles somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Every account of the federation, and the roles that are held for all of it.
    Federation,
    /// What belongs to these parties.
    Parties(BTreeSet<Slug>),
}

impl Reach {
    /// The reach of somebody with these roles.
    #[must_use]
    pub fn of(grants: &[RoleGrant]) -> Self {
        if grants.iter().any(|grant| grant.role == Role::FederationAdministrator) {
            return Reach::Federation;
        }
        let administered = grants.iter().filter(|grant| grant.role == Role::PartyAdministrator);
        Reach::Parties(administered.filter_map(|grant| party_of(&grant.scope)).cloned().collect())
    }

    /// True when the account of that party is kept here: an office's has none.
    #[must_use]
    pub fn keeps(&self, party: Option<&Slug>) -> bool {
        match (self, party) {
            (Reach::Federation, None) => true,
            (Reach::Parties(own), Some(party)) => own.contains(party),
            (Reach::Federation, Some(_)) | (Reach::Parties(_), None) => false,
        }
    }

    /// True when the role may be granted and taken back here. Administrators of a party
    /// are appointed by the operator, and so are roles that no party owns.
    #[must_use]
    pub fn grants(&self, role: &RoleGrant) -> bool {
        match (self, &role.scope) {
            (Reach::Federation, Scope::Federation) => true,
            (Reach::Parties(own), Scope::Party(party)) => {
                own.contains(party) && role.role != Role::PartyAdministrator
            }
            (Reach::Parties(own), Scope::PartyTeam { party, team: _ }) => own.contains(party),
            (
                Reach::Federation,
                Scope::Area(_) | Scope::Party(_) | Scope::Team(_) | Scope::PartyTeam { .. },
            )
            | (Reach::Parties(_), Scope::Federation | Scope::Area(_) | Scope::Team(_)) => false,
        }
    }

    /// True when the role may be taken back here: also one of an area or a team, which the
    /// operator has granted.
    #[must_use]
    pub fn revokes(&self, role: &RoleGrant) -> bool {
        let is_of_federation = match role.scope {
            Scope::Area(_) | Scope::Team(_) => true,
            Scope::Federation | Scope::Party(_) | Scope::PartyTeam { .. } => false,
        };
        self.grants(role) || (*self == Reach::Federation && is_of_federation)
    }

    /// True when a role of an account of that party may be seen here.
    #[must_use]
    pub fn sees(&self, role: &RoleGrant, account_party: Option<&Slug>) -> bool {
        match self {
            Reach::Federation => true,
            Reach::Parties(own) => {
                party_of(&role.scope).is_some_and(|party| own.contains(party))
                    || self.keeps(account_party)
            }
        }
    }
}

impl Granted {
    /// True when it gives what it gives on a day.
    #[must_use]
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.grant.first_day <= day && !self.is_over(day)
    }

    /// True when it gives nothing on a day nor after.
    #[must_use]
    pub fn is_over(&self, day: NaiveDate) -> bool {
        self.revocation.is_some() || self.grant.last_day.is_some_and(|last_day| last_day < day)
    }

    /// True when it gives something on a day of the other.
    fn meets(&self, other: &Grant) -> bool {
        let begins_before_end = |last_day: Option<NaiveDate>, first_day: NaiveDate| {
            last_day.is_none_or(|last_day| first_day <= last_day)
        };
        self.revocation.is_none()
            && begins_before_end(self.grant.last_day, other.first_day)
            && begins_before_end(other.last_day, self.grant.first_day)
    }
}

/// The party whose people or money a scope is about.
#[must_use]
pub fn party_of(scope: &Scope) -> Option<&Slug> {
    match scope {
        Scope::Party(party) | Scope::PartyTeam { party, team: _ } => Some(party),
        Scope::Federation | Scope::Area(_) | Scope::Team(_) => None,
    }
}

/// Grants a role.
///
/// # Errors
/// The name is taken; or everything that is wrong: days that are reversed or have
/// passed, an account or a team that is not there, a party's role for an account that no
/// party keeps, a role that does not fit its scope, that is held already, or that excludes one the account holds on one of the days
/// (finsam.se, behörighetsroller).
pub fn grant(
    name: RoleGrantName,
    asked: Grant,
    facts: &GrantFacts<'_>,
    grantor: String,
    at: DateTime<Utc>,
) -> Result<Granted, Refusal> {
    if facts.is_taken {
        return Err(Refusal::Taken);
    }
    let mut faults = Faults::new();
    if !facts.has_account {
        faults.push(Fault::new("account", "ACCOUNT_UNKNOWN").with("value", &asked.account.id));
    }
    if facts.has_account && !facts.has_party && party_of(&asked.role.scope).is_some() {
        let fault = Fault::new("account", "ACCOUNT_WITHOUT_PARTY");
        faults.push(fault.with("account", &asked.account.id));
    }
    if !facts.has_team {
        faults.push(Fault::new("scope", "TEAM_UNKNOWN").with("value", &asked.role.scope));
    }
    if asked.first_day < facts.today {
        let fault = Fault::new("first_day", "ROLE_BEFORE_TODAY");
        faults.push(fault.with("value", asked.first_day).with("earliest", facts.today));
    }
    if let Some(last_day) = asked.last_day.filter(|last_day| *last_day < asked.first_day) {
        let fault = Fault::new("last_day", "PERIOD_REVERSED");
        faults.push(fault.with("first_day", asked.first_day).with("last_day", last_day));
    }
    let meeting: Vec<&Granted> = facts.held.iter().filter(|held| held.meets(&asked)).collect();
    let mut together = vec![asked.role.clone()];
    together.extend(meeting.iter().map(|held| held.grant.role.clone()));
    faults.keep(role::check_grants("role", &together));
    if let Some(held) = meeting.iter().find(|held| held.grant.role == asked.role) {
        faults.push(Fault::new("role", "ROLE_HELD").with("value", &held.name.id));
    }
    if faults.is_empty() {
        Ok(Granted { name, grant: asked, grantor, at, revocation: None })
    } else {
        Err(Refusal::Faulty(faults))
    }
}

/// Checks that somebody may let the holder of an account choose a new password: whoever
/// does so could choose it and act in the account. So the account is kept here, and no
/// role that it holds or will hold is somebody else's to grant.
///
/// # Errors
/// `ACCOUNT_HOLDS_OTHER_ROLES`.
pub fn check_invitation(reach: &Reach, held: &[Granted], today: NaiveDate) -> Result<(), Fault> {
    let mut current = held.iter().filter(|granted| !granted.is_over(today));
    match current.find(|granted| !reach.grants(&granted.grant.role)) {
        None => Ok(()),
        Some(other) => {
            let RoleGrant { role, scope } = &other.grant.role;
            let fault = Fault::new("name", "ACCOUNT_HOLDS_OTHER_ROLES");
            Err(fault.with("role", role.code()).with("scope", scope))
        }
    }
}

/// Takes a role back.
///
/// # Errors
/// It is over.
pub fn revoke(granted: Granted, today: NaiveDate, revocation: Revocation) -> Result<Granted, Over> {
    if granted.is_over(today) {
        return Err(Over);
    }
    Ok(Granted { revocation: Some(revocation), ..granted })
}

#[cfg(test)]
mod tests;
