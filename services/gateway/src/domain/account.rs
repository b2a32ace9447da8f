//! Accounts of people and of systems.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use values::{
    Fault, Faults, RoleGrant, Scope, Slug,
    name::{AccountName, RoleGrantName},
    role,
};

use super::role_grant::{Grant, Granted, party_of};

/// The shortest password taken. Length is what protects (NIST SP 800-63B).
pub const SHORTEST_PASSWORD: usize = 12;

/// What signs an account in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// A person, by username and password on the sign-in page.
    Person,
    /// A system, by client id and client secret at the token endpoint.
    System,
}

/// An account as it is to be created.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The federation it belongs to.
    pub federation: String,
    /// Its id, also the username or the client id; unique in the installation.
    pub id: String,
    /// The name people read.
    pub display_name: String,
    /// What signs it in.
    pub kind: AccountKind,
    /// The party whose administrator keeps it; the one that its roles are held for when it
    /// is not given.
    pub party: Option<String>,
    /// The password or the client secret.
    pub secret: secrecy::SecretString,
    /// What it may do, and where.
    pub grants: Vec<RoleGrant>,
}

/// An account whose rules hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its resource name.
    pub name: AccountName,
    /// The name people read.
    pub display_name: String,
    /// What signs it in.
    pub kind: AccountKind,
    /// The party whose administrator keeps it; none for an office's.
    pub party: Option<Slug>,
    /// What it may do, and where, on the day it was asked for.
    pub grants: Vec<RoleGrant>,
}

/// Checks an account that is to be created; `secret_length` in characters.
///
/// # Errors
/// All faults: of its ids, its name, its secret, of roles that do not fit their scope or
/// exclude each other, of roles of several parties of which none is said to keep the
/// account, and of a role in a team where no party is said at all.
pub fn create(new: &NewAccount, secret_length: usize) -> Result<Account, Faults> {
    let mut faults = Faults::new();
    let federation = faults.keep(Slug::parse("federation", &new.federation));
    let id = faults.keep(Slug::parse("account", &new.id));
    let display_name = new.display_name.trim();
    if display_name.is_empty() {
        faults.push(Fault::new("display_name", "TEXT_MISSING"));
    }
    faults.keep(check_password("password", secret_length));
    faults.keep(role::check_grants("roles", &new.grants));
    let party = match &new.party {
        Some(party) => faults.keep(Slug::parse("party", party)),
        None => faults.keep(only_party(&new.grants)).flatten(),
    };
    let (kind, grants) = (new.kind, new.grants.clone());
    faults.into_result(|| {
        let name = AccountName::new(federation?, id?);
        Some(Account { name, display_name: display_name.to_owned(), kind, party, grants })
    })
}

/// The party that all roles of a party are held for; none without such roles, for an account
/// of the office. Whoever has a role in a team is somebody's.
fn only_party(grants: &[RoleGrant]) -> Result<Option<Slug>, Fault> {
    let parties: BTreeSet<&Slug> =
        grants.iter().filter_map(|grant| party_of(&grant.scope)).collect();
    let of_team = grants.iter().find(|grant| matches!(grant.scope, Scope::Team(_)));
    match (parties.len(), of_team) {
        (0, Some(RoleGrant { role, scope })) => {
            let fault = Fault::new("party", "TEAM_ROLE_WITHOUT_PARTY").with("role", role.code());
            Err(fault.with("scope", scope))
        }
        (0 | 1, _) => Ok(parties.first().map(|party| (*party).clone())),
        (_, _) => Err(Fault::new("party", "FIELD_MISSING")),
    }
}

/// The roles that the operator gives an account at its creation, for good. `id` names
/// each by its place among them.
#[must_use]
pub fn first_roles(
    account: &Account,
    today: NaiveDate,
    operator: &str,
    at: DateTime<Utc>,
    id: impl Fn(usize) -> Slug,
) -> Vec<Granted> {
    let granted = |(number, role): (usize, &RoleGrant)| Granted {
        name: RoleGrantName::new(account.name.federation.clone(), id(number)),
        grant: Grant {
            account: account.name.clone(),
            role: role.clone(),
            first_day: today,
            last_day: None,
            reason: String::new(),
        },
        grantor: operator.to_owned(),
        at,
        revocation: None,
    };
    account.grants.iter().enumerate().map(granted).collect()
}

/// Checks a password that somebody chooses; its length in characters.
///
/// # Errors
/// `PASSWORD_TOO_SHORT`.
pub fn check_password(field: &str, length: usize) -> Result<(), Fault> {
    if length < SHORTEST_PASSWORD {
        return Err(Fault::new(field, "PASSWORD_TOO_SHORT").with("limit", SHORTEST_PASSWORD));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use values::Role;

    use super::*;

    fn new(grants: Vec<RoleGrant>) -> NewAccount {
        NewAccount {
            federation: "vastmanland".to_owned(),
            id: "ekonom".to_owned(),
            display_name: "Förbundets ekonom".to_owned(),
            kind: AccountKind::Person,
            party: None,
            secret: "unused".into(),
            grants,
        }
    }

    #[test]
    fn an_account_that_would_combine_office_and_team_is_refused_with_its_other_faults() {
        let team = Scope::Team(Slug::parse("team", "sala").unwrap());
        let grants = vec![
            RoleGrant { role: Role::FederationAdministrator, scope: Scope::Federation },
            RoleGrant { role: Role::TeamLead, scope: team },
        ];
        let reasons: Vec<_> = create(&new(grants), 3)
            .unwrap_err()
            .into_vec()
            .iter()
            .map(|fault| fault.reason)
            .collect();
        assert_eq!(
            reasons,
            ["PASSWORD_TOO_SHORT", "ROLES_EXCLUDE_EACH_OTHER", "TEAM_ROLE_WITHOUT_PARTY"]
        );
    }

    #[test]
    fn an_account_with_a_role_in_a_team_belongs_to_a_party() {
        let role = |scope: &str| RoleGrant {
            role: Role::TeamLead,
            scope: Scope::parse("scope", scope).unwrap(),
        };
        let of_team = new(vec![role("team/sala")]);
        let faults = create(&of_team, 12).unwrap_err().into_vec();
        let [fault] = faults.as_slice() else { panic!("{faults:?}") };
        assert_eq!((fault.field.as_str(), fault.reason), ("party", "TEAM_ROLE_WITHOUT_PARTY"));
        let of_party = NewAccount { party: Some("sala".to_owned()), ..of_team };
        assert_eq!(create(&of_party, 12).unwrap().party.unwrap().as_str(), "sala");
        let both = new(vec![role("team/sala"), role("party/koping/team/sala")]);
        assert_eq!(create(&both, 12).unwrap().party.unwrap().as_str(), "koping");
    }

    #[test]
    fn an_account_with_a_partys_roles_is_kept_by_that_party() {
        let role = |party: &str| RoleGrant {
            role: Role::PartyEconomist,
            scope: Scope::Party(Slug::parse("party", party).unwrap()),
        };
        let party = |new: &NewAccount| create(new, 12).unwrap().party.map(|it| it.to_string());
        assert_eq!(party(&new(vec![role("sala")])).as_deref(), Some("sala"));
        let of_two = new(vec![role("sala"), role("koping")]);
        let faults = create(&of_two, 12).unwrap_err().into_vec();
        assert_eq!((faults[0].field.as_str(), faults[0].reason), ("party", "FIELD_MISSING"));
        let of_two = NewAccount { party: Some("koping".to_owned()), ..of_two };
        assert_eq!(party(&of_two).as_deref(), Some("koping"));
    }

    #[test]
    fn a_sound_account_gets_its_name() {
        let grants = vec![RoleGrant { role: Role::FederationEconomist, scope: Scope::Federation }];
        let account = create(&new(grants), 12).unwrap();
        assert_eq!(account.name.to_string(), "federations/vastmanland/accounts/ekonom");
    }
}
