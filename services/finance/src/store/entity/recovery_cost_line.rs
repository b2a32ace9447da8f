//! Table `recovery_cost_line`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_cost_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub recovery_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
    pub kind: String,
    pub description: String,
    pub fte_percent: i32,
    pub amount_ore: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
