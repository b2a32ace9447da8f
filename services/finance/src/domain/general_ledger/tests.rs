//! Vouchers in the plan's words: what goes there, under which codes, and what is
//! told when the plan is not whole.

use values::name::GrantName;

use super::*;
use crate::domain::{account_plan::MappedAccount, ledger::vouchers};
use vouchers::Costs;

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn day(month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, 15).unwrap()
}

fn recorded(sequence: i64, event: &str, postings: &[Posting]) -> Recorded {
    let postings = postings.iter().filter(|posting| !posting.account.is_of_grant());
    Recorded {
        sequence,
        event: event.to_owned(),
        subject: "federations/f/requisitions/r1".to_owned(),
        recorded_on: day(7),
        postings: postings.cloned().collect(),
    }
}

fn costs() -> Costs {
    let amount = |ore| crate::domain::ledger::Amount::new(Ore::new(ore)).unwrap();
    Costs {
        grant: slug("sala-2025"),
        party: slug("sala"),
        day: day(6),
        by_kind: vec![(CostKind::Staff, amount(100)), (CostKind::Other, amount(20))],
    }
}

fn year() -> Vec<Recorded> {
    let own = [
        vouchers::of_year(Account::OwnCosts, day(3), Ore::new(7)),
        vouchers::of_year(Account::Bank, day(3), Ore::new(-7)),
    ];
    let opening = [
        vouchers::of_year(Account::Bank, day(1), Ore::new(3)),
        vouchers::of_party(Account::Payable, &slug("sala"), day(1), Ore::new(-3)),
    ];
    vec![
        recorded(1, "financial_year.opened", &opening),
        recorded(2, "own_cost.recorded", &own),
        recorded(3, "requisition.approved", vouchers::post(&costs()).postings()),
        recorded(
            5,
            "requisition.paid",
            vouchers::pay(&slug("sala"), day(7), Ore::new(120)).postings(),
        ),
    ]
}

fn plan(accounts: &[(Account, Option<CostKind>, &str)]) -> AccountPlan {
    let account = |(account, cost_kind, number): &(Account, Option<CostKind>, &str)| {
        let (number, title) = ((*number).to_owned(), format!("Konto {number}"));
        MappedAccount { account: *account, cost_kind: *cost_kind, number, title }
    };
    fn mapped<N>(name: N, code: &str) -> Vec<Mapped<N>> {
        vec![Mapped { name, code: code.to_owned() }]
    }
    AccountPlan {
        federation: slug("f"),
        accounts: accounts.iter().map(account).collect(),
        parties: mapped(PartyName::new(slug("f"), slug("sala")), "82"),
        recipients: mapped(RecipientName::new(slug("f"), slug("sala")), "10"),
        grants: mapped(GrantName::new(slug("f"), slug("sala-2025")), "P1"),
        party_dimension: Some(20),
        voucher_series: "S".to_owned(),
        revision: 1,
    }
}

fn names() -> Names {
    let recipient = RecipientName::new(slug("f"), slug("sala"));
    Names {
        parties: [(PartyName::new(slug("f"), slug("sala")), "Sala kommun".to_owned())].into(),
        recipient_of_grant: [(slug("sala-2025"), (recipient, "Team Sala".to_owned()))].into(),
    }
}

#[test]
fn what_is_approved_and_paid_goes_there_and_own_costs_and_the_years_own_vouchers_do_not() {
    let plan = plan(&[
        (Account::Bank, None, "1930"),
        (Account::Payable, None, "2440"),
        (Account::Initiatives, None, "4000"),
        (Account::Initiatives, Some(CostKind::Staff), "4010"),
    ]);
    let ledger = compute(Some(&plan), year(), None, &names()).unwrap();
    let told: Vec<_> = ledger
        .entries
        .iter()
        .map(|entry| {
            let lines = entry.lines.iter();
            let lines: Vec<_> =
                lines.map(|line| (line.account.as_str(), line.amount.get())).collect();
            (entry.number, lines)
        })
        .collect();
    assert_eq!(
        told,
        [
            (3, vec![("4010", 100), ("4000", 20), ("2440", -120)]),
            (5, vec![("2440", 120), ("1930", -120)]),
        ]
    );
    let staff = &ledger.entries[0].lines[0];
    let object = |dimension, code: &str| (dimension, code.to_owned());
    assert_eq!(staff.objects, [object(1, "10"), object(6, "P1"), object(20, "82")]);
    assert_eq!(ledger.entries[1].lines[1].objects, []);
    let stands_for = &ledger.objects[&object(20, "82")];
    assert_eq!(stands_for.iter().collect::<Vec<_>>(), ["Sala kommun"]);
    assert_eq!(ledger.accounts["4010"], "Konto 4010");
}

#[test]
fn only_vouchers_of_the_period_are_there_and_keep_their_numbers() {
    let plan = plan(&[(Account::Bank, None, "1930"), (Account::Payable, None, "2440")]);
    let july = Period::new("period", day(7), day(8)).unwrap();
    let ledger = compute(Some(&plan), year(), Some(july), &names()).unwrap();
    assert_eq!(ledger.entries.iter().map(|entry| entry.number).collect::<Vec<_>>(), [5]);
}

#[test]
fn a_voucher_is_of_the_first_day_that_its_lines_count_on() {
    let plan = plan(&[(Account::Bank, None, "1930"), (Account::Payable, None, "2440")]);
    let paid = |month, ore| {
        let voucher = vouchers::pay(&slug("sala"), day(month), Ore::new(ore));
        voucher.postings().to_vec()
    };
    let both = recorded(6, "requisition.paid", &[paid(8, 1), paid(7, 2)].concat());
    let ledger = compute(Some(&plan), vec![both], None, &names()).unwrap();
    let entry = &ledger.entries[0];
    assert_eq!((entry.day, entry.lines[0].day, entry.lines[2].day), (day(7), day(8), day(7)));
}

#[test]
fn everything_without_an_account_is_told_once() {
    let plan = plan(&[(Account::Initiatives, Some(CostKind::Staff), "4010")]);
    let missing = compute(Some(&plan), year(), None, &names()).unwrap_err();
    assert_eq!(missing.accounts, [Account::Bank, Account::Payable].into());
    assert_eq!(missing.cost_kinds, [CostKind::Other].into());
    let missing = compute(None, year(), None, &names()).unwrap_err();
    assert_eq!(missing.cost_kinds, [CostKind::Staff, CostKind::Other].into());
    assert_eq!(compute(None, vec![], None, &names()), Ok(GeneralLedger::default()));
}
