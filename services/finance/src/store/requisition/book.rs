//! Reads the book that drafts and steps are decided on, however many they are, in
//! one query: round trips are what a write costs. A column of an entity is read
//! with the others; a table more is a part more.

use std::collections::{BTreeSet, HashMap};

use platform::journal::ReadAt;
use platform::sql::{Found, Parts, is_among, is_among_found, text_rows, text_table, texts};
use sea_orm::{ConnectionTrait, DbErr};
use values::{Period, Slug, name::RequisitionName};

use super::{
    claimed::{REQUISITIONED, claimed, claimed_beside, live_states, posted_states, requisitioned},
    found::Rows,
};
use crate::{
    domain::requisition::{Action, Book, ClaimParts, Reach, Requisition},
    store::{
        bound::Bound,
        entity::{attachment, grant, requisition, requisition_cost_line, requisition_step},
        ledger, recovery,
    },
};

/// What drafts and steps need to know.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// Requisitions that are to take a step, and names that are to be free.
    pub(super) names: Vec<&'a str>,
    /// Requisitions that are to be submitted.
    submitted: Vec<&'a str>,
    /// Grants that are to be claimed on.
    grants: Vec<&'a str>,
    /// Grant, party, first and last day of what is to be claimed.
    claims: Vec<[String; 4]>,
    /// Requisitions that are to be corrected.
    pub(super) corrected: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    /// What the content of a requisition is checked against.
    pub(crate) fn content(&mut self, parts: &'a ClaimParts) {
        self.names.extend(parts.name.as_ref().map(|name| name.id.as_str()));
        self.corrected.extend(parts.corrects.as_ref().map(|corrects| corrects.id.as_str()));
        self.grants.extend(parts.grant.as_ref().map(|grant| grant.id.as_str()));
        if let (Some(grant), Some(party), Some(period)) = (&parts.grant, &parts.party, parts.period)
        {
            let [first_day, last_day] = days(period);
            self.claims.push([grant.id.to_string(), party.id.to_string(), first_day, last_day]);
        }
    }

    /// What a recovery is checked against.
    pub(crate) fn recovery(&mut self, requisition: &'a RequisitionName) {
        self.names.push(requisition.id.as_str());
        self.corrected.push(requisition.id.as_str());
    }

    /// What a step is checked against.
    pub(crate) fn step(&mut self, name: &'a RequisitionName, action: Action) {
        self.names.push(name.id.as_str());
        // What a correction is checked against comes with what it corrects.
        if action == Action::Submit {
            self.submitted.push(name.id.as_str());
        }
    }
}

fn days(period: Period) -> [String; 2] {
    [period.first_day().to_string(), period.last_day().to_string()]
}

/// One requisition within reach.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &RequisitionName,
    reach: &Reach,
) -> Result<Option<Requisition>, DbErr> {
    let backend = connection.get_database_backend();
    let mut bound = Bound::new();
    let federation = bound.bind(name.federation.as_str());
    let named = format!("= {}", bound.bind(name.id.as_str()));
    let mut parts = Parts::new(backend);
    requisitions(&mut parts, &federation, |column| format!("{column} {named}"));
    let mut rows = Rows::default();
    rows.read(parts.find(connection, bound.into_values()).await?)?;
    let found = rows.requisitions(&name.federation)?.remove(name);
    Ok(found.filter(|requisition| reach.covers(&requisition.claim().party)))
}

/// The requisitions of these names that are there.
pub(crate) async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &[&str],
) -> Result<HashMap<RequisitionName, Requisition>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let backend = connection.get_database_backend();
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let names = bound.bind(texts(backend, ids.iter().copied()));
    let mut parts = Parts::new(backend);
    requisitions(&mut parts, &federation_id, |column| is_among(backend, column, &names));
    let mut rows = Rows::default();
    rows.read(parts.find(connection, bound.into_values()).await?)?;
    rows.requisitions(federation)
}

/// The book with all that is wanted.
pub(crate) async fn book(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    wanted: &Wanted<'_>,
) -> Result<Book, DbErr> {
    Ok(book_at(connection, federation, wanted).await?.read)
}

/// The book with all that is wanted, and where the journal's head stood.
pub(crate) async fn book_at(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    wanted: &Wanted<'_>,
) -> Result<ReadAt<Book>, DbErr> {
    let backend = connection.get_database_backend();
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let names = bound.bind(texts(backend, wanted.names.iter().copied()));
    let grants = bound.bind(texts(backend, wanted.grants.iter().copied()));
    let states = bound.bind(texts(backend, live_states()));

    let mut parts = Parts::new(backend);
    requisitions(&mut parts, &federation_id, |column| is_among(backend, column, &names));
    let named_grants = is_among(backend, "g.grant_id", &grants);
    let their_grants = is_among_found(
        backend,
        "g.grant_id",
        &format!(
            "SELECT r.grant_id FROM requisition r WHERE r.federation_id = {federation_id} AND {}",
            is_among(backend, "r.requisition_id", &names)
        ),
    );
    for grants in [named_grants, their_grants] {
        let from = format!("FROM \"grant\" g WHERE g.federation_id = {federation_id} AND {grants}");
        parts.rows_of(grant::Entity, "grant", "g", &from);
    }
    let live = is_among(backend, "o.state", &states);
    if !wanted.submitted.is_empty() {
        let submitted = bound.bind(texts(backend, wanted.submitted.iter().copied()));
        let claiming = format!(
            "(SELECT r.grant_id, r.party_id, r.first_day, r.last_day FROM requisition r \
             WHERE r.federation_id = {federation_id} AND {}) AS m",
            is_among(backend, "r.requisition_id", &submitted)
        );
        claimed(&mut parts, &claimed_beside(&claiming, &federation_id, &live));
        let posted = bound.bind(texts(backend, posted_states()));
        let posted = is_among(backend, "o.state", &posted);
        let from = requisitioned(&claiming, &federation_id, &posted);
        parts.rows("requisitioned", &REQUISITIONED, &from);
    }
    if !wanted.claims.is_empty() {
        let claims = bound.bind(text_rows(wanted.claims.iter().cloned()));
        let columns = ["grant_id", "party_id", "first_day", "last_day"];
        let claiming = text_table(backend, &claims, "m", &columns);
        claimed(&mut parts, &claimed_beside(&claiming, &federation_id, &live));
    }
    let closed = ledger::last_closed_year(&federation_id);
    parts.rows("closed", &["c.year"], &format!("FROM (SELECT {closed} AS year) AS c"));
    parts.head(&federation_id);
    let mut rows = Rows::default();
    rows.read(parts.find(connection, bound.into_values()).await?)?;
    let corrected = rows.corrected(wanted);
    if !corrected.is_empty() {
        rows.read(beside_corrections(connection, federation, &corrected).await?)?;
    }
    let sequence = rows.sequence()?;
    Ok(ReadAt { read: rows.into_book(federation)?, sequence })
}

/// What corrections are checked against: what they correct, what else takes back
/// of it, and what is recovered. Few are corrections: the others need not wait
/// for it.
async fn beside_corrections(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    corrected: &BTreeSet<String>,
) -> Result<Vec<Found>, DbErr> {
    let backend = connection.get_database_backend();
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let names = bound.bind(texts(backend, corrected.iter().cloned()));
    let states = bound.bind(texts(backend, live_states()));
    let mut parts = Parts::new(backend);
    requisitions(&mut parts, &federation_id, |column| is_among(backend, column, &names));
    let corrections = format!(
        "FROM requisition o JOIN requisition_cost_line l \
             ON l.federation_id = o.federation_id AND l.requisition_id = o.requisition_id \
         WHERE o.federation_id = {federation_id} AND {} AND {}",
        is_among(backend, "o.corrects_id", &names),
        is_among(backend, "o.state", &states)
    );
    claimed(&mut parts, &corrections);
    let live = bound.bind(texts(backend, recovery::live_states()));
    let recovered = format!(
        "FROM recovery v JOIN recovery_cost_line l \
             ON l.federation_id = v.federation_id AND l.recovery_id = v.recovery_id \
         WHERE v.federation_id = {federation_id} AND {} AND {}",
        is_among(backend, "v.requisition_id", &names),
        is_among(backend, "v.state", &live)
    );
    parts.rows(
        "recovered",
        &["v.recovery_id", "v.requisition_id", "l.kind", "l.amount_ore"],
        &recovered,
    );
    parts.head(&federation_id);
    parts.find(connection, bound.into_values()).await
}

/// Requisitions with their cost lines, steps and files.
fn requisitions(parts: &mut Parts, federation: &str, is_named: impl Fn(&str) -> String) {
    let from = |table: &str, alias: &str| {
        let named = is_named(&format!("{alias}.requisition_id"));
        format!("FROM {table} {alias} WHERE {alias}.federation_id = {federation} AND {named}")
    };
    parts.rows_of(requisition::Entity, "requisition", "r", &from("requisition", "r"));
    let lines = from("requisition_cost_line", "l");
    parts.rows_of(requisition_cost_line::Entity, "line", "l", &lines);
    parts.rows_of(requisition_step::Entity, "step", "s", &from("requisition_step", "s"));
    parts.rows_of(attachment::Entity, "attachment", "f", &from("attachment", "f"));
}
