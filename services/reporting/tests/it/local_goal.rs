//! What a team sets out to do, and how it went.

use platform::testing::on_both;
use proto::reporting::{
    CreateLocalGoalRequest, GetLocalGoalRequest, GoalFollowUp, GoalOutcome, ListLocalGoalsRequest,
    LocalGoal, UpdateLocalGoalRequest,
};
use tonic::Code;
use values::Role;

use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn goal(team: &str, year: i32) -> LocalGoal {
    LocalGoal {
        name: String::new(),
        team: format!("{HOME}/teams/{team}"),
        year,
        title: "Fler ska gå vidare till studier".to_owned(),
        measured: "Avslut till studier av alla avslut".to_owned(),
        target: "Var tredje".to_owned(),
        follow_ups: Vec::new(),
        etag: String::new(),
    }
}

pub(crate) fn create(id: &str, local_goal: LocalGoal) -> CreateLocalGoalRequest {
    CreateLocalGoalRequest {
        parent: HOME.to_owned(),
        local_goal_id: id.to_owned(),
        local_goal: Some(local_goal),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

pub(crate) fn update(id: &str, etag: &str, local_goal: LocalGoal) -> UpdateLocalGoalRequest {
    UpdateLocalGoalRequest {
        name: format!("{HOME}/localGoals/{id}"),
        etag: etag.to_owned(),
        local_goal: Some(local_goal),
        request_id: format!("update-{id}-{etag}"),
        validate_only: false,
    }
}

fn followed_up() -> LocalGoal {
    let text = "Fyra av tolv gick vidare".to_owned();
    let outcome = GoalOutcome::Reached.into();
    LocalGoal { follow_ups: vec![GoalFollowUp { half: 1, outcome, text }], ..goal("sala", 2025) }
}

#[tokio::test]
async fn a_team_lead_writes_the_own_teams_goal_and_how_it_went() {
    on_both(|database| async {
        let world = World::new(database).await;
        let request = || world.lead("sala", create("studier", goal("sala", 2025)));
        let created = world.local_goals().create_local_goal(request()).await.unwrap().into_inner();
        let again = world.local_goals().create_local_goal(request()).await.unwrap().into_inner();
        assert_eq!(created, again);
        let request = world.lead("sala", update("studier", "1", followed_up()));
        let updated = world.local_goals().update_local_goal(request).await.unwrap().into_inner();
        let name = format!("{HOME}/localGoals/studier");
        let wanted = LocalGoal { name: name.clone(), etag: "2".to_owned(), ..followed_up() };
        assert_eq!(updated.local_goal, Some(wanted.clone()));
        let get = world.by(Role::SteeringGroupMember, "area/norra", GetLocalGoalRequest { name });
        let read = world.local_goals().get_local_goal(get).await.unwrap().into_inner();
        assert_eq!(read.local_goal, Some(wanted));
        let stale = world.office(update("studier", "1", goal("sala", 2025)));
        let stale = UpdateLocalGoalRequest { request_id: "9".to_owned(), ..stale.into_inner() };
        let stale = world.local_goals().update_local_goal(world.office(stale)).await;
        assert_eq!(problem(stale).0, Code::Aborted);
    })
    .await;
}

#[tokio::test]
async fn another_teams_lead_and_another_federation_reach_none_of_it() {
    on_both(|database| async {
        let world = World::new(database).await;
        let goals = || world.local_goals();
        let foreign = world.lead("surahammar", create("studier", goal("sala", 2025)));
        assert_eq!(problem(goals().create_local_goal(foreign).await).0, Code::NotFound);
        let request = world.office(create("studier", goal("sala", 2025)));
        goals().create_local_goal(request).await.unwrap();
        let foreign = world.lead("surahammar", update("studier", "1", goal("sala", 2025)));
        assert_eq!(problem(goals().update_local_goal(foreign).await).0, Code::NotFound);
        let name = format!("{HOME}/localGoals/studier");
        let stranger = world.stranger(GetLocalGoalRequest { name });
        assert_eq!(problem(goals().get_local_goal(stranger).await).0, Code::NotFound);
        assert_eq!(world.sequence().await, 1);
    })
    .await;
}

#[tokio::test]
async fn every_bad_field_is_told_and_a_goal_stays_with_team_and_year() {
    on_both(|database| async {
        let world = World::new(database).await;
        let empty = LocalGoal { year: 1999, ..LocalGoal::default() };
        let told = world.local_goals().create_local_goal(world.office(create("a", empty))).await;
        let reasons = [
            ("local_goal.team", "NAME_MALFORMED"),
            ("local_goal.year", "NUMBER_OUT_OF_RANGE"),
            ("local_goal.title", "TEXT_MISSING"),
            ("local_goal.measured", "TEXT_MISSING"),
            ("local_goal.target", "TEXT_MISSING"),
        ];
        assert_eq!(faults(told), expected(&reasons));
        let unknown = world.office(create("a", goal("ingen", 2025)));
        let told = world.local_goals().create_local_goal(unknown).await;
        assert_eq!(faults(told), expected(&[("local_goal.team", "TEAM_UNKNOWN")]));
        let request = world.office(create("a", goal("sala", 2025)));
        world.local_goals().create_local_goal(request).await.unwrap();
        let moved = world.office(update("a", "1", goal("surahammar", 2026)));
        let told = world.local_goals().update_local_goal(moved).await;
        let reasons = [("local_goal.team", "TEAM_STAYS"), ("local_goal.year", "YEAR_STAYS")];
        assert_eq!(faults(told), expected(&reasons));
    })
    .await;
}

#[tokio::test]
async fn goals_are_listed_by_id_of_a_team_and_a_year() {
    on_both(|database| async {
        let world = World::new(database).await;
        for (id, team, year) in [
            ("c", "sala", 2025),
            ("a", "sala", 2025),
            ("b", "surahammar", 2025),
            ("d", "sala", 2024),
        ] {
            let request = world.office(create(id, goal(team, year)));
            world.local_goals().create_local_goal(request).await.unwrap();
        }
        let listed = async |team: &str, year| {
            let team = if team.is_empty() { String::new() } else { format!("{HOME}/teams/{team}") };
            let (mut ids, mut page_token) = (Vec::new(), String::new());
            loop {
                let (parent, team) = (HOME.to_owned(), team.clone());
                let list = ListLocalGoalsRequest { parent, team, year, page_size: 1, page_token };
                let request = world.by(Role::Auditor, "federation", list);
                let page = world.local_goals().list_local_goals(request).await.unwrap();
                let page = page.into_inner();
                let id = |goal: LocalGoal| goal.name.rsplit('/').next().unwrap().to_owned();
                ids.extend(page.local_goals.into_iter().map(id));
                page_token = page.next_page_token;
                if page_token.is_empty() {
                    return ids;
                }
            }
        };
        assert_eq!(listed("", 0).await, ["a", "b", "c", "d"]);
        assert_eq!(listed("sala", 2025).await, ["a", "c"]);
        assert_eq!(listed("", 2024).await, ["d"]);
    })
    .await;
}
