//! Holds what is read against the model.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use proto::finance::{
    self as pb, ledger_service_client::LedgerServiceClient,
    recovery_service_client::RecoveryServiceClient,
};

use super::{
    actor::PARTIES,
    calendar::YEAR,
    reference::{Reference, balances::OnGrant, total},
};
use crate::world::{HOME, World};

/// After a round: everything there is, and the years that it is about.
pub(super) async fn compare(world: &World, model: &Reference) {
    compare_grants(world, model).await;
    compare_requisitions(world, model).await;
    compare_recoveries(world, model).await;
    for year in [YEAR, YEAR + 1] {
        compare_balances(world, model, year).await;
    }
}

/// At the end: also each grant read alone, and the years around.
pub(super) async fn compare_all(world: &World, model: &Reference) {
    compare(world, model).await;
    for id in model.grants.keys() {
        let name = format!("{HOME}/grants/{id}");
        let request = world.office(pb::GetGrantRequest { name });
        let read = world.grants().get_grant(request).await.unwrap().into_inner().grant;
        compare_grant(&read.unwrap(), model);
    }
    for year in [YEAR - 1, YEAR + 2] {
        compare_balances(world, model, year).await;
    }
}

fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap()
}

async fn compare_grants(world: &World, model: &Reference) {
    let message =
        pb::ListGrantsRequest { parent: HOME.to_owned(), page_size: 1000, ..Default::default() };
    let listed = world.grants().list_grants(world.office(message)).await.unwrap().into_inner();
    let listed_ids: Vec<&str> = listed.grants.iter().map(|read| id(&read.name)).collect();
    let expected: Vec<&str> = model.grants.keys().map(String::as_str).collect();
    assert_eq!(listed_ids, expected);
    listed.grants.iter().for_each(|read| compare_grant(read, model));
}

fn compare_grant(read: &pb::Grant, model: &Reference) {
    let id = id(&read.name);
    let stands = OnGrant {
        granted: read.amount_ore,
        left: read.left_ore,
        reserved: read.reserved_ore,
        requisitioned: read.requisitioned_ore,
        allotted: read.allotted_ore,
        lapsed: read.lapsed_ore,
    };
    assert_eq!(stands, model.on_grant(id), "{id}");
    let OnGrant { granted: _, left, reserved, requisitioned, allotted, lapsed } = stands;
    let parts = [left, reserved, requisitioned, allotted, lapsed];
    assert!(parts.into_iter().all(|part| part >= 0), "{id}: {stands:?}");
    assert_eq!(read.decisions.len(), model.grants[id].decisions, "{id}");
}

async fn compare_requisitions(world: &World, model: &Reference) {
    let mut page_token = String::new();
    let mut count = 0;
    loop {
        let parent = HOME.to_owned();
        let message = pb::ListRequisitionsRequest {
            parent,
            page_size: 1000,
            page_token,
            ..Default::default()
        };
        let listed = world.requisitions().list_requisitions(world.office(message)).await.unwrap();
        let listed = listed.into_inner();
        count += listed.requisitions.len();
        listed.requisitions.iter().for_each(|read| compare_requisition(read, model));
        page_token = listed.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(count, model.requisitions.len());
}

fn compare_requisition(read: &pb::Requisition, model: &Reference) {
    let kept = &model.requisitions[id(&read.name)];
    let steps: Vec<_> =
        read.steps.iter().map(|step| (step.state().as_str_name(), id(&step.actor))).collect();
    let state = |state: &str| format!("REQUISITION_STATE_{}", state.to_uppercase());
    let expected: Vec<_> = kept.steps.iter().map(|(code, by)| (state(code), *by)).collect();
    let expected: Vec<_> = expected.iter().map(|(code, by)| (code.as_str(), *by)).collect();
    assert_eq!(steps, expected, "{}", read.name);
    assert_eq!(read.amount_ore, total(&kept.costs), "{}", read.name);
    assert_eq!(read.etag, kept.writes.to_string(), "{}", read.name);
    let paid = read.payment_date.map(|day| (day.year, day.month, day.day));
    let expected = kept.paid.map(|day| {
        let number = |number: u32| i32::try_from(number).unwrap();
        (day.year(), number(day.month()), number(day.day()))
    });
    assert_eq!(paid, expected, "{}", read.name);
    assert_eq!(read.earlier_requisitioned_ore, kept.earlier, "{}", read.name);
    let files: Vec<&str> = read.attachments.iter().map(|file| id(&file.name)).collect();
    assert_eq!(files, kept.files, "{}", read.name);
}

async fn compare_recoveries(world: &World, model: &Reference) {
    let message = pb::ListRecoveriesRequest {
        parent: HOME.to_owned(),
        page_size: 1000,
        ..Default::default()
    };
    let mut client = RecoveryServiceClient::new(world.transport.clone());
    let listed = client.list_recoveries(world.office(message)).await.unwrap().into_inner();
    assert_eq!(listed.recoveries.len(), model.recoveries.len().min(1000));
    for read in &listed.recoveries {
        let kept = &model.recoveries[id(&read.name)];
        let state = format!("RECOVERY_STATE_{}", kept.state().to_uppercase());
        let stands = (read.state().as_str_name(), read.amount_ore, read.steps.len());
        assert_eq!(stands, (state.as_str(), total(&kept.costs), kept.steps.len()), "{}", read.name);
    }
}

/// Account, grant and party, with what it stands at.
type Read = BTreeMap<(String, String, String), i64>;

async fn compare_balances(world: &World, model: &Reference, year: i32) {
    let counted = model.balances(year);
    let is_of_grant = |account: &str| {
        ["board", "left", "reserved", "requisitioned", "allotted", "lapsed"].contains(&account)
    };
    let counted: Read = counted
        .into_iter()
        .map(|((account, grant, party), ore)| {
            let (grant, party) = (grant.unwrap_or_default(), party.unwrap_or_default());
            ((account.to_owned(), grant, party.to_owned()), ore)
        })
        .collect();
    let (by_grant, sum) = balances(world, year, true).await;
    assert_eq!(sum, 0, "{year}");
    let (by_party, _) = balances(world, year, false).await;
    let mut read: Read = by_grant;
    read.retain(|(account, _, _), _| is_of_grant(account));
    read.extend(by_party.into_iter().filter(|((account, _, _), _)| !is_of_grant(account)));
    assert_eq!(read, counted, "{year}, of {PARTIES:?}");
}

/// A year's balances, by grant or by party, and their sum.
async fn balances(world: &World, year: i32, by_grant: bool) -> (Read, i64) {
    let message = pb::ListBalancesRequest {
        parent: HOME.to_owned(),
        year,
        by_grant,
        by_party: !by_grant,
        ..Default::default()
    };
    let mut client = LedgerServiceClient::new(world.transport.clone());
    let listed = client.list_balances(world.office(message)).await.unwrap().into_inner();
    let line = |line: &pb::AccountBalance| {
        let account = line.account().as_str_name().trim_start_matches("LEDGER_ACCOUNT_");
        let names = (id(&line.grant).to_owned(), id(&line.party).to_owned());
        ((account.to_lowercase(), names.0, names.1), line.balance_ore)
    };
    let sum = listed.balances.iter().map(|line| line.balance_ore).sum();
    (listed.balances.iter().map(line).collect(), sum)
}
