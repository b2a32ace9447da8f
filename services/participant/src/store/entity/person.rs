//! Table `person`.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub federation_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: String,
    pub party_id: String,
    pub lookup: Option<Vec<u8>>,
    pub is_protected: bool,
    pub wrapped_key: Vec<u8>,
    pub merged_into: Option<String>,
    pub revision: i64,
    pub created_sequence: i64,
    pub sequence: i64,
}

#[derive(Debug, Copy, Clone, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
