//! Table `financial_year`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "financial_year")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub is_closed: bool,
    pub opening_equity_ore: i64,
    pub opening_dnr: String,
    pub opening_decision_date: Option<Date>,
    pub opening_deciding_body: String,
    pub closing_dnr: String,
    pub closing_decision_date: Option<Date>,
    pub closing_deciding_body: String,
    pub contributions_ore: i64,
    pub initiatives_ore: i64,
    pub own_costs_ore: i64,
    pub closing_equity_ore: i64,
    pub lapsed_ore: i64,
    pub unpaid_ore: i64,
    pub outstanding_ore: i64,
    pub revision: i32,
    pub synthetic: bool,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
