//! Table `criteria`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criteria")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub criteria_id: String,
    /// Empty for all teams without criteria of their own.
    pub team_id: String,
    pub first_day: Date,
    pub sequence: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
