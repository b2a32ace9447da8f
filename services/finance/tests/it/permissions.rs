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

const PACKAGE: &str = "samordna.finance.v1";

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
    let is_administrator = role == Role::FederationAdministrator;
    let is_office = is_administrator || role == Role::FederationEconomist;
    let is_party = role == Role::PartyEconomist;
    let (_, rpc) = method.rsplit_once('/').unwrap();
    match rpc {
        "GetRecipient" | "ListRecipients" | "GetGrant" | "ListGrants" | "GetFundingTable" => true,
        "GetContributionDecision"
        | "ListContributionDecisions"
        | "ListContributionPayments"
        | "GetContributionTable"
        | "GetFinancialYear"
        | "ListFinancialYears"
        | "GetEquityOutlook"
        | "GetBudget"
        | "ListBudgets"
        | "GetBudgetTable"
        | "GetOwnCost"
        | "ListOwnCosts"
        | "GetStaffingFinancing"
        | "ListStaffingFinancings"
        | "GetStaffingMatrix"
        | "ExportFundingTable"
        | "ExportStaffingMatrix"
        | "StreamEvents" => true,
        "CreateRecipient"
        | "CreateGrant"
        | "AmendGrant"
        | "DecideContributions"
        | "RecordContributionPayment"
        | "OpenFinancialYear"
        | "SetEquityPolicy"
        | "CloseFinancialYear"
        | "DecideBudget"
        | "RecordBudgetForecast"
        | "RecordOwnCost"
        | "CreateStaffingFinancing"
        | "EndStaffingFinancing"
        | "SetAccountPlan"
        | "CreateRecovery"
        | "DecideRecovery"
        | "CancelRecovery"
        | "SettleRecovery" => is_office,
        "GetRequisition" | "ListRequisitions" | "GetAttachment" | "GetRecovery"
        | "ListRecoveries" | "ExportRequisitions" => is_office || is_party || role == Role::Auditor,
        "ListBalances" | "ListPostings" | "GetAccountPlan" | "ExportSie" | "ExportPayments" => {
            is_office || role == Role::Auditor
        }
        "CreateRequisition"
        | "UpdateRequisition"
        | "SubmitRequisition"
        | "WithdrawRequisition"
        | "AttachFile"
        | "DetachFile" => is_party,
        "ReturnRequisition" | "ReviewRequisition" | "ApproveRequisition" | "RejectRequisition"
        | "PayRequisition" => is_office,
        "ImportFinance" | "StreamFinanceImport" => is_administrator,
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
    let status = answer.headers().get("grpc-status");
    status.is_some_and(|status| status == "7")
}

#[tokio::test]
async fn every_rpc_answers_exactly_the_roles_that_may_call_it() {
    let home = SqliteHome::new();
    let world = World::new(home.open().await).await;
    let methods = methods();
    assert_eq!(methods.len(), 65);
    assert_eq!(finance::PERMISSIONS.len(), methods.len(), "a line without an RPC");
    for method in &methods {
        for role in Role::ALL {
            let denied = is_denied(&world, method, *role).await;
            assert_eq!(denied, !is_allowed(method, *role), "{method} {role:?}");
        }
    }
}
