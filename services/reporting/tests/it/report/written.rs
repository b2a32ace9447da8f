//! Drafting reports, what is wrong in a head, and lists.

use platform::testing::on_both;
use proto::reporting::{
    GetReportRequest, ListReportsRequest, ListReportsResponse, Report, ReportState, StatedCell,
    TeamSource,
};
use tonic::{Code, Request};
use values::Role;

use super::{content, create, name};
use crate::released_report::create_template;
use crate::world::{HOME, PERIOD, World, expected, faults, problem};

const SALA: &str = "federations/vastmanland/teams/sala";

fn list() -> ListReportsRequest {
    ListReportsRequest { parent: HOME.to_owned(), ..Default::default() }
}

async fn ids(world: &World, request: Request<ListReportsRequest>) -> Vec<String> {
    let answer = world.kept_reports().list_reports(request).await.unwrap().into_inner();
    let id = |report: Report| report.name.rsplit('/').next().unwrap().to_owned();
    answer.reports.into_iter().map(id).collect()
}

#[tokio::test]
async fn every_fault_of_a_head_is_told_with_its_place() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let cell = |subject: &str, value: &str| StatedCell {
            subject: subject.to_owned(),
            figure: "referrals".to_owned(),
            category: "total".to_owned(),
            value: value.to_owned(),
        };
        let faulty = Report {
            title: " ".to_owned(),
            dnr: "18900101-9802".to_owned(),
            goals: vec![String::new()],
            sources: vec![TeamSource { team: SALA.to_owned(), source: 0 }],
            stated_cells: vec![cell("x", "1"), cell(SALA, "ett"), cell(SALA, "1"), cell(SALA, "2")],
            ..content("half-year-report-1", HOME, "")
        };
        let request = world.office(create("r", faulty));
        let told = faults(world.kept_reports().create_report(request).await);
        assert_eq!(
            told,
            expected(&[
                ("report.title", "TEXT_MISSING"),
                ("report.dnr", "PERSONAL_NUMBER_IN_TEXT"),
                ("report.goals[0]", "TEXT_MISSING"),
                ("report.sources[0].source", "TEAM_SOURCE_WRONG"),
                ("report.stated_cells[0].subject", "NAME_MALFORMED"),
                ("report.stated_cells[1].value", "CELL_VALUE_MALFORMED"),
                ("report.stated_cells[3]", "CELL_TWICE"),
            ])
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_head_refers_to_is_there_and_its_cells_are_the_templates() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let create = |report: Report| world.kept_reports_create(report);
        let unknown = content("yearly-report-1", HOME, "Rapport");
        let told = faults(create(unknown).await);
        assert_eq!(told, expected(&[("report.template", "REPORT_TEMPLATE_UNKNOWN")]));
        let of_area = content("half-year-report-1", SALA, "Rapport");
        let told = faults(create(of_area).await);
        assert_eq!(told, expected(&[("report.subject", "REPORT_SUBJECT_OF_OTHER_KIND")]));
        let no_team = content("status-report-1", "federations/vastmanland/teams/x", "Rapport");
        assert_eq!(problem(create(no_team).await).0, Code::NotFound);
        let no_area = content("status-report-1", "federations/vastmanland/areas/x", "Rapport");
        assert_eq!(problem(create(no_area).await).0, Code::NotFound);
        for (subject, figure, value, reason) in [
            (SALA, "participants", "5", "CELL_COMES_FROM_RECORDS"),
            (HOME, "granted_tkr", "5", "CELL_COMES_FROM_RECORDS"),
            (SALA, "shoe_size", "5", "CELL_UNKNOWN"),
            (SALA, "referrals", "2025-01", "CELL_TAKES_NUMBERS"),
        ] {
            let cell = StatedCell {
                subject: subject.to_owned(),
                figure: figure.to_owned(),
                category: "total".to_owned(),
                value: value.to_owned(),
            };
            let report = content("half-year-report-1", HOME, "Rapport");
            let told = faults(create(Report { stated_cells: vec![cell], ..report }).await);
            assert_eq!(told, expected(&[("report.stated_cells", reason)]));
        }
    })
    .await;
}

impl World {
    async fn kept_reports_create(
        &self,
        report: Report,
    ) -> Result<tonic::Response<proto::reporting::CreateReportResponse>, tonic::Status> {
        self.kept_reports().create_report(self.office(create("r", report))).await
    }
}

#[tokio::test]
async fn a_repeated_draft_answers_the_same_a_taken_id_is_refused_and_a_trial_keeps_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let report = content("half-year-report-1", HOME, "Delårsrapport");
        let mut trial = create("r", report.clone());
        trial.validate_only = true;
        world.kept_reports().create_report(world.office(trial)).await.unwrap();
        assert_eq!(world.sequence().await, 1);
        let first = world.draft_report("r", report.clone()).await;
        assert_eq!((first.state(), first.etag.as_str()), (ReportState::Draft, "1"));
        assert_eq!(world.draft_report("r", report.clone()).await, first);
        assert_eq!(world.sequence().await, 2);
        let mut again = create("r", report);
        again.request_id = "again".to_owned();
        let taken = world.kept_reports().create_report(world.office(again)).await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        let lead = world.lead("sala", create("s", content("half-year-report-1", HOME, "x")));
        assert_eq!(problem(world.kept_reports().create_report(lead).await).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn reports_are_listed_by_id_narrowed_and_to_those_who_read_them() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let area = "federations/vastmanland/areas/norra";
        for (id, template, subject) in [
            ("a-whole", "half-year-report-1", HOME),
            ("b-norra", "status-report-1", area),
            ("c-sala", "status-report-1", SALA),
        ] {
            world.draft_report(id, content(template, subject, "Rapport")).await;
        }
        let all = ["a-whole", "b-norra", "c-sala"];
        assert_eq!(ids(&world, world.office(list())).await, all);
        let of_period = ListReportsRequest { reporting_period: PERIOD.to_owned(), ..list() };
        assert_eq!(ids(&world, world.office(of_period)).await, all);
        let of_sala = ListReportsRequest { subject: SALA.to_owned(), ..list() };
        assert_eq!(ids(&world, world.office(of_sala.clone())).await, ["c-sala"]);
        let submitted = ListReportsRequest { state: ReportState::Submitted.into(), ..list() };
        assert_eq!(ids(&world, world.office(submitted)).await, [""; 0]);
        assert_eq!(ids(&world, world.lead("sala", list())).await, ["a-whole", "c-sala"]);
        assert_eq!(ids(&world, world.lead("surahammar", of_sala)).await, [""; 0]);
        let steering = world.by(Role::SteeringGroupMember, "area/norra", list());
        assert_eq!(ids(&world, steering).await, ["b-norra"]);
        let page = ListReportsRequest { page_size: 2, ..list() };
        let answer = world.kept_reports().list_reports(world.office(page)).await.unwrap();
        let ListReportsResponse { reports, next_page_token } = answer.into_inner();
        assert_eq!(reports.len(), 2);
        let next = ListReportsRequest { page_token: next_page_token, ..list() };
        assert_eq!(ids(&world, world.office(next)).await, ["c-sala"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_reads_one_team_reads_what_is_stated_of_it_and_of_the_whole_alone() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        create_template(&world, "short", "federation").await;
        let (own, other) = (format!("{HOME}/teams/surahammar"), format!("{HOME}/teams/sala"));
        let stated = |subject: &String| StatedCell {
            subject: subject.clone(),
            figure: "positions".to_owned(),
            category: "total".to_owned(),
            value: "6.5".to_owned(),
        };
        let all = [HOME.to_owned(), own.clone(), other].iter().map(stated).collect();
        let report = Report { stated_cells: all, ..content("short", HOME, "Första halvåret") };
        world.draft_report("halvar", report).await;
        let get = world.lead("surahammar", GetReportRequest { name: name("halvar") });
        let read = world.kept_reports().get_report(get).await.unwrap().into_inner();
        let request = world.lead("surahammar", list());
        let listed = world.kept_reports().list_reports(request).await.unwrap().into_inner();
        for head in [read.report.unwrap(), listed.reports[0].clone()] {
            let subjects: Vec<_> = head.stated_cells.iter().map(|cell| &cell.subject).collect();
            assert_eq!(subjects, [HOME, own.as_str()]);
        }
        let stated = world.compiled("halvar").await.report.unwrap().stated_cells;
        assert_eq!(stated.len(), 3, "the office reads all");
    })
    .await;
}
