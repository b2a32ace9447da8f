//! The write path: nothing lost, nothing doubled, nothing half done.

use std::collections::{BTreeMap, HashMap};

use futures::future::join_all;
use platform::{Database, Entry, Failure, Journal, journal::verify, testing::on_both};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::world::{self, Add, LIMIT, Mishap, write};

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

/// Concurrent steps with refusals, ordinary errors, panics, failing commits and
/// lost transactions: outcomes, journal and state agree.
#[tokio::test(flavor = "multi_thread")]
async fn outcomes_journal_and_state_agree_whatever_goes_wrong() {
    let rounds = if std::env::var("SAMORDNA_TEST_LONG").is_ok() { 100 } else { 4 };
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let mut random = StdRng::seed_from_u64(20_250_630);
        let mut asked = HashMap::new();
        for round in 0..rounds {
            let steps =
                (0..48).map(|number| random_step(&mut random, round, number)).collect::<Vec<_>>();
            let calls =
                steps.iter().map(|(id, add)| call(journal.clone(), id.clone(), add.clone()));
            let outcomes = join_all(calls).await;
            for ((id, add), outcome) in steps.into_iter().zip(outcomes) {
                check_outcome(&add, &outcome);
                asked.insert(id, (add, outcome));
            }
        }
        compare(&journal, &database, asked).await;
    })
    .await;
}

async fn call(journal: Journal, id: String, add: Add) -> Result<Vec<Entry>, Failure> {
    tokio::spawn(async move { add.run(&journal, write(&id, 1)).await }).await.unwrap()
}

fn random_step(random: &mut StdRng, round: usize, number: usize) -> (String, Add) {
    let counter = format!("{}", random.random_range(0..3 + round));
    let mishap = match random.random_range(0..20) {
        0 => Mishap::BrokenConstraint,
        1 => Mishap::Panic,
        2 => Mishap::BrokenCommit,
        3 => Mishap::LostTransaction,
        _ => Mishap::None,
    };
    (format!("{round}-{number}"), Add::new(&counter, random.random_range(1..6), mishap))
}

fn check_outcome(add: &Add, outcome: &Result<Vec<Entry>, Failure>) {
    match (add.mishap, outcome) {
        (Mishap::None | Mishap::LostTransaction, Ok(entries)) => assert_eq!(entries.len(), 1),
        (_, Err(Failure::Refused { reason, .. })) => assert_eq!(*reason, "LIMIT"),
        (
            Mishap::BrokenConstraint | Mishap::Panic | Mishap::BrokenCommit,
            Err(Failure::Internal(_)),
        ) => {}
        (mishap, outcome) => panic!("{mishap:?} led to {outcome:?}"),
    }
}

/// The journal, read from the database, is the model: folding it must give the
/// state, and it must hold every step that was answered with success, once.
async fn compare(
    journal: &Journal,
    database: &Database,
    asked: HashMap<String, (Add, Result<Vec<Entry>, Failure>)>,
) {
    let mut counters: BTreeMap<String, i64> = BTreeMap::new();
    let recorded = rows(database).await;
    for (position, (sequence, request_id, subject, payload)) in recorded.iter().enumerate() {
        assert_eq!(*sequence, i64::try_from(position).unwrap() + 1, "gapless");
        let (amount, value) = payload.split_once(' ').unwrap();
        let counter = counters.entry(subject.rsplit('/').next().unwrap().to_owned()).or_default();
        *counter += amount.parse::<i64>().unwrap();
        assert_eq!(*counter, value.parse::<i64>().unwrap(), "each step saw the one before");
        let (_, outcome) = &asked[request_id];
        assert_eq!(
            outcome.as_ref().unwrap()[0].sequence,
            *sequence,
            "only what was answered is recorded"
        );
    }
    for (counter, value) in &counters {
        assert!(*value <= LIMIT);
        assert_eq!(
            world::value(&database.read, counter).await.unwrap(),
            *value,
            "counter {counter}"
        );
    }
    let succeeded = asked.values().filter(|(_, outcome)| outcome.is_ok()).count();
    assert_eq!(succeeded, recorded.len(), "no step lost or doubled");
    assert!(succeeded > 20, "the test did something: {succeeded}");
    for (id, (add, outcome)) in asked {
        if let Ok(entries) = outcome {
            assert_eq!(add.run(journal, write(&id, 1)).await.unwrap(), entries);
        }
    }
    assert_eq!(rows(database).await.len(), recorded.len(), "a repetition records nothing");
    assert_eq!(verify(database).await.unwrap(), Vec::<String>::new());
}

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
