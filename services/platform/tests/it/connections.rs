//! Connections that are used again at once.

use std::{env, pin::pin, task::Poll};

use futures::{future::join_all, poll};
use platform::{
    Database, Failure,
    testing::{POSTGRES, PostgresHome, Relay, on_both},
};
use sea_orm::ConnectionTrait as _;
use tonic::{Code, Status};

use crate::world;

const ADD: &str =
    "INSERT INTO counter (federation_id, id, value) VALUES ('vastmanland', 'dropped', 1)";

async fn prepared(database: &Database) {
    world::journal(database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_transaction_did_that_is_dropped_does_not_stand() {
    on_both(async |database| {
        prepared(&database).await;
        for _ in 0..20 {
            let open = database.write.begin().await.unwrap();
            open.execute_unprepared(ADD).await.unwrap();
            drop(open);
            // Its connection is taken by the next, or closed; nothing is left open on it.
            let open = database.write.begin().await.unwrap();
            open.execute_unprepared(ADD).await.unwrap();
            open.rollback().await.unwrap();
            assert_eq!(world::value(&database.write, "dropped").await.unwrap(), 0);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_whose_caller_goes_away_leaves_nothing_behind_for_the_next() {
    on_both(async |database| {
        prepared(&database).await;
        for _ in 0..50 {
            let mut gone = pin!(world::value(&database.read, "dropped"));
            assert!(matches!(poll!(&mut gone), Poll::Pending | Poll::Ready(Ok(0))));
        }
        assert_eq!(world::value(&database.read, "dropped").await.unwrap(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_callers_than_connections_are_all_answered_and_those_are_closed_in_the_end() {
    on_both(async |database| {
        prepared(&database).await;
        let open = database.snapshot().await.unwrap();
        let callers = (0..64).map(async |_| world::value(&database.read, "dropped").await.unwrap());
        assert_eq!(join_all(callers).await, [0; 64]);
        // What is still in use is waited for, and then no longer kept.
        let mut closing = pin!(database.read.close());
        assert!(matches!(poll!(&mut closing), Poll::Pending));
        drop(open);
        closing.await.unwrap();
        assert!(world::value(&database.read, "dropped").await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_fall_silent_take_nobodys_place() {
    let Ok(server) = env::var(POSTGRES) else {
        assert!(env::var("CI").is_err(), "{POSTGRES} must name a server");
        return;
    };
    let home = PostgresHome::create(&server).await;
    let relay = Relay::to(&home.url()).await;
    let database = home.open_through_silent(&relay).await;
    prepared(&database).await;
    // As many as there may be: in a transaction, at rest, and in the middle of a statement.
    let (in_transaction, other) = (database.read.begin().await, database.read.begin().await);
    let middle = database.read.begin().await.unwrap();
    let at_rest = database.snapshot().await.unwrap();
    at_rest.rollback().await.unwrap();
    relay.fall_silent();
    {
        let mut gone = pin!(middle.execute_unprepared("SELECT 1"));
        assert!(matches!(poll!(&mut gone), Poll::Pending));
    }
    drop((middle, other));
    let in_transaction = in_transaction.unwrap();
    for _ in 0..2 {
        let lost = in_transaction.execute_unprepared("SELECT 1").await.unwrap_err();
        assert!(platform::db::ends_transaction(&lost), "{lost}");
        assert_eq!(Status::from(Failure::from(lost)).code(), Code::Unavailable);
    }
    drop(in_transaction);
    // One that was at rest until now is asked again, and found to be gone.
    let again = async || while world::value(&database.read, "dropped").await.is_err() {};
    again().await;
    let callers = (0..8).map(async |_| world::value(&database.read, "dropped").await.unwrap());
    assert_eq!(join_all(callers).await, [0; 8]);
    home.remove(database).await;
}
