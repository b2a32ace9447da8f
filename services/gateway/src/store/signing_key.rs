//! The key that bearer tokens are signed with, as it is kept.

use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use secrecy::{ExposeSecret as _, SecretString};

const ID: &str = "bearer";

/// The private half that is there; none when nothing is.
pub(crate) async fn get(connection: &impl ConnectionTrait) -> Result<Option<SecretString>, DbErr> {
    let select = "SELECT private_pem FROM signing_key WHERE id = $1";
    let statement =
        Statement::from_sql_and_values(connection.get_database_backend(), select, [ID.into()]);
    let row = connection.query_one_raw(statement).await?;
    row.map(|row| Ok(row.try_get::<String>("", "private_pem")?.into())).transpose()
}

/// The private half that is there, or the one offered when there is none.
pub(crate) async fn get_or_insert(
    connection: &impl ConnectionTrait,
    offered: &SecretString,
    public_pem: &str,
) -> Result<SecretString, DbErr> {
    let insert = "INSERT INTO signing_key (id, private_pem, public_pem) VALUES ($1, $2, $3) \
                  ON CONFLICT (id) DO NOTHING";
    let values: [Value; 3] = [ID.into(), offered.expose_secret().into(), public_pem.into()];
    let backend = connection.get_database_backend();
    connection.execute_raw(Statement::from_sql_and_values(backend, insert, values)).await?;
    let there = get(connection).await?;
    there.ok_or_else(|| DbErr::RecordNotFound("signing_key".to_owned()))
}

/// Puts the private half in the place of what was there, if that is still there.
pub(crate) async fn replace(
    connection: &impl ConnectionTrait,
    was: &SecretString,
    is: &SecretString,
) -> Result<(), DbErr> {
    let update = "UPDATE signing_key SET private_pem = $1 WHERE id = $2 AND private_pem = $3";
    let values: [Value; 3] = [is.expose_secret().into(), ID.into(), was.expose_secret().into()];
    let backend = connection.get_database_backend();
    connection.execute_raw(Statement::from_sql_and_values(backend, update, values)).await?;
    Ok(())
}
