//! Which report is due, from whom, and how far it has come.

use platform::testing::on_both;
use proto::{
    Date,
    reporting::{
        DueReport, DueReportState, ListDueReportsRequest, ReportSchedule, ReportSubjectKind,
        ScheduleReportsRequest, SendReminderRequest,
    },
};
use tonic::{Code, Request};
use values::Role;

use crate::others::{AREAS, TEAMS};
use crate::released_report::{
    accepted_as, create_template, drafted, published, submitted, template,
};
use crate::reminder::{remind, send};
use crate::world::{Around, HOME, PERIOD, World, expected, faults, problem};

pub(crate) const STATUS_REPORT: &str = "federations/vastmanland/reportTemplates/status-report-1";

pub(crate) fn schedule(template: &str, about: ReportSubjectKind) -> ScheduleReportsRequest {
    ScheduleReportsRequest {
        reporting_period: PERIOD.to_owned(),
        template: format!("{HOME}/reportTemplates/{template}"),
        about: about.into(),
        due_date: None,
        request_id: format!("schedule-{template}"),
        validate_only: false,
    }
}

pub(crate) async fn scheduled(world: &World, asked: ScheduleReportsRequest) -> ReportSchedule {
    let answer = world.due().schedule_reports(world.office(asked)).await.unwrap();
    answer.into_inner().report_schedule.unwrap()
}

fn list() -> ListDueReportsRequest {
    ListDueReportsRequest { reporting_period: PERIOD.to_owned(), ..Default::default() }
}

async fn due(world: &World, request: Request<ListDueReportsRequest>) -> Vec<DueReport> {
    world.due().list_due_reports(request).await.unwrap().into_inner().due_reports
}

fn subjects(due: &[DueReport]) -> Vec<&str> {
    due.iter().map(|due| due.subject.rsplit_once("land/").map_or("", |(_, rest)| rest)).collect()
}

#[tokio::test]
async fn a_status_report_is_due_from_every_team_and_shows_whose_figures_are_in() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let made = scheduled(&world, schedule("status-report-1", ReportSubjectKind::Team)).await;
        assert_eq!(made.due_date, Some(Date { year: 2025, month: 7, day: 1 }));
        assert_eq!(made.subjects, TEAMS.map(|(id, _, _)| format!("{HOME}/teams/{id}")));
        world.submit_vastmanland().await;
        let listed = due(&world, world.office(list())).await;
        let state = |due: &DueReport| (due.state(), due.is_late, due.days_left);
        let states: Vec<_> = listed.iter().map(state).collect();
        let reported = (DueReportState::FiguresReported, false, 0);
        let missing = (DueReportState::Missing, false, 0);
        assert_eq!(states, [reported, missing, reported, reported]);
        assert_eq!(listed[1].template, STATUS_REPORT);
    })
    .await;
}

#[tokio::test]
async fn what_is_due_stands_where_its_report_stands_from_the_draft_to_its_publication() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        create_template(&world, "short", "federation").await;
        scheduled(&world, schedule("short", ReportSubjectKind::Federation)).await;
        let state = async || {
            let listed = due(&world, world.office(list())).await;
            assert_eq!((listed.len(), listed[0].template.as_str()), (1, template().as_str()));
            listed[0].state()
        };
        assert_eq!(state().await, DueReportState::Missing);
        let etag = drafted(&world, "Ett halvår som andra.").await;
        assert_eq!(state().await, DueReportState::Draft);
        assert_eq!(remind(&world, "2025-06-17T10:00:00Z").await, 1);
        let etag = submitted(&world, &etag).await;
        assert_eq!(state().await, DueReportState::Submitted);
        assert_eq!(remind(&world, "2025-06-28T10:00:00Z").await, 0, "it is handed in");
        let by_hand = SendReminderRequest {
            template: template(),
            subject: HOME.to_owned(),
            ..send("federation")
        };
        let by_hand = world.reminders().send_reminder(world.office(by_hand)).await;
        let refused = (Code::FailedPrecondition, "REPORT_NOT_OUTSTANDING".to_owned());
        assert_eq!(problem(by_hand), refused);
        let etag = accepted_as(&world, &etag).await;
        assert_eq!(state().await, DueReportState::Accepted);
        published(&world, &etag).await.unwrap();
        assert_eq!(state().await, DueReportState::Published);
        assert_eq!(remind(&world, "2025-07-02T10:00:00Z").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_sent_in_is_late_the_day_after() {
    on_both(|database| async {
        let around = Around { now: "2025-07-02T01:00:00Z", ..Around::default() };
        let world = World::with(database, around).await;
        world.create_period().await;
        scheduled(&world, schedule("status-report-1", ReportSubjectKind::Team)).await;
        let late_only = ListDueReportsRequest { late_only: true, ..list() };
        let late = due(&world, world.office(late_only.clone())).await;
        assert_eq!((late.len(), late[0].is_late, late[0].days_left), (4, true, -1));
        let moved = ScheduleReportsRequest {
            due_date: Some(Date { year: 2025, month: 8, day: 15 }),
            request_id: "moved".to_owned(),
            ..schedule("status-report-1", ReportSubjectKind::Team)
        };
        assert_eq!(scheduled(&world, moved).await.etag, "2");
        assert_eq!(due(&world, world.office(late_only)).await, []);
    })
    .await;
}

#[tokio::test]
async fn everyone_sees_what_is_due_within_the_own_reach_in_pages() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        create_template(&world, "area-report-1", "area").await;
        scheduled(&world, schedule("half-year-report-1", ReportSubjectKind::Federation)).await;
        scheduled(&world, schedule("area-report-1", ReportSubjectKind::Area)).await;
        scheduled(&world, schedule("status-report-1", ReportSubjectKind::Team)).await;
        let lead = due(&world, world.lead("sala", list())).await;
        assert_eq!(subjects(&lead), ["", "teams/sala"], "the federation's report is theirs too");
        let coach = world.by(Role::Coach, "party/sala/team/sala", list());
        assert_eq!(subjects(&due(&world, coach).await), ["", "teams/sala"]);
        let member = world.by(Role::SteeringGroupMember, "area/norra", list());
        assert_eq!(subjects(&due(&world, member).await), ["areas/norra"]);
        let mut all = Vec::new();
        let mut page_token = String::new();
        loop {
            let page = ListDueReportsRequest { page_size: 3, page_token, ..list() };
            let page = world.by(Role::SteeringGroupMember, "federation", page);
            let page = world.due().list_due_reports(page).await.unwrap().into_inner();
            all.extend(page.due_reports);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let areas = AREAS.map(|(id, _)| format!("areas/{id}"));
        let teams = TEAMS.map(|(id, _, _)| format!("teams/{id}"));
        let whole = [areas.to_vec(), vec![String::new()], teams.to_vec()].concat();
        assert_eq!(subjects(&all), whole);
    })
    .await;
}

#[tokio::test]
async fn a_schedule_is_refused_with_every_reason() {
    on_both(|database| async {
        let world = World::new(database).await;
        let asked = || schedule("status-report-1", ReportSubjectKind::Team);
        let missing = world.due().schedule_reports(world.office(asked())).await;
        assert_eq!(problem(missing).0, Code::NotFound, "there is no period");
        let missing = world.due().list_due_reports(world.office(list())).await;
        assert_eq!(problem(missing).0, Code::NotFound);
        world.create_period().await;
        let bad = ScheduleReportsRequest {
            template: String::new(),
            about: 0,
            due_date: Some(Date { year: 2025, month: 2, day: 30 }),
            ..asked()
        };
        let told = faults(world.due().schedule_reports(world.office(bad)).await);
        let reasons = [
            ("template", "NAME_MALFORMED"),
            ("about", "ENUM_UNSPECIFIED"),
            ("due_date", "DATE_INVALID"),
        ];
        assert_eq!(told, expected(&reasons));
        let unknown = schedule("kvartalsrapport", ReportSubjectKind::Team);
        let told = faults(world.due().schedule_reports(world.office(unknown)).await);
        assert_eq!(told, expected(&[("template", "REPORT_TEMPLATE_UNKNOWN")]));
        let of_other_kind = schedule("half-year-report-1", ReportSubjectKind::Team);
        let told = faults(world.due().schedule_reports(world.office(of_other_kind)).await);
        assert_eq!(told, expected(&[("about", "REPORT_SUBJECT_OF_OTHER_KIND")]));
        let early = ScheduleReportsRequest {
            due_date: Some(Date { year: 2025, month: 6, day: 30 }),
            ..asked()
        };
        let told = faults(world.due().schedule_reports(world.office(early)).await);
        assert_eq!(told, expected(&[("due_date", "DUE_DATE_TOO_EARLY")]));
        let first = scheduled(&world, asked()).await;
        assert_eq!(scheduled(&world, asked()).await, first, "a repeated request");
        let others = ScheduleReportsRequest {
            about: ReportSubjectKind::Area.into(),
            request_id: "others".to_owned(),
            ..asked()
        };
        let told = faults(world.due().schedule_reports(world.office(others)).await);
        assert_eq!(told, expected(&[("about", "SCHEDULE_ABOUT_STAYS")]));
        let stranger = world.due().schedule_reports(world.stranger(asked())).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
    })
    .await;
}
