//! Table `grant_decision`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grant_decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub grant_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub first_day: Date,
    pub last_day: Date,
    pub amount_ore: i64,
    pub dnr: String,
    pub decision_date: Date,
    pub deciding_body: String,
    pub reason: String,
    pub actor_id: String,
    pub recorded_at: DateTimeUtc,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
