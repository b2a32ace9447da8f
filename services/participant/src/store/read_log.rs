//! Tables `read_log`, `read_log_person` and `read_log_head`: who has read what, chained
//! for each party.

use chrono::{DateTime, Utc};
use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use values::{
    Slug,
    name::{AccountName, ParticipantName, PartyName},
};

use super::{Stretch, query, slug};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its place in the party's log.
    pub(crate) number: i64,
    /// When.
    pub(crate) time: DateTime<Utc>,
    /// Who.
    pub(crate) actor: AccountName,
    /// The RPC.
    pub(crate) rpc: String,
    /// Whose records.
    pub(crate) people: Vec<Slug>,
    /// The hash of the row before.
    pub(crate) previous_hash: Vec<u8>,
    /// The hash of this one.
    pub(crate) hash: Vec<u8>,
}

/// The end of a party's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// The last number; 0 when nothing is entered.
    pub(crate) number: i64,
    /// The hash of the last row.
    pub(crate) hash: Vec<u8>,
}

/// Which reads a list is about.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Only reads of this person.
    pub(crate) participant: Option<ParticipantName>,
    /// Only reads by this account.
    pub(crate) actor: Option<AccountName>,
    /// Which stretch.
    pub(crate) stretch: Stretch,
}

const COLUMNS: [&str; 9] = [
    "federation_id",
    "party_id",
    "number",
    "read_at_us",
    "actor",
    "rpc",
    "people",
    "previous_hash",
    "hash",
];

/// Locks the end of a party's log, so that no other process enters anything.
pub(crate) async fn lock_head(
    connection: &impl ConnectionTrait,
    party: &PartyName,
    beginning: &[u8],
) -> Result<Head, DbErr> {
    let backend = connection.get_database_backend();
    let key: [Value; 2] = [party.federation.as_str().into(), party.id.as_str().into()];
    let insert = "INSERT INTO read_log_head (federation_id, party_id, number, hash) \
                  VALUES ($1, $2, 0, $3) ON CONFLICT (federation_id, party_id) DO NOTHING";
    let values = [key[0].clone(), key[1].clone(), beginning.to_vec().into()];
    connection.execute_raw(Statement::from_sql_and_values(backend, insert, values)).await?;
    let select =
        "SELECT number, hash FROM read_log_head WHERE federation_id = $1 AND party_id = $2";
    let select = match backend {
        DbBackend::Postgres => format!("{select} FOR UPDATE"),
        // The transaction began with the write lock of the whole file.
        _ => select.to_owned(),
    };
    let rows = query(connection, select, key.to_vec()).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("read_log_head".to_owned()))?;
    Ok(Head { number: row.try_get("", "number")?, hash: row.try_get("", "hash")? })
}

/// Appends rows and moves the head to the last of them.
pub(crate) async fn append<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    party: &PartyName,
    rows: Vec<Row>,
) -> Result<(), DbErr> {
    let Some(last) = rows.last() else {
        return Ok(());
    };
    let head = Head { number: last.number, hash: last.hash.clone() };
    let of_people = rows.iter().flat_map(|row| {
        let number = row.number;
        row.people.iter().map(move |person| {
            vec![
                party.federation.as_str().into(),
                party.id.as_str().into(),
                person.as_str().into(),
                number.into(),
            ]
        })
    });
    let of_people: Vec<Vec<Value>> = of_people.collect();
    let rows = rows.into_iter().map(|row| values_of(party, row)).collect();
    batch.insert_into("read_log", &COLUMNS, rows).await?;
    let columns = ["federation_id", "party_id", "person_id", "number"];
    batch.insert_into("read_log_person", &columns, of_people).await?;
    let number = batch.bind(head.number);
    let hash = batch.bind(head.hash);
    let federation = batch.bind(party.federation.as_str());
    let id = batch.bind(party.id.as_str());
    batch.push(format!(
        "UPDATE read_log_head SET number = {number}, hash = {hash} \
         WHERE federation_id = {federation} AND party_id = {id}"
    ));
    Ok(())
}

/// A page of a party's log, newest first. Also the number that the next page begins
/// below.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    party: &PartyName,
    filter: &Filter,
) -> Result<(Vec<Row>, Option<i64>), DbErr> {
    let Filter { participant, actor, stretch } = filter;
    let mut values: Vec<Value> = vec![
        party.federation.as_str().into(),
        party.id.as_str().into(),
        stretch.below().into(),
        stretch.rows().into(),
    ];
    let mut conditions = String::new();
    if let Some(participant) = participant {
        values.push(participant.id.as_str().into());
        conditions += &format!(
            " AND EXISTS (SELECT 1 FROM read_log_person lp WHERE lp.federation_id = l.federation_id \
                 AND lp.party_id = l.party_id AND lp.number = l.number AND lp.person_id = ${})",
            values.len()
        );
    }
    if let Some(actor) = actor {
        values.push(actor.id.as_str().into());
        conditions += &format!(" AND l.actor = ${}", values.len());
    }
    let sql = format!(
        "SELECT {} FROM read_log l WHERE l.federation_id = $1 AND l.party_id = $2 \
             AND l.number < $3{conditions} ORDER BY l.number DESC LIMIT $4",
        COLUMNS.join(", ")
    );
    let rows = query(connection, sql, values).await?;
    let rows = rows.iter().map(|row| row_of(&party.federation, row)).collect::<Result<_, _>>()?;
    Ok(stretch.cut(rows, |row: &Row| row.number))
}

/// The parties that have a log, each with its end.
pub(crate) async fn heads(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(PartyName, Head)>, DbErr> {
    let sql = "SELECT federation_id, party_id, number, hash FROM read_log_head \
               ORDER BY federation_id, party_id";
    let rows = query(connection, sql.to_owned(), Vec::new()).await?;
    let head = |row: &QueryResult| {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        let head = Head { number: row.try_get("", "number")?, hash: row.try_get("", "hash")? };
        Ok((PartyName::new(id("federation_id")?, id("party_id")?), head))
    };
    rows.iter().map(head).collect()
}

/// A stretch of a party's log, in order.
pub(crate) async fn after(
    connection: &impl ConnectionTrait,
    party: &PartyName,
    number: i64,
    most: i64,
) -> Result<Vec<Row>, DbErr> {
    let sql = format!(
        "SELECT {} FROM read_log WHERE federation_id = $1 AND party_id = $2 AND number > $3 \
         ORDER BY number LIMIT $4",
        COLUMNS.join(", ")
    );
    let values = vec![
        party.federation.as_str().into(),
        party.id.as_str().into(),
        number.into(),
        most.into(),
    ];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| row_of(&party.federation, row)).collect()
}

/// In the order of [`COLUMNS`].
fn values_of(party: &PartyName, row: Row) -> Vec<Value> {
    let Row { number, time, actor, rpc, people, previous_hash, hash } = row;
    let people: Vec<&str> = people.iter().map(Slug::as_str).collect();
    vec![
        party.federation.as_str().into(),
        party.id.as_str().into(),
        number.into(),
        time.timestamp_micros().into(),
        actor.id.as_str().into(),
        rpc.into(),
        people.join(" ").into(),
        previous_hash.into(),
        hash.into(),
    ]
}

fn row_of(federation: &Slug, row: &QueryResult) -> Result<Row, DbErr> {
    let read_at_us: i64 = row.try_get("", "read_at_us")?;
    let no_time = || DbErr::Type(format!("read_log.read_at_us {read_at_us} is no time"));
    let people: String = row.try_get("", "people")?;
    let people = people.split_whitespace().map(|id| slug("people", id));
    let actor = slug("actor", &row.try_get::<String>("", "actor")?)?;
    Ok(Row {
        number: row.try_get("", "number")?,
        time: DateTime::from_timestamp_micros(read_at_us).ok_or_else(no_time)?,
        actor: AccountName::new(federation.clone(), actor),
        rpc: row.try_get("", "rpc")?,
        people: people.collect::<Result<_, _>>()?,
        previous_hash: row.try_get("", "previous_hash")?,
        hash: row.try_get("", "hash")?,
    })
}
