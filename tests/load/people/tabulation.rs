//! How long the counts of a half-year take, by the service and by queries over a narrow
//! table of facts.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::NaiveDate;
use proto::{
    common::Period,
    participant::{
        Count, Cut, Dimension, Measure, TableShape, TabulateRequest,
        tabulation_service_client::TabulationServiceClient,
    },
};

use super::{
    narrow,
    service::{AGES, Service},
};
use crate::{
    calls::{self, Done},
    credential::Caller,
    pgbench::{self, Run},
    population::{Population, organisation::TEAMS, rows::date, tally::Tally},
    postgres::Databases,
    spread,
    table::{self, heading},
};

const ROUNDS: usize = 5;
const ROUND: usize = 10;
const GOAL_RATIO: f64 = 1.3;
const GOAL_TEAM_MS: f64 = 50.0;

/// The half-year that is asked for.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day");
const LAST: NaiveDate = NaiveDate::from_ymd_opt(2025, 6, 30).expect("a day");
const DAYS: [&str; 2] = ["2025-01-01", "2025-06-30"];

const EXITS: Asked = Asked {
    measures: &[Measure::ExitedOpening, Measure::ExitedIn, Measure::ExitedClosing],
    cuts: &[Dimension::Sex, Dimension::Age, Dimension::Team, Dimension::ExitOutcome],
};
const BOOKS: Asked = Asked {
    measures: &[
        Measure::QueueOpening,
        Measure::QueueIn,
        Measure::QueueOut,
        Measure::QueueClosing,
        Measure::EnrolledOpening,
        Measure::EnrolledIn,
        Measure::EnrolledOut,
        Measure::EnrolledClosing,
    ],
    cuts: &[Dimension::Sex, Dimension::Age, Dimension::Team],
};

/// A table.
#[derive(Clone, Copy)]
struct Asked {
    measures: &'static [Measure],
    cuts: &'static [Dimension],
}

type Client = TabulationServiceClient<Caller>;

/// Measures both in turn and prints the figures.
///
/// # Errors
/// When a call fails, or something is counted wrongly.
pub(super) async fn measure(
    databases: &Databases,
    service: &Service,
    population: &Population,
) -> anyhow::Result<()> {
    heading(&format!(
        "tabulate: Tabulate for the first half of 2025, one caller; {ROUNDS} rounds of {ROUND} in \
         turn with pgbench"
    ));
    databases.run("participant", &narrow::fill(population.federation)).await?;
    databases.run("participant", "VACUUM ANALYZE narrow_fact").await?;
    let caller = service.coordinator(population, population.party_teams()).await?;
    let client = Client::new(caller);
    for asked in [EXITS, BOOKS] {
        is_right(&client, population, asked).await?;
    }
    let pgbench = |script: String| {
        let address = databases.address("participant");
        let run =
            Run { address: &address, script: &script, clients: 1, times: ROUND, variables: &[] };
        pgbench::run(&run)
    };
    let mut rounds = Vec::with_capacity(1 + ROUNDS);
    for _ in 0..=ROUNDS {
        rounds.push(Round {
            exits: ask(&client, request(population, EXITS, Vec::new())).await?,
            exits_by_hand: pgbench(narrow::exits(DAYS))?,
            books: ask(&client, request(population, BOOKS, Vec::new())).await?,
            books_by_hand: pgbench(narrow::books(DAYS))?,
            team: of_team(service, population).await?,
        });
    }
    // The first was for warming up.
    print(rounds.get(1..).unwrap_or_default());
    Ok(())
}

/// What one round gave.
struct Round {
    exits: Done,
    exits_by_hand: Done,
    books: Done,
    books_by_hand: Done,
    team: Done,
}

/// Holds what is answered against what is counted from the lives.
async fn is_right(client: &Client, population: &Population, asked: Asked) -> anyhow::Result<()> {
    let mut tables = [Tally::new([FIRST, LAST], asked.cuts)];
    Tally::count(&mut tables, population.everybody());
    let [table] = tables;
    let answer = client.clone().tabulate(request(population, asked, Vec::new())).await?;
    let answered = answer.into_inner().table.context("no table")?;
    let values = |counts: Vec<Count>| counts.into_iter().map(|count| count.value.unwrap_or(-1));
    let cells = answered.cells.into_iter();
    let cells: BTreeMap<Vec<String>, Vec<i64>> =
        cells.map(|cell| (cell.keys, values(cell.counts).collect())).collect();
    anyhow::ensure!(cells == table.cells(population, asked.measures), "it counts wrongly");
    Ok(())
}

fn request(population: &Population, asked: Asked, teams: Vec<String>) -> TabulateRequest {
    let cut = |dimension: &Dimension| Cut {
        dimension: (*dimension).into(),
        banding: match dimension {
            Dimension::Age => format!("{}/bandings/{AGES}", population.name()),
            _ => String::new(),
        },
    };
    TabulateRequest {
        parent: population.name(),
        shape: Some(TableShape {
            measures: asked.measures.iter().map(|measure| (*measure).into()).collect(),
            cuts: asked.cuts.iter().map(cut).collect(),
        }),
        period: Some(Period { first_day: Some(date(FIRST)), last_day: Some(date(LAST)) }),
        as_known_at: 0,
        teams,
    }
}

async fn ask(client: &Client, request: TabulateRequest) -> anyhow::Result<Done> {
    let client = client.clone();
    let asked = calls::share(vec![request; ROUND], 1, move |_, request| {
        let mut client = client.clone();
        async move {
            let answer = client.tabulate(request).await.context("the table")?;
            anyhow::ensure!(answer.into_inner().table.is_some(), "no table");
            Ok(())
        }
    });
    Ok(asked.await?.1)
}

/// The figures of one team, by the coordinator of it: both tables, one after the other.
async fn of_team(service: &Service, population: &Population) -> anyhow::Result<Done> {
    let mut all = Done::default();
    for (team, (id, _)) in TEAMS.iter().enumerate().take(4) {
        let caller = service.coordinator(population, population.party_teams_of(team)).await?;
        let client = Client::new(caller);
        let teams = vec![format!("{}/teams/{id}", population.name())];
        let exits = ask(&client, request(population, EXITS, teams.clone())).await?;
        let books = ask(&client, request(population, BOOKS, teams)).await?;
        let both = exits.times_ms.into_iter().zip(books.times_ms);
        all.times_ms.extend(both.map(|(exits, books)| exits + books));
        all.took += exits.took + books.took;
    }
    Ok(all)
}

fn print(rounds: &[Round]) {
    let median = |figure: &dyn Fn(&Round) -> f64| {
        spread::median(&rounds.iter().map(figure).collect::<Vec<_>>())
    };
    let compared = |name: &str, ours: fn(&Round) -> f64, by_hand: fn(&Round) -> f64| {
        vec![
            name.to_owned(),
            format!("{:.1}", median(&ours)),
            format!("{:.1}", median(&by_hand)),
            format!("{:.2}", median(&|round| ours(round) / by_hand(round))),
            format!("ratio ≤ {GOAL_RATIO}"),
        ]
    };
    let team = vec![
        "one team's, both tables".to_owned(),
        format!("{:.1}", median(&|round| round.team.median_ms())),
        String::new(),
        String::new(),
        format!("< {GOAL_TEAM_MS} ms"),
    ];
    table::rows(
        &["table", "Tabulate ms", "by hand ms", "ratio", "goal"],
        &[
            compared(
                "exits by sex, age, team, outcome",
                |round| round.exits.median_ms(),
                |round| round.exits_by_hand.median_ms(),
            ),
            compared(
                "books by sex, age, team",
                |round| round.books.median_ms(),
                |round| round.books_by_hand.median_ms(),
            ),
            compared(
                "both",
                |round| round.exits.median_ms() + round.books.median_ms(),
                |round| round.exits_by_hand.median_ms() + round.books_by_hand.median_ms(),
            ),
            team,
        ],
    );
}
