//! What the tables are made of again: the journal's entries about people, the keys, and
//! emptying the tables.

use std::collections::BTreeMap;

use platform::{Database, db::OpenTransaction};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult};
use values::{
    Slug,
    name::{
        EnrolmentName, FollowUpName, MilestoneName, ParticipantName, PartyName, PlacementName,
        ReferralName, SurveyAnswerName,
    },
};

use super::{query, slug};

/// The tables that the journal makes, each before those that it refers to. Besides them
/// there are the journal itself, the read log, and the migrations.
const TABLES: [&str; 29] = [
    "case_fact",
    "follow_up_end",
    "follow_up",
    "survey_answer",
    "placement",
    "milestone",
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

/// The collections of what is recorded of people.
const COLLECTIONS: [&str; 7] = [
    ParticipantName::COLLECTION,
    ReferralName::COLLECTION,
    EnrolmentName::COLLECTION,
    MilestoneName::COLLECTION,
    PlacementName::COLLECTION,
    SurveyAnswerName::COLLECTION,
    FollowUpName::COLLECTION,
];

/// An entry about somebody.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Where the journal has it.
    pub(crate) sequence: i64,
    /// The write that recorded it: the client and its name for the request.
    pub(crate) write: (String, String),
    /// What happened.
    pub(crate) kind: String,
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
    let of_any: Vec<String> =
        (0..COLLECTIONS.len()).map(|number| format!("subject LIKE ${}", number + 4)).collect();
    let sql = format!(
        "SELECT sequence, client, request_id, kind, subject, payload FROM journal \
         WHERE federation_id = $1 AND sequence > $2 AND ({}) ORDER BY sequence LIMIT $3",
        of_any.join(" OR ")
    );
    let like = |collection: &str| format!("federations/{federation}/{collection}/%").into();
    let mut values = vec![federation.as_str().into(), after.into(), most.into()];
    values.extend(COLLECTIONS.map(like));
    let entry = |row: &QueryResult| {
        Ok(Entry {
            sequence: row.try_get("", "sequence")?,
            write: (row.try_get("", "client")?, row.try_get("", "request_id")?),
            kind: row.try_get("", "kind")?,
            subject: row.try_get("", "subject")?,
            payload: row.try_get("", "payload")?,
        })
    };
    query(connection, sql, values).await?.iter().map(entry).collect()
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
pub(crate) async fn alone(database: &Database) -> Result<OpenTransaction, DbErr> {
    let transaction = database.write.begin().await?;
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
        let those = match table {
            "case_fact" => " WHERE participant_id <> ''",
            "follow_up_end" => " WHERE enrolment_id <> ''",
            _ => "",
        };
        connection.execute_unprepared(&format!("DELETE FROM \"{table}\"{those}")).await?;
    }
    Ok(())
}
