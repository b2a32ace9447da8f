//! Accounts and their roles.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use values::{Role, RoleGrant, Scope, Slug, name::AccountName};

use crate::domain::account::{Account, AccountKind};

/// An account with what signs it in.
pub(crate) struct Credentials {
    pub(crate) account: Account,
    pub(crate) secret_hash: String,
}

const COLUMNS: &str =
    "a.federation_id, a.id, a.display_name, a.kind, a.secret_hash, r.role, r.scope";

/// An account by name.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &AccountName,
) -> Result<Option<Account>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM account a LEFT JOIN account_role r \
         ON r.federation_id = a.federation_id AND r.account_id = a.id \
         WHERE a.federation_id = $1 AND a.id = $2 ORDER BY r.role, r.scope"
    );
    let values = [name.federation.as_str().into(), name.id.as_str().into()];
    Ok(read(connection, &sql, values).await?.map(|found| found.account))
}

/// An account by what is typed at sign-in. The one query that starts without a
/// federation: it is the account that tells it.
pub(crate) async fn credentials(
    connection: &impl ConnectionTrait,
    id: &str,
    kind: AccountKind,
) -> Result<Option<Credentials>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM account a LEFT JOIN account_role r \
         ON r.federation_id = a.federation_id AND r.account_id = a.id \
         WHERE a.id = $1 AND a.kind = $2 ORDER BY r.role, r.scope"
    );
    read(connection, &sql, [id.into(), code(kind).into()]).await
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

/// Saves a new account.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    account: &Account,
    secret_hash: &str,
) -> Result<(), DbErr> {
    let Account { name, display_name, kind, grants } = account;
    let sql = "INSERT INTO account (federation_id, id, display_name, kind, secret_hash) VALUES ($1, $2, $3, $4, $5)";
    let values: [Value; 5] = [
        name.federation.as_str().into(),
        name.id.as_str().into(),
        display_name.as_str().into(),
        code(*kind).into(),
        secret_hash.into(),
    ];
    connection.execute_raw(statement(connection, sql, values)).await?;
    for RoleGrant { role, scope } in grants {
        let sql = "INSERT INTO account_role (federation_id, account_id, role, scope) VALUES ($1, $2, $3, $4)";
        let values: [Value; 4] = [
            name.federation.as_str().into(),
            name.id.as_str().into(),
            role.code().into(),
            scope.to_string().into(),
        ];
        connection.execute_raw(statement(connection, sql, values)).await?;
    }
    Ok(())
}

async fn read(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<Credentials>, DbErr> {
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let grants = rows.iter().map(grant_of).collect::<Result<Vec<_>, _>>()?;
    let name = AccountName::new(slug(first, "federation_id")?, slug(first, "id")?);
    let kind = match first.try_get::<String>("", "kind")?.as_str() {
        "person" => AccountKind::Person,
        _ => AccountKind::System,
    };
    let display_name = first.try_get("", "display_name")?;
    let account =
        Account { name, display_name, kind, grants: grants.into_iter().flatten().collect() };
    Ok(Some(Credentials { account, secret_hash: first.try_get("", "secret_hash")? }))
}

fn grant_of(row: &QueryResult) -> Result<Option<RoleGrant>, DbErr> {
    let role: Option<String> = row.try_get("", "role")?;
    let scope: Option<String> = row.try_get("", "scope")?;
    let Some((role, scope)) = role.zip(scope) else {
        return Ok(None);
    };
    let unknown = || DbErr::Type(format!("account_role holds the unknown role {role} for {scope}"));
    let known_role = Role::from_code(&role).ok_or_else(unknown)?;
    Ok(Some(RoleGrant {
        role: known_role,
        scope: Scope::parse("scope", &scope).map_err(|_| unknown())?,
    }))
}

fn slug(row: &QueryResult, column: &str) -> Result<Slug, DbErr> {
    let text: String = row.try_get("", column)?;
    Slug::parse(column, &text).map_err(|_| DbErr::Type(format!("account.{column} is no id")))
}

const fn code(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Person => "person",
        AccountKind::System => "system",
    }
}

fn statement(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}
