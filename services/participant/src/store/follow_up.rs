//! Table `follow_up`, which follows from the exits and, for those that ended, is an index
//! over the journal.

use chrono::NaiveDate;
use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};
use values::{
    Slug,
    name::{EnrolmentName, FollowUpName, ParticipantName, PartyName, ReferralName, TeamName},
};

use super::{
    along::OF_PERSON,
    entity::follow_up::{Entity, Model},
    query, slug,
};
use crate::domain::reach::Reach;

/// What of a follow-up is searched and ordered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    /// The name.
    pub(crate) name: FollowUpName,
    /// The team of the enrolment.
    pub(crate) team: TeamName,
    /// When it is due.
    pub(crate) due: NaiveDate,
    /// True until it has ended.
    pub(crate) is_open: bool,
    /// The number of the version.
    pub(crate) revision: i64,
}

/// A follow-up as it is kept, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// The name.
    pub(crate) name: FollowUpName,
    /// What it is found by.
    pub(crate) index: Index,
    /// The journal's present payload, when it has ended.
    pub(crate) payload: Option<Vec<u8>>,
    /// The journal's present payload of the enrolment.
    pub(crate) enrolment: Vec<u8>,
    /// The referral that the enrolment is of.
    pub(crate) case: ReferralName,
    /// The person.
    pub(crate) participant: ParticipantName,
    /// The party that owns the person's record.
    pub(crate) party: PartyName,
    /// The person's data key, wrapped for it.
    pub(crate) wrapped_key: Vec<u8>,
}

/// Which follow-ups a list is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Those within reach.
    pub(crate) reach: Reach,
    /// Only those of this team.
    pub(crate) team: Option<TeamName>,
    /// Only those of this enrolment.
    pub(crate) enrolment: Option<EnrolmentName>,
    /// Only those that have not ended and are due by this day.
    pub(crate) due_by: Option<NaiveDate>,
    /// Only those that come after this one.
    pub(crate) after: Option<(NaiveDate, Slug, u32)>,
    /// At most so many.
    pub(crate) size: u64,
}

fn select() -> String {
    format!(
        "SELECT t.enrolment_id AS enrolment_id, t.months AS months, t.team_id AS team_id, \
             t.due_day AS due_day, t.is_open AS is_open, t.revision AS revision, \
             j.payload AS payload, ej.payload AS enrolment_payload, \
             e.referral_id AS referral_id, e.person_id AS person_id, p.party_id AS party_id, \
             p.wrapped_key AS wrapped_key \
         FROM follow_up t {OF_PERSON} \
         JOIN journal ej ON ej.federation_id = e.federation_id AND ej.sequence = e.sequence \
         LEFT JOIN journal j ON j.federation_id = t.federation_id AND j.sequence = t.sequence"
    )
}

/// One follow-up.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &FollowUpName,
) -> Result<Option<Record>, DbErr> {
    let found = of_enrolment(connection, &name.enrolment).await?;
    Ok(found.into_iter().find(|record| record.name == *name))
}

/// The follow-ups of an enrolment, in order.
pub(crate) async fn of_enrolment(
    connection: &impl ConnectionTrait,
    enrolment: &EnrolmentName,
) -> Result<Vec<Record>, DbErr> {
    let narrowed = ("t.enrolment_id", &enrolment.id);
    records(connection, &enrolment.federation, narrowed).await
}

/// Every follow-up of a person.
pub(crate) async fn of_person(
    connection: &impl ConnectionTrait,
    participant: &ParticipantName,
) -> Result<Vec<Record>, DbErr> {
    let narrowed = ("e.person_id", &participant.id);
    records(connection, &participant.federation, narrowed).await
}

/// Every follow-up of a federation, each with where the journal has it when it has ended,
/// for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(Index, Option<i64>)>, DbErr> {
    let sql = "SELECT enrolment_id, months, team_id, due_day, is_open, revision, sequence \
               FROM follow_up WHERE federation_id = $1";
    let rows = query(connection, sql.to_owned(), vec![federation.as_str().into()]).await?;
    let read = |row: &QueryResult| Ok((index(federation, row)?, row.try_get("", "sequence")?));
    rows.iter().map(read).collect()
}

async fn records(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    (column, id): (&str, &Slug),
) -> Result<Vec<Record>, DbErr> {
    let sql = format!(
        "{} WHERE t.federation_id = $1 AND {column} = $2 ORDER BY t.enrolment_id, t.months",
        select()
    );
    let values = vec![federation.as_str().into(), id.as_str().into()];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| record(federation, row)).collect()
}

/// A page of follow-ups, first due first, and true when there is more; none of people with
/// protected identity.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<(Vec<Record>, bool), DbErr> {
    let Filter { reach, team, enrolment, due_by, after, size } = filter;
    let rows = i64::try_from(*size).unwrap_or(i64::MAX - 1) + 1;
    let mut values: Vec<Value> = vec![federation.as_str().into(), rows.into()];
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let mut narrowed = String::new();
    if let Some(enrolment) = enrolment {
        narrowed += &format!(" AND t.enrolment_id = {}", bind(enrolment.id.as_str().into()));
    }
    if let Some(due_by) = due_by {
        narrowed += &format!(" AND t.is_open AND t.due_day <= {}", bind((*due_by).into()));
    }
    if let Some((day, enrolment, months)) = after {
        let (day, enrolment) = (bind((*day).into()), bind(enrolment.as_str().into()));
        narrowed +=
            &format!(" AND (t.due_day, t.enrolment_id, t.months) > ({day}, {enrolment}, {months})");
    }
    let within = |(_, of): &&(Slug, Slug)| team.as_ref().is_none_or(|team| team.id == *of);
    // Each team of each party is a stretch of an index, which is read as far as the page
    // goes.
    let arm = |(number, (party, team)): (usize, &(Slug, Slug))| {
        let (party, team) = (bind(party.as_str().into()), bind(team.as_str().into()));
        format!(
            "SELECT * FROM (SELECT t.due_day AS due_day, t.enrolment_id AS id, \
                 t.months AS months FROM follow_up t {OF_PERSON} \
             WHERE t.federation_id = $1 AND t.team_id = {team} AND e.party_id = {party} \
                 AND NOT p.is_protected{narrowed} \
             ORDER BY t.due_day, t.enrolment_id, t.months LIMIT $2) AS arm_{number}"
        )
    };
    let arms: Vec<String> = reach.people.iter().filter(within).enumerate().map(arm).collect();
    if arms.is_empty() {
        return Ok((Vec::new(), false));
    }
    let sql = format!(
        "{} JOIN ({}) AS found ON found.id = t.enrolment_id AND found.months = t.months \
         WHERE t.federation_id = $1 ORDER BY t.due_day, t.enrolment_id, t.months LIMIT $2",
        select(),
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

/// Adds a follow-up that has not ended.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
) -> Result<(), DbErr> {
    batch.insert(Entity, vec![row(index, None)?]).await
}

/// Adds follow-ups, each with where the journal has it when it has ended.
pub(crate) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    follow_ups: &[(Index, Option<i64>)],
) -> Result<(), DbErr> {
    let rows = follow_ups.iter().map(|(index, sequence)| row(index, *sequence));
    batch.insert(Entity, rows.collect::<Result<_, _>>()?).await
}

fn row(index: &Index, sequence: Option<i64>) -> Result<Model, DbErr> {
    let Index { name, team, due, is_open, revision } = index;
    Ok(Model {
        federation_id: name.enrolment.federation.to_string(),
        enrolment_id: name.enrolment.id.to_string(),
        months: small(name.months)?,
        team_id: team.id.to_string(),
        due_day: *due,
        is_open: *is_open,
        revision: *revision,
        sequence,
    })
}

/// Puts a follow-up in the place of what is kept of it, with where the journal has it when
/// it has ended.
pub(crate) fn update<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    index: &Index,
    sequence: Option<i64>,
) {
    let Index { name, team: _, due, is_open, revision } = index;
    let due = batch.bind(*due);
    let is_open = batch.bind(*is_open);
    let revision = batch.bind(*revision);
    let sequence = batch.bind(sequence);
    let condition = is_it(batch, name);
    batch.push(format!(
        "UPDATE follow_up SET due_day = {due}, is_open = {is_open}, \
             revision = {revision}, sequence = {sequence} WHERE {condition}"
    ));
}

/// Notes that the journal has a follow-up sealed anew at the sequence.
pub(crate) fn reseal<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    name: &FollowUpName,
    sequence: i64,
) {
    let sequence = batch.bind(sequence);
    let condition = is_it(batch, name);
    batch.push(format!("UPDATE follow_up SET sequence = {sequence} WHERE {condition}"));
}

/// Takes away a follow-up of an exit that is none.
pub(crate) fn delete<C: ConnectionTrait>(batch: &mut Batch<'_, C>, name: &FollowUpName) {
    let condition = is_it(batch, name);
    batch.push(format!("DELETE FROM follow_up WHERE {condition}"));
}

pub(super) fn is_it<C: ConnectionTrait>(batch: &mut Batch<'_, C>, name: &FollowUpName) -> String {
    let federation = batch.bind(name.enrolment.federation.as_str());
    let enrolment = batch.bind(name.enrolment.id.as_str());
    let months = name.months;
    format!("federation_id = {federation} AND enrolment_id = {enrolment} AND months = {months}")
}

pub(super) fn small(months: u32) -> Result<i16, DbErr> {
    i16::try_from(months).map_err(|_| DbErr::Type(format!("follow_up.months is {months}")))
}

pub(super) fn name(federation: &Slug, row: &QueryResult) -> Result<FollowUpName, DbErr> {
    let enrolment = slug("enrolment_id", &row.try_get::<String>("", "enrolment_id")?)?;
    let months: i16 = row.try_get("", "months")?;
    let unreadable = |_| DbErr::Type(format!("follow_up.months is {months}"));
    let months = u32::try_from(months).map_err(unreadable)?;
    Ok(FollowUpName::new(EnrolmentName::new(federation.clone(), enrolment), months))
}

fn index(federation: &Slug, row: &QueryResult) -> Result<Index, DbErr> {
    let team = slug("team_id", &row.try_get::<String>("", "team_id")?)?;
    Ok(Index {
        name: name(federation, row)?,
        team: TeamName::new(federation.clone(), team),
        due: row.try_get("", "due_day")?,
        is_open: row.try_get("", "is_open")?,
        revision: row.try_get("", "revision")?,
    })
}

fn record(federation: &Slug, row: &QueryResult) -> Result<Record, DbErr> {
    let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
    let within = || federation.clone();
    let index = index(federation, row)?;
    Ok(Record {
        name: index.name.clone(),
        index,
        payload: row.try_get("", "payload")?,
        enrolment: row.try_get("", "enrolment_payload")?,
        case: ReferralName::new(within(), id("referral_id")?),
        participant: ParticipantName::new(within(), id("person_id")?),
        party: PartyName::new(within(), id("party_id")?),
        wrapped_key: row.try_get("", "wrapped_key")?,
    })
}
