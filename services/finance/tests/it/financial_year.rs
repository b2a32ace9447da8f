//! A budget year from its opening to the year after, with figures that were
//! computed by hand.

mod outlook;
mod refusals;

use platform::{Database, testing::on_both};
use proto::finance::{self as pb, BudgetArea, FinancialYearState, LedgerAccount as Account};

use crate::world::{
    HOME, World, administrator, days,
    year::{PARTIES, decision},
};

/// 2025 as it stands on its last day: equity 1 000,00 from elsewhere, 8 000,00
/// agreed and all but 500,00 paid, 2 000,00 requisitioned and 800,00 of it not
/// paid, 1 000,00 of own costs. Of the grant's 5 000,00 a sub-project has 600,00.
pub(crate) async fn lived_through(database: Database) -> World {
    let world = World::new(database).await;
    world.open(2025, 100_000).await.unwrap();
    world.decide("c1", 800_000, PARTIES).await.unwrap();
    for (id, party, ore) in [
        ("p1", "forsakringskassan", 400_000),
        ("p2", "region", 200_000),
        ("p3", "sala", 50_000),
        ("p4", "koping", 100_000),
    ] {
        world.pay_in(id, party, ore, "2025-02-03").await.unwrap();
    }
    let message = world.recipient("sala");
    world.recipients().create_recipient(world.office(message)).await.unwrap();
    let message = world.grant("sala-2025", "sala", 500_000);
    world.grants().create_grant(world.office(message)).await.unwrap();
    let mut message = world.grant("projekt", "sala", 60_000);
    let content = message.grant.as_mut().unwrap();
    content.parent_grant = format!("{HOME}/grants/sala-2025");
    content.period = Some(days("2025-03-01", "2025-06-30"));
    world.grants().create_grant(world.office(message)).await.unwrap();

    let first = world.approved("r1", "sala", 120_000).await;
    world.take("pay", &first, &administrator()).await.unwrap();
    world.approved("r2", "koping", 80_000).await;
    world.draft("r3", "vasteras", 1).await;
    for (id, area, ore) in [
        ("o1", BudgetArea::Board, 20_000),
        ("o2", BudgetArea::Administration, 90_000),
        ("o3", BudgetArea::Administration, -10_000),
    ] {
        world.spend(id, area, ore, "2025-06-30").await.unwrap();
    }
    world
}

pub(crate) async fn read(world: &World, year: i32) -> pb::FinancialYear {
    let message = pb::GetFinancialYearRequest { name: format!("{HOME}/financialYears/{year}") };
    let answer = world.financial_years().get_financial_year(world.office(message)).await;
    answer.unwrap().into_inner().financial_year.unwrap()
}

async fn balances(world: &World, year: i32) -> Vec<(Account, String, i64)> {
    let asked = pb::ListBalancesRequest { year, by_party: true, ..Default::default() };
    world.balances_of(asked).await
}

fn line(account: Account, party: &str, ore: i64) -> (Account, String, i64) {
    (account, party.to_owned(), ore)
}

#[tokio::test]
async fn a_whole_year_from_its_opening_to_the_next() {
    on_both(|database| async move {
        let world = lived_through(database).await.later("2026-03-01T09:00:00Z");
        let closed = world.close(2025, "1", "2026-02-27").await.unwrap();
        let closing = pb::FinancialYearClosing {
            decision: Some(decision("2026-02-27")),
            contributions_ore: 800_000,
            initiatives_ore: 200_000,
            own_costs_ore: 100_000,
            result_ore: 500_000,
            closing_equity_ore: 600_000,
            // 5 000,00 − 600,00 − 2 000,00 and all of the sub-project.
            lapsed_ore: 300_000,
            unpaid_ore: 80_000,
            outstanding_ore: 50_000,
        };
        assert_eq!(
            (closed.state(), closed.closing.as_ref()),
            (FinancialYearState::Closed, Some(&closing))
        );
        assert_eq!(read(&world, 2025).await, closed);
        let next = read(&world, 2026).await;
        assert_eq!((next.state(), next.opening_equity_ore), (FinancialYearState::Open, 0));
        assert_eq!((next.opening_decision, next.closing), (None, None));

        // What is left of the old year is what the new one begins with.
        let carried = [
            line(Account::Receivable, "koping", 50_000),
            line(Account::Bank, "", 630_000),
            line(Account::Payable, "koping", -80_000),
            line(Account::Equity, "", -600_000),
        ];
        assert_eq!(balances(&world, 2026).await, carried);
        let of_grants = [
            line(Account::Board, "", -560_000),
            line(Account::Requisitioned, "koping", 80_000),
            line(Account::Requisitioned, "sala", 120_000),
            line(Account::Allotted, "", 60_000),
            line(Account::Lapsed, "", 300_000),
        ];
        assert_eq!(balances(&world, 2025).await, [&of_grants[..], &carried[..]].concat());

        for (grant, lapsed) in [("sala-2025", 240_000), ("projekt", 60_000)] {
            let message = pb::GetGrantRequest { name: format!("{HOME}/grants/{grant}") };
            let answer = world.grants().get_grant(world.office(message)).await;
            let grant = answer.unwrap().into_inner().grant.unwrap();
            assert_eq!((grant.left_ore, grant.lapsed_ore), (0, lapsed));
        }
        let message = pb::GetContributionTableRequest { parent: HOME.to_owned(), year: 2026 };
        let answer = world.contributions().get_contribution_table(world.office(message)).await;
        let table = answer.unwrap().into_inner().contribution_table.unwrap();
        assert_eq!((table.carried_over_equity_ore, table.rows.len()), (600_000, 0));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_was_not_paid_in_the_old_year_is_paid_in_the_new_one() {
    on_both(|database| async move {
        let world = lived_through(database).await.later("2026-03-01T09:00:00Z");
        world.close(2025, "1", "2026-02-27").await.unwrap();
        world.pay_in("late", "koping", 50_000, "2026-01-15").await.unwrap();
        let left = [
            line(Account::Bank, "", 680_000),
            line(Account::Payable, "koping", -80_000),
            line(Account::Equity, "", -600_000),
        ];
        assert_eq!(balances(&world, 2026).await, left);

        // The next year is closed in its turn, with nothing of its own but that.
        let world = world.later("2027-02-01T09:00:00Z");
        let closed = world.close(2026, "1", "2027-01-20").await.unwrap().closing.unwrap();
        assert_eq!((closed.result_ore, closed.closing_equity_ore), (0, 600_000));
        assert_eq!(balances(&world, 2027).await, left);

        let message = pb::ListFinancialYearsRequest {
            parent: HOME.to_owned(),
            page_size: 2,
            ..Default::default()
        };
        let mut client = world.financial_years();
        let answer = client.list_financial_years(world.office(message.clone())).await;
        let page = answer.unwrap().into_inner();
        let years =
            |page: &[pb::FinancialYear]| page.iter().map(|year| year.year).collect::<Vec<_>>();
        assert_eq!(years(&page.financial_years), [2027, 2026]);
        let page_token = page.next_page_token;
        let message = pb::ListFinancialYearsRequest { page_token, ..message };
        let answer = client.list_financial_years(world.office(message)).await;
        assert_eq!(years(&answer.unwrap().into_inner().financial_years), [2025]);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_journal_has_what_lapsed_the_close_and_the_year_it_opened_and_a_repetition_adds_nothing()
 {
    on_both(|database| async move {
        let world = lived_through(database).await.later("2026-03-01T09:00:00Z");
        let before = world.sequence().await;
        let message = pb::CloseFinancialYearRequest {
            name: format!("{HOME}/financialYears/2025"),
            etag: "1".to_owned(),
            decision: Some(decision("2026-02-27")),
            request_id: world.id(),
            validate_only: true,
        };
        let mut client = world.financial_years();
        let dry = client.close_financial_year(world.office(message.clone())).await;
        assert_eq!(world.sequence().await, before);
        let message = pb::CloseFinancialYearRequest { validate_only: false, ..message };
        let first = client.close_financial_year(world.office(message.clone())).await;
        let again = client.close_financial_year(world.office(message)).await;
        let first = first.unwrap().into_inner();
        assert_eq!(first, dry.unwrap().into_inner());
        assert_eq!(first, again.unwrap().into_inner());
        // Two grants, the close, the next year.
        assert_eq!(world.sequence().await, before + 4);

        let message = pb::ListPostingsRequest {
            parent: HOME.to_owned(),
            subject: format!("{HOME}/grants/projekt"),
            ..Default::default()
        };
        let answer = world.ledger().list_postings(world.office(message)).await.unwrap();
        let events: Vec<String> =
            answer.into_inner().postings.into_iter().map(|posting| posting.event).collect();
        assert_eq!(events[..2], ["grant.lapsed", "grant.lapsed"]);
    })
    .await;
}

#[tokio::test]
async fn a_next_year_that_is_open_already_begins_with_what_is_carried_over() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        let next = world.open(2026, 0).await.unwrap();
        let world = world.later("2026-03-01T09:00:00Z");
        world.close(2025, "1", "2026-02-27").await.unwrap();
        assert_eq!(read(&world, 2026).await, next);
        let asked = pb::ListBalancesRequest { year: 2026, ..Default::default() };
        let equity = world.balances_of(asked).await.pop().unwrap();
        assert_eq!(equity, line(Account::Equity, "", -600_000));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_year_with_thousands_of_grants_is_closed_in_one_step() {
    on_both(|database| async move {
        const GRANTS: usize = 2500;
        let world = World::new(database).await;
        world.open(2025, 0).await.unwrap();
        let message = world.recipient("sala");
        world.recipients().create_recipient(world.office(message)).await.unwrap();
        let granted = |number: usize| pb::Grant {
            name: format!("{HOME}/grants/g{number}"),
            ..crate::world::grant("sala", 7)
        };
        let message = pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            grants: (0..GRANTS).map(granted).collect(),
            request_id: world.id(),
            ..Default::default()
        };
        let imported = world.imports().import_finance(world.office(message)).await.unwrap();
        assert_eq!(imported.into_inner().faults, []);
        let world = world.later("2026-01-01T09:00:00Z");
        let closed = world.close(2025, "1", "2026-01-01").await.unwrap();
        assert_eq!(closed.closing.unwrap().lapsed_ore, 17_500);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_limits_of_a_year_are_entered_whole() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let opened = world.open(2025, 0).await.unwrap();
        let limit = |above_percent, state_reduction_percent| pb::EquityLimit {
            above_percent,
            state_reduction_percent,
            consequence: "Medlen betalas ut senare".to_owned(),
        };
        let set = |etag: &str, equity_limits: Vec<pb::EquityLimit>| pb::SetEquityPolicyRequest {
            name: opened.name.clone(),
            etag: etag.to_owned(),
            equity_limits,
            request_id: world.id(),
            validate_only: false,
        };
        let mut client = world.financial_years();
        let two = vec![limit(20, 0), limit(30, 50)];
        let message = set("1", two.clone());
        let answer = client.set_equity_policy(world.office(message)).await.unwrap();
        let year = answer.into_inner().financial_year.unwrap();
        assert_eq!((year.equity_limits, year.etag.as_str()), (two, "2"));
        let message = set("2", vec![limit(40, 0)]);
        let answer = client.set_equity_policy(world.office(message)).await.unwrap();
        let year = answer.into_inner().financial_year.unwrap();
        assert_eq!(year.equity_limits, [limit(40, 0)]);
        assert_eq!(read(&world, 2025).await, year);

        let message = set("2", vec![]);
        let stale = client.set_equity_policy(world.office(message)).await;
        assert_eq!(stale.err().unwrap().code(), tonic::Code::Aborted);
        let message = set("3", vec![]);
        let answer = client.set_equity_policy(world.office(message)).await.unwrap();
        assert_eq!(answer.into_inner().financial_year.unwrap().equity_limits, []);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn an_equity_below_zero_is_carried_over_as_it_is() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.open(2025, -1_000).await.unwrap();
        world.spend("o1", BudgetArea::Audit, 500, "2025-05-02").await.unwrap();
        let world = world.later("2026-01-01T09:00:00Z");
        let closed = world.close(2025, "1", "2026-01-01").await.unwrap().closing.unwrap();
        assert_eq!((closed.result_ore, closed.closing_equity_ore), (-500, -1_500));
        let begins = [line(Account::Bank, "", -1_500), line(Account::Equity, "", 1_500)];
        assert_eq!(balances(&world, 2026).await, begins);
    })
    .await;
}
