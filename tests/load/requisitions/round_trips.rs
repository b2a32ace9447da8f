//! How many times a call waits for PostgreSQL: an all-in-one process is started
//! on the same databases by way of counting relays, one a service, and a few
//! requisitions are taken through, one call after another.

use std::{path::Path, sync::Arc, time::Duration};

use super::{
    caller::{self, Way},
    counter::{Count, Counter},
    world::World,
};
use crate::{
    installation,
    postgres::{Databases, SERVICES, variable},
    spread,
    table::{self, heading, line},
};

/// Before anything is counted: every statement is prepared by then.
const WARM_UP: usize = 60;
const COUNTED: usize = 40;
const TOGETHER: usize = 32;
const TOGETHER_FOR: Duration = Duration::from_secs(3);
/// What a call leaves behind for the database, such as giving a connection back,
/// is done by then.
const SETTLING: Duration = Duration::from_millis(5);

const CALLS: [&str; 4] = ["CreateRequisition", "Submit…", "Review…", "Approve…"];

/// Counts and prints.
pub(super) async fn measure(
    databases: &Databases,
    folder: &Path,
    world: &Arc<World>,
) -> anyhow::Result<()> {
    heading(
        "round trips to PostgreSQL a call, counted by a relay between service and server \
         (Sync and Query messages)",
    );
    let mut counters = Vec::with_capacity(SERVICES.len());
    let mut settings = Vec::with_capacity(SERVICES.len());
    for service in SERVICES {
        let counter = Counter::before(&databases.address(service)).await?;
        settings.push((variable(service), counter.address().to_owned()));
        counters.push(counter);
    }
    let (process, channel) = installation::again("counted", folder, &settings).await?;
    let mut actors = world.actors_over(&channel);
    for _ in 0..WARM_UP {
        caller::one(&mut actors, world.next()).await?;
    }
    let mut calls: [Vec<Vec<Count>>; 4] = Default::default();
    for _ in 0..COUNTED {
        let before = settled(&counters).await;
        let mut way = Way::draft(&mut actors, world.next()).await?;
        let drafted = settled(&counters).await;
        way.submit(&mut actors).await?;
        let submitted = settled(&counters).await;
        way.review(&mut actors).await?;
        let reviewed = settled(&counters).await;
        way.approve(&mut actors).await?;
        let approved = settled(&counters).await;
        let moments = [before, drafted, submitted, reviewed, approved];
        for (call, pair) in calls.iter_mut().zip(moments.windows(2)) {
            let both = pair[1].iter().zip(&pair[0]);
            call.push(both.map(|(after, before)| *after - *before).collect());
        }
    }
    print(&calls);

    let before = settled(&counters).await;
    let done = caller::run_as(&[actors], world, TOGETHER, TOGETHER_FOR).await?;
    let after = settled(&counters).await;
    print_together(&before, &after, done.times_ms.len() * CALLS.len());
    process.stop("TERM").await?;
    Ok(())
}

async fn settled(counters: &[Counter]) -> Vec<Count> {
    tokio::time::sleep(SETTLING).await;
    counters.iter().map(Counter::count).collect()
}

/// What is read out of a call's counts, one for each database.
type Figure = fn(&[Count]) -> usize;

/// Medians: a readiness check that falls within a call changes nothing.
fn print(calls: &[Vec<Vec<Count>>; 4]) {
    let median = |call: &[Vec<Count>], figure: Figure| {
        #[expect(clippy::cast_precision_loss, reason = "a few round trips")]
        let values: Vec<f64> = call.iter().map(|counts| figure(counts) as f64).collect();
        spread::median(&values)
    };
    let figures: [Figure; 8] = [
        |counts| counts.iter().map(|count| count.all()).sum(),
        |counts| counts[0].all(),
        |counts| counts[1].all(),
        |counts| counts[3].all(),
        |counts| counts.iter().map(|count| count.execute).sum(),
        |counts| counts.iter().map(|count| count.control).sum(),
        |counts| counts.iter().map(|count| count.ping).sum(),
        |counts| counts.iter().map(|count| count.prepare).sum(),
    ];
    let mut rows = Vec::new();
    let mut sums = [0.0; 8];
    for (name, call) in CALLS.iter().zip(calls) {
        let mut row = vec![(*name).to_owned()];
        for (figure, sum) in figures.iter().zip(&mut sums) {
            let value = median(call, *figure);
            *sum += value;
            row.push(format!("{value:.0}"));
        }
        rows.push(row);
    }
    let mut last = vec!["the requisition".to_owned()];
    last.extend(sums.map(|sum| format!("{sum:.0}")));
    rows.push(last);
    let heads = [
        "one caller",
        "all",
        "participant",
        "finance",
        "gateway",
        "statements",
        "BEGIN, COMMIT …",
        "pings",
        "preparations",
    ];
    table::rows(&heads, &rows);
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
fn print_together(before: &[Count], after: &[Count], calls: usize) {
    let a_call = |index: usize| (after[index] - before[index]).all() as f64 / calls as f64;
    line(&format!(
        "  {TOGETHER} callers at once, a call: participant {:.2}, finance {:.2}, gateway {:.2}",
        a_call(0),
        a_call(1),
        a_call(3)
    ));
}
