//! That tables which are an index over the journal find what it has, and no more: each
//! row is made again from the last payload.

use std::{collections::BTreeMap, fmt::Display};

use sea_orm::{DatabaseTransaction, DbErr};

use super::differences;
use crate::{
    rpc,
    store::{
        self,
        journalled::Recorded,
        verify::{Journalled, journalled},
    },
};

/// Every problem of these tables, one line each.
pub(super) async fn problems(picture: &DatabaseTransaction) -> anyhow::Result<Vec<String>> {
    let mut positions = Table::of(picture, "positions", rpc::position::row).await?;
    let mut pauses = Table::of(picture, "intakePauses", rpc::intake_pause::row).await?;
    let mut reserved = Table::of(picture, "reservedPlaces", rpc::reserved_places::row).await?;
    let mut activities = Table::of(picture, "groupActivities", rpc::group_activity::row).await?;
    let mut questionnaires = Table::of(picture, "questionnaires", rpc::questionnaire::row).await?;
    let mut imports =
        Table::of(picture, "participantImports", rpc::participant_import::index).await?;
    let mut released = Table::of(picture, "releasedTables", rpc::tabulation::row).await?;
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
    }
    let of_each = [
        positions.problems(),
        pauses.problems(),
        reserved.problems(),
        activities.problems(),
        questionnaires.problems(),
        imports.problems(),
        released.problems(),
    ];
    Ok(of_each.concat())
}

/// A table as the journal would have it, and as it is.
struct Table<R> {
    recorded: BTreeMap<String, R>,
    found: BTreeMap<String, R>,
    problems: Vec<String>,
}

impl<R: PartialEq> Table<R> {
    /// What the journal would have under names of a collection.
    async fn of(
        picture: &DatabaseTransaction,
        collection: &str,
        row: impl Fn(&str, &[u8], Recorded) -> anyhow::Result<R>,
    ) -> Result<Self, DbErr> {
        let mut table =
            Self { recorded: BTreeMap::new(), found: BTreeMap::new(), problems: Vec::new() };
        for Journalled { name, recorded, payload } in journalled(picture, collection).await? {
            match row(&name, &payload, recorded) {
                Ok(row) => {
                    table.recorded.insert(name, row);
                }
                Err(error) => {
                    table.problems.push(format!("{name} cannot be read in the journal: {error}"));
                }
            }
        }
        Ok(table)
    }

    /// Takes in the rows of a federation.
    fn find<N: Display>(
        &mut self,
        rows: Result<Vec<R>, DbErr>,
        name: impl Fn(&R) -> &N,
    ) -> Result<(), DbErr> {
        match rows {
            Ok(rows) => {
                let named = rows.into_iter().map(|row| (name(&row).to_string(), row));
                self.found.extend(named);
            }
            Err(DbErr::Type(what)) => {
                self.problems.push(format!("a table has a row that no one wrote: {what}"));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn problems(mut self) -> Vec<String> {
        self.problems.extend(differences(&self.recorded, &self.found));
        self.problems
    }
}
