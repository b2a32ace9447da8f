//! The write path: nothing lost, nothing doubled, nothing half done.

use std::sync::{Arc, atomic::Ordering};

use platform::{Clock, Database, Draft, Failure, Journal, journal::verify, testing::on_both};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

use crate::world::{self, Add, Held, Mishap, Ordered, write};

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_recorded_once_and_a_repetition_gets_its_first_answer() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let add = Add::new("a", 3, Mishap::None);
        let first = add.run(&journal, write("one", 1)).await.unwrap();
        let again = add.run(&journal, write("one", 1)).await.unwrap();
        assert_eq!(first, again);
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 3);
        let other = add.run(&journal, write("one", 2)).await.unwrap_err();
        assert!(matches!(other, Failure::Refused { reason: "REQUEST_ID_REUSED", .. }), "{other:?}");
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_answers_and_keeps_nothing() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let dry = platform::Write { validate_only: true, ..write("dry", 1) };
        let entries = Add::new("a", 3, Mishap::None).run(&journal, dry).await.unwrap();
        assert_eq!(entries[0].payload, b"3 3");
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 0);
        assert_eq!(rows(&database).await.len(), 0);
        Add::new("a", 3, Mishap::None).run(&journal, write("dry", 1)).await.unwrap();
        assert_eq!(rows(&database).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_does_not_stop_its_step() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let (gone, add) = (journal.clone(), Add::new("a", 1, Mishap::None));
        let caller = tokio::spawn(async move { add.run(&gone, write("gone", 1)).await });
        // It is stopped wherever it is: before its step is handed over, or after.
        tokio::task::yield_now().await;
        caller.abort();
        let _ = caller.await;
        let again = Add::new("a", 1, Mishap::None).run(&journal, write("gone", 1)).await.unwrap();
        assert_eq!(again[0].sequence, 1);
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_to_change_the_journal_and_verify_finds_who_got_around_it() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        for number in 0..3 {
            let id = format!("{number}");
            Add::new("a", 1, Mishap::None).run(&journal, write(&id, 1)).await.unwrap();
        }
        let tamper = "UPDATE journal SET actor = 'somebody else' WHERE sequence = 2";
        assert!(database.write.execute_unprepared(tamper).await.is_err());
        assert!(database.write.execute_unprepared("DELETE FROM journal").await.is_err());
        let drop = match database.backend() {
            sea_orm::DbBackend::Postgres => "DROP TRIGGER journal_append_only ON journal",
            _ => "DROP TRIGGER journal_no_UPDATE",
        };
        database.write.execute_unprepared(drop).await.unwrap();
        database.write.execute_unprepared(tamper).await.unwrap();
        let problems = verify(&database).await.unwrap();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("sequence 2"), "{problems:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_in_another_process_that_waited_for_the_first_time_gets_its_answer() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        Add::new("a", 1, Mishap::None).run(&journal, write("before", 1)).await.unwrap();
        let (kind, subject, payload) = ("counter.added", "counter".to_owned(), Vec::new());
        let draft = Draft { kind, subject, payload };
        let first = Held::step(&journal, write("one", 1), vec![draft]).await;
        let other_process = Journal::new(database.clone(), Clock::system());
        let loads = Arc::default();
        let again = Ordered::new(Add::new("a", 1, Mishap::None), &loads);
        let again = tokio::spawn(async move { again.run(&other_process, write("one", 1)).await });
        if database.backend() == DbBackend::Postgres {
            let waiting = "SELECT 1 FROM pg_stat_activity \
                           WHERE datname = current_database() AND wait_event_type = 'Lock'";
            let waiting = Statement::from_string(DbBackend::Postgres, waiting);
            while database.read.query_one_raw(waiting.clone()).await.unwrap().is_none() {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(first.go_on().await.unwrap(), again.await.unwrap().unwrap());
        let loads = loads.load(Ordering::SeqCst);
        assert!(loads <= 1, "under the lock it was found before it was carried out: {loads}");
        assert_eq!(rows(&database).await.len(), 2);
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_died_while_nobody_used_them_cost_no_write() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        if database.backend() != DbBackend::Postgres {
            return; // It has no server to lose.
        }
        for number in 0..5 {
            // More than one is open: some that idle, and one that the next write takes.
            let others = [(); 3].map(|()| database.write.execute_unprepared("SELECT 1"));
            futures::future::try_join_all(others).await.unwrap();
            let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                        WHERE datname = current_database() AND pid <> pg_backend_pid()";
            database.read.execute_unprepared(kill).await.unwrap();
            let add = Add::new("a", 1, Mishap::None);
            add.run(&journal, write(&format!("{number}"), 1)).await.unwrap();
        }
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_reads_in_the_journal_what_those_before_it_in_the_group_recorded() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let busy = Held::step(&journal, write("busy", 1), Vec::new()).await;
        let count = |number: u8| {
            let counting = journal.write(write(&format!("{number}"), 1), |transaction, _| {
                Box::pin(async move {
                    let sql = "SELECT CAST(COUNT(*) AS bigint) AS seen FROM journal";
                    let backend = transaction.get_database_backend();
                    let row =
                        transaction.query_one_raw(Statement::from_string(backend, sql)).await?;
                    let seen: i64 = row.unwrap().try_get("", "seen")?;
                    let (kind, payload) = ("journal.counted", seen.to_string().into_bytes());
                    Ok(vec![Draft { kind, subject: "counts/1".to_owned(), payload }])
                })
            });
            Box::pin(counting)
        };
        let mut waiting: Vec<_> = (1..=4).map(count).collect();
        // Asked once, each waits for the step that is under way.
        for counting in &mut waiting {
            assert!(futures::poll!(counting).is_pending());
        }
        busy.go_on().await.unwrap();
        let seen = futures::future::try_join_all(waiting).await.unwrap();
        let seen: Vec<_> = seen.iter().map(|entries| entries[0].payload.as_slice()).collect();
        assert_eq!(seen, [b"0", b"1", b"2", b"3"]);
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_step_wrote_before_it_refused_does_not_stay_and_the_others_of_its_group_do() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let busy = Held::step(&journal, write("busy", 1), Vec::new()).await;
        let refused = journal.write(write("refused", 1), |transaction, _| {
            Box::pin(async move {
                let sql = "INSERT INTO counter (federation_id, id, value) VALUES ('f', 'left', 1)";
                transaction.execute_unprepared(sql).await?;
                Err(Failure::refused("TOO_LATE"))
            })
        });
        let (before, after) = (Add::new("a", 3, Mishap::None), Add::new("a", 4, Mishap::None));
        let mut before = Box::pin(before.run(&journal, write("before", 1)));
        let mut refused = Box::pin(refused);
        let mut after = Box::pin(after.run(&journal, write("after", 1)));
        assert!(futures::poll!(&mut before).is_pending());
        assert!(futures::poll!(&mut refused).is_pending());
        assert!(futures::poll!(&mut after).is_pending());
        busy.go_on().await.unwrap();
        let (before, refused, after) = futures::join!(before, refused, after);
        assert!(matches!(refused, Err(Failure::Refused { reason: "TOO_LATE", .. })));
        assert_eq!((before.unwrap()[0].sequence, after.unwrap()[0].sequence), (1, 2));
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 7);
        let left = "SELECT value FROM counter WHERE id = 'left'";
        let left = Statement::from_string(database.backend(), left);
        assert!(database.read.query_one_raw(left).await.unwrap().is_none());
    })
    .await;
}

/// Sequence, request id, subject and payload of each row of the journal.
pub(crate) async fn rows(database: &Database) -> Vec<(i64, String, String, String)> {
    let sql = "SELECT sequence, request_id, subject, payload FROM journal ORDER BY sequence";
    let rows =
        database.read.query_all_raw(Statement::from_string(database.backend(), sql)).await.unwrap();
    rows.iter()
        .map(|row| {
            let payload: Vec<u8> = row.try_get("", "payload").unwrap();
            (
                row.try_get("", "sequence").unwrap(),
                row.try_get("", "request_id").unwrap(),
                row.try_get("", "subject").unwrap(),
                String::from_utf8(payload).unwrap(),
            )
        })
        .collect()
}
