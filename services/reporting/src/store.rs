//! The tables of periods and reported figures, and the indexes over the journal that
//! find reports with what belongs to them. Gives and takes domain values; of what is
//! kept in the journal, the rows that find it and the payloads as they are.
//!
//! Architecture invariant: SQL and entities stay in here, and every function
//! starts from the federation, alone or as the first part of a name: a query
//! across federations cannot be written, but for the check of the whole
//! database, and for what the service does for all of them unasked.

pub(crate) mod attachment;
pub(crate) mod chapter;
pub(crate) mod comment;
pub(crate) mod due_report;
mod entity;
pub(crate) mod held_activities;
pub(crate) mod indexed;
pub(crate) mod local_goal;
pub(crate) mod migrations;
pub(crate) mod national_follow_up;
pub(crate) mod programme_plan;
pub(crate) mod release;
pub(crate) mod reminder;
pub(crate) mod report;
pub(crate) mod report_template;
pub(crate) mod reported_figures;
pub(crate) mod reporting_period;
pub(crate) mod steering_group;
pub(crate) mod steering_group_meeting;
pub(crate) mod verify;

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
};
use values::{Fault, Slug};

/// Rows in one insert: well below what either database can bind.
const ROWS_AT_ONCE: usize = 500;

async fn insert_all<A>(connection: &impl ConnectionTrait, models: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let mut models = models.into_iter().peekable();
    while models.peek().is_some() {
        let chunk: Vec<A> = models.by_ref().take(ROWS_AT_ONCE).collect();
        A::Entity::insert_many(chunk).exec_without_returning(connection).await?;
    }
    Ok(())
}

/// Keeps a row as it has become.
async fn keep<A>(
    connection: &impl ConnectionTrait,
    row: <A::Entity as EntityTrait>::Model,
) -> Result<(), DbErr>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let row = row.into_active_model().reset_all();
    A::Entity::update(row).exec_without_returning(connection).await?;
    Ok(())
}

fn slug(column: &str, text: &str) -> Result<Slug, DbErr> {
    Slug::parse(column, text).map_err(unreadable)
}

/// What a row says when nothing the service writes can say it.
fn unreadable(fault: Fault) -> DbErr {
    DbErr::Type(format!("{}: {}", fault.field, fault.reason))
}
