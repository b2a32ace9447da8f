//! The half-year report: chapters, totals, and what comes from the other
//! services.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{
    GetHalfYearReportRequest, HalfYearReport, ReportingStatus, SubmitReportedFiguresRequest,
};
use tonic::{Code, Request};
use values::Role;

use crate::others;
use crate::world::{Around, HOME, PERIOD, World, count, expected, faults, period, problem, submit};

fn get() -> GetHalfYearReportRequest {
    GetHalfYearReportRequest { name: format!("{PERIOD}/halfYearReport") }
}

async fn report(world: &World, request: Request<GetHalfYearReportRequest>) -> HalfYearReport {
    let answer = world.reports().get_half_year_report(request).await.unwrap();
    answer.into_inner().half_year_report.unwrap()
}

async fn vastmanland(world: &World) {
    world.create_period().await;
    world.submit_vastmanland().await;
}

#[tokio::test]
async fn vastmanlands_report_has_a_chapter_for_each_team() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let report = report(&world, world.office(get())).await;
        assert_eq!(report.name, get().name);
        assert_eq!(report.federation_display_name, "Samordningsförbundet Västmanland");
        assert_eq!(report.reporting_period, Some(period()));
        assert_eq!(
            (report.definitions_version, report.compile_time.unwrap().seconds),
            (1, 1_751_364_000)
        );

        let chapters: Vec<_> = report
            .chapters
            .iter()
            .map(|chapter| (chapter.display_name.as_str(), chapter.status()))
            .collect();
        assert_eq!(
            chapters,
            [
                ("Samordningsteam Hallstahammar", ReportingStatus::Reported),
                ("Samordningsteam Sala", ReportingStatus::NotReported),
                ("Samordningsteam Surahammar", ReportingStatus::Reported),
                ("Teamsamverkan Västra Mälardalen", ReportingStatus::Reported),
            ]
        );
        assert_eq!(report.chapters[3].municipality_display_names, ["Köping"]);
        assert_eq!(report.chapters[1].reported_figures, None, "not reported is not 0");
        let findings =
            report.chapters.iter().filter_map(|chapter| chapter.reported_figures.as_ref());
        assert!(findings.clone().all(|figures| figures.findings.is_empty()));
    })
    .await;
}

#[tokio::test]
async fn vastmanlands_totals_are_computed_and_say_which_teams_they_cover() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let report = report(&world, world.office(get())).await;
        let totals: Vec<_> = report
            .totals
            .iter()
            .map(|total| {
                (total.figure.as_str(), total.total, total.teams_covered.len(), total.team_count)
            })
            .collect();
        assert_eq!(
            totals,
            [
                ("participants", Some(62), 3, 4),
                ("new_participants", Some(22), 3, 4),
                ("exits", Some(13), 3, 4),
                ("queue", Some(6), 1, 4),
            ]
        );
        let differ: Vec<_> = report.totals.iter().map(|total| total.categories_differ).collect();
        assert_eq!(differ, [true, false, true, false]);
        let women = &report.totals[1].categories[0];
        assert_eq!((women.category.as_str(), women.count, women.team_count), ("woman", 8, 3));
        assert_eq!(report.totals[3].teams_covered, [format!("{HOME}/teams/surahammar")]);
    })
    .await;
}

#[tokio::test]
async fn the_funding_table_is_finances_answer_for_the_period() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let report = report(&world, world.office(get())).await;
        let expected = others::funding_table(HOME.to_owned(), 2025, period().period);
        assert_eq!(report.funding_table, Some(expected));
    })
    .await;
}

#[tokio::test]
async fn a_team_that_has_not_reported_is_overdue_from_the_day_after_the_due_date() {
    on_both(|database| async {
        // Midnight has passed in Sweden, not in Greenwich.
        let around = Around { now: "2025-07-01T22:00:00Z", ..Around::default() };
        let world = World::with(database, around).await;
        vastmanland(&world).await;
        let report = report(&world, world.office(get())).await;
        assert_eq!(report.chapters[1].status(), ReportingStatus::Overdue);
    })
    .await;
}

#[tokio::test]
async fn a_team_lead_reads_the_own_chapter_and_the_totals_of_all() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        let all = report(&world, world.office(get())).await;
        let own = report(&world, world.lead("surahammar", get())).await;
        assert_eq!(own.chapters, [all.chapters[2].clone()]);
        assert_eq!(own.totals, all.totals);
        assert_eq!(own.funding_table, all.funding_table);
    })
    .await;
}

#[tokio::test]
async fn the_whole_report_is_read_by_federation_roles_and_by_no_other_federation() {
    on_both(|database| async {
        let world = World::new(database).await;
        vastmanland(&world).await;
        for role in [
            Role::FederationEconomist,
            Role::ProgrammeLead,
            Role::Auditor,
            Role::SteeringGroupMember,
        ] {
            let request = world.by(role, "federation", get());
            assert_eq!(report(&world, request).await.chapters.len(), 4, "{role:?}");
        }
        let of_area = world.by(Role::SteeringGroupMember, "area/norra", get());
        let refused = problem(world.reports().get_half_year_report(of_area).await);
        assert_eq!(refused.0, Code::NotFound);
        let stranger = problem(world.reports().get_half_year_report(world.stranger(get())).await);
        assert_eq!(stranger.0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_chapter_shows_parts_without_a_total_and_no_total_is_made_of_them() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let parts = vec![count("exits", "work", 2), count("exits", "studies", 1)];
        let request: Request<SubmitReportedFiguresRequest> =
            world.office(submit("sala", parts.clone()));
        world.figures().submit_reported_figures(request).await.unwrap();
        let report = report(&world, world.office(get())).await;
        let figures = report.chapters[1].reported_figures.as_ref().unwrap();
        assert_eq!((figures.counts.as_slice(), figures.findings.len()), (parts.as_slice(), 0));
        let exits = &report.totals[2];
        assert_eq!((exits.total, exits.teams_covered.len(), exits.categories.len()), (None, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_report_of_a_period_that_is_not_there_is_not_found() {
    on_both(|database| async {
        let world = World::new(database).await;
        let missing = problem(world.reports().get_half_year_report(world.office(get())).await);
        assert_eq!(missing.0, Code::NotFound);
        let bad = world.office(GetHalfYearReportRequest { name: PERIOD.to_owned() });
        let told = faults(world.reports().get_half_year_report(bad).await);
        assert_eq!(told, expected(&[("name", "NAME_MALFORMED")]));
    })
    .await;
}

#[tokio::test]
async fn a_federation_without_a_record_of_its_own_has_a_report_all_the_same() {
    on_both(|database| async {
        let around = Around { has_federation: false, ..Around::default() };
        let world = World::with(database, around).await;
        vastmanland(&world).await;
        let report = report(&world, world.office(get())).await;
        assert_eq!(report.federation_display_name, "");
        assert_eq!(report.chapters.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn without_finance_there_is_no_report_and_the_answer_says_who_is_missing() {
    on_both(|database| async {
        let around = Around { finance_answers: false, ..Around::default() };
        let world = World::with(database, around).await;
        vastmanland(&world).await;
        let status = world.reports().get_half_year_report(world.office(get())).await.unwrap_err();
        let problem = Problem::of(&status);
        assert_eq!(
            (problem.code, problem.fact("service").as_str()),
            (Code::Unavailable, "finance")
        );
    })
    .await;
}
