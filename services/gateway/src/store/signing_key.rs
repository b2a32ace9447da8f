//! The key that bearer tokens are signed with; made once, kept in the gateway's
//! database, shared by all its processes.

use platform::principal::KeyPair;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use secrecy::ExposeSecret as _;

const ID: &str = "bearer";

/// The key that is there, or the one offered when there is none.
pub(crate) async fn get_or_insert(
    connection: &impl ConnectionTrait,
    offered: &KeyPair,
) -> Result<KeyPair, DbErr> {
    let backend = connection.get_database_backend();
    let insert = "INSERT INTO signing_key (id, private_pem, public_pem) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
    let values: [Value; 3] =
        [ID.into(), offered.private_pem.expose_secret().into(), offered.public_pem.as_str().into()];
    connection.execute_raw(Statement::from_sql_and_values(backend, insert, values)).await?;
    let select = "SELECT private_pem, public_pem FROM signing_key WHERE id = $1";
    let row = connection
        .query_one_raw(Statement::from_sql_and_values(backend, select, [ID.into()]))
        .await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("signing_key".to_owned()))?;
    let private_pem: String = row.try_get("", "private_pem")?;
    Ok(KeyPair { private_pem: private_pem.into(), public_pem: row.try_get("", "public_pem")? })
}
