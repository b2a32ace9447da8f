//! Roles granted to accounts.

use platform::{
    Draft,
    convert::{date_from_proto, date_to_proto, text, timestamp},
};
use prost::Message as _;
use proto::{common, gateway as pb};
use values::{
    Fault, Faults, Role, RoleGrant, Scope, Slug,
    name::{AccountName, AreaName, PartyName, TeamName},
};

use crate::domain::role_grant::{Grant, Granted, Revocation};

/// The longest reason.
pub(crate) const LONGEST_REASON: usize = 1000;

/// Reads a role that is to be granted.
pub(crate) fn parse(federation: &Slug, message: pb::RoleGrant) -> Result<Grant, Faults> {
    let pb::RoleGrant {
        role,
        scope,
        name: _, // Compared with the name it will get.
        account,
        first_day,
        last_day,
        reason,
        grantor: _,
        grant_time: _,
        revocation: _, // Output only.
    } = message;
    let mut faults = Faults::new();
    let role = faults.keep(parse_role("role", role));
    let scope = faults.keep(parse_scope("scope", federation, &scope));
    let account = faults.keep(AccountName::parse("account", &account));
    if let Some(account) = account.as_ref().filter(|account| account.federation != *federation) {
        faults.push(Fault::new("account", "OTHER_FEDERATION").with("name", account));
    }
    let first_day = faults.keep(date_from_proto("first_day", first_day));
    let last_day = match last_day {
        None => Some(None),
        Some(day) => faults.keep(date_from_proto("last_day", Some(day))).map(Some),
    };
    let reason = faults.keep(text("reason", &reason, 1, LONGEST_REASON));
    faults.into_result(|| {
        let role = RoleGrant { role: role?, scope: scope? };
        let (first_day, last_day) = (first_day?, last_day?);
        Some(Grant { account: account?, role, first_day, last_day, reason: reason? })
    })
}

/// A role as the contract shows it.
pub(crate) fn render(granted: &Granted) -> pb::RoleGrant {
    let Granted { name, grant, grantor, at, revocation } = granted;
    let Grant { account, role: RoleGrant { role, scope }, first_day, last_day, reason } = grant;
    pb::RoleGrant {
        role: render_role(*role).into(),
        scope: render_scope(&name.federation, scope),
        name: name.to_string(),
        account: account.to_string(),
        first_day: Some(date_to_proto(*first_day)),
        last_day: last_day.map(date_to_proto),
        reason: reason.clone(),
        grantor: grantor.clone(),
        grant_time: Some(timestamp(*at)),
        revocation: revocation.as_ref().map(|Revocation { revoker, at, reason }| pb::Revocation {
            revoker: revoker.clone(),
            revoke_time: Some(timestamp(*at)),
            reason: reason.clone(),
        }),
    }
}

/// What is recorded of a role.
pub(crate) fn draft(kind: &'static str, granted: &Granted) -> Draft {
    let payload = render(granted).encode_to_vec();
    Draft { kind, subject: granted.name.to_string(), payload }
}

fn parse_role(field: &str, sent: i32) -> Result<Role, Fault> {
    let name = common::Role::try_from(sent).unwrap_or_default().as_str_name();
    let code = name.trim_start_matches("ROLE_").to_ascii_lowercase();
    Role::from_code(&code).ok_or_else(|| Fault::new(field, "FIELD_MISSING"))
}

fn render_role(role: Role) -> common::Role {
    let name = format!("ROLE_{}", role.code().to_ascii_uppercase());
    common::Role::from_str_name(&name).unwrap_or_default()
}

/// Reads a scope by its resource name.
fn parse_scope(field: &str, federation: &Slug, sent: &str) -> Result<Scope, Fault> {
    let malformed = || Fault::new(field, "SCOPE_MALFORMED").with("value", sent);
    let parts: Vec<&str> = sent.split('/').collect();
    let ["federations", of, rest @ ..] = parts.as_slice() else {
        return Err(malformed());
    };
    if *of != federation.as_str() {
        return Err(Fault::new(field, "OTHER_FEDERATION").with("name", sent));
    }
    let slug = |id: &str| Slug::parse(field, id).map_err(|_| malformed());
    match rest {
        [] => Ok(Scope::Federation),
        [AreaName::COLLECTION, area] => Ok(Scope::Area(slug(area)?)),
        [PartyName::COLLECTION, party] => Ok(Scope::Party(slug(party)?)),
        [TeamName::COLLECTION, team] => Ok(Scope::Team(slug(team)?)),
        [PartyName::COLLECTION, party, TeamName::COLLECTION, team] => {
            Ok(Scope::PartyTeam { party: slug(party)?, team: slug(team)? })
        }
        _ => Err(malformed()),
    }
}

fn render_scope(federation: &Slug, scope: &Scope) -> String {
    match scope {
        Scope::Federation => format!("federations/{federation}"),
        Scope::Area(id) => format!("federations/{federation}/areas/{id}"),
        Scope::Party(id) => format!("federations/{federation}/parties/{id}"),
        Scope::Team(id) => format!("federations/{federation}/teams/{id}"),
        Scope::PartyTeam { party, team } => {
            format!("federations/{federation}/parties/{party}/teams/{team}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_scopes_read_back() {
        let federation = Slug::parse("", "f").unwrap();
        for role in Role::ALL {
            assert_eq!(parse_role("role", render_role(*role).into()), Ok(*role));
        }
        for scope in ["federation", "area/a", "party/p", "team/t", "party/p/team/t"] {
            let scope = Scope::parse("", scope).unwrap();
            let sent = render_scope(&federation, &scope);
            assert_eq!(parse_scope("scope", &federation, &sent), Ok(scope));
        }
        for (sent, reason) in [
            ("party/p", "SCOPE_MALFORMED"),
            ("federations/f/grants/g", "SCOPE_MALFORMED"),
            ("federations/g/parties/p", "OTHER_FEDERATION"),
        ] {
            assert_eq!(parse_scope("scope", &federation, sent).unwrap_err().reason, reason);
        }
    }
}
