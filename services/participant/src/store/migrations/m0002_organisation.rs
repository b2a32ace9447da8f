//! Federation, parties, areas, municipalities and teams.

use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, ColumnDef, ForeignKey, ForeignKeyCreateStatement, Index, Table},
    sea_query::TableCreateStatement,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_organisation"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_connection().get_database_backend();
        let id = |name: &str| id(backend, name);

        let mut federation = table("federation", &["federation_id"]);
        federation
            .col(id("federation_id"))
            .col(column("display_name").string())
            .col(column("organisation_number").string())
            .col(column("synthetic").boolean());
        manager.create_table(federation).await?;

        let mut party = table("party", &["federation_id", "party_id"]);
        party
            .col(id("federation_id"))
            .col(id("party_id"))
            .col(column("display_name").string())
            .col(column("organisation_number").string())
            .col(column("kind").string())
            .col(column("synthetic").boolean());
        manager.create_table(party).await?;

        let mut area = table("area", &["federation_id", "area_id"]);
        area.col(id("federation_id")).col(id("area_id")).col(column("display_name").string());
        manager.create_table(area).await?;

        let mut municipality = table("municipality", &["federation_id", "municipality_id"]);
        municipality
            .col(id("federation_id"))
            .col(id("municipality_id"))
            .col(column("display_name").string())
            .col(id("area_id").null())
            .foreign_key(&mut refers("municipality", "area_id", "area", "area_id"));
        manager.create_table(municipality).await?;

        let mut team = table("team", &["federation_id", "team_id"]);
        team.col(id("federation_id")).col(id("team_id")).col(column("display_name").string());
        manager.create_table(team).await?;

        let key = ["federation_id", "team_id", "position"];
        let mut served = table("team_municipality", &key);
        served
            .col(id("federation_id"))
            .col(id("team_id"))
            .col(column("position").integer())
            .col(id("municipality_id"))
            .foreign_key(&mut refers("team_municipality", "team_id", "team", "team_id"))
            .foreign_key(&mut refers(
                "team_municipality",
                "municipality_id",
                "municipality",
                "municipality_id",
            ));
        manager.create_table(served).await
    }
}

pub(super) fn table(name: &str, key: &[&str]) -> TableCreateStatement {
    let mut primary_key = Index::create();
    for column in key {
        primary_key.col(Alias::new(*column));
    }
    let mut table = Table::create();
    table.table(Alias::new(name)).primary_key(&mut primary_key);
    table
}

pub(super) fn column(name: &str) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    column.not_null();
    column
}

/// An id is compared and ordered byte by byte on both databases, whatever
/// language the server is set up for.
pub(super) fn id(backend: DbBackend, name: &str) -> ColumnDef {
    let mut column = column(name);
    column.string();
    if backend == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// A reference within the federation.
pub(super) fn refers(
    table: &str,
    column: &str,
    to_table: &str,
    to_column: &str,
) -> ForeignKeyCreateStatement {
    let federation = Alias::new("federation_id");
    ForeignKey::create()
        .name(format!("{table}_{to_table}"))
        .from(Alias::new(table), (federation.clone(), Alias::new(column)))
        .to(Alias::new(to_table), (federation, Alias::new(to_column)))
        .to_owned()
}
