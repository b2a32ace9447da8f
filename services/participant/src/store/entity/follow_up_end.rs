//! Table `follow_up_end`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow_up_end")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub months: i16,
    #[sea_orm(primary_key, auto_increment = false)]
    pub known_from: i64,
    pub enrolment_id: String,
    pub reached: i16,
    pub known_to: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
