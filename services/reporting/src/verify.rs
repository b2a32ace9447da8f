//! The check of the whole database: the journal's chain, and that the tables
//! are what the journal says they are.

use std::collections::BTreeMap;

use platform::{
    Database, attachment,
    db::OpenTransaction,
    journal::{self, Claim, Head},
    journalled::{
        Recorded,
        verify::{Table, differences, made},
    },
};
use prost::Message as _;
use sea_orm::DbErr;
use values::Slug;

use crate::{
    domain::release::Stamp,
    rpc::{self, to_proto},
    store::{
        self,
        indexed::{Index, Row},
    },
};

/// Every problem of the database, one line each; none when all is well.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(database: &Database) -> anyhow::Result<Vec<String>> {
    let mut problems = journal::verify(database).await?;
    let picture = database.snapshot().await?;
    let tables = tables(&picture, &mut problems).await?;
    // Names of reported figures begin with their period's: one look finds both.
    let recorded = journal::latest_payloads(&picture, "reportingPeriods").await?;
    problems.extend(differences(&recorded.into_iter().collect(), &tables));
    problems.extend(indexed(&picture).await?);
    problems.extend(indexes(&picture).await?);
    problems.extend(releases(&picture).await?);
    problems.extend(attachments(&picture).await?);
    picture.rollback().await?;
    let claims = claims(database, crate::NAME).await?;
    problems.extend(journal::contradicted(database, crate::NAME, &claims).await?);
    Ok(problems)
}

/// What the published releases say of where the journals of a service were.
///
/// # Errors
/// When the database cannot be read.
pub async fn claims(database: &Database, service: &str) -> anyhow::Result<Vec<Claim>> {
    let picture = database.snapshot().await?;
    // A release that cannot be read is a problem of its own.
    let (stamped, _) = made(&picture, "releases", rpc::release::stamps).await?;
    picture.rollback().await?;
    let mut claims = Vec::new();
    for (by, (federation, stamps)) in stamped {
        for Stamp { service: _, sequence, head_hash } in
            stamps.into_iter().filter(|stamp| stamp.service == service)
        {
            let head = Head { sequence, hash: head_hash };
            claims.push(Claim { by: by.clone(), federation: federation.clone(), head });
        }
    }
    Ok(claims)
}

/// What makes a row of a name, its last payload and where the journal has it.
type MakeRow = fn(&str, &[u8], Recorded) -> anyhow::Result<Option<Row>>;

/// The tables that are an index over the journal, with the collections whose names begin
/// the names of theirs.
const INDEXED: [(&str, &Index, MakeRow); 7] = [
    ("programmePlans", &store::programme_plan::INDEX, rpc::programme_plan::row),
    ("programmePlans", &store::held_activities::INDEX, rpc::held_activities::row),
    ("localGoals", &store::local_goal::INDEX, rpc::local_goal::row),
    ("steeringGroups", &store::steering_group::INDEX, rpc::steering_group::row),
    ("steeringGroups", &store::steering_group_meeting::INDEX, rpc::steering_group_meeting::row),
    ("reportSchedules", &store::due_report::INDEX, rpc::due_report::row),
    ("reminders", &store::reminder::INDEX, rpc::reminder::row),
];

/// What is wrong with these tables.
async fn indexed(picture: &OpenTransaction) -> anyhow::Result<Vec<String>> {
    let federations = store::verify::federations(picture).await?;
    let mut problems = Vec::new();
    for (collection, index, row) in INDEXED {
        let mut table = Table::of(picture, collection, row).await?;
        for federation in &federations {
            table.find(index.all(picture, federation).await, |row| &row.name)?;
        }
        problems.extend(table.problems());
    }
    Ok(problems)
}

/// What is wrong with releases and their files.
async fn releases(picture: &OpenTransaction) -> anyhow::Result<Vec<String>> {
    let row =
        |name: &str, payload: &[u8], recorded| rpc::release::row(name, payload, recorded).map(Some);
    let mut releases = Table::of(picture, "releases", row).await?;
    let mut problems = Vec::new();
    for federation in store::verify::federations(picture).await? {
        let rows = store::release::all(picture, &federation).await;
        for row in rows.iter().flatten() {
            for sha256 in rpc::release::files(picture, &row.name).await? {
                match store::release::content(picture, &federation, &sha256).await {
                    Ok(Some(_)) => {}
                    Ok(None) => problems.push(format!("a file of {} is gone: {sha256}", row.name)),
                    Err(DbErr::Type(what)) => problems.push(format!("{}: {what}", row.name)),
                    Err(error) => return Err(error.into()),
                }
            }
        }
        releases.find(rows, |row| &row.name)?;
    }
    problems.extend(releases.problems());
    Ok(problems)
}

/// What is wrong with the files of chapters: contents that are no longer what was sent in,
/// and those that are gone.
async fn attachments(picture: &OpenTransaction) -> anyhow::Result<Vec<String>> {
    let (mut problems, mut kept) = (Vec::new(), BTreeMap::new());
    for federation in store::verify::federations(picture).await? {
        problems.extend(attachment::content::problems(picture, &federation).await?);
        let hashes = attachment::content::hashes(picture, &federation).await?;
        kept.insert(federation, hashes);
    }
    // What cannot be read in the journal is told of the chapters.
    let (named, _) = made(picture, "chapters", rpc::rows::files).await?;
    for (name, (federation, hashes)) in named {
        let is_gone = |hash: &&String| !kept.get(&federation).is_some_and(|all| all.contains(hash));
        let gone = hashes.iter().filter(is_gone);
        problems.extend(gone.map(|hash| format!("a file of {name} is gone: {hash}")));
    }
    Ok(problems)
}

type Resources = BTreeMap<String, Vec<u8>>;

/// Everything in the tables, by name, as the journal would record it.
async fn tables(
    picture: &OpenTransaction,
    problems: &mut Vec<String>,
) -> anyhow::Result<Resources> {
    let mut tables = Resources::new();
    for federation in store::verify::federations(picture).await? {
        match resources(picture, &federation).await {
            Ok(resources) => tables.extend(resources),
            Err(DbErr::Type(what)) => {
                problems
                    .push(format!("a table of {federation} has a row that no one wrote: {what}"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(tables)
}

async fn resources(picture: &OpenTransaction, federation: &Slug) -> Result<Resources, DbErr> {
    let mut resources = Resources::new();
    for (name, period) in store::reporting_period::all(picture, federation).await? {
        let recorded = to_proto::reporting_period(&name, period);
        resources.insert(name.to_string(), recorded.encode_to_vec());
    }
    for (name, figures) in store::reported_figures::all(picture, federation).await? {
        let recorded = to_proto::recorded_figures(&name, &figures);
        resources.insert(name.to_string(), recorded.encode_to_vec());
    }
    Ok(resources)
}

/// What the tables that are an index over the journal find otherwise than it has it.
async fn indexes(picture: &OpenTransaction) -> anyhow::Result<Vec<String>> {
    let mut templates = Table::of(picture, "reportTemplates", rpc::rows::report_template).await?;
    let mut reports = Table::of(picture, "reports", rpc::rows::report).await?;
    let mut chapters = Table::of(picture, "chapters", rpc::rows::chapter).await?;
    let mut comments = Table::of(picture, "comments", rpc::rows::comment).await?;
    for federation in store::verify::federations(picture).await? {
        let found = store::report_template::all(picture, &federation).await;
        templates.find(found, |row| &row.name)?;
        reports.find(store::report::all(picture, &federation).await, |row| &row.name)?;
        chapters.find(store::chapter::all(picture, &federation).await, |row| &row.name)?;
        comments.find(store::comment::all(picture, &federation).await, |row| &row.name)?;
    }
    let of_each =
        [templates.problems(), reports.problems(), chapters.problems(), comments.problems()];
    Ok(of_each.concat())
}
