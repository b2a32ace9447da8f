//! The staffing register: positions without names of people.

mod capacity;

use futures::future::join_all;
use platform::testing::on_both;
use proto::participant::{
    CreatePositionRequest, GetPositionRequest, ListPositionsRequest, PayerShare, Position,
    PositionSpell, UpdatePositionRequest,
};
use tonic::Code;
use values::Role;

use crate::world::{
    HOME, World, expected, faults, problem,
    teams::{date, party, team},
};

/// A full-time coach of a team, paid half by Sala and half by the federation.
pub(crate) fn coach(of: &str) -> Position {
    Position {
        name: String::new(),
        team: team(of),
        title: "Coach".to_owned(),
        coaches: true,
        employer: party("sala"),
        spells: vec![PositionSpell {
            first_day: date(2025, 1, 1),
            last_day: None,
            fte_percent: 100,
            vacant: false,
            payers: vec![
                PayerShare { party: party("sala"), fte_percent: 50 },
                PayerShare { party: String::new(), fte_percent: 50 },
            ],
        }],
        etag: String::new(),
    }
}

pub(crate) fn create(id: &str, position: Position) -> CreatePositionRequest {
    CreatePositionRequest {
        parent: HOME.to_owned(),
        position_id: id.to_owned(),
        position: Some(position),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

fn update(id: &str, etag: &str, position: Position) -> UpdatePositionRequest {
    UpdatePositionRequest {
        name: format!("{HOME}/positions/{id}"),
        etag: etag.to_owned(),
        position: Some(position),
        request_id: format!("update-{id}-{etag}"),
        validate_only: false,
    }
}

async fn read(world: &World, id: &str) -> Position {
    let get = GetPositionRequest { name: format!("{HOME}/positions/{id}") };
    let request = world.with_role(Role::Auditor, "federation", get);
    world.positions().get_position(request).await.unwrap().into_inner().position.unwrap()
}

#[tokio::test]
async fn a_position_reads_back_and_changes_with_its_version() {
    on_both(|database| async {
        let world = World::with(database, &["sala"], &["sala"]).await;
        let request = world.coordinator(create("coach-1", coach("sala")));
        let created = world.positions().create_position(request).await.unwrap().into_inner();
        let created = created.position.unwrap();
        assert_eq!(created.name, format!("{HOME}/positions/coach-1"));
        assert_eq!(
            Position { name: String::new(), etag: String::new(), ..created.clone() },
            coach("sala")
        );
        assert_eq!(read(&world, "coach-1").await, created);

        let mut changed = created.clone();
        changed.spells[0].last_day = date(2025, 3, 31);
        let vacant = PositionSpell {
            first_day: date(2025, 4, 1),
            last_day: None,
            vacant: true,
            ..changed.spells[0].clone()
        };
        changed.spells.push(vacant);
        let lead = |message| world.with_role(Role::TeamLead, "party/koping/team/sala", message);
        let request = lead(update("coach-1", &created.etag, changed.clone()));
        let updated = world.positions().update_position(request).await.unwrap().into_inner();
        let updated = updated.position.unwrap();
        assert_eq!((updated.etag.as_str(), &updated.spells), ("2", &changed.spells));
        assert_eq!(read(&world, "coach-1").await, updated);

        let again = UpdatePositionRequest {
            request_id: "again".to_owned(),
            ..update("coach-1", &created.etag, changed)
        };
        let stale = problem(world.positions().update_position(lead(again)).await);
        assert_eq!(stale, (Code::Aborted, "STALE".to_owned()));
        let taken = CreatePositionRequest {
            request_id: "taken".to_owned(),
            ..create("coach-1", coach("sala"))
        };
        let taken = world.positions().create_position(world.coordinator(taken)).await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn of_changes_at_the_same_time_one_stands_and_the_others_are_told() {
    on_both(|database| async {
        let world = World::with(database, &["sala"], &["sala"]).await;
        let request = world.coordinator(create("coach-1", coach("sala")));
        world.positions().create_position(request).await.unwrap();
        let change = |(number, etag): (usize, &str)| {
            let position = Position { title: format!("Coach {number}"), ..coach("sala") };
            let request_id = format!("change-{number}-{etag}");
            let message = UpdatePositionRequest { request_id, ..update("coach-1", etag, position) };
            let (mut client, request) = (world.positions(), world.coordinator(message));
            async move { client.update_position(request).await }
        };
        let mut etag = 1;
        // The second time, changes come upon one that waits to be written with them: whether
        // one of them stands depends on which are taken together.
        for etags in [["1"; 5], ["2", "3", "3", "3", "3"]] {
            let answers = join_all(etags.into_iter().enumerate().map(change)).await;
            let (stand, told): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
            for answer in told {
                assert_eq!(problem(answer).1, "STALE");
            }
            let distinct = std::collections::BTreeSet::from(etags).len();
            assert!((1..=distinct).contains(&stand.len()), "{stand:?}");
            etag += stand.len();
            assert_eq!(read(&world, "coach-1").await.etag, etag.to_string());
        }
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn positions_are_listed_by_id_of_all_teams_or_of_one() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &["sala"]).await;
        for (id, of) in [("a", "sala"), ("b", "fns"), ("c", "sala"), ("d", "sala")] {
            let scope = format!("team/{of}");
            let request = world.with_role(Role::Coordinator, &scope, create(id, coach(of)));
            world.positions().create_position(request).await.unwrap();
        }
        for (of, size, pages) in [
            (String::new(), 3, &[&["a", "b", "c"][..], &["d"]][..]),
            (team("sala"), 2, &[&["a", "c"], &["d"]]),
            (team("fns"), 0, &[&["b"]]),
            (team("norra"), 0, &[&[]]),
        ] {
            let mut page_token = String::new();
            for (number, ids) in pages.iter().enumerate() {
                let list = ListPositionsRequest {
                    parent: HOME.to_owned(),
                    team: of.clone(),
                    page_size: size,
                    page_token,
                };
                let request = world.with_role(Role::Evaluator, "federation", list);
                let page = world.positions().list_positions(request).await.unwrap().into_inner();
                let names = ids.iter().map(|id| format!("{HOME}/positions/{id}"));
                let found: Vec<_> = page.positions.iter().map(|one| one.name.clone()).collect();
                assert_eq!(found, names.collect::<Vec<_>>(), "{of}");
                page_token = page.next_page_token;
                assert_eq!(page_token.is_empty(), number + 1 == pages.len());
            }
        }
    })
    .await;
}

#[tokio::test]
async fn only_those_who_act_for_the_team_write_its_positions_and_they_stay_with_it() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &["sala"]).await;
        for scope in ["team/fns", "party/sala/team/fns"] {
            let request =
                world.with_role(Role::Coordinator, scope, create("coach-1", coach("sala")));
            let denied = world.positions().create_position(request).await;
            assert_eq!(problem(denied).0, Code::PermissionDenied, "{scope}");
        }
        let request = world.coordinator(create("coach-1", coach("sala")));
        world.positions().create_position(request).await.unwrap();
        let change = update("coach-1", "1", coach("sala"));
        let request = world.with_role(Role::TeamLead, "team/fns", change);
        let denied = world.positions().update_position(request).await;
        assert_eq!(problem(denied).0, Code::PermissionDenied);
        let request = world.coordinator(update("coach-1", "1", coach("fns")));
        let moved = faults(world.positions().update_position(request).await);
        assert_eq!(moved, expected(&[("position.team", "TEAM_STAYS")]));
        let absent = world.coordinator(update("coach-2", "1", coach("sala")));
        let absent = world.positions().update_position(absent).await;
        assert_eq!(problem(absent).0, Code::NotFound);
        let get = GetPositionRequest { name: format!("{HOME}/positions/coach-1") };
        let strange = world.positions().get_position(world.stranger(get)).await;
        assert_eq!(problem(strange).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_position_is_told_at_once() {
    on_both(|database| async {
        let world = World::with(database, &["sala"], &["sala"]).await;
        let mut bad = coach("sala");
        bad.title = String::new();
        bad.employer = "sala".to_owned();
        bad.spells[0].first_day = None;
        bad.spells[0].payers[0].fte_percent = 40;
        let told =
            faults(world.positions().create_position(world.coordinator(create("A", bad))).await);
        assert_eq!(
            told,
            expected(&[
                ("position_id", "ID_MALFORMED"),
                ("position.title", "TEXT_MISSING"),
                ("position.employer", "NAME_MALFORMED"),
                ("position.spells[0].first_day", "DATE_MISSING"),
                ("position.spells[0].payers", "PAYERS_NOT_WHOLE"),
            ])
        );
        let mut twice = coach("sala");
        twice.spells.push(twice.spells[0].clone());
        let request = world.coordinator(create("coach-1", twice));
        let told = faults(world.positions().create_position(request).await);
        assert_eq!(told, expected(&[("position.spells[0].last_day", "SPELL_NOT_ENDED")]));
        let mut unknown = coach("sala");
        unknown.employer = party("fagersta");
        unknown.spells[0].payers[0].party = "federations/sormland/parties/sala".to_owned();
        let request = world.coordinator(create("coach-1", unknown));
        let told = faults(world.positions().create_position(request).await);
        assert_eq!(
            told,
            expected(&[
                ("position.employer", "PARTY_UNKNOWN"),
                ("position.spells[0].payers[0].party", "PARTY_UNKNOWN"),
            ])
        );
        let trial =
            CreatePositionRequest { validate_only: true, ..create("coach-1", coach("sala")) };
        world.positions().create_position(world.coordinator(trial)).await.unwrap();
        let get = GetPositionRequest { name: format!("{HOME}/positions/coach-1") };
        let absent = world.positions().get_position(world.coordinator(get)).await;
        assert_eq!(problem(absent).0, Code::NotFound);
    })
    .await;
}
