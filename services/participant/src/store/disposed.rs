//! Table `disposed`: the names that lead nowhere any more; and taking what is kept of cases,
//! and of people, out of every table.
//!
//! Each row has the person that the name was of, as every entry of the journal has. So what
//! `case_fact` keeps of a case (sex, age, municipality, outcome, months) can be joined by the
//! case's id to somebody with protected identity who is still here, whose other cases go on;
//! never to who that is. No call answers it, and the check of the database needs it.

use std::collections::BTreeMap;

use platform::sql::{Batch, is_among, texts};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, DbErr, EntityTrait as _, QueryFilter as _,
    QueryResult,
};
use values::{
    Slug,
    name::{ParticipantName, PartyName, ReferralName},
};

use super::{
    entity::disposed::{Column, Entity, Model},
    query, slug,
};

/// The tables that hold a row of what belongs to an enrolment.
const ALONG: [&str; 4] = ["follow_up", "survey_answer", "placement", "milestone"];

/// The tables that hold a row of each case, each before those that it refers to.
const OF_CASES: [&str; 2] = ["enrolment", "referral"];

/// The days of what is counted.
const DAYS: [&str; 6] =
    ["referred", "queue_first", "queue_end", "enrolled_first", "enrolled_end", "exited"];

/// A name that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The resource's name.
    pub(crate) name: String,
    /// The person that it was of.
    pub(crate) person: ParticipantName,
    /// The party that the person was of then.
    pub(crate) party: PartyName,
    /// True when the person had protected identity.
    pub(crate) is_protected: bool,
}

/// Those among some people who were disposed of and may be told as such, each with the
/// party.
pub(crate) async fn among<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    people: impl IntoIterator<Item = &'a Slug>,
) -> Result<BTreeMap<Slug, Slug>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT id, party_id FROM disposed WHERE federation_id = $1 AND collection = $2 \
             AND NOT is_protected AND {}",
        is_among(backend, "id", "$3")
    );
    let people = texts(backend, people.into_iter().map(Slug::as_str));
    let values = vec![federation.as_str().into(), ParticipantName::COLLECTION.into(), people];
    let rows = query(connection, sql, values).await?;
    let party = |row: &QueryResult| {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        Ok((id("id")?, id("party_id")?))
    };
    rows.iter().map(party).collect()
}

/// Those among some ids that were of cases which lead nowhere any more, each with whether
/// the person had protected identity.
pub(crate) async fn cases_among<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: impl IntoIterator<Item = &'a Slug>,
) -> Result<BTreeMap<Slug, bool>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT id, is_protected FROM disposed \
         WHERE federation_id = $1 AND collection = $2 AND {}",
        is_among(backend, "id", "$3")
    );
    let ids = texts(backend, ids.into_iter().map(Slug::as_str));
    let values = vec![federation.as_str().into(), ReferralName::COLLECTION.into(), ids];
    let rows = query(connection, sql, values).await?;
    let case = |row: &QueryResult| {
        let id = slug("id", &row.try_get::<String>("", "id")?)?;
        Ok((id, row.try_get("", "is_protected")?))
    };
    rows.iter().map(case).collect()
}

/// True when a name leads nowhere.
pub(crate) async fn is_one(
    connection: &impl ConnectionTrait,
    (federation, collection, id): (&Slug, &str, &Slug),
) -> Result<bool, DbErr> {
    let key = (federation.to_string(), collection.to_owned(), id.to_string());
    Ok(Entity::find_by_id(key).one(connection).await?.is_some())
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds names.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[Row],
) -> Result<(), DbErr> {
    let rows = added.iter().map(model).collect::<Result<_, _>>()?;
    batch.insert(Entity, rows).await
}

/// Takes cases out of every table. What was counted of them stays: without the person's id,
/// and with the first of the month for every day, so that whole months count as they did.
/// The case keeps its name, which leads nowhere: what releases have committed to can be
/// shown as before. How its follow-ups ended stays beside it, and what happened along the
/// enrolments in table `disposed_fact`. What the database's files hold of deleted rows
/// until they are vacuumed, and copies of them, are the operator's to clear.
pub(crate) fn remove_cases<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    cases: &[&Slug],
) {
    let backend = batch.connection().get_database_backend();
    let theirs = || texts(backend, cases.iter().map(|id| id.as_str()));
    let home = batch.bind(federation.as_str());
    let ids = batch.bind(theirs());
    let coarse = DAYS.map(|day| match backend {
        DbBackend::Postgres => format!("{day} = CAST(date_trunc('month', {day}) AS date)"),
        _ => format!("{day} = date({day}, 'start of month')"),
    });
    batch.push(format!(
        "UPDATE case_fact SET participant_id = '', {} WHERE federation_id = {home} AND {}",
        coarse.join(", "),
        is_among(backend, "case_id", &ids)
    ));
    let home = batch.bind(federation.as_str());
    let ids = batch.bind(theirs());
    batch.push(format!(
        "UPDATE follow_up_end SET enrolment_id = '' WHERE federation_id = {home} AND {}",
        is_among(backend, "case_id", &ids)
    ));
    for table in ALONG {
        let (home, also) = (batch.bind(federation.as_str()), batch.bind(federation.as_str()));
        let ids = batch.bind(theirs());
        let those = is_among(backend, "referral_id", &ids);
        batch.push(format!(
            "DELETE FROM {table} WHERE federation_id = {home} AND enrolment_id IN \
                 (SELECT enrolment_id FROM enrolment WHERE federation_id = {also} AND {those})"
        ));
    }
    for table in OF_CASES {
        let home = batch.bind(federation.as_str());
        let ids = batch.bind(theirs());
        let those = is_among(backend, "referral_id", &ids);
        batch.push(format!("DELETE FROM {table} WHERE federation_id = {home} AND {those}"));
    }
}

/// Takes people out of their table, and with them their keys. Their cases go first.
pub(crate) fn remove_people<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    people: &[&Slug],
) {
    let backend = batch.connection().get_database_backend();
    let home = batch.bind(federation.as_str());
    let ids = batch.bind(texts(backend, people.iter().map(|id| id.as_str())));
    let those = is_among(backend, "person_id", &ids);
    batch.push(format!("DELETE FROM person WHERE federation_id = {home} AND {those}"));
}

fn model(row: &Row) -> Result<Model, DbErr> {
    let Row { name, person, party, is_protected } = row;
    let mut parts = name.split('/').skip(2);
    let (Some(collection), Some(id)) = (parts.next(), parts.next()) else {
        return Err(DbErr::Type(format!("{name} is no name of what is kept of people")));
    };
    Ok(Model {
        federation_id: person.federation.to_string(),
        collection: collection.to_owned(),
        id: id.to_owned(),
        person_id: person.id.to_string(),
        party_id: party.id.to_string(),
        is_protected: *is_protected,
    })
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model { federation_id, collection, id, person_id, party_id, is_protected } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Row {
        name: format!("federations/{federation}/{collection}/{id}"),
        person: ParticipantName::new(federation.clone(), slug("person_id", &person_id)?),
        party: PartyName::new(federation, slug("party_id", &party_id)?),
        is_protected,
    })
}
