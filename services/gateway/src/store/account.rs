//! Accounts.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use values::{
    Role, Scope, Slug,
    name::{AccountName, PartyName, TeamName},
};

use super::{Listed, role_grant, slug, statement};
use crate::domain::{
    account::{Account, AccountKind},
    role_grant::Reach,
};

/// Who a username stands for, with what signs it in; empty until a password is chosen.
pub(crate) struct Credentials {
    pub(crate) account: AccountName,
    pub(crate) secret_hash: String,
}

/// An account that calls with a token.
pub(crate) struct Caller {
    pub(crate) account: Account,
    /// Since when its tokens are good: it was enabled then, or got another secret; none when
    /// it never was or did.
    pub(crate) enabled_at: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "a.federation_id, a.id, a.display_name, a.kind, a.party_id";
const ENABLED: &str = "a.disabled_at_us IS NULL";

/// An account by name, with the roles that hold on a day; also one that was disabled.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    day: NaiveDate,
) -> Result<Option<Account>, DbErr> {
    Ok(find_where("1 = 1", connection, name, day).await?.map(|caller| caller.account))
}

/// The same of an account that was not disabled: one that may still do something.
pub(crate) async fn find_enabled(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    day: NaiveDate,
) -> Result<Option<Account>, DbErr> {
    Ok(find_caller(connection, name, day).await?.map(|caller| caller.account))
}

/// The same, with what tells whether a token is older than the account is open.
pub(crate) async fn find_caller(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    day: NaiveDate,
) -> Result<Option<Caller>, DbErr> {
    find_where(ENABLED, connection, name, day).await
}

async fn find_where(
    condition: &str,
    connection: &impl ConnectionTrait,
    name: &AccountName,
    day: NaiveDate,
) -> Result<Option<Caller>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS}, a.enabled_at_us, r.role, r.scope FROM account a LEFT JOIN role_grant r \
         ON r.federation_id = a.federation_id AND r.account_id = a.id \
             AND r.revoked_at_us IS NULL AND r.first_day <= $3 \
             AND (r.last_day IS NULL OR r.last_day >= $3) \
         WHERE a.federation_id = $1 AND a.id = $2 AND {condition} ORDER BY r.role, r.scope"
    );
    let values = [name.federation.as_str().into(), name.id.as_str().into(), day.into()];
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let mut account = account_of(first)?;
    for row in &rows {
        account.grants.extend(role_grant::role_of(row)?);
    }
    let enabled_at: Option<i64> = first.try_get("", "enabled_at_us")?;
    Ok(Some(Caller { account, enabled_at: enabled_at.and_then(DateTime::from_timestamp_micros) }))
}

/// An account by what is typed at sign-in, unless it was disabled. The one query that starts without a
/// federation: it is the account that tells it.
pub(crate) async fn credentials(
    connection: &impl ConnectionTrait,
    id: &str,
    kind: AccountKind,
) -> Result<Option<Credentials>, DbErr> {
    let sql = "SELECT federation_id, id, secret_hash FROM account \
               WHERE id = $1 AND kind = $2 AND disabled_at_us IS NULL";
    let values = [id.into(), code(kind).into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    row.map(|row| {
        let account = AccountName::new(slug(&row, "federation_id")?, slug(&row, "id")?);
        Ok(Credentials { account, secret_hash: row.try_get("", "secret_hash")? })
    })
    .transpose()
}

/// True when an account of the installation has the id.
pub(crate) async fn is_taken(connection: &impl ConnectionTrait, id: &str) -> Result<bool, DbErr> {
    let row = connection.query_one_raw(statement(
        connection,
        "SELECT id FROM account WHERE id = $1",
        [id.into()],
    ));
    Ok(row.await?.is_some())
}

/// A page of the accounts that are within a reach or hold a role that is, without their
/// roles.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    reach: &Reach,
    after: Option<&str>,
    size: u64,
) -> Result<Listed<Account>, DbErr> {
    let mut values: Vec<Value> = vec![federation.as_str().into(), after.unwrap_or_default().into()];
    let within = role_grant::within(reach, &mut values);
    let sql = format!(
        "SELECT DISTINCT {COLUMNS} FROM account a LEFT JOIN role_grant r \
         ON r.federation_id = a.federation_id AND r.account_id = a.id \
         WHERE a.federation_id = $1 AND a.id > $2 AND {within} ORDER BY a.id LIMIT {}",
        size + 1
    );
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    let mut items = rows.iter().map(account_of).collect::<Result<Vec<_>, DbErr>>()?;
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let has_more = items.len() > size;
    items.truncate(size);
    Ok(Listed { items, has_more })
}

/// The people who hold the role of coach in a team for a party's people on a day, with
/// the names people read, by name.
pub(crate) async fn coaches(
    connection: &impl ConnectionTrait,
    team: &TeamName,
    party: &PartyName,
    day: NaiveDate,
) -> Result<Vec<(Slug, String)>, DbErr> {
    let sql = "SELECT DISTINCT a.id, a.display_name FROM account a JOIN role_grant r \
               ON r.federation_id = a.federation_id AND r.account_id = a.id \
                   AND r.revoked_at_us IS NULL AND r.first_day <= $5 \
                   AND (r.last_day IS NULL OR r.last_day >= $5) \
               WHERE a.federation_id = $1 AND a.kind = $2 AND r.role = $3 AND r.scope = $4 \
                   AND a.disabled_at_us IS NULL \
               ORDER BY a.display_name, a.id";
    let scope = Scope::PartyTeam { party: party.id.clone(), team: team.id.clone() };
    let values: [Value; 5] = [
        team.federation.as_str().into(),
        code(AccountKind::Person).into(),
        Role::Coach.code().into(),
        scope.to_string().into(),
        day.into(),
    ];
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    rows.iter().map(|row| Ok((slug(row, "id")?, row.try_get("", "display_name")?))).collect()
}

/// Saves a new account; its roles are granted by themselves.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    account: &Account,
    secret_hash: &str,
) -> Result<(), DbErr> {
    let Account { name, display_name, kind, party, grants: _ } = account;
    let sql = "INSERT INTO account (federation_id, id, display_name, kind, secret_hash, party_id) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values: [Value; 6] = [
        name.federation.as_str().into(),
        name.id.as_str().into(),
        display_name.as_str().into(),
        code(*kind).into(),
        secret_hash.into(),
        party.as_ref().map(ToString::to_string).into(),
    ];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// Notes that an account was disabled.
pub(crate) async fn disable(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "UPDATE account SET disabled_at_us = $3 WHERE federation_id = $1 AND id = $2";
    let at = at.timestamp_micros();
    let values = [name.federation.as_str().into(), name.id.as_str().into(), at.into()];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// Notes that an account is no longer disabled, and since when.
pub(crate) async fn enable(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "UPDATE account SET disabled_at_us = NULL, enabled_at_us = $3 \
               WHERE federation_id = $1 AND id = $2";
    let at = at.timestamp_micros();
    let values = [name.federation.as_str().into(), name.id.as_str().into(), at.into()];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// Refuses the tokens that were issued before.
pub(crate) async fn end_tokens(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let sql = "UPDATE account SET enabled_at_us = $3 WHERE federation_id = $1 AND id = $2";
    let at = at.timestamp_micros();
    let values = [name.federation.as_str().into(), name.id.as_str().into(), at.into()];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

/// Keeps the password that was chosen, or a system's new secret.
pub(crate) async fn set_secret(
    connection: &impl ConnectionTrait,
    name: &AccountName,
    secret_hash: &str,
) -> Result<(), DbErr> {
    let sql = "UPDATE account SET secret_hash = $3 WHERE federation_id = $1 AND id = $2";
    let values = [name.federation.as_str().into(), name.id.as_str().into(), secret_hash.into()];
    connection.execute_raw(statement(connection, sql, values)).await.map(|_| ())
}

fn account_of(row: &QueryResult) -> Result<Account, DbErr> {
    let party: Option<String> = row.try_get("", "party_id")?;
    let party = party.map(|party| Slug::parse("party_id", &party)).transpose();
    Ok(Account {
        name: AccountName::new(slug(row, "federation_id")?, slug(row, "id")?),
        display_name: row.try_get("", "display_name")?,
        kind: match row.try_get::<String>("", "kind")?.as_str() {
            "person" => AccountKind::Person,
            _ => AccountKind::System,
        },
        party: party.map_err(|_| DbErr::Type("account.party_id is no id".to_owned()))?,
        grants: Vec::new(),
    })
}

const fn code(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Person => "person",
        AccountKind::System => "system",
    }
}

#[cfg(test)]
mod tests {
    use platform::{Clock, testing::on_both};
    use values::RoleGrant;

    use super::*;
    use crate::{Migrator, domain::account::first_roles};

    fn slug(id: &str) -> Slug {
        Slug::parse("id", id).unwrap()
    }

    #[tokio::test]
    async fn coaches_are_those_whom_the_party_gave_the_role_in_the_team() {
        on_both(|database| async move {
            database.migrate::<Migrator>().await.unwrap();
            let clock = Clock::fixed("2025-07-15T10:00:00Z".parse().unwrap());
            for (id, name, role, scope) in [
                ("bo", "Åsa Bo", Role::Coach, "party/sala/team/norra"),
                ("eva", "Eva Ek", Role::Coach, "party/sala/team/norra"),
                ("other-party", "Nils Nord", Role::Coach, "party/heby/team/norra"),
                ("other-team", "Olle Ost", Role::Coach, "party/sala/team/sodra"),
                ("other-role", "Maria Mor", Role::Coordinator, "party/sala/team/norra"),
            ] {
                let scope = Scope::parse("scope", scope).unwrap();
                let account = Account {
                    name: AccountName::new(slug("f"), slug(id)),
                    display_name: name.to_owned(),
                    kind: AccountKind::Person,
                    party: None,
                    grants: vec![RoleGrant { role, scope }],
                };
                insert(&database.write, &account, "").await.unwrap();
                let (today, now) = (clock.today(), clock.now());
                for granted in first_roles(&account, today, "operator", now, |_| slug(id)) {
                    role_grant::insert(&database.write, &granted).await.unwrap();
                }
            }
            let team = TeamName::new(slug("f"), slug("norra"));
            let party = PartyName::new(slug("f"), slug("sala"));
            let of = async |day: NaiveDate| {
                let found = coaches(&database.read, &team, &party, day).await.unwrap();
                found.into_iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>()
            };
            assert_eq!(of(clock.today()).await.len(), 2);
            assert!(of(clock.today()).await.contains(&"eva".to_owned()));
            assert!(of(clock.today().pred_opt().unwrap()).await.is_empty(), "not yet");
        })
        .await;
    }
}
