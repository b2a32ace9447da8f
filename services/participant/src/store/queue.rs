//! Who waits in the queues to the teams and who holds a place in them, from what is known
//! now of the cases.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Slug,
    name::{MunicipalityName, ReferralName, TeamName},
};

use super::{query, slug};
use crate::domain::{code::ReferringKind, queue::Waiting};

/// The end of what is known now; it stands in the text because indexes are of that part.
const NOW: &str = "9223372036854775807";

/// Everybody who waited at the end of a day for the team that a referral is to, in the
/// municipality that was responsible for its person then; the referral among them, when
/// it waited.
pub(crate) async fn beside(
    connection: &impl ConnectionTrait,
    referral: &ReferralName,
    day: NaiveDate,
) -> Result<Vec<Waiting>, DbErr> {
    let sql = format!(
        "SELECT f.case_id AS referral_id, f.municipality_id AS municipality_id, \
             f.referring_kind AS referring_kind, r.goes_first AS goes_first, \
             r.referral_date AS referral_date, r.created_sequence AS created_sequence \
         FROM case_fact own \
         JOIN case_fact f ON f.federation_id = own.federation_id AND f.team_id = own.team_id \
             AND f.municipality_id = own.municipality_id \
         JOIN referral r ON r.federation_id = f.federation_id AND r.referral_id = f.case_id \
         WHERE own.federation_id = $1 AND own.case_id = $2 AND {} AND {}",
        waits("own"),
        waits("f"),
    );
    let values = vec![referral.federation.as_str().into(), referral.id.as_str().into(), day.into()];
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
