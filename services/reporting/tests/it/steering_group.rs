//! Steering groups.

use platform::testing::on_both;
use proto::reporting::{
    CreateSteeringGroupRequest, GetSteeringGroupRequest, ListSteeringGroupsRequest, SteeringGroup,
    UpdateSteeringGroupRequest,
};
use tonic::Code;
use values::Role;

use crate::world::{HOME, World, expected, faults, problem};

pub(crate) fn group(area: &str) -> SteeringGroup {
    let area = if area.is_empty() { String::new() } else { format!("{HOME}/areas/{area}") };
    let members = ["Region Västmanland, ordförande", "Försäkringskassan", "Arbetsförmedlingen"];
    SteeringGroup {
        name: String::new(),
        display_name: "Styrgruppen".to_owned(),
        area,
        members: members.map(str::to_owned).into(),
        etag: String::new(),
    }
}

pub(crate) fn create(id: &str, steering_group: SteeringGroup) -> CreateSteeringGroupRequest {
    CreateSteeringGroupRequest {
        parent: HOME.to_owned(),
        steering_group_id: id.to_owned(),
        steering_group: Some(steering_group),
        request_id: format!("group-{id}"),
        validate_only: false,
    }
}

fn update(etag: &str, steering_group: SteeringGroup) -> UpdateSteeringGroupRequest {
    UpdateSteeringGroupRequest {
        name: format!("{HOME}/steeringGroups/norra"),
        etag: etag.to_owned(),
        steering_group: Some(steering_group),
        request_id: format!("update-{etag}"),
        validate_only: false,
    }
}

#[tokio::test]
async fn the_office_and_the_programme_lead_keep_groups_that_their_members_read() {
    on_both(|database| async {
        let world = World::new(database).await;
        let request = || world.office(create("norra", group("norra")));
        let created = world.groups().create_steering_group(request()).await.unwrap().into_inner();
        let again = world.groups().create_steering_group(request()).await.unwrap().into_inner();
        assert_eq!(created, again);
        let mut wider = group("norra");
        wider.members.push("Sala kommun".to_owned());
        let request = world.by(Role::ProgrammeLead, "federation", update("1", wider.clone()));
        let updated = world.groups().update_steering_group(request).await.unwrap().into_inner();
        let name = format!("{HOME}/steeringGroups/norra");
        let wanted = SteeringGroup { name: name.clone(), etag: "2".to_owned(), ..wider };
        assert_eq!(updated.steering_group, Some(wanted.clone()));
        let get = GetSteeringGroupRequest { name: name.clone() };
        let get = world.by(Role::SteeringGroupMember, "area/norra", get);
        let read = world.groups().get_steering_group(get).await.unwrap().into_inner();
        assert_eq!(read.steering_group, Some(wanted));
        let stale = UpdateSteeringGroupRequest {
            request_id: "other".to_owned(),
            ..update("1", group("norra"))
        };
        let stale = world.groups().update_steering_group(world.office(stale)).await;
        assert_eq!(problem(stale).0, Code::Aborted);
        let foreign = world.stranger(GetSteeringGroupRequest { name });
        assert_eq!(problem(world.groups().get_steering_group(foreign).await).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_group_has_members_and_an_area_that_is_there() {
    on_both(|database| async {
        let world = World::new(database).await;
        let nobody = SteeringGroup { members: Vec::new(), ..group("") };
        for (group, field, reason) in [
            (nobody, "steering_group.members", "ITEMS_MISSING"),
            (group("okand"), "steering_group.area", "AREA_UNKNOWN"),
        ] {
            let request = world.office(create("norra", group));
            let told = faults(world.groups().create_steering_group(request).await);
            assert_eq!(told, expected(&[(field, reason)]));
        }
        let missing = world.office(update("1", group("")));
        let missing = world.groups().update_steering_group(missing).await;
        assert_eq!(problem(missing).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn groups_are_listed_by_id() {
    on_both(|database| async {
        let world = World::new(database).await;
        for id in ["sodra", "centrala", "norra"] {
            let request = world.office(create(id, group("")));
            world.groups().create_steering_group(request).await.unwrap();
        }
        let list = |page_token| ListSteeringGroupsRequest {
            parent: HOME.to_owned(),
            page_size: 2,
            page_token,
        };
        let ids = |groups: Vec<SteeringGroup>| -> Vec<String> {
            groups.iter().map(|group| group.name.rsplit('/').next().unwrap().to_owned()).collect()
        };
        let first = world.office(list(String::new()));
        let first = world.groups().list_steering_groups(first).await.unwrap().into_inner();
        assert_eq!(ids(first.steering_groups), ["centrala", "norra"]);
        let second = world.office(list(first.next_page_token));
        let second = world.groups().list_steering_groups(second).await.unwrap().into_inner();
        assert_eq!(ids(second.steering_groups), ["sodra"]);
        assert_eq!(second.next_page_token, "");
    })
    .await;
}
