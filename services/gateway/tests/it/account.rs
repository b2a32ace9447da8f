//! Accounts: created by the own party's administrator, opened with a code.

use axum::body::Body;
use gateway::{
    Config,
    account::Renewed,
    domain::account::{AccountKind, NewAccount},
};
use http::{Request, StatusCode, header};
use platform::{
    Failure,
    failure::Problem,
    testing::{SqliteHome, on_both},
};
use proto::{
    common::Role as Code,
    gateway::{
        GetAccountRequest, GetOwnAccountRequest, InviteAccountRequest, ListAccountsRequest,
        RevokeRoleRequest,
    },
};
use sea_orm::{ConnectionTrait as _, Statement};
use secrecy::ExposeSecret as _;
use tonic::Code as GrpcCode;
use values::{Role, RoleGrant, Scope, name::AccountName};

use crate::world::{FEDERATION, PASSWORD as OPERATORS, World, account, role};

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
        let code = first.invitation.unwrap().code;
        // A repetition creates nothing, and is told no code: the first still holds.
        let again = world.create("sala-admin", account("eva", "sala")).await.unwrap();
        assert!(again.invitation.is_none() && again.account.is_some());
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
        let request = world.by("sala-admin", invite("own")).await;
        let repeated = world.accounts().invite_account(request).await.unwrap().into_inner();
        assert!(repeated.invitation.is_none(), "a repetition is told no code");
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
async fn nobody_gets_into_an_account_that_holds_what_others_granted() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.create("koping-admin", account("eva", "koping")).await.unwrap();
        let invite = async |caller: &str, id: &str, request_id: &str| {
            let message = InviteAccountRequest {
                name: format!("{FEDERATION}/accounts/{id}"),
                request_id: request_id.to_owned(),
                validate_only: false,
            };
            let request = world.by(caller, message).await;
            let answer = world.accounts().invite_account(request).await;
            answer.map(|answer| answer.into_inner().invitation.is_some())
        };
        let reason = |refused: tonic::Status| Problem::of(&refused).faults[0].reason.clone();
        assert!(invite("koping-admin", "eva", "one").await.unwrap());
        world.grant("sala-admin", role("r1", "eva", Code::Coach, (12, 20))).await.unwrap();
        // Neither anew nor as a repetition.
        for request_id in ["one", "two"] {
            let refused = invite("koping-admin", "eva", request_id).await.unwrap_err();
            assert_eq!(reason(refused), "ACCOUNT_HOLDS_OTHER_ROLES");
        }
        // The operator has appointed it, and it is its party's account.
        let refused = invite("sala-admin", "sala-admin", "own").await.unwrap_err();
        assert_eq!(reason(refused), "ACCOUNT_HOLDS_OTHER_ROLES");
        let refused = invite("kansli", "sala-admin", "office").await.unwrap_err();
        assert_eq!(refused.code(), GrpcCode::NotFound);
        assert!(invite("kansli", "kansli", "office").await.unwrap());

        // The operator lets her in, and her password holds until she chooses another.
        let name = AccountName::parse("", &format!("{FEDERATION}/accounts/eva")).unwrap();
        let renewed = gateway::account::renew(&world.journal(), &name, &"unused".into()).await;
        let Renewed::Code(code) = renewed.unwrap() else { panic!("a person has no secret") };
        assert!(choose(&world, "eva", code.expose_secret(), PASSWORD).await.is_some());
        assert!(world.problems().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_stranger_slows_an_account_down_and_locks_nobody_out() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let created = world.create("kansli", account("eva", "")).await.unwrap();
        let code = created.invitation.unwrap().code;
        for username in ["kansli", "eva"] {
            for _ in 0..10 {
                let (status, _) = world.sign_in(username, "a guess").await;
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            }
        }
        assert_eq!(world.sign_in("kansli", OPERATORS).await.0, StatusCode::TOO_MANY_REQUESTS);
        let world = World::at(world.database.clone(), "2025-06-10T10:00:05Z").await;
        assert_eq!(world.sign_in("kansli", OPERATORS).await.0, StatusCode::SEE_OTHER);
        // A first sign-in waits for nobody.
        assert!(choose(&world, "eva", &code, PASSWORD).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_it_lies_unused_and_is_cleared_away() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let (_, cookie) = world.sign_in("kansli", OPERATORS).await;
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let is_in = async |now: &str| {
            let world = World::at(world.database.clone(), now).await;
            let request = Request::get("/accounts/new").header(header::COOKIE, &cookie);
            let answer = world.browse(request.body(Body::empty()).unwrap()).await;
            !answer.status().is_redirection()
        };
        assert!(is_in("2025-06-10T10:59:00Z").await);
        assert!(is_in("2025-06-10T11:58:00Z").await, "it was used in between");
        assert!(!is_in("2025-06-10T12:58:00Z").await);
        let later = World::at(world.database.clone(), "2025-06-10T22:00:00Z").await;
        later.sign_in("sala-admin", OPERATORS).await;
        let statement = Statement::from_string(later.database.backend(), "SELECT 1 FROM session");
        let kept = later.database.read.query_all_raw(statement).await.unwrap();
        assert_eq!(kept.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn over_tls_a_session_is_this_hosts_alone() {
    let home = SqliteHome::new();
    let world = World::new(home.open().await).await;
    let public_url = Some("https://samordna.example.org".to_owned());
    let config = Config { public_url, ..Config::default() };
    let world = World::with(&config, world.database, "2025-06-10T10:00:00Z").await;
    let (_, cookie) = world.sign_in("kansli", OPERATORS).await;
    assert!(cookie.starts_with("__Host-samordna_session="), "{cookie}");
    assert!(cookie.contains("; Path=/; ") && cookie.ends_with("; Secure"), "{cookie}");
    let request = Request::get("/sign-in").body(Body::empty()).unwrap();
    let answer = world.browse(request).await;
    assert!(answer.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
}

#[tokio::test]
async fn the_operator_takes_away_what_nobody_else_may() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let name = |id: &str| AccountName::parse("", &format!("{FEDERATION}/accounts/{id}"));
        let (admin, kansli) = (name("sala-admin").unwrap(), name("kansli").unwrap());
        let journal = world.journal();
        let administrator = RoleGrant {
            role: Role::PartyAdministrator,
            scope: Scope::parse("", "party/sala").unwrap(),
        };
        let why = "har slutat";
        gateway::account::revoke(&journal, &admin, &administrator, why).await.unwrap();
        let refused = gateway::account::revoke(&journal, &admin, &administrator, why).await;
        assert_eq!(Problem::of(&refused.unwrap_err().into()).reason, "ROLE_GRANT_OVER");
        let later = World::at(world.database.clone(), "2025-06-10T10:00:00Z").await;
        let refused = later.create("sala-admin", account("per", "sala")).await.unwrap_err();
        assert_eq!(refused.code(), GrpcCode::PermissionDenied);

        let invited = gateway::account::renew(&journal, &kansli, &"unused".into()).await.unwrap();
        let Renewed::Code(code) = invited else { panic!("a person has no secret") };
        let (_, cookie) = later.sign_in("kansli", OPERATORS).await;
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let token = later.by("kansli", GetOwnAccountRequest {}).await;
        gateway::account::disable(&journal, &kansli).await.unwrap();
        let request = Request::get("/accounts/new").header(header::COOKIE, &cookie);
        let answer = later.browse(request.body(Body::empty()).unwrap()).await;
        assert!(answer.status().is_redirection(), "its session has ended");
        let (status, _) = later.sign_in("kansli", OPERATORS).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(choose(&later, "kansli", code.expose_secret(), PASSWORD).await.is_none());
        let refused = later.accounts().get_own_account(token).await.unwrap_err();
        assert_eq!(refused.code(), GrpcCode::Unauthenticated);
        let refused = gateway::account::disable(&journal, &kansli).await;
        assert!(matches!(refused, Err(Failure::NotFound { .. })), "{refused:?}");
        assert!(later.problems().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_account_that_was_disabled_is_enabled_with_its_roles_and_nothing_that_opened_it() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let kansli = AccountName::parse("", &format!("{FEDERATION}/accounts/kansli")).unwrap();
        let nobody = AccountName::parse("", &format!("{FEDERATION}/accounts/nobody")).unwrap();
        let journal = world.journal();
        let enable = async |name| gateway::account::enable(&journal, name, &"unused".into()).await;
        let refused = enable(&kansli).await.unwrap_err();
        assert_eq!(Problem::of(&refused.into()).reason, "ACCOUNT_NOT_DISABLED");
        assert!(matches!(enable(&nobody).await, Err(Failure::NotFound { .. })));

        let before = world.by("kansli", GetOwnAccountRequest {}).await;
        let world = World::at(world.database.clone(), "2025-06-10T10:00:20Z").await;
        let journal = world.journal();
        let enable = async |name| gateway::account::enable(&journal, name, &"unused".into()).await;
        gateway::account::disable(&journal, &kansli).await.unwrap();
        let Renewed::Code(code) = enable(&kansli).await.unwrap() else { panic!("no secret") };
        let (status, _) = world.sign_in("kansli", OPERATORS).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "the password of before");
        assert!(choose(&world, "kansli", code.expose_secret(), PASSWORD).await.is_some());
        let request = world.by("kansli", GetOwnAccountRequest {}).await;
        let own = world.accounts().get_own_account(request).await.unwrap().into_inner();
        assert_eq!(own.account.unwrap().role_grants.len(), 1, "as before");
        let refused = world.accounts().get_own_account(before).await.unwrap_err();
        assert_eq!(refused.code(), GrpcCode::Unauthenticated, "the token of before");
        assert!(world.problems().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_system_gets_another_secret_and_the_first_opens_nothing_more() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let new = NewAccount {
            federation: "f".to_owned(),
            id: "lonesystem".to_owned(),
            display_name: "Lönesystemet".to_owned(),
            kind: AccountKind::System,
            party: None,
            secret: OPERATORS.into(),
            grants: Vec::new(),
        };
        let created = gateway::account::create(&world.journal(), new).await.unwrap();
        let token = async |secret: &str| {
            let form = "grant_type=client_credentials&client_id=lonesystem&client_secret=";
            world.post("/oauth2/token", &format!("{form}{secret}")).await.status()
        };
        assert_eq!(token(OPERATORS).await, StatusCode::OK);
        let secret = "another-secret-altogether";
        let (journal, new) = (world.journal(), secret.into());
        let renewed = gateway::account::renew(&journal, &created.name, &new).await.unwrap();
        assert!(matches!(renewed, Renewed::Secret));
        assert_eq!(token(OPERATORS).await, StatusCode::UNAUTHORIZED);
        assert_eq!(token(secret).await, StatusCode::OK);
        assert!(world.problems().await.is_empty());
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
