//! Table `disposed_fact`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disposed_fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub disposed_fact_id: String,
    pub collection: String,
    pub team_id: String,
    pub party_id: String,
    pub is_owned: bool,
    pub code: i16,
    pub day: Date,
    pub last_day: Option<Date>,
    pub ended_sequence: Option<i64>,
    pub exited: Option<Date>,
    pub person: Option<String>,
    pub questionnaire_id: Option<String>,
    pub question_id: Option<String>,
    pub halves: Option<i32>,
    pub known_from: i64,
    pub known_to: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
