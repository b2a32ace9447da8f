//! That tables which are an index over the journal find what it has, and no more: each
//! row is made again from the last payload.

use platform::{
    db::OpenTransaction,
    journalled::{Recorded, verify::Table},
};
use sea_orm::DbErr;

use crate::{rpc, store};

/// Every problem of these tables, one line each.
pub(super) async fn problems(picture: &OpenTransaction) -> anyhow::Result<Vec<String>> {
    let mut positions = table(picture, "positions", rpc::position::row).await?;
    let mut pauses = table(picture, "intakePauses", rpc::intake_pause::row).await?;
    let mut reserved = table(picture, "reservedPlaces", rpc::reserved_places::row).await?;
    let mut activities = table(picture, "groupActivities", rpc::group_activity::row).await?;
    let mut questionnaires = table(picture, "questionnaires", rpc::questionnaire::row).await?;
    let mut imports = table(picture, "participantImports", rpc::participant_import::index).await?;
    let mut released = table(picture, "releasedTables", rpc::tabulation::row).await?;
    let mut retentions = table(picture, "retentions", rpc::disposal::retention_row).await?;
    let mut disposals = table(picture, "disposals", rpc::disposal::row).await?;
    let mut agreements = table(picture, "dataAgreements", rpc::data_set::row).await?;
    for federation in store::verify::federations(picture).await? {
        let found = store::position::all(picture, &federation).await;
        positions.find(found, |row| &row.name)?;
        let found = store::intake_pause::all(picture, &federation).await;
        pauses.find(found, |row| &row.name)?;
        let found = store::reserved_places::all(picture, &federation).await;
        reserved.find(found, |row| &row.key)?;
        let found = store::group_activity::all(picture, &federation).await;
        activities.find(found, |row| &row.name)?;
        let found = store::questionnaire::all(picture, &federation).await;
        questionnaires.find(found, |row| &row.name)?;
        let found = store::participant_import::all(picture, &federation).await;
        imports.find(found, |row| &row.name)?;
        let found = store::released_table::all(picture, &federation).await;
        released.find(found, |row| &row.name)?;
        let found = store::retention::all(picture, &federation).await;
        retentions.find(found, |row| &row.name)?;
        let found = store::disposal::all(picture, &federation).await;
        disposals.find(found, |row| &row.name)?;
        let found = store::data_agreement::all(picture, &federation).await;
        agreements.find(found, |row| &row.name)?;
    }
    let of_each = [
        positions.problems(),
        pauses.problems(),
        reserved.problems(),
        activities.problems(),
        questionnaires.problems(),
        imports.problems(),
        released.problems(),
        retentions.problems(),
        disposals.problems(),
        agreements.problems(),
    ];
    Ok(of_each.concat())
}

/// A table whose collection has nothing else below it.
async fn table<R: PartialEq>(
    picture: &OpenTransaction,
    collection: &str,
    row: impl Fn(&str, &[u8], Recorded) -> anyhow::Result<R>,
) -> Result<Table<R>, DbErr> {
    Table::of(picture, collection, |name, payload, recorded| row(name, payload, recorded).map(Some))
        .await
}
