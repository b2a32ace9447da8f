//! What the check of the whole database reads.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use values::Slug;

use super::slug;

const TABLES: [&str; 17] = [
    "reporting_period",
    "reported_figures",
    "reported_count",
    "report_template",
    "report",
    "report_chapter",
    "report_comment",
    "attachment_content",
    "report_release",
    "programme_plan_version",
    "held_activities",
    "local_goal",
    "steering_group",
    "steering_group_meeting",
    "report_schedule",
    "reminder",
    "journal_head",
];

/// Every federation that the database holds anything of.
pub(crate) async fn federations(connection: &impl ConnectionTrait) -> Result<Vec<Slug>, DbErr> {
    let selects = TABLES.map(|table| format!("SELECT federation_id FROM {table}"));
    let sql = selects.join(" UNION ");
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await?;
    let federation =
        |row: &QueryResult| slug("federation_id", &row.try_get::<String>("", "federation_id")?);
    rows.iter().map(federation).collect()
}
