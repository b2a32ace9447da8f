//! The ledger as it is read: balances as of a day and as known at a sequence, and
//! postings with what the journal says of them.

use platform::testing::on_both;
use proto::finance::{self as pb, BudgetArea, LedgerAccount as Account};

use crate::{
    financial_year::lived_through,
    world::{HOME, World, administrator, day, economist_of, expected, faults, year::PARTIES},
};

fn line(account: Account, whose: &str, ore: i64) -> (Account, String, i64) {
    (account, whose.to_owned(), ore)
}

fn of_2025() -> pb::ListBalancesRequest {
    pb::ListBalancesRequest { year: 2025, ..Default::default() }
}

#[tokio::test]
async fn balances_are_computed_as_of_a_day_and_as_known_at_a_sequence() {
    on_both(|database| async move {
        let world = World::new(database).await;
        world.decide("c1", 800_000, PARTIES).await.unwrap();
        world.pay_in("p1", "region", 200_000, "2025-05-02").await.unwrap();
        let known = world.sequence().await;
        // A late fact: it counts in March and was known in no earlier sequence.
        world.spend("o1", BudgetArea::Board, 3_000, "2025-03-31").await.unwrap();

        let march = pb::ListBalancesRequest { as_of: Some(day("2025-03-31")), ..of_2025() };
        let agreed = line(Account::Contributions, "", -800_000);
        let owed = line(Account::Receivable, "", 800_000);
        let spent = line(Account::OwnCosts, "", 3_000);
        let expected = [agreed.clone(), owed.clone(), line(Account::Bank, "", -3_000), spent];
        assert_eq!(world.balances_of(march.clone()).await, expected);
        let as_known = pb::ListBalancesRequest { as_known_at: known, ..march };
        assert_eq!(world.balances_of(as_known.clone()).await, [agreed.clone(), owed]);
        let expected =
            [agreed, line(Account::Receivable, "", 600_000), line(Account::Bank, "", 200_000)];
        let all_known = pb::ListBalancesRequest { as_of: None, ..as_known };
        assert_eq!(world.balances_of(all_known.clone()).await, expected);

        for (asked, sequence) in [(known, known), (0, known + 1), (known + 9, known + 1)] {
            let parent = HOME.to_owned();
            let message =
                pb::ListBalancesRequest { parent, as_known_at: asked, ..all_known.clone() };
            let answer = world.ledger().list_balances(world.office(message)).await;
            assert_eq!(answer.unwrap().into_inner().sequence, sequence);
        }
    })
    .await;
}

#[tokio::test]
async fn balances_are_divided_by_grant_and_by_party_and_those_of_a_year_sum_to_zero() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        let by_grant = pb::ListBalancesRequest { by_grant: true, ..of_2025() };
        let of_grants = [
            line(Account::Board, "projekt", -60_000),
            line(Account::Board, "sala-2025", -500_000),
            line(Account::Left, "projekt", 60_000),
            line(Account::Left, "sala-2025", 240_000),
            line(Account::Requisitioned, "sala-2025", 200_000),
            line(Account::Allotted, "sala-2025", 60_000),
        ];
        let of_year = [
            line(Account::Contributions, "", -800_000),
            line(Account::Receivable, "", 50_000),
            line(Account::Bank, "", 630_000),
            line(Account::Payable, "", -80_000),
            line(Account::Initiatives, "", 200_000),
            line(Account::OwnCosts, "", 100_000),
            line(Account::Equity, "", -100_000),
        ];
        let all = [&of_grants[..], &of_year[..]].concat();
        assert_eq!(world.balances_of(by_grant.clone()).await, all);
        assert_eq!(of_year.iter().map(|(_, _, ore)| ore).sum::<i64>(), 0);

        let grant = format!("{HOME}/grants/projekt");
        let of_one = pb::ListBalancesRequest { grant, ..by_grant };
        let expected =
            [line(Account::Board, "projekt", -60_000), line(Account::Left, "projekt", 60_000)];
        assert_eq!(world.balances_of(of_one).await, expected);

        let party = format!("{HOME}/parties/koping");
        let of_party = pb::ListBalancesRequest { party, by_party: true, ..of_2025() };
        let expected = [
            line(Account::Requisitioned, "koping", 80_000),
            line(Account::Contributions, "koping", -150_000),
            line(Account::Receivable, "koping", 50_000),
            line(Account::Payable, "koping", -80_000),
            line(Account::Initiatives, "koping", 80_000),
        ];
        assert_eq!(world.balances_of(of_party).await, expected);
    })
    .await;
}

#[tokio::test]
async fn postings_are_listed_newest_first_page_by_page_with_what_caused_them() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        let mut message =
            pb::ListPostingsRequest { parent: HOME.to_owned(), page_size: 7, ..Default::default() };
        let mut all: Vec<pb::Posting> = Vec::new();
        loop {
            let answer = world.ledger().list_postings(world.office(message.clone())).await;
            let page = answer.unwrap().into_inner();
            assert!(page.postings.len() <= 7);
            all.extend(page.postings);
            message.page_token = page.next_page_token;
            if message.page_token.is_empty() {
                break;
            }
        }
        let places: Vec<_> = all.iter().map(|line| (-line.sequence, line.line)).collect();
        assert!(places.is_sorted(), "{places:?}");
        assert_eq!(all.iter().map(|line| line.amount_ore).sum::<i64>(), 0);

        let last = all.first().unwrap();
        assert_eq!(last.event, "own_cost.recorded");
        assert_eq!(last.subject, format!("{HOME}/ownCosts/o3"));
        assert_eq!(last.actor, administrator().account.to_string());
        assert!(last.record_time.is_some());
        assert_eq!((last.account(), last.day), (Account::OwnCosts, Some(day("2025-06-30"))));
        let cost = all.iter().find(|line| line.account() == Account::Initiatives).unwrap();
        assert_eq!((cost.cost_kind(), cost.grant.as_str()), (pb::CostKind::Other, ""));
        assert_eq!(cost.party, format!("{HOME}/parties/koping"));
    })
    .await;
}

#[tokio::test]
async fn postings_are_narrowed_to_a_year_an_account_a_grant_a_party_or_what_they_happened_to() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        let asked = pb::ListPostingsRequest { parent: HOME.to_owned(), ..Default::default() };
        let amounts = async |message: pb::ListPostingsRequest| -> Vec<i64> {
            let answer = world.ledger().list_postings(world.office(message)).await;
            let postings = answer.unwrap().into_inner().postings;
            postings.iter().map(|posting| posting.amount_ore).collect()
        };
        let of_year = |year| pb::ListPostingsRequest { year, ..asked.clone() };
        assert_eq!(amounts(of_year(2024)).await, [0_i64; 0]);
        let account = Account::Payable.into();
        let on_account = pb::ListPostingsRequest { account, ..of_year(2025) };
        assert_eq!(amounts(on_account).await, [-80_000, 120_000, -120_000]);
        let grant = format!("{HOME}/grants/projekt");
        let of_grant = pb::ListPostingsRequest { grant: grant.clone(), ..asked.clone() };
        assert_eq!(amounts(of_grant).await, [-60_000, 60_000]);
        let party = format!("{HOME}/parties/region");
        let of_party = pb::ListPostingsRequest { party, ..asked.clone() };
        assert_eq!(amounts(of_party).await, [-200_000, 200_000, -200_000]);
        // What happened to the sub-project happened to the grant above it too.
        let of_subject = pb::ListPostingsRequest { subject: grant, ..asked.clone() };
        let mut moved = amounts(of_subject).await;
        moved.sort_unstable();
        assert_eq!(moved, [-60_000, -60_000, 60_000, 60_000]);
        let subject = format!("{HOME}/requisitions/nobody");
        assert_eq!(amounts(pb::ListPostingsRequest { subject, ..asked }).await, [0_i64; 0]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_question_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut client = world.ledger();
        let message = pb::ListBalancesRequest {
            parent: HOME.to_owned(),
            as_of: Some(proto::Date { year: 2025, month: 2, day: 30 }),
            as_known_at: -1,
            grant: "x".to_owned(),
            party: "federations/other/parties/x".to_owned(),
            ..Default::default()
        };
        let told = [
            ("year", "YEAR_OUT_OF_RANGE"),
            ("as_of", "DATE_INVALID"),
            ("as_known_at", "SEQUENCE_NEGATIVE"),
            ("grant", "NAME_MALFORMED"),
            ("party", "OTHER_FEDERATION"),
        ];
        let answer = client.list_balances(world.office(message)).await;
        assert_eq!(faults(answer), expected(&told));
        let message = pb::ListPostingsRequest {
            parent: HOME.to_owned(),
            account: 99,
            subject: "federations/other/grants/x".to_owned(),
            page_token: "MTI".to_owned(),
            ..Default::default()
        };
        let told = [
            ("account", "ENUM_UNSPECIFIED"),
            ("subject", "NAME_MALFORMED"),
            ("page_token", "PAGE_TOKEN_MALFORMED"),
        ];
        let answer = client.list_postings(world.office(message)).await;
        assert_eq!(faults(answer), expected(&told));
        let message = pb::ListPostingsRequest { parent: HOME.to_owned(), ..Default::default() };
        let answer = client.list_postings(world.by(&economist_of("sala"), message)).await;
        assert_eq!(answer.err().unwrap().code(), tonic::Code::PermissionDenied);
    })
    .await;
}
