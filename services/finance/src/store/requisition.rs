//! Tables `requisition`, `requisition_cost_line` and `requisition_step`.

mod book;
mod claimed;

use std::collections::BTreeMap;

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, Value,
};
use values::{
    Ore, Slug,
    name::{AccountName, GrantName, PartyName, RequisitionName},
};

use super::{
    Listed, cut,
    entity::{requisition, requisition_cost_line, requisition_step},
    ledger, period, slug, wrong,
};
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLines},
    ledger::Voucher,
    requisition::{Claim, Kept, Reach, Requisition, State, Step},
};

pub(crate) use book::{Wanted, book, find, named};
pub(super) use claimed::claimed_on;

/// Ids in one query.
const IDS_AT_ONCE: usize = 1000;

/// Which requisitions a list is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Those within reach.
    pub(crate) reach: Reach,
    /// Only those against this grant.
    pub(crate) grant: Option<GrantName>,
    /// Only those in this state.
    pub(crate) state: Option<State>,
    /// At most this many.
    pub(crate) size: u64,
    /// Only those created before this sequence.
    pub(crate) before: Option<i64>,
}

/// A page of requisitions, newest first. Takes three statements: give it one
/// picture of the database.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<Listed<Requisition>, DbErr> {
    let mut select = of(federation);
    if let Reach::Parties(parties) = &filter.reach {
        let parties = parties.iter().map(Slug::as_str);
        select = select.filter(requisition::Column::PartyId.is_in(parties));
    }
    if let Some(grant) = &filter.grant {
        select = select.filter(requisition::Column::GrantId.eq(grant.id.as_str()));
    }
    if let Some(state) = filter.state {
        select = select.filter(requisition::Column::State.eq(state.code()));
    }
    if let Some(before) = filter.before {
        select = select.filter(requisition::Column::CreatedSequence.lt(before));
    }
    let rows = select
        .order_by_desc(requisition::Column::CreatedSequence)
        .limit(filter.size + 1)
        .all(connection)
        .await?;
    let (rows, next) = cut(rows, filter.size, |row| row.created_sequence.to_string());
    let read = with_parts(connection, federation, rows).await?;
    let items = read.into_iter().collect::<Result<_, _>>()?;
    Ok(Listed { items, next })
}

pub(super) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    federation: &Slug,
    added: &[(i64, &Requisition)],
) -> Result<(), DbErr> {
    let mut headers = Vec::with_capacity(added.len());
    let mut lines = Vec::with_capacity(added.len());
    let mut steps = Vec::with_capacity(added.len());
    for (sequence, requisition) in added {
        let claim = requisition.claim();
        headers.push(header(requisition, *sequence));
        let numbered = (1..).zip(claim.cost_lines.as_slice());
        lines.extend(numbered.map(|(number, line)| line_row(claim, number, line)));
        let numbered = (1..).zip(requisition.steps());
        steps.extend(numbered.map(|(number, step)| step_row(federation, claim, number, step)));
    }
    batch.insert(requisition::Entity, headers).await?;
    batch.insert(requisition_cost_line::Entity, lines).await?;
    batch.insert(requisition_step::Entity, steps).await
}

/// Keeps what a book of drafts and steps has come to.
pub(crate) async fn keep<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    kept: &Kept,
) -> Result<(), DbErr> {
    let Kept { federation, drafted, stepped, vouchers } = kept;
    let added: Vec<(i64, &Requisition)> =
        drafted.iter().map(|(sequence, requisition)| (*sequence, requisition)).collect();
    insert_all(batch, federation, &added).await?;

    let mut headers: Vec<Vec<Value>> = Vec::with_capacity(stepped.len());
    let mut steps = Vec::with_capacity(stepped.len());
    for (before, requisition) in stepped {
        let claim = requisition.claim();
        headers.push(vec![claim.name.id.as_str().into(), requisition.state().code().into()]);
        let numbered = (1..).zip(requisition.steps()).skip(*before);
        steps.extend(numbered.map(|(number, step)| step_row(federation, claim, number, step)));
    }
    if !headers.is_empty() {
        let after = batch.table("after", headers);
        let federation = batch.bind(federation.as_str());
        batch.push(format!(
            "UPDATE requisition SET state = after.column2 FROM {after} \
             WHERE requisition.federation_id = {federation} \
                 AND requisition.requisition_id = after.column1"
        ));
    }
    batch.insert(requisition_step::Entity, steps).await?;
    let vouchers: Vec<(i64, &Voucher)> =
        vouchers.iter().map(|(sequence, voucher)| (*sequence, voucher)).collect();
    ledger::append(batch, federation, &vouchers, &[]).await
}

fn of(federation: &Slug) -> Select<requisition::Entity> {
    requisition::Entity::find().filter(requisition::Column::FederationId.eq(federation.as_str()))
}

/// Puts the cost lines and the steps to their requisitions, in the same order.
async fn with_parts(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: Vec<requisition::Model>,
) -> Result<Vec<Result<Requisition, DbErr>>, DbErr> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = rows.iter().map(|row| row.requisition_id.as_str()).collect();
    let lines = requisition_cost_line::Entity::find()
        .filter(requisition_cost_line::Column::FederationId.eq(federation.as_str()))
        .filter(requisition_cost_line::Column::RequisitionId.is_in(ids.iter().copied()))
        .order_by_asc(requisition_cost_line::Column::Line)
        .all(connection)
        .await?;
    let steps = requisition_step::Entity::find()
        .filter(requisition_step::Column::FederationId.eq(federation.as_str()))
        .filter(requisition_step::Column::RequisitionId.is_in(ids.iter().copied()))
        .order_by_asc(requisition_step::Column::Step)
        .all(connection)
        .await?;
    let mut lines_of = BTreeMap::<String, Vec<CostLine>>::new();
    for row in lines {
        let id = row.requisition_id.clone();
        lines_of.entry(id).or_default().push(line_value(row)?);
    }
    let mut steps_of = BTreeMap::<String, Vec<Step>>::new();
    for row in steps {
        let id = row.requisition_id.clone();
        steps_of.entry(id).or_default().push(step_value(row)?);
    }
    let whole = |row: requisition::Model| -> Result<Requisition, DbErr> {
        let lines = lines_of.remove(&row.requisition_id).unwrap_or_default();
        let steps = steps_of.remove(&row.requisition_id).unwrap_or_default();
        value(row, lines, steps)
    };
    Ok(rows.into_iter().map(whole).collect())
}

/// Every requisition, each as far as its rows make one: for the check of the
/// whole database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(RequisitionName, Result<Requisition, DbErr>)>, DbErr> {
    let mut readings = Vec::new();
    let mut after = String::new();
    loop {
        let rows = of(federation)
            .filter(requisition::Column::RequisitionId.gt(after.as_str()))
            .order_by_asc(requisition::Column::RequisitionId)
            .limit(IDS_AT_ONCE as u64)
            .all(connection)
            .await?;
        let Some(last) = rows.last() else {
            return Ok(readings);
        };
        after = last.requisition_id.clone();
        let mut names = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = slug("requisition_id", &row.requisition_id)?;
            names.push(RequisitionName::new(federation.clone(), id));
        }
        let read = with_parts(connection, federation, rows).await?;
        readings.extend(names.into_iter().zip(read));
    }
}

fn header(requisition: &Requisition, sequence: i64) -> requisition::Model {
    let Claim { name, grant, party, period, cost_lines, payment_reference, synthetic } =
        requisition.claim();
    requisition::Model {
        federation_id: name.federation.to_string(),
        requisition_id: name.id.to_string(),
        grant_id: grant.id.to_string(),
        party_id: party.id.to_string(),
        first_day: period.first_day(),
        last_day: period.last_day(),
        payment_reference: payment_reference.clone(),
        synthetic: *synthetic,
        amount_ore: cost_lines.total().ore().get(),
        state: requisition.state().code().to_owned(),
        created_sequence: sequence,
    }
}

fn line_row(claim: &Claim, number: i32, line: &CostLine) -> requisition_cost_line::Model {
    requisition_cost_line::Model {
        federation_id: claim.name.federation.to_string(),
        requisition_id: claim.name.id.to_string(),
        line: number,
        kind: line.kind().code().to_owned(),
        description: line.description().to_owned(),
        fte_percent: line.fte_percent(),
        amount_ore: line.amount().ore().get(),
    }
}

fn step_row(federation: &Slug, claim: &Claim, number: i32, step: &Step) -> requisition_step::Model {
    let Step { state, actor, time, comment } = step;
    requisition_step::Model {
        federation_id: federation.to_string(),
        requisition_id: claim.name.id.to_string(),
        step: number,
        state: state.code().to_owned(),
        actor_id: actor.id.to_string(),
        taken_at: *time,
        comment: comment.clone(),
    }
}

fn value(
    row: requisition::Model,
    lines: Vec<CostLine>,
    steps: Vec<Step>,
) -> Result<Requisition, DbErr> {
    let requisition::Model {
        federation_id,
        requisition_id,
        grant_id,
        party_id,
        first_day,
        last_day,
        payment_reference,
        synthetic,
        amount_ore,
        state,
        created_sequence: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let cost_lines = CostLines::new(lines)
        .map_err(|fault| wrong("the cost lines of a requisition", format!("{fault:?}")))?;
    let claim = Claim {
        name: RequisitionName::new(federation.clone(), slug("requisition_id", &requisition_id)?),
        grant: GrantName::new(federation.clone(), slug("grant_id", &grant_id)?),
        party: PartyName::new(federation, slug("party_id", &party_id)?),
        period: period(first_day, last_day)?,
        cost_lines,
        payment_reference,
        synthetic,
    };
    if claim.cost_lines.total().ore() != Ore::new(amount_ore) {
        return Err(wrong("requisition.amount_ore", amount_ore));
    }
    let requisition = Requisition::kept(claim, steps)
        .ok_or_else(|| wrong("the number of steps of a requisition", 0))?;
    if requisition.state().code() != state {
        return Err(wrong("requisition.state", state));
    }
    Ok(requisition)
}

fn line_value(row: requisition_cost_line::Model) -> Result<CostLine, DbErr> {
    let requisition_cost_line::Model {
        federation_id: _,
        requisition_id: _,
        line: _,
        kind,
        description,
        fte_percent,
        amount_ore,
    } = row;
    let kind = cost_kind(&kind)?;
    CostLine::new(kind, description, fte_percent, Ore::new(amount_ore))
        .map_err(|faults| wrong("a cost line", format!("{faults:?}")))
}

fn step_value(row: requisition_step::Model) -> Result<Step, DbErr> {
    let requisition_step::Model {
        federation_id,
        requisition_id: _,
        step: _,
        state,
        actor_id,
        taken_at,
        comment,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    Ok(Step {
        state: state_of(&state)?,
        actor: AccountName::new(federation, slug("actor_id", &actor_id)?),
        time: taken_at,
        comment,
    })
}

fn cost_kind(code: &str) -> Result<CostKind, DbErr> {
    CostKind::from_code(code).ok_or_else(|| wrong("requisition_cost_line.kind", code))
}

fn state_of(code: &str) -> Result<State, DbErr> {
    State::from_code(code).ok_or_else(|| wrong("requisition_step.state", code))
}
