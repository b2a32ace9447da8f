//! What a year's close is decided from, and what it leaves behind.

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use values::{
    Slug,
    name::{RecoveryName, RequisitionName},
};

use super::{of, row};
use crate::{
    domain::{
        budget_year::BudgetYear,
        financial_year::close::{Closed, Undecided},
        grant::Grant,
        ledger::{Voucher, vouchers::year::YearBalance},
        recovery,
        requisition::State,
    },
    store::{
        bound::Bound,
        entity::{financial_year, requisition},
        grant, ledger, slug, wrong,
    },
};

/// What a close is checked against and computed from.
#[derive(Debug, Clone)]
pub(crate) struct BeforeClose {
    /// The first open year before it.
    pub(crate) earlier_open: Option<i32>,
    /// True when the next year is there.
    pub(crate) next_is_open: bool,
    /// Requisitions that wait for a decision, of the year or of one before it.
    pub(crate) requisitions: Option<Undecided<RequisitionName>>,
    /// Recoveries that wait for a decision, of the money of the year or of one
    /// before it.
    pub(crate) recoveries: Option<Undecided<RecoveryName>>,
    /// What the year's accounts stand at.
    pub(crate) balances: Vec<YearBalance>,
    /// The year's grants with something left, in order of id.
    pub(crate) grants: Vec<Grant>,
}

/// Gathers what the close of a year rests on.
pub(crate) async fn before_close(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<BeforeClose, DbErr> {
    let number = year.number();
    let years = of(federation).order_by_asc(financial_year::Column::Year).all(connection).await?;
    let mut open = years.iter().filter(|kept| !kept.is_closed).map(|kept| kept.year);
    Ok(BeforeClose {
        earlier_open: open.next().filter(|earlier| *earlier < number),
        next_is_open: years.iter().any(|kept| kept.year == number + 1),
        requisitions: undecided_requisitions(connection, federation, year).await?,
        recoveries: undecided_recoveries(connection, federation, year).await?,
        balances: ledger::balances::of_year(connection, federation, year).await?,
        grants: grant::with_something_left(connection, federation, year).await?,
    })
}

/// Requisitions of the year, or of one before it that was never kept here: once
/// the year is closed, nothing of them could be posted any more.
async fn undecided_requisitions(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<Option<Undecided<RequisitionName>>, DbErr> {
    let waiting = State::ALL.iter().filter(|state| state.reserves()).map(|state| state.code());
    let rows: Vec<String> = requisition::Entity::find()
        .filter(requisition::Column::FederationId.eq(federation.as_str()))
        .filter(requisition::Column::State.is_in(waiting))
        .filter(requisition::Column::LastDay.lte(year.days().last_day()))
        .order_by_asc(requisition::Column::CreatedSequence)
        .select_only()
        .column(requisition::Column::RequisitionId)
        .into_tuple()
        .all(connection)
        .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let first = RequisitionName::new(federation.clone(), slug("requisition_id", first)?);
    let count = i64::try_from(rows.len()).map_err(|_| wrong("requisitions", rows.len()))?;
    Ok(Some(Undecided { count, first }))
}

/// Recoveries of what was requisitioned in the year, or in one before it that was
/// never kept here: once the year is closed, they would be another year's.
async fn undecided_recoveries(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<Option<Undecided<RecoveryName>>, DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let proposed = bound.bind(recovery::State::Proposed.code());
    let last_day = bound.bind(year.days().last_day());
    let sql = format!(
        "SELECT v.recovery_id AS recovery_id FROM recovery v \
         JOIN requisition r ON r.federation_id = v.federation_id \
             AND r.requisition_id = v.requisition_id \
         WHERE v.federation_id = {federation_id} AND v.state = {proposed} \
             AND r.last_day <= {last_day} \
         ORDER BY v.created_sequence"
    );
    let rows = bound.query(connection, sql).await?;
    let Some(earliest) = rows.first() else { return Ok(None) };
    let id: String = earliest.try_get("", "recovery_id")?;
    let first = RecoveryName::new(federation.clone(), slug("recovery_id", &id)?);
    let count = i64::try_from(rows.len()).map_err(|_| wrong("recoveries", rows.len()))?;
    Ok(Some(Undecided { count, first }))
}

/// Closes a year: the year itself, what lapsed of its grants, its postings, and
/// the year after. `first` is the sequence of the first lapse; the close follows
/// after the last.
pub(crate) async fn keep_close(
    connection: &impl ConnectionTrait,
    closed: &Closed,
    first: i64,
) -> Result<(), DbErr> {
    let Closed { year, voucher, lapses, next } = closed;
    let federation = &year.name.federation;
    let mut batch = Batch::on(connection);
    let lapsed = lapses.iter().map(|(_, voucher)| voucher);
    let vouchers: Vec<(i64, &Voucher)> = (first..).zip(lapsed.chain([voucher])).collect();
    ledger::append(&mut batch, federation, &vouchers, &[]).await?;
    keep_closing(&mut batch, &row(year));
    let next = next.iter().map(row).collect();
    batch.insert(financial_year::Entity, next).await?;
    batch.send().await
}

fn keep_closing<C: ConnectionTrait>(batch: &mut Batch<'_, C>, row: &financial_year::Model) {
    let is_closed = batch.bind(row.is_closed);
    let dnr = batch.bind(row.closing_dnr.as_str());
    let decision_date = batch.bind(row.closing_decision_date);
    let deciding_body = batch.bind(row.closing_deciding_body.as_str());
    let [contributions, initiatives, own_costs, closing_equity, lapsed, unpaid, outstanding] = [
        row.contributions_ore,
        row.initiatives_ore,
        row.own_costs_ore,
        row.closing_equity_ore,
        row.lapsed_ore,
        row.unpaid_ore,
        row.outstanding_ore,
    ]
    .map(|ore| batch.bind(ore));
    let revision = batch.bind(row.revision);
    let (federation, year) = (batch.bind(row.federation_id.as_str()), batch.bind(row.year));
    batch.push(format!(
        "UPDATE financial_year SET is_closed = {is_closed}, closing_dnr = {dnr}, \
         closing_decision_date = {decision_date}, closing_deciding_body = {deciding_body}, \
         contributions_ore = {contributions}, initiatives_ore = {initiatives}, \
         own_costs_ore = {own_costs}, closing_equity_ore = {closing_equity}, \
         lapsed_ore = {lapsed}, unpaid_ore = {unpaid}, outstanding_ore = {outstanding}, \
         revision = {revision} WHERE federation_id = {federation} AND year = {year}"
    ));
}
