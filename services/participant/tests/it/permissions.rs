//! Every RPC of the packages × every role, asked for real, against the
//! expectation written down here.

use platform::{
    Database, principal,
    testing::{SqliteHome, caller},
};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use tonic::codegen::{Service as _, http};
use values::{Role, Scope};

use crate::world::World;

const PACKAGES: [&str; 2] = ["samordna.organisation.v1", "samordna.participant.v1"];

/// The paths of every RPC of the services that are mounted.
/// The nouns of people that are not served yet.
const LATER: [&str; 4] =
    ["CriteriaService", "ParticipantService", "ReadLogService", "ReferralService"];

/// The paths of every RPC in the contract's packages.
fn methods() -> Vec<String> {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap().file;
    let mut methods = Vec::new();
    for file in files.iter().filter(|file| PACKAGES.contains(&file.package())) {
        for service in &file.service {
            let service_path = format!("/{}.{}/", file.package(), service.name());
            let is_mounted = |line: &platform::Permission| line.method.starts_with(&service_path);
            if participant::PERMISSIONS.iter().any(is_mounted) {
                let paths =
                    service.method.iter().map(|rpc| format!("{service_path}{}", rpc.name()));
                methods.extend(paths);
            }
        for service in file.service.iter().filter(|s| !LATER.contains(&s.name())) {
            let path = format!("/{}.{}", file.package(), service.name());
            methods.extend(service.method.iter().map(|method| format!("{path}/{}", method.name())));
        }
    }
    methods
}

/// Who may do what, in the words of the contract.
fn is_allowed(method: &str, role: Role) -> bool {
    let writes_of_team = matches!(role, Role::Coordinator | Role::TeamLead);
    let (_, rpc) = method.rsplit_once('/').unwrap();
    match rpc {
        "GetFederation" | "GetParty" | "ListParties" | "GetArea" | "ListAreas"
        | "GetMunicipality" | "ListMunicipalities" | "GetTeam" | "ListTeams" | "GetPosition"
        | "ListPositions" | "GetCapacity" | "ListIntakePauses" | "ListReservedPlaces"
        | "GetQuestionnaire" | "ListQuestionnaires" => true,
        "CreateFederation"
        | "CreateParty"
        | "CreateArea"
        | "CreateMunicipality"
        | "CreateTeam"
        | "ImportOrganisation"
        | "CreateQuestionnaire" => role == Role::FederationAdministrator,
        "CreatePosition" | "UpdatePosition" | "CreateIntakePause" | "EndIntakePause"
        | "SetReservedPlaces" => writes_of_team,
        "CreateGroupActivity" | "UpdateGroupActivity" | "ListGroupActivities" => {
            writes_of_team || role == Role::Coach
        }
        other => panic!("{other} is new here: say who may call it"),
    }
}

fn scope(role: Role) -> Scope {
    ["federation", "party/sala", "team/sala"]
        .into_iter()
        .map(|scope| Scope::parse("scope", scope).unwrap())
        .find(|scope| role.fits(scope))
        .unwrap()
}

async fn is_denied(world: &World, method: &str, role: Role) -> bool {
    let caller = caller("vastmanland", "someone", &[(role, scope(role))]);
    let signed = world.keys.signer.sign(&caller).unwrap();
    let request = http::Request::post(method)
        .header("content-type", "application/grpc")
        .header(principal::HEADER, signed.to_str().unwrap())
        .body(tonic::body::Body::empty())
        .unwrap();
    let answer = world.transport.clone().call(request).await.unwrap();
    answer.headers().get("grpc-status").is_some_and(|status| status == "7")
}

#[tokio::test]
async fn every_rpc_answers_exactly_the_roles_that_may_call_it() {
    let home = SqliteHome::new();
    let database: Database = home.open().await;
    let world = World::new(database).await;
    let methods = methods();
    assert_eq!(methods.len(), 31);
    assert_eq!(methods.len(), 21);
    assert_eq!(participant::PERMISSIONS.len(), methods.len(), "a line without an RPC");
    for method in &methods {
        for role in Role::ALL {
            let denied = is_denied(&world, method, *role).await;
            assert_eq!(denied, !is_allowed(method, *role), "{method} {role:?}");
        }
    }
}
