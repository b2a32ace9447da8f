//! Every RPC of the package × every role, asked for real, against the
//! expectation written down here.

use platform::{
    principal,
    testing::{SqliteHome, caller},
};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use tonic::codegen::{Service as _, http};
use values::{Role, Scope};

use crate::world::World;

const PACKAGE: &str = "samordna.reporting.v1";

/// The paths of every RPC in the contract's package.
fn methods() -> Vec<String> {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap().file;
    let of_package = files.iter().filter(|file| file.package() == PACKAGE);
    let services = of_package.flat_map(|file| &file.service);
    let path = |service: &str, method: &str| format!("/{PACKAGE}.{service}/{method}");
    services
        .flat_map(|service| {
            service.method.iter().map(move |method| path(service.name(), method.name()))
        })
        .collect()
}

/// Who may call what, as it is meant: `a` administrator, `e` economist, `p`
/// programme lead, `u` auditor, `s` steering group member, `t` team lead, `o`
/// coordinator, `c` coach, `*` everybody.
fn expectation(method: &str) -> &'static str {
    let (_, rpc) = method.rsplit_once('/').unwrap();
    match rpc {
        "PublishReport" | "DraftRestatement" | "PublishRestatement" => "a",
        "GetRelease" | "ListReleases" | "DownloadRelease" | "VerifyRelease" => "*",
        "CreateReportingPeriod" | "ImportReporting" | "CreateReportTemplate" => "a",
        "GetReportingPeriod"
        | "ListReportingPeriods"
        | "GetFigureDefinitions"
        | "GetReportTemplate"
        | "ListReportTemplates" => "*",
        "SubmitReportedFigures"
        | "CreateReport"
        | "UpdateReport"
        | "SubmitReport"
        | "ExplainFinding"
        | "FetchFigures"
        | "WithdrawExplanation" => "at",
        "ReturnReport" | "AcceptReport" => "ap",
        "GetReport" | "ListReports" | "ListDueReports" | "GetChapter" | "GetAttachment"
        | "ListComments" => "aepustoc",
        "CheckText" | "UpdateChapter" | "AttachFile" | "DetachFile" => "aeptoc",
        "CreateComment" | "ResolveComment" => "aepstoc",
        "GetReleaseEvidence" => "au",
        "GetReportedFigures" => "aeput",
        "GetHalfYearReport" | "GetUnitCosts" => "aepust",
        "GetProgrammePlan" | "ListProgrammePlans" | "CompareActivities" => "aepust",
        "GetLocalGoal" | "ListLocalGoals" => "aepust",
        "GetSteeringGroup" | "ListSteeringGroups" | "ListSteeringGroupMeetings" => "aepust",
        "ListReminders" => "aepust",
        "CreateProgrammePlanVersion" | "RecordHeldActivities" => "ap",
        "CreateSteeringGroup" | "UpdateSteeringGroup" => "ap",
        "CreateSteeringGroupMeeting" | "UpdateSteeringGroupMeeting" => "ap",
        "SendReminder" => "ap",
        "ScheduleReports" => "a",
        "CreateLocalGoal" | "UpdateLocalGoal" => "at",
        "GetNationalFollowUp" | "ExportNationalFollowUp" => "aepu",
        _ => panic!("{rpc} is new here: say who may call it"),
    }
}

fn is_allowed(method: &str, role: Role) -> bool {
    let letter = match role {
        Role::FederationAdministrator => 'a',
        Role::FederationEconomist => 'e',
        Role::ProgrammeLead => 'p',
        Role::Auditor => 'u',
        Role::SteeringGroupMember => 's',
        Role::TeamLead => 't',
        Role::Coordinator => 'o',
        Role::Coach => 'c',
        Role::PartyAdministrator
        | Role::PartyEconomist
        | Role::ReferringOfficer
        | Role::Evaluator => '*',
    };
    let expectation = expectation(method);
    expectation == "*" || expectation.contains(letter)
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
    let world = World::new(home.open().await).await;
    let methods = methods();
    assert_eq!(methods.len(), 61);
    assert_eq!(reporting::PERMISSIONS.len(), methods.len(), "a line without an RPC");
    for method in &methods {
        for role in Role::ALL {
            let denied = is_denied(&world, method, *role).await;
            assert_eq!(denied, !is_allowed(method, *role), "{method} {role:?}");
        }
    }
}
