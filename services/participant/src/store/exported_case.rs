//! The facts of a team's cases without whose they are.

use chrono::NaiveDate;
use platform::sql::{is_among, texts};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Period, Slug,
    name::{MunicipalityName, TeamName},
};

use super::{query, slug};
use crate::domain::code::{ExitOutcome, ReferringKind, Sex};

/// A case's time as enrolled in one municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExportedCase {
    /// The case and its part: what the next page begins after.
    pub(crate) key: (Slug, i16),
    /// The municipality.
    pub(crate) municipality: MunicipalityName,
    /// The sex.
    pub(crate) sex: Sex,
    /// The age at the referral.
    pub(crate) age: Option<i32>,
    /// The kind of referring authority.
    pub(crate) referring_kind: ReferringKind,
    /// The first day as enrolled.
    pub(crate) enrolled: NaiveDate,
    /// The day of the exit, when it ended here.
    pub(crate) exited: Option<NaiveDate>,
    /// The outcome.
    pub(crate) outcome: Option<ExitOutcome>,
}

/// Which cases.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    /// The team.
    pub(crate) team: &'a TeamName,
    /// Whose people.
    pub(crate) parties: &'a [&'a Slug],
    /// Those enrolled on any of these days.
    pub(crate) period: Period,
    /// As known at this sequence.
    pub(crate) sequence: i64,
    /// Only those after this one.
    pub(crate) after: Option<(Slug, i16)>,
    /// At most this many.
    pub(crate) size: u64,
}

/// A page, one more than asked for when there are more; nobody with protected identity.
pub(crate) async fn page(
    connection: &impl ConnectionTrait,
    question: &Question<'_>,
) -> Result<Vec<ExportedCase>, DbErr> {
    let Question { team, parties, period, sequence, after, size } = question;
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT f.case_id AS case_id, f.part AS part, f.municipality_id AS municipality_id, \
             f.sex AS sex, f.age AS age, f.referring_kind AS referring_kind, \
             f.enrolled_first AS enrolled_first, f.exited AS exited, f.outcome AS outcome \
         FROM case_fact f \
         JOIN person p ON p.federation_id = f.federation_id AND p.person_id = f.participant_id \
         WHERE f.federation_id = $1 AND f.team_id = $2 AND {} AND NOT p.is_protected \
             AND f.known_from <= $4 AND $4 < f.known_to \
             AND f.enrolled_first <= $5 AND (f.enrolled_end IS NULL OR f.enrolled_end > $6) \
             AND (f.case_id, f.part) > ($7, $8) \
         ORDER BY f.case_id, f.part LIMIT $9",
        is_among(backend, "f.party_id", "$3")
    );
    let (after, part) = match after {
        Some((case, part)) => (case.as_str(), *part),
        None => ("", 0),
    };
    let values = vec![
        team.federation.as_str().into(),
        team.id.as_str().into(),
        texts(backend, parties.iter().map(|party| party.as_str())),
        (*sequence).into(),
        period.last_day().into(),
        period.first_day().into(),
        after.into(),
        part.into(),
        i64::try_from(*size).unwrap_or(i64::MAX - 1).saturating_add(1).into(),
    ];
    let rows = query(connection, sql, values).await?;
    rows.iter().map(|row| case(&team.federation, row)).collect()
}

fn case(federation: &Slug, row: &QueryResult) -> Result<ExportedCase, DbErr> {
    let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
    let number = |column: &str| Ok::<_, DbErr>(i32::from(row.try_get::<i16>("", column)?));
    let unreadable = |column: &str| DbErr::Type(format!("case_fact.{column} is none"));
    let age: Option<i16> = row.try_get("", "age")?;
    let outcome: Option<i16> = row.try_get("", "outcome")?;
    let outcome = outcome
        .map(|number| ExitOutcome::from_number(number.into()).ok_or_else(|| unreadable("outcome")));
    let (sex, kind) = (number("sex")?, number("referring_kind")?);
    Ok(ExportedCase {
        key: (id("case_id")?, row.try_get("", "part")?),
        municipality: MunicipalityName::new(federation.clone(), id("municipality_id")?),
        sex: Sex::from_number(sex).ok_or_else(|| unreadable("sex"))?,
        age: age.map(i32::from),
        referring_kind: ReferringKind::from_number(kind)
            .ok_or_else(|| unreadable("referring_kind"))?,
        enrolled: row.try_get("", "enrolled_first")?,
        exited: row.try_get("", "exited")?,
        outcome: outcome.transpose()?,
    })
}
