//! What teams report: who may send in and read what, replacement, findings.

use platform::testing::on_both;
use proto::reporting::{GetReportedFiguresRequest, ReportedFigures, SubmitReportedFiguresRequest};
use sea_orm::{ConnectionTrait as _, Statement};
use tonic::Code;
use values::Role;

use crate::world::{PERIOD, World, count, expected, faults, problem, submit, vastmanland};

fn get(team: &str) -> GetReportedFiguresRequest {
    GetReportedFiguresRequest { name: format!("{PERIOD}/reportedFigures/{team}") }
}

async fn submitted(world: &World, request: SubmitReportedFiguresRequest) -> ReportedFigures {
    let answer = world.figures().submit_reported_figures(world.office(request)).await.unwrap();
    answer.into_inner().reported_figures.unwrap()
}

#[tokio::test]
async fn the_three_teams_of_vastmanland_report_without_a_finding() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let answers = world.submit_vastmanland().await;
        assert_eq!(answers.len(), 3);
        for (answer, (team, counts)) in answers.into_iter().zip(vastmanland()) {
            assert_eq!(answer.findings, []);
            assert_eq!(answer.counts.len(), counts.len());
            assert_eq!(answer.reporter, "federations/vastmanland/accounts/team-lead");
            assert_eq!(answer.report_time.unwrap().seconds, 1_751_364_000);
            let read = world.figures().get_reported_figures(world.lead(team, get(team))).await;
            assert_eq!(read.unwrap().into_inner().reported_figures, Some(answer));
        }
    })
    .await;
}

#[tokio::test]
async fn a_changed_part_gives_one_finding_that_names_everything() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let (team, mut counts) = vastmanland().swap_remove(0);
        let part = counts.iter_mut().find(|count| count.category == "under_30").unwrap();
        part.count += 2;
        let answer = submitted(&world, submit(team, counts)).await;
        let [finding] = answer.findings.as_slice() else { panic!("{:?}", answer.findings) };
        assert_eq!(finding.team, "federations/vastmanland/teams/hallstahammar");
        assert_eq!(finding.figure, "participants_by_age");
        assert_eq!(finding.partition, "participants_by_age");
        assert_eq!(finding.total_figure, "participants");
        assert_eq!((finding.parts_sum, finding.total, finding.difference), (32, 30, 2));
        assert_eq!(
            finding.parts,
            [
                count("participants_by_age", "under_30", 13),
                count("participants_by_age", "over_30", 19)
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_changed_total_gives_a_finding_for_each_partition_of_it() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let (team, mut counts) = vastmanland().swap_remove(0);
        counts[0].count += 1;
        let answer = submitted(&world, submit(team, counts)).await;
        let partitions: Vec<_> =
            answer.findings.iter().map(|finding| finding.partition.as_str()).collect();
        assert_eq!(partitions, ["participants_by_sex", "participants_by_age"]);
    })
    .await;
}

#[tokio::test]
async fn new_figures_take_the_place_of_all_earlier_ones_which_stay_in_the_journal() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let first = vec![count("queue", "total", 6), count("exits", "total", 1)];
        submitted(&world, submit("sala", first)).await;
        let second = SubmitReportedFiguresRequest {
            request_id: "second".to_owned(),
            ..submit("sala", vec![count("queue", "total", 7)])
        };
        submitted(&world, second).await;
        let read = world.figures().get_reported_figures(world.office(get("sala"))).await.unwrap();
        let counts = read.into_inner().reported_figures.unwrap().counts;
        assert_eq!(counts, [count("queue", "total", 7)]);
        let sql = "SELECT kind FROM journal WHERE kind LIKE 'reported_figures.%' ORDER BY sequence";
        let statement = Statement::from_string(world.database.backend(), sql);
        let rows = world.database.read.query_all_raw(statement).await.unwrap();
        let kinds: Vec<String> = rows.iter().map(|row| row.try_get("", "kind").unwrap()).collect();
        assert_eq!(kinds, ["reported_figures.created", "reported_figures.replaced"]);
        assert_eq!(reporting::verify(&world.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_team_lead_reports_and_reads_for_the_own_team_only() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let queue = || vec![count("queue", "total", 6)];
        let other = world.lead("surahammar", submit("sala", queue()));
        let refused = problem(world.figures().submit_reported_figures(other).await);
        assert_eq!(refused.0, Code::NotFound);
        let own = world.lead("sala", submit("sala", queue()));
        world.figures().submit_reported_figures(own).await.unwrap();

        let other =
            world.figures().get_reported_figures(world.lead("surahammar", get("sala"))).await;
        assert_eq!(problem(other).0, Code::NotFound);
        let stranger = world.figures().get_reported_figures(world.stranger(get("sala"))).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
        let write = world.stranger(submit("sala", queue()));
        assert_eq!(problem(world.figures().submit_reported_figures(write).await).0, Code::NotFound);
        for role in [
            Role::FederationAdministrator,
            Role::FederationEconomist,
            Role::ProgrammeLead,
            Role::Auditor,
        ] {
            let request = world.by(role, "federation", get("sala"));
            world.figures().get_reported_figures(request).await.unwrap();
        }
        let none = world.figures().get_reported_figures(world.office(get("surahammar"))).await;
        assert_eq!(problem(none).0, Code::NotFound, "not reported is not 0");
    })
    .await;
}

#[tokio::test]
async fn figures_for_a_team_or_a_period_that_is_not_there_are_refused() {
    on_both(|database| async {
        let world = World::new(database).await;
        let queue = || vec![count("queue", "total", 6)];
        let no_period = world.office(submit("sala", queue()));
        let answer = world.figures().submit_reported_figures(no_period).await;
        assert_eq!(problem(answer).0, Code::NotFound);
        world.create_period().await;
        let no_team = world.office(submit("vasteras", queue()));
        let answer = world.figures().submit_reported_figures(no_team).await;
        assert_eq!(problem(answer).0, Code::NotFound);
        assert_eq!(world.sequence().await, 1);
    })
    .await;
}

#[tokio::test]
async fn every_bad_count_is_told_at_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let mut bad = submit(
            "sala",
            vec![
                count("people", "total", 1),
                count("exits", "holiday", 1),
                count("queue", "total", -1),
                count("queue", "total", 1_000_000_001),
            ],
        );
        bad.reported_figures.as_mut().unwrap().name = "sala".to_owned();
        let told = faults(world.figures().submit_reported_figures(world.office(bad)).await);
        assert_eq!(
            told,
            expected(&[
                ("reported_figures.name", "NAME_MALFORMED"),
                ("reported_figures.counts[0].figure", "FIGURE_UNKNOWN"),
                ("reported_figures.counts[1].category", "CATEGORY_UNKNOWN"),
                ("reported_figures.counts[2].count", "COUNT_NEGATIVE"),
                ("reported_figures.counts[3].count", "COUNT_TOO_LARGE"),
                ("reported_figures.counts[3]", "COUNT_TWICE"),
            ])
        );
        let none = world.office(submit("sala", Vec::new()));
        let told = faults(world.figures().submit_reported_figures(none).await);
        assert_eq!(told, expected(&[("reported_figures.counts", "COUNTS_MISSING")]));
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_answers_the_same_and_a_trial_keeps_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let request =
            || submit("sala", vec![count("exits", "total", 1), count("exits", "work", 2)]);
        let trial = SubmitReportedFiguresRequest { validate_only: true, ..request() };
        assert_eq!(submitted(&world, trial).await.findings.len(), 1);
        assert_eq!(world.sequence().await, 1);
        let first = submitted(&world, request()).await;
        assert_eq!(submitted(&world, request()).await, first);
        assert_eq!(first.findings.len(), 1);
        assert_eq!(world.sequence().await, 2);
    })
    .await;
}
