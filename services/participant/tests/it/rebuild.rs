//! Every table is made again from the journal as it was, row for row.

mod along;

use std::collections::{BTreeMap, BTreeSet};

use platform::{Database, testing::on_both};
use proto::participant::{Dimension, Measure, Participant};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::{
    banding::two_ages,
    canary, criteria, data_set, disposal,
    enrolment::{create, ended, enrolled, exit, leaves},
    participant::{
        merged::{found, merge, undo},
        moved::{protect, transfer},
    },
    participant_import,
    people::{NUMBER, THIRD_NUMBER, accept, coach, organised, person, referral, sent, somebody},
    tabulation::{
        cut, driven,
        protected::{register, told},
    },
    verify::with_one_of_each,
    world::{World, keyring},
};

/// What is no table of the journal's making.
const KEPT: [&str; 6] =
    ["journal", "journal_head", "read_log", "read_log_head", "read_log_person", "seaql_migrations"];

type Rows = BTreeMap<String, BTreeSet<String>>;

/// Every row of every table that the journal makes, byte for byte.
pub(crate) async fn dump(database: &Database) -> Rows {
    let (read, backend) = (&database.read, database.backend());
    let names = async |sql: String| {
        let rows = read.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "name").unwrap()).collect::<Vec<_>>()
    };
    let tables = names(match backend {
        DbBackend::Postgres => "SELECT table_name AS name FROM information_schema.tables \
                                WHERE table_schema = 'public'"
            .to_owned(),
        _ => "SELECT name FROM sqlite_master WHERE type = 'table'".to_owned(),
    });
    let mut dumped = Rows::new();
    for table in tables.await.into_iter().filter(|table| !KEPT.contains(&table.as_str())) {
        let rows = match backend {
            DbBackend::Postgres => format!("SELECT CAST(t AS text) AS name FROM \"{table}\" t"),
            _ => {
                let columns = format!("SELECT name FROM pragma_table_info('{table}')");
                let columns = names(columns).await;
                let quoted = columns.iter().map(|column| format!("quote(\"{column}\")"));
                let row = quoted.collect::<Vec<_>>().join(" || ',' || ");
                format!("SELECT {row} AS name FROM \"{table}\"")
            }
        };
        dumped.insert(table, names(rows).await.into_iter().collect());
    }
    dumped
}

/// Empties every table but some.
async fn emptied(database: &Database, kept: &[&str]) {
    let tables: Vec<String> = dump(database).await.into_keys().collect();
    let tables: Vec<_> = tables.iter().filter(|table| !kept.contains(&table.as_str())).collect();
    // One that others refer to can be emptied after them.
    for table in tables.iter().cycle().take(3 * tables.len()) {
        let _ = database.write.execute_unprepared(&format!("DELETE FROM \"{table}\"")).await;
    }
    let left = dump(database).await;
    assert!(tables.iter().all(|table| left[*table].is_empty()), "{left:?}");
}

/// Makes every table again, and says what they are.
pub(crate) async fn rebuilt(world: &World) -> Rows {
    let problems = participant::rebuild(&world.database, Some(&keyring())).await.unwrap();
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(world.problems().await, Vec::<String>::new());
    dump(&world.database).await
}

/// A person who turned out to be another, and was one of its own after all; who moved;
/// and who is protected now, as is somebody whose case goes on.
async fn mistaken(world: &World) {
    for (id, number) in [("m-1", NUMBER), ("m-2", THIRD_NUMBER)] {
        sent(world, referral(id, person(number))).await;
        accept(world, &coach(), id).await;
    }
    for case in ["m-1", "m-2"] {
        ended_case(world, case).await;
    }
    let mut people = world.participants();
    let (one, other) = (found(world, NUMBER).await, found(world, THIRD_NUMBER).await);
    let told = |answer: tonic::Response<_>| answer.into_inner();
    let request = world.by(&coach(), merge(&one, &other));
    let one = told(people.merge_participants(request).await.unwrap()).participant.unwrap();
    let request = world.by(&coach(), undo(&one, &other));
    let parted = people.undo_merge(request).await.unwrap().into_inner();
    let one: Participant = parted.participant.unwrap();
    let protected = protect(&one);
    people.protect_participant(world.by(&coach(), protected)).await.unwrap();
    sent(world, referral("m-3", person(NUMBER))).await;
    let mut protected = protect(&found(world, NUMBER).await);
    protected.request_id = "protect-m-3".to_owned();
    people.protect_participant(world.by(&coach(), protected)).await.unwrap();
    let other = found(world, THIRD_NUMBER).await;
    let moves = transfer(&other, "1983", "2025-06-25");
    people.transfer_participant(world.by(&coach(), moves)).await.unwrap();
}

/// Enrols one who waits, and lets it go.
async fn ended_case(world: &World, referral: &str) {
    enrolled(world, create(&format!("e-{referral}"), referral)).await;
    let leaves = leaves("2025-06-20", proto::participant::ExitOutcome::Work);
    ended(world, exit(&format!("e-{referral}"), "1", leaves)).await;
}

/// What people live through, in every way that there is.
async fn lived(database: Database) -> World {
    let world = organised(database).await;
    let version = criteria::create("vastra", "vastra");
    world.criteria().create_criteria(world.office(version)).await.unwrap();
    world.bandings().create_banding(world.office(two_ages("ages"))).await.unwrap();
    canary::lived(&world).await;
    let taken_in = [("j-1", 1), ("j-2", 2)]
        .map(|(id, number)| participant_import::ended(id, somebody(number)))
        .to_vec();
    let coordinator = participant_import::coordinator();
    let batch = participant_import::batch("first", taken_in);
    participant_import::import(&world, &coordinator, batch).await.unwrap();
    let mut undo = participant_import::undo("2");
    undo.request_id = "undo-import".to_owned();
    let undo = world.by(&coordinator, undo);
    world.participant_imports().undo_participant_import(undo).await.unwrap();
    mistaken(&world).await;
    let world = driven::lived(world, 250).await;
    register(&world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
    told(&world, "by-team").await;
    let agreed = world.office(data_set::agreement("avtal", "by-team"));
    world.data_sets().create_data_agreement(agreed).await.unwrap();
    let retention = world.by(&disposal::party_admin(), disposal::set(600));
    world.disposals().set_retention(retention).await.unwrap();
    world
}

#[tokio::test]
async fn people_their_cases_and_what_was_ever_known_of_them_are_made_again() {
    on_both(|database| async {
        let world = lived(database).await;
        let before = dump(&world.database).await;
        assert_eq!(rebuilt(&world).await, before);
        // The keys, and what is known from when one was protected, are what is left.
        for damage in [
            "DELETE FROM case_fact WHERE age IS NULL",
            "UPDATE case_fact SET sex = 3, known_to = 7 \
             WHERE known_to > 1000000 AND participant_id <> ''",
            "UPDATE person SET lookup = NULL, is_protected = true, merged_into = 'p', sequence = 1",
        ] {
            world.database.write.execute_unprepared(damage).await.unwrap();
        }
        emptied(&world.database, &["person", "case_fact"]).await;
        assert_eq!(rebuilt(&world).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_teams_have_and_the_organisation_are_made_again_and_no_table_is_forgotten() {
    on_both(|database| async move {
        let world = World::with(database.clone(), &["fns", "sala"], &["sala"]).await;
        with_one_of_each(&world).await;
        let before = dump(&database).await;
        emptied(&database, &[]).await;
        assert_eq!(rebuilt(&world).await, before);
        // A row that nobody wrote is nowhere afterwards.
        let unwritten = "INSERT INTO party (federation_id, party_id, display_name, \
             organisation_number, kind, synthetic) \
             VALUES ('vastmanland', 'okand', 'Okänd', '2021005489', 'region', true)";
        database.write.execute_unprepared(unwritten).await.unwrap();
        assert_eq!(rebuilt(&world).await, before);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_made_of_a_journal_that_is_broken_or_without_the_keys() {
    on_both(|database| async move {
        let world = organised(database.clone()).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let before = dump(&database).await;
        let problems = participant::rebuild(&database, None).await.unwrap();
        assert_eq!(problems, ["people are here, and there is no key to make them again with"]);
        assert_eq!(dump(&database).await, before);
        database.write.execute_unprepared("DELETE FROM case_fact").await.unwrap();
        database.write.execute_unprepared("DELETE FROM referral").await.unwrap();
        database.write.execute_unprepared("DELETE FROM person").await.unwrap();
        let problems = participant::rebuild(&database, Some(&keyring())).await.unwrap();
        assert!(problems.iter().all(|problem| problem.contains("cannot be opened")));
        assert_eq!(problems.len(), 2, "the person and the referral");
    })
    .await;
}
