//! Who sees which requisitions.

use platform::testing::{caller, on_both};
use proto::finance as pb;
use tonic::Code;
use values::{Role, Scope};

use crate::world::{
    HOME, World, administrator, economist, economist_of, expected, faults, problem,
};

async fn listed(world: &World, caller: &platform::Principal) -> Vec<String> {
    let message = pb::ListRequisitionsRequest { parent: HOME.to_owned(), ..Default::default() };
    let request = world.by(caller, message);
    let answer = world.requisitions().list_requisitions(request).await.unwrap();
    let requisitions = answer.into_inner().requisitions;
    requisitions.into_iter().map(|found| found.party).collect()
}

#[tokio::test]
async fn a_partys_economist_sees_the_own_partys_and_nothing_else() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let submitted = world.submitted("r1", "sala", 100).await;
        world.submitted("r2", "koping", 100).await;
        let koping = economist_of("koping");
        assert_eq!(listed(&world, &koping).await, [format!("{HOME}/parties/koping")]);
        let message = pb::GetRequisitionRequest { name: submitted.name.clone() };
        let read = world.requisitions().get_requisition(world.by(&koping, message)).await;
        assert_eq!(problem(read).0, Code::NotFound);
        for step in ["submit", "withdraw"] {
            let answer = world.take(step, &submitted, &koping).await;
            assert_eq!(problem(answer).0, Code::NotFound, "{step}");
        }
        for step in ["return", "review", "approve", "reject", "pay"] {
            let answer = world.take(step, &submitted, &economist_of("sala")).await;
            assert_eq!(problem(answer).0, Code::PermissionDenied, "{step}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_office_and_the_auditor_see_all_newest_first() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.submitted("r2", "sala", 100).await;
        world.submitted("r1", "koping", 100).await;
        let auditor = caller("vastmanland", "revisor", &[(Role::Auditor, Scope::Federation)]);
        let all = ["koping", "sala"].map(|party| format!("{HOME}/parties/{party}"));
        for reader in [administrator(), economist("bo"), auditor] {
            assert_eq!(listed(&world, &reader).await, all);
        }
    })
    .await;
}

#[tokio::test]
async fn a_list_is_read_by_pages_and_narrowed_by_grant_and_state() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let message = world.grant("other", "sala", 1000);
        world.grants().create_grant(world.office(message)).await.unwrap();
        for number in 0..5 {
            world.submitted(&format!("r{number}"), &format!("party-0{number}"), 10).await;
        }
        world.draft("r5", "party-05", 10).await;

        let list = async |message: pb::ListRequisitionsRequest| {
            let answer = world.requisitions().list_requisitions(world.office(message)).await;
            let answer = answer.unwrap().into_inner();
            let id = |name: &str| name.rsplit('/').next().unwrap().to_owned();
            let ids = answer.requisitions.iter().map(|found| id(&found.name)).collect::<Vec<_>>();
            (ids, answer.next_page_token)
        };
        let submitted = pb::ListRequisitionsRequest {
            parent: HOME.to_owned(),
            grant: format!("{HOME}/grants/sala-2025"),
            state: pb::RequisitionState::Submitted.into(),
            page_size: 3,
            page_token: String::new(),
            ..Default::default()
        };
        let (first, page_token) = list(submitted.clone()).await;
        assert_eq!(first, ["r4", "r3", "r2"]);
        let (second, last) =
            list(pb::ListRequisitionsRequest { page_token, ..submitted.clone() }).await;
        assert_eq!(
            (second.as_slice(), last.as_str()),
            (["r1", "r0"].map(str::to_owned).as_slice(), "")
        );
        let other = pb::ListRequisitionsRequest {
            grant: format!("{HOME}/grants/other"),
            ..submitted.clone()
        };
        assert_eq!(list(other).await.0, [""; 0]);

        let wrong = pb::ListRequisitionsRequest {
            grant: "federations/sormland/grants/x".to_owned(),
            state: 99,
            page_size: 1001,
            page_token: platform::page::Page::token("r4"),
            ..submitted
        };
        let answer = world.requisitions().list_requisitions(world.office(wrong)).await;
        let told = [
            ("grant", "OTHER_FEDERATION"),
            ("state", "ENUM_UNSPECIFIED"),
            ("page_size", "PAGE_SIZE_OUT_OF_RANGE"),
        ];
        assert_eq!(faults(answer), expected(&told));
    })
    .await;
}
