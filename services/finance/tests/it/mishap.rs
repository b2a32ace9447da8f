//! A connection or a transaction that is lost anywhere on a requisition's way:
//! whoever asks again with the same request id gets the one answer there is, and
//! nothing is lost, doubled or half done.

use std::env;

use platform::{
    Database, Principal,
    failure::Problem,
    testing::{Cut, POSTGRES, PostgresHome, Relay, SqliteHome},
};
use proto::finance as pb;
use sea_orm::{ConnectionTrait as _, Statement};
use tonic::{Code, Status};

use crate::world::{Asked, World, administrator, economist, economist_of};

const WAY: [&str; 4] = ["submit", "review", "approve", "pay"];

fn caller(step: &str, party: &str) -> Principal {
    match step {
        "submit" => economist_of(party),
        "approve" => administrator(),
        _ => economist("bo"),
    }
}

/// The answer, however often it must be asked for; a service that is away says
/// so and nothing else.
macro_rules! until_answered {
    ($call:expr) => {{
        let mut tries = 0;
        loop {
            let answer: Result<pb::Requisition, Status> = $call.await;
            match answer {
                Ok(requisition) => break requisition,
                Err(status) => {
                    let problem = Problem::of(&status);
                    assert_eq!(problem.code, Code::Unavailable, "{problem:?}");
                }
            }
            tries += 1;
            assert!(tries < 20, "it never came back");
        }
    }};
}

/// A requisition's whole way, each call asked for until it is answered. Each has
/// a party of its own, so that no cost is claimed twice.
async fn go_the_way(world: &World, number: usize) {
    let party = format!("party-{:02}", number % 100);
    let claim = world.claim(&format!("r{number}"), &party, 1);
    let mut seen = until_answered!(async {
        let request = world.by(&economist_of(&party), claim.clone());
        let answer = world.requisitions().create_requisition(request).await?;
        Ok(answer.into_inner().requisition.unwrap())
    });
    for step in WAY {
        let asked = Asked {
            name: seen.name.clone(),
            etag: seen.etag.clone(),
            comment: "because".to_owned(),
            request_id: world.id(),
        };
        let caller = caller(step, &party);
        seen = until_answered!(world.ask(step, asked.clone(), &caller));
    }
    assert_eq!(seen.state(), pb::RequisitionState::Paid);
}

async fn check(world: &World, requisitions: usize) {
    let count = i64::try_from(requisitions).unwrap();
    assert_eq!(world.balances().await, (1000 - count, 0, count));
    // The recipient, the grant, and five rows for each requisition.
    assert_eq!(world.sequence().await, 2 + 5 * count);
    assert_eq!(world.problems().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_at_any_round_trip_loses_and_doubles_nothing() {
    let Ok(server) = env::var(POSTGRES) else {
        assert!(env::var("CI").is_err(), "{POSTGRES} must name a server");
        return;
    };
    let home = PostgresHome::create(&server).await;
    let relay = Relay::to(&home.url()).await;
    let world = World::with_grant(home.open_through(&relay).await, 1000).await;
    let mut number = 0;
    for cut in [Cut::Question, Cut::Answer] {
        let mut place = 0;
        loop {
            relay.cut_after(place, cut);
            go_the_way(&world, number).await;
            number += 1;
            place += 1;
            // The way was over before it came to the cut.
            if relay.is_armed() {
                break;
            }
        }
        relay.disarm();
        assert!(place > 10, "{cut:?}: only {place} round trips");
    }
    check(&world, number).await;
    let World { database, .. } = world;
    home.remove(database).await;
}

/// Makes every statement of its kind on a table end the whole transaction, as a
/// full disk does.
fn sabotage(table: &str, operation: &str) -> String {
    format!(
        "CREATE TRIGGER sabotage BEFORE {operation} ON \"{table}\" \
         BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_sqlite_ends_at_any_table_loses_and_doubles_nothing() {
    let home = SqliteHome::new();
    let world = World::with_grant(home.open().await, 1000).await;
    let writes = [
        ("requisition", "INSERT"),
        ("requisition_cost_line", "INSERT"),
        ("requisition_step", "INSERT"),
        ("requisition", "UPDATE"),
        ("grant", "UPDATE"),
        ("posting", "INSERT"),
        ("journal", "INSERT"),
        ("journal_head", "UPDATE"),
    ];
    for (number, (table, operation)) in writes.into_iter().enumerate() {
        let write = &world.database.write;
        write.execute_unprepared(&sabotage(table, operation)).await.unwrap();
        let party = format!("party-{:02}", 50 + number);
        let mut refused = 0;
        let mut seen = None;
        // As far as the way goes while the table is broken.
        let mut claim = world.claim(&format!("broken-{number}"), &party, 1);
        claim.request_id = world.id();
        let request = world.by(&economist_of(&party), claim.clone());
        match world.requisitions().create_requisition(request).await {
            Ok(answer) => seen = answer.into_inner().requisition,
            Err(_) => refused += 1,
        }
        if let Some(seen) = &seen {
            refused +=
                usize::from(world.take("submit", seen, &economist_of(&party)).await.is_err());
        }
        assert!(refused > 0, "{operation} on {table} was never come to");
        write.execute_unprepared("DROP TRIGGER sabotage").await.unwrap();
        go_the_way(&world, number).await;
    }
    assert_eq!(world.problems().await, [""; 0]);
}

/// Every so many rows that are written, whoever writes them, PostgreSQL gives the
/// transaction up for the sake of another.
const SERIALIZATION_FAILURES: &str = "\
    CREATE SEQUENCE mishap; \
    CREATE FUNCTION mishap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
        IF nextval('mishap') % 7 = 0 THEN RAISE EXCEPTION 'given up' USING ERRCODE = '40001'; END IF; \
        RETURN NEW; END $$; \
    CREATE TRIGGER mishap BEFORE INSERT OR UPDATE ON requisition \
        FOR EACH ROW EXECUTE FUNCTION mishap(); \
    CREATE TRIGGER mishap BEFORE INSERT ON posting FOR EACH ROW EXECUTE FUNCTION mishap();";

async fn fail_now_and_then(database: &Database) {
    database.write.execute_unprepared(SERIALIZATION_FAILURES).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serialization_failures_never_reach_a_caller_as_more_than_come_again() {
    let Ok(server) = env::var(POSTGRES) else {
        assert!(env::var("CI").is_err(), "{POSTGRES} must name a server");
        return;
    };
    let home = PostgresHome::create(&server).await;
    let world = World::with_grant(home.open().await, 1000).await;
    fail_now_and_then(&world.database).await;
    for number in 0..20 {
        go_the_way(&world, number).await;
    }
    let sql = "SELECT last_value FROM mishap";
    let statement = Statement::from_string(world.database.backend(), sql);
    let row = world.database.read.query_one_raw(statement).await.unwrap().unwrap();
    let rows: i64 = row.try_get("", "last_value").unwrap();
    assert!(rows > 70, "{rows} rows are too few for ten failures");
    check(&world, 20).await;
    let World { database, .. } = world;
    home.remove(database).await;
}
