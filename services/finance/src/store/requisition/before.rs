//! What a write on a requisition needs to know, each in one query: round trips
//! are what a write costs.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Ore, Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::{cost_kind, line_value, state_of, step_value, value};
use crate::{
    domain::{
        ledger::Balances,
        requisition::{Action, ClaimedCost, GrantFact, Reach, Requisition, State},
    },
    store::{
        bound::Bound,
        entity::{requisition, requisition_cost_line, requisition_step},
        grant::grant_period,
        period, slug, wrong,
    },
};

/// A requisition, and what its next step is checked against.
#[derive(Debug)]
pub(crate) struct Standing {
    /// The requisition.
    pub(crate) requisition: Requisition,
    /// Where the money of its grant stands.
    pub(crate) balances: Balances,
    /// What the same party claims on the same grant; only before a submission.
    pub(crate) claimed: Vec<ClaimedCost>,
}

/// One requisition within reach.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &RequisitionName,
    reach: &Reach,
) -> Result<Option<Requisition>, DbErr> {
    let standing = standing(connection, name, reach, false).await?;
    Ok(standing.map(|standing| standing.requisition))
}

/// One requisition within reach, with what a step is checked against.
pub(crate) async fn before_step(
    connection: &impl ConnectionTrait,
    name: &RequisitionName,
    reach: &Reach,
    action: Action,
) -> Result<Option<Standing>, DbErr> {
    standing(connection, name, reach, action == Action::Submit).await
}

/// Everything in one query: the requisition and its grant beside each of its
/// cost lines, its steps and what else its party claims.
async fn standing(
    connection: &impl ConnectionTrait,
    name: &RequisitionName,
    reach: &Reach,
    with_claimed: bool,
) -> Result<Option<Standing>, DbErr> {
    let mut bound = Bound::new();
    let federation = bound.bind(name.federation.as_str());
    let id = bound.bind(name.id.as_str());
    let within = match reach {
        Reach::Federation => String::new(),
        Reach::Parties(parties) if parties.is_empty() => return Ok(None),
        Reach::Parties(parties) => {
            let parties = bound.bind_all(parties.iter().map(Slug::as_str));
            format!("AND r.party_id IN ({parties})")
        }
    };
    let claimed = if with_claimed {
        // The order of the joins is the order of the look-ups: SQLite keeps to it
        // where it says CROSS, and would otherwise begin with every cost line.
        format!(
            "UNION ALL SELECT 'claimed', 0, l.kind, o.requisition_id, 0, CAST(0 AS bigint), o.state, \
                 CAST(NULL AS timestamptz), o.first_day, o.last_day \
             FROM requisition m CROSS JOIN requisition o CROSS JOIN requisition_cost_line l \
             WHERE o.federation_id = m.federation_id \
                 AND o.grant_id = m.grant_id AND o.party_id = m.party_id AND o.state IN ({}) \
                 AND l.federation_id = o.federation_id AND l.requisition_id = o.requisition_id \
                 AND m.federation_id = {federation} AND m.requisition_id = {id}",
            bound.bind_all(live_states())
        )
    } else {
        String::new()
    };
    let sql = format!(
        "SELECT r.grant_id AS grant_id, r.party_id AS party_id, r.first_day AS first_day, \
             r.last_day AS last_day, r.payment_reference AS payment_reference, r.synthetic AS synthetic, \
             r.amount_ore AS amount_ore, r.state AS state, r.created_sequence AS created_sequence, \
             g.amount_ore AS granted_ore, g.left_ore AS left_ore, g.reserved_ore AS reserved_ore, \
             g.requisitioned_ore AS requisitioned_ore, \
             p.part AS part, p.number AS part_number, p.code AS part_code, p.words AS part_words, \
             p.fte_percent AS part_fte_percent, p.amount_ore AS part_amount_ore, p.other AS part_other, \
             p.taken_at AS part_taken_at, p.first_day AS part_first_day, p.last_day AS part_last_day \
         FROM requisition r \
         JOIN \"grant\" g ON g.federation_id = r.federation_id AND g.grant_id = r.grant_id \
         CROSS JOIN ( \
             SELECT 'line' AS part, line AS number, kind AS code, description AS words, fte_percent, \
                 amount_ore, '' AS other, CAST(NULL AS timestamptz) AS taken_at, \
                 CAST(NULL AS date) AS first_day, CAST(NULL AS date) AS last_day \
             FROM requisition_cost_line WHERE federation_id = {federation} AND requisition_id = {id} \
             UNION ALL SELECT 'step', step, state, comment, 0, CAST(0 AS bigint), actor_id, taken_at, \
                 CAST(NULL AS date), CAST(NULL AS date) \
             FROM requisition_step WHERE federation_id = {federation} AND requisition_id = {id} \
             {claimed} \
         ) p \
         WHERE r.federation_id = {federation} AND r.requisition_id = {id} {within} \
         ORDER BY p.part, p.number"
    );
    let rows = bound.query(connection, sql).await?;
    rows.first().map(|first| standing_of(name, first, &rows)).transpose()
}

fn standing_of(
    name: &RequisitionName,
    first: &QueryResult,
    rows: &[QueryResult],
) -> Result<Standing, DbErr> {
    let (federation_id, requisition_id) = (name.federation.to_string(), name.id.to_string());
    let (mut lines, mut steps, mut claimed) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        let code: String = row.try_get("", "part_code")?;
        let words: String = row.try_get("", "part_words")?;
        let other: String = row.try_get("", "part_other")?;
        match row.try_get::<String>("", "part")?.as_str() {
            "line" => lines.push(line_value(requisition_cost_line::Model {
                federation_id: federation_id.clone(),
                requisition_id: requisition_id.clone(),
                line: row.try_get("", "part_number")?,
                kind: code,
                description: words,
                fte_percent: row.try_get("", "part_fte_percent")?,
                amount_ore: row.try_get("", "part_amount_ore")?,
            })?),
            "step" => steps.push(step_value(requisition_step::Model {
                federation_id: federation_id.clone(),
                requisition_id: requisition_id.clone(),
                step: row.try_get("", "part_number")?,
                state: code,
                actor_id: other,
                taken_at: row.try_get("", "part_taken_at")?,
                comment: words,
            })?),
            _ => {
                let first_day: NaiveDate = row.try_get("", "part_first_day")?;
                let last_day: NaiveDate = row.try_get("", "part_last_day")?;
                let id = slug("requisition_id", &words)?;
                claimed.push(ClaimedCost {
                    requisition: RequisitionName::new(name.federation.clone(), id),
                    state: state_of(&other)?,
                    kind: cost_kind(&code)?,
                    period: period(first_day, last_day)?,
                });
            }
        }
    }
    let row = requisition::Model {
        federation_id,
        requisition_id,
        grant_id: first.try_get("", "grant_id")?,
        party_id: first.try_get("", "party_id")?,
        first_day: first.try_get("", "first_day")?,
        last_day: first.try_get("", "last_day")?,
        payment_reference: first.try_get("", "payment_reference")?,
        synthetic: first.try_get("", "synthetic")?,
        amount_ore: first.try_get("", "amount_ore")?,
        state: first.try_get("", "state")?,
        created_sequence: first.try_get("", "created_sequence")?,
    };
    let granted = Ore::new(first.try_get("", "granted_ore")?);
    let ore = |column: &str| first.try_get("", column).map(Ore::new);
    let balances = Balances {
        left: ore("left_ore")?,
        reserved: ore("reserved_ore")?,
        requisitioned: ore("requisitioned_ore")?,
        ..Balances::default()
    };
    let is_whole = balances.granted() == Some(granted);
    Ok(Standing {
        requisition: value(row, lines, steps)?,
        balances: if is_whole {
            balances
        } else {
            return Err(wrong("a balance of the grant of", name));
        },
        claimed,
    })
}

/// What a new requisition is checked against.
#[derive(Debug)]
pub(crate) struct BeforeDraft {
    /// True when a requisition of that name is there.
    pub(crate) is_taken: bool,
    /// What is known of the grant.
    pub(crate) grant: GrantFact,
    /// What the same party claims on the same grant.
    pub(crate) claimed: Vec<ClaimedCost>,
}

/// Looks for the name, the grant and the party's other claims on it.
pub(crate) async fn before_draft(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    name: Option<&RequisitionName>,
    grant: Option<&GrantName>,
    party: Option<&PartyName>,
) -> Result<BeforeDraft, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let id = bound.bind(name.map(|name| name.id.as_str()));
    let grant_id = bound.bind(grant.map(|grant| grant.id.as_str()));
    let party_id = bound.bind(party.map(|party| party.id.as_str()));
    let live = bound.bind_all(live_states());
    let sql = format!(
        "SELECT t.taken AS taken, g.first_day AS grant_first_day, g.last_day AS grant_last_day, \
             o.requisition_id AS requisition_id, o.state AS state, o.first_day AS first_day, \
             o.last_day AS last_day, l.kind AS kind \
         FROM (SELECT COUNT(*) AS taken FROM requisition \
               WHERE federation_id = {federation_id} AND requisition_id = {id}) t \
         LEFT JOIN \"grant\" g ON g.federation_id = {federation_id} AND g.grant_id = {grant_id} \
         LEFT JOIN requisition o ON o.federation_id = {federation_id} AND o.grant_id = {grant_id} \
             AND o.party_id = {party_id} AND o.state IN ({live}) \
         LEFT JOIN requisition_cost_line l ON l.federation_id = {federation_id} \
             AND l.requisition_id = o.requisition_id"
    );
    let rows = bound.query(connection, sql).await?;
    let first = rows.first().ok_or_else(|| DbErr::RecordNotFound("a count".to_owned()))?;
    let taken: i64 = first.try_get("", "taken")?;
    let first_day: Option<NaiveDate> = first.try_get("", "grant_first_day")?;
    let last_day: Option<NaiveDate> = first.try_get("", "grant_last_day")?;
    let grant = match first_day.zip(last_day) {
        Some((first_day, last_day)) => GrantFact::Known(grant_period(first_day, last_day)?),
        None => GrantFact::Unknown,
    };
    let mut claimed = Vec::new();
    for row in &rows {
        if row.try_get::<Option<String>>("", "kind")?.is_some() {
            claimed.push(claimed_cost(federation, row)?);
        }
    }
    Ok(BeforeDraft { is_taken: taken > 0, grant, claimed })
}

/// What the parties claim on the grants, by both.
pub(crate) async fn claimed_on(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    grants: &[&str],
    parties: &[&str],
) -> Result<HashMap<(GrantName, PartyName), Vec<ClaimedCost>>, DbErr> {
    let mut found = HashMap::<_, Vec<ClaimedCost>>::new();
    for grants in grants.chunks(super::IDS_AT_ONCE) {
        for parties in parties.chunks(super::IDS_AT_ONCE) {
            for row in &claimed_rows(connection, federation, grants, parties).await? {
                let grant: String = row.try_get("", "grant_id")?;
                let party: String = row.try_get("", "party_id")?;
                let grant = GrantName::new(federation.clone(), slug("grant_id", &grant)?);
                let party = PartyName::new(federation.clone(), slug("party_id", &party)?);
                let cost = claimed_cost(federation, row)?;
                found.entry((grant, party)).or_default().push(cost);
            }
        }
    }
    Ok(found)
}

async fn claimed_rows(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    grants: &[&str],
    parties: &[&str],
) -> Result<Vec<QueryResult>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let live = bound.bind_all(live_states());
    let grants = bound.bind_all(grants.iter().copied());
    let parties = bound.bind_all(parties.iter().copied());
    let sql = format!(
        "SELECT o.grant_id AS grant_id, o.party_id AS party_id, o.requisition_id AS requisition_id, \
             o.state AS state, o.first_day AS first_day, o.last_day AS last_day, l.kind AS kind \
         FROM requisition o JOIN requisition_cost_line l ON l.federation_id = o.federation_id \
             AND l.requisition_id = o.requisition_id \
         WHERE o.federation_id = {federation_id} AND o.state IN ({live}) \
             AND o.grant_id IN ({grants}) AND o.party_id IN ({parties})"
    );
    bound.query(connection, sql).await
}

fn claimed_cost(federation: &Slug, row: &QueryResult) -> Result<ClaimedCost, DbErr> {
    let id: String = row.try_get("", "requisition_id")?;
    let state: String = row.try_get("", "state")?;
    let kind: String = row.try_get("", "kind")?;
    Ok(ClaimedCost {
        requisition: RequisitionName::new(federation.clone(), slug("requisition_id", &id)?),
        state: state_of(&state)?,
        kind: cost_kind(&kind)?,
        period: period(row.try_get("", "first_day")?, row.try_get("", "last_day")?)?,
    })
}

fn live_states() -> impl Iterator<Item = &'static str> {
    let live = State::ALL.iter().filter(|state| state.is_live());
    live.map(|state| state.code())
}
