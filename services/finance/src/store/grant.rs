//! Table `grant`: the decisions, and the balances that the ledger comes to.

use std::collections::HashMap;

use platform::{page::Page, sql::Batch};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use values::{
    Ore, Slug,
    name::{GrantName, RecipientName},
};

use super::{
    Listed, amount, bound::Bound, cut, entity::grant, ledger, period, slug, unreadable, wrong,
};
use crate::domain::{
    grant::{Decision, Grant, GrantPeriod},
    ledger::{Balances, Voucher},
};

/// One grant.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &GrantName,
) -> Result<Option<Grant>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = grant::Entity::find_by_id(key).one(connection).await?;
    row.map(value).transpose()
}

/// A page of grants, in order of id.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Listed<Grant>, DbErr> {
    let mut select =
        grant::Entity::find().filter(grant::Column::FederationId.eq(federation.as_str()));
    if let Some(after) = &page.after {
        select = select.filter(grant::Column::GrantId.gt(after.as_str()));
    }
    let rows =
        select.order_by_asc(grant::Column::GrantId).limit(page.size + 1).all(connection).await?;
    let (rows, next) = cut(rows, page.size, |row| row.grant_id.clone());
    let items = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    Ok(Listed { items, next })
}

/// Every grant.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<HashMap<GrantName, Grant>, DbErr> {
    let rows = grant::Entity::find()
        .filter(grant::Column::FederationId.eq(federation.as_str()))
        .all(connection)
        .await?;
    let named = |row| value(row).map(|grant| (grant.decision.name.clone(), grant));
    rows.into_iter().map(named).collect()
}

/// Every grant, each as far as its row makes one: for the check of the whole
/// database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(GrantName, Result<Grant, DbErr>)>, DbErr> {
    let rows = grant::Entity::find()
        .filter(grant::Column::FederationId.eq(federation.as_str()))
        .order_by_asc(grant::Column::GrantId)
        .all(connection)
        .await?;
    let reading = |row: grant::Model| {
        let id = slug("grant_id", &row.grant_id)?;
        Ok((GrantName::new(federation.clone(), id), value(row)))
    };
    rows.into_iter().map(reading).collect()
}

/// What a new grant is checked against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BeforeCreate {
    /// True when a grant of that name is there.
    pub(crate) is_taken: bool,
    /// True when the recipient is there.
    pub(crate) recipient_is_known: bool,
}

/// Looks for the name and the recipient of a new grant.
pub(crate) async fn before_create(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    name: Option<&GrantName>,
    recipient: Option<&RecipientName>,
) -> Result<BeforeCreate, DbErr> {
    let mut bound = Bound::new();
    let federation = bound.bind(federation.as_str());
    let grant = bound.bind(name.map(|name| name.id.as_str()));
    let recipient = bound.bind(recipient.map(|recipient| recipient.id.as_str()));
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM \"grant\" WHERE federation_id = {federation} AND grant_id = {grant}) AS grants, \
         (SELECT COUNT(*) FROM recipient WHERE federation_id = {federation} AND recipient_id = {recipient}) AS recipients"
    );
    let rows = bound.query(connection, sql).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("counts".to_owned()))?;
    let (grants, recipients): (i64, i64) =
        (row.try_get("", "grants")?, row.try_get("", "recipients")?);
    Ok(BeforeCreate { is_taken: grants > 0, recipient_is_known: recipients > 0 })
}

/// Adds a grant with the opening of its ledger.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    added: &Grant,
    sequence: i64,
    opening: &Voucher,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    insert_all(&mut batch, std::slice::from_ref(added)).await?;
    let opened = [&added.decision.name.id];
    ledger::append(&mut batch, federation, &[(sequence, opening)], &opened).await?;
    batch.send().await
}

pub(super) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[Grant],
) -> Result<(), DbErr> {
    let rows = added.iter().map(row).collect();
    batch.insert(grant::Entity, rows).await
}

fn row(grant: &Grant) -> grant::Model {
    let Grant { decision, balances } = grant;
    let Decision { name, recipient, period, amount, dnr, decision_date, deciding_body, synthetic } =
        decision;
    grant::Model {
        federation_id: name.federation.to_string(),
        grant_id: name.id.to_string(),
        recipient_id: recipient.id.to_string(),
        first_day: period.days().first_day(),
        last_day: period.days().last_day(),
        amount_ore: amount.ore().get(),
        dnr: dnr.clone(),
        decision_date: *decision_date,
        deciding_body: deciding_body.clone(),
        synthetic: *synthetic,
        left_ore: balances.left.get(),
        reserved_ore: balances.reserved.get(),
        requisitioned_ore: balances.requisitioned.get(),
        allotted_ore: balances.allotted.get(),
        lapsed_ore: balances.lapsed.get(),
        parent_grant_id: None,
    }
}

fn value(row: grant::Model) -> Result<Grant, DbErr> {
    let grant::Model {
        federation_id,
        grant_id,
        recipient_id,
        first_day,
        last_day,
        amount_ore,
        dnr,
        decision_date,
        deciding_body,
        synthetic,
        left_ore,
        reserved_ore,
        requisitioned_ore,
        allotted_ore,
        lapsed_ore,
        parent_grant_id: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let balances = Balances {
        left: Ore::new(left_ore),
        reserved: Ore::new(reserved_ore),
        requisitioned: Ore::new(requisitioned_ore),
        allotted: Ore::new(allotted_ore),
        lapsed: Ore::new(lapsed_ore),
    };
    // What is the grant's own, without what has left it for others.
    let own = balances.granted().and_then(|granted| {
        granted.minus(balances.allotted).and_then(|rest| rest.minus(balances.lapsed))
    });
    let granted = balances.granted().filter(|_| own == Some(Ore::new(amount_ore)));
    let granted = granted.ok_or_else(|| wrong("a balance of grant", &grant_id))?;
    let decision = Decision {
        name: GrantName::new(federation.clone(), slug("grant_id", &grant_id)?),
        recipient: RecipientName::new(federation, slug("recipient_id", &recipient_id)?),
        period: grant_period(first_day, last_day)?,
        amount: amount("the amount of a grant", granted.get())?,
        dnr,
        decision_date,
        deciding_body,
        synthetic,
    };
    Ok(Grant { decision, balances })
}

pub(super) fn grant_period(
    first_day: chrono::NaiveDate,
    last_day: chrono::NaiveDate,
) -> Result<GrantPeriod, DbErr> {
    let days = period(first_day, last_day)?;
    let fault = |_| unreadable(values::Fault::new("first_day", "PERIOD_NOT_IN_ONE_YEAR"));
    GrantPeriod::new(days).map_err(fault)
}
