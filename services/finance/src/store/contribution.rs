//! Tables `contribution_decision` and `contribution_share`.

pub(crate) mod payment;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QueryResult,
};
use values::{
    Ore, Slug,
    name::{ContributionDecisionName, PartyName},
};

use super::{
    Listed, Stretch, amount,
    board_decision::{self, Decisions},
    bound::Bound,
    budget_year, entity, grouped, ledger, slug, wrong,
};
use crate::domain::{
    board_decision::BoardDecision,
    budget_year::BudgetYear,
    contribution::{Decision, Group, Share, Standing},
    ledger::Voucher,
};
use entity::{contribution_decision, contribution_share};

/// One decision.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &ContributionDecisionName,
) -> Result<Option<Decision>, DbErr> {
    let rows = board_decision::find::<contribution_decision::Entity>(
        connection,
        &name.federation,
        &name.id,
    )
    .await?;
    with_shares(connection, &name.federation, rows).await?.pop().transpose()
}

/// The decision that was in force for a year on a day.
pub(crate) async fn in_force(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
    on: NaiveDate,
) -> Result<Option<Decision>, DbErr> {
    let rows =
        board_decision::in_force::<contribution_decision::Entity>(connection, federation, year, on)
            .await?;
    with_shares(connection, federation, rows).await?.pop().transpose()
}

/// Decisions of a year or of all, newest first. Takes two statements: give it
/// one picture of the database.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: Option<BudgetYear>,
    stretch: Stretch,
) -> Result<Listed<Decision>, DbErr> {
    let (rows, next) = board_decision::list::<contribution_decision::Entity>(
        connection, federation, year, stretch,
    )
    .await?;
    let read = with_shares(connection, federation, rows).await?;
    Ok(Listed { items: read.into_iter().collect::<Result<_, _>>()?, next })
}

/// What a new decision is checked against.
#[derive(Debug, Clone)]
pub(crate) struct BeforeDecide {
    /// True when a decision of that name is there.
    pub(crate) is_taken: bool,
    /// How many decisions the year has.
    pub(crate) versions: i32,
    /// Where each party stands.
    pub(crate) standings: BTreeMap<Slug, Standing>,
}

/// Looks for the name of a new decision, and where the parties stand.
pub(crate) async fn before_decide(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    name: Option<&ContributionDecisionName>,
    year: Option<BudgetYear>,
) -> Result<BeforeDecide, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let id = bound.bind(name.map(|name| name.id.as_str()));
    let number = bound.bind(year.map(BudgetYear::number));
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM contribution_decision WHERE federation_id = {federation_id} \
             AND contribution_decision_id = {id}) AS taken, \
         (SELECT COALESCE(MAX(version), 0) FROM contribution_decision \
             WHERE federation_id = {federation_id} AND year = {number}) AS versions"
    );
    let rows = bound.query(connection, sql).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("counts".to_owned()))?;
    let standings = match year {
        Some(year) => standings(connection, federation, year).await?,
        None => BTreeMap::new(),
    };
    Ok(BeforeDecide {
        is_taken: row.try_get::<i64>("", "taken")? > 0,
        versions: row.try_get("", "versions")?,
        standings,
    })
}

/// What each party is to pay for a year, and has paid.
pub(crate) async fn standings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<BTreeMap<Slug, Standing>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let number = bound.bind(year.number());
    let sql = format!(
        "SELECT party_id, CAST(SUM(agreed_ore) AS bigint) AS agreed_ore, \
             CAST(SUM(paid_ore) AS bigint) AS paid_ore FROM ( \
             SELECT s.party_id AS party_id, s.amount_ore AS agreed_ore, 0 AS paid_ore \
             FROM contribution_decision d JOIN contribution_share s \
                 ON s.federation_id = d.federation_id \
                 AND s.contribution_decision_id = d.contribution_decision_id \
             WHERE d.federation_id = {federation_id} AND d.year = {number} \
                 AND d.version = (SELECT MAX(version) FROM contribution_decision \
                     WHERE federation_id = {federation_id} AND year = {number}) \
             UNION ALL SELECT party_id, 0, amount_ore FROM contribution_payment \
             WHERE federation_id = {federation_id} AND year = {number}) AS standing \
         GROUP BY party_id"
    );
    let standing = |row: &QueryResult| {
        let party = slug("party_id", &row.try_get::<String>("", "party_id")?)?;
        let agreed = Ore::new(row.try_get("", "agreed_ore")?);
        let paid = Ore::new(row.try_get("", "paid_ore")?);
        Ok((party, Standing { agreed, paid }))
    };
    bound.query(connection, sql).await?.iter().map(standing).collect()
}

/// The decisions of these names that are there.
pub(super) async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
) -> Result<HashMap<ContributionDecisionName, Decision>, DbErr> {
    let rows =
        board_decision::named::<contribution_decision::Entity>(connection, federation, ids).await?;
    let read = with_shares(connection, federation, rows).await?.into_iter();
    read.map(|read| read.map(|decision| (decision.name.clone(), decision))).collect()
}

/// Adds a decision with what it posts.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &Decision,
    sequence: i64,
    voucher: &Voucher,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    insert_all(&mut batch, &[(sequence, added)]).await?;
    ledger::append(&mut batch, &added.name.federation, &[(sequence, voucher)], &[]).await?;
    batch.send().await
}

pub(super) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[(i64, &Decision)],
) -> Result<(), DbErr> {
    let rows = added.iter().map(|(sequence, decision)| row(decision, *sequence)).collect();
    batch.insert(contribution_decision::Entity, rows).await?;
    let shares = added.iter().flat_map(|(_, decision)| share_rows(decision)).collect();
    batch.insert(contribution_share::Entity, shares).await
}

fn row(decided: &Decision, sequence: i64) -> contribution_decision::Model {
    let Decision {
        name,
        year,
        total,
        shares: _, // Rows of their own.
        decision,
        version,
        synthetic,
    } = decided;
    let BoardDecision { dnr, decision_date, deciding_body } = decision;
    contribution_decision::Model {
        federation_id: name.federation.to_string(),
        contribution_decision_id: name.id.to_string(),
        year: year.number(),
        version: *version,
        total_ore: total.ore().get(),
        dnr: dnr.clone(),
        decision_date: *decision_date,
        deciding_body: deciding_body.clone(),
        synthetic: *synthetic,
        created_sequence: sequence,
    }
}

fn share_rows(decided: &Decision) -> impl Iterator<Item = contribution_share::Model> {
    let name = &decided.name;
    (1..).zip(&decided.shares).map(move |(line, share)| {
        let Share { party, group, weight, amount } = share;
        contribution_share::Model {
            federation_id: name.federation.to_string(),
            contribution_decision_id: name.id.to_string(),
            line,
            party_id: party.id.to_string(),
            contribution_group: group.code().to_owned(),
            weight: *weight,
            amount_ore: amount.get(),
        }
    })
}

/// Every decision, each as far as its rows make one: for the check of the whole
/// database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(ContributionDecisionName, Result<Decision, DbErr>)>, DbErr> {
    let rows = board_decision::all::<contribution_decision::Entity>(connection, federation).await?;
    let mut names = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = slug("contribution_decision_id", &row.contribution_decision_id)?;
        names.push(ContributionDecisionName::new(federation.clone(), id));
    }
    let read = with_shares(connection, federation, rows).await?;
    Ok(names.into_iter().zip(read).collect())
}

impl Decisions for contribution_decision::Entity {
    const FEDERATION_ID: contribution_decision::Column =
        contribution_decision::Column::FederationId;
    const ID: contribution_decision::Column = contribution_decision::Column::ContributionDecisionId;
    const YEAR: contribution_decision::Column = contribution_decision::Column::Year;
    const VERSION: contribution_decision::Column = contribution_decision::Column::Version;
    const DECISION_DATE: contribution_decision::Column =
        contribution_decision::Column::DecisionDate;
    const CREATED_SEQUENCE: contribution_decision::Column =
        contribution_decision::Column::CreatedSequence;

    fn created_sequence(row: &contribution_decision::Model) -> i64 {
        row.created_sequence
    }
}

/// Puts the shares to their decisions, in the same order.
async fn with_shares(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: Vec<contribution_decision::Model>,
) -> Result<Vec<Result<Decision, DbErr>>, DbErr> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.contribution_decision_id.as_str());
    let shares = contribution_share::Entity::find()
        .filter(contribution_share::Column::FederationId.eq(federation.as_str()))
        .filter(contribution_share::Column::ContributionDecisionId.is_in(ids))
        .order_by_asc(contribution_share::Column::Line)
        .all(connection)
        .await?;
    let mut shares_of = grouped(shares, |row| row.contribution_decision_id.clone());
    let whole = |row: contribution_decision::Model| {
        let shares = shares_of.remove(&row.contribution_decision_id).unwrap_or_default();
        value(row, shares.into_iter().map(share_value).collect::<Result<_, _>>()?)
    };
    Ok(rows.into_iter().map(whole).collect())
}

fn value(row: contribution_decision::Model, shares: Vec<Share>) -> Result<Decision, DbErr> {
    let contribution_decision::Model {
        federation_id,
        contribution_decision_id,
        year,
        version,
        total_ore,
        dnr,
        decision_date,
        deciding_body,
        synthetic,
        created_sequence: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let sum = Ore::sum(shares.iter().map(|share| share.amount));
    if sum != Some(Ore::new(total_ore)) {
        return Err(wrong("contribution_decision.total_ore", total_ore));
    }
    Ok(Decision {
        name: ContributionDecisionName::new(
            federation,
            slug("contribution_decision_id", &contribution_decision_id)?,
        ),
        year: budget_year("contribution_decision.year", year)?,
        total: amount("contribution_decision.total_ore", total_ore)?,
        shares,
        decision: BoardDecision { dnr, decision_date, deciding_body },
        version,
        synthetic,
    })
}

fn share_value(row: contribution_share::Model) -> Result<Share, DbErr> {
    let contribution_share::Model {
        federation_id,
        contribution_decision_id: _,
        line: _,
        party_id,
        contribution_group,
        weight,
        amount_ore,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let group = Group::from_code(&contribution_group);
    Ok(Share {
        party: PartyName::new(federation, slug("party_id", &party_id)?),
        group: group.ok_or_else(|| wrong("contribution_group", contribution_group))?,
        weight,
        amount: Ore::new(amount_ore),
    })
}
