//! What is claimed already: the cost lines of requisitions that reserve or have
//! posted.

use chrono::NaiveDate;
use platform::sql::Parts;
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize;
use values::{
    Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::rows::{cost_kind, state_of};
use crate::{
    domain::requisition::{ClaimedCost, ClaimedCosts, State},
    store::{amount, bound::Bound, period, slug},
};

/// What is read of a claimed cost: of requisition `o` and its cost line `l`.
pub(super) const CLAIMED: [&str; 10] = [
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
}

impl ClaimedRow {
    /// Which cost it is: several parts of a query may find the same.
    pub(super) fn key(&self) -> (String, i32) {
        (self.requisition_id.clone(), self.line)
    }
}

/// What the parties claim on the grants, by both.
pub(crate) async fn claimed_on(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    grants: &[&str],
    parties: &[&str],
) -> Result<ClaimedCosts, DbErr> {
    let mut found = ClaimedCosts::new();
    for grants in grants.chunks(super::IDS_AT_ONCE) {
        for parties in parties.chunks(super::IDS_AT_ONCE) {
            let mut bound = Bound::new();
            let federation_id = bound.bind(federation.as_str());
            let states = bound.bind_all(live_states());
            let grants = bound.bind_all(grants.iter().copied());
            let parties = bound.bind_all(parties.iter().copied());
            let from = format!(
                "FROM requisition o JOIN requisition_cost_line l \
                     ON l.federation_id = o.federation_id AND l.requisition_id = o.requisition_id \
                 WHERE o.federation_id = {federation_id} AND o.state IN ({states}) \
                     AND o.grant_id IN ({grants}) AND o.party_id IN ({parties})"
            );
            let mut parts = Parts::new(connection.get_database_backend());
            parts.rows("claimed", &CLAIMED, &from);
            for row in parts.find(connection, bound.into_values()).await? {
                enter(&mut found, federation, row.read()?)?;
            }
        }
    }
    Ok(found)
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
