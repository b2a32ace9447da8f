//! The values of a handwritten query, and their places in it.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

/// Values gathered while a query is written.
#[derive(Debug, Default)]
pub(super) struct Bound(Vec<Value>);

impl Bound {
    /// No values yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The place of a value, which may be named several times.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// The places of several values: `$3, $4, $5`.
    pub(super) fn bind_all<V: Into<Value>>(
        &mut self,
        values: impl IntoIterator<Item = V>,
    ) -> String {
        let places: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        places.join(", ")
    }

    /// The values, in the order of their places.
    pub(super) fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// Runs the query.
    pub(super) async fn query(
        self,
        connection: &impl ConnectionTrait,
        sql: String,
    ) -> Result<Vec<QueryResult>, DbErr> {
        let backend = connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, self.0);
        connection.query_all_raw(statement).await
    }
}
