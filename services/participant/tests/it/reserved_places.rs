//! Places of a team that are kept for a channel of referrals.

use platform::testing::on_both;
use proto::participant::{
    ListReservedPlacesRequest, ReferringKind, ReservedPlaces, SetReservedPlacesRequest,
};
use tonic::Code;
use values::Role;

use crate::world::{
    HOME, World, expected, faults, problem,
    teams::{date, team},
};

pub(crate) fn five(of: &str, channel: ReferringKind, month: i32) -> ReservedPlaces {
    ReservedPlaces {
        team: team(of),
        referring_kind: channel.into(),
        first_day: date(2025, month, 1),
        places: 5,
        decision: "Styrelsen 2025-01-15 § 4".to_owned(),
        team_places: 40,
        name: String::new(),
    }
}

pub(crate) fn set(request_id: &str, reserved_places: ReservedPlaces) -> SetReservedPlacesRequest {
    SetReservedPlacesRequest {
        parent: HOME.to_owned(),
        reserved_places: Some(reserved_places),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}

#[tokio::test]
async fn places_are_reserved_from_a_day_on_and_once_more_replaces_them() {
    on_both(|database| async {
        let world = World::with(database, &["sala"], &[]).await;
        let five = five("sala", ReferringKind::JointAfFk, 2);
        for (request_id, places) in [("1", 5), ("2", 0)] {
            let message = set(request_id, ReservedPlaces { places, ..five.clone() });
            let request = world.coordinator(message);
            let answer = world.reserved_places().set_reserved_places(request).await.unwrap();
            let name = format!("{HOME}/reservedPlaces/sala.JOINT_AF_FK.2025-02-01");
            let expected = ReservedPlaces { places, name, ..five.clone() };
            assert_eq!(answer.into_inner().reserved_places, Some(expected.clone()));
            let list = ListReservedPlacesRequest { parent: HOME.to_owned(), ..Default::default() };
            let request = world.with_role(Role::ReferringOfficer, "party/sala", list);
            let listed = world.reserved_places().list_reserved_places(request).await.unwrap();
            assert_eq!(listed.into_inner().reserved_places, [expected]);
            let problems = world.problems().await;
            assert_eq!(problems, Vec::<String>::new());
        }
    })
    .await;
}

#[tokio::test]
async fn reservations_are_listed_by_team_channel_and_day() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &[]).await;
        let region = ReferringKind::Region;
        let joint = ReferringKind::JointAfFk;
        for (number, (of, channel, month)) in
            [("sala", joint, 3), ("sala", joint, 2), ("sala", region, 4), ("fns", joint, 9)]
                .into_iter()
                .enumerate()
        {
            let message = set(&number.to_string(), five(of, channel, month));
            let request = world.with_role(Role::TeamLead, &format!("team/{of}"), message);
            world.reserved_places().set_reserved_places(request).await.unwrap();
        }
        for (of, pages) in [
            (
                String::new(),
                &[
                    &["fns.JOINT_AF_FK.2025-09-01", "sala.REGION.2025-04-01"][..],
                    &["sala.JOINT_AF_FK.2025-02-01", "sala.JOINT_AF_FK.2025-03-01"],
                ][..],
            ),
            (
                team("sala"),
                &[
                    &["sala.REGION.2025-04-01", "sala.JOINT_AF_FK.2025-02-01"],
                    &["sala.JOINT_AF_FK.2025-03-01"],
                ],
            ),
        ] {
            let mut page_token = String::new();
            for (number, ids) in pages.iter().enumerate() {
                let list = ListReservedPlacesRequest {
                    parent: HOME.to_owned(),
                    team: of.clone(),
                    page_size: 2,
                    page_token,
                };
                let listed = world.reserved_places().list_reserved_places(world.coach(list)).await;
                let page = listed.unwrap().into_inner();
                let names = ids.iter().map(|id| format!("{HOME}/reservedPlaces/{id}"));
                let found: Vec<_> =
                    page.reserved_places.iter().map(|one| one.name.clone()).collect();
                assert_eq!(found, names.collect::<Vec<_>>(), "{of}");
                page_token = page.next_page_token;
                assert_eq!(page_token.is_empty(), number + 1 == pages.len());
            }
        }
        for key in ["5", "x/2025-01-01/sala", "5/2025-01-01/Sala", "5/today/sala"] {
            let list = ListReservedPlacesRequest {
                parent: HOME.to_owned(),
                page_token: platform::page::Page::token(key),
                ..Default::default()
            };
            let told = world.reserved_places().list_reserved_places(world.coach(list)).await;
            assert_eq!(faults(told), expected(&[("page_token", "PAGE_TOKEN_MALFORMED")]), "{key}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_may_not_reserve_and_what_cannot_be_reserved_is_told() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &[]).await;
        let message = set("1", five("sala", ReferringKind::JointAfFk, 2));
        let request = world.with_role(Role::Coordinator, "team/fns", message);
        let denied = world.reserved_places().set_reserved_places(request).await;
        assert_eq!(problem(denied).0, Code::PermissionDenied);
        let bad = ReservedPlaces {
            first_day: None,
            team_places: 4,
            decision: String::new(),
            ..five("sala", ReferringKind::Unspecified, 2)
        };
        let request = world.coordinator(set("2", bad));
        let told = world.reserved_places().set_reserved_places(request).await;
        assert_eq!(
            faults(told),
            expected(&[
                ("reserved_places.referring_kind", "ENUM_UNSPECIFIED"),
                ("reserved_places.first_day", "DATE_MISSING"),
                ("reserved_places.places", "PLACES_ABOVE_ALL"),
                ("reserved_places.decision", "TEXT_MISSING"),
            ])
        );
        let unknown = set("3", five("norra", ReferringKind::Region, 2));
        let request = world.with_role(Role::Coordinator, "team/norra", unknown);
        let told = world.reserved_places().set_reserved_places(request).await;
        assert_eq!(faults(told), expected(&[("reserved_places.team", "TEAM_UNKNOWN")]));
    })
    .await;
}
