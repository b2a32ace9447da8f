//! Rows without the short column that counts find them by. A process of before it, which
//! goes on while others take its place, writes such rows, and nothing counts them.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::{STILL, party_team, query};

/// Fills the column where it has none; tells of how many parties' people in a team. Looks
/// at what is known now: that is an index away.
///
/// An embedded database has one owner, and no such rows.
pub(crate) async fn fill(connection: &impl ConnectionTrait) -> Result<usize, DbErr> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(0);
    }
    let sql = format!(
        "SELECT DISTINCT federation_id, party_id, team_id FROM case_fact \
         WHERE party_team = $1 AND known_to = {STILL}"
    );
    let rows = query(connection, sql, vec![Uuid::nil().into()]).await?;
    for row in &rows {
        let id = |row: &QueryResult, column: &str| row.try_get::<String>("", column);
        let (federation, party) = (id(row, "federation_id")?, id(row, "party_id")?);
        let team = id(row, "team_id")?;
        let fill = "UPDATE case_fact SET party_team = $1 WHERE party_team = $2 \
                    AND federation_id = $3 AND party_id = $4 AND team_id = $5";
        let values: [Value; 5] = [
            party_team(&federation, &party, &team).into(),
            Uuid::nil().into(),
            federation.into(),
            party.into(),
            team.into(),
        ];
        let backend = connection.get_database_backend();
        let statement = sea_orm::Statement::from_sql_and_values(backend, fill, values);
        connection.execute_raw(statement).await?;
    }
    Ok(rows.len())
}
