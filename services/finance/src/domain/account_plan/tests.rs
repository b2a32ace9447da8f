//! What a plan may be.

use super::*;

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn party(id: &str) -> PartyName {
    PartyName::new(slug("f"), slug(id))
}

fn mapped(
    account: Account,
    cost_kind: Option<CostKind>,
    number: &str,
    title: &str,
) -> Option<MappedAccount> {
    let (number, title) = (number.to_owned(), title.to_owned());
    Some(MappedAccount { account, cost_kind, number, title })
}

fn code<N>(name: N, code: &str) -> Option<Mapped<N>> {
    Some(Mapped { name, code: code.to_owned() })
}

fn parts() -> AccountPlanParts {
    AccountPlanParts {
        accounts: vec![
            mapped(Account::Bank, None, "1930", "Bank"),
            mapped(Account::Initiatives, None, "4000", "Insatser"),
            mapped(Account::Initiatives, Some(CostKind::Staff), "4010", "Personal i insatser"),
        ],
        parties: vec![code(party("sala"), "82")],
        party_dimension: 20,
        voucher_series: Some("S".to_owned()),
        ..AccountPlanParts::default()
    }
}

fn facts() -> SetFacts {
    SetFacts { parties: [party("sala")].into(), ..SetFacts::default() }
}

fn enter(parts: AccountPlanParts) -> Result<AccountPlan, SetRefusal> {
    set(slug("f"), None, "", parts, &facts())
}

#[test]
fn a_kind_of_cost_has_its_own_account_or_that_of_all_the_others() {
    let plan = enter(parts()).unwrap();
    let number = |account, kind| plan.account(account, kind).map(|row| row.number.as_str());
    assert_eq!(number(Account::Initiatives, Some(CostKind::Staff)), Some("4010"));
    assert_eq!(number(Account::Initiatives, Some(CostKind::Other)), Some("4000"));
    assert_eq!(number(Account::Bank, None), Some("1930"));
    assert_eq!(number(Account::Payable, None), None);
}

#[test]
fn every_fault_of_a_plan_is_told_at_once() {
    let mut parts = parts();
    parts.accounts.extend([
        mapped(Account::OwnCosts, None, "5000", "Eget"),
        mapped(Account::Bank, Some(CostKind::Staff), "1931", "Bank"),
        mapped(Account::Bank, None, "1930", "Plusgiro"),
        None,
    ]);
    parts.parties.extend([code(party("sala"), "83"), code(party("nowhere"), "84")]);
    parts.grants = vec![code(GrantName::new(slug("f"), slug("g")), "1")];
    parts.party_dimension = 19;
    let list = List::Parties;
    let nowhere = party("nowhere").to_string();
    let expected = vec![
        PlanFault::AccountNotExported { row: 3, account: Account::OwnCosts },
        PlanFault::CostKindNotAllowed { row: 4 },
        PlanFault::AccountTwice { row: 5, account: Account::Bank },
        PlanFault::TitleDiffers { row: 5, number: "1930".to_owned(), title: "Bank".to_owned() },
        PlanFault::Twice { list, row: 1, name: party("sala").to_string() },
        PlanFault::Unknown { list, row: 2, name: nowhere },
        PlanFault::Unknown {
            list: List::Grants,
            row: 0,
            name: "federations/f/grants/g".to_owned(),
        },
        PlanFault::DimensionNotFree(19),
    ];
    assert_eq!(enter(parts), Err(SetRefusal::Faulty(expected)));
}

#[test]
fn a_dimension_is_needed_with_parties_and_only_then() {
    let without = AccountPlanParts { party_dimension: 0, ..parts() };
    let missing = SetRefusal::Faulty(vec![PlanFault::DimensionNotFree(0)]);
    assert_eq!(enter(without.clone()), Err(missing));
    let without = AccountPlanParts { parties: vec![], ..without };
    assert_eq!(enter(without).unwrap().party_dimension, None);
}

#[test]
fn a_plan_is_replaced_by_whoever_has_read_the_one_there_is() {
    let first = enter(parts()).unwrap();
    assert_eq!(set(slug("f"), None, "1", parts(), &facts()), Err(SetRefusal::Stale));
    let second = set(slug("f"), Some(&first), "1", parts(), &facts()).unwrap();
    assert_eq!(second.etag(), "2");
    assert_eq!(set(slug("f"), Some(&second), "1", parts(), &facts()), Err(SetRefusal::Stale));
}
