//! The tables that are an index over the journal and about nobody.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbErr};
use values::name::{BandingName, TableLayoutName};

use crate::{
    domain::{banding::BandedDimension, criteria::Criteria},
    projection::table,
    rpc,
    store::{
        banding, criteria, data_agreement, disposal, group_activity, intake_pause,
        participant_import, position, questionnaire, released_table, reserved_places, retention,
        table_layout,
    },
};

/// Their rows, of all federations.
pub(super) struct Tables {
    positions: Vec<position::Row>,
    pauses: Vec<intake_pause::Row>,
    reserved: Vec<reserved_places::Row>,
    activities: Vec<group_activity::Row>,
    questionnaires: Vec<questionnaire::Row>,
    imports: Vec<participant_import::Row>,
    released: Vec<released_table::Row>,
    retentions: Vec<retention::Row>,
    disposals: Vec<disposal::Row>,
    agreements: Vec<data_agreement::Row>,
    criteria: Vec<(Criteria, i64)>,
    bandings: Vec<(BandingName, BandedDimension, i64)>,
    layouts: Vec<(TableLayoutName, i64)>,
}

impl Tables {
    /// Out of what was recorded last; adds a line for each row that cannot be made.
    pub(super) async fn made(
        connection: &impl ConnectionTrait,
        problems: &mut Vec<String>,
    ) -> Result<Self, DbErr> {
        let journal = connection;
        Ok(Self {
            positions: rows(table(journal, "positions", rpc::position::row).await?, problems),
            pauses: rows(table(journal, "intakePauses", rpc::intake_pause::row).await?, problems),
            reserved: rows(
                table(journal, "reservedPlaces", rpc::reserved_places::row).await?,
                problems,
            ),
            activities: rows(
                table(journal, "groupActivities", rpc::group_activity::row).await?,
                problems,
            ),
            questionnaires: rows(
                table(journal, "questionnaires", rpc::questionnaire::row).await?,
                problems,
            ),
            imports: rows(
                table(journal, "participantImports", rpc::participant_import::index).await?,
                problems,
            ),
            released: rows(table(journal, "releasedTables", rpc::tabulation::row).await?, problems),
            retentions: rows(
                table(journal, "retentions", rpc::disposal::retention_row).await?,
                problems,
            ),
            disposals: rows(table(journal, "disposals", rpc::disposal::row).await?, problems),
            agreements: rows(table(journal, "dataAgreements", rpc::data_set::row).await?, problems),
            criteria: rows(table(journal, "criteria", rpc::criteria::row).await?, problems),
            bandings: rows(table(journal, "bandings", rpc::banding::row).await?, problems),
            layouts: rows(table(journal, "tableLayouts", rpc::table_layout::row).await?, problems),
        })
    }

    /// Adds them.
    pub(super) async fn insert(&self, connection: &impl ConnectionTrait) -> Result<(), DbErr> {
        for row in &self.positions {
            position::insert(connection, row).await?;
        }
        for row in &self.pauses {
            intake_pause::insert(connection, row).await?;
        }
        for row in &self.reserved {
            reserved_places::set(connection, row).await?;
        }
        for row in &self.activities {
            group_activity::insert(connection, row).await?;
        }
        for row in &self.questionnaires {
            questionnaire::insert(connection, row).await?;
        }
        for row in &self.imports {
            participant_import::insert(connection, row).await?;
        }
        released_table::insert(connection, &self.released).await?;
        for row in &self.retentions {
            retention::set(connection, row).await?;
        }
        for row in &self.disposals {
            disposal::insert(connection, row).await?;
        }
        for row in &self.agreements {
            data_agreement::insert(connection, row).await?;
        }
        for (version, sequence) in &self.criteria {
            criteria::insert(connection, version, *sequence).await?;
        }
        for (name, divides, sequence) in &self.bandings {
            banding::insert(connection, name, *divides, *sequence).await?;
        }
        for (name, sequence) in &self.layouts {
            table_layout::insert(connection, name, *sequence).await?;
        }
        Ok(())
    }
}

fn rows<R>(made: (BTreeMap<String, R>, Vec<String>), problems: &mut Vec<String>) -> Vec<R> {
    problems.extend(made.1);
    made.0.into_values().collect()
}
