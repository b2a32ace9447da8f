//! Tables that are an index over the journal: a row holds what a resource is found and
//! ordered by, and where the journal has it. The resource itself is the payload of the
//! journal's row, which a store never opens.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use values::Slug;

use crate::sql::{is_among, texts};

mod payload;
pub mod verify;

pub use payload::{all_decoded, decoded, draft, id_of, next_page_token, recorded};

/// Where the journal has a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The sequence it was created with.
    pub created_sequence: i64,
    /// The sequence of its present payload.
    pub sequence: i64,
}

impl Recorded {
    /// Of a resource that is about to be created.
    #[must_use]
    pub fn first(sequence: i64) -> Self {
        Self { created_sequence: sequence, sequence }
    }
}

/// A resource that may be about to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where the journal has it.
    pub recorded: Recorded,
    /// The number of its version.
    pub revision: i32,
    /// The resource.
    pub payload: Vec<u8>,
}

/// One page of resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payloads {
    /// In the order of the list.
    pub items: Vec<Vec<u8>>,
    /// True unless it is the last page.
    pub has_more: bool,
}

/// A query over one of the tables, called `t` in it, and the journal, called `j`.
pub struct Query {
    sql: String,
    bound: Vec<Value>,
}

impl Query {
    /// What the journal has of a federation's rows.
    #[must_use]
    pub fn of(table: &str, federation: &Slug) -> Self {
        Self::select("j.payload AS payload", table, federation)
    }

    /// A row that may be about to change.
    #[must_use]
    pub fn kept(table: &str, federation: &Slug) -> Self {
        let columns = "t.created_sequence AS created_sequence, t.sequence AS sequence, \
                       t.revision AS revision, j.payload AS payload";
        Self::select(columns, table, federation)
    }

    fn select(columns: &str, table: &str, federation: &Slug) -> Self {
        let sql = format!(
            "SELECT {columns} FROM \"{table}\" t JOIN journal j \
             ON j.federation_id = t.federation_id AND j.sequence = t.sequence \
             WHERE t.federation_id = $1"
        );
        Self { sql, bound: vec![federation.as_str().into()] }
    }

    /// Narrows it: each `?` of the condition is the place of a value.
    #[must_use]
    pub fn and(mut self, condition: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let mut pieces = condition.split('?');
        self.sql += " AND ";
        self.sql += pieces.next().unwrap_or_default();
        for (piece, value) in pieces.zip(values) {
            let place = self.bind(value);
            self.sql += &place;
            self.sql += piece;
        }
        self
    }

    /// Narrows it to the rows whose column holds one of the texts.
    #[must_use]
    pub fn among(
        mut self,
        connection: &impl ConnectionTrait,
        column: &str,
        those: impl IntoIterator<Item: AsRef<str>>,
    ) -> Self {
        let backend = connection.get_database_backend();
        let those = those.into_iter().map(|one| one.as_ref().to_owned());
        let place = self.bind(texts(backend, those));
        self.sql += " AND ";
        self.sql += &is_among(backend, column, &place);
        self
    }

    /// The one row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn one_kept(self, connection: &impl ConnectionTrait) -> Result<Option<Kept>, DbErr> {
        let kept = |row: &QueryResult| {
            Ok(Kept {
                recorded: Recorded {
                    created_sequence: row.try_get("", "created_sequence")?,
                    sequence: row.try_get("", "sequence")?,
                },
                revision: row.try_get("", "revision")?,
                payload: row.try_get("", "payload")?,
            })
        };
        self.rows(connection).await?.first().map(kept).transpose()
    }

    /// Every payload, in no order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(self, connection: &impl ConnectionTrait) -> Result<Vec<Vec<u8>>, DbErr> {
        self.rows(connection).await?.iter().map(|row| row.try_get("", "payload")).collect()
    }

    /// A page of payloads in an order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn page(
        mut self,
        connection: &impl ConnectionTrait,
        order: &str,
        size: u64,
    ) -> Result<Payloads, DbErr> {
        let most = usize::try_from(size).unwrap_or(usize::MAX);
        let limit = self.bind(i64::try_from(size).unwrap_or(i64::MAX).saturating_add(1).into());
        self.sql += &format!(" ORDER BY {order} LIMIT {limit}");
        let mut items = self.all(connection).await?;
        let has_more = items.len() > most;
        items.truncate(most);
        Ok(Payloads { items, has_more })
    }

    fn bind(&mut self, value: Value) -> String {
        self.bound.push(value);
        format!("${}", self.bound.len())
    }

    async fn rows(self, connection: &impl ConnectionTrait) -> Result<Vec<QueryResult>, DbErr> {
        let backend = connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, self.sql, self.bound);
        connection.query_all_raw(statement).await
    }
}
