//! Reads the book that drafts and steps are decided on, however many they are, in
//! one query: round trips are what a write costs. A column of an entity is read
//! with the others; a table more is a part more.

use std::collections::HashMap;

use platform::sql::{Found, Parts, is_among, text_rows, text_table, texts};
use sea_orm::{ConnectionTrait, DbErr};
use values::{
    Period, Slug,
    name::{GrantName, RequisitionName},
};

use super::{
    claimed::{self, CLAIMED, claimed_beside, live_states},
    line_value, step_value, value,
};
use crate::{
    domain::requisition::{Action, Book, ClaimParts, ClaimedCosts, OnGrant, Reach, Requisition},
    store::{
        bound::Bound,
        entity::{grant, requisition, requisition_cost_line, requisition_step},
        grant::in_force,
        slug, wrong,
    },
};

/// What drafts and steps need to know.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// Requisitions that are to take a step, and names that are to be free.
    names: Vec<&'a str>,
    /// Requisitions that are to be submitted.
    submitted: Vec<&'a str>,
    /// Grants that are to be claimed on.
    grants: Vec<&'a str>,
    /// Grant, party, first and last day of what is to be claimed.
    claims: Vec<[String; 4]>,
}

impl<'a> Wanted<'a> {
    /// What a draft is checked against.
    pub(crate) fn draft(&mut self, parts: &'a ClaimParts) {
        self.names.extend(parts.name.as_ref().map(|name| name.id.as_str()));
        self.grants.extend(parts.grant.as_ref().map(|grant| grant.id.as_str()));
        if let (Some(grant), Some(party), Some(period)) = (&parts.grant, &parts.party, parts.period)
        {
            let [first_day, last_day] = days(period);
            self.claims.push([grant.id.to_string(), party.id.to_string(), first_day, last_day]);
        }
    }

    /// What a step is checked against.
    pub(crate) fn step(&mut self, name: &'a RequisitionName, action: Action) {
        self.names.push(name.id.as_str());
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
    let found = parts.find(connection, bound.into_values()).await?;
    let found = Rows::read(found)?.requisitions(&name.federation)?.remove(name);
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
    Rows::read(parts.find(connection, bound.into_values()).await?)?.requisitions(federation)
}

/// The book with all that is wanted.
pub(crate) async fn book(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    wanted: &Wanted<'_>,
) -> Result<Book, DbErr> {
    let backend = connection.get_database_backend();
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let names = bound.bind(texts(backend, wanted.names.iter().copied()));
    let grants = bound.bind(texts(backend, wanted.grants.iter().copied()));
    let states = bound.bind(texts(backend, live_states()));

    let mut parts = Parts::new(backend);
    requisitions(&mut parts, &federation_id, |column| is_among(backend, column, &names));
    let named_grants = is_among(backend, "g.grant_id", &grants);
    let their_grants = format!(
        "g.grant_id IN (SELECT r.grant_id FROM requisition r \
         WHERE r.federation_id = {federation_id} AND {})",
        is_among(backend, "r.requisition_id", &names)
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
        parts.rows("claimed", &CLAIMED, &claimed_beside(&claiming, &federation_id, &live));
    }
    if !wanted.claims.is_empty() {
        let claims = bound.bind(text_rows(wanted.claims.iter().cloned()));
        let columns = ["grant_id", "party_id", "first_day", "last_day"];
        let claiming = text_table(backend, &claims, "m", &columns);
        parts.rows("claimed", &CLAIMED, &claimed_beside(&claiming, &federation_id, &live));
    }
    let rows = Rows::read(parts.find(connection, bound.into_values()).await?)?;
    rows.into_book(federation)
}

/// Requisitions with their cost lines and steps.
fn requisitions(parts: &mut Parts, federation: &str, is_named: impl Fn(&str) -> String) {
    let from = |table: &str, alias: &str| {
        let named = is_named(&format!("{alias}.requisition_id"));
        format!("FROM {table} {alias} WHERE {alias}.federation_id = {federation} AND {named}")
    };
    parts.rows_of(requisition::Entity, "requisition", "r", &from("requisition", "r"));
    let lines = from("requisition_cost_line", "l");
    parts.rows_of(requisition_cost_line::Entity, "line", "l", &lines);
    parts.rows_of(requisition_step::Entity, "step", "s", &from("requisition_step", "s"));
}

/// What was found, by part.
#[derive(Default)]
struct Rows {
    requisitions: Vec<requisition::Model>,
    lines: HashMap<String, Vec<requisition_cost_line::Model>>,
    steps: HashMap<String, Vec<requisition_step::Model>>,
    grants: Vec<grant::Model>,
    claimed: Vec<claimed::ClaimedRow>,
}

impl Rows {
    fn read(found: Vec<Found>) -> Result<Self, DbErr> {
        let mut rows = Self::default();
        for found in found {
            match found.part.as_str() {
                "requisition" => rows.requisitions.push(found.read()?),
                "line" => {
                    let line: requisition_cost_line::Model = found.read()?;
                    rows.lines.entry(line.requisition_id.clone()).or_default().push(line);
                }
                "step" => {
                    let step: requisition_step::Model = found.read()?;
                    rows.steps.entry(step.requisition_id.clone()).or_default().push(step);
                }
                "grant" => rows.grants.push(found.read()?),
                "claimed" => rows.claimed.push(found.read()?),
                other => return Err(wrong("the part of a row", other)),
            }
        }
        Ok(rows)
    }

    /// The requisitions, with their cost lines and steps in order.
    fn requisitions(
        &mut self,
        federation: &Slug,
    ) -> Result<HashMap<RequisitionName, Requisition>, DbErr> {
        let mut requisitions = HashMap::new();
        for row in std::mem::take(&mut self.requisitions) {
            let name = RequisitionName::new(
                federation.clone(),
                slug("requisition_id", &row.requisition_id)?,
            );
            let mut lines = self.lines.remove(&row.requisition_id).unwrap_or_default();
            lines.sort_by_key(|line| line.line);
            let mut steps = self.steps.remove(&row.requisition_id).unwrap_or_default();
            steps.sort_by_key(|step| step.step);
            let lines = lines.into_iter().map(line_value).collect::<Result<_, _>>()?;
            let steps = steps.into_iter().map(step_value).collect::<Result<_, _>>()?;
            requisitions.insert(name, value(row, lines, steps)?);
        }
        Ok(requisitions)
    }

    fn into_book(mut self, federation: &Slug) -> Result<Book, DbErr> {
        let requisitions = self.requisitions(federation)?;
        let mut grants: HashMap<GrantName, OnGrant> = HashMap::new();
        for row in self.grants {
            let (decision, balances) = in_force(row)?;
            grants.insert(decision.name, OnGrant { period: decision.period, balances });
        }
        let mut claimed = ClaimedCosts::new();
        for row in self.claimed {
            claimed::enter(&mut claimed, federation, row)?;
        }
        Ok(Book::read(federation.clone(), requisitions, grants, claimed))
    }
}
