//! Orders: decided together, each as if it were alone.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};

use futures::{
    future::{BoxFuture, join_all},
    poll,
};
use platform::{Clock, Entry, Failure, Journal, Write, journal::verify, testing::on_both};

use crate::{
    journal::rows,
    world::{self, Add, Held, LIMIT, Mishap, Ordered, write},
};

type Outcome = Result<Vec<Entry>, Failure>;

/// Runs calls that all wait when the writer comes to them: it is kept busy with
/// another step until each has been handed over.
async fn all_at_once(journal: &Journal, calls: Vec<BoxFuture<'_, Outcome>>) -> Vec<Outcome> {
    let busy = Held::step(journal, write("busy", 1), Vec::new()).await;
    let mut calls = calls;
    for call in &mut calls {
        assert!(matches!(poll!(call), Poll::Pending));
    }
    busy.go_on().await.unwrap();
    join_all(calls).await
}

/// What came of a call, in short.
fn told(outcome: &Outcome) -> String {
    match outcome {
        Ok(entries) => String::from_utf8(entries[0].payload.clone()).unwrap(),
        Err(Failure::Refused { reason, .. }) => (*reason).to_owned(),
        Err(Failure::Internal(cause)) => cause.to_string(),
        Err(failure) => panic!("{failure:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_loaded_once_and_each_order_is_decided_on_what_the_one_before_left() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let loads = Arc::new(AtomicUsize::new(0));
        let order = |id: &str, hash: u8, amount: i64, mishap: Mishap| -> BoxFuture<'_, Outcome> {
            let write = write(id, hash);
            let ordered = Ordered::new(Add::new("a", amount, mishap), &loads);
            let journal = journal.clone();
            Box::pin(async move { ordered.run(&journal, write).await })
        };
        let dry = Write { validate_only: true, ..write("dry", 1) };
        let dry_run = Ordered::new(Add::new("a", 4, Mishap::None), &loads);
        let step = Add::new("a", 5, Mishap::None);
        let calls: Vec<BoxFuture<'_, Outcome>> = vec![
            order("one", 1, 1, Mishap::None),
            order("too much", 1, LIMIT, Mishap::None),
            order("panics", 1, 2, Mishap::Panic),
            Box::pin(step.run(&journal, write("a step", 1))),
            order("two", 1, 2, Mishap::None),
            order("one", 1, 1, Mishap::None),
            order("one", 2, 7, Mishap::None),
            Box::pin(dry_run.run(&journal, dry)),
            order("three", 1, 3, Mishap::None),
        ];
        let outcomes = all_at_once(&journal, calls).await;
        let expected = [
            "1 1",
            "LIMIT",
            "an order panicked",
            "5 11",
            "2 3",
            "1 1",
            "REQUEST_ID_REUSED",
            "4 7",
            "3 6",
        ];
        assert_eq!(outcomes.iter().map(told).collect::<Vec<_>>(), expected);
        assert_eq!(loads.load(Ordering::SeqCst), 1);
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 11);
        let recorded = rows(&database).await;
        let recorded: Vec<&str> = recorded.iter().map(|(_, id, _, _)| id.as_str()).collect();
        assert_eq!(recorded, ["one", "two", "three", "a step"]);
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_cannot_be_saved_takes_none_of_the_others_with_it() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        for (number, mishap) in
            [Mishap::BrokenConstraint, Mishap::PanicInSave, Mishap::BrokenCommit].iter().enumerate()
        {
            let counter = format!("{number}");
            let order = |id: &str, mishap: Mishap| -> BoxFuture<'_, Outcome> {
                let write = write(&format!("{number} {id}").replace(' ', "-"), 1);
                let ordered = Ordered::new(Add::new(&counter, 1, mishap), &Arc::default());
                let journal = journal.clone();
                Box::pin(async move { ordered.run(&journal, write).await })
            };
            let calls = vec![
                order("before", Mishap::None),
                order("fails", *mishap),
                order("after", Mishap::None),
            ];
            let outcomes = all_at_once(&journal, calls).await;
            assert_eq!(told(&outcomes[0]), "1 1");
            assert!(matches!(outcomes[1], Err(Failure::Internal(_))), "{:?}", outcomes[1]);
            assert_eq!(told(&outcomes[2]), "1 2");
            assert_eq!(world::value(&database.read, &counter).await.unwrap(), 2);
        }
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_repeated_later_gets_its_first_answer_and_is_not_loaded() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let loads = Arc::new(AtomicUsize::new(0));
        let ordered = Ordered::new(Add::new("a", 3, Mishap::None), &loads);
        let first = ordered.run(&journal, write("one", 1)).await.unwrap();
        assert_eq!(ordered.run(&journal, write("one", 1)).await.unwrap(), first);
        assert_eq!(loads.load(Ordering::SeqCst), 1);
        // A step under the same id is the same request.
        let step = Add::new("a", 3, Mishap::None).run(&journal, write("one", 1)).await.unwrap();
        assert_eq!(step, first);
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_two_processes_on_one_counter_are_all_carried_out_once() {
    on_both(async |database| {
        let journals =
            [world::journal(&database).await, Journal::new(database.clone(), Clock::system())];
        let loads = Arc::default();
        let of_process = async |process: usize| {
            for round in 0..LIMIT / 2 {
                let ordered = Ordered::new(Add::new("a", 1, Mishap::None), &loads);
                let write = write(&format!("{process} {round}"), 1);
                let first = ordered.run(&journals[process], write.clone()).await.unwrap();
                assert_eq!(ordered.run(&journals[1 - process], write).await.unwrap(), first);
            }
        };
        futures::join!(of_process(0), of_process(1));
        assert_eq!(world::value(&database.read, "a").await.unwrap(), LIMIT);
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_that_are_read_while_those_before_are_saved_know_what_those_change() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let loads = Arc::default();
        // Some under the lock, as the first after a start are, and then many at once.
        for round in 0..30 {
            let counter = format!("{round}");
            let caller = async |caller: i64| {
                for number in 0..LIMIT / 8 {
                    let ordered = Ordered::new(Add::new(&counter, 1, Mishap::None), &loads);
                    let write = write(&format!("{round}-{caller}-{number}"), 1);
                    ordered.run(&journal, write).await.unwrap();
                }
            };
            join_all((0..8).map(caller)).await;
            assert_eq!(world::value(&database.read, &counter).await.unwrap(), LIMIT);
            let one_more = Ordered::new(Add::new(&counter, 1, Mishap::None), &loads);
            let refused = one_more.run(&journal, write(&format!("{round}-more"), 1)).await;
            assert_eq!(told(&refused), "LIMIT");
        }
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}
