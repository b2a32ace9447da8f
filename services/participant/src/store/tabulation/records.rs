//! The records behind a cell.

use platform::sql::{text_rows, text_table};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Slug,
    name::{PartyName, ReferralName},
};

use super::{Question, Select, Whose, column, condition::counts};
use crate::{
    domain::{fact::Measure, table_layout::Dimension, tabulation::Part},
    store::slug,
};

/// Which records to list.
#[derive(Debug)]
pub(crate) struct Cell<'a> {
    /// What each key of the cell stands for, in the order of the layout's cuts.
    pub(crate) parts: &'a [Part],
    /// Which count of the cell.
    pub(crate) measure: Measure,
    /// At most this many.
    pub(crate) size: u64,
    /// Only referrals after this one.
    pub(crate) after: &'a str,
}

/// A referral that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// Its name.
    pub(crate) referral: ReferralName,
    /// The party that owns the person's record.
    pub(crate) owner: PartyName,
    /// The person.
    pub(crate) person: Slug,
}

/// A page of the records of a cell, one more than asked for when there are more; and
/// how many of those counted are not named: of people with protected identity, or whom
/// the caller does not reach any more.
pub(crate) async fn records(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question<'_>,
    cell: &Cell<'_>,
) -> Result<(Vec<Record>, i64), DbErr> {
    let counted = counted(connection, federation, question, cell).await?;
    let named = named(connection, federation, question, cell).await?;
    Ok((named.0, counted - named.1))
}

/// How many facts the cell counts.
async fn counted(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question<'_>,
    cell: &Cell<'_>,
) -> Result<i64, DbErr> {
    let mut select = Select::new(connection, federation);
    let condition = condition(&mut select, federation, question, cell);
    let sql = format!(
        "SELECT COUNT(*) AS counted FROM case_fact f WHERE f.federation_id = $1 AND {condition}"
    );
    let rows = select.rows(sql, question.period).await?;
    rows.first().map_or(Ok(0), |row| row.try_get("", "counted"))
}

/// The page, and how many facts are of any record that is named.
async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question<'_>,
    cell: &Cell<'_>,
) -> Result<(Vec<Record>, i64), DbErr> {
    let mut select = Select::new(connection, federation);
    let mut from = " FROM case_fact f \
         JOIN referral r ON r.federation_id = f.federation_id AND r.referral_id = f.case_id \
         JOIN person p ON p.federation_id = r.federation_id AND p.person_id = r.person_id"
        .to_owned();
    if let Whose::These(pairs) = question.whose {
        let pairs = pairs.iter().map(|(party, team)| [party.to_string(), team.to_string()]);
        let place = select.bind(text_rows(pairs));
        let backend = connection.get_database_backend();
        let still = text_table(backend, &place, "still", &["party_id", "team_id"]);
        from +=
            &format!(" JOIN {still} ON still.party_id = r.party_id AND still.team_id = r.team_id");
    }
    let condition = condition(&mut select, federation, question, cell);
    let after = select.bind(cell.after);
    let limit = select.bind(i64::try_from(cell.size).unwrap_or(i64::MAX - 1) + 1);
    let named = format!("{from} WHERE f.federation_id = $1 AND NOT p.is_protected AND {condition}");
    // The number of facts of all pages stands on every row; a page past the end has it too.
    let sql = format!(
        "SELECT page.case_id AS case_id, page.person_id AS person_id, page.party_id AS party_id, \
             total.named AS named \
         FROM (SELECT COUNT(*) AS named{named}) AS total LEFT JOIN \
             (SELECT DISTINCT f.case_id, r.person_id, r.party_id{named} AND f.case_id > {after} \
              ORDER BY f.case_id LIMIT {limit}) AS page ON TRUE \
         ORDER BY page.case_id"
    );
    let rows = select.rows(sql, question.period).await?;
    let facts = rows.first().map_or(Ok(0), |row| row.try_get("", "named"))?;
    let records = rows.iter().filter_map(|row| record(federation, row).transpose());
    Ok((records.collect::<Result<_, _>>()?, facts))
}

fn record(federation: &Slug, row: &QueryResult) -> Result<Option<Record>, DbErr> {
    let Some(case) = row.try_get::<Option<String>>("", "case_id")? else { return Ok(None) };
    let id = |column: &str| slug(column, &row.try_get::<String>("", column)?);
    Ok(Some(Record {
        referral: ReferralName::new(federation.clone(), slug("case_id", &case)?),
        owner: PartyName::new(federation.clone(), id("party_id")?),
        person: id("person_id")?,
    }))
}

/// What is known of those who are counted, counted by the measure and has the keys.
fn condition<C: ConnectionTrait>(
    select: &mut Select<'_, C>,
    federation: &Slug,
    question: &Question<'_>,
    cell: &Cell<'_>,
) -> String {
    let mut conditions = vec![
        select.whose(federation, question.whose),
        select.known(question.as_of, "f"),
        format!("({})", counts(cell.measure)),
    ];
    for (cut, part) in question.layout.cuts.iter().zip(cell.parts) {
        conditions.push(has(select, cut.dimension, part));
    }
    conditions.join(" AND ")
}

fn has<C: ConnectionTrait>(
    select: &mut Select<'_, C>,
    dimension: Dimension,
    part: &Part,
) -> String {
    if dimension == Dimension::Area {
        return in_area(select, part);
    }
    let column = format!("f.{}", column(dimension));
    match part {
        Part::Nothing => format!("{column} IS NULL"),
        Part::Of(id) => format!("{column} = {}", select.bind(id.as_str())),
        Part::Codes(numbers) => {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            format!("{column} IN ({})", numbers.join(", "))
        }
        Part::Ages { youngest, oldest } => {
            // The first band and the last one hold whatever lies beyond them.
            let from = if *youngest <= 0 { i32::MIN } else { *youngest };
            let to = if *oldest >= OLDEST { i32::MAX } else { *oldest };
            format!("{column} BETWEEN {from} AND {to}")
        }
    }
}

/// The oldest age of bands.
const OLDEST: i32 = 150;

fn in_area<C: ConnectionTrait>(select: &mut Select<'_, C>, part: &Part) -> String {
    let municipalities = "SELECT municipality_id FROM municipality WHERE federation_id = $1";
    match part {
        Part::Of(area) => {
            let area = select.bind(area.as_str());
            format!("f.municipality_id IN ({municipalities} AND area_id = {area})")
        }
        Part::Nothing | Part::Codes(_) | Part::Ages { .. } => {
            format!("f.municipality_id NOT IN ({municipalities} AND area_id IS NOT NULL)")
        }
    }
}
