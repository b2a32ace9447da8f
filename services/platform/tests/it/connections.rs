//! Connections that are used again at once.

use std::{pin::pin, task::Poll};

use futures::{future::join_all, poll};
use platform::{Database, testing::on_both};
use sea_orm::ConnectionTrait as _;

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
