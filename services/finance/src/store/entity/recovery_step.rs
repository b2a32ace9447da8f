//! Table `recovery_step`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_step")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub recovery_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: i32,
    pub state: String,
    pub actor_id: String,
    pub taken_at: DateTimeUtc,
    pub comment: String,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
