//! Roles: who grants them, on which days they hold, and that they end at once.

use platform::{failure::Problem, testing::on_both};
use proto::{
    common::Role as Code,
    gateway::{GetAccountRequest, ListAccountsRequest, ListRoleGrantsRequest, RevokeRoleRequest},
};
use tonic::{Code as GrpcCode, Status};

use crate::world::{FEDERATION, TEAM, World, account, role};

fn revoke(id: &str) -> RevokeRoleRequest {
    RevokeRoleRequest {
        name: format!("{FEDERATION}/roleGrants/{id}"),
        reason: "slutat".to_owned(),
        request_id: format!("revoke-{id}"),
        validate_only: false,
    }
}

fn reasons(status: &Status) -> Vec<String> {
    Problem::of(status).faults.into_iter().map(|fault| fault.reason).collect()
}

/// True when the account may list accounts, as administrators may.
async fn is_let_in(world: &World, caller: &str) -> bool {
    let message =
        ListAccountsRequest { parent: FEDERATION.to_owned(), ..ListAccountsRequest::default() };
    let request = world.by(caller, message).await;
    match world.accounts().list_accounts(request).await {
        Ok(_) => true,
        Err(status) => {
            assert_eq!(status.code(), GrpcCode::PermissionDenied, "{status:?}");
            false
        }
    }
}

#[tokio::test]
async fn a_party_gives_a_role_to_another_partys_employee_and_takes_it_back() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.create("koping-admin", account("eva", "koping")).await.unwrap();
        let asked = role("r1", "eva", Code::Coordinator, (10, 0));
        let granted = world.grant("sala-admin", asked.clone()).await.unwrap();
        assert_eq!(granted.scope, TEAM);
        assert_eq!(granted.grantor, "federations/f/accounts/sala-admin");
        assert!(granted.grant_time.is_some() && granted.revocation.is_none());
        // A repetition is answered as the first time.
        assert_eq!(world.grant("sala-admin", asked).await.unwrap(), granted);

        // Eva's own administrator sees it and cannot take it back; Sala's can, once.
        let get = GetAccountRequest { name: format!("{FEDERATION}/accounts/eva") };
        let request = world.by("koping-admin", get.clone()).await;
        let seen = world.accounts().get_account(request).await.unwrap().into_inner();
        assert_eq!(seen.account.unwrap().role_grants, [granted]);
        let request = world.by("koping-admin", revoke("r1")).await;
        let refused = world.roles().revoke_role(request).await.unwrap_err();
        assert_eq!(refused.code(), GrpcCode::NotFound);
        let request = world.by("sala-admin", revoke("r1")).await;
        let revoked = world.roles().revoke_role(request).await.unwrap().into_inner();
        let revocation = revoked.role_grant.unwrap().revocation.unwrap();
        assert_eq!(revocation.revoker, "federations/f/accounts/sala-admin");
        let again = RevokeRoleRequest { request_id: "again".to_owned(), ..revoke("r1") };
        let request = world.by("sala-admin", again).await;
        let refused = world.roles().revoke_role(request).await.unwrap_err();
        assert_eq!(Problem::of(&refused).reason, "ROLE_GRANT_OVER");
        let request = world.by("koping-admin", get).await;
        let seen = world.accounts().get_account(request).await.unwrap().into_inner();
        assert!(seen.account.unwrap().role_grants.is_empty());
        assert!(world.problems().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_role_opens_on_its_first_day_and_closes_after_its_last() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.create("kansli", account("vikarie", "")).await.unwrap();
        let days = (12, 13);
        world
            .grant("kansli", role("r1", "vikarie", Code::FederationAdministrator, days))
            .await
            .unwrap();
        assert!(!is_let_in(&world, "vikarie").await);
        // Sweden's midnight, not London's.
        for (now, is_open) in [
            ("2025-06-11T21:59:00Z", false),
            ("2025-06-11T22:01:00Z", true),
            ("2025-06-13T21:59:00Z", true),
            ("2025-06-13T22:01:00Z", false),
        ] {
            let world = World::at(world.database.clone(), now).await;
            assert_eq!(is_let_in(&world, "vikarie").await, is_open, "{now}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_role_that_is_taken_back_is_gone_at_the_next_call() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.create("kansli", account("maria", "")).await.unwrap();
        assert!(!is_let_in(&world, "maria").await);
        let asked = role("r1", "maria", Code::FederationAdministrator, (10, 0));
        world.grant("kansli", asked).await.unwrap();
        assert!(is_let_in(&world, "maria").await);
        let request = world.by("kansli", revoke("r1")).await;
        world.roles().revoke_role(request).await.unwrap();
        assert!(!is_let_in(&world, "maria").await);
    })
    .await;
}

#[tokio::test]
async fn office_and_participant_officer_exclude_each_other_in_both_directions() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.create("sala-admin", account("eva", "sala")).await.unwrap();
        world.grant("sala-admin", role("r1", "eva", Code::Coach, (10, 20))).await.unwrap();
        let office = role("r2", "eva", Code::FederationEconomist, (20, 0));
        let refused = world.grant("kansli", office).await.unwrap_err();
        assert_eq!(reasons(&refused), ["ROLES_EXCLUDE_EACH_OTHER"]);

        // After the coach's last day she may join the office, and be no officer then.
        let office = role("r3", "eva", Code::FederationEconomist, (21, 0));
        world.grant("kansli", office).await.unwrap();
        let officer = role("r4", "eva", Code::ReferringOfficer, (30, 0));
        let refused = world.grant("sala-admin", officer).await.unwrap_err();
        assert_eq!(reasons(&refused), ["ROLES_EXCLUDE_EACH_OTHER"]);
        let refused = world
            .grant("sala-admin", role("r5", "kansli", Code::Coach, (10, 0)))
            .await
            .unwrap_err();
        assert_eq!(reasons(&refused), ["ACCOUNT_WITHOUT_PARTY", "ROLES_EXCLUDE_EACH_OTHER"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_grants_beyond_their_own_party_and_every_fault_is_told() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.create("sala-admin", account("eva", "sala")).await.unwrap();
        for caller in ["koping-admin", "kansli"] {
            let refused =
                world.grant(caller, role("r1", "eva", Code::Coach, (10, 0))).await.unwrap_err();
            assert_eq!(refused.code(), GrpcCode::PermissionDenied, "{caller}");
        }
        let mut wrong = role("r1", "nobody", Code::Coach, (9, 8));
        wrong.role_grant.as_mut().unwrap().scope =
            "federations/f/parties/sala/teams/sodra".to_owned();
        let refused = world.grant("sala-admin", wrong).await.unwrap_err();
        assert_eq!(
            reasons(&refused),
            ["ACCOUNT_UNKNOWN", "TEAM_UNKNOWN", "ROLE_BEFORE_TODAY", "PERIOD_REVERSED"]
        );
        let mut checked = role("r1", "eva", Code::Coach, (10, 0));
        checked.validate_only = true;
        world.grant("sala-admin", checked).await.unwrap();
        let message = ListRoleGrantsRequest {
            parent: FEDERATION.to_owned(),
            account: format!("{FEDERATION}/accounts/eva"),
            ..ListRoleGrantsRequest::default()
        };
        let request = world.by("sala-admin", message).await;
        let listed = world.roles().list_role_grants(request).await.unwrap().into_inner();
        assert!(listed.role_grants.is_empty(), "a check changes nothing");
    })
    .await;
}

#[tokio::test]
async fn the_list_of_roles_is_paged_and_ends_at_the_reach() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.create("koping-admin", account("eva", "koping")).await.unwrap();
        for (id, day) in [("a", 10), ("b", 11), ("c", 12)] {
            let asked = role(id, "eva", Code::Coach, (day, day));
            world.grant("sala-admin", asked).await.unwrap();
        }
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let message = ListRoleGrantsRequest {
                parent: FEDERATION.to_owned(),
                account: String::new(),
                page_size: 2,
                page_token,
            };
            let request = world.by("sala-admin", message).await;
            let page = world.roles().list_role_grants(request).await.unwrap().into_inner();
            found.extend(page.role_grants);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        // Its own appointment among them, and not Köping's.
        let scopes: Vec<&str> = found.iter().map(|granted| granted.scope.as_str()).collect();
        assert_eq!(scopes, [TEAM, TEAM, TEAM, "federations/f/parties/sala"]);
    })
    .await;
}
