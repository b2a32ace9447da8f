//! The model's calls, made of the service.

mod money;
mod requisition;

use chrono::NaiveDate;
use platform::Principal;
use proto::{
    common::Period,
    finance::{
        self as pb, financial_year_service_client::FinancialYearServiceClient,
        recovery_service_client::RecoveryServiceClient,
        staffing_financing_service_client::StaffingFinancingServiceClient,
    },
};

use super::{
    calendar::{Days, YEAR, day},
    call::{Answer, Call},
    reference::{Asks, Costs, grant, recovery, staffing, year},
};
use crate::world::{HOME, World, grant as a_grant, line};

/// Sends a message and answers with the response as it was sent.
macro_rules! send {
    ($world:ident, $caller:ident, $client:expr, $method:ident($message:expr)) => {{
        use prost::Message as _;
        let request = $world.by($caller, $message);
        $client.$method(request).await.map(|answer| answer.into_inner().encode_to_vec())
    }};
}
use send;

const KINDS: [pb::CostKind; 6] = [
    pb::CostKind::Staff,
    pb::CostKind::Premises,
    pb::CostKind::Activities,
    pb::CostKind::Training,
    pb::CostKind::Overhead,
    pb::CostKind::Other,
];

pub(super) async fn carry_out(world: &World, call: &Call) -> Answer {
    let caller = &call.actor.principal();
    let request_id = call.request_id.clone();
    match call.asks.clone() {
        Asks::Grant(asks) => of_grant(world, caller, asks, request_id).await,
        Asks::Requisition(asks) => requisition::ask(world, caller, asks, request_id).await,
        Asks::Recovery(asks) => of_recovery(world, caller, asks, request_id).await,
        Asks::Money(asks) => money::ask(world, caller, asks, request_id).await,
        Asks::Staffing(asks) => of_staffing(world, caller, asks, request_id).await,
        Asks::Year(asks) => of_year(world, caller, asks, request_id).await,
    }
}

fn date(day: NaiveDate) -> Option<proto::Date> {
    Some(platform::convert::date_to_proto(day))
}

fn period((first, last): Days) -> Option<Period> {
    Some(Period { first_day: date(first), last_day: date(last) })
}

fn lines(costs: &Costs) -> Vec<pb::CostLine> {
    costs.iter().map(|(kind, ore)| line(KINDS[*kind], *ore)).collect()
}

fn decision(decided: NaiveDate) -> Option<pb::Decision> {
    let (dnr, deciding_body) = ("2025/9".to_owned(), "Styrelsen".to_owned());
    Some(pb::Decision { dnr, decision_date: date(decided), deciding_body })
}

async fn of_grant(
    world: &World,
    caller: &Principal,
    asks: grant::Asks,
    request_id: String,
) -> Answer {
    match asks {
        grant::Asks::Create { id, parent, days, ore, decided } => {
            let parent_grant = parent.map(|parent| format!("{HOME}/grants/{parent}"));
            let content = pb::Grant {
                period: period(days),
                decision_date: date(decided),
                parent_grant: parent_grant.unwrap_or_default(),
                ..a_grant("sala", ore)
            };
            let message = pb::CreateGrantRequest {
                parent: HOME.to_owned(),
                grant_id: id,
                grant: Some(content),
                request_id,
                validate_only: false,
            };
            send!(world, caller, world.grants(), create_grant(message))
        }
        grant::Asks::Amend { id, etag, days, ore, decided } => {
            let message = pb::AmendGrantRequest {
                name: format!("{HOME}/grants/{id}"),
                etag,
                period: period(days),
                amount_ore: ore,
                dnr: "2025/10".to_owned(),
                decision_date: date(decided),
                deciding_body: "Styrelsen".to_owned(),
                reason: "because".to_owned(),
                request_id,
                validate_only: false,
            };
            send!(world, caller, world.grants(), amend_grant(message))
        }
    }
}

async fn of_recovery(
    world: &World,
    caller: &Principal,
    asks: recovery::Asks,
    request_id: String,
) -> Answer {
    let mut client = RecoveryServiceClient::new(world.transport.clone());
    let (validate_only, comment) = (false, "because".to_owned());
    let (id, step, etag, settled) = match asks {
        recovery::Asks::Create { id, requisition, costs } => {
            let content = pb::Recovery {
                requisition: format!("{HOME}/requisitions/{requisition}"),
                cost_lines: lines(&costs),
                reason: "because".to_owned(),
                dnr: "2025/11".to_owned(),
                ..Default::default()
            };
            let message = pb::CreateRecoveryRequest {
                parent: HOME.to_owned(),
                recovery_id: id,
                recovery: Some(content),
                request_id,
                validate_only,
            };
            return send!(world, caller, client, create_recovery(message));
        }
        recovery::Asks::Step { id, step, etag, settled } => (id, step, etag, settled),
    };
    let name = format!("{HOME}/recoveries/{id}");
    match step {
        "decide" => {
            let message =
                pb::DecideRecoveryRequest { name, etag, comment, request_id, validate_only };
            send!(world, caller, client, decide_recovery(message))
        }
        "cancel" => {
            let message =
                pb::CancelRecoveryRequest { name, etag, comment, request_id, validate_only };
            send!(world, caller, client, cancel_recovery(message))
        }
        _ => {
            let (settlement_date, bank_reference) = (date(settled), "B 7".to_owned());
            let message = pb::SettleRecoveryRequest {
                name,
                etag,
                comment,
                request_id,
                validate_only,
                settlement_date,
                bank_reference,
            };
            send!(world, caller, client, settle_recovery(message))
        }
    }
}

async fn of_staffing(
    world: &World,
    caller: &Principal,
    asks: staffing::Asks,
    request_id: String,
) -> Answer {
    let mut client = StaffingFinancingServiceClient::new(world.transport.clone());
    match asks {
        staffing::Asks::Create { id, row } => {
            let content = pb::StaffingFinancing {
                municipality: format!("{HOME}/municipalities/{}", row.municipality),
                title: "Coacher".to_owned(),
                first_day: date(row.first),
                last_day: row.last.and_then(date),
                paid_by_municipality_fte_percent: 50,
                ..Default::default()
            };
            let message = pb::CreateStaffingFinancingRequest {
                parent: HOME.to_owned(),
                staffing_financing_id: id,
                staffing_financing: Some(content),
                request_id,
                validate_only: false,
            };
            send!(world, caller, client, create_staffing_financing(message))
        }
        staffing::Asks::End { id, etag, last } => {
            let message = pb::EndStaffingFinancingRequest {
                name: format!("{HOME}/staffingFinancings/{id}"),
                etag,
                last_day: date(last),
                request_id,
                validate_only: false,
            };
            send!(world, caller, client, end_staffing_financing(message))
        }
    }
}

async fn of_year(
    world: &World,
    caller: &Principal,
    asks: year::Asks,
    request_id: String,
) -> Answer {
    let mut client = FinancialYearServiceClient::new(world.transport.clone());
    let name = |year: i32| format!("{HOME}/financialYears/{year}");
    let validate_only = false;
    match asks {
        year::Asks::Open { year, equity } => {
            let content = pb::FinancialYear {
                year,
                opening_equity_ore: equity,
                opening_decision: decision(day(YEAR, 1, 20)),
                ..Default::default()
            };
            let message = pb::OpenFinancialYearRequest {
                parent: HOME.to_owned(),
                financial_year: Some(content),
                request_id,
                validate_only,
            };
            send!(world, caller, client, open_financial_year(message))
        }
        year::Asks::SetPolicy { year, etag, limits } => {
            let limit = |above_percent| pb::EquityLimit {
                above_percent,
                state_reduction_percent: 10,
                consequence: String::new(),
            };
            let message = pb::SetEquityPolicyRequest {
                name: name(year),
                etag,
                equity_limits: limits.into_iter().map(limit).collect(),
                request_id,
                validate_only,
            };
            send!(world, caller, client, set_equity_policy(message))
        }
        year::Asks::Close { year, etag } => {
            let message = pb::CloseFinancialYearRequest {
                name: name(year),
                etag,
                decision: decision(day(YEAR + 1, 2, 1)),
                request_id,
                validate_only,
            };
            send!(world, caller, client, close_financial_year(message))
        }
    }
}
