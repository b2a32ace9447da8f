//! Tables `recovery`, `recovery_cost_line` and `recovery_step`.

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    Select,
};
use values::{
    Ore, Slug,
    name::{AccountName, PartyName, RecoveryName, RequisitionName},
};

use super::{
    Listed, Stretch,
    entity::{recovery, recovery_cost_line, recovery_step},
    grouped, ledger, newest,
    requisition::cost_kind,
    slug, wrong,
};
use crate::domain::{
    cost_line::{CostLine, CostLines},
    ledger::Voucher,
    recovery::{Proposal, Recovery, State, Step},
    requisition::{Payment, Reach},
};

/// Which recoveries a list is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Those within reach.
    pub(crate) reach: Reach,
    /// Only those of this requisition.
    pub(crate) requisition: Option<RequisitionName>,
    /// Only those in this state.
    pub(crate) state: Option<State>,
    /// Which stretch.
    pub(crate) stretch: Stretch,
}

/// The states in which it counts against what can be corrected or recovered.
pub(super) fn live_states() -> impl Iterator<Item = &'static str> {
    let live = State::ALL.iter().filter(|state| state.is_live());
    live.map(|state| state.code())
}

/// One recovery within reach. Takes several statements: give it one picture of the
/// database.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &RecoveryName,
    reach: &Reach,
) -> Result<Option<Recovery>, DbErr> {
    let select = of(&name.federation).filter(recovery::Column::RecoveryId.eq(name.id.as_str()));
    let rows = select.all(connection).await?;
    let found = with_parts(connection, &name.federation, rows).await?.pop().transpose()?;
    Ok(found.filter(|recovery| reach.covers(&recovery.proposal().party)))
}

/// A page of recoveries, newest first. Takes several statements: give it one
/// picture of the database.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<Listed<Recovery>, DbErr> {
    let mut select = of(federation);
    if let Reach::Parties(parties) = &filter.reach {
        let parties = parties.iter().map(Slug::as_str);
        select = select.filter(recovery::Column::PartyId.is_in(parties));
    }
    if let Some(requisition) = &filter.requisition {
        select = select.filter(recovery::Column::RequisitionId.eq(requisition.id.as_str()));
    }
    if let Some(state) = filter.state {
        select = select.filter(recovery::Column::State.eq(state.code()));
    }
    let by = recovery::Column::CreatedSequence;
    let (rows, next) =
        newest(connection, select, by, |row| row.created_sequence, filter.stretch).await?;
    let read = with_parts(connection, federation, rows).await?;
    Ok(Listed { items: read.into_iter().collect::<Result<_, _>>()?, next })
}

/// Every recovery, each as far as its rows make one: for the check of the whole
/// database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(RecoveryName, Result<Recovery, DbErr>)>, DbErr> {
    let rows = of(federation).all(connection).await?;
    let mut names = Vec::with_capacity(rows.len());
    for row in &rows {
        names.push(RecoveryName::new(federation.clone(), slug("recovery_id", &row.recovery_id)?));
    }
    let read = with_parts(connection, federation, rows).await?;
    Ok(names.into_iter().zip(read).collect())
}

/// Adds a recovery with the sequence of the journal that creates it.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &Recovery,
    sequence: i64,
) -> Result<(), DbErr> {
    let Proposal { name, requisition, party, cost_lines, reason, dnr } = added.proposal();
    let row = recovery::Model {
        federation_id: name.federation.to_string(),
        recovery_id: name.id.to_string(),
        requisition_id: requisition.id.to_string(),
        party_id: party.id.to_string(),
        reason: reason.clone(),
        dnr: dnr.clone(),
        amount_ore: cost_lines.total().ore().get(),
        state: added.state().code().to_owned(),
        settlement_date: None,
        bank_reference: String::new(),
        created_sequence: sequence,
    };
    let line_row = |(number, line): (i32, &CostLine)| recovery_cost_line::Model {
        federation_id: name.federation.to_string(),
        recovery_id: name.id.to_string(),
        line: number,
        kind: line.kind().code().to_owned(),
        description: line.description().to_owned(),
        fte_percent: line.fte_percent(),
        amount_ore: line.amount().ore().get(),
    };
    let lines = (1..).zip(cost_lines.as_slice()).map(line_row).collect();
    let mut batch = Batch::on(connection);
    batch.insert(recovery::Entity, vec![row]).await?;
    batch.insert(recovery_cost_line::Entity, lines).await?;
    batch.insert(recovery_step::Entity, vec![last_step_row(added)?]).await?;
    batch.send().await
}

/// Keeps the latest step of a recovery, and what it moves on the ledger.
pub(crate) async fn keep_step(
    connection: &impl ConnectionTrait,
    after: &Recovery,
    sequence: i64,
    voucher: Option<&Voucher>,
) -> Result<(), DbErr> {
    let name = &after.proposal().name;
    let settlement = after.settlement();
    let reference = settlement.map(|paid| paid.bank_reference.clone()).unwrap_or_default();
    let mut batch = Batch::on(connection);
    let state = batch.bind(after.state().code());
    let settlement_date = batch.bind(settlement.map(|paid| paid.day));
    let reference = batch.bind(reference);
    let federation = batch.bind(name.federation.as_str());
    let id = batch.bind(name.id.as_str());
    batch.push(format!(
        "UPDATE recovery SET state = {state}, settlement_date = {settlement_date}, \
             bank_reference = {reference} \
         WHERE federation_id = {federation} AND recovery_id = {id}"
    ));
    batch.insert(recovery_step::Entity, vec![last_step_row(after)?]).await?;
    let vouchers: Vec<(i64, &Voucher)> = voucher.iter().map(|it| (sequence, *it)).collect();
    ledger::append(&mut batch, &name.federation, &vouchers, &[]).await?;
    batch.send().await
}

fn of(federation: &Slug) -> Select<recovery::Entity> {
    recovery::Entity::find().filter(recovery::Column::FederationId.eq(federation.as_str()))
}

fn last_step_row(recovery: &Recovery) -> Result<recovery_step::Model, DbErr> {
    let name = &recovery.proposal().name;
    let number = recovery.steps().len();
    let Step { state, actor, time, comment } = recovery.last_step();
    Ok(recovery_step::Model {
        federation_id: name.federation.to_string(),
        recovery_id: name.id.to_string(),
        step: i32::try_from(number).map_err(|_| wrong("recovery_step.step", number))?,
        state: state.code().to_owned(),
        actor_id: actor.id.to_string(),
        taken_at: *time,
        comment: comment.clone(),
    })
}

/// Puts the cost lines and the steps to their recoveries, in the same order.
async fn with_parts(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    rows: Vec<recovery::Model>,
) -> Result<Vec<Result<Recovery, DbErr>>, DbErr> {
    let (mut lines, mut steps) = (Vec::new(), Vec::new());
    for chunk in rows.chunks(super::requisition::IDS_AT_ONCE) {
        let ids: Vec<&str> = chunk.iter().map(|row| row.recovery_id.as_str()).collect();
        let found = recovery_cost_line::Entity::find()
            .filter(recovery_cost_line::Column::FederationId.eq(federation.as_str()))
            .filter(recovery_cost_line::Column::RecoveryId.is_in(ids.iter().copied()))
            .order_by_asc(recovery_cost_line::Column::Line)
            .all(connection)
            .await?;
        lines.extend(found);
        let found = recovery_step::Entity::find()
            .filter(recovery_step::Column::FederationId.eq(federation.as_str()))
            .filter(recovery_step::Column::RecoveryId.is_in(ids.iter().copied()))
            .order_by_asc(recovery_step::Column::Step)
            .all(connection)
            .await?;
        steps.extend(found);
    }
    let mut lines_of = grouped(lines, |row| row.recovery_id.clone());
    let mut steps_of = grouped(steps, |row| row.recovery_id.clone());
    let whole = |row: recovery::Model| -> Result<Recovery, DbErr> {
        let lines = lines_of.remove(&row.recovery_id).unwrap_or_default();
        let steps = steps_of.remove(&row.recovery_id).unwrap_or_default();
        value(row, lines, steps)
    };
    Ok(rows.into_iter().map(whole).collect())
}

fn value(
    row: recovery::Model,
    lines: Vec<recovery_cost_line::Model>,
    steps: Vec<recovery_step::Model>,
) -> Result<Recovery, DbErr> {
    let recovery::Model {
        federation_id,
        recovery_id,
        requisition_id,
        party_id,
        reason,
        dnr,
        amount_ore,
        state,
        settlement_date,
        bank_reference,
        created_sequence: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let lines = lines.into_iter().map(line_value).collect::<Result<_, _>>()?;
    let steps = steps.into_iter().map(|row| step_value(&federation, row));
    let steps = steps.collect::<Result<_, _>>()?;
    let cost_lines = CostLines::new(lines)
        .map_err(|fault| wrong("the cost lines of a recovery", format!("{fault:?}")))?;
    if cost_lines.total().ore() != Ore::new(amount_ore) {
        return Err(wrong("recovery.amount_ore", amount_ore));
    }
    let requisition = slug("requisition_id", &requisition_id)?;
    let proposal = Proposal {
        name: RecoveryName::new(federation.clone(), slug("recovery_id", &recovery_id)?),
        requisition: RequisitionName::new(federation.clone(), requisition),
        party: PartyName::new(federation, slug("party_id", &party_id)?),
        cost_lines,
        reason,
        dnr,
    };
    let settlement = settlement_date.map(|day| Payment { day, bank_reference });
    let recovery = Recovery::kept(proposal, steps, settlement)
        .ok_or_else(|| wrong("the number of steps of a recovery", 0))?;
    if recovery.state().code() != state {
        return Err(wrong("recovery.state", state));
    }
    Ok(recovery)
}

fn line_value(row: recovery_cost_line::Model) -> Result<CostLine, DbErr> {
    let recovery_cost_line::Model {
        federation_id: _,
        recovery_id: _,
        line: _,
        kind,
        description,
        fte_percent,
        amount_ore,
    } = row;
    CostLine::new(cost_kind(&kind)?, description, fte_percent, Ore::new(amount_ore))
        .map_err(|faults| wrong("a cost line of a recovery", format!("{faults:?}")))
}

fn step_value(federation: &Slug, row: recovery_step::Model) -> Result<Step, DbErr> {
    let recovery_step::Model {
        federation_id: _,
        recovery_id: _,
        step: _,
        state,
        actor_id,
        taken_at,
        comment,
    } = row;
    Ok(Step {
        state: State::from_code(&state).ok_or_else(|| wrong("recovery_step.state", &state))?,
        actor: AccountName::new(federation.clone(), slug("actor_id", &actor_id)?),
        time: taken_at,
        comment,
    })
}
