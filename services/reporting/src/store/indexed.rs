//! Rows of tables that are an index over the journal, whatever they are an index of: a
//! table says by what its rows are found, and its rows are written and read by that.

use chrono::NaiveDate;
use platform::journalled::Recorded;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use values::Slug;

/// A table.
pub(crate) struct Index {
    /// What it is called.
    pub(super) table: &'static str,
    /// The columns of its key, after the federation.
    pub(super) key: &'static [Column],
    /// What else its rows are found or ordered by.
    pub(super) found_by: &'static [Column],
    /// The name of the resource that the cells of a row lead to.
    pub(super) name: fn(&Slug, &[Cell]) -> String,
}

/// A column and what is in it.
pub(super) enum Column {
    Text(&'static str),
    Number(&'static str),
    Day(&'static str),
}

/// What is in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Text(String),
    Number(i64),
    Day(NaiveDate),
}

/// A row: what a resource is found by, and where the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The resource's name.
    pub(crate) name: String,
    /// Its federation.
    pub(super) federation: Slug,
    /// A cell for each column of the key and, after them, for what else it is found by.
    pub(super) cells: Vec<Cell>,
    /// The number of its version.
    pub(super) revision: i32,
    /// Where the journal has it.
    pub(super) recorded: Recorded,
}

const KEPT: [&str; 3] = ["revision", "created_sequence", "sequence"];

impl Index {
    /// Writes a row, in place of the one of the same key.
    pub(super) async fn put(
        &self,
        connection: &impl ConnectionTrait,
        row: &Row,
    ) -> Result<(), DbErr> {
        let Row { name: _, federation, cells, revision, recorded } = row;
        let columns: Vec<&str> = self.columns().map(Column::name).collect();
        let all = [&["federation_id"], columns.as_slice(), &KEPT].concat();
        let places: Vec<String> = (1..=all.len()).map(|place| format!("${place}")).collect();
        let key: Vec<&str> = self.key.iter().map(Column::name).collect();
        let changed = self.found_by.iter().map(Column::name).chain(KEPT);
        let changed: Vec<String> =
            changed.map(|column| format!("{column} = excluded.{column}")).collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT (federation_id, {}) DO UPDATE SET {}",
            self.table,
            all.join(", "),
            places.join(", "),
            key.join(", "),
            changed.join(", "),
        );
        let mut bound: Vec<Value> = vec![federation.as_str().into()];
        bound.extend(cells.iter().map(Value::from));
        let Recorded { created_sequence, sequence } = *recorded;
        bound.extend([(*revision).into(), created_sequence.into(), sequence.into()]);
        let backend = connection.get_database_backend();
        connection.execute_raw(Statement::from_sql_and_values(backend, sql, bound)).await?;
        Ok(())
    }

    /// Every row, for the check of the whole database.
    pub(crate) async fn all(
        &self,
        connection: &impl ConnectionTrait,
        federation: &Slug,
    ) -> Result<Vec<Row>, DbErr> {
        let columns: Vec<&str> = self.columns().map(Column::name).chain(KEPT).collect();
        let (columns, table) = (columns.join(", "), self.table);
        let sql = format!("SELECT {columns} FROM {table} WHERE federation_id = $1");
        let backend = connection.get_database_backend();
        let bound = [federation.as_str().into()];
        let rows =
            connection.query_all_raw(Statement::from_sql_and_values(backend, sql, bound)).await?;
        rows.iter().map(|row| self.read(federation, row)).collect()
    }

    fn read(&self, federation: &Slug, row: &QueryResult) -> Result<Row, DbErr> {
        let cells: Vec<Cell> =
            self.columns().map(|column| column.read(row)).collect::<Result<_, _>>()?;
        let recorded = Recorded {
            created_sequence: row.try_get("", "created_sequence")?,
            sequence: row.try_get("", "sequence")?,
        };
        Ok(Row {
            name: (self.name)(federation, &cells),
            federation: federation.clone(),
            cells,
            revision: row.try_get("", "revision")?,
            recorded,
        })
    }

    /// The row that leads to a resource.
    pub(super) fn row<const N: usize>(
        &self,
        federation: &Slug,
        cells: [Cell; N],
        revision: i32,
        recorded: Recorded,
    ) -> Row {
        let name = (self.name)(federation, &cells);
        Row { name, federation: federation.clone(), cells: cells.into(), revision, recorded }
    }

    fn columns(&self) -> impl Iterator<Item = &'static Column> {
        self.key.iter().chain(self.found_by)
    }
}

impl Column {
    fn name(&self) -> &'static str {
        match self {
            Column::Text(name) | Column::Number(name) | Column::Day(name) => name,
        }
    }

    fn read(&self, row: &QueryResult) -> Result<Cell, DbErr> {
        Ok(match self {
            Column::Text(name) => Cell::Text(row.try_get("", name)?),
            Column::Number(name) => Cell::Number(row.try_get("", name)?),
            Column::Day(name) => Cell::Day(row.try_get("", name)?),
        })
    }
}

impl From<&Slug> for Cell {
    fn from(id: &Slug) -> Self {
        Cell::Text(id.to_string())
    }
}

impl From<&Cell> for Value {
    fn from(cell: &Cell) -> Self {
        match cell {
            Cell::Text(text) => text.as_str().into(),
            Cell::Number(number) => (*number).into(),
            Cell::Day(day) => (*day).into(),
        }
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Text(text) => text.fmt(formatter),
            Cell::Number(number) => number.fmt(formatter),
            Cell::Day(day) => day.fmt(formatter),
        }
    }
}
