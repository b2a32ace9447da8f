//! The half-years that teams report on.

use platform::testing::on_both;
use proto::{
    common::Period,
    reporting::{
        CreateReportingPeriodRequest, GetReportingPeriodRequest, ListReportingPeriodsRequest,
        ReportingPeriod,
    },
};
use tonic::Code;
use values::Role;

use crate::world::{HOME, PERIOD, World, create_period, expected, faults, period, problem};

fn date(year: i32, month: i32, day: i32) -> Option<proto::Date> {
    Some(proto::Date { year, month, day })
}

fn half_year(year: i32, half: i32) -> CreateReportingPeriodRequest {
    let (first, last) = match half {
        1 => (date(year, 1, 1), date(year, 6, 30)),
        _ => (date(year, 7, 1), date(year, 12, 31)),
    };
    let mut request = create_period(&format!("{year}h{half}"));
    request.reporting_period = Some(ReportingPeriod {
        name: String::new(),
        period: Some(Period { first_day: first, last_day: last }),
        due_date: date(year + 1, 2, 1),
    });
    request
}

#[tokio::test]
async fn a_period_that_the_office_creates_is_read_by_everybody_in_the_federation() {
    on_both(|database| async {
        let world = World::new(database).await;
        let created = world.create_period().await;
        assert_eq!(created, period());
        let get = || GetReportingPeriodRequest { name: PERIOD.to_owned() };
        let request = world.by(Role::Coach, "team/sala", get());
        let read = world.periods().get_reporting_period(request).await.unwrap().into_inner();
        assert_eq!(read.reporting_period, Some(created));
        let stranger = world.periods().get_reporting_period(world.stranger(get())).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
        let other = GetReportingPeriodRequest { name: format!("{HOME}/reportingPeriods/2025h2") };
        let missing = world.periods().get_reporting_period(world.office(other)).await;
        assert_eq!(problem(missing).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_answers_the_same_and_a_taken_id_is_refused() {
    on_both(|database| async {
        let world = World::new(database).await;
        let first = world.create_period().await;
        assert_eq!(world.create_period().await, first);
        assert_eq!(world.sequence().await, 1);
        let again = CreateReportingPeriodRequest {
            request_id: "other".to_owned(),
            ..create_period("2025h1")
        };
        let taken = world.periods().create_reporting_period(world.office(again)).await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        let stranger = world.stranger(create_period("2025h1"));
        let refused = world.periods().create_reporting_period(stranger).await;
        assert_eq!(problem(refused).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_of_a_period_is_told_at_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut wrong_id = create_period("2025h2");
        wrong_id.reporting_period.as_mut().unwrap().name = PERIOD.to_owned();
        let mut no_half_year = create_period("2025h1");
        no_half_year.reporting_period = Some(ReportingPeriod {
            name: String::new(),
            period: Some(Period { first_day: date(2025, 1, 1), last_day: date(2025, 12, 31) }),
            due_date: date(2025, 12, 31),
        });
        let mut no_dates = create_period("2025H1");
        no_dates.reporting_period = Some(ReportingPeriod::default());
        let nothing =
            CreateReportingPeriodRequest { reporting_period: None, ..create_period("2025h1") };
        for (request, told) in [
            (
                wrong_id,
                vec![
                    ("reporting_period.name", "NAME_WRONG"),
                    ("reporting_period_id", "PERIOD_ID_WRONG"),
                ],
            ),
            (
                no_half_year,
                vec![
                    ("reporting_period.period", "PERIOD_NOT_HALF_YEAR"),
                    ("reporting_period.due_date", "DUE_DATE_TOO_EARLY"),
                ],
            ),
            (
                no_dates,
                vec![
                    ("reporting_period_id", "ID_MALFORMED"),
                    ("reporting_period.period", "PERIOD_MISSING"),
                    ("reporting_period.due_date", "DATE_MISSING"),
                ],
            ),
            (nothing, vec![("reporting_period", "FIELD_MISSING")]),
        ] {
            let answer = world.periods().create_reporting_period(world.office(request)).await;
            assert_eq!(faults(answer), expected(&told));
        }
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn periods_are_listed_by_id_in_pages() {
    on_both(|database| async {
        let world = World::new(database).await;
        for (year, half) in [(2025, 1), (2024, 2), (2024, 1)] {
            let request = world.office(half_year(year, half));
            world.periods().create_reporting_period(request).await.unwrap();
        }
        let mut ids = Vec::new();
        let mut page_token = String::new();
        loop {
            let list =
                ListReportingPeriodsRequest { parent: HOME.to_owned(), page_size: 2, page_token };
            let request = world.by(Role::Coach, "team/sala", list);
            let page = world.periods().list_reporting_periods(request).await.unwrap().into_inner();
            ids.push(page.reporting_periods.into_iter().map(|one| one.name).collect::<Vec<_>>());
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let name = |id| format!("{HOME}/reportingPeriods/{id}");
        assert_eq!(ids, [vec![name("2024h1"), name("2024h2")], vec![name("2025h1")]]);
        let list = ListReportingPeriodsRequest { parent: HOME.to_owned(), ..Default::default() };
        let stranger = world.periods().list_reporting_periods(world.stranger(list)).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
    })
    .await;
}
