//! Table `person`: an index over the journal, and the wrapped keys.

use platform::{
    journalled::Recorded,
    sql::{Batch, is_among, texts},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use values::{
    Slug,
    name::{ParticipantName, PartyName},
};

use super::{Stretch, entity::person, query, slug};
use crate::domain::reach::Reach;

/// What of a person is searched, ordered or joined by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The name.
    pub(crate) name: ParticipantName,
    /// The owning party.
    pub(crate) party: PartyName,
    /// What the person is found by; none with protected identity.
    pub(crate) lookup: Option<Vec<u8>>,
    /// True with protected identity.
    pub(crate) is_protected: bool,
    /// The one that this one turned out to be.
    pub(crate) merged_into: Option<ParticipantName>,
    /// The number of the version.
    pub(crate) revision: i64,
}

/// A person as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// What it is found by.
    pub(crate) index: Index,
    /// The data key, wrapped for the owning party.
    pub(crate) wrapped_key: Vec<u8>,
    /// The sequence of the journal that it was entered with.
    pub(crate) created_sequence: i64,
    /// That of the present payload.
    pub(crate) sequence: i64,
    /// The journal's present payload.
    pub(crate) payload: Vec<u8>,
}

pub(super) const COLUMNS: &str = "p.person_id AS person_id, p.party_id AS owner_id, \
    p.lookup AS lookup, p.is_protected AS is_protected, p.merged_into AS merged_into, \
    p.revision AS person_revision, p.wrapped_key AS wrapped_key, \
    p.created_sequence AS person_created, p.sequence AS person_at, \
    pj.payload AS person_payload";

const FROM: &str = "FROM person p \
    JOIN journal pj ON pj.federation_id = p.federation_id AND pj.sequence = p.sequence";

/// True when anybody is here.
pub(crate) async fn is_anybody(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM person LIMIT 1".to_owned();
    Ok(!query(connection, sql, Vec::new()).await?.is_empty())
}

/// One person, for the step that changes it.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ParticipantName,
) -> Result<Option<Record>, DbErr> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE p.federation_id = $1 AND p.person_id = $2");
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.first().map(|row| record(&name.federation, row)).transpose()
}

/// The party that owns a person's record, and the key wrapped for it: what a payload
/// that the person's key has sealed is opened with.
pub(crate) async fn key(
    connection: &impl ConnectionTrait,
    name: &ParticipantName,
) -> Result<Option<(PartyName, Vec<u8>)>, DbErr> {
    let sql =
        "SELECT party_id, wrapped_key FROM person WHERE federation_id = $1 AND person_id = $2";
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql.to_owned(), values).await?;
    let key = |row: &QueryResult| {
        let party = slug("party_id", &row.try_get::<String>("", "party_id")?)?;
        Ok((PartyName::new(name.federation.clone(), party), row.try_get("", "wrapped_key")?))
    };
    rows.first().map(key).transpose()
}

/// The one that a number belongs to within a party.
pub(crate) async fn by_number(
    connection: &impl ConnectionTrait,
    party: &PartyName,
    lookup: &[u8],
) -> Result<Option<Record>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.federation_id = $1 AND p.party_id = $2 AND p.lookup = $3"
    );
    let federation = &party.federation;
    let values = vec![federation.as_str().into(), party.id.as_str().into(), lookup.to_vec().into()];
    let rows = query(connection, sql, values).await?;
    rows.first().map(|row| record(federation, row)).transpose()
}

/// Those who turned out to be a person.
pub(crate) async fn duplicates(
    connection: &impl ConnectionTrait,
    name: &ParticipantName,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.federation_id = $1 AND p.merged_into = $2 \
         ORDER BY p.person_id"
    );
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| record(&name.federation, row)).collect()
}

/// True when a person has a case that the reach opens.
pub(crate) async fn is_within(
    connection: &impl ConnectionTrait,
    name: &ParticipantName,
    reach: &Reach,
) -> Result<bool, DbErr> {
    let mut values: Vec<Value> = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let Some(opened) = opened(reach, &mut values) else {
        return Ok(false);
    };
    let sql = format!(
        "SELECT 1 AS one FROM referral r \
         WHERE r.federation_id = $1 AND r.person_id = $2 AND ({opened}) LIMIT 1"
    );
    Ok(!query(connection, sql, values).await?.is_empty())
}

/// A page of people within reach, newest first; nobody with protected identity. Also
/// the number that the next page begins below.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    reach: &Reach,
    stretch: Stretch,
) -> Result<(Vec<Record>, Option<i64>), DbErr> {
    let mut values: Vec<Value> =
        vec![federation.as_str().into(), stretch.below().into(), stretch.rows().into()];
    // Each team of each party is a stretch of an index, which is read as far as the
    // page goes.
    let arm = |(party, team): &(Slug, Slug)| {
        values.extend([party.as_str().into(), team.as_str().into()]);
        let team = values.len();
        format!(
            "SELECT * FROM (SELECT DISTINCT r.person_sequence, r.person_id FROM referral r \
             JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id \
             WHERE r.federation_id = $1 AND r.party_id = ${} AND r.team_id = ${team} \
                 AND r.person_sequence < $2 AND NOT p.is_protected \
             ORDER BY r.person_sequence DESC, r.person_id LIMIT $3) AS arm_{team}",
            team - 1
        )
    };
    let arms: Vec<String> = reach.people.iter().map(arm).collect();
    if arms.is_empty() {
        return Ok((Vec::new(), None));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM ({}) AS found \
         JOIN person p ON p.federation_id = $1 AND p.person_id = found.person_id \
         JOIN journal pj ON pj.federation_id = p.federation_id AND pj.sequence = p.sequence \
         ORDER BY p.created_sequence DESC LIMIT $3",
        arms.join(" UNION ")
    );
    let rows = query(connection, sql, values).await?;
    let records = rows.iter().map(|row| record(federation, row)).collect::<Result<_, _>>()?;
    Ok(stretch.cut(records, |record: &Record| record.created_sequence))
}

/// Some people, and those who turned out to be one of them.
pub(crate) async fn with_duplicates<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    people: impl IntoIterator<Item = &'a Slug>,
) -> Result<Vec<Record>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {COLUMNS} {FROM} WHERE p.federation_id = $1 AND ({} OR {}) ORDER BY p.person_id",
        is_among(backend, "p.person_id", "$2"),
        is_among(backend, "p.merged_into", "$2")
    );
    let people = texts(backend, people.into_iter().map(Slug::as_str));
    let rows = query(connection, sql, vec![federation.as_str().into(), people]).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Everybody, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!("SELECT {COLUMNS} {FROM} WHERE p.federation_id = $1 ORDER BY p.person_id");
    let rows = query(connection, sql, vec![federation.as_str().into()]).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Adds a person.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    wrapped_key: Vec<u8>,
    sequence: i64,
) -> Result<(), DbErr> {
    batch.insert(person::Entity, vec![row(index, wrapped_key, Recorded::first(sequence))]).await
}

/// Adds people, each with the key wrapped for its party and where the journal has it.
pub(crate) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    people: Vec<(Index, Vec<u8>, Recorded)>,
) -> Result<(), DbErr> {
    let rows = people.into_iter().map(|(index, key, recorded)| row(&index, key, recorded));
    batch.insert(person::Entity, rows.collect()).await
}

fn row(index: &Index, wrapped_key: Vec<u8>, recorded: Recorded) -> person::Model {
    let Recorded { created_sequence, sequence } = recorded;
    let Index { name, party, lookup, is_protected, merged_into, revision } = index;
    person::Model {
        federation_id: name.federation.to_string(),
        person_id: name.id.to_string(),
        party_id: party.id.to_string(),
        lookup: lookup.clone(),
        is_protected: *is_protected,
        wrapped_key,
        merged_into: merged_into.as_ref().map(|into| into.id.to_string()),
        revision: *revision,
        created_sequence,
        sequence,
    }
}

/// Keeps a change that the journal records at the sequence.
pub(crate) fn update<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    wrapped_key: &[u8],
    sequence: i64,
) {
    let Index { name, party, lookup, is_protected, merged_into, revision } = index;
    let party = batch.bind(party.id.as_str());
    let lookup = batch.bind(lookup.clone());
    let is_protected = batch.bind(*is_protected);
    let wrapped_key = batch.bind(wrapped_key.to_vec());
    let merged_into = batch.bind(merged_into.as_ref().map(|into| into.id.to_string()));
    let revision = batch.bind(*revision);
    let sequence = batch.bind(sequence);
    let federation = batch.bind(name.federation.as_str());
    let id = batch.bind(name.id.as_str());
    batch.push(format!(
        "UPDATE person SET party_id = {party}, lookup = {lookup}, is_protected = {is_protected}, \
             wrapped_key = {wrapped_key}, merged_into = {merged_into}, revision = {revision}, \
             sequence = {sequence} \
         WHERE federation_id = {federation} AND person_id = {id}"
    ));
}

/// A condition: the referral `r` is of a team's people that the reach opens; none when
/// it opens nothing.
fn opened(reach: &Reach, values: &mut Vec<Value>) -> Option<String> {
    let condition = |(party, team): &(Slug, Slug)| {
        values.extend([party.as_str().into(), team.as_str().into()]);
        let team = values.len();
        format!("(r.party_id = ${} AND r.team_id = ${team})", team - 1)
    };
    let conditions: Vec<String> = reach.people.iter().map(condition).collect();
    (!conditions.is_empty()).then(|| conditions.join(" OR "))
}

pub(super) fn record(federation: &Slug, row: &QueryResult) -> Result<Record, DbErr> {
    let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
    let merged_into: Option<String> = row.try_get("", "merged_into")?;
    let merged_into = merged_into.map(|id| slug("merged_into", &id)).transpose()?;
    let index = Index {
        name: ParticipantName::new(federation.clone(), id("person_id")?),
        party: PartyName::new(federation.clone(), id("owner_id")?),
        lookup: row.try_get("", "lookup")?,
        is_protected: row.try_get("", "is_protected")?,
        merged_into: merged_into.map(|id| ParticipantName::new(federation.clone(), id)),
        revision: row.try_get("", "person_revision")?,
    };
    Ok(Record {
        index,
        wrapped_key: row.try_get("", "wrapped_key")?,
        created_sequence: row.try_get("", "person_created")?,
        sequence: row.try_get("", "person_at")?,
        payload: row.try_get("", "person_payload")?,
    })
}
