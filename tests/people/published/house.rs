//! All services on databases of their own, with a federation of generated people in them,
//! its office, and somebody who reads the pages.

use std::env;

use axum::{Router, body::Body};
use chrono::{Datelike as _, Days, NaiveDate};
use gateway::domain::account::{AccountKind, NewAccount};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use platform::{
    Clock, Database, Journal, Transport,
    failure::Problem,
    testing::{POSTGRES, PostgresHome, SqliteHome, caller},
};
use proto::{
    common::Period,
    reporting::{
        AcceptReportRequest, CreateReportRequest, CreateReportingPeriodRequest,
        DownloadReleaseRequest, ExplainFindingRequest, FetchFiguresRequest, FigureCell,
        FigureDefinition, FigureSource, GetFigureDefinitionsRequest, GetReleaseRequest,
        GetReportRequest, GetReportResponse, PublishReportRequest, Release, ReleaseFormat, Report,
        ReportedCount, ReportedFigures, ReportingPeriod, SubmitReportRequest,
        SubmitReportedFiguresRequest, TeamSource,
        figure_definition_service_client::FigureDefinitionServiceClient,
        release_service_client::ReleaseServiceClient, report_service_client::ReportServiceClient,
        reported_figures_service_client::ReportedFiguresServiceClient,
        reporting_period_service_client::ReportingPeriodServiceClient,
    },
};
use tower::ServiceExt as _;
use values::{Role, RoleGrant, Scope};

use crate::{
    people::world::{NOW, World, keyring},
    population::{Population, organisation::TEAMS, rows::date},
};

const PASSWORD: &str = "correct-horse-battery";
const REPORT: &str = "halvar";

/// The databases of the participant service, finance, reporting and the gateway.
pub(super) type Databases = [Database; 4];

/// All of it.
pub(super) struct House {
    pub(super) world: World,
    databases: Databases,
    reporting: Transport,
    pages: Router,
}

/// Runs a story on embedded databases and, when a server is named, on PostgreSQL. The
/// checks name one.
pub(super) async fn on_both(story: impl AsyncFn(Databases)) {
    let [one, two, three, four] = std::array::from_fn(|_| SqliteHome::new());
    story([one.open().await, two.open().await, three.open().await, four.open().await]).await;
    match env::var(POSTGRES) {
        Ok(server) => {
            let home = || PostgresHome::create(&server);
            let homes = [home().await, home().await, home().await, home().await];
            let [one, two, three, four] = &homes;
            let databases =
                [one.open().await, two.open().await, three.open().await, four.open().await];
            story(databases.clone()).await;
            for (home, database) in homes.into_iter().zip(databases) {
                home.remove(database).await;
            }
        }
        Err(_) => assert!(env::var("CI").is_err(), "{POSTGRES} must name a server"),
    }
}

impl House {
    /// With the organisation, and nobody in it yet.
    pub(super) async fn new(databases: Databases, population: Population) -> Self {
        let [people, money, reports, accounts] = databases.clone();
        money.migrate::<finance::Migrator>().await.unwrap();
        reports.migrate::<reporting::Migrator>().await.unwrap();
        accounts.migrate::<gateway::Migrator>().await.unwrap();
        let clock = Clock::fixed(NOW.parse().unwrap());
        let world = World::with_organisation(people, population).await;
        let (organisation, verifier) = (world.transport.clone(), world.keys.verifier.clone());
        let deps = finance::Deps {
            clock: clock.clone(),
            database: money,
            verifier: verifier.clone(),
            organisation: organisation.clone(),
        };
        let finance = Transport::local(finance::mount(&finance::Config::default(), deps).routes);
        let deps = reporting::Deps {
            clock: clock.clone(),
            database: reports,
            verifier: verifier.clone(),
            organisation: organisation.clone(),
            finance: finance.clone(),
        };
        let reporting =
            Transport::local(reporting::mount(&reporting::Config::default(), deps).routes);
        let deps = gateway::Deps {
            clock: clock.clone(),
            database: accounts.clone(),
            signer: world.keys.signer.clone(),
            verifier,
            organisation,
            finance,
            reporting: reporting.clone(),
        };
        let pages = gateway::mount(&gateway::Config::default(), deps).await.unwrap().routes;
        let grants =
            vec![RoleGrant { role: Role::FederationAdministrator, scope: Scope::Federation }];
        let reader = NewAccount {
            federation: world.population.federation.to_owned(),
            id: "kansli".to_owned(),
            display_name: "Kansliet".to_owned(),
            kind: AccountKind::Person,
            party: None,
            secret: PASSWORD.into(),
            grants,
        };
        gateway::account::create(&Journal::new(accounts, clock), reader).await.unwrap();
        Self { world, databases, reporting, pages }
    }

    /// The database with the people in it.
    pub(super) fn people(&self) -> &Database {
        &self.databases[0]
    }

    /// What is wrong in the journals of those who count people.
    pub(super) async fn problems(&self) -> Vec<String> {
        let [people, _, reports, _] = &self.databases;
        let mut problems = participant::verify(people, Some(&keyring())).await.unwrap();
        problems.extend(reporting::verify(reports).await.unwrap());
        problems
    }

    /// A request by the office.
    fn office<M>(&self, message: M) -> tonic::Request<M> {
        self.by(Role::FederationAdministrator, "kansli", message)
    }

    fn by<M>(&self, role: Role, account: &str, message: M) -> tonic::Request<M> {
        let federation = self.world.population.federation;
        self.world.keys.request(&caller(federation, account, &[(role, Scope::Federation)]), message)
    }

    /// The federation's resource name.
    pub(super) fn federation(&self) -> String {
        self.world.population.name()
    }

    /// The resource name of something in it.
    pub(super) fn name(&self, collection: &str, id: &str) -> String {
        format!("{}/{collection}/{id}", self.federation())
    }

    fn reports(&self) -> ReportServiceClient<Transport> {
        ReportServiceClient::new(self.reporting.clone())
    }

    fn releases(&self) -> ReleaseServiceClient<Transport> {
        ReleaseServiceClient::new(self.reporting.clone())
    }

    /// Takes the report all the way and publishes it.
    pub(super) async fn publish(&self) -> Release {
        let findings = self.report().await.findings;
        for (number, finding) in findings.iter().enumerate() {
            let explain = ExplainFindingRequest {
                name: self.name("reports", REPORT),
                finding: finding.key.clone(),
                text: "Så är det i registret.".to_owned(),
                request_id: format!("explain-{number}"),
                validate_only: false,
            };
            self.reports().explain_finding(self.office(explain)).await.unwrap();
        }
        let submit = SubmitReportRequest {
            name: self.name("reports", REPORT),
            etag: self.report().await.report.unwrap().etag,
            request_id: "submit".to_owned(),
            validate_only: false,
        };
        let submitted = self.reports().submit_report(self.office(submit)).await.unwrap();
        let accept = AcceptReportRequest {
            name: self.name("reports", REPORT),
            etag: submitted.into_inner().report.unwrap().etag,
            request_id: "accept".to_owned(),
            validate_only: false,
        };
        let accept = self.by(Role::ProgrammeLead, "programledare", accept);
        let accepted = self.reports().accept_report(accept).await.unwrap();
        let publish = PublishReportRequest {
            name: self.name("reports", REPORT),
            etag: accepted.into_inner().report.unwrap().etag,
            request_id: "publish".to_owned(),
            ..Default::default()
        };
        let published = self.releases().publish_report(self.office(publish)).await.unwrap();
        published.into_inner().release.unwrap()
    }

    /// Begins to report on a half-year; answers its id.
    pub(super) async fn create_period(&self, [first, last]: [NaiveDate; 2]) -> String {
        let half = if first.month() == 1 { 1 } else { 2 };
        let period = format!("{}h{half}", first.year());
        let create = CreateReportingPeriodRequest {
            parent: self.federation(),
            reporting_period_id: period.clone(),
            reporting_period: Some(ReportingPeriod {
                name: String::new(),
                period: Some(Period { first_day: Some(date(first)), last_day: Some(date(last)) }),
                due_date: Some(date(last + Days::new(31))),
            }),
            request_id: "period".to_owned(),
            validate_only: false,
        };
        let mut periods = ReportingPeriodServiceClient::new(self.reporting.clone());
        periods.create_reporting_period(self.office(create)).await.unwrap();
        period
    }

    /// Sends in what a team reports for a half-year.
    pub(super) async fn submit(&self, period: &str, team: &str, counts: Vec<ReportedCount>) {
        let name = format!("{}/reportedFigures/{team}", self.name("reportingPeriods", period));
        let submit = SubmitReportedFiguresRequest {
            reported_figures: Some(ReportedFigures { name, counts, ..Default::default() }),
            request_id: format!("submit-{team}"),
            validate_only: false,
        };
        let mut figures = ReportedFiguresServiceClient::new(self.reporting.clone());
        figures.submit_reported_figures(self.office(submit)).await.unwrap();
    }

    /// That the figures of each team are counted from records.
    pub(super) fn records(&self) -> Vec<TeamSource> {
        let source = FigureSource::Derived.into();
        let team = |(team, _): &(&str, _)| TeamSource { team: self.name("teams", team), source };
        TEAMS.iter().map(team).collect()
    }

    /// Drafts a report on a half-year and fetches its figures; false when of its tables
    /// nothing can be told.
    pub(super) async fn draft(&self, period: &str, sources: Vec<TeamSource>) -> bool {
        let create = CreateReportRequest {
            parent: self.federation(),
            report_id: REPORT.to_owned(),
            report: Some(Report {
                template: self.name("reportTemplates", "half-year-report-1"),
                reporting_period: self.name("reportingPeriods", period),
                subject: self.federation(),
                title: "Halvårsrapport".to_owned(),
                sources,
                ..Default::default()
            }),
            request_id: "draft".to_owned(),
            validate_only: false,
        };
        self.reports().create_report(self.office(create)).await.unwrap();
        let is_counted = |cell: &FigureCell| cell.source() == FigureSource::Derived;
        let looked_at = self.report().await;
        assert!(!looked_at.figures.iter().any(|figures| figures.cells.iter().any(is_counted)));
        let fetch = FetchFiguresRequest { name: self.name("reports", REPORT), hide_more: false };
        match self.reports().fetch_figures(self.office(fetch)).await {
            Ok(fetched) => {
                assert!(fetched.into_inner().is_newest, "nothing was fetched before");
                true
            }
            Err(status) => {
                assert_eq!(Problem::of(&status).reason, "NOTHING_CAN_BE_TOLD");
                false
            }
        }
    }

    /// The report as the office reads it.
    pub(super) async fn report(&self) -> GetReportResponse {
        let get = GetReportRequest { name: self.name("reports", REPORT) };
        self.reports().get_report(self.office(get)).await.unwrap().into_inner()
    }

    /// A release as whoever reads it gets it.
    pub(super) async fn release(&self, name: &str) -> Release {
        let get = GetReleaseRequest { name: name.to_owned() };
        let got = self.releases().get_release(self.office(get)).await.unwrap();
        got.into_inner().release.unwrap()
    }

    /// A file of a release.
    pub(super) async fn file(&self, release: &Release, format: ReleaseFormat) -> Vec<u8> {
        let download = DownloadReleaseRequest { name: release.name.clone(), format: format.into() };
        self.releases().download_release(self.office(download)).await.unwrap().into_inner().content
    }

    /// What figures and categories are called.
    pub(super) async fn definitions(&self) -> Vec<FigureDefinition> {
        let get = GetFigureDefinitionsRequest { parent: self.federation() };
        let mut definitions = FigureDefinitionServiceClient::new(self.reporting.clone());
        let got = definitions.get_figure_definitions(self.office(get)).await.unwrap();
        got.into_inner().figures
    }

    /// The report's page, for somebody who signs in for it.
    pub(super) async fn page(&self) -> String {
        let form = format!("username=kansli&password={PASSWORD}&next=/");
        let sign_in = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let signed_in = self.pages.clone().oneshot(sign_in).await.unwrap();
        assert_eq!(signed_in.status(), StatusCode::SEE_OTHER);
        let cookie = signed_in.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap();
        let get = Request::get(format!("/reports/{REPORT}")).header(header::COOKIE, cookie);
        let page = self.pages.clone().oneshot(get.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        let bytes = page.into_body().collect().await.unwrap().to_bytes();
        String::from_utf8(bytes.to_vec()).unwrap()
    }
}
