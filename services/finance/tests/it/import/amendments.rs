//! Later decisions on grants, and the account plan, as an import brings them in.

use platform::testing::on_both;
use proto::{common::ImportEffect, finance as pb};

use super::{claimed, effects, granted, import, recipient};
use crate::world::{HOME, World, day, days, economist};

fn later(grant: &str, ore: i64, dnr: &str, decided: &str) -> pb::GrantAmendment {
    pb::GrantAmendment {
        name: format!("{HOME}/grants/{grant}"),
        period: Some(days("2025-01-01", "2025-12-31")),
        amount_ore: ore,
        dnr: dnr.to_owned(),
        decision_date: Some(day(decided)),
        deciding_body: "Styrelsen".to_owned(),
        reason: "Fler platser".to_owned(),
    }
}

fn account_plan() -> pb::AccountPlan {
    let account = |account: pb::LedgerAccount, number: &str| pb::MappedAccount {
        account: account.into(),
        cost_kind: 0,
        number: number.to_owned(),
        title: format!("Konto {number}"),
    };
    let party = format!("{HOME}/parties/sala");
    let grant = format!("{HOME}/grants/s1");
    pb::AccountPlan {
        accounts: vec![
            account(pb::LedgerAccount::Bank, "1930"),
            account(pb::LedgerAccount::Initiatives, "4000"),
        ],
        parties: vec![pb::MappedParty { party, code: "82".to_owned() }],
        grants: vec![pb::MappedGrant { grant, code: "P1".to_owned() }],
        party_dimension: 20,
        voucher_series: "S".to_owned(),
        ..Default::default()
    }
}

/// A grant that gets more, which a sub-project takes, and a claim on what is left then.
fn rows(world: &World) -> pb::ImportFinanceRequest {
    let sub_project = pb::Grant {
        parent_grant: format!("{HOME}/grants/g1"),
        decision_date: Some(day("2025-05-05")),
        ..granted("s1", "sala", 1200)
    };
    pb::ImportFinanceRequest {
        parent: HOME.to_owned(),
        recipients: vec![recipient("sala")],
        grants: vec![granted("g1", "sala", 1000), sub_project],
        requisitions: vec![claimed("r1", "g1", "sala", 300)],
        grant_amendments: vec![later("g1", 1500, "2025/4", "2025-04-01")],
        account_plan: Some(account_plan()),
        request_id: world.id(),
        ..Default::default()
    }
}

async fn read(world: &World, id: &str) -> pb::Grant {
    let request = world.office(pb::GetGrantRequest { name: format!("{HOME}/grants/{id}") });
    world.grants().get_grant(request).await.unwrap().into_inner().grant.unwrap()
}

async fn read_plan(world: &World) -> pb::AccountPlan {
    let request = world.office(pb::GetAccountPlanRequest { name: format!("{HOME}/accountPlan") });
    let answer = world.account_plans().get_account_plan(request).await;
    answer.unwrap().into_inner().account_plan.unwrap()
}

/// Field and reason of every fault.
fn told(answer: &pb::ImportFinanceResponse) -> Vec<(&str, &str)> {
    answer.faults.iter().map(|fault| (fault.field.as_str(), fault.reason.as_str())).collect()
}

#[tokio::test]
async fn later_decisions_come_with_their_grants_and_the_plan_with_what_it_names() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let dry = pb::ImportFinanceRequest { validate_only: true, ..rows(&world) };
        assert_eq!(effects(&import(&world, dry).await), [ImportEffect::Created; 6]);
        assert_eq!(world.sequence().await, 0);

        let message = rows(&world);
        let first = import(&world, message.clone()).await;
        assert_eq!(effects(&first), [ImportEffect::Created; 6]);
        let (row, name) = (&first.outcomes[4].row, &first.outcomes[4].name);
        assert_eq!(
            (row.as_str(), name.as_str()),
            ("grant_amendments[0]", "federations/vastmanland/grants/g1")
        );
        let amended = read(&world, "g1").await;
        assert_eq!((amended.amount_ore, amended.allotted_ore, amended.left_ore), (1500, 1200, 0));
        let reasons: Vec<_> = amended.decisions.iter().map(|it| it.reason.as_str()).collect();
        assert_eq!(reasons, ["", "Fler platser"]);
        assert_eq!(read(&world, "s1").await.left_ore, 1200);
        let plan = read_plan(&world).await;
        assert_eq!((plan.accounts.len(), plan.etag.as_str()), (2, "1"));
        assert_eq!(world.problems().await, [""; 0]);

        // The first answer again, and the same rows as another request.
        assert_eq!(import(&world, message).await, first);
        let again = import(&world, rows(&world)).await;
        assert_eq!(effects(&again), [ImportEffect::Unchanged; 6]);
        assert_eq!(world.sequence().await, 6);
    })
    .await;
}

#[tokio::test]
async fn a_later_decision_on_a_grant_that_is_there_leaves_what_has_happened_on_it() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let submitted = world.submitted("r1", "sala", 600).await;
        world.take("review", &submitted, &economist("bo")).await.unwrap();
        let with = |amendments| pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            grant_amendments: amendments,
            request_id: world.id(),
            ..Default::default()
        };
        let mut short = later("sala-2025", 599, "2025/4", "2025-04-01");
        let answer = import(&world, with(vec![short.clone()])).await;
        let below = [("grant_amendments[0].amount_ore", "GRANT_BELOW_CLAIMED")];
        assert_eq!(told(&answer), below);
        short.period = Some(days("2025-01-01", "2025-05-31"));
        short.decision_date = Some(day("2024-11-27"));
        let answer = import(&world, with(vec![short, later("none", 0, "", "2025-04-01")])).await;
        let all = [
            ("grant_amendments[0].period", "PERIOD_LEAVES_OUT"),
            ("grant_amendments[0].decision_date", "DECISION_DATE_TOO_EARLY"),
            ("grant_amendments[1].amount_ore", "AMOUNT_NOT_POSITIVE"),
            ("grant_amendments[1].dnr", "TEXT_MISSING"),
            ("grant_amendments[1].name", "GRANT_UNKNOWN"),
        ];
        assert_eq!(told(&answer), all);

        let two = || {
            vec![
                later("sala-2025", 600, "2025/9", "2025-06-01"),
                later("sala-2025", 900, "2025/4", "2025-04-01"),
            ]
        };
        let answer = import(&world, with(two())).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; 2]);
        assert_eq!(world.balances().await, (0, 600, 0));
        let mut three = two();
        three[0].amount_ore = 601;
        three.push(later("sala-2025", 900, "2025/4", "2025-04-01"));
        let answer = import(&world, with(three)).await;
        let differs = [
            ("grant_amendments[0].dnr", "GRANT_AMENDMENT_DIFFERS"),
            ("grant_amendments[2].dnr", "GRANT_AMENDMENT_TWICE"),
        ];
        assert_eq!(told(&answer), differs);
        // One that is new beside one that is there.
        let mut three = two();
        three.push(later("sala-2025", 700, "2025/12", "2025-06-30"));
        let answer = import(&world, with(three)).await;
        let (unchanged, created) = (ImportEffect::Unchanged, ImportEffect::Created);
        assert_eq!(effects(&answer), [unchanged, unchanged, created]);
        assert_eq!(world.balances().await, (100, 600, 0));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn an_account_plan_is_entered_once_and_no_other_in_its_place() {
    on_both(|database| async move {
        let world = World::new(database).await;
        import(&world, pb::ImportFinanceRequest { account_plan: None, ..rows(&world) }).await;
        let with = |plan| pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            account_plan: Some(plan),
            request_id: world.id(),
            ..Default::default()
        };
        let mut wrong = account_plan();
        wrong.name = "federations/sormland/accountPlan".to_owned();
        wrong.accounts[1].account = pb::LedgerAccount::Equity.into();
        wrong.grants[0].grant = format!("{HOME}/grants/none");
        wrong.parties[0].code = "8 2".to_owned();
        let answer = import(&world, with(wrong)).await;
        let all = [
            ("account_plan.name", "OTHER_FEDERATION"),
            ("account_plan.parties[0].code", "CODE_MALFORMED"),
            ("account_plan.accounts[1].account", "ACCOUNT_NOT_EXPORTED"),
            ("account_plan.grants[0].grant", "GRANT_UNKNOWN"),
        ];
        assert_eq!(told(&answer), all);

        let answer = import(&world, with(account_plan())).await;
        assert_eq!(effects(&answer), [ImportEffect::Created]);
        let entered = read_plan(&world).await;
        // As it is read it can be sent again.
        let answer = import(&world, with(entered.clone())).await;
        assert_eq!(effects(&answer), [ImportEffect::Unchanged]);
        let other = pb::AccountPlan { voucher_series: "T".to_owned(), ..account_plan() };
        let answer = import(&world, with(other)).await;
        assert_eq!(told(&answer), [("account_plan.voucher_series", "ACCOUNT_PLAN_DIFFERS")]);
        assert_eq!(read_plan(&world).await, entered);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}
