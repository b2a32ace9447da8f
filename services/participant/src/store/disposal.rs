//! Table `disposal`: an index over the journal; and who may be disposed of.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryResult,
};
use values::{
    Slug,
    name::{DisposalName, PartyName},
};

use super::{
    Stretch,
    entity::disposal::{Column, Entity, Model},
    insert_all, query, slug,
};
use crate::domain::referral::State;

/// What a disposal, which never changes, is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: DisposalName,
    /// The party.
    pub(crate) party: PartyName,
    /// The sequence that the journal has it at.
    pub(crate) sequence: i64,
}

/// A page of a party's disposals, newest first; also the number that the next page begins
/// below.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    party: &PartyName,
    stretch: Stretch,
) -> Result<(Vec<Vec<u8>>, Option<i64>), DbErr> {
    let sql = "SELECT t.sequence AS sequence, j.payload AS payload FROM disposal t \
               JOIN journal j ON j.federation_id = t.federation_id AND j.sequence = t.sequence \
               WHERE t.federation_id = $1 AND t.party_id = $2 AND t.sequence < $3 \
               ORDER BY t.sequence DESC LIMIT $4";
    let values = vec![
        party.federation.as_str().into(),
        party.id.as_str().into(),
        stretch.below().into(),
        stretch.rows().into(),
    ];
    let rows = query(connection, sql.to_owned(), values).await?;
    let read =
        |row: &QueryResult| Ok((row.try_get::<i64>("", "sequence")?, row.try_get("", "payload")?));
    let disposals = rows.iter().map(read).collect::<Result<Vec<(i64, Vec<u8>)>, DbErr>>()?;
    let (disposals, next) = stretch.cut(disposals, |(sequence, _)| *sequence);
    Ok((disposals.into_iter().map(|(_, payload)| payload).collect(), next))
}

/// Those of a party's people of whom nothing goes on, and nothing that is counted happened
/// after a day; longest past first, so many of them after those that were looked at.
pub(crate) async fn candidates(
    connection: &impl ConnectionTrait,
    party: &PartyName,
    ended_by: NaiveDate,
    (looked_at, most): (usize, usize),
) -> Result<Vec<Slug>, DbErr> {
    let open = State::ALL.iter().filter(|state| state.is_open());
    let open: Vec<String> = open.map(|state| state.number().to_string()).collect();
    let open = open.join(", ");
    let sql = format!(
        "SELECT cases.person_id AS person_id FROM ( \
             SELECT r.person_id AS person_id, r.state AS state, COALESCE((SELECT \
                 MAX(COALESCE(f.enrolled_end, f.queue_end, f.referred)) FROM case_fact f \
                 WHERE f.federation_id = r.federation_id AND f.case_id = r.referral_id \
                     AND f.known_to = {}), r.referral_date) AS last_day \
             FROM referral r \
             JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id \
             WHERE p.federation_id = $1 AND p.party_id = $2 AND p.merged_into IS NULL \
         ) AS cases \
         WHERE NOT EXISTS (SELECT 1 FROM enrolment e \
             WHERE e.federation_id = $1 AND e.person_id = cases.person_id AND e.is_open) \
         GROUP BY cases.person_id \
         HAVING MAX(cases.last_day) <= $3 \
             AND MAX(CASE WHEN cases.state IN ({open}) THEN 1 ELSE 0 END) = 0 \
         ORDER BY MAX(cases.last_day), cases.person_id LIMIT $4 OFFSET $5",
        i64::MAX
    );
    let values = vec![
        party.federation.as_str().into(),
        party.id.as_str().into(),
        ended_by.into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
        i64::try_from(looked_at).unwrap_or(i64::MAX).into(),
    ];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| slug("person_id", &row.try_get::<String>("", "person_id")?)).collect()
}

/// So many of a party's people with protected identity of whom no case is left, each with
/// when its record became what it is; longest past first.
pub(crate) async fn without_cases(
    connection: &impl ConnectionTrait,
    party: &PartyName,
    most: usize,
) -> Result<Vec<(Slug, DateTime<Utc>)>, DbErr> {
    let sql = "SELECT p.person_id AS person_id, j.recorded_at_us AS recorded_at_us \
               FROM person p \
               JOIN journal j ON j.federation_id = p.federation_id AND j.sequence = p.sequence \
               WHERE p.federation_id = $1 AND p.party_id = $2 AND p.is_protected \
                   AND p.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM referral r \
                       WHERE r.federation_id = p.federation_id AND r.person_id = p.person_id) \
               ORDER BY j.recorded_at_us, p.person_id LIMIT $3";
    let values = vec![
        party.federation.as_str().into(),
        party.id.as_str().into(),
        i64::try_from(most).unwrap_or(i64::MAX).into(),
    ];
    let rows = query(connection, sql.to_owned(), values).await?;
    let read = |row: &QueryResult| {
        let at: i64 = row.try_get("", "recorded_at_us")?;
        let unreadable = || DbErr::Type(format!("journal.recorded_at_us {at} is no time"));
        let time = DateTime::from_timestamp_micros(at).ok_or_else(unreadable)?;
        Ok((slug("person_id", &row.try_get::<String>("", "person_id")?)?, time))
    };
    rows.iter().map(read).collect()
}

/// Every row, for the check of the whole database.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<Row>, DbErr> {
    let select = Entity::find().filter(Column::FederationId.eq(federation.as_str()));
    select.all(connection).await?.into_iter().map(value).collect()
}

/// Enters a disposal.
pub(crate) async fn insert(connection: &impl ConnectionTrait, added: &Row) -> Result<(), DbErr> {
    let Row { name, party, sequence } = added;
    let row = Model {
        federation_id: name.federation.to_string(),
        disposal_id: name.id.to_string(),
        party_id: party.id.to_string(),
        sequence: *sequence,
    };
    insert_all(connection, vec![row.into_active_model()]).await
}

fn value(row: Model) -> Result<Row, DbErr> {
    let Model { federation_id, disposal_id, party_id, sequence } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Row {
        name: DisposalName::new(federation.clone(), slug("disposal_id", &disposal_id)?),
        party: PartyName::new(federation, slug("party_id", &party_id)?),
        sequence,
    })
}
