//! Several writes in one trip to the database: round trips are what a write
//! costs. PostgreSQL takes them as one statement with data-modifying parts,
//! SQLite as one text of several statements.
//!
//! On PostgreSQL all parts see the tables as they were before the first of
//! them, so no part may build on another's rows.

use std::iter;

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic as _, Iterable as _, ModelTrait,
    Statement, Value,
};

/// Values in one trip: well below what either database can bind.
const VALUES_AT_ONCE: usize = 20_000;

/// Writes that are to be sent together.
pub struct Batch<'a, C> {
    connection: &'a C,
    parts: Vec<String>,
    bound: Vec<Value>,
    /// How many values are bound, those within an array counted each.
    values: usize,
}

impl<'a, C: ConnectionTrait> Batch<'a, C> {
    /// Nothing yet, for a connection.
    pub fn on(connection: &'a C) -> Self {
        Self { connection, parts: Vec::new(), bound: Vec::new(), values: 0 }
    }

    /// What it will be sent on.
    #[must_use]
    pub fn connection(&self) -> &'a C {
        self.connection
    }

    /// The place of a value in the text that is written next. Places are used
    /// once each, in order.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values += 1;
        self.place(value.into())
    }

    /// Rows as a table of that name in the text that is written next; its
    /// columns are `column1`, `column2` and so on.
    ///
    /// PostgreSQL is given an array a column, so that its text does not depend on
    /// how many rows there are.
    pub fn table(&mut self, name: &str, rows: Vec<Vec<Value>>) -> String {
        match self.connection.get_database_backend() {
            DbBackend::Postgres => {
                self.values += rows.iter().map(Vec::len).sum::<usize>();
                self.arrays(name, rows)
            }
            _ => format!("({}) AS {name}", self.rows(rows)),
        }
    }

    /// A place for each value.
    fn rows(&mut self, rows: Vec<Vec<Value>>) -> String {
        self.values += rows.iter().map(Vec::len).sum::<usize>();
        let row_of = |row: Vec<Value>| {
            let places: Vec<_> = row.into_iter().map(|value| self.place(value)).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = rows.into_iter().map(row_of).collect();
        format!("VALUES {}", rows.join(", "))
    }

    /// Our values know no array with gaps in it: beside a column with missing
    /// values stands another that tells which are there.
    fn arrays(&mut self, name: &str, rows: Vec<Vec<Value>>) -> String {
        let (mut places, mut names, mut selected) = (Vec::new(), Vec::new(), Vec::new());
        for (column, number) in columns(rows).into_iter().zip(1..) {
            let is_there: Vec<bool> = column.iter().map(Value::is_some).collect();
            let has_gaps = is_there.contains(&false);
            let filled = column.into_iter().map(|value| match value.is_some() {
                true => value,
                false => value.dummy_value(),
            });
            places.push(self.place(array(filled.collect())));
            names.push(format!("column{number}"));
            if has_gaps {
                places.push(self.place(is_there.into()));
                names.push(format!("there{number}"));
                selected.push(format!("CASE WHEN there{number} THEN column{number} END"));
            } else {
                selected.push(format!("column{number}"));
            }
        }
        let selected = selected.iter().zip(1..);
        let selected = selected.map(|(column, number)| format!("{column} AS column{number}"));
        format!(
            "(SELECT {} FROM UNNEST({}) AS given({})) AS {name}",
            selected.collect::<Vec<_>>().join(", "),
            places.join(", "),
            names.join(", ")
        )
    }

    /// Adds a statement.
    pub fn push(&mut self, sql: String) {
        self.parts.push(sql);
    }

    /// Adds a statement that has to return one row, on PostgreSQL: when it returns none,
    /// everything that is sent with it fails, by a division by zero. It is the last to be
    /// added.
    pub fn guard(&mut self, sql: String) {
        let name = format!("part_{}", self.parts.len());
        self.parts.push(sql);
        if self.connection.get_database_backend() == DbBackend::Postgres {
            self.parts.push(format!("SELECT 1 / COUNT(*) FROM {name}"));
        }
    }

    /// Adds rows of an entity's table.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert<E>(&mut self, _: E, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: ModelTrait<Entity = E>,
    {
        let columns: Vec<E::Column> = E::Column::iter().collect();
        let names: Vec<&str> = columns.iter().map(|column| column.as_str()).collect();
        let row_of = |row: E::Model| columns.iter().map(|column| row.get(*column)).collect();
        let rows = rows.into_iter().map(row_of).collect();
        self.insert_into(E::default().table_name(), &names, rows).await
    }

    /// Adds rows of a table, and sends what has gathered when it is too much for
    /// one trip.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_into(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: Vec<Vec<Value>>,
    ) -> Result<(), DbErr> {
        let rows_at_once = (VALUES_AT_ONCE / columns.len()).max(1);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(rows_at_once).collect();
            if self.values + chunk.len() * columns.len() > VALUES_AT_ONCE {
                self.send().await?;
            }
            let rows = match self.connection.get_database_backend() {
                DbBackend::Postgres => format!("SELECT * FROM {}", self.table("added", chunk)),
                _ => self.rows(chunk),
            };
            let columns = columns.join(", ");
            self.push(format!("INSERT INTO \"{table}\" ({columns}) {rows}"));
        }
        Ok(())
    }

    /// Sends what has gathered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn send(&mut self) -> Result<(), DbErr> {
        let parts = std::mem::take(&mut self.parts);
        let bound = std::mem::take(&mut self.bound);
        self.values = 0;
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
        let statement = Statement::from_sql_and_values(backend, sql, bound);
        self.connection.execute_raw(statement).await?;
        Ok(())
    }

    fn place(&mut self, value: Value) -> String {
        self.bound.push(value);
        match self.connection.get_database_backend() {
            DbBackend::Postgres => format!("${}", self.bound.len()),
            _ => "?".to_owned(),
        }
    }
}

fn columns(rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let width = rows.first().map_or(0, Vec::len);
    let mut columns: Vec<Vec<Value>> = iter::repeat_with(Vec::new).take(width).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
}

fn array(column: Vec<Value>) -> Value {
    let kind = column.first().expect("a column has a row").array_type();
    Value::Array(kind, Some(Box::new(column)))
}
