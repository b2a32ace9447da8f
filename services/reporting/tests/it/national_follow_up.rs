//! The sheet of the national follow-up.

use platform::testing::on_both;
use proto::reporting::{
    ActualParticipants, BudgetedParticipants, CreateReportingPeriodRequest,
    ExportNationalFollowUpRequest, GetNationalFollowUpRequest, GetNationalFollowUpResponse,
    InitiativeRow, ProgrammePlanVersion, PublishReportRequest, ReportingPeriod, SexCount,
    SheetFormat, SubmitReportedFiguresRequest,
};
use tonic::{Code, Request};
use values::Role;

use crate::programme_plan::{enter, sikta};
use crate::world::{HOME, World, count, create_period, expected, faults, problem, submit};

fn get() -> GetNationalFollowUpRequest {
    GetNationalFollowUpRequest { parent: HOME.to_owned(), year: 2025 }
}

async fn sheet(
    world: &World,
    request: Request<GetNationalFollowUpRequest>,
) -> GetNationalFollowUpResponse {
    world.national().get_national_follow_up(request).await.unwrap().into_inner()
}

/// The plan with a budget for Surahammar.
async fn enter_plan(world: &World) {
    let budgeted = BudgetedParticipants {
        year: 2025,
        team: format!("{HOME}/teams/surahammar"),
        total: 25,
        women: Some(13),
        men: None,
    };
    let plan = ProgrammePlanVersion {
        direction: "Arbetslivsinriktad rehabilitering".to_owned(),
        budgeted_participants: vec![budgeted],
        ..sikta("2.0")
    };
    enter(world, plan).await;
}

/// The second half-year, in which Surahammar took in so many women and men.
async fn report_second_half(world: &World, women: i64, men: i64) {
    let date = |year, month, day| Some(proto::Date { year, month, day });
    let days = proto::common::Period { first_day: date(2025, 7, 1), last_day: date(2025, 12, 31) };
    let period =
        ReportingPeriod { name: String::new(), period: Some(days), due_date: date(2026, 1, 1) };
    let reporting_period = Some(period);
    let period = CreateReportingPeriodRequest { reporting_period, ..create_period("2025h2") };
    world.periods().create_reporting_period(world.office(period)).await.unwrap();
    let counts = [("total", women + men), ("woman", women), ("man", men)];
    let counts = counts.map(|(category, number)| count("new_participants", category, number));
    let mut message = submit("surahammar", counts.into());
    let figures = message.reported_figures.as_mut().unwrap();
    figures.name = format!("{HOME}/reportingPeriods/2025h2/reportedFigures/surahammar");
    let message = SubmitReportedFiguresRequest { request_id: "second".to_owned(), ..message };
    world.figures().submit_reported_figures(world.office(message)).await.unwrap();
}

/// Publishes a half-year with Sala counted from records.
async fn publish(world: &World, period: &str) -> String {
    let message = PublishReportRequest {
        name: format!("{HOME}/reportingPeriods/{period}/halfYearReport"),
        derived_teams: vec![format!("{HOME}/teams/sala")],
        request_id: format!("publish-{period}"),
        ..Default::default()
    };
    let answer = world.releases().publish_report(world.office(message)).await.unwrap();
    answer.into_inner().release.unwrap().name
}

#[tokio::test]
async fn an_initiative_has_its_plan_its_money_and_its_participants_of_both_halves() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        world.submit_vastmanland().await;
        enter_plan(&world).await;
        report_second_half(&world, 6, 5).await;
        let releases = [publish(&world, "2025h1").await, publish(&world, "2025h2").await];
        let sheet = sheet(&world, world.office(get())).await;
        assert_eq!(sheet.releases, releases);
        let names: Vec<&str> = sheet.rows.iter().map(|row| row.display_name.as_str()).collect();
        let wanted = ["Mottagare psykiatri", "Samordningsteam Sala", "Samordningsteam Surahammar"];
        assert_eq!(names, wanted);
        assert_eq!((sheet.finance_sequence, sheet.smallest_shown_count), (17, 5));
        let surahammar = &sheet.rows[2];
        let InitiativeRow { direction, budget_ore, outcome_ore, .. } = surahammar;
        assert_eq!(direction, "Arbetslivsinriktad rehabilitering");
        assert_eq!((*budget_ore, *outcome_ore), (344_000_000, 60_000_000), "two recipients");
        let budgeted =
            (surahammar.budgeted_total, surahammar.budgeted_women, surahammar.budgeted_men);
        assert_eq!(budgeted, (Some(25), Some(13), None));
        // 17 in the first half-year, 9 of them women, and 11 more in the second.
        let sex = |sex: &str, count| SexCount { sex: sex.to_owned(), count };
        let by_sex = vec![sex("woman", 15), sex("man", 13)];
        let actual =
            ActualParticipants { total: Some(28), by_sex, is_protected: false, is_mixed: false };
        assert_eq!(surahammar.actual, Some(actual));
        // Twelve were there, and as many came.
        let sala = &sheet.rows[1];
        let by_sex = vec![sex("woman", 14), sex("man", 10)];
        let actual =
            ActualParticipants { total: Some(24), by_sex, is_protected: false, is_mixed: false };
        assert_eq!((&sala.actual, sala.budgeted_total), (&Some(actual), None));
        let resource = &sheet.rows[0];
        assert_eq!((resource.team.as_str(), resource.plan_version.as_str()), ("", ""));
    })
    .await;
}

#[tokio::test]
async fn the_sheet_tells_nothing_of_people_that_releases_do_not() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        world.submit_vastmanland().await;
        report_second_half(&world, 7, 2).await;
        let surahammar = async || sheet(&world, world.office(get())).await.rows[2].clone();
        let unpublished = surahammar().await;
        assert_eq!(unpublished.actual, None, "what is only reported is not told");
        assert_eq!(unpublished.missing_half_years, ["2025h1", "2025h2"]);
        publish(&world, "2025h1").await;
        assert_eq!(surahammar().await.missing_half_years, ["2025h2"]);
        publish(&world, "2025h2").await;
        let actual = surahammar().await.actual.unwrap();
        assert!(actual.is_protected, "two men that a release hides");
        assert_eq!(actual.by_sex, [], "less those of the first half they would be two");
    })
    .await;
}

#[tokio::test]
async fn the_sheet_is_a_file_with_numbers_and_the_same_bytes() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        world.submit_vastmanland().await;
        enter_plan(&world).await;
        publish(&world, "2025h1").await;
        let export = |format: SheetFormat| {
            let (parent, format) = (HOME.to_owned(), format.into());
            let message = ExportNationalFollowUpRequest { parent, year: 2025, format };
            world.by(Role::Auditor, "federation", message)
        };
        let file = async |format| {
            world.national().export_national_follow_up(export(format)).await.unwrap().into_inner()
        };
        let csv = file(SheetFormat::Csv).await;
        assert_eq!(csv.file_name, "uppfoljning-finsam-2025.csv");
        let text = String::from_utf8(csv.content).unwrap();
        let line = text.lines().find(|line| line.starts_with("Samordningsteam Surahammar;")).unwrap();
        let wanted = "Samordningsteam Surahammar;Arbetslivsinriktad rehabilitering;\"18–64 år; \
             försörjningsstöd, sjukpenning, aktivitetsersättning\";3440000,00;600000,00;25;13;;;;;;;\
             Deltagare är inte publicerade för andra halvåret 2025";
        assert_eq!(line, wanted);
        let sala = text.lines().find(|line| line.starts_with("Samordningsteam Sala;")).unwrap();
        assert!(sala.contains("Insatsplanen anger inga budgeterade deltagare; Deltagare"), "{sala}");
        let workbook = file(SheetFormat::Xlsx).await;
        assert!(workbook.content.starts_with(b"PK"));
        assert_eq!(workbook, file(SheetFormat::Xlsx).await);
        let unspecified = export(SheetFormat::Unspecified);
        let told = world.national().export_national_follow_up(unspecified).await;
        assert_eq!(faults(told), expected(&[("format", "ENUM_UNSPECIFIED")]));
    })
    .await;
}

#[tokio::test]
async fn a_year_that_cannot_be_and_another_federation_have_no_sheet() {
    on_both(|database| async {
        let world = World::new(database).await;
        let bad = GetNationalFollowUpRequest { year: 0, ..get() };
        let told = world.national().get_national_follow_up(world.office(bad)).await;
        assert_eq!(faults(told), expected(&[("year", "NUMBER_OUT_OF_RANGE")]));
        let stranger = world.national().get_national_follow_up(world.stranger(get())).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
    })
    .await;
}
