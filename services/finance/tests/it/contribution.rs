//! What the parties pay in: decisions, payments and the table of a year.

use platform::testing::on_both;
use proto::finance::{self as pb, ContributionGroup, LedgerAccount};
use tonic::Code;

use crate::world::{
    HOME, World, day, economist_of, expected, fact, faults, problem, year::PARTIES,
};

async fn table(world: &World) -> pb::ContributionTable {
    let message = pb::GetContributionTableRequest { parent: HOME.to_owned(), year: 2025 };
    // Every role reads it.
    let request = world.by(&economist_of("sala"), message);
    let answer = world.contributions().get_contribution_table(request).await;
    answer.unwrap().into_inner().contribution_table.unwrap()
}

async fn balances(world: &World) -> Vec<(LedgerAccount, String, i64)> {
    let asked = pb::ListBalancesRequest { year: 2025, by_party: true, ..Default::default() };
    world.balances_of(asked).await
}

#[tokio::test]
async fn a_decision_divides_the_year_and_every_party_owes_its_share() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let decided = world.decide("c1", 800_000, PARTIES).await.unwrap();
        let amounts: Vec<i64> = decided.shares.iter().map(|share| share.amount_ore).collect();
        assert_eq!(amounts, [400_000, 200_000, 50_000, 150_000]);
        assert_eq!(decided.version, 1);

        world.pay_in("p1", "koping", 100_000, "2025-02-03").await.unwrap();
        world.pay_in("p2", "koping", -40_000, "2025-02-04").await.unwrap();
        let table = table(&world).await;
        let told = |row: &pb::ContributionRow| {
            let amounts = row.amounts.unwrap();
            let pb::ContributionAmounts { agreed_ore, paid_ore, outstanding_ore, share_permille } =
                amounts;
            let name = row.display_name.clone();
            (name, row.group(), agreed_ore, paid_ore, outstanding_ore, share_permille)
        };
        let row = |id: &str, group, agreed, paid, permille| {
            (format!("Huvudman {id}"), group, agreed, paid, agreed - paid, permille)
        };
        let rows = [
            row("forsakringskassan", ContributionGroup::State, 400_000, 0, 500),
            row("region", ContributionGroup::Region, 200_000, 0, 250),
            row("koping", ContributionGroup::Municipalities, 150_000, 60_000, 188),
            row("sala", ContributionGroup::Municipalities, 50_000, 0, 63),
        ];
        assert_eq!(table.rows.iter().map(told).collect::<Vec<_>>(), rows);
        assert_eq!(table.total.unwrap().outstanding_ore, 740_000);
        assert_eq!(table.contribution_decision, decided.name);
        assert_eq!(table.sequence, 3);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_later_decision_replaces_the_first_and_the_ledger_has_the_last() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.decide("c1", 800_000, PARTIES).await.unwrap();
        world.pay_in("p1", "sala", 50_000, "2025-02-03").await.unwrap();
        let shares = [("forsakringskassan", 0), ("region", 0), ("sala", 1), ("vasteras", 1)];
        let second = world.decide("c2", 400_000, &shares).await.unwrap();
        assert_eq!(second.version, 2);
        let expected = [
            (LedgerAccount::Contributions, "forsakringskassan".to_owned(), -200_000),
            (LedgerAccount::Contributions, "region".to_owned(), -100_000),
            (LedgerAccount::Contributions, "sala".to_owned(), -50_000),
            (LedgerAccount::Contributions, "vasteras".to_owned(), -50_000),
            (LedgerAccount::Receivable, "forsakringskassan".to_owned(), 200_000),
            (LedgerAccount::Receivable, "region".to_owned(), 100_000),
            (LedgerAccount::Receivable, "vasteras".to_owned(), 50_000),
            (LedgerAccount::Bank, String::new(), 50_000),
        ];
        assert_eq!(balances(&world).await, expected);
        assert_eq!(table(&world).await.rows.len(), 4);

        let third = world.decide("c3", 399_992, &shares).await;
        assert_eq!(fact(&third, "party"), format!("{HOME}/parties/sala"));
        assert_eq!(
            (fact(&third, "paid_ore"), fact(&third, "agreed_ore")),
            ("50000".to_owned(), "49999".to_owned())
        );
        let refused = (Code::FailedPrecondition, "CONTRIBUTION_BELOW_PAID".to_owned());
        assert_eq!(problem(third), refused);

        let mut client = world.contributions();
        let mut message = pb::ListContributionDecisionsRequest {
            parent: HOME.to_owned(),
            year: 2025,
            page_size: 1,
            ..Default::default()
        };
        let request = world.office(message.clone());
        let page = client.list_contribution_decisions(request).await.unwrap().into_inner();
        assert_eq!(page.contribution_decisions, [second]);
        message.page_token = page.next_page_token;
        let page = client.list_contribution_decisions(world.office(message)).await;
        let page = page.unwrap().into_inner();
        assert_eq!(page.contribution_decisions.len(), 1);
        assert_eq!(page.next_page_token, "");
        let message = pb::GetContributionDecisionRequest {
            name: page.contribution_decisions[0].name.clone(),
        };
        let read = client.get_contribution_decision(world.office(message)).await.unwrap();
        let read = read.into_inner().contribution_decision.unwrap();
        assert_eq!(read, page.contribution_decisions[0]);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_decision_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let shares = [("sala", -1), ("sala", 0), ("nobody", 0), ("region", 0)];
        let mut message = world.contribution_decision("c1", 3, &shares);
        let content = message.contribution_decision.as_mut().unwrap();
        content.name = format!("{HOME}/contributionDecisions/other");
        content.year = 1999;
        content.shares[3].party = "federations/other/parties/region".to_owned();
        content.dnr = String::new();
        content.decision_date = Some(day("2025-07-02"));
        let answer = world.contributions().decide_contributions(world.office(message)).await;
        let told = [
            ("contribution_decision.name", "NAME_MALFORMED"),
            ("contribution_decision.year", "YEAR_OUT_OF_RANGE"),
            ("contribution_decision.total_ore", "AMOUNT_TOO_SMALL"),
            ("contribution_decision.shares[0].weight", "WEIGHT_OUT_OF_RANGE"),
            ("contribution_decision.shares[3].party", "OTHER_FEDERATION"),
            ("contribution_decision.dnr", "TEXT_MISSING"),
            ("contribution_decision.shares[1].party", "PARTY_TWICE"),
            ("contribution_decision.shares[2].party", "PARTY_UNKNOWN"),
            ("contribution_decision.decision_date", "DECISION_DATE_IN_FUTURE"),
        ];
        assert_eq!(faults(answer), expected(&told));

        let message = world.contribution_decision("c1", 4, &[("sala", 0), ("koping", 0)]);
        let answer = world.contributions().decide_contributions(world.office(message)).await;
        let told = [
            ("contribution_decision.shares", "GROUP_WITHOUT_PARTY"),
            ("contribution_decision.shares", "GROUP_WITHOUT_PARTY"),
            ("contribution_decision.shares", "GROUP_WITHOUT_WEIGHT"),
        ];
        assert_eq!(faults(answer), expected(&told));

        let many: Vec<(&str, i64)> = [("sala", 1); 401].to_vec();
        let message = world.contribution_decision("c1", 4, &many);
        let answer = world.contributions().decide_contributions(world.office(message)).await;
        assert_eq!(
            faults(answer),
            expected(&[("contribution_decision.shares", "SHARES_TOO_MANY")])
        );
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_payment_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut message = world.contribution_payment("p1", "nobody", 0, "2025-07-02");
        let content = message.contribution_payment.as_mut().unwrap();
        content.bank_reference = String::new();
        let answer = world.contributions().record_contribution_payment(world.office(message)).await;
        let told = [
            ("contribution_payment.amount_ore", "AMOUNT_ZERO"),
            ("contribution_payment.bank_reference", "TEXT_MISSING"),
            ("contribution_payment.party", "PARTY_UNKNOWN"),
            ("contribution_payment.payment_date", "DAY_IN_FUTURE"),
        ];
        assert_eq!(faults(answer), expected(&told));

        let mut message = world.contribution_payment("p1", "sala", -1, "1999-12-31");
        message.contribution_payment.as_mut().unwrap().comment = String::new();
        let answer = world.contributions().record_contribution_payment(world.office(message)).await;
        let told = [
            ("contribution_payment.payment_date", "YEAR_OUT_OF_RANGE"),
            ("contribution_payment.comment", "COMMENT_MISSING"),
        ];
        assert_eq!(faults(answer), expected(&told));
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_never_more_than_what_is_outstanding_nor_counted_twice() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.decide("c1", 800_000, PARTIES).await.unwrap();
        let message = world.contribution_payment("p1", "sala", 30_000, "2025-02-03");
        for _ in 0..2 {
            let request = world.office(message.clone());
            let answer = world.contributions().record_contribution_payment(request).await;
            assert_eq!(
                answer.unwrap().into_inner().contribution_payment.unwrap().amount_ore,
                30_000
            );
        }
        let over = world.pay_in("p2", "sala", 20_001, "2025-02-03").await;
        assert_eq!(fact(&over, "outstanding_ore"), "20000");
        assert_eq!(problem(over).1, "CONTRIBUTION_OVERPAID");
        let back = world.pay_in("p2", "sala", -30_001, "2025-02-03").await;
        assert_eq!(problem(back).1, "CONTRIBUTION_PAID_BELOW_ZERO");
        let taken = world.pay_in("p1", "sala", 1, "2025-02-03").await;
        assert_eq!(problem(taken).0, Code::AlreadyExists);
        world.pay_in("p3", "region", 1, "2025-02-05").await.unwrap();

        let mut message = pb::ListContributionPaymentsRequest {
            parent: HOME.to_owned(),
            year: 2025,
            party: format!("{HOME}/parties/sala"),
            ..Default::default()
        };
        let mut client = world.contributions();
        let answer = client.list_contribution_payments(world.office(message.clone())).await;
        let listed = answer.unwrap().into_inner().contribution_payments;
        assert_eq!(listed.iter().map(|paid| paid.amount_ore).collect::<Vec<_>>(), [30_000]);
        message.party = String::new();
        message.page_size = 1;
        let answer = client.list_contribution_payments(world.office(message)).await;
        let page = answer.unwrap().into_inner();
        assert_eq!(page.contribution_payments[0].amount_ore, 1);
        assert!(!page.next_page_token.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_of_a_decision_tells_the_shares_and_keeps_nothing() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut message = world.contribution_decision("c1", 800_000, PARTIES);
        message.validate_only = true;
        let answer = world.contributions().decide_contributions(world.office(message)).await;
        let decided = answer.unwrap().into_inner().contribution_decision.unwrap();
        assert_eq!(decided.shares[0].amount_ore, 400_000);
        assert_eq!(table(&world).await.rows, []);
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}
