//! Imports of people's cases: table `participant_import`, an index over the journal, and
//! what the rows of one are held against.

use std::collections::{HashMap, HashSet};

use platform::{
    journalled::{Kept, Query, Recorded},
    sql::{byte_strings, is_among, is_among_bytes, texts},
};
use sea_orm::{ColumnTrait as _, IntoActiveModel as _};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryResult, Value};
use values::{
    Slug,
    name::{MunicipalityName, ParticipantImportName, PartyName, ReferralName, TeamName},
};

use super::{
    Stretch,
    entity::participant_import::{ActiveModel, Column, Entity, Model},
    insert_all, keep, person, query, slug,
};
use crate::domain::referral::State;

const TABLE: &str = "participant_import";

/// What an import is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: ParticipantImportName,
    /// The team that its cases are in.
    pub(crate) team: TeamName,
    /// The number of its version.
    pub(crate) revision: i32,
    /// Where the journal has it.
    pub(crate) recorded: Recorded,
}

/// One import.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ParticipantImportName,
) -> Result<Option<Kept>, DbErr> {
    let query = Query::kept(TABLE, &name.federation);
    query.and("t.participant_import_id = ?", [name.id.as_str().into()]).one_kept(connection).await
}

/// A page of the imports to some teams, newest first; also the number that the next page
/// begins below.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    teams: &[TeamName],
    stretch: Stretch,
) -> Result<(Vec<Vec<u8>>, Option<i64>), DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT t.created_sequence AS created_sequence, j.payload AS payload \
         FROM participant_import t \
         JOIN journal j ON j.federation_id = t.federation_id AND j.sequence = t.sequence \
         WHERE t.federation_id = $1 AND t.created_sequence < $2 AND {} \
         ORDER BY t.created_sequence DESC LIMIT $3",
        is_among(backend, "t.team_id", "$4")
    );
    let teams = texts(backend, teams.iter().map(|team| team.id.as_str()));
    let values =
        vec![federation.as_str().into(), stretch.below().into(), stretch.rows().into(), teams];
    let rows = query(connection, sql, values).await?;
    let read = |row: &QueryResult| {
        Ok((row.try_get::<i64>("", "created_sequence")?, row.try_get("", "payload")?))
    };
    let imports = rows.iter().map(read).collect::<Result<Vec<(i64, Vec<u8>)>, DbErr>>()?;
    let (imports, next) = stretch.cut(imports, |(created, _)| *created);
    Ok((imports.into_iter().map(|(_, payload)| payload).collect(), next))
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Adds an import.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    insert_all(connection, vec![row(added).into_active_model()]).await
}

/// Keeps an import as it has become.
pub(crate) async fn update(connection: &impl ConnectionTrait, changed: &Row) -> Result<(), DbErr> {
    keep::<ActiveModel>(connection, row(changed)).await
}

fn row(kept: &Row) -> Model {
    let Row { name, team, revision, recorded } = kept;
    let Recorded { created_sequence, sequence } = recorded;
    Model {
        federation_id: name.federation.to_string(),
        participant_import_id: name.id.to_string(),
        team_id: team.id.to_string(),
        revision: *revision,
        created_sequence: *created_sequence,
        sequence: *sequence,
    }
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model {
        federation_id,
        participant_import_id,
        team_id,
        revision,
        created_sequence,
        sequence,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("participant_import_id", &participant_import_id)?;
    Ok(Row {
        name: ParticipantImportName::new(federation.clone(), id),
        team: TeamName::new(federation, slug("team_id", &team_id)?),
        revision,
        recorded: Recorded { created_sequence, sequence },
    })
}

/// What of the organisation the rows of an import are held against.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The parties of the municipalities, where they have one.
    pub(crate) parties_of: HashMap<MunicipalityName, PartyName>,
    /// The municipalities that the team serves.
    pub(crate) served: HashSet<MunicipalityName>,
    /// Every party.
    pub(crate) parties: HashSet<PartyName>,
}

/// The organisation as the rows of an import to a team need it.
pub(crate) async fn places(
    connection: &impl ConnectionTrait,
    team: &TeamName,
) -> Result<Places, DbErr> {
    let sql = "SELECT municipality_id, party_id FROM municipality \
               WHERE federation_id = $1 AND party_id IS NOT NULL \
               UNION ALL SELECT municipality_id, NULL FROM team_municipality \
               WHERE federation_id = $1 AND team_id = $2 \
               UNION ALL SELECT NULL, party_id FROM party WHERE federation_id = $1";
    let federation = &team.federation;
    let values = vec![federation.as_str().into(), team.id.as_str().into()];
    let mut places = Places::default();
    for row in query(connection, sql.to_owned(), values).await? {
        let id = |column: &str| {
            let id: Option<String> = row.try_get("", column)?;
            id.map(|id| slug(column, &id)).transpose()
        };
        let municipality =
            id("municipality_id")?.map(|id| MunicipalityName::new(federation.clone(), id));
        let party = id("party_id")?.map(|id| PartyName::new(federation.clone(), id));
        match (municipality, party) {
            (Some(municipality), Some(party)) => {
                places.parties_of.insert(municipality, party);
            }
            (Some(municipality), None) => {
                places.served.insert(municipality);
            }
            (None, Some(party)) => {
                places.parties.insert(party);
            }
            (None, None) => {}
        }
    }
    Ok(places)
}

/// Those of a party's people that some numbers belong to.
pub(crate) async fn people(
    connection: &impl ConnectionTrait,
    party: &PartyName,
    lookups: impl IntoIterator<Item = Vec<u8>>,
) -> Result<Vec<person::Record>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {} FROM person p \
         JOIN journal pj ON pj.federation_id = p.federation_id AND pj.sequence = p.sequence \
         WHERE p.federation_id = $1 AND p.party_id = $2 AND {}",
        person::COLUMNS,
        is_among_bytes(backend, "p.lookup", "$3")
    );
    let federation = &party.federation;
    let lookups = byte_strings(backend, lookups);
    let values = vec![federation.as_str().into(), party.id.as_str().into(), lookups];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| person::record(federation, row)).collect()
}

/// The open cases of some people with a team.
pub(crate) async fn open_cases(
    connection: &impl ConnectionTrait,
    team: &TeamName,
    people: impl IntoIterator<Item = &Slug>,
) -> Result<HashMap<Slug, ReferralName>, DbErr> {
    let backend = connection.get_database_backend();
    let open = State::ALL.iter().filter(|state| state.is_open());
    let open: Vec<String> = open.map(|state| state.number().to_string()).collect();
    let sql = format!(
        "SELECT r.person_id AS person_id, r.referral_id AS referral_id FROM referral r \
         WHERE r.federation_id = $1 AND r.team_id = $2 AND {} \
             AND (r.state IN ({}) OR EXISTS (SELECT 1 FROM enrolment e \
                 WHERE e.federation_id = r.federation_id AND e.referral_id = r.referral_id \
                     AND e.is_open))",
        is_among(backend, "r.person_id", "$3"),
        open.join(", ")
    );
    let federation = &team.federation;
    let people = texts(backend, people.into_iter().map(Slug::as_str));
    let values = vec![federation.as_str().into(), team.id.as_str().into(), people];
    let rows = query(connection, sql, values).await?;
    let id = |row: &QueryResult, column: &str| slug(column, &row.try_get::<String>("", column)?);
    let open = |row: &QueryResult| {
        let referral = ReferralName::new(federation.clone(), id(row, "referral_id")?);
        Ok((id(row, "person_id")?, referral))
    };
    rows.iter().map(open).collect()
}

/// A case as it was when it came, with the key that opens it.
#[derive(Debug)]
pub(crate) struct AsItCame {
    /// The referral's name.
    pub(crate) name: ReferralName,
    /// The person, with its present record.
    pub(crate) person: person::Record,
    /// The referral.
    pub(crate) referral: Vec<u8>,
    /// The enrolment of the same id, when it came with it.
    pub(crate) enrolment: Option<Vec<u8>>,
}

/// Those of some ids that are taken by referrals: the cases as they were when they came.
pub(crate) async fn as_they_came<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: impl IntoIterator<Item = &'a Slug>,
) -> Result<Vec<AsItCame>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT {}, r.referral_id AS referral_id, j.payload AS referral_payload, \
             ej.payload AS came_with \
         FROM referral r \
         JOIN journal j ON j.federation_id = r.federation_id AND j.sequence = r.created_sequence \
         JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id \
         JOIN journal pj ON pj.federation_id = p.federation_id AND pj.sequence = p.sequence \
         LEFT JOIN enrolment e ON e.federation_id = r.federation_id \
             AND e.enrolment_id = r.referral_id AND e.referral_id = r.referral_id \
         LEFT JOIN journal ej ON ej.federation_id = e.federation_id \
             AND ej.sequence = e.created_sequence \
         WHERE r.federation_id = $1 AND {}",
        person::COLUMNS,
        is_among(backend, "r.referral_id", "$2")
    );
    let values =
        vec![federation.as_str().into(), texts(backend, ids.into_iter().map(Slug::as_str))];
    let rows = query(connection, sql, values).await?;
    let read = |row: &QueryResult| {
        let id = slug("referral_id", &row.try_get::<String>("", "referral_id")?)?;
        Ok(AsItCame {
            name: ReferralName::new(federation.clone(), id),
            person: person::record(federation, row)?,
            referral: row.try_get("", "referral_payload")?,
            enrolment: row.try_get("", "came_with")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The enrolments of what came with an import along which something has happened.
pub(crate) async fn with_more(
    connection: &impl ConnectionTrait,
    name: &ParticipantImportName,
) -> Result<HashSet<Slug>, DbErr> {
    let of_import = "JOIN enrolment e ON e.federation_id = t.federation_id \
             AND e.enrolment_id = t.enrolment_id \
         JOIN referral r ON r.federation_id = e.federation_id \
             AND r.referral_id = e.referral_id \
         WHERE t.federation_id = $1 AND r.import_id = $2";
    let tables = ["milestone", "placement", "survey_answer"];
    let mut arms: Vec<String> = tables
        .iter()
        .map(|table| format!("SELECT t.enrolment_id FROM {table} t {of_import}"))
        .collect();
    arms.push(format!(
        "SELECT t.enrolment_id FROM follow_up t {of_import} AND t.sequence IS NOT NULL"
    ));
    let values = vec![name.federation.as_str().into(), name.id.as_str().into()];
    let rows = query(connection, arms.join(" UNION "), values).await?;
    rows.iter()
        .map(|row| slug("enrolment_id", &row.try_get::<String>("", "enrolment_id")?))
        .collect()
}

/// Those of some ids that are taken by enrolments, or by what was disposed of.
pub(crate) async fn taken_enrolments<'a>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: impl IntoIterator<Item = &'a Slug>,
) -> Result<HashSet<Slug>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT enrolment_id FROM enrolment WHERE federation_id = $1 AND {} \
         UNION SELECT id AS enrolment_id FROM disposed \
         WHERE federation_id = $1 AND collection IN ('referrals', 'enrolments') AND {}",
        is_among(backend, "enrolment_id", "$2"),
        is_among(backend, "id", "$2")
    );
    let ids: Value = texts(backend, ids.into_iter().map(Slug::as_str));
    let rows = query(connection, sql, vec![federation.as_str().into(), ids]).await?;
    rows.iter()
        .map(|row| slug("enrolment_id", &row.try_get::<String>("", "enrolment_id")?))
        .collect()
}
