//! Many accounts at once against a model of the whole of finance: whatever they
//! ask for, and whatever is lost on the way, the answers, the journal and the
//! tables are those of some order in which each was alone, and that order is the
//! journal's.

mod actor;
mod calendar;
mod call;
mod carry_out;
mod close;
mod compare;
mod dice;
mod invent;
mod reference;
mod run;
mod trouble;

use std::env;

use futures::{StreamExt as _, stream};
use run::Run;
use trouble::Ground;

/// How many calls wait at the same time.
const AT_ONCE: usize = 16;

/// How many runs go on beside each other: most of a run is waiting until what was
/// lost is tried again.
const RUNS_AT_ONCE: usize = 6;

/// How many calls are made in all on each database: a thousand, or with
/// `SAMORDNA_TEST_LONG` a hundred thousand, or so many thousands as it says.
fn calls() -> usize {
    match env::var("SAMORDNA_TEST_LONG") {
        Ok(count) => count.parse().ok().filter(|count| *count >= 1000).unwrap_or(100_000),
        Err(_) => 1000,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_do_what_the_model_does_in_the_journals_order_whatever_is_lost() {
    let seeds = stream::iter(0..calls().div_ceil(1000));
    let runs = seeds.map(|seed| tokio::spawn(on_both(seed)));
    let mut runs = runs.buffer_unordered(RUNS_AT_ONCE);
    while let Some(ended) = runs.next().await {
        ended.unwrap();
    }
}

/// A thousand calls on each database.
async fn on_both(seed: usize) {
    for ground in Ground::both().await {
        let mut run = Run::start(ground, seed).await;
        for number in 1..=1000 / AT_ONCE {
            let is_troubled = number % 5 == 0;
            let round = run.invent(AT_ONCE, invent::invent);
            run.round(round, is_troubled).await;
        }
        run.close_the_year().await;
        for come_to in ["OK", "STALE", "GRANT_OVERDRAWN", "YEAR_CLOSED"] {
            assert!(run.outcomes.contains_key(come_to), "never {come_to}: {:?}", run.outcomes);
        }
        assert!(run.strikes().await > 3, "nothing was lost on the way");
        run.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_callers_on_few_grants_none_hears_of_another_but_in_the_figures() {
    for ground in Ground::both().await {
        let mut run = Run::start(ground, 64).await;
        for _ in 0..6 {
            let round = run.invent(64, |dice, model, request_id| {
                let (actor, asks) = invent::requisition::invent(dice, model);
                call::Call { actor, asks, request_id }
            });
            run.round(round, false).await;
        }
        assert!(run.outcomes["OK"] > 100, "{:?}", run.outcomes);
        run.finish().await;
    }
}
