//! Roles granted to accounts.

use chrono::{DateTime, Utc};
use platform::sql::{is_among, texts};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use values::{
    Role, RoleGrant, Scope, Slug,
    name::{AccountName, RoleGrantName},
};

use super::{Listed, slug, statement};
use crate::domain::role_grant::{Grant, Granted, Reach, Revocation};

const COLUMNS: &str = "r.federation_id, r.role_grant_id, r.account_id, r.role, r.scope, \
     r.first_day, r.last_day, r.reason, r.grantor, r.granted_at_us, \
     r.revoker, r.revoked_at_us, r.revocation_reason";

/// One role.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &RoleGrantName,
) -> Result<Option<Granted>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM role_grant r WHERE r.federation_id = $1 AND r.role_grant_id = $2"
    );
    let values = [name.federation.as_str().into(), name.id.as_str().into()];
    let row = connection.query_one_raw(statement(connection, &sql, values)).await?;
    row.as_ref().map(granted_of).transpose()
}

/// Every role that accounts were ever granted.
pub(crate) async fn of_accounts(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    accounts: impl IntoIterator<Item = &AccountName>,
) -> Result<Vec<Granted>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {COLUMNS} FROM role_grant r WHERE r.federation_id = $1 AND {} \
         ORDER BY r.role_grant_id",
        is_among(backend, "r.account_id", "$2")
    );
    let ids = accounts.into_iter().map(|account| account.id.as_str());
    let values = [federation.as_str().into(), texts(backend, ids)];
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    rows.iter().map(granted_of).collect()
}

/// A page of the roles within a reach, of all accounts or of one.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    reach: &Reach,
    account: Option<&AccountName>,
    after: Option<&str>,
    size: u64,
) -> Result<Listed<Granted>, DbErr> {
    let mut values: Vec<Value> = vec![federation.as_str().into(), after.unwrap_or_default().into()];
    let mut narrowed = String::new();
    if let Some(account) = account {
        values.push(account.id.as_str().into());
        narrowed = " AND r.account_id = $3".to_owned();
    }
    let within = within(reach, &mut values);
    let sql = format!(
        "SELECT {COLUMNS} FROM role_grant r \
         JOIN account a ON a.federation_id = r.federation_id AND a.id = r.account_id \
         WHERE r.federation_id = $1 AND r.role_grant_id > $2{narrowed} AND {within} \
         ORDER BY r.role_grant_id LIMIT {}",
        size + 1
    );
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    let mut items = rows.iter().map(granted_of).collect::<Result<Vec<_>, DbErr>>()?;
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let has_more = items.len() > size;
    items.truncate(size);
    Ok(Listed { items, has_more })
}

/// A condition on account `a` and role `r`: one of them is within the reach.
pub(super) fn within(reach: &Reach, values: &mut Vec<Value>) -> String {
    let own = match reach {
        Reach::Federation => return "1 = 1".to_owned(),
        Reach::Parties(own) => own,
    };
    let mut conditions = vec!["1 = 0".to_owned()];
    for party in own {
        let mut bind = |value: String| {
            values.push(value.into());
            values.len()
        };
        let party_place = bind(party.to_string());
        let scope_place = bind(Scope::Party(party.clone()).to_string());
        // An id holds neither % nor _.
        let team_place = bind(format!("{}/%", Scope::Party(party.clone())));
        conditions.push(format!(
            "a.party_id = ${party_place} OR r.scope = ${scope_place} OR r.scope LIKE ${team_place}"
        ));
    }
    format!("({})", conditions.join(" OR "))
}

/// Adds a role.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    granted: &Granted,
) -> Result<(), DbErr> {
    let Granted { name, grant, grantor, at, revocation } = granted;
    let Grant { account, role: RoleGrant { role, scope }, first_day, last_day, reason } = grant;
    let sql = "INSERT INTO role_grant (federation_id, role_grant_id, account_id, role, scope, \
               first_day, last_day, reason, grantor, granted_at_us, \
               revoker, revoked_at_us, revocation_reason) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let values: [Value; 13] = [
        name.federation.as_str().into(),
        name.id.as_str().into(),
        account.id.as_str().into(),
        role.code().into(),
        scope.to_string().into(),
        (*first_day).into(),
        (*last_day).into(),
        reason.as_str().into(),
        grantor.as_str().into(),
        at.timestamp_micros().into(),
        revocation.as_ref().map(|it| it.revoker.clone()).into(),
        revocation.as_ref().map(|it| it.at.timestamp_micros()).into(),
        revocation.as_ref().map(|it| it.reason.clone()).into(),
    ];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// Notes that a role was taken back.
pub(crate) async fn revoke(
    connection: &impl ConnectionTrait,
    name: &RoleGrantName,
    revocation: &Revocation,
) -> Result<(), DbErr> {
    let Revocation { revoker, at, reason } = revocation;
    let sql = "UPDATE role_grant SET revoker = $3, revoked_at_us = $4, revocation_reason = $5 \
               WHERE federation_id = $1 AND role_grant_id = $2";
    let values: [Value; 5] = [
        name.federation.as_str().into(),
        name.id.as_str().into(),
        revoker.as_str().into(),
        at.timestamp_micros().into(),
        reason.as_str().into(),
    ];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// Every role of every federation, for the check of the whole database.
pub(crate) async fn all(connection: &impl ConnectionTrait) -> Result<Vec<Granted>, DbErr> {
    let sql =
        format!("SELECT {COLUMNS} FROM role_grant r ORDER BY r.federation_id, r.role_grant_id");
    let rows = connection.query_all_raw(statement(connection, &sql, [])).await?;
    rows.iter().map(granted_of).collect()
}

fn granted_of(row: &QueryResult) -> Result<Granted, DbErr> {
    let federation = slug(row, "federation_id")?;
    let revoker: Option<String> = row.try_get("", "revoker")?;
    let revocation = match revoker {
        None => None,
        Some(revoker) => Some(Revocation {
            revoker,
            at: instant(row, "revoked_at_us")?,
            reason: row.try_get("", "revocation_reason")?,
        }),
    };
    let grant = Grant {
        account: AccountName::new(federation.clone(), slug(row, "account_id")?),
        role: role_of(row)?.ok_or_else(|| DbErr::Type("role_grant has no role".to_owned()))?,
        first_day: row.try_get("", "first_day")?,
        last_day: row.try_get("", "last_day")?,
        reason: row.try_get("", "reason")?,
    };
    Ok(Granted {
        name: RoleGrantName::new(federation, slug(row, "role_grant_id")?),
        grant,
        grantor: row.try_get("", "grantor")?,
        at: instant(row, "granted_at_us")?,
        revocation,
    })
}

/// The role of a row; none where an outer join found none.
pub(super) fn role_of(row: &QueryResult) -> Result<Option<RoleGrant>, DbErr> {
    let role: Option<String> = row.try_get("", "role")?;
    let scope: Option<String> = row.try_get("", "scope")?;
    let Some((role, scope)) = role.zip(scope) else {
        return Ok(None);
    };
    let unknown = || DbErr::Type(format!("role_grant holds the unknown role {role} for {scope}"));
    let known_role = Role::from_code(&role).ok_or_else(unknown)?;
    let scope = Scope::parse("scope", &scope).map_err(|_| unknown())?;
    Ok(Some(RoleGrant { role: known_role, scope }))
}

fn instant(row: &QueryResult, column: &str) -> Result<DateTime<Utc>, DbErr> {
    let micros: i64 = row.try_get("", column)?;
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| DbErr::Type(format!("role_grant.{column} {micros} is no time")))
}
