//! Steps and orders at once, with refusals, ordinary errors, panics, failing
//! commits, lost transactions, repetitions and dry runs: outcomes, journal and
//! state agree.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use futures::future::join_all;
use platform::{Database, Entry, Failure, Journal, Write, journal::verify, testing::on_both};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::{
    journal::rows,
    world::{self, Add, LIMIT, Mishap, Ordered, write},
};

type Outcome = Result<Vec<Entry>, Failure>;

/// One call.
#[derive(Clone)]
struct Call {
    id: String,
    add: Add,
    is_order: bool,
    is_dry: bool,
}

impl Call {
    fn random(random: &mut StdRng, round: usize, number: usize) -> Self {
        let counter = format!("{}", random.random_range(0..3 + round));
        let mishap = match random.random_range(0..25) {
            0 => Mishap::BrokenConstraint,
            1 => Mishap::Panic,
            2 => Mishap::PanicInSave,
            3 => Mishap::BrokenCommit,
            4 => Mishap::LostTransaction,
            _ => Mishap::None,
        };
        Self {
            id: format!("{round}-{number}"),
            add: Add::new(&counter, random.random_range(1..6), mishap),
            is_order: random.random_range(0..4) > 0,
            is_dry: random.random_range(0..8) == 0,
        }
    }

    async fn run(&self, journal: &Journal) -> Outcome {
        let write = Write { validate_only: self.is_dry, ..write(&self.id, 1) };
        if self.is_order {
            Ordered::new(self.add.clone(), &Arc::default()).run(journal, write).await
        } else {
            self.add.run(journal, write).await
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn outcomes_journal_and_state_agree_whatever_goes_wrong() {
    let rounds = if std::env::var("SAMORDNA_TEST_LONG").is_ok() { 100 } else { 5 };
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let mut random = StdRng::seed_from_u64(20_250_630);
        let mut asked: HashMap<String, Vec<(Call, Outcome)>> = HashMap::new();
        for round in 0..rounds {
            let mut calls: Vec<Call> =
                (0..48).map(|number| Call::random(&mut random, round, number)).collect();
            // Some come twice at once.
            calls.extend_from_within(0..8);
            let running = calls.iter().map(|call| {
                let (call, journal) = (call.clone(), journal.clone());
                tokio::spawn(async move { call.run(&journal).await })
            });
            let outcomes = join_all(running).await.into_iter().map(Result::unwrap);
            for (call, outcome) in calls.into_iter().zip(outcomes) {
                check_outcome(&call, &outcome);
                asked.entry(call.id.clone()).or_default().push((call, outcome));
            }
        }
        let recorded = compare(&database, &asked).await;
        repeat_all(&journal, asked).await;
        assert_eq!(rows(&database).await.len(), recorded, "a repetition records nothing");
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

fn check_outcome(call: &Call, outcome: &Outcome) {
    match (call.add.mishap, outcome) {
        (Mishap::None | Mishap::LostTransaction, Ok(entries)) => assert_eq!(entries.len(), 1),
        (_, Err(Failure::Refused { reason, .. })) => assert_eq!(*reason, "LIMIT"),
        (
            Mishap::BrokenConstraint | Mishap::Panic | Mishap::PanicInSave | Mishap::BrokenCommit,
            Err(Failure::Internal(_)),
        ) => {}
        // A dry run is decided, and its mishap need not come to pass.
        (_, Ok(entries)) if call.is_dry => assert_eq!(entries.len(), 1),
        (mishap, outcome) => panic!("{mishap:?} led to {outcome:?}"),
    }
}

/// The journal, read from the database, is the model: folding it must give the
/// state, and it must hold every call that was answered with success, once, but
/// no dry run. Answers how many rows there are.
async fn compare(database: &Database, asked: &HashMap<String, Vec<(Call, Outcome)>>) -> usize {
    let mut counters: BTreeMap<String, i64> = BTreeMap::new();
    let recorded = rows(database).await;
    for (position, (sequence, request_id, subject, payload)) in recorded.iter().enumerate() {
        assert_eq!(*sequence, i64::try_from(position).unwrap() + 1, "gapless");
        let (amount, value) = payload.split_once(' ').unwrap();
        let counter = counters.entry(subject.rsplit('/').next().unwrap().to_owned()).or_default();
        *counter += amount.parse::<i64>().unwrap();
        assert_eq!(*counter, value.parse::<i64>().unwrap(), "each saw the one before");
        for (call, outcome) in &asked[request_id] {
            let told = outcome.as_ref().unwrap();
            assert_eq!(told[0].sequence, *sequence, "only what was answered is recorded");
            assert!(!call.is_dry, "a dry run leaves no trace");
        }
    }
    for (counter, value) in &counters {
        assert!(*value <= LIMIT);
        let kept = world::value(&database.read, counter).await.unwrap();
        assert_eq!(kept, *value, "counter {counter}");
    }
    let succeeded = asked.values().filter(|calls| {
        let (call, outcome) = &calls[0];
        outcome.is_ok() && !call.is_dry
    });
    let succeeded = succeeded.count();
    assert_eq!(succeeded, recorded.len(), "nothing lost or doubled");
    assert!(succeeded > 20, "the test did something: {succeeded}");
    recorded.len()
}

async fn repeat_all(journal: &Journal, asked: HashMap<String, Vec<(Call, Outcome)>>) {
    for (call, outcome) in asked.into_values().flatten() {
        if let Ok(entries) = outcome
            && !call.is_dry
        {
            assert_eq!(call.run(journal).await.unwrap(), entries);
        }
    }
}
