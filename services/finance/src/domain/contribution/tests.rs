//! The division, later decisions, payments and the table, by hand and by property.

use proptest::prelude::*;
use values::name::ContributionPaymentName;

use super::{
    payment::{PayFacts, PayRefusal, Payment, PaymentFault, PaymentParts, pay},
    table::compute,
    *,
};
use crate::domain::{ledger::Account, signed_amount::SignedAmount};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn party(id: &str) -> PartyName {
    PartyName::parse("party", &format!("federations/f/parties/{id}")).unwrap()
}

fn id(id: &str) -> Slug {
    party(id).id
}

fn year() -> BudgetYear {
    BudgetYear::new(2025).unwrap()
}

/// The state, the region and three municipalities.
fn groups() -> HashMap<PartyName, Group> {
    HashMap::from([
        (party("fk"), Group::State),
        (party("region"), Group::Region),
        (party("sala"), Group::Municipalities),
        (party("koping"), Group::Municipalities),
        (party("fagersta"), Group::Municipalities),
    ])
}

fn shares(of: &[(&str, i64)]) -> Vec<ShareParts> {
    let part =
        |(id, weight): &(&str, i64)| ShareParts { party: Some(party(id)), weight: Some(*weight) };
    of.iter().map(part).collect()
}

const ALL: &[(&str, i64)] = &[("fk", 0), ("region", 0), ("sala", 23), ("koping", 26)];

fn parts(total: i64, of: &[(&str, i64)]) -> DecisionParts {
    DecisionParts {
        name: ContributionDecisionName::parse("name", "federations/f/contributionDecisions/c1")
            .ok(),
        year: Some(year()),
        total: Amount::new(Ore::new(total)).ok(),
        shares: Some(shares(of)),
        decision: BoardDecisionParts {
            dnr: Some("2024/17".to_owned()),
            decision_date: Some(day("2024-11-28")),
            deciding_body: Some("Styrelsen".to_owned()),
        },
        synthetic: false,
    }
}

fn facts<'a>(
    groups: &'a HashMap<PartyName, Group>,
    standings: &'a BTreeMap<Slug, Standing>,
) -> DecideFacts<'a> {
    DecideFacts {
        is_taken: false,
        groups,
        versions: 0,
        standings,
        closed_through: None,
        today: day("2025-07-01"),
    }
}

fn decided(total: i64, of: &[(&str, i64)]) -> Decision {
    decide(parts(total, of), facts(&groups(), &BTreeMap::new())).unwrap().0
}

fn amounts(decision: &Decision) -> Vec<i64> {
    decision.shares.iter().map(|share| share.amount.get()).collect()
}

#[test]
fn the_state_pays_half_the_region_a_quarter_and_the_municipalities_a_quarter_by_weight() {
    for (total, of, expected) in [
        (200_000_000, ALL, vec![100_000_000, 50_000_000, 23_469_388, 26_530_612]),
        // 2,5 + 1,25 + 1,25 öre: the öre left over goes to the half.
        (5, ALL, vec![3, 1, 0, 1]),
        (4, &[("fk", 0), ("region", 0), ("sala", 0)], vec![2, 1, 1]),
        (
            400_000_003,
            &[("fk", 5), ("region", 0), ("sala", 1), ("koping", 1), ("fagersta", 1)],
            vec![200_000_001, 100_000_001, 33_333_334, 33_333_334, 33_333_333],
        ),
    ] {
        assert_eq!(amounts(&decided(total, of)), expected, "{total}");
    }
}

proptest! {
    #[test]
    fn the_shares_sum_to_the_total_and_the_groups_to_what_the_law_says(
        total in 4_i64..=1_000_000_000_000_000,
        weights in prop::collection::vec(0_i64..=1_000_000_000, 1..30),
    ) {
        let mut given = vec![("fk".to_owned(), Group::State), ("region".to_owned(), Group::Region)];
        let towns = (0..weights.len()).map(|town| (format!("town-{town}"), Group::Municipalities));
        given.extend(towns);
        let weight = |place: usize| place.checked_sub(2).map_or(0, |town| weights[town]);
        let share = |(place, (id, group)): (usize, (String, Group))| Share {
            party: party(&id),
            group,
            weight: weight(place),
            amount: Ore::ZERO,
        };
        let shares: Vec<Share> = given.into_iter().enumerate().map(share).collect();
        let divided = divide(Ore::new(total), shares);
        let is_possible = weights.len() == 1 || weights.iter().sum::<i64>() > 0;
        prop_assert_eq!(divided.is_some(), is_possible);
        if let Some(shares) = divided {
            prop_assert_eq!(Ore::sum(shares.iter().map(|share| share.amount)), Some(Ore::new(total)));
            let of = |group| -> i64 {
                let members = shares.iter().filter(|share| share.group == group);
                members.map(|share| share.amount.get()).sum()
            };
            for group in Group::ALL {
                prop_assert!((of(group) * 4 - total * group.quarters()).abs() < 4);
            }
        }
    }
}

#[test]
fn every_fault_of_the_shares_is_told_at_once() {
    use DecisionFault::{GroupWithoutParty, GroupWithoutWeight, PartyTwice, PartyUnknown};
    for (of, faults) in [
        (ALL, vec![]),
        (
            &[("fk", 0), ("fk", 0), ("nobody", 0)],
            vec![
                PartyTwice { share: 1, party: party("fk") },
                PartyUnknown { share: 2, party: party("nobody") },
            ],
        ),
        (
            &[("sala", 0), ("koping", 0)],
            vec![
                GroupWithoutParty(Group::State),
                GroupWithoutParty(Group::Region),
                GroupWithoutWeight(Group::Municipalities),
            ],
        ),
        (&[], Group::ALL.map(GroupWithoutParty).to_vec()),
    ] {
        let (groups, standings) = (groups(), BTreeMap::new());
        let refusal = decide(parts(100, of), facts(&groups, &standings)).err();
        let expected = (!faults.is_empty()).then_some(DecideRefusal::Faulty(faults));
        assert_eq!(refusal, expected, "{of:?}");
    }
}

#[test]
fn a_decision_is_refused_for_its_day_its_name_its_year_or_what_is_paid_in_that_order() {
    let groups = groups();
    let paid =
        BTreeMap::from([(id("sala"), Standing { agreed: Ore::new(1000), paid: Ore::new(60) })]);
    let nothing = BTreeMap::new();
    let good = facts(&groups, &nothing);
    let below =
        DecideRefusal::BelowPaid { party: id("sala"), agreed: Ore::new(12), paid: Ore::new(60) };
    let in_future = DecisionFault::InFuture(InFuture(day("2024-11-28")));
    let all = DecideFacts {
        is_taken: true,
        closed_through: Some(2025),
        standings: &paid,
        today: day("2024-11-27"),
        ..good
    };
    let today = day("2025-07-01");
    for (facts, refusal) in [
        (good, None),
        (all, Some(DecideRefusal::Faulty(vec![in_future]))),
        (DecideFacts { today, ..all }, Some(DecideRefusal::Taken)),
        (DecideFacts { today, is_taken: false, ..all }, Some(DecideRefusal::YearClosed(year()))),
        (DecideFacts { today, is_taken: false, closed_through: Some(2024), ..all }, Some(below)),
    ] {
        assert_eq!(decide(parts(100, ALL), facts).err(), refusal, "{facts:?}");
    }
}

#[test]
fn a_later_decision_posts_what_differs_for_each_party() {
    let groups = groups();
    let standings: BTreeMap<Slug, Standing> = decided(400, ALL)
        .shares
        .into_iter()
        .map(|share| (share.party.id, Standing { agreed: share.amount, paid: Ore::ZERO }))
        .collect();
    let second = [("fk", 0), ("region", 0), ("sala", 1), ("fagersta", 1)];
    let facts = DecideFacts { versions: 1, ..facts(&groups, &standings) };
    let (decision, voucher) = decide(parts(800, &second), facts).unwrap();
    assert_eq!((decision.version, amounts(&decision)), (2, vec![400, 200, 100, 100]));
    let owed: Vec<(String, i64)> = voucher
        .postings()
        .iter()
        .filter(|posting| posting.account == Account::Receivable)
        .map(|posting| (posting.party.as_ref().unwrap().to_string(), posting.amount.get()))
        .collect();
    let expected = [("fagersta", 100), ("fk", 200), ("koping", -53), ("region", 100), ("sala", 53)];
    assert_eq!(owed, expected.map(|(party, ore)| (party.to_owned(), ore)));
    assert!(voucher.postings().iter().all(|posting| posting.day == day("2025-01-01")));
}

#[test]
fn a_party_that_has_paid_is_not_left_out_of_a_later_decision() {
    let groups = groups();
    let second = [("fk", 0), ("region", 0), ("sala", 1), ("fagersta", 1)];
    for (paid, is_refused) in [(0, false), (1, true)] {
        let standing = Standing { agreed: Ore::new(53), paid: Ore::new(paid) };
        let standings = BTreeMap::from([(id("koping"), standing)]);
        let refused = decide(parts(800, &second), facts(&groups, &standings)).err();
        let below = DecideRefusal::BelowPaid {
            party: id("koping"),
            agreed: Ore::ZERO,
            paid: Ore::new(paid),
        };
        assert_eq!(refused, is_refused.then_some(below));
    }
}

fn payment(ore: i64, on: &str, comment: &str) -> PaymentParts {
    PaymentParts {
        name: ContributionPaymentName::parse("name", "federations/f/contributionPayments/p1").ok(),
        year: Some(year()),
        party: Some(party("sala")),
        amount: SignedAmount::new(Ore::new(ore)).ok(),
        payment_date: Some(day(on)),
        bank_reference: Some("BG 1".to_owned()),
        comment: Some(comment.to_owned()),
        synthetic: false,
    }
}

fn pay_facts(agreed: i64, paid: i64) -> PayFacts {
    PayFacts {
        is_taken: false,
        party_is_known: true,
        standing: Standing { agreed: Ore::new(agreed), paid: Ore::new(paid) },
        closed_through: Some(2024),
        today: day("2025-07-01"),
    }
}

#[test]
fn a_party_never_pays_more_than_it_owes_nor_takes_back_more_than_it_has_paid() {
    let overpaid = |amount, outstanding| {
        Some(PayRefusal::Overpaid { amount: Ore::new(amount), outstanding: Ore::new(outstanding) })
    };
    let below_zero = |amount, paid| {
        Some(PayRefusal::BelowZero { amount: Ore::new(amount), paid: Ore::new(paid) })
    };
    for (agreed, paid, ore, refusal) in [
        (100, 0, 100, None),
        (100, 40, 60, None),
        (100, 40, 61, overpaid(61, 60)),
        (0, 0, 1, overpaid(1, 0)),
        (100, 40, -40, None),
        (100, 40, -41, below_zero(-41, 40)),
    ] {
        let answer = pay(payment(ore, "2025-03-31", "rättelse"), pay_facts(agreed, paid));
        assert_eq!(answer.err(), refusal, "{ore} of {agreed}, {paid} paid");
    }
}

#[test]
fn a_payment_is_refused_for_what_is_wrong_with_it_before_what_stands_against_it() {
    let closed = PayRefusal::YearClosed(2024);
    let faults = vec![
        PaymentFault::PartyUnknown(party("sala")),
        PaymentFault::InFuture(day("2025-07-02")),
        PaymentFault::CommentMissing,
    ];
    let facts = PayFacts { party_is_known: false, is_taken: true, ..pay_facts(0, 0) };
    let wrong = payment(-1, "2025-07-02", "");
    assert_eq!(pay(wrong, facts), Err(PayRefusal::Faulty(faults)));
    let taken = PayFacts { is_taken: true, ..pay_facts(0, 0) };
    assert_eq!(pay(payment(1, "2024-12-31", ""), taken), Err(PayRefusal::Taken));
    assert_eq!(pay(payment(1, "2024-12-31", ""), pay_facts(0, 0)), Err(closed));
}

#[test]
fn a_payment_is_booked_in_the_year_it_came_whatever_year_it_is_for() {
    let facts = PayFacts { today: day("2026-02-01"), ..pay_facts(100, 0) };
    let (paid, voucher): (Payment, Voucher) = pay(payment(100, "2026-01-15", ""), facts).unwrap();
    assert_eq!(paid.year, year());
    assert!(voucher.postings().iter().all(|posting| posting.day == day("2026-01-15")));
}

#[test]
fn the_table_has_a_row_for_each_party_that_owes_by_group_and_name() {
    let names = HashMap::from([
        (party("fk"), "Försäkringskassan".to_owned()),
        (party("sala"), "Sala kommun".to_owned()),
        (party("koping"), "Köpings kommun".to_owned()),
        (party("fagersta"), "Älvstaden".to_owned()),
    ]);
    let of = [("fagersta", 1), ("sala", 0), ("koping", 2), ("fk", 0), ("region", 0)];
    let decision = decided(1200, &of);
    let paid = BTreeMap::from([(id("fk"), Ore::new(500)), (id("koping"), Ore::new(200))]);
    let table = compute(Some(&decision), &paid, &names);
    let rows: Vec<_> = table
        .rows
        .iter()
        .map(|row| {
            let table::Amounts { agreed, paid, outstanding, share_permille } = row.amounts;
            (row.display_name.as_str(), agreed.get(), paid.get(), outstanding.get(), share_permille)
        })
        .collect();
    let expected = [
        ("Försäkringskassan", 600, 500, 100, 500),
        ("region", 300, 0, 300, 250),
        ("Köpings kommun", 200, 200, 0, 167),
        ("Älvstaden", 100, 0, 100, 83),
    ];
    assert_eq!(rows, expected);
    assert_eq!((table.total.agreed, table.total.outstanding), (Ore::new(1200), Ore::new(500)));
    assert_eq!(compute(None, &BTreeMap::new(), &names), table::ContributionTable::default());
}
