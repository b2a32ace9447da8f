//! Table `enrolment`: an index over the journal.

use platform::{
    journalled::Recorded,
    sql::{Batch, is_among, texts},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use values::{
    Slug,
    name::{
        AccountName, EnrolmentName, ParticipantImportName, ParticipantName, PartyName,
        ReferralName, TeamName,
    },
};

use super::{Stretch, entity::enrolment, person, query, referral, slug};
use crate::domain::reach::Reach;

/// What of an enrolment is searched, ordered or joined by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The name.
    pub(crate) name: EnrolmentName,
    /// The referral.
    pub(crate) referral: ReferralName,
    /// The person.
    pub(crate) participant: ParticipantName,
    /// The team.
    pub(crate) team: TeamName,
    /// The party that owns the person's record.
    pub(crate) party: PartyName,
    /// The coach who has the person now, or had it last.
    pub(crate) coach: AccountName,
    /// True while it goes on.
    pub(crate) is_open: bool,
    /// The number of the version.
    pub(crate) revision: i64,
}

/// An enrolment as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// What it is found by.
    pub(crate) index: Index,
    /// The sequence of the journal that it was created with.
    pub(crate) created_sequence: i64,
    /// That of the present payload.
    pub(crate) sequence: i64,
    /// The journal's present payload.
    pub(crate) payload: Vec<u8>,
}

/// Which enrolments a list is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Those within reach.
    pub(crate) reach: Reach,
    /// Only those in this team.
    pub(crate) team: Option<TeamName>,
    /// Only those of this person.
    pub(crate) participant: Option<ParticipantName>,
    /// Only those whose coach this is.
    pub(crate) coach: Option<AccountName>,
    /// Only those that go on.
    pub(crate) open_only: bool,
    /// Which stretch.
    pub(crate) stretch: Stretch,
}

const COLUMNS: &str = "e.enrolment_id AS enrolment_id, e.referral_id AS of_referral, \
    e.person_id AS of_person, e.team_id AS of_team, e.party_id AS of_party, \
    e.coach_id AS coach_id, e.is_open AS is_open, e.revision AS enrolment_revision, \
    e.created_sequence AS enrolment_created, e.sequence AS enrolment_at, ej.payload AS enrolment_payload";

const JOURNAL: &str =
    "JOIN journal ej ON ej.federation_id = e.federation_id AND ej.sequence = e.sequence";

const PERSON: &str = "JOIN person p ON p.federation_id = e.federation_id AND p.person_id = e.person_id \
    JOIN journal pj ON pj.federation_id = p.federation_id AND pj.sequence = p.sequence";

/// True when there is an enrolment of the name, or was one.
pub(crate) async fn is_taken(
    connection: &impl ConnectionTrait,
    name: &EnrolmentName,
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM enrolment WHERE federation_id = $1 AND enrolment_id = $2 \
               UNION ALL SELECT 1 AS one FROM disposed \
               WHERE federation_id = $1 AND collection = 'enrolments' AND id = $2";
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    Ok(!query(connection, sql.to_owned(), values).await?.is_empty())
}

/// One enrolment, and the person that it is of.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &EnrolmentName,
) -> Result<Option<(Record, person::Record)>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM enrolment e {JOURNAL} {PERSON} \
         WHERE e.federation_id = $1 AND e.enrolment_id = $2",
        person::COLUMNS
    );
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.first().map(|row| both(&name.federation, row)).transpose()
}

/// The enrolments of some cases, each with its person.
pub(crate) async fn of_cases<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    cases: impl IntoIterator<Item = &'a Slug>,
) -> Result<Vec<(Record, person::Record)>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM enrolment e {JOURNAL} {PERSON} \
         WHERE e.federation_id = $1 AND {}",
        person::COLUMNS,
        is_among(backend, "e.referral_id", "$2")
    );
    let cases = texts(backend, cases.into_iter().map(Slug::as_str));
    let rows = query(connection, sql, vec![federation.as_str().into(), cases]).await?;
    rows.iter().map(|row| both(federation, row)).collect()
}

/// The referral that an enrolment is of, and everything that it has led to, in order.
pub(crate) async fn case_of(
    connection: &impl ConnectionTrait,
    name: &EnrolmentName,
) -> Result<Option<(referral::Record, Vec<Record>)>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS}, {}, {} {} \
         JOIN enrolment e ON e.federation_id = r.federation_id AND e.referral_id = r.referral_id \
         {JOURNAL} \
         WHERE r.federation_id = $1 AND r.referral_id = (SELECT referral_id FROM enrolment \
             WHERE federation_id = $1 AND enrolment_id = $2) \
         ORDER BY e.created_sequence",
        referral::COLUMNS,
        person::COLUMNS,
        referral::FROM,
    );
    let federation = &name.federation;
    let values = vec![federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let records = rows.iter().map(|row| record(federation, row)).collect::<Result<_, _>>()?;
    Ok(Some((referral::record(federation, first)?, records)))
}

/// Every enrolment of a person, in order.
pub(crate) async fn of_person(
    connection: &impl ConnectionTrait,
    participant: &ParticipantName,
) -> Result<Vec<Record>, DbErr> {
    let federation = &participant.federation;
    records(connection, federation, "AND e.person_id = $2", Some(&participant.id)).await
}

/// Every enrolment of some people, in order.
pub(crate) async fn of_people<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    people: impl IntoIterator<Item = &'a Slug>,
) -> Result<Vec<Record>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {COLUMNS} FROM enrolment e {JOURNAL} \
         WHERE e.federation_id = $1 AND {} ORDER BY e.created_sequence",
        is_among(backend, "e.person_id", "$2")
    );
    let people = texts(backend, people.into_iter().map(Slug::as_str));
    let rows = query(connection, sql, vec![federation.as_str().into(), people]).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// Every enrolment of what came with an import, in order.
pub(crate) async fn of_import(
    connection: &impl ConnectionTrait,
    import: &ParticipantImportName,
) -> Result<Vec<Record>, DbErr> {
    let narrowed = "AND e.referral_id IN (SELECT referral_id FROM referral \
                    WHERE federation_id = $1 AND import_id = $2)";
    records(connection, &import.federation, narrowed, Some(&import.id)).await
}

/// Every enrolment, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Record>, DbErr> {
    records(connection, federation, "", None).await
}

async fn records(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    narrowed: &str,
    to: Option<&Slug>,
) -> Result<Vec<Record>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM enrolment e {JOURNAL} \
         WHERE e.federation_id = $1 {narrowed} ORDER BY e.created_sequence"
    );
    let bound = [Some(federation), to].into_iter().flatten();
    let rows = query(connection, sql, bound.map(|id| id.as_str().into()).collect()).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// A page of enrolments with the people that they are of, newest first; none of people
/// with protected identity. Also the number that the next page begins below.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<(Vec<(Record, person::Record)>, Option<i64>), DbErr> {
    let Filter { reach, team, participant, coach, open_only, stretch } = filter;
    let mut values: Vec<Value> =
        vec![federation.as_str().into(), stretch.below().into(), stretch.rows().into()];
    let mut bind = |value: &Slug| {
        values.push(value.as_str().into());
        format!("${}", values.len())
    };
    let mut narrowed = String::new();
    if let Some(participant) = participant {
        narrowed += &format!(" AND e.person_id = {}", bind(&participant.id));
    }
    if let Some(coach) = coach {
        narrowed += &format!(" AND e.coach_id = {}", bind(&coach.id));
    }
    if *open_only {
        narrowed += " AND e.is_open";
    }
    let within = |(_, of): &&(Slug, Slug)| team.as_ref().is_none_or(|team| team.id == *of);
    // Each team of each party is a stretch of an index, which is read as far as the
    // page goes.
    let arm = |(party, team): &(Slug, Slug)| {
        let (party, team) = (bind(party), bind(team));
        format!(
            "SELECT * FROM (SELECT e.created_sequence, e.enrolment_id FROM enrolment e \
             JOIN person p ON p.federation_id = e.federation_id AND p.person_id = e.person_id \
             WHERE e.federation_id = $1 AND e.party_id = {party} AND e.team_id = {team} \
                 AND e.created_sequence < $2{narrowed} AND NOT p.is_protected \
             ORDER BY e.created_sequence DESC LIMIT $3) AS arm_{}",
            team.trim_start_matches('$')
        )
    };
    let arms: Vec<String> = reach.people.iter().filter(within).map(arm).collect();
    if arms.is_empty() {
        return Ok((Vec::new(), None));
    }
    let sql = format!(
        "SELECT {COLUMNS}, {} FROM ({}) AS found \
         JOIN enrolment e ON e.federation_id = $1 AND e.enrolment_id = found.enrolment_id \
         {JOURNAL} {PERSON} \
         ORDER BY e.created_sequence DESC LIMIT $3",
        person::COLUMNS,
        arms.join(" UNION ")
    );
    let rows = query(connection, sql, values).await?;
    let records = rows.iter().map(|row| both(federation, row)).collect::<Result<_, _>>()?;
    Ok(stretch.cut(records, |(record, _): &(Record, _)| record.created_sequence))
}

/// Adds an enrolment.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    sequence: i64,
) -> Result<(), DbErr> {
    batch.insert(enrolment::Entity, vec![row(index, Recorded::first(sequence))]).await
}

/// Adds enrolments, each with where the journal has it.
pub(crate) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    enrolments: &[(Index, Recorded)],
) -> Result<(), DbErr> {
    let rows = enrolments.iter().map(|(index, recorded)| row(index, *recorded));
    batch.insert(enrolment::Entity, rows.collect()).await
}

fn row(index: &Index, recorded: Recorded) -> enrolment::Model {
    let Recorded { created_sequence, sequence } = recorded;
    let Index { name, referral, participant, team, party, coach, is_open, revision } = index;
    enrolment::Model {
        federation_id: name.federation.to_string(),
        enrolment_id: name.id.to_string(),
        referral_id: referral.id.to_string(),
        person_id: participant.id.to_string(),
        team_id: team.id.to_string(),
        party_id: party.id.to_string(),
        coach_id: coach.id.to_string(),
        is_open: *is_open,
        revision: *revision,
        created_sequence,
        sequence,
    }
}

/// Keeps a change that the journal records at the sequence.
pub(crate) fn update<C: ConnectionTrait>(batch: &mut Batch<'_, C>, index: &Index, sequence: i64) {
    let person = batch.bind(index.participant.id.as_str());
    let party = batch.bind(index.party.id.as_str());
    let coach = batch.bind(index.coach.id.as_str());
    let is_open = batch.bind(index.is_open);
    let revision = batch.bind(index.revision);
    let sequence = batch.bind(sequence);
    let federation = batch.bind(index.name.federation.as_str());
    let id = batch.bind(index.name.id.as_str());
    batch.push(format!(
        "UPDATE enrolment SET person_id = {person}, party_id = {party}, coach_id = {coach}, \
             is_open = {is_open}, revision = {revision}, sequence = {sequence} \
         WHERE federation_id = {federation} AND enrolment_id = {id}"
    ));
}

/// Hands a person's enrolments over to the party that now owns its record.
pub(crate) fn hand_over<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    participant: &ParticipantName,
    party: &PartyName,
) {
    let party = batch.bind(party.id.as_str());
    let federation = batch.bind(participant.federation.as_str());
    let person = batch.bind(participant.id.as_str());
    batch.push(format!(
        "UPDATE enrolment SET party_id = {party} \
         WHERE federation_id = {federation} AND person_id = {person}"
    ));
}

fn both(federation: &Slug, row: &QueryResult) -> Result<(Record, person::Record), DbErr> {
    Ok((record(federation, row)?, person::record(federation, row)?))
}

fn record(federation: &Slug, row: &QueryResult) -> Result<Record, DbErr> {
    let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
    let within = || federation.clone();
    let index = Index {
        name: EnrolmentName::new(within(), id("enrolment_id")?),
        referral: ReferralName::new(within(), id("of_referral")?),
        participant: ParticipantName::new(within(), id("of_person")?),
        team: TeamName::new(within(), id("of_team")?),
        party: PartyName::new(within(), id("of_party")?),
        coach: AccountName::new(within(), id("coach_id")?),
        is_open: row.try_get("", "is_open")?,
        revision: row.try_get("", "enrolment_revision")?,
    };
    Ok(Record {
        index,
        created_sequence: row.try_get("", "enrolment_created")?,
        sequence: row.try_get("", "enrolment_at")?,
        payload: row.try_get("", "enrolment_payload")?,
    })
}
