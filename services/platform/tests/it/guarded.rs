//! Orders without a transaction at their worst: the writer remembers where it left the
//! head, and then something happens that it does not know of.

use std::{env, sync::Arc};

use platform::{
    Database, Failure, Journal,
    journal::verify,
    testing::{Cut, POSTGRES, PostgresHome, Relay, on_both},
};

use crate::{
    journal::rows,
    world::{self, Add, Mishap, Ordered, write},
};

/// More orders than are carried out under the lock after something went wrong: the
/// writer attempts the next one, and remembers the head.
const UNTIL_REMEMBERED: usize = 18;

/// Carries out one order on a counter.
async fn add(journal: &Journal, counter: &str, id: &str, hash: u8) -> Result<String, Failure> {
    let ordered = Ordered::new(Add::new(counter, 1, Mishap::None), &Arc::default());
    let entries = ordered.run(journal, write(id, hash)).await?;
    Ok(entries.iter().map(|entry| format!("{} {}", entry.sequence, entry.subject)).collect())
}

/// Lets the writer remember the head.
async fn remember(journal: &Journal, round: &str) {
    for number in 0..UNTIL_REMEMBERED {
        let id = format!("warm-{round}-{number}");
        add(journal, &format!("warm-{round}"), &id, 1).await.unwrap();
    }
}

/// How many rows stand under a request id.
async fn rows_of(database: &Database, id: &str) -> usize {
    rows(database).await.iter().filter(|(_, request_id, _, _)| request_id == id).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_whose_connection_is_cut_anywhere_is_carried_out_once() {
    let Ok(server) = env::var(POSTGRES) else {
        assert!(env::var("CI").is_err(), "{POSTGRES} must name a server");
        return;
    };
    let home = PostgresHome::create(&server).await;
    let relay = Relay::to(&home.url()).await;
    let database = home.open_through_silent(&relay).await;
    let journal = world::journal(&database).await;
    for cut in Cut::ALL {
        let mut place = 0;
        loop {
            let round = format!("{cut:?}-{place}").to_lowercase();
            remember(&journal, &round).await;
            relay.cut_after(place, cut);
            // Its caller asks until it is answered, as one must.
            let first = loop {
                match add(&journal, &round, &round, 1).await {
                    Ok(told) => break told,
                    Err(Failure::Unavailable { .. } | Failure::Internal(_)) => {}
                    Err(other) => panic!("{other:?}"),
                }
            };
            let is_over = relay.is_armed();
            relay.disarm();
            assert_eq!(add(&journal, &round, &round, 1).await.unwrap(), first);
            assert_eq!(rows_of(&database, &round).await, 1, "{round}");
            assert_eq!(world::value(&database.read, &round).await.unwrap(), 1, "{round}");
            place += 1;
            // The order was over before it came to the cut.
            if is_over {
                break;
            }
        }
        assert!(place > 2, "{cut:?}: only {place} round trips");
    }
    assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    home.remove(database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_is_known_by_its_key_when_only_the_head_is_remembered() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let first = add(&journal, "a", "one", 1).await.unwrap();
        for round in ["first", "second"] {
            remember(&journal, round).await;
            assert_eq!(add(&journal, "a", "one", 1).await.unwrap(), first);
            // Another request under the same id, beside what the writer remembers again.
            remember(&journal, &format!("{round}-other")).await;
            let refused = add(&journal, "a", "one", 2).await.unwrap_err();
            assert!(matches!(refused, Failure::Refused { reason: "REQUEST_ID_REUSED", .. }));
        }
        assert_eq!(rows_of(&database, "one").await, 1);
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 1);
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_beside_an_order_that_records_takes_nothing_from_it() {
    on_both(async |database| {
        let journal = world::journal(&database).await;
        let first = add(&journal, "a", "one", 1).await.unwrap();
        // A refusal records nothing under its id: it is decided anew each time.
        let refused = async |id: &str| {
            let too_much = Add::new("a", world::LIMIT + 1, Mishap::None);
            let told = Ordered::new(too_much, &Arc::default()).run(&journal, write(id, 1)).await;
            matches!(told, Err(Failure::Refused { reason: "LIMIT", .. }))
        };
        for round in 0..4 {
            remember(&journal, &format!("round-{round}")).await;
            let new = format!("new-{round}");
            let (repeated, is_refused, added) = futures::join!(
                add(&journal, "a", "one", 1),
                refused("nothing"),
                add(&journal, "a", &new, 1)
            );
            assert_eq!(repeated.unwrap(), first);
            assert!(is_refused);
            assert_eq!(add(&journal, "a", &new, 1).await.unwrap(), added.unwrap());
            assert_eq!(rows_of(&database, &new).await, 1);
        }
        assert_eq!((rows_of(&database, "one").await, rows_of(&database, "nothing").await), (1, 0));
        assert_eq!(world::value(&database.read, "a").await.unwrap(), 5);
        assert_eq!(verify(&database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}
