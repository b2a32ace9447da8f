//! The party of a municipality; people and their referrals, as indexes over the
//! journal; what counts are made of; and the log of who has read what.

use platform::journal::migration::append_only;
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use sea_orm_migration::{
    MigrationName, MigrationTrait, SchemaManager,
    prelude::{Alias, Index, Table},
};

use super::m0002_organisation::{column, id, refers, table};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_people"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_connection().get_database_backend();
        let mut party = Table::alter();
        party.table(Alias::new("municipality")).add_column(id(backend, "party_id").null());
        manager.alter_table(party).await?;
        people(manager, backend).await?;
        facts(manager, backend).await?;
        criteria(manager, backend).await?;
        read_log(manager, backend).await
    }
}

async fn people(manager: &SchemaManager<'_>, backend: DbBackend) -> Result<(), DbErr> {
    let id = |name: &str| id(backend, name);
    let mut person = table("person", &["federation_id", "person_id"]);
    person
        .col(id("federation_id"))
        .col(id("person_id"))
        .col(id("party_id"))
        .col(column("lookup").blob().null())
        .col(column("is_protected").boolean())
        .col(column("wrapped_key").blob())
        .col(id("merged_into").null())
        .col(column("revision").big_integer())
        .col(column("created_sequence").big_integer())
        .col(column("sequence").big_integer());
    manager.create_table(person).await?;
    index(manager, "person", "lookup", &["party_id", "lookup"], true).await?;
    index(manager, "person", "merged", &["merged_into"], false).await?;

    let mut referral = table("referral", &["federation_id", "referral_id"]);
    for name in ["federation_id", "referral_id", "person_id", "team_id", "municipality_id"] {
        referral.col(id(name));
    }
    referral
        .col(id("party_id"))
        .col(id("sender_id"))
        .col(column("state").small_integer())
        .col(column("referral_date").date())
        .col(column("revision").big_integer())
        .col(column("person_sequence").big_integer())
        .col(column("created_sequence").big_integer())
        .col(column("sequence").big_integer())
        .foreign_key(&mut refers("referral", "person_id", "person", "person_id"));
    manager.create_table(referral).await?;
    let of_team = ["party_id", "team_id", "created_sequence"];
    index(manager, "referral", "team", &of_team, false).await?;
    let people_of_team = ["party_id", "team_id", "person_sequence", "person_id"];
    index(manager, "referral", "people", &people_of_team, false).await?;
    index(manager, "referral", "sender", &["sender_id", "created_sequence"], false).await?;
    index(manager, "referral", "person", &["person_id", "team_id"], false).await
}

async fn facts(manager: &SchemaManager<'_>, backend: DbBackend) -> Result<(), DbErr> {
    let id = |name: &str| id(backend, name);
    let mut fact = table("case_fact", &["federation_id", "case_id", "part", "known_from"]);
    for name in ["federation_id", "case_id", "participant_id", "team_id", "municipality_id"] {
        fact.col(id(name));
    }
    for name in ["part", "sex", "referring_kind", "livelihood"] {
        fact.col(column(name).small_integer());
    }
    for name in ["age", "outcome", "livelihood_after"] {
        fact.col(column(name).small_integer().null());
    }
    for day in ["referred", "queue_first", "queue_end", "enrolled_first", "enrolled_end", "exited"]
    {
        fact.col(column(day).date().null());
    }
    fact.col(id("party_id"))
        .col(id("sender_id"))
        .col(column("is_new").boolean())
        .col(column("known_from").big_integer())
        .col(column("known_to").big_integer());
    manager.create_table(fact).await
}

async fn criteria(manager: &SchemaManager<'_>, backend: DbBackend) -> Result<(), DbErr> {
    let id = |name: &str| id(backend, name);
    let mut criteria = table("criteria", &["federation_id", "criteria_id"]);
    criteria
        .col(id("federation_id"))
        .col(id("criteria_id"))
        // Empty for all teams without criteria of their own.
        .col(id("team_id"))
        .col(column("first_day").date())
        .col(column("sequence").big_integer());
    manager.create_table(criteria).await?;
    index(manager, "criteria", "day", &["team_id", "first_day"], true).await
}

async fn read_log(manager: &SchemaManager<'_>, backend: DbBackend) -> Result<(), DbErr> {
    let id = |name: &str| id(backend, name);
    let mut log = table("read_log", &["federation_id", "party_id", "number"]);
    log.col(id("federation_id"))
        .col(id("party_id"))
        .col(column("number").big_integer())
        .col(column("read_at_us").big_integer())
        .col(id("actor"))
        .col(column("rpc").string())
        .col(column("people").text())
        .col(column("previous_hash").blob())
        .col(column("hash").blob());
    manager.create_table(log).await?;
    index(manager, "read_log", "actor", &["party_id", "actor", "number"], false).await?;
    append_only(manager, "read_log").await?;

    let key = ["federation_id", "party_id", "person_id", "number"];
    let mut of_person = table("read_log_person", &key);
    of_person
        .col(id("federation_id"))
        .col(id("party_id"))
        .col(id("person_id"))
        .col(column("number").big_integer());
    manager.create_table(of_person).await?;

    let mut head = table("read_log_head", &["federation_id", "party_id"]);
    head.col(id("federation_id"))
        .col(id("party_id"))
        .col(column("number").big_integer())
        .col(column("hash").blob());
    manager.create_table(head).await
}

/// An index within the federation.
async fn index(
    manager: &SchemaManager<'_>,
    table: &str,
    name: &str,
    columns: &[&str],
    is_unique: bool,
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(format!("{table}_{name}")).table(Alias::new(table));
    index.col(Alias::new("federation_id"));
    for column in columns {
        index.col(Alias::new(*column));
    }
    if is_unique {
        index.unique();
    }
    manager.create_index(index).await
}
