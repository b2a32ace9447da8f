//! Accounts: created by the own party's administrator, opened with a code.

use axum::body::Body;
use http::{Request, StatusCode, header};
use platform::{failure::Problem, testing::on_both};
use proto::{
    common::Role as Code,
    gateway::{
        GetAccountRequest, GetOwnAccountRequest, InviteAccountRequest, ListAccountsRequest,
        RevokeRoleRequest,
    },
};
use tonic::Code as GrpcCode;

use crate::world::{FEDERATION, World, account, role};

const PASSWORD: &str = "en-mening-jag-minns";

fn form(username: &str, code: &str, password: &str) -> String {
    format!("username={username}&code={code}&password={password}&repeated={password}")
}

/// Chooses a password; the cookie of the session, when it was taken.
async fn choose(world: &World, username: &str, code: &str, password: &str) -> Option<String> {
    let answer = world.post("/sign-in/first", &form(username, code, password)).await;
    let cookie = answer.headers().get(header::SET_COOKIE)?.to_str().unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    Some(cookie.split(';').next().unwrap().to_owned())
}

#[tokio::test]
async fn a_person_chooses_a_password_with_the_code_and_only_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let first = world.create("sala-admin", account("eva", "sala")).await.unwrap();
        assert_eq!(first.account.unwrap().party, "federations/f/parties/sala");
        let lost = first.invitation.unwrap().code;
        // A repetition creates nothing, and its code takes the place of the first.
        let again = world.create("sala-admin", account("eva", "sala")).await.unwrap();
        let code = again.invitation.unwrap().code;
        assert!(choose(&world, "eva", &lost, PASSWORD).await.is_none());
        assert!(choose(&world, "eva", &code, "kort").await.is_none());
        assert!(choose(&world, "sala-admin", &code, PASSWORD).await.is_none());
        assert!(choose(&world, "eva", &code, PASSWORD).await.is_some());
        assert!(choose(&world, "eva", &code, PASSWORD).await.is_none(), "a code works once");
        let sign_in = format!("username=eva&password={PASSWORD}&next=/");
        assert_eq!(world.post("/sign-in", &sign_in).await.status(), StatusCode::SEE_OTHER);
        let empty = "username=eva&password=&next=/";
        assert_eq!(world.post("/sign-in", empty).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(world.problems().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_code_is_good_for_a_week() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let created = world.create("sala-admin", account("eva", "sala")).await.unwrap();
        let code = created.invitation.unwrap().code;
        let later = World::at(world.database.clone(), "2025-06-17T10:00:01Z").await;
        assert!(choose(&later, "eva", &code, PASSWORD).await.is_none());
        let later = World::at(world.database.clone(), "2025-06-17T09:59:59Z").await;
        assert!(choose(&later, "eva", &code, PASSWORD).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn an_open_session_loses_a_role_at_its_next_request() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let created = world.create("kansli", account("eva", "")).await.unwrap();
        let code = created.invitation.unwrap().code;
        let cookie = choose(&world, "eva", &code, PASSWORD).await.unwrap();
        let page = async || {
            let request = Request::get("/accounts/new").header(header::COOKIE, &cookie);
            world.browse(request.body(Body::empty()).unwrap()).await.status()
        };
        assert_eq!(page().await, StatusCode::FORBIDDEN);
        let asked = role("r1", "eva", Code::FederationAdministrator, (10, 0));
        world.grant("kansli", asked).await.unwrap();
        // The page asks services that are not there; it is let through to ask them.
        assert_ne!(page().await, StatusCode::FORBIDDEN);
        let revoke = RevokeRoleRequest {
            name: format!("{FEDERATION}/roleGrants/r1"),
            reason: "slutat".to_owned(),
            request_id: "r".to_owned(),
            validate_only: false,
        };
        let request = world.by("kansli", revoke).await;
        world.roles().revoke_role(request).await.unwrap();
        assert_eq!(page().await, StatusCode::FORBIDDEN);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_keeps_the_accounts_of_the_own_party_only() {
    on_both(|database| async move {
        let world = World::new(database).await;
        for (caller, party) in [("sala-admin", "koping"), ("sala-admin", ""), ("kansli", "sala")] {
            let refused = world.create(caller, account("eva", party)).await.unwrap_err();
            assert_eq!(refused.code(), GrpcCode::PermissionDenied, "{caller} {party}");
        }
        let mut wrong = account("19121212", "sala");
        wrong.account_id = "1912121212-12".to_owned();
        wrong.account.as_mut().unwrap().display_name = " ".to_owned();
        let refused = world.create("sala-admin", wrong).await.unwrap_err();
        let reasons: Vec<String> =
            Problem::of(&refused).faults.into_iter().map(|fault| fault.reason).collect();
        assert_eq!(reasons, ["TELLS_WHO", "TEXT_MISSING"]);

        world.create("sala-admin", account("eva", "sala")).await.unwrap();
        let name = format!("{FEDERATION}/accounts/eva");
        let invite = |request_id: &str| InviteAccountRequest {
            name: name.clone(),
            request_id: request_id.to_owned(),
            validate_only: false,
        };
        for caller in ["koping-admin", "kansli"] {
            let request = world.by(caller, invite(caller)).await;
            let refused = world.accounts().invite_account(request).await.unwrap_err();
            assert_eq!(refused.code(), GrpcCode::NotFound, "{caller}");
        }
        let request = world.by("sala-admin", invite("own")).await;
        let invited = world.accounts().invite_account(request).await.unwrap().into_inner();
        let code = invited.invitation.unwrap().code;
        assert!(choose(&world, "eva", &code, PASSWORD).await.is_some());

        let request = world.by("koping-admin", GetAccountRequest { name }).await;
        let refused = world.accounts().get_account(request).await.unwrap_err();
        assert_eq!(refused.code(), GrpcCode::NotFound);
        let mut taken = account("eva", "koping");
        taken.request_id = "another".to_owned();
        let refused = world.create("koping-admin", taken).await.unwrap_err();
        assert_eq!(refused.code(), GrpcCode::AlreadyExists);
    })
    .await;
}

#[tokio::test]
async fn a_list_holds_the_own_partys_accounts_and_who_has_a_role_there() {
    on_both(|database| async move {
        let world = World::new(database).await;
        for (caller, id, party) in
            [("sala-admin", "eva", "sala"), ("koping-admin", "per", "koping")]
        {
            world.create(caller, account(id, party)).await.unwrap();
        }
        world.create("koping-admin", account("ulla", "koping")).await.unwrap();
        world.grant("sala-admin", role("r1", "per", Code::Coach, (10, 0))).await.unwrap();
        let list = async |caller: &str| {
            let message = ListAccountsRequest {
                parent: FEDERATION.to_owned(),
                ..ListAccountsRequest::default()
            };
            let request = world.by(caller, message).await;
            let listed = world.accounts().list_accounts(request).await.unwrap().into_inner();
            let id = |account: &proto::gateway::Account| {
                (account.name.rsplit('/').next().unwrap().to_owned(), account.role_grants.len())
            };
            listed.accounts.iter().map(id).collect::<Vec<_>>()
        };
        let named = |pairs: &[(&str, usize)]| {
            pairs.iter().map(|(id, roles)| ((*id).to_owned(), *roles)).collect::<Vec<_>>()
        };
        assert_eq!(list("sala-admin").await, named(&[("eva", 0), ("per", 1), ("sala-admin", 1)]));
        assert_eq!(
            list("koping-admin").await,
            named(&[("koping-admin", 1), ("per", 1), ("ulla", 0)])
        );
        assert_eq!(list("kansli").await.len(), 6);

        let request = world.by("per", GetOwnAccountRequest {}).await;
        let own = world.accounts().get_own_account(request).await.unwrap().into_inner();
        assert_eq!(own.account.unwrap().role_grants.len(), 1);
    })
    .await;
}
