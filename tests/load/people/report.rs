//! How long the federation's half-year report takes when every team keeps its participants
//! here, against the tables of counts that it is compiled from.

use std::{net::SocketAddr, path::Path, process::Command, time::Instant};

use anyhow::Context as _;
use platform::mount::LARGEST_MESSAGE;
use proto::{
    Date,
    common::Period,
    participant::{
        GetProtectedTablesRequest, ListTableLayoutsRequest, TableLayout, TabulateRequest,
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
    population::{Population, organisation::TEAMS},
    port, spread,
    table::{self, heading},
};

/// The half-years that are reported, one a round.
const HALF_YEARS: [(i32, u32); 6] =
    [(2022, 2), (2023, 1), (2023, 2), (2024, 1), (2024, 2), (2025, 1)];
const AGAIN: usize = 5;
const GOAL_RATIO: f64 = 1.3;
const GOAL_CHECK_MS: f64 = 10.0;

/// Measures them in turn and prints the figures.
///
/// # Errors
/// When a process does not start or a call fails.
pub(super) async fn measure(
    folder: &Path,
    service: &Service,
    population: &Population,
) -> anyhow::Result<()> {
    heading(&format!(
        "report: the federation's half-year report, {} teams counted from records, one caller; {} \
         half-years one after the other, each for the first time and {AGAIN} times again",
        TEAMS.len(),
        HALF_YEARS.len()
    ));
    let processes = Processes::start(folder, service).await?;
    let office = service.administrator(population)?;
    let reporting = Caller::new(channel::connect(processes.reporting_at).await?, office.clone());
    let participant = Caller::new(service.connect().await?, office);
    let everybody = service.coordinator(population, population.party_teams()).await?;
    let mut rounds = Vec::with_capacity(HALF_YEARS.len());
    for half_year in HALF_YEARS {
        let half_year = HalfYear::new(population, half_year);
        half_year.draft(&reporting).await?;
        let mut layouts = half_year.layouts(&participant).await?;
        let mut round = Round {
            tabulated: half_year.tabulate(&everybody, &layouts).await?,
            protected: half_year.protect(&participant, &layouts).await?,
            first: half_year.compile(&reporting).await?,
            ..Default::default()
        };
        // The first of all registered them.
        layouts = half_year.layouts(&participant).await?;
        for _ in 0..AGAIN {
            round.again.push(half_year.compile(&reporting).await?);
            round.tables.push(half_year.read(&participant, &layouts).await?);
        }
        // What is fetched makes the first check of a text ask anew.
        for _ in 0..AGAIN {
            round.checked.push(half_year.check(&reporting).await?);
        }
        round.layouts = layouts.len();
        rounds.push(round);
    }
    processes.stop().await?;
    // The first was for warming up.
    print(rounds.get(1..).unwrap_or_default());
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

/// A half-year and its report.
struct HalfYear<'a> {
    population: &'a Population,
    id: String,
    period: Period,
    due: Date,
}

impl<'a> HalfYear<'a> {
    fn new(population: &'a Population, (year, half): (i32, u32)) -> Self {
        let day = |year, month, day| Some(Date { year, month, day });
        let (first_day, last_day, due) = match half {
            1 => (day(year, 1, 1), day(year, 6, 30), day(year, 7, 31)),
            _ => (day(year, 7, 1), day(year, 12, 31), day(year + 1, 1, 31)),
        };
        let period = Period { first_day, last_day };
        Self { population, id: format!("{year}h{half}"), period, due: due.unwrap_or_default() }
    }

    fn report(&self) -> String {
        format!("{}/reports/{}", self.population.name(), self.id)
    }

    /// Drafts the report, all of whose teams keep their participants here.
    async fn draft(&self, reporting: &Caller) -> anyhow::Result<()> {
        let federation = self.population.name();
        let request = CreateReportingPeriodRequest {
            parent: federation.clone(),
            reporting_period_id: self.id.clone(),
            reporting_period: Some(ReportingPeriod {
                name: String::new(),
                period: Some(self.period),
                due_date: Some(self.due),
            }),
            request_id: format!("period-{}", self.id),
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
            report_id: self.id.clone(),
            report: Some(Report {
                template: format!("{federation}/reportTemplates/half-year-report-1"),
                reporting_period: format!("{federation}/reportingPeriods/{}", self.id),
                subject: federation.clone(),
                title: "Delårsrapport".to_owned(),
                sources: TEAMS.iter().map(source).collect(),
                ..Default::default()
            }),
            request_id: format!("report-{}", self.id),
            validate_only: false,
        };
        let mut reports = ReportServiceClient::new(reporting.clone());
        reports.create_report(request).await.context("the report")?;
        Ok(())
    }

    /// How long the report takes, in milliseconds: its figures are fetched, and it is read
    /// with them.
    async fn compile(&self, reporting: &Caller) -> anyhow::Result<f64> {
        let reports = ReportServiceClient::new(reporting.clone());
        let mut reports = reports.max_decoding_message_size(LARGEST_MESSAGE);
        let begun = Instant::now();
        let request = FetchFiguresRequest { name: self.report(), hide_more: false };
        reports.fetch_figures(request).await.context("the figures")?;
        let request = GetReportRequest { name: self.report() };
        let answer = reports.get_report(request).await.context("the report")?.into_inner();
        let took = begun.elapsed().as_secs_f64() * 1e3;
        let cells = answer.figures.iter().flat_map(|subject| &subject.cells);
        let counted = cells.filter(|cell| cell.source() == FigureSource::Derived).count();
        anyhow::ensure!(counted > 0, "nothing is counted from records");
        Ok(took)
    }

    /// How long a text of it takes that somebody is writing.
    async fn check(&self, reporting: &Caller) -> anyhow::Result<f64> {
        let request = CheckTextRequest {
            name: format!("{}/chapters/introduction", self.report()),
            language: ReportLanguage::Swedish.into(),
            text: "Teamen hade [](figure:participants) deltagare.".to_owned(),
        };
        let begun = Instant::now();
        ReportServiceClient::new(reporting.clone()).check_text(request).await.context("a text")?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    }

    /// The layouts that the report registered: there are no others.
    async fn layouts(&self, participant: &Caller) -> anyhow::Result<Vec<TableLayout>> {
        let request = ListTableLayoutsRequest {
            parent: self.population.name(),
            page_size: 1000,
            page_token: String::new(),
        };
        let mut client = TableLayoutServiceClient::new(participant.clone());
        let answer = client.list_table_layouts(request).await.context("the layouts")?;
        let layouts = answer.into_inner().table_layouts;
        Ok(layouts)
    }

    /// How long it takes to count the tables for somebody who may see everybody, one after
    /// the other.
    async fn tabulate(&self, everybody: &Caller, layouts: &[TableLayout]) -> anyhow::Result<f64> {
        let tables = TabulationServiceClient::new(everybody.clone());
        let mut tables = tables.max_decoding_message_size(LARGEST_MESSAGE);
        let begun = Instant::now();
        for layout in layouts {
            let request = TabulateRequest {
                parent: self.population.name(),
                shape: layout.shape.clone(),
                period: Some(self.period),
                as_known_at: 0,
                teams: Vec::new(),
            };
            let answer = tables.tabulate(request).await.context("a table")?;
            anyhow::ensure!(answer.into_inner().table.is_some(), "no table");
        }
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    }

    /// How long it takes to count and to protect the tables in one call that gives nothing
    /// out.
    async fn protect(&self, office: &Caller, layouts: &[TableLayout]) -> anyhow::Result<f64> {
        let begun = Instant::now();
        if !layouts.is_empty() {
            self.tables(office, (layouts, true)).await?;
        }
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    }

    /// How long it takes to read the tables that were given out, each by itself.
    async fn read(&self, office: &Caller, layouts: &[TableLayout]) -> anyhow::Result<f64> {
        let begun = Instant::now();
        for layout in layouts {
            self.tables(office, (std::slice::from_ref(layout), false)).await?;
        }
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    }

    async fn tables(
        &self,
        office: &Caller,
        (layouts, validate_only): (&[TableLayout], bool),
    ) -> anyhow::Result<()> {
        let request = GetProtectedTablesRequest {
            parent: self.population.name(),
            layouts: layouts.iter().map(|layout| layout.name.clone()).collect(),
            period: Some(self.period),
            hide_more: false,
            validate_only,
        };
        let tables = TabulationServiceClient::new(office.clone());
        let mut tables = tables.max_decoding_message_size(LARGEST_MESSAGE);
        let answer = tables.get_protected_tables(request).await.context("the tables")?;
        anyhow::ensure!(answer.into_inner().tables.len() == layouts.len(), "a table is missing");
        Ok(())
    }
}

/// What one half-year gave, in milliseconds.
#[derive(Default)]
struct Round {
    layouts: usize,
    first: f64,
    tabulated: f64,
    protected: f64,
    again: Vec<f64>,
    tables: Vec<f64>,
    checked: Vec<f64>,
}

impl Round {
    fn again(&self) -> f64 {
        spread::median(&self.again)
    }

    fn tables(&self) -> f64 {
        spread::median(&self.tables)
    }
}

fn print(rounds: &[Round]) {
    let all = |figure: &dyn Fn(&Round) -> f64| -> Vec<f64> { rounds.iter().map(figure).collect() };
    let time = |name: String, figure: &dyn Fn(&Round) -> f64, goal: String| {
        let all = all(figure);
        let each: Vec<String> = all.iter().map(|figure| format!("{figure:.1}")).collect();
        vec![name, format!("{:.1}", spread::median(&all)), each.join(" "), goal]
    };
    let ratio = |name: &str, figure: &dyn Fn(&Round) -> f64| {
        let all = all(figure);
        let each: Vec<String> = all.iter().map(|figure| format!("{figure:.2}")).collect();
        let goal = format!("≤ {GOAL_RATIO}");
        vec![name.to_owned(), format!("{:.2}", spread::median(&all)), each.join(" "), goal]
    };
    let tables = rounds.first().map_or(0, |round| round.layouts);
    let none = String::new;
    table::rows(
        &["what", "median ms", "each half-year", "goal"],
        &[
            time(format!("Tabulate, {tables} calls"), &|round| round.tabulated, none()),
            time("GetProtectedTables, checked".to_owned(), &|round| round.protected, none()),
            time("FetchFigures, GetReport, first".to_owned(), &|round| round.first, none()),
            ratio("  ratio", &|round| round.first / round.protected),
            time(format!("GetProtectedTables, {tables} calls"), &Round::tables, none()),
            time("FetchFigures, GetReport, again".to_owned(), &Round::again, none()),
            ratio("  ratio", &|round| round.again() / round.tables()),
            time(
                "CheckText".to_owned(),
                &|round| spread::median(&round.checked),
                format!("< {GOAL_CHECK_MS} ms"),
            ),
        ],
    );
}
