//! Table `case_fact`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_fact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: i16,
    #[sea_orm(primary_key, auto_increment = false)]
    pub known_from: i64,
    pub known_to: i64,
    pub party_team: Uuid,
    pub participant_id: String,
    pub team_id: String,
    pub municipality_id: String,
    pub party_id: String,
    pub sex: i16,
    pub age: Option<i16>,
    pub referring_kind: i16,
    pub sender_id: String,
    pub referred: Option<Date>,
    pub queue_first: Option<Date>,
    pub queue_end: Option<Date>,
    pub enrolled_first: Option<Date>,
    pub enrolled_end: Option<Date>,
    pub is_new: bool,
    pub livelihood: i16,
    pub exited: Option<Date>,
    pub outcome: Option<i16>,
    pub livelihood_after: Option<i16>,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
