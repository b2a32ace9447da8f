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

/// The paths of every RPC in the contract's packages.
fn methods() -> Vec<String> {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap().file;
    let of_packages = files.iter().filter(|file| PACKAGES.contains(&file.package()));
    let services =
        of_packages.flat_map(|file| file.service.iter().map(|service| (file.package(), service)));
    services
        .flat_map(|(package, service)| {
            let path = move |method: &str| format!("/{package}.{}/{method}", service.name());
            service.method.iter().map(move |method| path(method.name()))
        })
        .collect()
}

/// What everybody reads, the administrator writes. People are for those who work with
/// them, what a team has for those who act for it, and a party's log for its
/// administrator.
fn is_allowed(method: &str, role: Role) -> bool {
    let (service, rpc) = method.rsplit_once('/').unwrap();
    let leads = matches!(role, Role::Coordinator | Role::TeamLead);
    let works = leads || role == Role::Coach;
    let refers = works || role == Role::ReferringOfficer;
    let reads = rpc.starts_with("Get") || rpc.starts_with("List");
    match (service.rsplit_once('.').unwrap().1, rpc) {
        ("QueueService", "GetQueueStatistics") => return true,
        ("FollowUpService", "GetFollowUpRates") | ("SurveyService", "GetSurveyResults") => {
            return true;
        }
        ("ActivityCountService", "CountActivities") => return true,
        ("ParticipantService" | "EnrolmentService" | "QueueService", _) => return works,
        ("MilestoneService" | "PlacementService" | "FollowUpService" | "SurveyService", _) => {
            return works;
        }
        ("GroupActivityService", _) => return works,
        ("ReferralService", "ReceiveReferral" | "CallReferral" | "HoldIntakeTalk") => return works,
        ("ReferralService", "DecideReferral" | "RegisterReferralInError") => return works,
        ("ReferralService", "CreateReferral" | "RevokeReferral") => return refers,
        ("ReferralService", "GetReferral" | "ListReferrals") => return refers,
        ("ParticipantEventService", _) => return refers,
        ("ParticipantImportService", _) => return leads,
        ("TabulationService", "Tabulate" | "ListCellRecords" | "GetTableEvidence") => {
            return works;
        }
        ("TabulationService", "ReleaseTables") => return role == Role::FederationAdministrator,
        ("DataSetService", "CreateDataAgreement") => return role == Role::FederationAdministrator,
        ("DataSetService", "ListDataAgreements") => {
            return matches!(role, Role::FederationAdministrator | Role::Evaluator);
        }
        ("DataSetService", "GetDataSet") => return role == Role::Evaluator,
        ("DisposalService", _) => return role == Role::PartyAdministrator,
        ("ReadLogService", "ListReads") => return role == Role::PartyAdministrator,
        ("PositionService" | "IntakePauseService" | "ReservedPlacesService", _) if !reads => {
            return leads;
        }
        _ => {}
    }
    let writes = rpc.starts_with("Create") || rpc == "ImportOrganisation";
    assert!(reads != writes, "{rpc} is new here: say who may call it");
    reads || role == Role::FederationAdministrator
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
    assert_eq!(methods.len(), 109);
    assert_eq!(participant::PERMISSIONS.len(), methods.len(), "a line without an RPC");
    for method in &methods {
        for role in Role::ALL {
            let denied = is_denied(&world, method, *role).await;
            assert_eq!(denied, !is_allowed(method, *role), "{method} {role:?}");
        }
    }
}
