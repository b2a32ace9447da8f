//! Which due date a reminder says: when that is moved, another is sent. What was recorded
//! before says none.

use platform::schema::column;
use sea_orm::{DbErr, sea_query::Alias};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager, sea_query::TableAlterStatement,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_reminder_due_date"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut due_date = column("due_date");
        due_date.date().default("1970-01-01");
        let mut reminder = TableAlterStatement::new();
        reminder.table(Alias::new("reminder")).add_column(due_date);
        manager.alter_table(reminder).await
    }
}
