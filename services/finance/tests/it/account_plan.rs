//! The account plan: entered whole, by whoever has read the one there is.

use platform::testing::on_both;
use proto::finance as pb;
use sea_orm::ConnectionTrait as _;
use tonic::{Code, Response, Status};

use crate::world::{HOME, World, administrator, economist_of, expected, faults, problem};

pub(crate) fn account(
    account: pb::LedgerAccount,
    cost_kind: pb::CostKind,
    number: &str,
    title: &str,
) -> pb::MappedAccount {
    pb::MappedAccount {
        account: account.into(),
        cost_kind: cost_kind.into(),
        number: number.to_owned(),
        title: title.to_owned(),
    }
}

/// A plan with an account for everything that goes to the general ledger.
pub(crate) fn whole() -> pb::AccountPlan {
    use pb::{CostKind, LedgerAccount};
    let any = CostKind::Unspecified;
    pb::AccountPlan {
        accounts: vec![
            account(LedgerAccount::Bank, any, "1930", "Bank"),
            account(LedgerAccount::Receivable, any, "1510", "Fordringar på huvudmän"),
            account(LedgerAccount::Payable, any, "2440", "Skulder till huvudmän"),
            account(LedgerAccount::Contributions, any, "3010", "Bidrag"),
            account(LedgerAccount::Initiatives, any, "4000", "Insatser, övrigt"),
            account(LedgerAccount::Initiatives, CostKind::Staff, "4010", "Insatser, löner"),
        ],
        parties: vec![pb::MappedParty {
            party: format!("{HOME}/parties/sala"),
            code: "82".to_owned(),
        }],
        recipients: vec![pb::MappedRecipient {
            recipient: format!("{HOME}/recipients/sala"),
            code: "10".to_owned(),
        }],
        grants: vec![pb::MappedGrant {
            grant: format!("{HOME}/grants/sala-2025"),
            code: "P1".to_owned(),
        }],
        party_dimension: 20,
        voucher_series: "S".to_owned(),
        ..Default::default()
    }
}

pub(crate) async fn enter(
    world: &World,
    etag: &str,
    plan: pb::AccountPlan,
) -> Result<Response<pb::SetAccountPlanResponse>, Status> {
    let message = pb::SetAccountPlanRequest {
        name: format!("{HOME}/accountPlan"),
        etag: etag.to_owned(),
        account_plan: Some(plan),
        request_id: world.id(),
        validate_only: false,
    };
    world.account_plans().set_account_plan(world.office(message)).await
}

async fn get(world: &World) -> pb::AccountPlan {
    let message = pb::GetAccountPlanRequest { name: format!("{HOME}/accountPlan") };
    let answer = world.account_plans().get_account_plan(world.office(message)).await;
    answer.unwrap().into_inner().account_plan.unwrap()
}

#[tokio::test]
async fn a_plan_is_entered_read_and_entered_anew() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let name = format!("{HOME}/accountPlan");
        let before = get(&world).await;
        assert_eq!(before, pb::AccountPlan { name: name.clone(), ..Default::default() });

        let entered = enter(&world, "", whole()).await.unwrap().into_inner().account_plan.unwrap();
        let expected = pb::AccountPlan { name, etag: "1".to_owned(), ..whole() };
        assert_eq!(entered, expected);
        assert_eq!(get(&world).await, expected);

        let stale = enter(&world, "", whole()).await;
        assert_eq!(problem(stale), (Code::Aborted, "STALE".to_owned()));
        let shorter = pb::AccountPlan { parties: vec![], party_dimension: 0, ..whole() };
        enter(&world, "1", shorter.clone()).await.unwrap();
        let read = get(&world).await;
        assert_eq!((read.parties, read.etag.as_str()), (vec![], "2"));
        assert_eq!(world.problems().await, [""; 0]);

        let sql = "UPDATE account_plan_account SET number = '9999' WHERE line = 1";
        world.database.write.execute_unprepared(sql).await.unwrap();
        let found = format!("{HOME}/accountPlan: it is not what the journal recorded last");
        assert_eq!(world.problems().await, [found]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_plan_is_told_at_once() {
    on_both(|database| async move {
        use pb::{CostKind, LedgerAccount};
        let world = World::with_grant(database, 1000).await;
        let mut plan = whole();
        plan.accounts.extend([
            account(LedgerAccount::OwnCosts, CostKind::Unspecified, "5000", "Eget"),
            account(LedgerAccount::Unspecified, CostKind::Unspecified, "50", ""),
            account(LedgerAccount::Bank, CostKind::Staff, "1931", "Bank"),
            account(LedgerAccount::Bank, CostKind::Unspecified, "1930", "Plusgiro"),
        ]);
        plan.parties[0].code = "å".to_owned();
        plan.recipients[0].recipient = format!("{HOME}/recipients/nowhere");
        plan.grants.push(plan.grants[0].clone());
        plan.party_dimension = 7;
        plan.voucher_series = "LÅNGSERIE".to_owned();
        let told = faults(enter(&world, "", plan).await);
        let at = |field: &str| format!("account_plan.{field}");
        let all = [
            (at("accounts[7].account"), "ENUM_UNSPECIFIED"),
            (at("accounts[7].number"), "ACCOUNT_NUMBER_MALFORMED"),
            (at("accounts[7].title"), "TEXT_MISSING"),
            (at("parties[0].code"), "CODE_MALFORMED"),
            (at("voucher_series"), "CODE_MALFORMED"),
            (at("accounts[6].account"), "ACCOUNT_NOT_EXPORTED"),
            (at("accounts[8].cost_kind"), "COST_KIND_NOT_ALLOWED"),
            (at("accounts[9].account"), "ACCOUNT_TWICE"),
            (at("accounts[9].title"), "ACCOUNT_TITLE_DIFFERS"),
            (at("recipients[0].recipient"), "RECIPIENT_UNKNOWN"),
            (at("grants[1].grant"), "NAME_TWICE"),
            (at("party_dimension"), "DIMENSION_NOT_FREE"),
        ];
        let all: Vec<_> = all.iter().map(|(field, reason)| (field.as_str(), *reason)).collect();
        assert_eq!(told, expected(&all));

        let mut plan = whole();
        plan.parties[0].party = format!("{HOME}/parties/nowhere");
        let told = faults(enter(&world, "", plan).await);
        assert_eq!(told, expected(&[("account_plan.parties[0].party", "PARTY_UNKNOWN")]));
        let mut plan = whole();
        plan.accounts = vec![plan.accounts[0].clone(); 201];
        let told = faults(enter(&world, "", plan).await);
        assert_eq!(told[0], ("account_plan.accounts".to_owned(), "ROWS_TOO_MANY".to_owned()));
        assert_eq!(get(&world).await.etag, "");
    })
    .await;
}

#[tokio::test]
async fn a_plan_belongs_to_its_federation_and_is_no_partys_business() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let ask = async |name: &str, caller| {
            let message = pb::GetAccountPlanRequest { name: name.to_owned() };
            world.account_plans().get_account_plan(world.by(&caller, message)).await
        };
        let elsewhere = ask("federations/elsewhere/accountPlan", administrator()).await;
        assert_eq!(problem(elsewhere).0, Code::NotFound);
        let malformed = ask("federations/vastmanland/accountPlans", administrator()).await;
        assert_eq!(faults(malformed), expected(&[("name", "NAME_MALFORMED")]));
        let party = ask(&format!("{HOME}/accountPlan"), economist_of("sala")).await;
        assert_eq!(problem(party).0, Code::PermissionDenied);
    })
    .await;
}
