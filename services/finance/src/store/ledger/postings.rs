//! The lines of the ledger, each with what the journal says of its voucher.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Ore, Slug,
    name::{GrantName, PartyName},
};

use super::balances::accounts_of_grants;
use crate::{
    domain::{
        budget_year::BudgetYear,
        cost_line::CostKind,
        ledger::{Account, Posting},
    },
    store::{Listed, bound::Bound, cut, slug, wrong},
};

/// A place in the ledger: a voucher and a line of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The journal sequence.
    pub(crate) sequence: i64,
    /// The line.
    pub(crate) line: i32,
}

impl Place {
    /// The key of a place, as a page's token carries it.
    pub(crate) fn key(self) -> String {
        format!("{}.{}", self.sequence, self.line)
    }

    /// The place of a key.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        let (sequence, line) = key.split_once('.')?;
        Some(Self { sequence: sequence.parse().ok()?, line: line.parse().ok()? })
    }
}

/// Which postings a list is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// Only this year's.
    pub(crate) year: Option<BudgetYear>,
    /// Only this account's.
    pub(crate) account: Option<Account>,
    /// Only those on this grant's own accounts.
    pub(crate) grant: Option<GrantName>,
    /// Only those about this party.
    pub(crate) party: Option<PartyName>,
    /// Only what happened to this resource.
    pub(crate) subject: Option<String>,
    /// At most this many.
    pub(crate) size: u64,
    /// Only what comes after this place.
    pub(crate) after: Option<Place>,
}

/// A line with what the journal says of its voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where it stands.
    pub(crate) place: Place,
    /// The year it is booked in.
    pub(crate) year: i32,
    /// What it says.
    pub(crate) posting: Posting,
    /// What it happened to.
    pub(crate) subject: String,
    /// What happened.
    pub(crate) event: String,
    /// The account that did it.
    pub(crate) actor: String,
    /// When it was recorded.
    pub(crate) recorded_at: DateTime<Utc>,
}

/// A page of postings, newest first, the lines of a voucher in order. Takes two
/// statements: give it one picture of the database.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<Listed<Line>, DbErr> {
    let years = match (filter.year, &filter.grant) {
        (Some(year), _) => Some(vec![year.number()]),
        // With every year named, the grant is looked up by index.
        (None, Some(_)) => Some(years(connection, federation).await?),
        (None, None) => None,
    };
    let mut bound = Bound::new();
    let page = page(&mut bound, federation, filter, years);
    let sql = format!(
        "SELECT p.sequence AS sequence, p.line AS line, p.year AS year, p.account AS account, \
             p.grant_id AS grant_id, p.party_id AS party_id, p.cost_kind AS cost_kind, p.day AS day, \
             p.amount_ore AS amount_ore, j.subject AS subject, j.kind AS kind, j.actor AS actor, \
             j.recorded_at_us AS recorded_at_us \
         FROM ({page}) AS p \
         JOIN journal j ON j.federation_id = p.federation_id AND j.sequence = p.sequence \
         ORDER BY p.sequence DESC, p.line"
    );
    let rows = bound.query(connection, sql).await?;
    let lines = rows.iter().map(line).collect::<Result<Vec<_>, _>>()?;
    let (items, next) = cut(lines, filter.size, |line| line.place.key());
    Ok(Listed { items, next })
}

/// The query of the page's postings alone.
fn page(bound: &mut Bound, federation: &Slug, filter: &Filter, years: Option<Vec<i32>>) -> String {
    let Filter { year: _, account, grant, party, subject, size, after } = filter; // The years tell it.
    let federation_id = bound.bind(federation.as_str());
    // What happened to a subject is found by the journal's index.
    let mut page = match subject {
        Some(subject) => format!(
            "SELECT p.* FROM journal j CROSS JOIN posting p WHERE j.federation_id = {federation_id} \
                 AND j.subject = {} AND p.federation_id = j.federation_id AND p.sequence = j.sequence",
            bound.bind(subject.as_str())
        ),
        None => format!("SELECT p.* FROM posting p WHERE p.federation_id = {federation_id}"),
    };
    // Newest first is the order of the primary key. Within a year or a grant it is
    // better to look up what there is and sort that, which the sign brings about.
    let order = if years.is_some() { "+p.sequence" } else { "p.sequence" };
    if let Some(years) = years {
        page += &format!(" AND p.year IN ({})", bound.bind_all(years));
    }
    if let Some(account) = account {
        page += &format!(" AND p.account = {}", bound.bind(account.code()));
    }
    if let Some(grant) = grant {
        let of_grants = accounts_of_grants(bound);
        let grant = bound.bind(grant.id.as_str());
        page += &format!(" AND p.account IN ({of_grants}) AND p.grant_id = {grant}");
    }
    if let Some(party) = party {
        page += &format!(" AND p.party_id = {}", bound.bind(party.id.as_str()));
    }
    if let Some(Place { sequence, line }) = after {
        let (sequence, line) = (bound.bind(*sequence), bound.bind(*line));
        page +=
            &format!(" AND {order} <= {sequence} AND (p.sequence < {sequence} OR p.line > {line})");
    }
    let most = bound.bind(i64::try_from(size + 1).unwrap_or(i64::MAX));
    format!("{page} ORDER BY {order} DESC, p.line LIMIT {most}")
}

/// Every year from the first to the last that anything is booked in.
async fn years(connection: &impl ConnectionTrait, federation: &Slug) -> Result<Vec<i32>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    // Each end is the end of an index.
    let end = |end: &str| {
        format!("(SELECT {end}(year) FROM posting WHERE federation_id = {federation_id})")
    };
    let sql = format!("SELECT {} AS first, {} AS last", end("MIN"), end("MAX"));
    let rows = bound.query(connection, sql).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("years".to_owned()))?;
    let ends: (Option<i32>, Option<i32>) = (row.try_get("", "first")?, row.try_get("", "last")?);
    // No list is empty in SQL.
    let (first, last) = ends.0.zip(ends.1).unwrap_or_default();
    Ok((first..=last).collect())
}

fn line(row: &QueryResult) -> Result<Line, DbErr> {
    let id = |column: &'static str| -> Result<Option<Slug>, DbErr> {
        let id: Option<String> = row.try_get("", column)?;
        id.map(|id| slug(column, &id)).transpose()
    };
    let code: String = row.try_get("", "account")?;
    let kind: Option<String> = row.try_get("", "cost_kind")?;
    let kind =
        kind.map(|code| CostKind::from_code(&code).ok_or_else(|| wrong("posting.cost_kind", code)));
    let recorded_at_us: i64 = row.try_get("", "recorded_at_us")?;
    let recorded_at = DateTime::from_timestamp_micros(recorded_at_us);
    Ok(Line {
        place: Place { sequence: row.try_get("", "sequence")?, line: row.try_get("", "line")? },
        year: row.try_get("", "year")?,
        posting: Posting {
            account: Account::from_code(&code).ok_or_else(|| wrong("posting.account", code))?,
            grant: id("grant_id")?,
            party: id("party_id")?,
            cost_kind: kind.transpose()?,
            day: row.try_get::<NaiveDate>("", "day")?,
            amount: Ore::new(row.try_get("", "amount_ore")?),
        },
        subject: row.try_get("", "subject")?,
        event: row.try_get("", "kind")?,
        actor: row.try_get("", "actor")?,
        recorded_at: recorded_at.ok_or_else(|| wrong("journal.recorded_at_us", recorded_at_us))?,
    })
}
