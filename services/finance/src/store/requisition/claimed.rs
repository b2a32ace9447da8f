//! What is claimed already: the cost lines of requisitions that reserve or have
//! posted.

use chrono::NaiveDate;
use platform::sql::{Parts, is_among, text_rows, text_table, texts};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize;
use values::{
    Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::{cost_kind, state_of};
use crate::{
    domain::requisition::{ClaimedCost, ClaimedCosts, State},
    store::{bound::Bound, period, slug},
};

/// What is read of a claimed cost: of requisition `o` and its cost line `l`.
pub(super) const CLAIMED: [&str; 7] = [
    "o.grant_id",
    "o.party_id",
    "o.requisition_id",
    "o.state",
    "o.first_day",
    "o.last_day",
    "l.kind",
];

/// A claimed cost as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct ClaimedRow {
    grant_id: String,
    party_id: String,
    requisition_id: String,
    state: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    kind: String,
}

/// What is claimed for some of the days of claims, each a grant, a party and the
/// first and last day, by grant and party.
pub(crate) async fn claimed_on(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    claims: Vec<[String; 4]>,
) -> Result<ClaimedCosts, DbErr> {
    let mut found = ClaimedCosts::new();
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
    parts.rows("claimed", &CLAIMED, &claimed_beside(&claiming, &federation_id, &live));
    for row in parts.find(connection, bound.into_values()).await? {
        enter(&mut found, federation, row.read()?)?;
    }
    Ok(found)
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
    let ClaimedRow { grant_id, party_id, requisition_id, state, first_day, last_day, kind } = row;
    let grant = GrantName::new(federation.clone(), slug("grant_id", &grant_id)?);
    let party = PartyName::new(federation.clone(), slug("party_id", &party_id)?);
    let id = slug("requisition_id", &requisition_id)?;
    claimed.entry((grant, party)).or_default().push(ClaimedCost {
        requisition: RequisitionName::new(federation.clone(), id),
        state: state_of(&state)?,
        kind: cost_kind(&kind)?,
        period: period(first_day, last_day)?,
    });
    Ok(())
}

/// The states in which nobody else may claim the same cost.
pub(super) fn live_states() -> impl Iterator<Item = &'static str> {
    let live = State::ALL.iter().filter(|state| state.is_live());
    live.map(|state| state.code())
}
