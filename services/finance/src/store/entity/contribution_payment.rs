//! Table `contribution_payment`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contribution_payment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub contribution_payment_id: String,
    pub year: i32,
    pub party_id: String,
    pub amount_ore: i64,
    pub payment_date: Date,
    pub bank_reference: String,
    pub comment: String,
    pub synthetic: bool,
    pub created_sequence: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
