//! Table `follow_up`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow_up")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub enrolment_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub months: i16,
    pub team_id: String,
    pub due_day: Date,
    pub is_open: bool,
    pub revision: i64,
    pub sequence: Option<i64>,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
