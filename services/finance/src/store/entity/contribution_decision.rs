//! Table `contribution_decision`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contribution_decision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contribution_decision_id: String,
    pub year: i32,
    pub version: i32,
    pub total_ore: i64,
    pub dnr: String,
    pub decision_date: Date,
    pub deciding_body: String,
    pub synthetic: bool,
    pub created_sequence: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
