//! Every RPC of the package × every role, asked for real, against the expectation
//! written down here.

use axum::body::Body;
use http::Request;
use platform::testing::SqliteHome;
use prost::Message as _;
use prost_types::FileDescriptorSet;
use values::{Role, Scope};

use crate::world::World;

const PACKAGE: &str = "samordna.gateway.v1";

/// The paths of every RPC in the contract's package.
fn methods() -> Vec<String> {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap().file;
    let of_package = files.iter().filter(|file| file.package() == PACKAGE);
    let mut methods = Vec::new();
    for service in of_package.flat_map(|file| &file.service) {
        let path = |rpc: &str| format!("/{PACKAGE}.{}/{rpc}", service.name());
        methods.extend(service.method.iter().map(|method| path(method.name())));
    }
    methods
}

/// Who may do what, in the words of the contract.
fn is_allowed(method: &str, role: Role) -> bool {
    let (_, rpc) = method.rsplit_once('/').unwrap();
    match rpc {
        "GetOwnAccount" => true,
        "CreateAccount" | "InviteAccount" | "GetAccount" | "ListAccounts" | "GrantRole"
        | "RevokeRole" | "ListRoleGrants" => {
            matches!(role, Role::PartyAdministrator | Role::FederationAdministrator)
        }
        other => panic!("{other} is new here: say who may call it"),
    }
}

#[tokio::test]
async fn every_rpc_answers_exactly_the_roles_that_may_call_it() {
    let home = SqliteHome::new();
    let world = World::new(home.open().await).await;
    let methods = methods();
    assert_eq!(methods.len(), 8);
    assert_eq!(gateway::PERMISSIONS.len(), methods.len(), "a line without an RPC");
    for role in Role::ALL {
        let id = role.code().replace('_', "-");
        let scope = ["federation", "party/sala", "team/norra"]
            .into_iter()
            .find(|scope| role.fits(&Scope::parse("scope", scope).unwrap()));
        world.appoint(&id, *role, scope.unwrap()).await;
        for method in &methods {
            let request = world.by(&id, ()).await;
            let bearer = request.metadata().get("authorization").unwrap().to_str().unwrap();
            let request = Request::post(method)
                .header("content-type", "application/grpc")
                .header("authorization", bearer)
                .body(Body::empty())
                .unwrap();
            let answer = world.browse(request).await;
            let status = answer.headers().get("grpc-status");
            let denied = status.is_some_and(|status| status == "7");
            assert_eq!(denied, !is_allowed(method, *role), "{method} {role:?}");
        }
    }
}
