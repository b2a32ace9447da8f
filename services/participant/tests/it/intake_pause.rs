//! Pauses of the intake to a team.

use platform::testing::on_both;
use proto::participant::{
    CreateIntakePauseRequest, EndIntakePauseRequest, IntakePause, ListIntakePausesRequest,
};
use tonic::Code;
use values::Role;

use crate::world::{
    HOME, World, expected, faults, problem,
    teams::{date, team},
};

pub(crate) fn create(
    id: &str,
    of: &str,
    first_day: Option<proto::Date>,
) -> CreateIntakePauseRequest {
    CreateIntakePauseRequest {
        parent: HOME.to_owned(),
        intake_pause_id: id.to_owned(),
        intake_pause: Some(IntakePause {
            name: String::new(),
            team: team(of),
            first_day,
            last_day: None,
            reason: "En tjänst är vakant".to_owned(),
            etag: String::new(),
        }),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

fn end(id: &str, etag: &str, last_day: Option<proto::Date>) -> EndIntakePauseRequest {
    EndIntakePauseRequest {
        name: format!("{HOME}/intakePauses/{id}"),
        etag: etag.to_owned(),
        last_day,
        request_id: format!("end-{id}-{etag}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn a_pause_begins_and_ends_and_everybody_sees_it() {
    on_both(|database| async {
        let world = World::with(database, &["sala"], &[]).await;
        let request = world.coordinator(create("summer", "sala", date(2025, 6, 15)));
        let created = world.intake_pauses().create_intake_pause(request).await.unwrap();
        let created = created.into_inner().intake_pause.unwrap();
        assert_eq!((created.etag.as_str(), created.last_day), ("1", None));
        let lead = |message| world.with_role(Role::TeamLead, "party/sala/team/sala", message);
        let request = lead(end("summer", "1", date(2025, 8, 15)));
        let ended = world.intake_pauses().end_intake_pause(request).await.unwrap();
        let ended = ended.into_inner().intake_pause.unwrap();
        let last_day = date(2025, 8, 15);
        assert_eq!(ended, IntakePause { last_day, etag: "2".to_owned(), ..created });

        let list = ListIntakePausesRequest { parent: HOME.to_owned(), ..Default::default() };
        let request = world.with_role(Role::ReferringOfficer, "party/sala", list);
        let listed = world.intake_pauses().list_intake_pauses(request).await.unwrap();
        assert_eq!(listed.into_inner().intake_pauses, [ended]);

        let stale = EndIntakePauseRequest {
            request_id: "again".to_owned(),
            ..end("summer", "1", date(2025, 8, 15))
        };
        let stale = world.intake_pauses().end_intake_pause(lead(stale)).await;
        assert_eq!(problem(stale).1, "STALE");
        let reversed = lead(end("summer", "2", date(2025, 6, 14)));
        let reversed = faults(world.intake_pauses().end_intake_pause(reversed).await);
        assert_eq!(reversed, expected(&[("last_day", "PERIOD_REVERSED")]));
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn pauses_are_listed_newest_first_of_all_teams_or_of_one() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &[]).await;
        for (id, of, first_day) in [
            ("a", "sala", date(2025, 3, 1)),
            ("b", "fns", date(2025, 3, 1)),
            ("c", "sala", date(2024, 12, 20)),
            ("d", "sala", date(2025, 6, 15)),
        ] {
            let scope = format!("team/{of}");
            let request = world.with_role(Role::Coordinator, &scope, create(id, of, first_day));
            world.intake_pauses().create_intake_pause(request).await.unwrap();
        }
        for (of, pages) in [
            (String::new(), &[&["d", "b"][..], &["a", "c"]][..]),
            (team("sala"), &[&["d", "a"], &["c"]]),
            (team("fns"), &[&["b"]]),
        ] {
            let mut page_token = String::new();
            for (number, ids) in pages.iter().enumerate() {
                let list = ListIntakePausesRequest {
                    parent: HOME.to_owned(),
                    team: of.clone(),
                    page_size: 2,
                    page_token,
                };
                let listed = world.intake_pauses().list_intake_pauses(world.coach(list)).await;
                let page = listed.unwrap().into_inner();
                let names = ids.iter().map(|id| format!("{HOME}/intakePauses/{id}"));
                let found: Vec<_> = page.intake_pauses.iter().map(|one| one.name.clone()).collect();
                assert_eq!(found, names.collect::<Vec<_>>(), "{of}");
                page_token = page.next_page_token;
                assert_eq!(page_token.is_empty(), number + 1 == pages.len());
            }
        }
        let list = ListIntakePausesRequest {
            parent: HOME.to_owned(),
            page_token: platform::page::Page::token("2025-13-01/a"),
            ..Default::default()
        };
        let told = faults(world.intake_pauses().list_intake_pauses(world.coach(list)).await);
        assert_eq!(told, expected(&[("page_token", "PAGE_TOKEN_MALFORMED")]));
    })
    .await;
}

#[tokio::test]
async fn only_those_who_act_for_the_team_pause_its_intake_and_say_why() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &[]).await;
        let message = create("summer", "sala", date(2025, 6, 15));
        let request = world.with_role(Role::Coordinator, "team/fns", message.clone());
        let denied = world.intake_pauses().create_intake_pause(request).await;
        assert_eq!(problem(denied).0, Code::PermissionDenied);
        let mut silent = message.clone();
        let pause = silent.intake_pause.as_mut().unwrap();
        (pause.first_day, pause.reason) = (None, " ".to_owned());
        let told = world.coordinator(silent);
        let told = faults(world.intake_pauses().create_intake_pause(told).await);
        assert_eq!(
            told,
            expected(&[
                ("intake_pause.first_day", "DATE_MISSING"),
                ("intake_pause.reason", "TEXT_MISSING"),
            ])
        );
        let request = world.coordinator(message);
        world.intake_pauses().create_intake_pause(request).await.unwrap();
        let request =
            world.with_role(Role::Coordinator, "team/fns", end("summer", "1", date(2025, 8, 15)));
        let denied = world.intake_pauses().end_intake_pause(request).await;
        assert_eq!(problem(denied).0, Code::PermissionDenied);
        let unknown = create("other", "norra", date(2025, 6, 15));
        let request = world.with_role(Role::Coordinator, "team/norra", unknown);
        let told = faults(world.intake_pauses().create_intake_pause(request).await);
        assert_eq!(told, expected(&[("intake_pause.team", "TEAM_UNKNOWN")]));
    })
    .await;
}
