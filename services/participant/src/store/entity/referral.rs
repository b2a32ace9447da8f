//! Table `referral`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referral")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub referral_id: String,
    pub person_id: String,
    pub team_id: String,
    pub municipality_id: String,
    pub party_id: String,
    pub sender_id: String,
    pub state: i16,
    pub referral_date: Date,
    pub goes_first: bool,
    pub import_id: Option<String>,
    pub revision: i64,
    pub person_sequence: i64,
    pub created_sequence: i64,
    pub sequence: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
