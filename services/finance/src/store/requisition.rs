//! Tables `requisition`, `requisition_cost_line`, `requisition_step` and
//! `attachment`.

mod book;
mod claimed;
mod found;
mod rows;

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, Value,
};
use values::{
    Slug,
    name::{GrantName, PartyName, RequisitionName},
};

use super::{
    Listed, Stretch,
    entity::{attachment, requisition, requisition_cost_line, requisition_step},
    grouped, ledger, newest, slug,
};
use crate::domain::{
    ledger::Voucher,
    requisition::{Kept, Reach, Requisition, State},
};
pub(super) use rows::{attachment_row, cost_kind};
use rows::{header, line_row, step_row};

pub(crate) use book::{Wanted, book, book_at, find, named};
pub(super) use claimed::claimed_on;

/// Ids in one query.
pub(super) const IDS_AT_ONCE: usize = 1000;

/// Which requisitions a list is about.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Those within reach.
    pub(crate) reach: Reach,
    /// Only those against this grant.
    pub(crate) grant: Option<GrantName>,
    /// Only those in this state.
    pub(crate) state: Option<State>,
    /// Only those of this party.
    pub(crate) party: Option<PartyName>,
    /// Only corrections of this one.
    pub(crate) corrects: Option<RequisitionName>,
    /// Which stretch.
    pub(crate) stretch: Stretch,
}

/// A page of requisitions, newest first. Takes several statements: give it one
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
    if let Some(party) = &filter.party {
        select = select.filter(requisition::Column::PartyId.eq(party.id.as_str()));
    }
    if let Some(corrects) = &filter.corrects {
        select = select.filter(requisition::Column::CorrectsId.eq(corrects.id.as_str()));
    }
    let by = requisition::Column::CreatedSequence;
    let (rows, next) =
        newest(connection, select, by, |row| row.created_sequence, filter.stretch).await?;
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
        headers.push(standing(requisition));
        let numbered = (1..).zip(requisition.steps()).skip(*before);
        steps.extend(numbered.map(|(number, step)| step_row(federation, claim, number, step)));
    }
    if !headers.is_empty() {
        let after = batch.table("after", headers);
        let federation = batch.bind(federation.as_str());
        batch.push(format!(
            "UPDATE requisition SET state = after.column2, revision = after.column3, \
                 earlier_requisitioned_ore = after.column4, payment_date = after.column5, \
                 bank_reference = after.column6 FROM {after} \
             WHERE requisition.federation_id = {federation} \
                 AND requisition.requisition_id = after.column1"
        ));
    }
    batch.insert(requisition_step::Entity, steps).await?;
    let vouchers: Vec<(i64, &Voucher)> =
        vouchers.iter().map(|(sequence, voucher)| (*sequence, voucher)).collect();
    ledger::append(batch, federation, &vouchers, &[]).await
}

/// What a step changes of a requisition's own row.
fn standing(requisition: &Requisition) -> Vec<Value> {
    let record = requisition.record();
    let payment = record.payment.as_ref();
    let reference = payment.map(|payment| payment.bank_reference.as_str()).unwrap_or_default();
    vec![
        record.claim.name.id.as_str().into(),
        requisition.state().code().into(),
        record.revision.into(),
        record.earlier_requisitioned.get().into(),
        payment.map(|payment| payment.day).into(),
        reference.into(),
    ]
}

/// Replaces the content of a requisition.
pub(crate) async fn replace(
    connection: &impl ConnectionTrait,
    requisition: &Requisition,
) -> Result<(), DbErr> {
    let name = &requisition.claim().name;
    requisition_cost_line::Entity::delete_many()
        .filter(requisition_cost_line::Column::FederationId.eq(name.federation.as_str()))
        .filter(requisition_cost_line::Column::RequisitionId.eq(name.id.as_str()))
        .exec(connection)
        .await?;
    let numbered = (1..).zip(requisition.claim().cost_lines.as_slice());
    let lines = numbered.map(|(number, line)| line_row(requisition.claim(), number, line));
    let mut batch = Batch::on(connection);
    rows::update_content(&mut batch, requisition);
    batch.insert(requisition_cost_line::Entity, lines.collect()).await?;
    batch.send().await
}

/// Keeps the revision of a requisition whose files have changed.
pub(super) fn keep_revision<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    requisition: &Requisition,
) {
    let name = &requisition.claim().name;
    let revision = batch.bind(requisition.record().revision);
    let federation = batch.bind(name.federation.as_str());
    let id = batch.bind(name.id.as_str());
    batch.push(format!(
        "UPDATE requisition SET revision = {revision} \
         WHERE federation_id = {federation} AND requisition_id = {id}"
    ));
}

fn of(federation: &Slug) -> Select<requisition::Entity> {
    requisition::Entity::find().filter(requisition::Column::FederationId.eq(federation.as_str()))
}

/// Puts the cost lines, the steps and the files to their requisitions, in the same order.
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
    let files = attachment::Entity::find()
        .filter(attachment::Column::FederationId.eq(federation.as_str()))
        .filter(attachment::Column::RequisitionId.is_in(ids.iter().copied()))
        .order_by_asc(attachment::Column::Place)
        .all(connection)
        .await?;
    let mut lines_of = grouped(lines, |row| row.requisition_id.clone());
    let mut steps_of = grouped(steps, |row| row.requisition_id.clone());
    let mut files_of = grouped(files, |row| row.requisition_id.clone());
    let whole = |row: requisition::Model| -> Result<Requisition, DbErr> {
        let lines = lines_of.remove(&row.requisition_id).unwrap_or_default();
        let steps = steps_of.remove(&row.requisition_id).unwrap_or_default();
        let files = files_of.remove(&row.requisition_id).unwrap_or_default();
        rows::value(row, lines, steps, files)
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
