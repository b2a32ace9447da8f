//! What a write on a grant needs to know.

use std::collections::HashMap;

use platform::sql::{is_among, texts};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Ore, Slug,
    name::{GrantName, RequisitionName},
};

use super::{find, grant_period};
use crate::{
    domain::{
        grant::{DecisionParts, Grant, Parent, ParentFact, amend::Held},
        ledger::Balances,
        requisition::State,
    },
    store::{bound::Bound, ledger, period, slug},
};

/// What a new grant is checked against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BeforeCreate {
    /// True when a grant of that name is there.
    pub(crate) is_taken: bool,
    /// True when the recipient is there.
    pub(crate) recipient_is_known: bool,
    /// The grant above.
    pub(crate) parent: ParentFact,
    /// The last closed year.
    pub(crate) closed_through: Option<i32>,
}

/// Looks for the name, the recipient and the grant above of a new grant.
pub(crate) async fn before_create(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    parts: &DecisionParts,
) -> Result<BeforeCreate, DbErr> {
    let mut bound = Bound::new();
    let federation = bound.bind(federation.as_str());
    let grant = bound.bind(parts.name.as_ref().map(|name| name.id.as_str()));
    let recipient = bound.bind(parts.recipient.as_ref().map(|recipient| recipient.id.as_str()));
    let parent = bound.bind(parts.parent.as_ref().map(|parent| parent.id.as_str()));
    let sql = format!(
        "SELECT f.grants AS grants, f.recipients AS recipients, f.closed_through AS closed_through, {PARENT} \
         FROM (SELECT (SELECT COUNT(*) FROM \"grant\" WHERE federation_id = {federation} AND grant_id = {grant}) \
                 AS grants, \
             (SELECT COUNT(*) FROM recipient WHERE federation_id = {federation} AND recipient_id = {recipient}) \
                 AS recipients, \
             {} AS closed_through) f \
         LEFT JOIN \"grant\" p ON p.federation_id = {federation} AND p.grant_id = {parent}",
        ledger::last_closed_year(&federation)
    );
    let rows = bound.query(connection, sql).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("counts".to_owned()))?;
    let (grants, recipients): (i64, i64) =
        (row.try_get("", "grants")?, row.try_get("", "recipients")?);
    Ok(BeforeCreate {
        is_taken: grants > 0,
        recipient_is_known: recipients > 0,
        parent: parent_of(row)?.map_or(ParentFact::Unknown, ParentFact::Known),
        closed_through: row.try_get("", "closed_through")?,
    })
}

/// The columns of a grant `p` that sets money aside.
const PARENT: &str = "p.first_day AS parent_first_day, p.last_day AS parent_last_day, \
    p.left_ore AS parent_left_ore, p.reserved_ore AS parent_reserved_ore, \
    p.requisitioned_ore AS parent_requisitioned_ore, p.allotted_ore AS parent_allotted_ore, \
    p.lapsed_ore AS parent_lapsed_ore, p.parent_grant_id AS parent_parent_id";

fn parent_of(row: &QueryResult) -> Result<Option<Parent>, DbErr> {
    let Some(first_day) = row.try_get("", "parent_first_day")? else {
        return Ok(None);
    };
    let ore = |column: &str| row.try_get("", column).map(Ore::new);
    let parent_id: Option<String> = row.try_get("", "parent_parent_id")?;
    Ok(Some(Parent {
        is_sub_project: parent_id.is_some(),
        period: grant_period(first_day, row.try_get("", "parent_last_day")?)?,
        balances: Balances {
            left: ore("parent_left_ore")?,
            reserved: ore("parent_reserved_ore")?,
            requisitioned: ore("parent_requisitioned_ore")?,
            allotted: ore("parent_allotted_ore")?,
            lapsed: ore("parent_lapsed_ore")?,
        },
    }))
}

/// A grant, and what a new decision on it is checked against.
#[derive(Debug)]
pub(crate) struct BeforeAmend {
    /// The grant.
    pub(crate) grant: Grant,
    /// The grant above, of a sub-project.
    pub(crate) parent: Option<Parent>,
    /// What keeps days of the grant.
    pub(crate) held: Vec<Held>,
    /// The last closed year.
    pub(crate) closed_through: Option<i32>,
}

/// The grant, the grant above it, and what keeps days of it.
pub(crate) async fn before_amend(
    connection: &impl ConnectionTrait,
    name: &GrantName,
) -> Result<Option<BeforeAmend>, DbErr> {
    let Some(grant) = find(connection, name).await? else {
        return Ok(None);
    };
    let mut bound = Bound::new();
    let federation = bound.bind(name.federation.as_str());
    let parent = bound.bind(grant.decision.parent.as_ref().map(|parent| parent.id.as_str()));
    let sql = format!(
        "SELECT f.closed_through AS closed_through, {PARENT} \
         FROM (SELECT {} AS closed_through) f \
         LEFT JOIN \"grant\" p ON p.federation_id = {federation} AND p.grant_id = {parent}",
        ledger::last_closed_year(&federation)
    );
    let rows = bound.query(connection, sql).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("a year".to_owned()))?;
    Ok(Some(BeforeAmend {
        parent: parent_of(row)?,
        closed_through: row.try_get("", "closed_through")?,
        held: held(connection, &name.federation, &[name.id.as_str()])
            .await?
            .remove(name)
            .unwrap_or_default(),
        grant,
    }))
}

/// The live requisitions and the sub-projects of each of some grants, by their days.
pub(crate) async fn held(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    grants: &[&str],
) -> Result<HashMap<GrantName, Vec<Held>>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let backend = connection.get_database_backend();
    let ids = bound.bind(texts(backend, grants.iter().copied()));
    let (of_requisition, of_grant) =
        (is_among(backend, "grant_id", &ids), is_among(backend, "parent_grant_id", &ids));
    let live = State::ALL.iter().filter(|state| state.is_live()).map(|state| state.code());
    let live = bound.bind_all(live);
    let sql = format!(
        "SELECT 'requisition' AS part, grant_id AS of_grant, requisition_id AS id, first_day, last_day \
         FROM requisition \
         WHERE federation_id = {federation_id} AND {of_requisition} AND state IN ({live}) \
         UNION ALL SELECT 'grant', parent_grant_id, grant_id, first_day, last_day FROM \"grant\" \
         WHERE federation_id = {federation_id} AND {of_grant} \
         ORDER BY first_day, id"
    );
    let mut held = HashMap::<GrantName, Vec<Held>>::new();
    for row in &bound.query(connection, sql).await? {
        let (part, grant, id): (String, String, String) =
            (row.try_get("", "part")?, row.try_get("", "of_grant")?, row.try_get("", "id")?);
        let id = slug("id", &id)?;
        let name = match part.as_str() {
            "grant" => GrantName::new(federation.clone(), id).to_string(),
            _ => RequisitionName::new(federation.clone(), id).to_string(),
        };
        let period = period(row.try_get("", "first_day")?, row.try_get("", "last_day")?)?;
        let grant = GrantName::new(federation.clone(), slug("grant_id", &grant)?);
        held.entry(grant).or_default().push(Held { name, period });
    }
    Ok(held)
}
