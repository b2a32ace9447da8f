//! The ledger under pressure: a grant is never overdrawn, whatever runs at the
//! same time, and nothing in it is ever changed.

mod read;

use std::sync::Arc;

use futures::future::join_all;
use platform::{failure::Problem, testing::on_both};
use sea_orm::{ConnectionTrait as _, Statement};
use tonic::Code;

use crate::world::{World, economist_of};

/// The sum of all postings, and how many there are.
async fn postings(world: &World) -> (i64, i64) {
    let sql = "SELECT CAST(SUM(amount_ore) AS bigint) AS sum, COUNT(*) AS count FROM posting";
    let statement = Statement::from_string(world.database.backend(), sql);
    let row = world.database.read.query_one_raw(statement).await.unwrap().unwrap();
    (row.try_get("", "sum").unwrap(), row.try_get("", "count").unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_parties_that_claim_at_once_exactly_the_ten_that_fit_pass() {
    on_both(|database| async move {
        let world = Arc::new(World::with_grant(database, 1050).await);
        let mut drafts = Vec::new();
        for number in 0..64 {
            let party = format!("party-{number:02}");
            let drafted = world.draft(&format!("r{number}"), &party, 100).await;
            drafts.push((party, drafted));
        }
        let calls = drafts.into_iter().map(|(party, drafted)| {
            let world = world.clone();
            tokio::spawn(async move { world.take("submit", &drafted, &economist_of(&party)).await })
        });
        let answers = join_all(calls).await.into_iter().map(Result::unwrap);
        let (passed, refused): (Vec<_>, Vec<_>) = answers.partition(Result::is_ok);
        assert_eq!((passed.len(), refused.len()), (10, 54));
        for refusal in refused {
            let problem = Problem::of(&refusal.err().unwrap());
            assert_eq!(problem.code, Code::FailedPrecondition);
            assert_eq!(problem.reason, "GRANT_OVERDRAWN");
            assert_eq!(problem.fact("asked_ore"), "100");
            assert_eq!(problem.fact("left_ore"), "50");
        }
        assert_eq!(world.balances().await, (50, 1000, 0));
        // Two for the grant, two for each that passed.
        assert_eq!(postings(&world).await, (0, 22));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_refuses_to_change_what_was_posted_or_to_overdraw() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.submitted("r1", "sala", 400).await;
        for sql in [
            "UPDATE posting SET amount_ore = 1",
            "DELETE FROM posting",
            "UPDATE requisition_step SET comment = 'x'",
            "DELETE FROM requisition_step",
            "UPDATE journal SET actor = 'x'",
            "UPDATE \"grant\" SET left_ore = -1, reserved_ore = 1001",
            "UPDATE \"grant\" SET left_ore = left_ore + 1",
        ] {
            assert!(world.database.write.execute_unprepared(sql).await.is_err(), "{sql}");
        }
        assert_eq!(world.balances().await, (600, 400, 0));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}
