//! Table `recovery`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub recovery_id: String,
    pub requisition_id: String,
    pub party_id: String,
    pub reason: String,
    pub dnr: String,
    pub amount_ore: i64,
    pub state: String,
    pub settlement_date: Option<Date>,
    pub bank_reference: String,
    pub created_sequence: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
