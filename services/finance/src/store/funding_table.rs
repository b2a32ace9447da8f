//! The figures of the funding table, from the ledger: grouped in SQL, over the
//! index that begins with the year.

use chrono::{Datelike as _, NaiveDate};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Ore, Period, Slug,
    name::{PartyName, RecipientName, TeamName},
};

use super::{bound::Bound, period, slug, wrong};
use crate::domain::{
    cost_line::CostKind,
    funding_table::{Cut, EarlierYear, Forecast, GrantFigures, Question},
    requisition::State,
};

/// How many years back the pattern is looked for: each costs as much as the year
/// itself.
const EARLIER_YEARS: i32 = 5;

/// What the ledger says of the year that the period lies in, as far as its days
/// go, known at a sequence of the journal or now.
pub(crate) async fn figures(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question,
    known_at: Option<i64>,
) -> Result<Vec<GrantFigures>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let year = bound.bind(question.period.last_day().year());
    let first = bound.bind(question.period.first_day());
    let last = bound.bind(question.period.last_day());
    let accounts = match question.has_grants() {
        true => "'allotted', 'board', 'requisitioned', 'reserved'",
        false => "'requisitioned', 'reserved'",
    };
    let (part, by) = match question.cut {
        Cut::Recipient | Cut::Area => ("CAST(NULL AS text)", "p.grant_id"),
        Cut::Party => ("p.party_id", "p.grant_id, p.party_id"),
        Cut::CostKind => ("p.cost_kind", "p.grant_id, p.cost_kind"),
    };
    let only = narrowed(&mut bound, question, known_at);
    let (days, decision) = days(&mut bound, known_at);
    let sum = |when: &str, column: &str| {
        let sum = format!("COALESCE(SUM(p.amount_ore) FILTER (WHERE {when}), 0)");
        format!("CAST({sum} AS bigint) AS {column}")
    };
    // What is set aside for sub-projects is theirs.
    let sums = [
        sum("p.account IN ('allotted', 'board')", "not_own_ore"),
        sum(&format!("p.account = 'reserved' AND p.day <= {last}"), "reserved_ore"),
        sum(
            &format!("p.account = 'requisitioned' AND p.day >= {first} AND p.day <= {last}"),
            "requisitioned_ore",
        ),
        sum(&format!("p.account = 'requisitioned' AND p.day <= {last}"), "to_date_ore"),
    ];
    let sql = format!(
        "SELECT s.grant_id AS grant_id, s.part AS part, s.not_own_ore AS not_own_ore, \
             s.reserved_ore AS reserved_ore, s.requisitioned_ore AS requisitioned_ore, \
             s.to_date_ore AS to_date_ore, g.recipient_id AS recipient_id, \
             r.display_name AS display_name, r.team_id AS team_id, {days} \
         FROM (SELECT p.grant_id AS grant_id, {part} AS part, {} FROM posting p \
               WHERE p.federation_id = {federation_id} AND p.year = {year} \
                   AND p.account IN ({accounts}){only} GROUP BY {by}) s \
         JOIN \"grant\" g ON g.federation_id = {federation_id} AND g.grant_id = s.grant_id \
         JOIN recipient r ON r.federation_id = {federation_id} AND r.recipient_id = g.recipient_id \
         {decision}",
        sums.join(", ")
    );
    let rows = bound.query(connection, sql).await?;
    rows.iter().map(|row| value(federation, question.cut, row)).collect()
}

/// What narrows the postings.
fn narrowed(bound: &mut Bound, question: &Question, known_at: Option<i64>) -> String {
    let mut only = String::new();
    if let Some(party) = &question.filter.party {
        only += &format!(" AND p.party_id = {}", bound.bind(party.id.as_str()));
    }
    if let Some(kind) = question.filter.cost_kind {
        only += &format!(" AND p.cost_kind = {}", bound.bind(kind.code()));
    }
    if let Some(sequence) = known_at {
        only += &format!(" AND p.sequence <= {}", bound.bind(sequence));
    }
    only
}

/// The days of the grant: those of the decision in force, or of the one that was
/// the latest at a sequence. Every entry of the journal about a grant is a
/// decision on it.
fn days(bound: &mut Bound, known_at: Option<i64>) -> (&'static str, String) {
    let Some(sequence) = known_at else {
        return ("g.first_day AS first_day, g.last_day AS last_day", String::new());
    };
    let join = format!(
        "LEFT JOIN grant_decision d ON d.federation_id = g.federation_id \
             AND d.grant_id = g.grant_id AND d.version = (SELECT COUNT(*) FROM journal j \
                 WHERE j.federation_id = g.federation_id \
                     AND j.subject = 'federations/' || g.federation_id || '/grants/' || g.grant_id \
                     AND j.sequence <= {})",
        bound.bind(sequence)
    );
    let days = "COALESCE(d.first_day, g.first_day) AS first_day, \
                COALESCE(d.last_day, g.last_day) AS last_day";
    (days, join)
}

fn value(federation: &Slug, cut: Cut, row: &QueryResult) -> Result<GrantFigures, DbErr> {
    let grant_id: String = row.try_get("", "grant_id")?;
    let recipient_id: String = row.try_get("", "recipient_id")?;
    let team_id: Option<String> = row.try_get("", "team_id")?;
    let team = team_id.map(|team| slug("team_id", &team)).transpose()?;
    let part: Option<String> = row.try_get("", "part")?;
    let part = part.unwrap_or_default();
    let (party, cost_kind) = match cut {
        Cut::Recipient | Cut::Area => (None, None),
        Cut::Party => (Some(slug("party_id", &part)?), None),
        Cut::CostKind => {
            let kind = CostKind::from_code(&part);
            (None, Some(kind.ok_or_else(|| wrong("posting.cost_kind", &part))?))
        }
    };
    let ore = |column: &str| row.try_get::<i64>("", column);
    Ok(GrantFigures {
        grant: slug("grant_id", &grant_id)?,
        recipient: RecipientName::new(federation.clone(), slug("recipient_id", &recipient_id)?),
        display_name: row.try_get("", "display_name")?,
        team: team.map(|team| TeamName::new(federation.clone(), team)),
        grant_period: period(row.try_get("", "first_day")?, row.try_get("", "last_day")?)?,
        party: party.map(|party| PartyName::new(federation.clone(), party)),
        cost_kind,
        granted: Ore::new(-ore("not_own_ore")?),
        reserved: Ore::new(ore("reserved_ore")?),
        requisitioned: Ore::new(ore("requisitioned_ore")?),
        requisitioned_to_date: Ore::new(ore("to_date_ore")?),
    })
}

/// What each recipient had requisitioned in the years before, by the same day and
/// by the year's end.
pub(crate) async fn earlier(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question,
    known_at: Option<i64>,
) -> Result<Vec<EarlierYear>, DbErr> {
    let last = question.period.last_day();
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let known_at = match known_at {
        Some(sequence) => format!(" AND p.sequence <= {}", bound.bind(sequence)),
        None => String::new(),
    };
    // One year at a time: the index has the postings of each grant together.
    let years = ((last.year() - EARLIER_YEARS)..last.year()).map(|year| {
        // 29 February has its like in a leap year only.
        let same_day = last.with_year(year);
        let same_day = same_day.or_else(|| NaiveDate::from_ymd_opt(year, 2, 28));
        let (same_day, year) = (bound.bind(same_day), bound.bind(year));
        format!(
            "SELECT p.year AS year, p.grant_id AS grant_id, \
                 COALESCE(SUM(p.amount_ore) FILTER (WHERE p.day <= {same_day}), 0) AS same_day_ore, \
                 SUM(p.amount_ore) AS year_end_ore \
             FROM posting p WHERE p.federation_id = {federation_id} AND p.year = {year} \
                 AND p.account = 'requisitioned'{known_at} GROUP BY p.year, p.grant_id"
        )
    });
    let years: Vec<String> = years.collect();
    let sql = format!(
        "SELECT s.year AS year, g.recipient_id AS recipient_id, \
             CAST(SUM(s.same_day_ore) AS bigint) AS same_day_ore, \
             CAST(SUM(s.year_end_ore) AS bigint) AS year_end_ore \
         FROM ({}) s \
         JOIN \"grant\" g ON g.federation_id = {federation_id} AND g.grant_id = s.grant_id \
         GROUP BY s.year, g.recipient_id",
        years.join(" UNION ALL ")
    );
    let rows = bound.query(connection, sql).await?;
    let value = |row: &QueryResult| -> Result<EarlierYear, DbErr> {
        let recipient_id: String = row.try_get("", "recipient_id")?;
        Ok(EarlierYear {
            recipient: RecipientName::new(federation.clone(), slug("recipient_id", &recipient_id)?),
            year: row.try_get("", "year")?,
            same_day: Ore::new(row.try_get("", "same_day_ore")?),
            year_end: Ore::new(row.try_get("", "year_end_ore")?),
        })
    };
    rows.iter().map(value).collect()
}

/// What the live requisitions that end by the period's end say of the time after
/// them, in the order they were drafted; of each party only the latest on each
/// grant. Corrections say nothing.
pub(crate) async fn forecasts(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question,
) -> Result<Vec<Forecast>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let (first, last) = year_to_date(question.period)?;
    let (first, last) = (bound.bind(first), bound.bind(last));
    let live = State::ALL.iter().filter(|state| state.is_live()).map(|state| state.code());
    let live = bound.bind_all(live);
    let sql = format!(
        "SELECT q.grant_id AS grant_id, q.party_id AS party_id, q.last_day AS last_day, \
             q.forecast_rest_ore AS forecast_rest_ore \
         FROM (SELECT grant_id, party_id, last_day, forecast_rest_ore, created_sequence, \
                   ROW_NUMBER() OVER (PARTITION BY grant_id, party_id \
                       ORDER BY last_day DESC, created_sequence DESC) AS place \
               FROM requisition WHERE federation_id = {federation_id} \
                   AND last_day >= {first} AND last_day <= {last} AND state IN ({live}) \
                   AND corrects_id IS NULL) q \
         WHERE q.place = 1 ORDER BY q.created_sequence"
    );
    let rows = bound.query(connection, sql).await?;
    let value = |row: &QueryResult| -> Result<Forecast, DbErr> {
        let grant_id: String = row.try_get("", "grant_id")?;
        let party_id: String = row.try_get("", "party_id")?;
        let rest: Option<i64> = row.try_get("", "forecast_rest_ore")?;
        Ok(Forecast {
            grant: slug("grant_id", &grant_id)?,
            party: PartyName::new(federation.clone(), slug("party_id", &party_id)?),
            last_day: row.try_get("", "last_day")?,
            rest: rest.map(Ore::new),
        })
    };
    rows.iter().map(value).collect()
}

/// What the journal had recorded last, by a sequence, of each requisition of the
/// year, in the order they were drafted: what was known then.
pub(crate) async fn recorded(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    question: &Question,
    known_at: i64,
) -> Result<Vec<Vec<u8>>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let year = question.period.last_day().year();
    let year = Period::year(year).ok_or_else(|| wrong("a year", year))?;
    let (first, last) = (bound.bind(year.first_day()), bound.bind(year.last_day()));
    let sequence = bound.bind(known_at);
    let sql = format!(
        "SELECT j.payload AS payload FROM journal j \
         JOIN (SELECT MAX(e.sequence) AS sequence, MIN(q.created_sequence) AS created_sequence \
               FROM requisition q JOIN journal e ON e.federation_id = q.federation_id \
                   AND e.subject = 'federations/' || q.federation_id || '/requisitions/' || q.requisition_id \
               WHERE q.federation_id = {federation_id} AND e.sequence <= {sequence} \
                   AND q.last_day >= {first} AND q.last_day <= {last} \
               GROUP BY q.requisition_id) latest ON latest.sequence = j.sequence \
         WHERE j.federation_id = {federation_id} ORDER BY latest.created_sequence"
    );
    let rows = bound.query(connection, sql).await?;
    rows.iter().map(|row| row.try_get("", "payload")).collect()
}

fn year_to_date(period: Period) -> Result<(NaiveDate, NaiveDate), DbErr> {
    let last = period.last_day();
    let year = Period::year(last.year()).ok_or_else(|| wrong("a year", last))?;
    Ok((year.first_day(), last))
}
