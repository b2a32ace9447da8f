//! Table `enrolment`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub enrolment_id: String,
    pub referral_id: String,
    pub person_id: String,
    pub team_id: String,
    pub party_id: String,
    pub coach_id: String,
    pub is_open: bool,
    pub revision: i64,
    pub created_sequence: i64,
    pub sequence: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
