//! Teams and the municipalities they serve.

use platform::testing::on_both;
use proto::organisation::{CreateTeamRequest, GetTeamRequest, ListTeamsRequest, Team};
use tonic::Code;

use crate::municipality;
use crate::world::{HOME, World, expected, faults, problem};

fn create(id: &str, codes: &[&str]) -> CreateTeamRequest {
    CreateTeamRequest {
        parent: HOME.to_owned(),
        team_id: id.to_owned(),
        team: Some(Team {
            name: String::new(),
            display_name: "Teamsamverkan Västra Mälardalen".to_owned(),
            municipalities: codes
                .iter()
                .map(|code| format!("{HOME}/municipalities/{code}"))
                .collect(),
        }),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

async fn with_municipalities(world: &World, codes: &[&str]) {
    for code in codes {
        let request = world.office(municipality::create(code, ""));
        world.municipalities().create_municipality(request).await.unwrap();
    }
}

#[tokio::test]
async fn a_team_keeps_the_order_of_its_municipalities() {
    on_both(|database| async {
        let world = World::new(database).await;
        with_municipalities(&world, &["1960", "1983", "1984"]).await;
        for (id, codes) in [("vastra-malardalen", ["1984", "1960"]), ("annat", ["1983", "1960"])] {
            let request = world.office(create(id, &codes));
            let created = world.teams().create_team(request).await.unwrap().into_inner();
            let get = GetTeamRequest { name: format!("{HOME}/teams/{id}") };
            let read = world.teams().get_team(world.coach(get)).await.unwrap().into_inner();
            assert_eq!(read.team, created.team);
            let served = read.team.unwrap().municipalities;
            assert_eq!(served, codes.map(|code| format!("{HOME}/municipalities/{code}")));
        }
    })
    .await;
}

#[tokio::test]
async fn each_team_of_a_page_has_its_own_municipalities() {
    on_both(|database| async {
        let world = World::new(database).await;
        with_municipalities(&world, &["1960", "1983"]).await;
        for (id, code) in [("a", "1960"), ("b", "1983"), ("c", "1960")] {
            let request = world.office(create(id, &[code]));
            world.teams().create_team(request).await.unwrap();
        }
        let list = |page_size, page_token: &str| ListTeamsRequest {
            parent: HOME.to_owned(),
            page_size,
            page_token: page_token.to_owned(),
        };
        let first = world.teams().list_teams(world.coach(list(2, ""))).await.unwrap().into_inner();
        let served: Vec<_> = first.teams.iter().map(|team| team.municipalities.clone()).collect();
        let one = |code| vec![format!("{HOME}/municipalities/{code}")];
        assert_eq!(served, [one("1960"), one("1983")]);
        let next = world.coach(list(2, &first.next_page_token));
        let last = world.teams().list_teams(next).await.unwrap().into_inner();
        assert_eq!((last.teams.len(), last.next_page_token.as_str()), (1, ""));
        let stranger = world.stranger(list(2, ""));
        assert_eq!(problem(world.teams().list_teams(stranger).await).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_team_serves_known_municipalities_each_once_and_at_least_one() {
    on_both(|database| async {
        let world = World::new(database).await;
        with_municipalities(&world, &["1983"]).await;
        let none = faults(world.teams().create_team(world.office(create("a", &[]))).await);
        assert_eq!(none, expected(&[("team.municipalities", "MUNICIPALITIES_MISSING")]));
        let twice = world.office(create("a", &["1983", "1983"]));
        let twice = faults(world.teams().create_team(twice).await);
        assert_eq!(twice, expected(&[("team.municipalities[1]", "MUNICIPALITY_TWICE")]));
        let unknown = world.office(create("a", &["1983", "1984"]));
        let unknown = faults(world.teams().create_team(unknown).await);
        assert_eq!(unknown, expected(&[("team.municipalities[1]", "MUNICIPALITY_UNKNOWN")]));
        let get = GetTeamRequest { name: format!("{HOME}/teams/a") };
        assert_eq!(problem(world.teams().get_team(world.coach(get)).await).0, Code::NotFound);
    })
    .await;
}
