//! Rows of several tables in one query: each comes as a JSON object of its
//! columns, beside the name of its part. A query each would be a round trip each,
//! and a join would repeat what is read beside every row.

use sea_orm::{
    ColumnTrait as _, ColumnType, ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic as _,
    Iterable as _, Statement, Value,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

/// The part that tells where the journal's head stands.
pub const HEAD: &str = "head";

#[derive(Deserialize)]
struct HeadRow {
    sequence: i64,
}

/// A query of several parts.
#[derive(Debug)]
pub struct Parts {
    backend: DbBackend,
    parts: Vec<String>,
}

/// A row that a part has found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The part's name.
    pub part: String,
    object: Box<RawValue>,
}

impl Parts {
    /// None yet.
    #[must_use]
    pub fn new(backend: DbBackend) -> Self {
        Self { backend, parts: Vec::new() }
    }

    /// Adds a part whose rows are an entity's: all columns of the table called
    /// `alias` in the text.
    pub fn rows_of<E: EntityTrait>(&mut self, _: E, part: &str, alias: &str, from: &str) {
        let field = |column: E::Column| {
            let name = column.as_str().to_owned();
            let value = format!("{alias}.{name}");
            // SQLite keeps truth as a number.
            let is_truth = matches!(column.def().get_column_type(), ColumnType::Boolean);
            if is_truth && self.backend == DbBackend::Sqlite {
                let truth = format!(
                    "CASE WHEN {value} THEN json('true') WHEN NOT {value} THEN json('false') END"
                );
                return (name, truth);
            }
            (name, value)
        };
        let fields: Vec<(String, String)> = E::Column::iter().map(field).collect();
        self.push(part, &fields, from);
    }

    /// Adds a part whose rows are made of these columns, each of a table, or
    /// anything else `AS` its name.
    pub fn rows(&mut self, part: &str, columns: &[&str], from: &str) {
        let field = |column: &&str| {
            let named = column.rsplit_once(" AS ").or_else(|| {
                let (_, name) = column.rsplit_once('.')?;
                Some((*column, name))
            });
            let (value, name) = named.unwrap_or((column, column));
            (name.to_owned(), value.to_owned())
        };
        let fields: Vec<(String, String)> = columns.iter().map(field).collect();
        self.push(part, &fields, from);
    }

    /// Adds the part [`HEAD`]: where the head of a federation's journal stands in the same
    /// picture as everything else that the query finds.
    pub fn head(&mut self, federation: &str) {
        let from = format!(
            "FROM (SELECT COALESCE(MAX(h.sequence), 0) AS sequence FROM journal_head h \
             WHERE h.federation_id = {federation}) AS j"
        );
        self.rows(HEAD, &["j.sequence"], &from);
    }

    /// Runs the query. The rows come in no order.
    ///
    /// The database sends one text: SQLite's driver hands row for row from its thread to
    /// whoever waits, who may have to be woken for each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(
        self,
        connection: &impl ConnectionTrait,
        bound: Vec<Value>,
    ) -> Result<Vec<Found>, DbErr> {
        let sql = format!(
            "SELECT string_agg(p.found, ',') AS found FROM ({}) AS p",
            self.parts.join(" UNION ALL ")
        );
        let statement = Statement::from_sql_and_values(self.backend, sql, bound);
        let row = connection.query_one_raw(statement).await?;
        let found: Option<String> = row.map(|row| row.try_get_by(0)).transpose()?.flatten();
        let found = format!("[{}]", found.unwrap_or_default());
        let found: Vec<(String, Box<RawValue>)> = serde_json::from_str(&found)
            .map_err(|error| DbErr::Type(format!("what was found: {error}")))?;
        Ok(found.into_iter().map(|(part, object)| Found { part, object }).collect())
    }

    fn push(&mut self, part: &str, fields: &[(String, String)], from: &str) {
        let make = match self.backend {
            DbBackend::Postgres => "json_build_object",
            _ => "json_object",
        };
        let fields = fields.iter().map(|(name, value)| format!("'{name}', {value}"));
        let fields = fields.collect::<Vec<_>>().join(", ");
        self.parts.push(format!(
            "SELECT '[\"{part}\",' || CAST({make}({fields}) AS text) || ']' AS found {from}"
        ));
    }
}

impl Found {
    /// The sequence that the part [`HEAD`] has found.
    ///
    /// # Errors
    /// When it is of another part.
    pub fn sequence(&self) -> Result<i64, DbErr> {
        Ok(self.read::<HeadRow>()?.sequence)
    }

    /// The row as an entity's model, or as whatever has its columns.
    ///
    /// # Errors
    /// When it is none.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, DbErr> {
        serde_json::from_str(self.object.get())
            .map_err(|error| DbErr::Type(format!("a row of {}: {error}", self.part)))
    }
}
