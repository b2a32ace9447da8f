//! Table `contribution_share`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contribution_share")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contribution_decision_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
    pub party_id: String,
    pub contribution_group: String,
    pub weight: i64,
    pub amount_ore: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
