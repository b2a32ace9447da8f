//! Accounts of people and of systems.

use chrono::{DateTime, NaiveDate, Utc};
use values::{
    Fault, Faults, RoleGrant, Slug,
    name::{AccountName, RoleGrantName},
    role,
};

use super::role_grant::{Grant, Granted};

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
    /// The party whose administrator keeps it.
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
/// All faults: of its ids, its name, its secret, and of roles that do not fit
/// their scope or exclude each other.
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
    let party = new.party.as_ref().map(|party| faults.keep(Slug::parse("party", party)));
    let (kind, grants) = (new.kind, new.grants.clone());
    faults.into_result(|| {
        let name = AccountName::new(federation?, id?);
        let party = party.flatten();
        Some(Account { name, display_name: display_name.to_owned(), kind, party, grants })
    })
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
    use values::{Role, Scope};

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
        assert_eq!(reasons, ["PASSWORD_TOO_SHORT", "ROLES_EXCLUDE_EACH_OTHER"]);
    }

    #[test]
    fn a_sound_account_gets_its_name() {
        let grants = vec![RoleGrant { role: Role::FederationEconomist, scope: Scope::Federation }];
        let account = create(&new(grants), 12).unwrap();
        assert_eq!(account.name.to_string(), "federations/vastmanland/accounts/ekonom");
    }
}
