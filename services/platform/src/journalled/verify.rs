//! That tables which are an index over the journal find what it has, and no more: each
//! row is made again from the last payload.

use std::{collections::BTreeMap, fmt::Display};

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};

use super::Recorded;

/// A resource as the journal has it.
struct Journalled {
    name: String,
    recorded: Recorded,
    payload: Vec<u8>,
}

/// A table as the journal would have it, and as it is.
pub struct Table<R> {
    recorded: BTreeMap<String, R>,
    found: BTreeMap<String, R>,
    problems: Vec<String>,
}

impl<R: PartialEq> Table<R> {
    /// What the journal would have under names of a collection: what `row` makes of the
    /// name, the last payload and where the journal has it. `None` for a name that is
    /// of another collection below.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        picture: &impl ConnectionTrait,
        collection: &str,
        row: impl Fn(&str, &[u8], Recorded) -> anyhow::Result<Option<R>>,
    ) -> Result<Self, DbErr> {
        let (recorded, problems) = made(picture, collection, row).await?;
        Ok(Self { recorded, found: BTreeMap::new(), problems })
    }

    /// Takes in the rows of a federation.
    ///
    /// # Errors
    /// When the database failed; a row that cannot be read is a problem instead.
    pub fn find<N: Display>(
        &mut self,
        rows: Result<Vec<R>, DbErr>,
        name: impl Fn(&R) -> &N,
    ) -> Result<(), DbErr> {
        match rows {
            Ok(rows) => {
                let named = rows.into_iter().map(|row| (name(&row).to_string(), row));
                self.found.extend(named);
            }
            Err(DbErr::Type(what)) => {
                self.problems.push(format!("a table has a row that no one wrote: {what}"));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Every problem, one line each.
    #[must_use]
    pub fn problems(mut self) -> Vec<String> {
        self.problems.extend(differences(&self.recorded, &self.found));
        self.problems
    }
}

/// The rows that the journal makes of names of a collection, each by its name, as
/// [`Table::of`] has them; and a line for each that cannot be made.
///
/// # Errors
/// When the database fails.
pub async fn made<R>(
    connection: &impl ConnectionTrait,
    collection: &str,
    row: impl Fn(&str, &[u8], Recorded) -> anyhow::Result<Option<R>>,
) -> Result<(BTreeMap<String, R>, Vec<String>), DbErr> {
    let (mut rows, mut problems) = (BTreeMap::new(), Vec::new());
    for Journalled { name, recorded, payload } in journalled(connection, collection).await? {
        match row(&name, &payload, recorded) {
            Ok(Some(row)) => {
                rows.insert(name, row);
            }
            Ok(None) => {}
            Err(error) => problems.push(format!("{name} cannot be read in the journal: {error}")),
        }
    }
    Ok((rows, problems))
}

/// What the journal has otherwise than the tables, by name.
#[must_use]
pub fn differences<T: PartialEq>(
    recorded: &BTreeMap<String, T>,
    tables: &BTreeMap<String, T>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, recorded) in recorded {
        match tables.get(name) {
            None => problems.push(format!("{name} is in the journal and not in its table")),
            Some(row) if row == recorded => {}
            Some(_) => problems.push(format!("{name} is not in its table as the journal has it")),
        }
    }
    let unrecorded = tables.keys().filter(|name| !recorded.contains_key(*name));
    problems
        .extend(unrecorded.map(|name| format!("{name} is in its table and not in the journal")));
    problems
}

/// Everything recorded under names of a collection, over all federations.
async fn journalled(
    connection: &impl ConnectionTrait,
    collection: &str,
) -> Result<Vec<Journalled>, DbErr> {
    let sql = "SELECT j.subject AS subject, j.payload AS payload, j.sequence AS sequence, \
                   own.created_sequence AS created_sequence FROM journal j \
               JOIN (SELECT federation_id, subject, MIN(sequence) AS created_sequence, \
                         MAX(sequence) AS sequence FROM journal \
                     WHERE subject LIKE $1 GROUP BY federation_id, subject) own \
               ON own.federation_id = j.federation_id AND own.sequence = j.sequence \
               ORDER BY j.subject";
    let backend = connection.get_database_backend();
    let pattern = format!("federations/%/{collection}/%");
    let statement = Statement::from_sql_and_values(backend, sql, [pattern.into()]);
    let journalled = |row: &QueryResult| {
        let (created_sequence, sequence) =
            (row.try_get("", "created_sequence")?, row.try_get("", "sequence")?);
        Ok(Journalled {
            name: row.try_get("", "subject")?,
            recorded: Recorded { created_sequence, sequence },
            payload: row.try_get("", "payload")?,
        })
    };
    connection.query_all_raw(statement).await?.iter().map(journalled).collect()
}
