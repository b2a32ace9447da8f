//! Table `municipality`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "municipality")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub municipality_id: String,
    pub display_name: String,
    pub area_id: Option<String>,
    pub party_id: Option<String>,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
