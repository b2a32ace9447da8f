//! What tables of the board's decisions on years have in common: each decision is a
//! version of its own, and the last one taken is in force.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use values::Slug;

use super::{Stretch, among, newest};
use crate::domain::budget_year::BudgetYear;

/// A table of such decisions, by its columns.
pub(super) trait Decisions: EntityTrait {
    const FEDERATION_ID: Self::Column;
    const ID: Self::Column;
    const YEAR: Self::Column;
    const VERSION: Self::Column;
    const DECISION_DATE: Self::Column;
    const CREATED_SEQUENCE: Self::Column;

    /// The sequence of the journal that created a row.
    fn created_sequence(row: &Self::Model) -> i64;
}

/// The decision of an id, when it is there.
pub(super) async fn find<E: Decisions>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    id: &Slug,
) -> Result<Vec<E::Model>, DbErr> {
    of::<E>(federation).filter(E::ID.eq(id.as_str())).all(connection).await
}

/// The decisions of these ids that are there.
pub(super) async fn named<E: Decisions>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
) -> Result<Vec<E::Model>, DbErr> {
    of::<E>(federation).filter(among(connection, E::ID, ids)).all(connection).await
}

/// The decision that was in force for a year on a day, when there was one.
pub(super) async fn in_force<E: Decisions>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
    on: NaiveDate,
) -> Result<Vec<E::Model>, DbErr> {
    of::<E>(federation)
        .filter(E::YEAR.eq(year.number()))
        .filter(E::DECISION_DATE.lte(on))
        .order_by_desc(E::VERSION)
        .limit(1)
        .all(connection)
        .await
}

/// A page of the decisions on a year or on all, newest first.
pub(super) async fn list<E: Decisions>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: Option<BudgetYear>,
    stretch: Stretch,
) -> Result<(Vec<E::Model>, Option<String>), DbErr> {
    let mut select = of::<E>(federation);
    if let Some(year) = year {
        select = select.filter(E::YEAR.eq(year.number()));
    }
    newest(connection, select, E::CREATED_SEQUENCE, E::created_sequence, stretch).await
}

/// Every decision, in order of id.
pub(super) async fn all<E: Decisions>(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<E::Model>, DbErr> {
    of::<E>(federation).order_by_asc(E::ID).all(connection).await
}

fn of<E: Decisions>(federation: &Slug) -> Select<E> {
    E::find().filter(E::FEDERATION_ID.eq(federation.as_str()))
}
