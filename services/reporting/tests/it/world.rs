//! A mounted service on an empty database, and callers with roles.

use platform::{
    Clock, Database, Principal, Transport,
    convert::{date_to_proto, period_to_proto},
    failure::Problem,
    testing::{TestKeys, caller},
};
use proto::reporting::{
    CreateReportingPeriodRequest, ReportedCount, ReportedFigures, ReportingPeriod,
    SubmitReportedFiguresRequest, chapter_service_client::ChapterServiceClient,
    comment_service_client::CommentServiceClient,
    due_report_service_client::DueReportServiceClient,
    figure_definition_service_client::FigureDefinitionServiceClient,
    half_year_report_service_client::HalfYearReportServiceClient,
    held_activities_service_client::HeldActivitiesServiceClient,
    local_goal_service_client::LocalGoalServiceClient,
    national_follow_up_service_client::NationalFollowUpServiceClient,
    programme_plan_service_client::ProgrammePlanServiceClient,
    release_service_client::ReleaseServiceClient, reminder_service_client::ReminderServiceClient,
    report_service_client::ReportServiceClient,
    report_template_service_client::ReportTemplateServiceClient,
    reported_figures_service_client::ReportedFiguresServiceClient,
    reporting_import_service_client::ReportingImportServiceClient,
    reporting_period_service_client::ReportingPeriodServiceClient,
    restatement_service_client::RestatementServiceClient,
    steering_group_meeting_service_client::SteeringGroupMeetingServiceClient,
    steering_group_service_client::SteeringGroupServiceClient,
    unit_cost_service_client::UnitCostServiceClient,
};
use reporting::{Config, Deps, Migrator};
use tonic::{Code, Request, Response, Status};
use values::{Period, Role, Scope};

use crate::counts::Counts;
use crate::others;

pub(crate) const HOME: &str = "federations/vastmanland";
pub(crate) const PERIOD: &str = "federations/vastmanland/reportingPeriods/2025h1";

const FIGURES: &str = include_str!("data/reported-figures.csv");

/// The service, its database and its clients.
pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) keys: TestKeys,
    pub(crate) transport: Transport,
    pub(crate) counts: Counts,
}

/// What stands around the service.
pub(crate) struct Around {
    pub(crate) now: &'static str,
    pub(crate) has_federation: bool,
    pub(crate) finance_answers: bool,
}

impl Default for Around {
    fn default() -> Self {
        Self { now: "2025-07-01T10:00:00Z", has_federation: true, finance_answers: true }
    }
}

impl World {
    /// A world on the due date, in which everything answers.
    pub(crate) async fn new(database: Database) -> Self {
        Self::with(database, Around::default()).await
    }

    pub(crate) async fn with(database: Database, around: Around) -> Self {
        database.migrate::<Migrator>().await.unwrap();
        let clock = Clock::fixed(around.now.parse().unwrap());
        let keys = TestKeys::new(&clock);
        let finance = match around.finance_answers {
            true => others::finance(keys.verifier.clone()),
            false => Transport::remote("http://127.0.0.1:1").unwrap(),
        };
        let (verifier, counts) = (keys.verifier.clone(), Counts::at(clock.now()));
        let organisation = others::organisation(verifier, around.has_federation, counts.clone());
        let deps = Deps {
            clock,
            database: database.clone(),
            verifier: keys.verifier.clone(),
            organisation,
            finance,
        };
        let mounted = reporting::mount(&Config::default(), deps);
        Self { database, keys, transport: Transport::local(mounted.routes), counts }
    }

    /// A request by someone with one role.
    pub(crate) fn by<M>(&self, role: Role, scope: &str, message: M) -> Request<M> {
        let scope = Scope::parse("scope", scope).unwrap();
        self.keys.request(
            &caller("vastmanland", role.code().replace('_', "-").as_str(), &[(role, scope)]),
            message,
        )
    }

    /// A request by the federation administrator.
    pub(crate) fn office<M>(&self, message: M) -> Request<M> {
        self.keys.request(&administrator("vastmanland"), message)
    }

    /// A request by the lead of a team.
    pub(crate) fn lead<M>(&self, team: &str, message: M) -> Request<M> {
        self.by(Role::TeamLead, &format!("team/{team}"), message)
    }

    /// A request by the administrator of another federation.
    pub(crate) fn stranger<M>(&self, message: M) -> Request<M> {
        self.keys.request(&administrator("sormland"), message)
    }

    pub(crate) fn periods(&self) -> ReportingPeriodServiceClient<Transport> {
        ReportingPeriodServiceClient::new(self.transport.clone())
    }

    pub(crate) fn figures(&self) -> ReportedFiguresServiceClient<Transport> {
        ReportedFiguresServiceClient::new(self.transport.clone())
    }

    pub(crate) fn definitions(&self) -> FigureDefinitionServiceClient<Transport> {
        FigureDefinitionServiceClient::new(self.transport.clone())
    }

    pub(crate) fn reports(&self) -> HalfYearReportServiceClient<Transport> {
        HalfYearReportServiceClient::new(self.transport.clone())
    }

    pub(crate) fn templates(&self) -> ReportTemplateServiceClient<Transport> {
        ReportTemplateServiceClient::new(self.transport.clone())
    }

    pub(crate) fn kept_reports(&self) -> ReportServiceClient<Transport> {
        ReportServiceClient::new(self.transport.clone())
    }

    pub(crate) fn chapters(&self) -> ChapterServiceClient<Transport> {
        ChapterServiceClient::new(self.transport.clone())
    }

    pub(crate) fn comments(&self) -> CommentServiceClient<Transport> {
        CommentServiceClient::new(self.transport.clone())
    }

    pub(crate) fn imports(&self) -> ReportingImportServiceClient<Transport> {
        ReportingImportServiceClient::new(self.transport.clone())
    }

    pub(crate) fn releases(&self) -> ReleaseServiceClient<Transport> {
        ReleaseServiceClient::new(self.transport.clone())
    }

    pub(crate) fn restatements(&self) -> RestatementServiceClient<Transport> {
        RestatementServiceClient::new(self.transport.clone())
    }

    pub(crate) fn unit_costs(&self) -> UnitCostServiceClient<Transport> {
        UnitCostServiceClient::new(self.transport.clone())
    }

    pub(crate) fn plans(&self) -> ProgrammePlanServiceClient<Transport> {
        ProgrammePlanServiceClient::new(self.transport.clone())
    }

    pub(crate) fn held(&self) -> HeldActivitiesServiceClient<Transport> {
        HeldActivitiesServiceClient::new(self.transport.clone())
    }

    pub(crate) fn local_goals(&self) -> LocalGoalServiceClient<Transport> {
        LocalGoalServiceClient::new(self.transport.clone())
    }

    pub(crate) fn groups(&self) -> SteeringGroupServiceClient<Transport> {
        SteeringGroupServiceClient::new(self.transport.clone())
    }

    pub(crate) fn meetings(&self) -> SteeringGroupMeetingServiceClient<Transport> {
        SteeringGroupMeetingServiceClient::new(self.transport.clone())
    }

    pub(crate) fn due(&self) -> DueReportServiceClient<Transport> {
        DueReportServiceClient::new(self.transport.clone())
    }

    pub(crate) fn reminders(&self) -> ReminderServiceClient<Transport> {
        ReminderServiceClient::new(self.transport.clone())
    }

    pub(crate) fn national(&self) -> NationalFollowUpServiceClient<Transport> {
        NationalFollowUpServiceClient::new(self.transport.clone())
    }

    /// Creates the first half of 2025, due on 1 July.
    pub(crate) async fn create_period(&self) -> ReportingPeriod {
        let request = self.office(create_period("2025h1"));
        let answer = self.periods().create_reporting_period(request).await.unwrap();
        answer.into_inner().reporting_period.unwrap()
    }

    /// Sends in what Västmanland's three teams reported.
    pub(crate) async fn submit_vastmanland(&self) -> Vec<ReportedFigures> {
        let mut answers = Vec::new();
        for (team, counts) in vastmanland() {
            let request = self.lead(team, submit(team, counts));
            let answer = self.figures().submit_reported_figures(request).await.unwrap();
            answers.push(answer.into_inner().reported_figures.unwrap());
        }
        answers
    }

    /// How far the federation's journal has come.
    pub(crate) async fn sequence(&self) -> i64 {
        let federation = administrator("vastmanland").federation;
        platform::journal::head(&self.database.read, &federation).await.unwrap().sequence
    }
}

pub(crate) fn administrator(federation: &str) -> Principal {
    caller(federation, "kansli", &[(Role::FederationAdministrator, Scope::Federation)])
}

/// The first half of 2025, under some id.
pub(crate) fn period() -> ReportingPeriod {
    let day = |text: &str| text.parse().unwrap();
    let span = Period::new("period", day("2025-01-01"), day("2025-06-30")).unwrap();
    ReportingPeriod {
        name: PERIOD.to_owned(),
        period: Some(period_to_proto(span)),
        due_date: Some(date_to_proto(day("2025-07-01"))),
    }
}

pub(crate) fn create_period(id: &str) -> CreateReportingPeriodRequest {
    CreateReportingPeriodRequest {
        parent: HOME.to_owned(),
        reporting_period_id: id.to_owned(),
        reporting_period: Some(ReportingPeriod { name: String::new(), ..period() }),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

pub(crate) fn figures_of(team: &str, counts: Vec<ReportedCount>) -> ReportedFigures {
    let name = format!("{PERIOD}/reportedFigures/{team}");
    ReportedFigures { name, counts, ..Default::default() }
}

pub(crate) fn submit(team: &str, counts: Vec<ReportedCount>) -> SubmitReportedFiguresRequest {
    SubmitReportedFiguresRequest {
        reported_figures: Some(figures_of(team, counts)),
        request_id: format!("submit-{team}"),
        validate_only: false,
    }
}

pub(crate) fn count(figure: &str, category: &str, count: i64) -> ReportedCount {
    ReportedCount { figure: figure.to_owned(), category: category.to_owned(), count }
}

/// The published figures of Västmanland's three teams, by the teams' ids.
pub(crate) fn vastmanland() -> Vec<(&'static str, Vec<ReportedCount>)> {
    let of_team = |(id, display_name, _): &(&'static str, &str, &str)| {
        let mut counts = Vec::new();
        for line in FIGURES.lines().skip(1) {
            let cells: Vec<&str> = line.split(';').collect();
            if cells[0] == *display_name {
                counts.push(count(cells[1], cells[2], cells[3].parse().unwrap()));
            }
        }
        (*id, counts)
    };
    others::TEAMS.iter().map(of_team).filter(|(_, counts)| !counts.is_empty()).collect()
}

/// The code and reason of what must have failed.
pub(crate) fn problem<T>(answer: Result<Response<T>, Status>) -> (Code, String) {
    let problem = Problem::of(&answer.err().unwrap());
    (problem.code, problem.reason)
}

/// Field and reason of every fault of what must have failed.
pub(crate) fn faults<T>(answer: Result<Response<T>, Status>) -> Vec<(String, String)> {
    let problem = Problem::of(&answer.err().unwrap());
    assert_eq!(problem.code, Code::InvalidArgument);
    problem.faults.into_iter().map(|fault| (fault.field, fault.reason)).collect()
}

/// The same, as it is written in a test.
pub(crate) fn expected(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    faults.iter().map(|(field, reason)| ((*field).to_owned(), (*reason).to_owned())).collect()
}
