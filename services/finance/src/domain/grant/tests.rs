//! What makes a grant, and what the board cannot have decided.

use values::{Ore, Slug};

use super::*;
use crate::domain::ledger::Account;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn period(first: NaiveDate, last: NaiveDate) -> Period {
    Period::new("period", first, last).unwrap()
}

fn decision() -> DecisionParts {
    DecisionParts {
        name: GrantName::parse("name", "federations/f/grants/sala-2025").ok(),
        recipient: RecipientName::parse("name", "federations/f/recipients/sala").ok(),
        parent: None,
        period: GrantPeriod::new(Period::year(2025).unwrap()).ok(),
        amount: Amount::new(Ore::new(172_000_000)).ok(),
        dnr: Some("2024/17".to_owned()),
        decision_date: Some(day(2024, 11, 28)),
        deciding_body: Some("Styrelsen".to_owned()),
        synthetic: false,
    }
}

fn create(parts: DecisionParts, facts: CreateFacts) -> Result<(Grant, Voucher), CreateRefusal> {
    let recorder = Slug::parse("id", "kansli").unwrap();
    let actor = AccountName::new(Slug::parse("id", "f").unwrap(), recorder);
    super::create(parts, facts, actor, DateTime::UNIX_EPOCH)
}

fn parent(left_ore: i64) -> Parent {
    Parent {
        is_sub_project: false,
        period: GrantPeriod::new(Period::year(2025).unwrap()).unwrap(),
        balances: Balances { left: Ore::new(left_ore), ..Balances::default() },
    }
}

fn sub_project() -> DecisionParts {
    let above = GrantName::parse("name", "federations/f/grants/sala-2025").ok();
    let name = GrantName::parse("name", "federations/f/grants/sala-unga").ok();
    DecisionParts { name, parent: above, ..decision() }
}

fn facts() -> CreateFacts {
    CreateFacts {
        is_taken: false,
        recipient_is_known: true,
        parent: ParentFact::Unknown,
        closed_through: None,
        today: day(2024, 11, 28),
    }
}

#[test]
fn a_new_grant_opens_its_ledger_with_all_of_it_left() {
    let (grant, opening) = create(decision(), facts()).unwrap();
    assert_eq!(grant.balances.left, Ore::new(172_000_000));
    assert!(opening.postings().iter().all(|posting| posting.day == day(2025, 1, 1)));
}

#[test]
fn every_fault_of_a_decision_is_told_at_once() {
    let facts = CreateFacts { recipient_is_known: false, today: day(2024, 11, 27), ..facts() };
    let expected = CreateRefusal::Faulty(vec![
        DecisionFault::RecipientUnknown(decision().recipient.unwrap()),
        DecisionFault::DecisionDateInFuture(day(2024, 11, 28)),
    ]);
    let unreadable = DecisionParts { amount: None, ..decision() };
    assert_eq!(create(decision(), facts), Err(expected.clone()));
    assert_eq!(create(unreadable, facts), Err(expected));
}

#[test]
fn a_decision_is_never_recorded_over_another() {
    let facts = CreateFacts { is_taken: true, ..facts() };
    assert_eq!(create(decision(), facts), Err(CreateRefusal::Taken));
}

#[test]
fn a_grant_is_for_days_of_one_calendar_year() {
    let across = period(day(2025, 7, 1), day(2026, 6, 30));
    assert_eq!(GrantPeriod::new(across), Err(NotInOneYear(across)));
    assert!(GrantPeriod::new(period(day(2025, 7, 1), day(2025, 12, 31))).is_ok());
}

#[test]
fn a_sub_project_gets_its_money_from_the_grant_above() {
    let facts = CreateFacts { parent: ParentFact::Known(parent(172_000_000)), ..facts() };
    let (grant, opening) = create(sub_project(), facts).unwrap();
    assert_eq!(grant.balances.left, Ore::new(172_000_000));
    let above = grant.decision.parent.as_ref().unwrap();
    let after = parent(172_000_000).balances.after(&above.id, &opening).unwrap();
    assert_eq!((after.left, after.allotted), (Ore::ZERO, Ore::new(172_000_000)));
    let board = opening.postings().iter().filter(|posting| posting.account == Account::Board);
    assert_eq!(board.count(), 1);

    let facts = CreateFacts { parent: ParentFact::Known(parent(171_999_999)), ..facts };
    let expected =
        CreateRefusal::GrantOverdrawn { asked: Ore::new(172_000_000), left: Ore::new(171_999_999) };
    assert_eq!(create(sub_project(), facts), Err(expected));
}

#[test]
fn the_grant_above_is_there_is_no_sub_project_and_covers_the_days() {
    let above = sub_project().parent.unwrap();
    let unknown = create(sub_project(), facts());
    let expected = vec![DecisionFault::ParentUnknown(above.clone())];
    assert_eq!(unknown, Err(CreateRefusal::Faulty(expected)));

    let autumn = period(day(2025, 7, 1), day(2025, 12, 31));
    let nested = Parent {
        is_sub_project: true,
        period: GrantPeriod::new(autumn).unwrap(),
        ..parent(172_000_000)
    };
    let facts = CreateFacts { parent: ParentFact::Known(nested), ..facts() };
    let expected = vec![
        DecisionFault::ParentIsSubProject(above),
        DecisionFault::PeriodOutsideParent {
            period: Period::year(2025).unwrap(),
            parent_period: autumn,
        },
    ];
    assert_eq!(create(sub_project(), facts), Err(CreateRefusal::Faulty(expected)));
    let facts = CreateFacts { parent: ParentFact::Unreadable, ..facts };
    assert!(create(sub_project(), facts).is_ok(), "told where it is read");
}

#[test]
fn nothing_is_granted_in_a_closed_year_or_one_before_it() {
    for (closed_through, refused) in [(None, false), (Some(2024), false), (Some(2025), true)] {
        let facts = CreateFacts { closed_through, ..facts() };
        let expected = refused.then_some(CreateRefusal::YearClosed(2025));
        assert_eq!(create(decision(), facts).err(), expected);
    }
    let facts = CreateFacts { closed_through: Some(2026), ..facts() };
    assert_eq!(create(decision(), facts), Err(CreateRefusal::YearClosed(2025)));
}
