//! What files are made of: vouchers with what caused them, requisitions line by
//! line, payments.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use platform::clock::day_in_sweden;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Ore, Period, Slug,
    name::{PartyName, RecipientName},
};

use super::{bound::Bound, period, slug, wrong};
use crate::domain::{
    cost_line::CostKind,
    general_ledger::Recorded,
    ledger::{Account, Posting},
    payment_list::Payment,
    requisition::{Reach, State},
    requisition_list::RequisitionLine,
};

/// When an entry of the journal was recorded.
pub(crate) async fn recorded_at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    sequence: i64,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let sequence = bound.bind(sequence);
    let sql = format!(
        "SELECT recorded_at_us FROM journal \
         WHERE federation_id = {federation_id} AND sequence = {sequence}"
    );
    let rows = bound.query(connection, sql).await?;
    rows.first().map(instant).transpose()
}

fn instant(row: &QueryResult) -> Result<DateTime<Utc>, DbErr> {
    let recorded_at_us: i64 = row.try_get("", "recorded_at_us")?;
    DateTime::from_timestamp_micros(recorded_at_us)
        .ok_or_else(|| wrong("journal.recorded_at_us", recorded_at_us))
}

/// The vouchers of a year, as far as they are on the year's accounts.
pub(crate) async fn vouchers(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: i32,
) -> Result<Vec<Recorded>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let year = bound.bind(year);
    let accounts = Account::ALL.iter().filter(|account| !account.is_of_grant());
    let accounts = bound.bind_all(accounts.map(|account| account.code()));
    let sql = format!(
        "SELECT p.sequence AS sequence, p.account AS account, p.grant_id AS grant_id, \
             p.party_id AS party_id, p.cost_kind AS cost_kind, p.day AS day, \
             p.amount_ore AS amount_ore, j.kind AS event, j.subject AS subject, \
             j.recorded_at_us AS recorded_at_us \
         FROM posting p \
         JOIN journal j ON j.federation_id = p.federation_id AND j.sequence = p.sequence \
         WHERE p.federation_id = {federation_id} AND p.year = {year} \
             AND p.account IN ({accounts}) \
         ORDER BY p.sequence, p.line"
    );
    let mut vouchers = Vec::<Recorded>::new();
    for row in &bound.query(connection, sql).await? {
        let sequence: i64 = row.try_get("", "sequence")?;
        let posting = posting(row)?;
        match vouchers.last_mut().filter(|voucher| voucher.sequence == sequence) {
            Some(voucher) => voucher.postings.push(posting),
            None => vouchers.push(Recorded {
                sequence,
                event: row.try_get("", "event")?,
                subject: row.try_get("", "subject")?,
                recorded_on: day_in_sweden(instant(row)?),
                postings: vec![posting],
            }),
        }
    }
    Ok(vouchers)
}

fn posting(row: &QueryResult) -> Result<Posting, DbErr> {
    let account: String = row.try_get("", "account")?;
    let optional = |column: &'static str| -> Result<Option<Slug>, DbErr> {
        let id: Option<String> = row.try_get("", column)?;
        id.map(|id| slug(column, &id)).transpose()
    };
    let cost_kind: Option<String> = row.try_get("", "cost_kind")?;
    let cost_kind = cost_kind.map(|code| kind("posting.cost_kind", &code)).transpose()?;
    Ok(Posting {
        account: Account::from_code(&account).ok_or_else(|| wrong("posting.account", account))?,
        grant: optional("grant_id")?,
        party: optional("party_id")?,
        cost_kind,
        day: row.try_get("", "day")?,
        amount: Ore::new(row.try_get("", "amount_ore")?),
    })
}

fn kind(column: &'static str, code: &str) -> Result<CostKind, DbErr> {
    CostKind::from_code(code).ok_or_else(|| wrong(column, code))
}

/// The recipient of each grant, with its name.
pub(crate) async fn recipient_of_grants(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<HashMap<Slug, (RecipientName, String)>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let sql = format!(
        "SELECT g.grant_id AS grant_id, r.recipient_id AS recipient_id, \
             r.display_name AS display_name \
         FROM \"grant\" g JOIN recipient r ON r.federation_id = g.federation_id \
             AND r.recipient_id = g.recipient_id \
         WHERE g.federation_id = {federation_id}"
    );
    let value = |row: &QueryResult| -> Result<(Slug, (RecipientName, String)), DbErr> {
        let grant_id: String = row.try_get("", "grant_id")?;
        let recipient_id: String = row.try_get("", "recipient_id")?;
        let recipient =
            RecipientName::new(federation.clone(), slug("recipient_id", &recipient_id)?);
        Ok((slug("grant_id", &grant_id)?, (recipient, row.try_get("", "display_name")?)))
    };
    bound.query(connection, sql).await?.iter().map(value).collect()
}

/// Which requisitions a file is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Those within reach.
    pub(crate) reach: Reach,
    /// Those whose last day is in it.
    pub(crate) period: Period,
    /// Only those in this state.
    pub(crate) state: Option<State>,
    /// At most this many lines.
    pub(crate) most: u32,
}

/// Requisitions line by line, in the order they were drafted.
pub(crate) async fn requisition_lines(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<Vec<RequisitionLine>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let first = bound.bind(filter.period.first_day());
    let last = bound.bind(filter.period.last_day());
    let mut only = String::new();
    if let Reach::Parties(parties) = &filter.reach {
        // Without a party nothing is within reach.
        let parties = match parties.is_empty() {
            true => "NULL".to_owned(),
            false => bound.bind_all(parties.iter().map(Slug::as_str)),
        };
        only += &format!(" AND q.party_id IN ({parties})");
    }
    if let Some(state) = filter.state {
        only += &format!(" AND q.state = {}", bound.bind(state.code()));
    }
    let most = bound.bind(i64::from(filter.most));
    let sql = format!(
        "SELECT q.requisition_id AS requisition_id, q.corrects_id AS corrects_id, \
             q.grant_id AS grant_id, r.display_name AS recipient, q.party_id AS party_id, \
             q.organisation_number AS organisation_number, q.dnr AS dnr, \
             q.first_day AS first_day, q.last_day AS last_day, q.state AS state, \
             q.payment_reference AS payment_reference, q.payment_date AS payment_date, \
             l.kind AS kind, l.description AS description, l.fte_percent AS fte_percent, \
             l.amount_ore AS amount_ore \
         FROM requisition q \
         JOIN requisition_cost_line l ON l.federation_id = q.federation_id \
             AND l.requisition_id = q.requisition_id \
         JOIN \"grant\" g ON g.federation_id = q.federation_id AND g.grant_id = q.grant_id \
         JOIN recipient r ON r.federation_id = g.federation_id AND r.recipient_id = g.recipient_id \
         WHERE q.federation_id = {federation_id} AND q.last_day >= {first} \
             AND q.last_day <= {last}{only} \
         ORDER BY q.created_sequence, l.line LIMIT {most}"
    );
    let rows = bound.query(connection, sql).await?;
    rows.iter().map(|row| requisition_line(federation, row)).collect()
}

fn requisition_line(federation: &Slug, row: &QueryResult) -> Result<RequisitionLine, DbErr> {
    let text = |column: &str| row.try_get::<String>("", column);
    let corrects: Option<String> = row.try_get("", "corrects_id")?;
    let state = text("state")?;
    Ok(RequisitionLine {
        requisition: slug("requisition_id", &text("requisition_id")?)?,
        corrects: corrects.map(|id| slug("corrects_id", &id)).transpose()?,
        grant: slug("grant_id", &text("grant_id")?)?,
        recipient: text("recipient")?,
        party: PartyName::new(federation.clone(), slug("party_id", &text("party_id")?)?),
        organisation_number: text("organisation_number")?,
        dnr: text("dnr")?,
        period: period(row.try_get("", "first_day")?, row.try_get("", "last_day")?)?,
        state: State::from_code(&state).ok_or_else(|| wrong("requisition.state", state))?,
        kind: kind("requisition_cost_line.kind", &text("kind")?)?,
        description: text("description")?,
        fte_percent: row.try_get("", "fte_percent")?,
        amount: Ore::new(row.try_get("", "amount_ore")?),
        payment_reference: text("payment_reference")?,
        payment_date: row.try_get("", "payment_date")?,
    })
}

/// At most so many payments: what is approved and not paid, or what was paid in a
/// period.
pub(crate) async fn payments(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    paid_in: Option<Period>,
    most: u32,
) -> Result<Vec<Payment>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    // Before requisitions knew their day, the ledger did.
    let posted = "(SELECT MIN(p.day) FROM journal j JOIN posting p \
             ON p.federation_id = j.federation_id AND p.sequence = j.sequence AND p.account = 'bank' \
         WHERE j.federation_id = q.federation_id AND j.kind = 'requisition.paid' \
             AND j.subject = 'federations/' || q.federation_id || '/requisitions/' || q.requisition_id)";
    let (which, day) = match paid_in {
        None => (format!("q.state = {}", bound.bind(State::Approved.code())), "q.payment_date"),
        Some(period) => {
            let state = bound.bind(State::Paid.code());
            let (first, last) = (bound.bind(period.first_day()), bound.bind(period.last_day()));
            let which = format!(
                "q.state = {state} AND (q.payment_date BETWEEN {first} AND {last} \
                 OR q.payment_date IS NULL AND {posted} BETWEEN {first} AND {last})"
            );
            (which, posted)
        }
    };
    let most = bound.bind(i64::from(most));
    let sql = format!(
        "SELECT q.requisition_id AS requisition_id, q.party_id AS party_id, \
             q.organisation_number AS organisation_number, \
             q.payment_reference AS payment_reference, q.dnr AS dnr, q.amount_ore AS amount_ore, \
             COALESCE(q.payment_date, {day}) AS payment_date, q.bank_reference AS bank_reference \
         FROM requisition q WHERE q.federation_id = {federation_id} AND {which} \
         ORDER BY q.created_sequence LIMIT {most}"
    );
    let value = |row: &QueryResult| -> Result<Payment, DbErr> {
        let text = |column: &str| row.try_get::<String>("", column);
        Ok(Payment {
            requisition: slug("requisition_id", &text("requisition_id")?)?,
            party: PartyName::new(federation.clone(), slug("party_id", &text("party_id")?)?),
            organisation_number: text("organisation_number")?,
            payment_reference: text("payment_reference")?,
            dnr: text("dnr")?,
            amount: Ore::new(row.try_get("", "amount_ore")?),
            payment_date: row.try_get("", "payment_date")?,
            bank_reference: text("bank_reference")?,
        })
    };
    bound.query(connection, sql).await?.iter().map(value).collect()
}
