//! How long the funding table of a year takes on PostgreSQL when there are a
//! million postings, against queries for the same figures, run by pgbench.

mod tables;

use anyhow::Context as _;
use proto::{
    Date,
    common::Period,
    finance::{GetFundingTableRequest, funding_table_service_client::FundingTableServiceClient},
};

use crate::{
    calls::{self, Done},
    credential::Caller,
    federation::Federation,
    pgbench::{self, Run},
    postgres::{Databases, Server},
    split::Split,
    spread,
    table::{self, heading},
};

const ROUNDS: usize = 5;
const ROUND: usize = 200;
const GOAL_RATIO: f64 = 1.5;
const GOAL_MS: f64 = 20.0;

/// Measures both in turn and prints the figures.
///
/// # Errors
/// When a process cannot be started or a call fails.
pub(crate) async fn measure() -> anyhow::Result<()> {
    heading(&format!(
        "funding: GetFundingTable with {}; one caller, {ROUNDS} rounds of {ROUND} in turn with \
         pgbench",
        tables::described()
    ));
    let server = Server::given_or_started().await?;
    let result = server.with_databases(&["finance"], compare).await;
    let stopped = server.stop().await;
    result.and(stopped)
}

async fn compare(databases: &Databases) -> anyhow::Result<()> {
    let folder = tempfile::TempDir::new()?;
    let split = Split::start(folder.path(), Some(&databases.address("finance"))).await?;
    databases.run("finance", &tables::fill()).await?;
    // As the server does by itself: takes stock, and notes which pages need no
    // second look.
    databases.run("finance", "VACUUM ANALYZE").await?;
    let federation = Federation { id: tables::FEDERATION, parties: 0, grants: 0 };
    let caller = Caller::new(split.connect().await?, split.administrator(&federation)?);
    let client = FundingTableServiceClient::new(caller);

    let address = databases.address("finance");
    let script = tables::queries();
    let pgbench = || {
        pgbench::run(&Run {
            address: &address,
            script: &script,
            clients: 1,
            times: ROUND,
            variables: &[],
        })
    };
    let mut rounds = Vec::with_capacity(1 + ROUNDS);
    for _ in 0..=ROUNDS {
        rounds.push((ask(&client, &federation).await?, pgbench()?));
    }
    split.stop().await?;
    // The first was for warming up.
    print(rounds.get(1..).unwrap_or_default());
    Ok(())
}

async fn ask(
    client: &FundingTableServiceClient<Caller>,
    federation: &Federation,
) -> anyhow::Result<Done> {
    let day = |month, day| Some(Date { year: tables::YEAR, month, day });
    let request = GetFundingTableRequest {
        parent: federation.name(),
        year: tables::YEAR,
        period: Some(Period { first_day: day(1, 1), last_day: day(12, 31) }),
        ..Default::default()
    };
    let client = client.clone();
    let asked = calls::share(vec![request; ROUND], 1, move |_, request| {
        let mut client = client.clone();
        async move {
            let answer = client.get_funding_table(request).await.context("the funding table")?;
            let table = answer.into_inner().funding_table.context("no table")?;
            let total = table.total.context("no total")?;
            anyhow::ensure!(total.requisitioned_ore > 0, "nothing is requisitioned");
            Ok(())
        }
    });
    let (_, done) = asked.await?;
    Ok(done)
}

fn print(rounds: &[(Done, Done)]) {
    let row = |name: &str, goal: String, of: fn(&(Done, Done)) -> &Done| {
        let median = |figure: fn(&Done) -> f64| {
            spread::median(&rounds.iter().map(|round| figure(of(round))).collect::<Vec<_>>())
        };
        let figures =
            [Done::median_ms, Done::p99_ms].map(|figure| format!("{:.2}", median(figure)));
        let mut row = vec![name.to_owned()];
        row.extend(figures);
        row.push(goal);
        row
    };
    let ratios: Vec<f64> =
        rounds.iter().map(|(finance, queries)| finance.median_ms() / queries.median_ms()).collect();
    let ratio = vec![
        "ratio, median of rounds".to_owned(),
        format!("{:.2}", spread::median(&ratios)),
        String::new(),
        format!("≤ {GOAL_RATIO}"),
    ];
    table::rows(
        &["way", "median ms", "p99 ms", "goal"],
        &[
            row("GetFundingTable", format!("< {GOAL_MS} ms"), |(finance, _)| finance),
            row("the queries, by pgbench", String::new(), |(_, queries)| queries),
            ratio,
        ],
    );
}
