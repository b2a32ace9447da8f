//! Table `requisition`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, serde::Deserialize)]
#[sea_orm(table_name = "requisition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub requisition_id: String,
    pub grant_id: String,
    pub party_id: String,
    pub first_day: Date,
    pub last_day: Date,
    pub payment_reference: String,
    pub synthetic: bool,
    pub amount_ore: i64,
    pub state: String,
    pub created_sequence: i64,
    pub revision: i32,
    pub corrects_id: Option<String>,
    pub organisation_number: String,
    pub dnr: String,
    pub forecast_rest_ore: Option<i64>,
    pub earlier_requisitioned_ore: i64,
    pub payment_date: Option<Date>,
    pub bank_reference: String,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
