//! Table `staffing_financing`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staffing_financing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub staffing_financing_id: String,
    pub municipality_id: Option<String>,
    pub title: String,
    pub first_day: Date,
    pub last_day: Option<Date>,
    pub by_municipality_percent: i32,
    pub by_federation_percent: i32,
    pub synthetic: bool,
    pub revision: i32,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
