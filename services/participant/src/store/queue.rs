//! Who waits in the queues to the teams and who holds a place in them, from what is known
//! now of the cases.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use platform::sql::{is_among, texts};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Slug,
    name::{MunicipalityName, ParticipantName, PartyName, ReferralName, TeamName},
};

use super::{query, slug};
use crate::domain::{code::ReferringKind, queue::Waiting};

/// The end of what is known now; it stands in the text because indexes are of that part.
const NOW: &str = "9223372036854775807";

const COLUMNS: &str = "f.case_id AS referral_id, f.municipality_id AS municipality_id, \
    f.referring_kind AS referring_kind, r.goes_first AS goes_first, \
    r.referral_date AS referral_date, r.created_sequence AS created_sequence";

/// One who waits, and whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// What the order goes by.
    pub(crate) waiting: Waiting,
    /// The person.
    pub(crate) participant: ParticipantName,
    /// The party that owns its record.
    pub(crate) party: PartyName,
    /// True with protected identity.
    pub(crate) is_protected: bool,
}

/// Everybody who waits for a team at the end of a day, of all municipalities or of one.
pub(crate) async fn of_team(
    connection: &impl ConnectionTrait,
    team: &TeamName,
    municipality: Option<&MunicipalityName>,
    day: NaiveDate,
) -> Result<Vec<Row>, DbErr> {
    let mut values = vec![team.federation.as_str().into(), team.id.as_str().into(), day.into()];
    let mut narrowed = "";
    if let Some(municipality) = municipality {
        values.push(municipality.id.as_str().into());
        narrowed = "AND f.municipality_id = $4";
    }
    let sql = format!(
        "SELECT {COLUMNS}, r.person_id AS person_id, r.party_id AS party_id, \
             p.is_protected AS is_protected \
         FROM case_fact f \
         JOIN referral r ON r.federation_id = f.federation_id AND r.referral_id = f.case_id \
         JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id \
         WHERE f.federation_id = $1 AND f.team_id = $2 AND {} {narrowed}",
        waits("f"),
    );
    let federation = &team.federation;
    let rows = query(connection, sql, values).await?;
    let row = |row: &QueryResult| {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        Ok(Row {
            waiting: waiting(federation, row)?,
            participant: ParticipantName::new(federation.clone(), id("person_id")?),
            party: PartyName::new(federation.clone(), id("party_id")?),
            is_protected: row.try_get("", "is_protected")?,
        })
    };
    rows.iter().map(row).collect()
}

/// Everybody who waited for a team at the end of a day in the municipality that was
/// responsible then for the person of a referral; the referral among them, when it waited.
pub(crate) async fn beside(
    connection: &impl ConnectionTrait,
    referral: &ReferralName,
    team: &TeamName,
    day: NaiveDate,
) -> Result<Vec<Waiting>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM case_fact f \
         JOIN referral r ON r.federation_id = f.federation_id AND r.referral_id = f.case_id \
         WHERE f.federation_id = $1 AND f.team_id = $2 AND {} \
             AND f.municipality_id = (SELECT own.municipality_id FROM case_fact own \
                 WHERE own.federation_id = $1 AND own.case_id = $4 AND {} LIMIT 1)",
        waits("f"),
        waits("own"),
    );
    let values = vec![
        team.federation.as_str().into(),
        team.id.as_str().into(),
        day.into(),
        referral.id.as_str().into(),
    ];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| waiting(&referral.federation, row)).collect()
}

/// A condition: the fact is known now, and of one who waited at the end of day `$3`.
fn waits(fact: &str) -> String {
    format!(
        "{fact}.known_to = {NOW} AND {fact}.queue_first IS NOT NULL AND {fact}.queue_first <= $3 \
         AND ({fact}.queue_end IS NULL OR {fact}.queue_end > $3)"
    )
}

/// How many were enrolled in a team at the end of a day, of each channel.
pub(crate) async fn enrolled(
    connection: &impl ConnectionTrait,
    team: &TeamName,
    day: NaiveDate,
) -> Result<BTreeMap<ReferringKind, i64>, DbErr> {
    let sql = format!(
        "SELECT referring_kind, COUNT(*) AS enrolled FROM case_fact \
         WHERE federation_id = $1 AND team_id = $2 AND known_to = {NOW} \
             AND enrolled_first IS NOT NULL AND enrolled_first <= $3 \
             AND (enrolled_end IS NULL OR enrolled_end > $3) \
         GROUP BY referring_kind"
    );
    let values = vec![team.federation.as_str().into(), team.id.as_str().into(), day.into()];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| Ok((channel(row)?, row.try_get("", "enrolled")?))).collect()
}

/// How many were enrolled in each team at the end of a day, of each party.
pub(crate) async fn enrolled_in(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    teams: &[TeamName],
    day: NaiveDate,
) -> Result<BTreeMap<TeamName, BTreeMap<Slug, i64>>, DbErr> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT team_id, party_id, COUNT(*) AS enrolled FROM case_fact \
         WHERE federation_id = $1 AND known_to = {NOW} \
             AND enrolled_first IS NOT NULL AND enrolled_first <= $2 \
             AND (enrolled_end IS NULL OR enrolled_end > $2) AND {} \
         GROUP BY team_id, party_id",
        is_among(backend, "team_id", "$3")
    );
    let ids = texts(backend, teams.iter().map(|team| team.id.as_str()));
    let rows = query(connection, sql, vec![federation.as_str().into(), day.into(), ids]).await?;
    let mut enrolled = BTreeMap::<TeamName, BTreeMap<Slug, i64>>::new();
    for row in &rows {
        let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
        let team = TeamName::new(federation.clone(), id("team_id")?);
        let of_team = enrolled.entry(team).or_default();
        of_team.insert(id("party_id")?, row.try_get("", "enrolled")?);
    }
    Ok(enrolled)
}

fn waiting(federation: &Slug, row: &QueryResult) -> Result<Waiting, DbErr> {
    let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
    Ok(Waiting {
        referral: ReferralName::new(federation.clone(), id("referral_id")?),
        municipality: MunicipalityName::new(federation.clone(), id("municipality_id")?),
        channel: channel(row)?,
        goes_first: row.try_get("", "goes_first")?,
        referred: row.try_get("", "referral_date")?,
        recorded: row.try_get("", "created_sequence")?,
    })
}

fn channel(row: &QueryResult) -> Result<ReferringKind, DbErr> {
    let number: i16 = row.try_get("", "referring_kind")?;
    ReferringKind::from_number(number.into())
        .ok_or_else(|| DbErr::Type(format!("case_fact.referring_kind is {number}")))
}
