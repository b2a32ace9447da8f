//! What the tables are made of again: the journal's entries about people, the keys, and
//! emptying the tables.

use std::collections::BTreeMap;

use platform::Database;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use values::{Slug, name::PartyName};

use super::{query, slug};

/// The tables that the journal makes, each before those that it refers to. Besides them
/// there are the journal itself, the read log, and the migrations.
const TABLES: [&str; 24] = [
    "case_fact",
    "enrolment",
    "referral",
    "person",
    "data_agreement",
    "disposed",
    "disposal",
    "retention",
    "participant_import",
    "released_table",
    "criteria",
    "banding",
    "table_layout",
    "position",
    "intake_pause",
    "reserved_places",
    "group_activity",
    "questionnaire",
    "team_municipality",
    "team",
    "municipality",
    "area",
    "party",
    "federation",
];

/// An entry about somebody.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Where the journal has it.
    pub(crate) sequence: i64,
    /// The write that recorded it: the client and its name for the request.
    pub(crate) write: (String, String),
    /// What it is about.
    pub(crate) subject: String,
    /// The resource as it became.
    pub(crate) payload: Vec<u8>,
}

/// A stretch of a federation's entries about people, in order.
pub(crate) async fn of_people(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    after: i64,
    most: i64,
) -> Result<Vec<Entry>, DbErr> {
    let sql = "SELECT sequence, client, request_id, subject, payload FROM journal \
               WHERE federation_id = $1 AND sequence > $2 \
                   AND (subject LIKE $3 OR subject LIKE $4 OR subject LIKE $5) \
               ORDER BY sequence LIMIT $6";
    let like = |collection: &str| format!("federations/{federation}/{collection}/%").into();
    let [people, referrals, enrolments] = ["participants", "referrals", "enrolments"].map(like);
    let values =
        vec![federation.as_str().into(), after.into(), people, referrals, enrolments, most.into()];
    let entry = |row: &QueryResult| {
        Ok(Entry {
            sequence: row.try_get("", "sequence")?,
            write: (row.try_get("", "client")?, row.try_get("", "request_id")?),
            subject: row.try_get("", "subject")?,
            payload: row.try_get("", "payload")?,
        })
    };
    query(connection, sql.to_owned(), values).await?.iter().map(entry).collect()
}

/// The keys of a federation's people, by id: each with the party that it is wrapped for.
pub(crate) type Keys = BTreeMap<Slug, (PartyName, Vec<u8>)>;

/// Every key of a federation's people.
pub(crate) async fn keys(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Keys, DbErr> {
    let sql = "SELECT person_id, party_id, wrapped_key FROM person WHERE federation_id = $1";
    let rows = query(connection, sql.to_owned(), vec![federation.as_str().into()]).await?;
    let key = |row: &QueryResult| {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        let party = PartyName::new(federation.clone(), id("party_id")?);
        Ok((id("person_id")?, (party, row.try_get("", "wrapped_key")?)))
    };
    rows.iter().map(key).collect()
}

/// A transaction that nothing is recorded beside, however long it takes.
pub(crate) async fn alone(database: &Database) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let transaction = database.write.begin_with_options(options).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        for sql in [
            "SET LOCAL statement_timeout = 0",
            "SET LOCAL idle_in_transaction_session_timeout = 0",
            "LOCK TABLE journal_head IN EXCLUSIVE MODE",
        ] {
            transaction.execute_unprepared(sql).await?;
        }
    }
    Ok(transaction)
}

/// Empties the tables; what counts are made of stays where nobody is known by it.
pub(crate) async fn clear(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    for table in TABLES {
        let those = if table == "case_fact" { " WHERE participant_id <> ''" } else { "" };
        connection.execute_unprepared(&format!("DELETE FROM \"{table}\"{those}")).await?;
    }
    Ok(())
}
