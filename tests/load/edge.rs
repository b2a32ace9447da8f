//! What the edge costs: an echo behind the gateway in a process of its own,
//! against an echo behind a bare proxy that passes bodies on unread. Both are
//! two hops; what is between the two figures is what the gateway does with a
//! call (the token, the account, the signed principal, the method table) and
//! what a service's layers do with it.

mod client;
mod pair;
pub(crate) mod server;

use std::time::Duration;

use client::Caller;
use pair::Pair;

use crate::{
    spread,
    table::{self, heading},
};

/// Calls under way at any time.
const AT_ONCE: usize = 64;
/// They share this many connections.
const CONNECTIONS: usize = 4;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_secs(3);
const WARM_UP: Duration = Duration::from_secs(2);

/// What one round on one pair of processes gave.
struct Round {
    calls_a_second: f64,
    front_us: f64,
    echo_us: f64,
}

impl Round {
    fn both_us(&self) -> f64 {
        self.front_us + self.echo_us
    }
}

/// Measures both ways in turn and prints the figures.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure() -> anyhow::Result<()> {
    heading(&format!(
        "edge: an echo behind the full edge against a bare two-hop echo, {AT_ONCE} calls at once \
         over {CONNECTIONS} connections, {ROUNDS} rounds of {} s in turn",
        ROUND.as_secs()
    ));
    let folder = tempfile::TempDir::new()?;
    let token = pair::account(folder.path()).await?;
    let mut edge = Pair::edge(folder.path())?;
    let mut bare = Pair::bare(folder.path())?;
    let edge_caller = Caller::connect(edge.address, &token, &mut edge).await?;
    let bare_caller = Caller::connect(bare.address, &token, &mut bare).await?;
    edge_caller.call_for(WARM_UP).await?;
    bare_caller.call_for(WARM_UP).await?;

    let mut edge_rounds = Vec::with_capacity(ROUNDS);
    let mut bare_rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        edge_rounds.push(round(&edge, &edge_caller).await?);
        bare_rounds.push(round(&bare, &bare_caller).await?);
    }
    print(&edge_rounds, &bare_rounds);
    Ok(())
}

async fn round(pair: &Pair, caller: &Caller) -> anyhow::Result<Round> {
    let (front, echo) = pair.processor_time()?;
    let done = caller.call_for(ROUND).await?;
    let (front_after, echo_after) = pair.processor_time()?;
    #[expect(clippy::cast_precision_loss, reason = "a count of calls is small")]
    let calls = done.calls as f64;
    Ok(Round {
        calls_a_second: calls / done.took.as_secs_f64(),
        front_us: (front_after - front).as_secs_f64() * 1e6 / calls,
        echo_us: (echo_after - echo).as_secs_f64() * 1e6 / calls,
    })
}

fn print(edge: &[Round], bare: &[Round]) {
    let row = |name: &str, rounds: &[Round]| {
        let median = |figure: fn(&Round) -> f64| {
            spread::median(&rounds.iter().map(figure).collect::<Vec<_>>())
        };
        vec![
            name.to_owned(),
            format!("{:.0}", median(|round| round.calls_a_second)),
            format!("{:.1}", median(|round| round.front_us)),
            format!("{:.1}", median(|round| round.echo_us)),
            format!("{:.1}", median(Round::both_us)),
        ]
    };
    let ratio = |figure: fn(&Round) -> f64| {
        let both = edge.iter().zip(bare);
        spread::median(&both.map(|(edge, bare)| figure(edge) / figure(bare)).collect::<Vec<_>>())
    };
    let ratios = vec![
        "ratio, median of rounds".to_owned(),
        format!("{:.2}", ratio(|round| round.calls_a_second)),
        format!("{:.2}", ratio(|round| round.front_us)),
        format!("{:.2}", ratio(|round| round.echo_us)),
        format!("{:.2}", ratio(Round::both_us)),
    ];
    table::rows(
        &["way", "calls/s", "front CPU µs/call", "echo CPU µs/call", "both CPU µs/call"],
        &[row("gateway, then guarded echo", edge), row("bare proxy, then bare echo", bare), ratios],
    );
}
