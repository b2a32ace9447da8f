//! A mounted service on an empty database, an organisation that answers it, and
//! callers with roles.

pub(crate) mod organisation;
pub(crate) mod year;

use std::sync::atomic::{AtomicU64, Ordering};

use finance::{Config, Deps, Migrator};
use platform::{
    Clock, Database, Principal, Transport,
    failure::Problem,
    testing::{TestKeys, caller},
};
use proto::{
    common::Period,
    finance as pb,
    finance::{
        account_plan_service_client::AccountPlanServiceClient,
        attachment_service_client::AttachmentServiceClient,
        event_service_client::EventServiceClient, export_service_client::ExportServiceClient,
        finance_import_service_client::FinanceImportServiceClient,
        funding_table_service_client::FundingTableServiceClient,
        grant_service_client::GrantServiceClient, recipient_service_client::RecipientServiceClient,
        recovery_service_client::RecoveryServiceClient,
        requisition_service_client::RequisitionServiceClient,
        staffing_financing_service_client::StaffingFinancingServiceClient,
    },
};
use tonic::{Code, Request, Response, Status};
use values::{Role, Scope};

pub(crate) const HOME: &str = "federations/vastmanland";

/// The service, its database and its clients.
pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) keys: TestKeys,
    pub(crate) transport: Transport,
    requests: AtomicU64,
}

impl World {
    pub(crate) async fn new(database: Database) -> Self {
        database.migrate::<Migrator>().await.unwrap();
        Self::at(database, "2025-07-01T10:00:00Z", AtomicU64::new(0))
    }

    /// The same federation at another time.
    pub(crate) fn later(self, now: &str) -> Self {
        Self::at(self.database, now, self.requests)
    }

    fn at(database: Database, now: &str, requests: AtomicU64) -> Self {
        let clock = Clock::fixed(now.parse().unwrap());
        let keys = TestKeys::new(&clock);
        let deps = Deps {
            clock,
            database: database.clone(),
            verifier: keys.verifier.clone(),
            organisation: organisation::transport(keys.verifier.clone()),
        };
        let config = Config { heartbeat_ms: 20, ..Config::default() };
        let mounted = finance::mount(&config, deps);
        Self { database, keys, transport: Transport::local(mounted.routes), requests }
    }

    /// A request id that no other request has.
    pub(crate) fn id(&self) -> String {
        format!("request-{}", self.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// A request by a caller.
    pub(crate) fn by<M>(&self, caller: &Principal, message: M) -> Request<M> {
        self.keys.request(caller, message)
    }

    /// A request by the federation's administrator.
    pub(crate) fn office<M>(&self, message: M) -> Request<M> {
        self.by(&administrator(), message)
    }

    pub(crate) fn recipients(&self) -> RecipientServiceClient<Transport> {
        RecipientServiceClient::new(self.transport.clone())
    }

    pub(crate) fn grants(&self) -> GrantServiceClient<Transport> {
        GrantServiceClient::new(self.transport.clone())
    }

    pub(crate) fn attachments(&self) -> AttachmentServiceClient<Transport> {
        AttachmentServiceClient::new(self.transport.clone())
    }

    pub(crate) fn recoveries(&self) -> RecoveryServiceClient<Transport> {
        RecoveryServiceClient::new(self.transport.clone())
    }

    pub(crate) fn requisitions(&self) -> RequisitionServiceClient<Transport> {
        RequisitionServiceClient::new(self.transport.clone())
    }

    pub(crate) fn funding_tables(&self) -> FundingTableServiceClient<Transport> {
        FundingTableServiceClient::new(self.transport.clone())
    }

    pub(crate) fn staffing_financings(&self) -> StaffingFinancingServiceClient<Transport> {
        StaffingFinancingServiceClient::new(self.transport.clone())
    }

    pub(crate) fn account_plans(&self) -> AccountPlanServiceClient<Transport> {
        AccountPlanServiceClient::new(self.transport.clone())
    }

    pub(crate) fn exports(&self) -> ExportServiceClient<Transport> {
        ExportServiceClient::new(self.transport.clone())
    }

    pub(crate) fn imports(&self) -> FinanceImportServiceClient<Transport> {
        FinanceImportServiceClient::new(self.transport.clone())
    }

    pub(crate) fn events(&self) -> EventServiceClient<Transport> {
        EventServiceClient::new(self.transport.clone())
    }

    /// A world with the recipient `sala` and its grant `sala-2025`.
    pub(crate) async fn with_grant(database: Database, amount_ore: i64) -> Self {
        let world = Self::new(database).await;
        let message = world.recipient("sala");
        let created = world.recipients().create_recipient(world.office(message)).await;
        created.unwrap();
        let message = world.grant("sala-2025", "sala", amount_ore);
        world.grants().create_grant(world.office(message)).await.unwrap();
        world
    }

    pub(crate) fn recipient(&self, id: &str) -> pb::CreateRecipientRequest {
        pb::CreateRecipientRequest {
            parent: HOME.to_owned(),
            recipient_id: id.to_owned(),
            recipient: Some(recipient(id)),
            request_id: self.id(),
            validate_only: false,
        }
    }

    pub(crate) fn grant(&self, id: &str, to: &str, amount_ore: i64) -> pb::CreateGrantRequest {
        pb::CreateGrantRequest {
            parent: HOME.to_owned(),
            grant_id: id.to_owned(),
            grant: Some(grant(to, amount_ore)),
            request_id: self.id(),
            validate_only: false,
        }
    }

    pub(crate) fn claim(&self, id: &str, party: &str, ore: i64) -> pb::CreateRequisitionRequest {
        pb::CreateRequisitionRequest {
            parent: HOME.to_owned(),
            requisition_id: id.to_owned(),
            requisition: Some(requisition(party, ore)),
            request_id: self.id(),
            validate_only: false,
        }
    }

    /// Drafts a requisition on `sala-2025`.
    pub(crate) async fn draft(&self, id: &str, party: &str, ore: i64) -> pb::Requisition {
        let request = self.by(&economist_of(party), self.claim(id, party, ore));
        let answer = self.requisitions().create_requisition(request).await;
        answer.unwrap().into_inner().requisition.unwrap()
    }

    /// Drafts and submits a requisition on `sala-2025`.
    pub(crate) async fn submitted(&self, id: &str, party: &str, ore: i64) -> pb::Requisition {
        let drafted = self.draft(id, party, ore).await;
        self.take("submit", &drafted, &economist_of(party)).await.unwrap()
    }

    /// Drafts, submits and approves a requisition on `sala-2025`.
    pub(crate) async fn approved(&self, id: &str, party: &str, ore: i64) -> pb::Requisition {
        let submitted = self.submitted(id, party, ore).await;
        let reviewed = self.take("review", &submitted, &economist("bo")).await.unwrap();
        self.take("approve", &reviewed, &administrator()).await.unwrap()
    }

    /// Takes a step with the version last seen, and a comment.
    pub(crate) async fn take(
        &self,
        step: &str,
        seen: &pb::Requisition,
        caller: &Principal,
    ) -> Result<pb::Requisition, Status> {
        let asked = Asked {
            name: seen.name.clone(),
            etag: seen.etag.clone(),
            comment: "because".to_owned(),
            request_id: self.id(),
        };
        self.ask(step, asked, caller).await
    }

    /// Takes a step.
    pub(crate) async fn ask(
        &self,
        step: &str,
        asked: Asked,
        caller: &Principal,
    ) -> Result<pb::Requisition, Status> {
        let mut client = self.requisitions();
        macro_rules! call {
            ($method:ident($request:ident)) => {{
                let Asked { name, etag, comment, request_id } = asked;
                let message =
                    pb::$request { name, etag, comment, request_id, validate_only: false };
                let answer = client.$method(self.by(caller, message)).await?;
                Ok(answer.into_inner().requisition.unwrap())
            }};
        }
        match step {
            "submit" => call!(submit_requisition(SubmitRequisitionRequest)),
            "return" => call!(return_requisition(ReturnRequisitionRequest)),
            "review" => call!(review_requisition(ReviewRequisitionRequest)),
            "approve" => call!(approve_requisition(ApproveRequisitionRequest)),
            "reject" => call!(reject_requisition(RejectRequisitionRequest)),
            "withdraw" => call!(withdraw_requisition(WithdrawRequisitionRequest)),
            "pay" => {
                let Asked { name, etag, comment, request_id } = asked;
                let message = pb::PayRequisitionRequest {
                    name,
                    etag,
                    comment,
                    request_id,
                    validate_only: false,
                    payment_date: Some(day("2025-07-01")),
                    bank_reference: "BGC 2025-07-01 1".to_owned(),
                };
                let answer = client.pay_requisition(self.by(caller, message)).await?;
                Ok(answer.into_inner().requisition.unwrap())
            }
            other => panic!("{other} is no step"),
        }
    }

    /// The grant `sala-2025` as it stands.
    pub(crate) async fn balances(&self) -> (i64, i64, i64) {
        let message = pb::GetGrantRequest { name: format!("{HOME}/grants/sala-2025") };
        let answer = self.grants().get_grant(self.office(message)).await.unwrap();
        let grant = answer.into_inner().grant.unwrap();
        (grant.left_ore, grant.reserved_ore, grant.requisitioned_ore)
    }

    /// How far the federation's journal has come.
    pub(crate) async fn sequence(&self) -> i64 {
        let federation = administrator().federation;
        let head = platform::journal::head(&self.database.read, &federation).await;
        head.unwrap().sequence
    }

    /// What the check of the whole database finds.
    pub(crate) async fn problems(&self) -> Vec<String> {
        finance::verify(&self.database).await.unwrap()
    }
}

/// What a step is asked with.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) etag: String,
    pub(crate) comment: String,
    pub(crate) request_id: String,
}

pub(crate) fn administrator() -> Principal {
    let roles = [(Role::FederationAdministrator, Scope::Federation)];
    caller("vastmanland", "kansli", &roles)
}

/// An economist of the federation.
pub(crate) fn economist(account: &str) -> Principal {
    let roles = [(Role::FederationEconomist, Scope::Federation)];
    caller("vastmanland", account, &roles)
}

/// The economist of a party.
pub(crate) fn economist_of(party: &str) -> Principal {
    let scope = Scope::parse("scope", &format!("party/{party}")).unwrap();
    caller("vastmanland", &format!("ekonom-{party}"), &[(Role::PartyEconomist, scope)])
}

pub(crate) fn recipient(team: &str) -> pb::Recipient {
    pb::Recipient {
        name: String::new(),
        display_name: format!("Samordningsteam {team}"),
        kind: pb::RecipientKind::Team.into(),
        team: format!("{HOME}/teams/{team}"),
    }
}

pub(crate) fn grant(recipient: &str, amount_ore: i64) -> pb::Grant {
    pb::Grant {
        recipient: format!("{HOME}/recipients/{recipient}"),
        period: Some(days("2025-01-01", "2025-12-31")),
        amount_ore,
        dnr: "2024/17".to_owned(),
        decision_date: Some(day("2024-11-28")),
        deciding_body: "Styrelsen".to_owned(),
        ..Default::default()
    }
}

/// A requisition on `sala-2025` for the first half of the year.
pub(crate) fn requisition(party: &str, amount_ore: i64) -> pb::Requisition {
    pb::Requisition {
        grant: format!("{HOME}/grants/sala-2025"),
        party: format!("{HOME}/parties/{party}"),
        period: Some(days("2025-01-01", "2025-06-30")),
        cost_lines: vec![line(pb::CostKind::Other, amount_ore)],
        payment_reference: "bg 5050-1055".to_owned(),
        ..Default::default()
    }
}

pub(crate) fn line(kind: pb::CostKind, amount_ore: i64) -> pb::CostLine {
    pb::CostLine {
        kind: kind.into(),
        description: "enligt avtal".to_owned(),
        fte_percent: if kind == pb::CostKind::Staff { 100 } else { 0 },
        amount_ore,
    }
}

pub(crate) fn day(text: &str) -> proto::Date {
    platform::convert::date_to_proto(text.parse().unwrap())
}

pub(crate) fn days(first: &str, last: &str) -> Period {
    Period { first_day: Some(day(first)), last_day: Some(day(last)) }
}

/// The code and the reason of what must have failed.
pub(crate) fn problem<T>(answer: Result<T, Status>) -> (Code, String) {
    let problem = Problem::of(&answer.err().unwrap());
    (problem.code, problem.reason)
}

/// A fact of what must have failed.
pub(crate) fn fact<T>(answer: &Result<T, Status>, key: &str) -> String {
    Problem::of(answer.as_ref().err().unwrap()).fact(key)
}

/// A fact of one fault of what must have failed.
pub(crate) fn fault_fact<T>(answer: &Result<T, Status>, number: usize, key: &str) -> String {
    let problem = Problem::of(answer.as_ref().err().unwrap());
    let found = problem.faults[number].facts.iter().find(|(name, _)| name == key);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Field and reason of every fault of what must have failed.
pub(crate) fn faults<T>(answer: Result<Response<T>, Status>) -> Vec<(String, String)> {
    let problem = Problem::of(&answer.err().unwrap());
    assert_eq!(problem.code, Code::InvalidArgument);
    let faults = problem.faults.into_iter();
    faults.map(|fault| (fault.field, fault.reason)).collect()
}

/// The same, as it is written in a test.
pub(crate) fn expected(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(field, reason): &(&str, &str)| ((*field).to_owned(), (*reason).to_owned());
    faults.iter().map(owned).collect()
}
