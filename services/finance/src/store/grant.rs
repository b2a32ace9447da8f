//! Tables `grant` and `grant_decision`: the decisions, and the balances that the
//! ledger comes to.

mod before;
mod of_year;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use platform::{page::Page, sql::Batch};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use values::{
    Ore, Period, Slug,
    name::{AccountName, GrantName, RecipientName},
};

use super::{
    Listed, among, amount, cut,
    entity::{grant, grant_decision},
    ledger, period, slug, unreadable, wrong,
};
use crate::domain::{
    grant::{Decision, Grant, GrantPeriod, Version},
    ledger::{Balances, Voucher},
};

pub(super) use before::held;
pub(crate) use before::{before_amend, before_create};
pub(crate) use of_year::{granted, with_something_left};

/// Grants in one query.
const IDS_AT_ONCE: usize = 1000;

/// Which grants a list is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Only those of this recipient.
    pub(crate) recipient: Option<RecipientName>,
    /// Only those of this calendar year.
    pub(crate) year: Option<Period>,
    /// Which page.
    pub(crate) page: Page,
}

/// One grant. Takes two statements: give it one picture of the database.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &GrantName,
) -> Result<Option<Grant>, DbErr> {
    let rows = of(&name.federation).filter(grant::Column::GrantId.eq(name.id.as_str()));
    let rows = rows.all(connection).await?;
    let mut found = with_versions(connection, &name.federation, rows).await?;
    found.pop().transpose()
}

/// A page of grants, in order of id. Takes two statements: give it one picture of
/// the database.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<Listed<Grant>, DbErr> {
    let Filter { recipient, year, page } = filter;
    let mut select = of(federation);
    if let Some(recipient) = recipient {
        select = select.filter(grant::Column::RecipientId.eq(recipient.id.as_str()));
    }
    if let Some(year) = year {
        let (first, last) = (year.first_day(), year.last_day());
        select = select.filter(grant::Column::FirstDay.between(first, last));
    }
    if let Some(after) = &page.after {
        select = select.filter(grant::Column::GrantId.gt(after.as_str()));
    }
    let rows = select.limit(page.size + 1).all(connection).await?;
    let (rows, next) = cut(rows, page.size, |row| row.grant_id.clone());
    let read = with_versions(connection, federation, rows).await?;
    Ok(Listed { items: read.into_iter().collect::<Result<_, _>>()?, next })
}

/// The grants of these names that are there.
pub(super) async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
) -> Result<HashMap<GrantName, Grant>, DbErr> {
    let rows = of(federation).filter(among(connection, grant::Column::GrantId, ids));
    let rows = rows.all(connection).await?;
    let read = with_versions(connection, federation, rows).await?;
    let named = |read: Result<Grant, DbErr>| read.map(|grant| (grant.decision.name.clone(), grant));
    read.into_iter().map(named).collect()
}

/// Every grant, each as far as its rows make one: for the check of the whole
/// database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(GrantName, Result<Grant, DbErr>)>, DbErr> {
    let rows = of(federation).all(connection).await?;
    let mut names = Vec::with_capacity(rows.len());
    for row in &rows {
        names.push(GrantName::new(federation.clone(), slug("grant_id", &row.grant_id)?));
    }
    let read = with_versions(connection, federation, rows).await?;
    Ok(names.into_iter().zip(read).collect())
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
    insert_all(&mut batch, &[added]).await?;
    let opened = [&added.decision.name.id];
    ledger::append(&mut batch, federation, &[(sequence, opening)], &opened).await?;
    batch.send().await
}

pub(super) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[&Grant],
) -> Result<(), DbErr> {
    let rows = added.iter().map(|grant| row(grant)).collect();
    batch.insert(grant::Entity, rows).await?;
    let versions = added.iter().flat_map(|grant| {
        let numbered = (1..).zip(&grant.versions);
        numbered.map(|(number, version)| version_row(&grant.decision.name, number, version))
    });
    batch.insert(grant_decision::Entity, versions.collect()).await
}

/// Keeps the latest decision on a grant, and what it moves on the ledger.
pub(crate) async fn keep_amendment(
    connection: &impl ConnectionTrait,
    amended: &Grant,
    sequence: i64,
    voucher: &Voucher,
) -> Result<(), DbErr> {
    let Decision { name, period, dnr, decision_date, deciding_body, .. } = &amended.decision;
    let number = version_number(amended)?;
    let mut batch = Batch::on(connection);
    let places = [
        batch.bind(number),
        batch.bind(period.days().first_day()),
        batch.bind(period.days().last_day()),
        batch.bind(dnr.as_str()),
        batch.bind(*decision_date),
        batch.bind(deciding_body.as_str()),
        batch.bind(name.federation.as_str()),
        batch.bind(name.id.as_str()),
    ];
    let [version, first_day, last_day, dnr, decision_date, deciding_body, federation, id] = places;
    batch.push(format!(
        "UPDATE \"grant\" SET version = {version}, first_day = {first_day}, last_day = {last_day}, \
         dnr = {dnr}, decision_date = {decision_date}, deciding_body = {deciding_body} \
         WHERE federation_id = {federation} AND grant_id = {id}"
    ));
    let latest = amended.versions.last().map(|latest| version_row(name, number, latest));
    batch.insert(grant_decision::Entity, latest.into_iter().collect()).await?;
    // The balances are changed in the same row, which one trip cannot do twice.
    batch.send().await?;
    ledger::append(&mut batch, &name.federation, &[(sequence, voucher)], &[]).await?;
    batch.send().await
}

fn of(federation: &Slug) -> Select<grant::Entity> {
    grant::Entity::find()
        .filter(grant::Column::FederationId.eq(federation.as_str()))
        .order_by_asc(grant::Column::GrantId)
}

/// Puts the decisions to their grants, in the same order.
async fn with_versions(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: Vec<grant::Model>,
) -> Result<Vec<Result<Grant, DbErr>>, DbErr> {
    let mut versions = BTreeMap::<String, Vec<Version>>::new();
    for chunk in rows.chunks(IDS_AT_ONCE) {
        let ids = chunk.iter().map(|row| row.grant_id.as_str());
        let decisions = grant_decision::Entity::find()
            .filter(grant_decision::Column::FederationId.eq(federation.as_str()))
            .filter(grant_decision::Column::GrantId.is_in(ids))
            .order_by_asc(grant_decision::Column::Version)
            .all(connection)
            .await?;
        for decision in decisions {
            let id = decision.grant_id.clone();
            versions.entry(id).or_default().push(version_value(decision)?);
        }
    }
    let whole = |row: grant::Model| {
        let versions = versions.remove(&row.grant_id).unwrap_or_default();
        value(row, versions)
    };
    Ok(rows.into_iter().map(whole).collect())
}

fn version_number(grant: &Grant) -> Result<i32, DbErr> {
    let count = grant.versions.len();
    i32::try_from(count).map_err(|_| wrong("the number of decisions on a grant", count))
}

fn row(grant: &Grant) -> grant::Model {
    let Grant { decision, versions, balances } = grant;
    let Decision {
        name,
        recipient,
        parent,
        period,
        amount,
        dnr,
        decision_date,
        deciding_body,
        synthetic,
    } = decision;
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
        parent_grant_id: parent.as_ref().map(|parent| parent.id.to_string()),
        version: i32::try_from(versions.len()).unwrap_or(i32::MAX),
    }
}

fn version_row(name: &GrantName, number: i32, version: &Version) -> grant_decision::Model {
    let Version { period, amount, dnr, decision_date, deciding_body, reason, actor, recorded_at } =
        version;
    grant_decision::Model {
        federation_id: name.federation.to_string(),
        grant_id: name.id.to_string(),
        version: number,
        first_day: period.days().first_day(),
        last_day: period.days().last_day(),
        amount_ore: amount.ore().get(),
        dnr: dnr.clone(),
        decision_date: *decision_date,
        deciding_body: deciding_body.clone(),
        reason: reason.clone(),
        actor_id: actor.id.to_string(),
        recorded_at: *recorded_at,
    }
}

fn value(row: grant::Model, versions: Vec<Version>) -> Result<Grant, DbErr> {
    let number = row.version;
    let (decision, balances) = in_force(row)?;
    let grant = Grant { decision, versions, balances };
    if version_number(&grant)? == number {
        Ok(grant)
    } else {
        Err(wrong("the number of decisions on a grant", grant.versions.len()))
    }
}

/// The decision in force, and where the money stands.
pub(super) fn in_force(row: grant::Model) -> Result<(Decision, Balances), DbErr> {
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
        parent_grant_id,
        version: _,
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
    let parent = parent_grant_id.map(|id| slug("parent_grant_id", &id)).transpose()?;
    let decision = Decision {
        name: GrantName::new(federation.clone(), slug("grant_id", &grant_id)?),
        recipient: RecipientName::new(federation.clone(), slug("recipient_id", &recipient_id)?),
        parent: parent.map(|parent| GrantName::new(federation, parent)),
        period: grant_period(first_day, last_day)?,
        amount: amount("the amount of a grant", granted.get())?,
        dnr,
        decision_date,
        deciding_body,
        synthetic,
    };
    Ok((decision, balances))
}

fn version_value(row: grant_decision::Model) -> Result<Version, DbErr> {
    let grant_decision::Model {
        federation_id,
        grant_id: _,
        version: _,
        first_day,
        last_day,
        amount_ore,
        dnr,
        decision_date,
        deciding_body,
        reason,
        actor_id,
        recorded_at,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Version {
        period: grant_period(first_day, last_day)?,
        amount: amount("grant_decision.amount_ore", amount_ore)?,
        dnr,
        decision_date,
        deciding_body,
        reason,
        actor: AccountName::new(federation, slug("actor_id", &actor_id)?),
        recorded_at,
    })
}

pub(super) fn grant_period(
    first_day: chrono::NaiveDate,
    last_day: chrono::NaiveDate,
) -> Result<GrantPeriod, DbErr> {
    let days = period(first_day, last_day)?;
    let fault = |_| unreadable(values::Fault::new("first_day", "PERIOD_NOT_IN_ONE_YEAR"));
    GrantPeriod::new(days).map_err(fault)
}
