//! How long the federation's half-year report takes when every team keeps its participants
//! here, against the tables of counts that it is compiled from.

use std::{net::SocketAddr, path::Path, process::Command, time::Instant};

use anyhow::Context as _;
use chrono::NaiveDate;
use platform::mount::LARGEST_MESSAGE;
use proto::{
    common::Period,
    participant::{
        GetProtectedTableRequest, ListTableLayoutsRequest,
        table_layout_service_client::TableLayoutServiceClient,
        tabulation_service_client::TabulationServiceClient,
    },
    reporting::{
        CheckTextRequest, CreateReportRequest, CreateReportingPeriodRequest, FetchFiguresRequest,
        FigureSource, GetReportRequest, Report, ReportLanguage, ReportingPeriod, TeamSource,
        report_service_client::ReportServiceClient,
        reporting_period_service_client::ReportingPeriodServiceClient,
    },
};

use super::service::Service;
use crate::{
    channel,
    child::{self, Running},
    credential::Caller,
    population::{Population, organisation::TEAMS, rows::date},
    port, spread,
    table::{self, heading},
};

const ROUNDS: usize = 5;
const ROUND: usize = 5;
const GOAL_RATIO: f64 = 1.3;
const GOAL_CHECK_MS: f64 = 10.0;

/// The half-year that is reported.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day");
const LAST: NaiveDate = NaiveDate::from_ymd_opt(2025, 6, 30).expect("a day");
const DUE: NaiveDate = NaiveDate::from_ymd_opt(2025, 7, 31).expect("a day");
const PERIOD: &str = "2025h1";
const REPORT: &str = "half-year";

/// Measures both in turn and prints the figures.
///
/// # Errors
/// When a process does not start or a call fails.
pub(super) async fn measure(
    folder: &Path,
    service: &Service,
    population: &Population,
) -> anyhow::Result<()> {
    heading(&format!(
        "report: GetReport of the federation's half-year report, {} teams counted from records, \
         one caller; {ROUNDS} rounds of {ROUND} in turn with its tables, each asked for alone",
        TEAMS.len()
    ));
    let processes = Processes::start(folder, service).await?;
    let office = service.administrator(population)?;
    let reporting = Caller::new(channel::connect(processes.reporting_at).await?, office.clone());
    draft(&reporting, population).await?;
    let reports = ReportServiceClient::new(reporting).max_decoding_message_size(LARGEST_MESSAGE);
    // Registers the tables.
    compile(&reports, population).await?;
    let participant = Caller::new(service.connect().await?, office);
    let layouts = layouts(&participant, population).await?;
    let tables = TabulationServiceClient::new(participant);
    let tables = tables.max_decoding_message_size(LARGEST_MESSAGE);
    let mut rounds = Vec::with_capacity(1 + ROUNDS);
    for _ in 0..=ROUNDS {
        let mut round = Round::default();
        for _ in 0..ROUND {
            round.compiled.push(compile(&reports, population).await?);
            round.tables.push(tabulate(&tables, population, &layouts).await?);
        }
        // What is fetched makes the first check of a text ask anew.
        for _ in 0..ROUND {
            round.checked.push(check(&reports, population).await?);
        }
        rounds.push(round);
    }
    processes.stop().await?;
    // The first was for warming up.
    print(rounds.get(1..).unwrap_or_default(), layouts.len());
    Ok(())
}

/// Finance and reporting, each in a process of its own on SQLite: what they keep of this
/// report is little.
struct Processes {
    finance: Running,
    reporting: Running,
    reporting_at: SocketAddr,
}

impl Processes {
    async fn start(folder: &Path, participant: &Service) -> anyhow::Result<Self> {
        let (finance_at, reporting_at) = (port::free()?, port::free()?);
        let command = |program: &str, what: &str| -> anyhow::Result<Command> {
            let mut command = child::built(program)?;
            command
                .arg(what)
                .env("SAMORDNA__DATA_DIRECTORY", folder.join("data"))
                .env("SAMORDNA__FINANCE__LISTEN", finance_at.to_string())
                .env("SAMORDNA__REPORTING__LISTEN", reporting_at.to_string())
                .env("SAMORDNA__PEERS__FINANCE", format!("http://{finance_at}"))
                .env("SAMORDNA__PEERS__PARTICIPANT", format!("http://{}", participant.address()))
                .env("SAMORDNA__PRINCIPAL__PUBLIC_KEY", participant.public_key());
            Ok(command)
        };
        for program in ["finance", "reporting"] {
            child::run(command(program, "migrate")?)?;
        }
        let mut finance = Running::start("finance", folder, command("finance", "serve")?)?;
        let mut reporting = Running::start("reporting", folder, command("reporting", "serve")?)?;
        channel::listens(finance_at, &mut finance).await?;
        channel::listens(reporting_at, &mut reporting).await?;
        Ok(Self { finance, reporting, reporting_at })
    }

    async fn stop(self) -> anyhow::Result<()> {
        self.reporting.stop("TERM").await?;
        self.finance.stop("TERM").await?;
        Ok(())
    }
}

fn period() -> Period {
    Period { first_day: Some(date(FIRST)), last_day: Some(date(LAST)) }
}

fn report(population: &Population) -> String {
    format!("{}/reports/{REPORT}", population.name())
}

/// Drafts a report, all of whose teams keep their participants here.
async fn draft(reporting: &Caller, population: &Population) -> anyhow::Result<()> {
    let federation = population.name();
    let request = CreateReportingPeriodRequest {
        parent: federation.clone(),
        reporting_period_id: PERIOD.to_owned(),
        reporting_period: Some(ReportingPeriod {
            name: String::new(),
            period: Some(period()),
            due_date: Some(date(DUE)),
        }),
        request_id: "load-period".to_owned(),
        validate_only: false,
    };
    let mut periods = ReportingPeriodServiceClient::new(reporting.clone());
    periods.create_reporting_period(request).await.context("the period")?;
    let source = |(id, _): &(&str, &[usize])| TeamSource {
        team: format!("{federation}/teams/{id}"),
        source: FigureSource::Derived.into(),
    };
    let request = CreateReportRequest {
        parent: federation.clone(),
        report_id: REPORT.to_owned(),
        report: Some(Report {
            template: format!("{federation}/reportTemplates/half-year-report-1"),
            reporting_period: format!("{federation}/reportingPeriods/{PERIOD}"),
            subject: federation.clone(),
            title: "Delårsrapport".to_owned(),
            sources: TEAMS.iter().map(source).collect(),
            ..Default::default()
        }),
        request_id: "load-report".to_owned(),
        validate_only: false,
    };
    let mut reports = ReportServiceClient::new(reporting.clone());
    reports.create_report(request).await.context("the report")?;
    Ok(())
}

type Reports = ReportServiceClient<Caller>;

/// How long the report takes, in milliseconds: its figures are fetched, and it is read with
/// them.
async fn compile(reports: &Reports, population: &Population) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let request = FetchFiguresRequest { name: report(population), hide_more: false };
    reports.clone().fetch_figures(request).await.context("the figures")?;
    let request = GetReportRequest { name: report(population) };
    let answer = reports.clone().get_report(request).await.context("the report")?.into_inner();
    let took = begun.elapsed().as_secs_f64() * 1e3;
    let cells = answer.figures.iter().flat_map(|subject| &subject.cells);
    let counted = cells.filter(|cell| cell.source() == FigureSource::Derived).count();
    anyhow::ensure!(counted > 0, "nothing is counted from records");
    Ok(took)
}

/// How long a text of it takes that somebody is writing.
async fn check(reports: &Reports, population: &Population) -> anyhow::Result<f64> {
    let request = CheckTextRequest {
        name: format!("{}/chapters/introduction", report(population)),
        language: ReportLanguage::Swedish.into(),
        text: "Teamen hade [](figure:participants) deltagare.".to_owned(),
    };
    let begun = Instant::now();
    reports.clone().check_text(request).await.context("a text")?;
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

/// The layouts that the report registered: there are no others.
async fn layouts(participant: &Caller, population: &Population) -> anyhow::Result<Vec<String>> {
    let request = ListTableLayoutsRequest {
        parent: population.name(),
        page_size: 1000,
        page_token: String::new(),
    };
    let mut client = TableLayoutServiceClient::new(participant.clone());
    let answer = client.list_table_layouts(request).await.context("the layouts")?.into_inner();
    anyhow::ensure!(!answer.table_layouts.is_empty(), "no layouts");
    Ok(answer.table_layouts.into_iter().map(|layout| layout.name).collect())
}

/// How long the tables take, one after the other.
async fn tabulate(
    tables: &TabulationServiceClient<Caller>,
    population: &Population,
    layouts: &[String],
) -> anyhow::Result<f64> {
    let begun = Instant::now();
    for layout in layouts {
        let request = GetProtectedTableRequest {
            parent: population.name(),
            layout: layout.clone(),
            period: Some(period()),
            hide_more: false,
            validate_only: false,
        };
        let answer = tables.clone().get_protected_table(request).await.context("a table")?;
        anyhow::ensure!(answer.into_inner().table.is_some(), "no table");
    }
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}

/// What one round gave, in milliseconds.
#[derive(Default)]
struct Round {
    compiled: Vec<f64>,
    tables: Vec<f64>,
    checked: Vec<f64>,
}

fn print(rounds: &[Round], tables: usize) {
    let median = |figure: &dyn Fn(&Round) -> f64| {
        spread::median(&rounds.iter().map(figure).collect::<Vec<_>>())
    };
    let row = |name: String, of: fn(&Round) -> &Vec<f64>, goal: String| {
        let figure = median(&|round| spread::median(of(round)));
        vec![name, format!("{figure:.1}"), goal]
    };
    let ratio = median(&|round| spread::median(&round.compiled) / spread::median(&round.tables));
    table::rows(
        &["what", "median ms", "goal"],
        &[
            row("FetchFigures, GetReport".to_owned(), |round| &round.compiled, String::new()),
            row(format!("its {tables} tables"), |round| &round.tables, String::new()),
            vec![
                "ratio, median of rounds".to_owned(),
                format!("{ratio:.2}"),
                format!("≤ {GOAL_RATIO}"),
            ],
            row("CheckText".to_owned(), |round| &round.checked, format!("< {GOAL_CHECK_MS} ms")),
        ],
    );
}
