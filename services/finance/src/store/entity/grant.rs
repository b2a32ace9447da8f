//! Table `grant`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, serde::Deserialize)]
#[sea_orm(table_name = "grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub grant_id: String,
    pub recipient_id: String,
    pub first_day: Date,
    pub last_day: Date,
    pub amount_ore: i64,
    pub dnr: String,
    pub decision_date: Date,
    pub deciding_body: String,
    pub synthetic: bool,
    pub left_ore: i64,
    pub reserved_ore: i64,
    pub requisitioned_ore: i64,
    pub allotted_ore: i64,
    pub lapsed_ore: i64,
    pub parent_grant_id: Option<String>,
    pub version: i32,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
