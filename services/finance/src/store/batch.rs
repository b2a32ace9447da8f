//! Several writes in one trip to the database: round trips are what a write
//! costs. PostgreSQL takes them as one statement with data-modifying parts,
//! SQLite as one text of several statements.
//!
//! On PostgreSQL all parts see the tables as they were before the first of
//! them, so no part may build on another's rows.

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic as _, Iterable as _, ModelTrait,
    Statement, Value,
};

/// Values in one trip: well below what either database can bind.
const VALUES_AT_ONCE: usize = 20_000;

/// Writes that are to be sent together.
pub(super) struct Batch<'a, C> {
    connection: &'a C,
    parts: Vec<String>,
    values: Vec<Value>,
}

impl<'a, C: ConnectionTrait> Batch<'a, C> {
    /// Nothing yet, for a connection.
    pub(super) fn on(connection: &'a C) -> Self {
        Self { connection, parts: Vec::new(), values: Vec::new() }
    }

    /// The place of a value in the text that is written next. Places are used
    /// once each, in order.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        match self.connection.get_database_backend() {
            DbBackend::Postgres => format!("${}", self.values.len()),
            _ => "?".to_owned(),
        }
    }

    /// Adds a statement.
    pub(super) fn push(&mut self, sql: String) {
        self.parts.push(sql);
    }

    /// Adds rows, and sends what has gathered when it is too much for one trip.
    pub(super) async fn insert<E>(&mut self, _: E, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: ModelTrait<Entity = E>,
    {
        let columns: Vec<E::Column> = E::Column::iter().collect();
        let names: Vec<String> = columns.iter().map(|column| column.as_str().to_owned()).collect();
        let rows_at_once = (VALUES_AT_ONCE / columns.len()).max(1);
        for chunk in rows.chunks(rows_at_once) {
            if self.values.len() + chunk.len() * columns.len() > VALUES_AT_ONCE {
                self.send().await?;
            }
            let row_of = |row: &E::Model| {
                let places = columns.iter().map(|column| self.bind(row.get(*column)));
                format!("({})", places.collect::<Vec<_>>().join(", "))
            };
            let rows: Vec<String> = chunk.iter().map(row_of).collect();
            let table = E::default().table_name().to_owned();
            self.push(format!(
                "INSERT INTO \"{table}\" ({}) VALUES {}",
                names.join(", "),
                rows.join(", ")
            ));
        }
        Ok(())
    }

    /// Sends what has gathered.
    pub(super) async fn send(&mut self) -> Result<(), DbErr> {
        let parts = std::mem::take(&mut self.parts);
        let values = std::mem::take(&mut self.values);
        let Some((last, others)) = parts.split_last() else {
            return Ok(());
        };
        let backend = self.connection.get_database_backend();
        let sql = match backend {
            DbBackend::Postgres if !others.is_empty() => {
                let named = others.iter().enumerate();
                let named = named.map(|(number, part)| format!("part_{number} AS ({part})"));
                format!("WITH {} {last}", named.collect::<Vec<_>>().join(", "))
            }
            _ => parts.join("; "),
        };
        let statement = Statement::from_sql_and_values(backend, sql, values);
        self.connection.execute_raw(statement).await?;
        Ok(())
    }
}
