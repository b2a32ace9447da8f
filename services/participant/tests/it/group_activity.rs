//! What a team does with many at a time, as numbers of people. Today is 1 July 2025.

use platform::testing::on_both;
use proto::{
    common::Period,
    participant::{
        CreateGroupActivityRequest, GroupActivity, ListGroupActivitiesRequest,
        UpdateGroupActivityRequest,
    },
};
use tonic::{Code, Request};
use values::Role;

use crate::world::{
    HOME, World, expected, faults, problem,
    teams::{date, team},
};

pub(crate) fn occasion(of: &str, day: Option<proto::Date>, turnout: [i32; 3]) -> GroupActivity {
    let [invited, accepted, attended] = turnout;
    GroupActivity {
        name: String::new(),
        team: team(of),
        title: "Friskvård på schemat".to_owned(),
        day,
        invited,
        accepted,
        attended,
        etag: String::new(),
    }
}

pub(crate) fn create(id: &str, group_activity: GroupActivity) -> CreateGroupActivityRequest {
    CreateGroupActivityRequest {
        parent: HOME.to_owned(),
        group_activity_id: id.to_owned(),
        group_activity: Some(group_activity),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

fn update(id: &str, etag: &str, group_activity: GroupActivity) -> UpdateGroupActivityRequest {
    UpdateGroupActivityRequest {
        name: format!("{HOME}/groupActivities/{id}"),
        etag: etag.to_owned(),
        group_activity: Some(group_activity),
        request_id: format!("update-{id}-{etag}"),
        validate_only: false,
    }
}

/// The ids on a page, and the token of the next.
async fn ids(world: &World, request: Request<ListGroupActivitiesRequest>) -> (Vec<String>, String) {
    let listed = world.group_activities().list_group_activities(request).await.unwrap();
    let page = listed.into_inner();
    let id = |activity: &GroupActivity| activity.name.rsplit('/').next().unwrap().to_owned();
    (page.group_activities.iter().map(id).collect(), page.next_page_token)
}

#[tokio::test]
async fn an_occasion_is_planned_held_and_counted() {
    on_both(|database| async {
        let world = World::with(database, &["sala"], &[]).await;
        let planned = occasion("sala", date(2025, 7, 2), [12, 9, 0]);
        let request = world.coach(create("a", planned.clone()));
        let created = world.group_activities().create_group_activity(request).await.unwrap();
        assert_eq!(created.into_inner().group_activity.unwrap().etag, "1");
        let early = GroupActivity { attended: 8, ..planned.clone() };
        let request = world.coach(update("a", "1", early.clone()));
        let told = faults(world.group_activities().update_group_activity(request).await);
        assert_eq!(told, expected(&[("group_activity.attended", "ATTENDED_BEFORE_DAY")]));
        let held = GroupActivity { day: date(2025, 7, 1), ..early };
        let request =
            world.with_role(Role::Coach, "party/sala/team/sala", update("a", "1", held.clone()));
        let updated = world.group_activities().update_group_activity(request).await.unwrap();
        let updated = updated.into_inner().group_activity.unwrap();
        let name = format!("{HOME}/groupActivities/a");
        assert_eq!(updated, GroupActivity { name, etag: "2".to_owned(), ..held.clone() });
        let request =
            UpdateGroupActivityRequest { request_id: "again".to_owned(), ..update("a", "1", held) };
        let stale = world.group_activities().update_group_activity(world.coach(request)).await;
        assert_eq!(problem(stale).1, "STALE");
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_officer_sees_the_occasions_of_the_own_teams_newest_first() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &[]).await;
        for (id, of, day) in [
            ("a", "sala", date(2025, 6, 30)),
            ("b", "sala", date(2025, 7, 1)),
            ("c", "sala", date(2025, 6, 30)),
            ("d", "fns", date(2025, 6, 30)),
            ("e", "sala", date(2025, 1, 1)),
        ] {
            let message = create(id, occasion(of, day, [12, 9, 7]));
            let request = world.with_role(Role::Coordinator, &format!("team/{of}"), message);
            world.group_activities().create_group_activity(request).await.unwrap();
        }
        let list = |of: &str, page_size, page_token: &str| ListGroupActivitiesRequest {
            parent: HOME.to_owned(),
            team: of.to_owned(),
            period: None,
            page_size,
            page_token: page_token.to_owned(),
        };
        let (first, token) = ids(&world, world.coach(list("", 3, ""))).await;
        assert_eq!(first, ["b", "c", "a"]);
        let (last, token) = ids(&world, world.coach(list("", 3, &token))).await;
        assert_eq!((last, token.as_str()), (vec!["e".to_owned()], ""));
        let half_year = Period { first_day: date(2025, 1, 1), last_day: date(2025, 6, 30) };
        let of_half_year =
            ListGroupActivitiesRequest { period: Some(half_year), ..list("", 0, "") };
        assert_eq!(ids(&world, world.coach(of_half_year)).await.0, ["c", "a", "e"]);
        assert!(ids(&world, world.coach(list(&team("fns"), 0, ""))).await.0.is_empty());
        let request =
            world.with_role(Role::TeamLead, "party/sala/team/fns", list(&team("fns"), 0, ""));
        assert_eq!(ids(&world, request).await.0, ["d"]);
    })
    .await;
}

#[tokio::test]
async fn another_teams_occasion_is_not_there_and_none_changes_its_team() {
    on_both(|database| async {
        let world = World::with(database, &["fns", "sala"], &[]).await;
        let held = occasion("sala", date(2025, 6, 30), [12, 9, 7]);
        let request = world.with_role(Role::Coach, "team/fns", create("a", held.clone()));
        let denied = world.group_activities().create_group_activity(request).await;
        assert_eq!(problem(denied).0, Code::PermissionDenied);
        let request = world.coach(create("a", held.clone()));
        world.group_activities().create_group_activity(request).await.unwrap();
        let request = world.with_role(Role::Coach, "team/fns", update("a", "1", held.clone()));
        let hidden = world.group_activities().update_group_activity(request).await;
        assert_eq!(problem(hidden).0, Code::NotFound);
        let moved = GroupActivity { team: team("fns"), ..held.clone() };
        let request = world.coach(update("a", "1", moved));
        let told = faults(world.group_activities().update_group_activity(request).await);
        assert_eq!(told, expected(&[("group_activity.team", "TEAM_STAYS")]));
        let crowd = GroupActivity { accepted: 13, attended: 14, title: String::new(), ..held };
        let told = world.coach(create("b", crowd));
        let told = faults(world.group_activities().create_group_activity(told).await);
        assert_eq!(
            told,
            expected(&[
                ("group_activity.title", "TEXT_MISSING"),
                ("group_activity.accepted", "MORE_THAN_INVITED"),
                ("group_activity.attended", "MORE_THAN_INVITED"),
            ])
        );
    })
    .await;
}
