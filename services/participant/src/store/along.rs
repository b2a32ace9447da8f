//! What the tables of all that happens along an enrolment have in common: each row belongs
//! to an enrolment, and through it to a person, whose key its payload is sealed with.
//!
//! Who owns a person's record stands beside the enrolment alone, so that nothing here is
//! touched when it is handed over.

use platform::{
    journalled::Recorded,
    sql::{Batch, is_among, texts},
};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use values::{
    Slug,
    name::{
        EnrolmentName, MilestoneName, ParticipantName, PartyName, PlacementName, SurveyAnswerName,
        TeamName,
    },
};

use super::{journalled::Before, query, slug};
use crate::domain::reach::Reach;

/// What stands has no end.
pub(super) const STILL: i64 = i64::MAX;

/// Where the journal has something, and until when it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stood {
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
    /// The first sequence at which it does not stand any more; none while it stands.
    pub(crate) until: Option<i64>,
}

impl Stood {
    /// Of something that is about to be created.
    pub(super) fn first(sequence: i64) -> Self {
        Self { recorded: Recorded::first(sequence), until: None }
    }

    /// How a row has it.
    pub(super) fn of(recorded: Recorded, known_to: i64) -> Self {
        Self { recorded, until: (known_to != STILL).then_some(known_to) }
    }

    /// How a row is to have it.
    pub(super) fn known_to(self) -> i64 {
        self.until.unwrap_or(STILL)
    }
}

/// One of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Table {
    /// The collection's part of a name.
    pub(crate) collection: &'static str,
    name: &'static str,
    id: &'static str,
    /// The day that lists are ordered by.
    day: &'static str,
}

impl Table {
    /// Every one of them.
    pub(crate) const ALL: [Table; 3] = [MILESTONES, PLACEMENTS, SURVEY_ANSWERS];
}

/// Milestones.
pub(crate) const MILESTONES: Table = Table {
    collection: MilestoneName::COLLECTION,
    name: "milestone",
    id: "milestone_id",
    day: "day",
};

/// Placements.
pub(crate) const PLACEMENTS: Table = Table {
    collection: PlacementName::COLLECTION,
    name: "placement",
    id: "placement_id",
    day: "first_day",
};

/// Answers to surveys.
pub(crate) const SURVEY_ANSWERS: Table = Table {
    collection: SurveyAnswerName::COLLECTION,
    name: "survey_answer",
    id: "survey_answer_id",
    day: "day",
};

/// Something as it is kept, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Its own id.
    pub(crate) id: Slug,
    /// The enrolment.
    pub(crate) enrolment: EnrolmentName,
    /// The team of the enrolment.
    pub(crate) team: TeamName,
    /// The number of the version.
    pub(crate) revision: i64,
    /// The journal's present payload.
    pub(crate) payload: Vec<u8>,
    /// The person.
    pub(crate) participant: ParticipantName,
    /// The party that owns the person's record.
    pub(crate) party: PartyName,
    /// The person's data key, wrapped for it.
    pub(crate) wrapped_key: Vec<u8>,
}

/// Which of a table a list is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Those within reach.
    pub(crate) reach: Reach,
    /// Only those of this enrolment.
    pub(crate) enrolment: Option<EnrolmentName>,
    /// Only what comes after this in the list.
    pub(crate) before: Option<Before>,
    /// At most so many.
    pub(crate) size: u64,
}

/// What `t` belongs to: its enrolment and its person.
pub(super) const OF_PERSON: &str = "JOIN enrolment e \
        ON e.federation_id = t.federation_id AND e.enrolment_id = t.enrolment_id \
    JOIN person p ON p.federation_id = e.federation_id AND p.person_id = e.person_id";

fn select(table: Table) -> String {
    let Table { collection: _, name, id, day: _ } = table;
    format!(
        "SELECT t.{id} AS own_id, t.enrolment_id AS enrolment_id, t.team_id AS team_id, \
             t.revision AS revision, j.payload AS payload, e.person_id AS person_id, \
             p.party_id AS party_id, p.wrapped_key AS wrapped_key \
         FROM {name} t \
         JOIN journal j ON j.federation_id = t.federation_id AND j.sequence = t.sequence \
         {OF_PERSON}"
    )
}

/// One of a table.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    table: Table,
    (federation, id): (&Slug, &Slug),
) -> Result<Option<Record>, DbErr> {
    let narrowed = format!("AND t.{} = $2", table.id);
    let found = records(connection, table, federation, (narrowed.as_str(), id)).await?;
    Ok(found.into_iter().next())
}

/// Everything of a person in a table.
pub(crate) async fn of_person(
    connection: &impl ConnectionTrait,
    table: Table,
    participant: &ParticipantName,
) -> Result<Vec<Record>, DbErr> {
    let narrowed = ("AND e.person_id = $2", &participant.id);
    records(connection, table, &participant.federation, narrowed).await
}

/// What there is along some cases in a table: each with its name and the case.
pub(crate) async fn of_cases(
    connection: &impl ConnectionTrait,
    table: Table,
    federation: &Slug,
    cases: &[&Slug],
) -> Result<Vec<(String, Slug)>, DbErr> {
    let backend = connection.get_database_backend();
    let Table { collection, name, id, day: _ } = table;
    let sql = format!(
        "SELECT t.{id} AS own_id, e.referral_id AS case_id FROM {name} t \
         JOIN enrolment e ON e.federation_id = t.federation_id \
             AND e.enrolment_id = t.enrolment_id \
         WHERE t.federation_id = $1 AND {} ORDER BY t.{id}",
        is_among(backend, "e.referral_id", "$2")
    );
    let cases = texts(backend, cases.iter().map(|id| id.as_str()));
    let rows = query(connection, sql, vec![federation.as_str().into(), cases]).await?;
    let named = |row: &QueryResult| {
        let own: String = row.try_get("", "own_id")?;
        let case = slug("case_id", &row.try_get::<String>("", "case_id")?)?;
        Ok((format!("federations/{federation}/{collection}/{own}"), case))
    };
    rows.iter().map(named).collect()
}

async fn records(
    connection: &impl ConnectionTrait,
    table: Table,
    federation: &Slug,
    (narrowed, to): (&str, &Slug),
) -> Result<Vec<Record>, DbErr> {
    let sql =
        format!("{} WHERE t.federation_id = $1 {narrowed} ORDER BY t.{}", select(table), table.id);
    let values = vec![federation.as_str().into(), to.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// A page of what stands in a table, newest first, and true when there is more; none of
/// people with protected identity. `also` is a condition on `t`.
pub(super) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    (table, also): (Table, &str),
    filter: &Filter,
) -> Result<(Vec<Record>, bool), DbErr> {
    let Filter { reach, enrolment, before, size } = filter;
    let Table { collection: _, name, id, day } = table;
    let rows = i64::try_from(*size).unwrap_or(i64::MAX - 1) + 1;
    let mut values: Vec<Value> = vec![federation.as_str().into(), rows.into()];
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut narrowed = also.to_owned();
    if let Some(enrolment) = enrolment {
        narrowed += &format!(" AND t.enrolment_id = {}", bind(enrolment.id.as_str().into()));
    }
    if let Some(Before { day: last_day, id: last_id }) = before {
        let (last_day, last_id) = (bind((*last_day).into()), bind(last_id.as_str().into()));
        narrowed += &format!(" AND (t.{day}, t.{id}) < ({last_day}, {last_id})");
    }
    // Each team of each party is a stretch of an index, which is read as far as the page
    // goes.
    let arm = |(number, (party, team)): (usize, &(Slug, Slug))| {
        let (party, team) = (bind(party.as_str().into()), bind(team.as_str().into()));
        format!(
            "SELECT * FROM (SELECT t.{day} AS day, t.{id} AS id FROM {name} t {OF_PERSON} \
             WHERE t.federation_id = $1 AND t.team_id = {team} AND e.party_id = {party} \
                 AND t.known_to = {STILL} AND NOT p.is_protected{narrowed} \
             ORDER BY t.{day} DESC, t.{id} DESC LIMIT $2) AS arm_{number}"
        )
    };
    let arms: Vec<String> = reach.people.iter().enumerate().map(arm).collect();
    if arms.is_empty() {
        return Ok((Vec::new(), false));
    }
    let sql = format!(
        "{} JOIN ({}) AS found ON found.id = t.{id} WHERE t.federation_id = $1 \
         ORDER BY t.{day} DESC, t.{id} DESC LIMIT $2",
        select(table),
        arms.join(" UNION ALL ")
    );
    let rows = query(connection, sql, values).await?;
    let mut records: Vec<Record> =
        rows.iter().map(|row| record(federation, row)).collect::<Result<_, _>>()?;
    let most = usize::try_from(*size).unwrap_or(usize::MAX);
    let has_more = records.len() > most;
    records.truncate(most);
    Ok((records, has_more))
}

/// Notes that something was taken away, as the journal records at the sequence.
pub(crate) fn remove<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    table: Table,
    record: &Record,
    sequence: i64,
) {
    let Table { collection: _, name, id, day: _ } = table;
    let revision = batch.bind(record.revision + 1);
    let known_to = batch.bind(sequence);
    let sequence = batch.bind(sequence);
    let federation = batch.bind(record.enrolment.federation.as_str());
    let own = batch.bind(record.id.as_str());
    batch.push(format!(
        "UPDATE {name} SET revision = {revision}, \
             known_to = CASE WHEN known_to = {STILL} THEN {known_to} ELSE known_to END, \
             sequence = {sequence} \
         WHERE federation_id = {federation} AND {id} = {own}"
    ));
}

/// Notes that the journal has something sealed anew at the sequence.
pub(crate) fn reseal<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    table: Table,
    record: &Record,
    sequence: i64,
) {
    let Table { collection: _, name, id, day: _ } = table;
    let sequence = batch.bind(sequence);
    let federation = batch.bind(record.enrolment.federation.as_str());
    let own = batch.bind(record.id.as_str());
    batch.push(format!(
        "UPDATE {name} SET sequence = {sequence} \
         WHERE federation_id = {federation} AND {id} = {own}"
    ));
}

/// Nothing of an enrolment stands any more from the sequence on: it was a mistake.
pub(crate) fn void<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    enrolment: &EnrolmentName,
    sequence: i64,
) {
    for Table { collection: _, name, id: _, day: _ } in Table::ALL {
        let known_to = batch.bind(sequence);
        let federation = batch.bind(enrolment.federation.as_str());
        let id = batch.bind(enrolment.id.as_str());
        batch.push(format!(
            "UPDATE {name} SET known_to = {known_to} \
             WHERE federation_id = {federation} AND enrolment_id = {id} AND known_to = {STILL}"
        ));
    }
}

fn record(federation: &Slug, row: &QueryResult) -> Result<Record, DbErr> {
    let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
    let within = || federation.clone();
    Ok(Record {
        id: id("own_id")?,
        enrolment: EnrolmentName::new(within(), id("enrolment_id")?),
        team: TeamName::new(within(), id("team_id")?),
        revision: row.try_get("", "revision")?,
        payload: row.try_get("", "payload")?,
        participant: ParticipantName::new(within(), id("person_id")?),
        party: PartyName::new(within(), id("party_id")?),
        wrapped_key: row.try_get("", "wrapped_key")?,
    })
}
