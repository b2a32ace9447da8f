//! What is claimed already: the cost lines of requisitions that reserve or have
//! posted.

use std::collections::HashMap;

use chrono::NaiveDate;
use platform::sql::{Parts, is_among, text_rows, text_table, texts};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize;
use values::{
    Ore, Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::rows::{cost_kind, state_of};
use crate::{
    domain::{
        recovery,
        requisition::{ClaimedCost, ClaimedCosts, State},
    },
    store::{amount, bound::Bound, period, slug},
};

/// What is read of a claimed cost: of requisition `o` and its cost line `l`.
const CLAIMED: [&str; 10] = [
    "o.grant_id",
    "o.party_id",
    "o.requisition_id",
    "o.corrects_id",
    "o.state",
    "o.first_day",
    "o.last_day",
    "l.line",
    "l.kind",
    "l.amount_ore",
];

/// A claimed cost as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct ClaimedRow {
    grant_id: String,
    party_id: String,
    requisition_id: String,
    corrects_id: Option<String>,
    state: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    line: i32,
    kind: String,
    amount_ore: i64,
    recovered_ore: i64,
}

impl ClaimedRow {
    /// Which cost it is: several parts of a query may find the same.
    pub(super) fn key(&self) -> (String, i32) {
        (self.requisition_id.clone(), self.line)
    }
}

/// Reads the costs of requisitions `o` with their cost lines `l`.
pub(super) fn claimed(parts: &mut Parts, from: &str) {
    let recovered = recovered_of("l.kind = k.kind AND ");
    let recovered = format!("{recovered} AS recovered_ore");
    let columns: Vec<&str> = CLAIMED.into_iter().chain([recovered.as_str()]).collect();
    parts.rows("claimed", &columns, from);
}

/// What of requisition `o` is to be paid back by decision.
fn recovered_of(which: &str) -> String {
    let decided = recovery::State::ALL.iter().filter(|state| state.has_posted());
    let decided: Vec<String> = decided.map(|state| format!("'{}'", state.code())).collect();
    format!(
        "(SELECT CAST(COALESCE(SUM(k.amount_ore), 0) AS bigint) \
         FROM recovery v CROSS JOIN recovery_cost_line k \
         WHERE {which}v.federation_id = o.federation_id \
             AND v.requisition_id = o.requisition_id AND v.state IN ({}) \
             AND k.federation_id = v.federation_id AND k.recovery_id = v.recovery_id)",
        decided.join(", ")
    )
}

/// What is read of what was approved or paid, net of corrections and recoveries.
pub(super) const REQUISITIONED: [&str; 3] = ["e.grant_id", "e.party_id", "e.amount_ore"];

/// What was approved or paid of a party's requisitions on a grant, net of
/// corrections and recoveries, as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct RequisitionedRow {
    grant_id: String,
    party_id: String,
    amount_ore: i64,
}

/// What parties claim on grants, and what of it was approved or paid.
#[derive(Debug, Default)]
pub(crate) struct ClaimedOn {
    /// Live claims for some of the days in question.
    pub(crate) claimed: ClaimedCosts,
    /// What was approved or paid, net of corrections and recoveries, whichever
    /// days it is for.
    pub(crate) requisitioned: HashMap<(GrantName, PartyName), Ore>,
}

/// What is claimed for some of the days of claims, each a grant, a party and the
/// first and last day; each grant and party once.
pub(crate) async fn claimed_on(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    claims: Vec<[String; 4]>,
) -> Result<ClaimedOn, DbErr> {
    let mut found = ClaimedOn::default();
    if claims.is_empty() {
        return Ok(found);
    }
    let backend = connection.get_database_backend();
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let states = bound.bind(texts(backend, live_states()));
    let claims = bound.bind(text_rows(claims));
    let columns = ["grant_id", "party_id", "first_day", "last_day"];
    let claiming = text_table(backend, &claims, "m", &columns);
    let live = is_among(backend, "o.state", &states);
    let mut parts = Parts::new(backend);
    claimed(&mut parts, &claimed_beside(&claiming, &federation_id, &live));
    let posted = bound.bind(texts(backend, posted_states()));
    let posted = is_among(backend, "o.state", &posted);
    parts.rows("requisitioned", &REQUISITIONED, &requisitioned(&claiming, &federation_id, &posted));
    for row in parts.find(connection, bound.into_values()).await? {
        match row.part.as_str() {
            "claimed" => enter(&mut found.claimed, federation, row.read()?)?,
            _ => enter_requisitioned(&mut found.requisitioned, federation, row.read()?)?,
        }
    }
    Ok(found)
}

/// What was approved or paid, net of corrections and recoveries, on the grant and
/// by the party of each row of `m`: what the ledger has requisitioned, for nothing
/// is asked about a year that is closed.
pub(super) fn requisitioned(claiming: &str, federation: &str, has_posted: &str) -> String {
    let recovered = recovered_of("");
    format!(
        "FROM (SELECT m.grant_id AS grant_id, m.party_id AS party_id, \
                 (SELECT CAST(COALESCE(SUM(o.amount_ore - {recovered}), 0) AS bigint) \
                  FROM requisition o \
                  WHERE o.federation_id = {federation} AND o.grant_id = m.grant_id \
                      AND o.party_id = m.party_id AND {has_posted}) AS amount_ore \
             FROM {claiming}) AS e"
    )
}

/// Puts a sum to its grant and party.
pub(super) fn enter_requisitioned(
    sums: &mut HashMap<(GrantName, PartyName), Ore>,
    federation: &Slug,
    row: RequisitionedRow,
) -> Result<(), DbErr> {
    let RequisitionedRow { grant_id, party_id, amount_ore } = row;
    let grant = GrantName::new(federation.clone(), slug("grant_id", &grant_id)?);
    let party = PartyName::new(federation.clone(), slug("party_id", &party_id)?);
    sums.insert((grant, party), Ore::new(amount_ore));
    Ok(())
}

/// Live claims for some of the days of what `m` claims, on its grant and by its
/// party. The order of the joins is the order of the look-ups: SQLite keeps to it
/// where it says CROSS, and would otherwise begin with every cost line.
pub(super) fn claimed_beside(claiming: &str, federation: &str, live: &str) -> String {
    format!(
        "FROM {claiming} CROSS JOIN requisition o CROSS JOIN requisition_cost_line l \
         WHERE o.federation_id = {federation} AND o.grant_id = m.grant_id \
             AND o.party_id = m.party_id AND {live} \
             AND CAST(o.first_day AS text) <= CAST(m.last_day AS text) \
             AND CAST(o.last_day AS text) >= CAST(m.first_day AS text) \
             AND l.federation_id = o.federation_id AND l.requisition_id = o.requisition_id"
    )
}

/// Puts a cost to the others of its grant and party.
pub(super) fn enter(
    claimed: &mut ClaimedCosts,
    federation: &Slug,
    row: ClaimedRow,
) -> Result<(), DbErr> {
    let ClaimedRow {
        grant_id,
        party_id,
        requisition_id,
        corrects_id,
        state,
        first_day,
        last_day,
        line: _,
        kind,
        amount_ore,
        recovered_ore,
    } = row;
    let grant = GrantName::new(federation.clone(), slug("grant_id", &grant_id)?);
    let party = PartyName::new(federation.clone(), slug("party_id", &party_id)?);
    let id = slug("requisition_id", &requisition_id)?;
    let corrects = corrects_id.map(|id| slug("corrects_id", &id)).transpose()?;
    let sign = if corrects.is_some() { -1 } else { 1 };
    claimed.entry((grant, party)).or_default().push(ClaimedCost {
        requisition: RequisitionName::new(federation.clone(), id),
        corrects: corrects.map(|id| RequisitionName::new(federation.clone(), id)),
        state: state_of(&state)?,
        kind: cost_kind(&kind)?,
        amount: amount("requisition_cost_line.amount_ore", sign * amount_ore)?,
        period: period(first_day, last_day)?,
        recovered: Ore::new(recovered_ore),
    });
    Ok(())
}

/// The states in which it is approved or paid.
pub(super) fn posted_states() -> impl Iterator<Item = &'static str> {
    let posted = State::ALL.iter().filter(|state| state.has_posted());
    posted.map(|state| state.code())
}

/// The states in which nobody else may claim the same cost.
pub(super) fn live_states() -> impl Iterator<Item = &'static str> {
    let live = State::ALL.iter().filter(|state| state.is_live());
    live.map(|state| state.code())
}
