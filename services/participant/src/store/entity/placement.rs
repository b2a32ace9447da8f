//! Table `placement`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "placement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub placement_id: String,
    pub enrolment_id: String,
    pub team_id: String,
    pub sector: i16,
    pub first_day: Date,
    pub last_day: Option<Date>,
    pub ended_sequence: Option<i64>,
    pub revision: i64,
    pub known_to: i64,
    pub created_sequence: i64,
    pub sequence: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
