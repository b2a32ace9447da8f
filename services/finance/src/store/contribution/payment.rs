//! Table `contribution_payment`.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    Select,
};
use values::{
    Slug,
    name::{ContributionPaymentName, PartyName},
};

use crate::{
    domain::{
        budget_year::BudgetYear,
        contribution::{Standing, payment::Payment},
        ledger::Voucher,
    },
    store::{
        Listed, Stretch, among, budget_year, entity::contribution_payment, ledger, newest,
        signed_amount, slug,
    },
};

/// What a new payment is checked against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BeforePay {
    /// True when a payment of that name is there.
    pub(crate) is_taken: bool,
    /// Where the party stands.
    pub(crate) standing: Standing,
}

/// Looks for the name of a new payment, and where its party stands.
pub(crate) async fn before_pay(
    connection: &impl ConnectionTrait,
    name: Option<&ContributionPaymentName>,
    year: Option<BudgetYear>,
    party: Option<&PartyName>,
) -> Result<BeforePay, DbErr> {
    let there = match name {
        Some(name) => {
            let key = (name.federation.to_string(), name.id.to_string());
            contribution_payment::Entity::find_by_id(key).one(connection).await?
        }
        None => None,
    };
    let standings = match year.zip(party) {
        Some((year, party)) => super::standings(connection, &party.federation, year).await?,
        None => BTreeMap::new(),
    };
    let standing = party.and_then(|party| standings.get(&party.id)).copied();
    Ok(BeforePay { is_taken: there.is_some(), standing: standing.unwrap_or_default() })
}

/// The payments of these names that are there.
pub(in crate::store) async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
) -> Result<HashMap<ContributionPaymentName, Payment>, DbErr> {
    let column = contribution_payment::Column::ContributionPaymentId;
    let rows = of(federation).filter(among(connection, column, ids)).all(connection).await?;
    let named = |row| value(row).map(|payment| (payment.name.clone(), payment));
    rows.into_iter().map(named).collect()
}

/// Adds a payment with what it posts.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &Payment,
    sequence: i64,
    voucher: &Voucher,
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    insert_all(&mut batch, &[(sequence, added)]).await?;
    ledger::append(&mut batch, &added.name.federation, &[(sequence, voucher)], &[]).await?;
    batch.send().await
}

pub(in crate::store) async fn insert_all<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[(i64, &Payment)],
) -> Result<(), DbErr> {
    let rows = added.iter().map(|(sequence, payment)| row(payment, *sequence)).collect();
    batch.insert(contribution_payment::Entity, rows).await
}

fn row(payment: &Payment, sequence: i64) -> contribution_payment::Model {
    let Payment { name, year, party, amount, payment_date, bank_reference, comment, synthetic } =
        payment;
    contribution_payment::Model {
        federation_id: name.federation.to_string(),
        contribution_payment_id: name.id.to_string(),
        year: year.number(),
        party_id: party.id.to_string(),
        amount_ore: amount.ore().get(),
        payment_date: *payment_date,
        bank_reference: bank_reference.clone(),
        comment: comment.clone(),
        synthetic: *synthetic,
        created_sequence: sequence,
    }
}

/// Payments for a year and by a party, or of all, newest first.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: Option<BudgetYear>,
    party: Option<&PartyName>,
    stretch: Stretch,
) -> Result<Listed<Payment>, DbErr> {
    let mut select = of(federation);
    if let Some(year) = year {
        select = select.filter(contribution_payment::Column::Year.eq(year.number()));
    }
    if let Some(party) = party {
        select = select.filter(contribution_payment::Column::PartyId.eq(party.id.as_str()));
    }
    let by = contribution_payment::Column::CreatedSequence;
    let (rows, next) = newest(connection, select, by, |row| row.created_sequence, stretch).await?;
    let items = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    Ok(Listed { items, next })
}

/// Every payment, each as far as its row makes one: for the check of the whole
/// database.
pub(in crate::store) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(ContributionPaymentName, Result<Payment, DbErr>)>, DbErr> {
    let rows = of(federation)
        .order_by_asc(contribution_payment::Column::ContributionPaymentId)
        .all(connection)
        .await?;
    let reading = |row: contribution_payment::Model| {
        let id = slug("contribution_payment_id", &row.contribution_payment_id)?;
        Ok((ContributionPaymentName::new(federation.clone(), id), value(row)))
    };
    rows.into_iter().map(reading).collect()
}

fn of(federation: &Slug) -> Select<contribution_payment::Entity> {
    contribution_payment::Entity::find()
        .filter(contribution_payment::Column::FederationId.eq(federation.as_str()))
}

fn value(row: contribution_payment::Model) -> Result<Payment, DbErr> {
    let contribution_payment::Model {
        federation_id,
        contribution_payment_id,
        year,
        party_id,
        amount_ore,
        payment_date,
        bank_reference,
        comment,
        synthetic,
        created_sequence: _,
    } = row;
    let federation = slug("federation_id", &federation_id)?;
    let id = slug("contribution_payment_id", &contribution_payment_id)?;
    Ok(Payment {
        name: ContributionPaymentName::new(federation.clone(), id),
        year: budget_year("contribution_payment.year", year)?,
        party: PartyName::new(federation, slug("party_id", &party_id)?),
        amount: signed_amount("contribution_payment.amount_ore", amount_ore)?,
        payment_date,
        bank_reference,
        comment,
        synthetic,
    })
}
