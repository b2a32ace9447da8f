//! Reminders of reports that are due.

use platform::{Clock, testing::on_both};
use proto::reporting::{
    ListRemindersRequest, Reminder, ReminderKind, ReportSubjectKind, ScheduleReportsRequest,
    SendReminderRequest,
};
use tonic::{Code, Request};
use values::Role;

use crate::due_report::{STATUS_REPORT, schedule, scheduled};
use crate::world::{HOME, PERIOD, World, expected, faults, problem};

pub(crate) fn send(team: &str) -> SendReminderRequest {
    SendReminderRequest {
        reporting_period: PERIOD.to_owned(),
        template: STATUS_REPORT.to_owned(),
        subject: format!("{HOME}/teams/{team}"),
        request_id: format!("remind-{team}"),
        validate_only: false,
    }
}

fn list() -> ListRemindersRequest {
    ListRemindersRequest { parent: HOME.to_owned(), ..Default::default() }
}

async fn reminders(world: &World, request: Request<ListRemindersRequest>) -> Vec<Reminder> {
    world.reminders().list_reminders(request).await.unwrap().into_inner().reminders
}

pub(crate) async fn remind(world: &World, now: &str) -> usize {
    let clock = Clock::fixed(now.parse().unwrap());
    reporting::remind(&world.database, &clock).await.unwrap()
}

async fn world_with_schedule(database: platform::Database) -> World {
    let world = World::new(database).await;
    world.create_period().await;
    scheduled(&world, schedule("status-report-1", ReportSubjectKind::Team)).await;
    world
}

#[tokio::test]
async fn the_service_reminds_each_team_two_weeks_and_three_days_before_and_the_day_after() {
    on_both(|database| async {
        let world = world_with_schedule(database).await;
        for (now, sent) in [
            ("2025-06-16T10:00:00Z", 0),
            ("2025-06-17T10:00:00Z", 4),
            ("2025-06-17T11:00:00Z", 0),
            ("2025-06-27T10:00:00Z", 0),
            ("2025-06-28T10:00:00Z", 4),
            ("2025-07-01T10:00:00Z", 0),
            // Midnight in Sweden comes first.
            ("2025-07-01T22:30:00Z", 4),
            ("2025-07-02T10:00:00Z", 0),
        ] {
            assert_eq!(remind(&world, now).await, sent, "{now}");
        }
        let of_team = reminders(&world, world.lead("sala", list())).await;
        let kinds: Vec<_> = of_team.iter().map(Reminder::kind).collect();
        let expected =
            [ReminderKind::Late, ReminderKind::ThreeDaysLeft, ReminderKind::TwoWeeksLeft];
        assert_eq!(kinds, expected, "the latest first");
        assert_eq!(of_team[0].sender, "service/reporting");
        assert_eq!(of_team[0].subject, format!("{HOME}/teams/sala"));
        assert_eq!(reminders(&world, world.office(list())).await.len(), 12);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn when_the_due_date_is_moved_each_team_is_reminded_of_the_new_one() {
    on_both(|database| async {
        let world = world_with_schedule(database).await;
        assert_eq!(remind(&world, "2025-06-17T10:00:00Z").await, 4);
        let due_date = Some(proto::Date { year: 2025, month: 7, day: 15 });
        let moved = ScheduleReportsRequest {
            due_date,
            request_id: "moved".to_owned(),
            ..schedule("status-report-1", ReportSubjectKind::Team)
        };
        scheduled(&world, moved).await;
        assert_eq!(remind(&world, "2025-06-17T11:00:00Z").await, 0, "four weeks are left");
        assert_eq!(remind(&world, "2025-07-01T10:00:00Z").await, 4);
        assert_eq!(remind(&world, "2025-07-01T11:00:00Z").await, 0, "once");
        let told = reminders(&world, world.lead("sala", list())).await;
        let told: Vec<_> = told.iter().map(|one| (one.kind(), one.due_date)).collect();
        let first = Some(proto::Date { year: 2025, month: 7, day: 1 });
        let kind = ReminderKind::TwoWeeksLeft;
        assert_eq!(told, [(kind, due_date), (kind, first)]);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn somebody_reminds_by_hand_and_only_of_what_is_due() {
    on_both(|database| async {
        let world = world_with_schedule(database).await;
        let request = || world.by(Role::ProgrammeLead, "federation", send("sala"));
        let sent = world.reminders().send_reminder(request()).await.unwrap().into_inner();
        let again = world.reminders().send_reminder(request()).await.unwrap().into_inner();
        assert_eq!(sent, again);
        let reminder = sent.reminder.unwrap();
        assert_eq!(reminder.kind(), ReminderKind::ByHand);
        assert_eq!(reminder.sender, format!("{HOME}/accounts/programme-lead"));
        let unknown = world.reminders().send_reminder(world.office(send("ingen"))).await;
        assert_eq!(problem(unknown).0, Code::NotFound);
        let template = format!("{HOME}/reportTemplates/annan");
        let unscheduled = SendReminderRequest { template, ..send("surahammar") };
        let unscheduled = world.reminders().send_reminder(world.office(unscheduled)).await;
        assert_eq!(problem(unscheduled).0, Code::NotFound);
        let bad = SendReminderRequest { subject: "sala".to_owned(), ..send("sala") };
        let told = faults(world.reminders().send_reminder(world.office(bad)).await);
        assert_eq!(told, expected(&[("subject", "NAME_MALFORMED")]));
        let stranger = world.reminders().send_reminder(world.stranger(send("sala"))).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn reminders_are_read_within_the_own_reach_in_pages() {
    on_both(|database| async {
        let world = world_with_schedule(database).await;
        for team in ["sala", "surahammar"] {
            let request = world.office(send(team));
            world.reminders().send_reminder(request).await.unwrap();
        }
        let other = ListRemindersRequest { subject: format!("{HOME}/teams/surahammar"), ..list() };
        assert_eq!(reminders(&world, world.lead("sala", other.clone())).await, []);
        assert_eq!(reminders(&world, world.lead("surahammar", other)).await.len(), 1);
        let area = world.by(Role::SteeringGroupMember, "area/norra", list());
        assert_eq!(reminders(&world, area).await, []);
        let period = format!("{HOME}/reportingPeriods/2025h2");
        let none = ListRemindersRequest { reporting_period: period, ..list() };
        assert_eq!(reminders(&world, world.office(none)).await, []);
        let first = ListRemindersRequest { page_size: 1, ..list() };
        let first = world.reminders().list_reminders(world.office(first)).await.unwrap();
        let first = first.into_inner();
        let page_token = first.next_page_token;
        let second = reminders(&world, world.office(ListRemindersRequest { page_token, ..list() }));
        let subjects = [&first.reminders[0].subject, &second.await[0].subject].map(String::clone);
        assert_eq!(subjects, ["surahammar", "sala"].map(|id| format!("{HOME}/teams/{id}")));
    })
    .await;
}
