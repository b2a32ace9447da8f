//! The demonstration's files say what the published report says: the half-year
//! report 2025 of Samordningsförbundet Västmanland.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use proto::{
    finance::{ImportFinanceRequest, LedgerAccount},
    organisation::PartyKind,
};
use values::{OrganisationNumber, Period};

use crate::import::{kinds, plan::Plan, tables};

pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/demo")
}

pub(super) fn demo() -> Plan {
    let folder = folder();
    let contents = tables::gather(&folder).unwrap().unwrap();
    let plan = Plan::of(&contents, "vastmanland");
    assert_eq!(plan.faults(&[]), []);
    plan
}

const ORE_PER_TKR: i64 = 100_000;

/// Recipient, granted for 2025 and requisitioned January–June, in tkr.
const PUBLISHED: [(&str, i64, i64); 7] = [
    ("Teamsamverkan Västra Mälardalen", 1550, 937),
    ("Samordningsteam FNS", 1650, 589),
    ("Samordningsteam Hallstahammar", 1250, 580),
    ("Samordningsteam Sala", 1720, 787),
    ("Samordningsteam Surahammar", 1250, 505),
    ("Samordningsteam Västerås", 6100, 2359),
    ("Psykiatriresurs från Region Västmanland", 321, 116),
];

/// Granted and requisitioned by display name of the recipient, in öre.
fn funding(finance: &ImportFinanceRequest) -> BTreeMap<&str, (i64, i64)> {
    let mut funding = BTreeMap::new();
    for recipient in &finance.recipients {
        let grants = finance.grants.iter().filter(|grant| grant.recipient == recipient.name);
        let (mut granted, mut requisitioned) = (0, 0);
        for grant in grants {
            granted += grant.amount_ore;
            let claims = finance.requisitions.iter().filter(|claim| claim.grant == grant.name);
            let lines = claims.flat_map(|claim| &claim.cost_lines);
            requisitioned += lines.map(|line| line.amount_ore).sum::<i64>();
        }
        funding.insert(recipient.display_name.as_str(), (granted, requisitioned));
    }
    funding
}

#[test]
fn every_recipient_has_the_published_amounts_to_the_ore() {
    let plan = demo();
    let expected: BTreeMap<&str, (i64, i64)> = PUBLISHED
        .into_iter()
        .map(|(name, granted, claimed)| (name, (granted * ORE_PER_TKR, claimed * ORE_PER_TKR)))
        .collect();
    assert_eq!(funding(&plan.requests.finance), expected);
}

#[test]
fn the_totals_are_the_published_ones() {
    let plan = demo();
    let amounts = funding(&plan.requests.finance);
    let granted: i64 = amounts.values().map(|(granted, _)| granted).sum();
    let requisitioned: i64 = amounts.values().map(|(_, requisitioned)| requisitioned).sum();
    assert_eq!((granted, requisitioned), (13_841 * ORE_PER_TKR, 5_873 * ORE_PER_TKR));
}

#[test]
fn the_parties_have_paid_half_of_what_the_law_gives_each_to_the_ore() {
    let plan = demo();
    let decision = &plan.requests.finance.contribution_decisions[0];
    let total = decision.total_ore;
    let weights: i64 = decision.shares.iter().map(|share| share.weight).sum();
    for share in &decision.shares {
        let whole = match share.party.rsplit('/').next().unwrap() {
            "forsakringskassan" => total / 2,
            "region-vastmanland" => total / 4,
            _ => total / 4 * share.weight / weights,
        };
        let payments = plan.requests.finance.contribution_payments.iter();
        let paid = payments.filter(|payment| payment.party == share.party);
        let paid: i64 = paid.map(|payment| payment.amount_ore).sum();
        assert_eq!(paid * 2, whole, "{}", share.party);
    }
    assert_eq!(decision.shares.len(), 12, "Försäkringskassan pays for Arbetsförmedlingen too");
}

#[test]
fn the_budget_gives_every_recipient_what_is_granted() {
    let plan = demo();
    let rows = plan.requests.finance.budgets.iter().flat_map(|budget| &budget.rows);
    let meant = rows.filter(|row| !row.recipient.is_empty());
    let meant: BTreeMap<&str, i64> = meant.map(|row| (&*row.recipient, row.amount_ore)).collect();
    let grants = plan.requests.finance.grants.iter();
    let granted = grants.map(|grant| (grant.recipient.as_str(), grant.amount_ore)).collect();
    assert_eq!(meant, granted);
}

#[test]
fn the_general_ledger_has_a_code_for_everyone_who_gets_or_pays_and_an_account_for_every_cost() {
    let plan = demo();
    let finance = &plan.requests.finance;
    let accounts = finance.account_plan.as_ref().unwrap();
    let codes = accounts.parties.iter().map(|row| (row.party.as_str(), row.code.as_str()));
    let codes: BTreeMap<&str, &str> = codes.collect();
    let meant = plan.requests.organisation.parties.iter().map(|party| {
        let code = match party.kind() {
            PartyKind::Municipality => "82",
            PartyKind::Region => "84",
            _ if party.name.ends_with("/forsakringskassan") => "814",
            _ => "815",
        };
        (party.name.as_str(), code)
    });
    assert_eq!(codes, meant.collect());
    let centres: Vec<_> = accounts.recipients.iter().map(|row| &row.recipient).collect();
    assert_eq!(centres, finance.recipients.iter().map(|row| &row.name).collect::<Vec<_>>());
    let projects: Vec<_> = accounts.grants.iter().map(|row| &row.grant).collect();
    assert_eq!(projects, finance.grants.iter().map(|row| &row.name).collect::<Vec<_>>());
    // One for each kind of cost but the last, which the one without a kind is for.
    let kinds = accounts.accounts.iter().filter(|row| row.account() == LedgerAccount::Initiatives);
    assert_eq!(kinds.count(), 6);
}

#[test]
fn every_requisition_lies_in_the_half_year_and_in_its_grant() {
    let plan = demo();
    let first_half = platform::convert::period_from_proto(
        "period",
        plan.requests.reporting.reporting_periods[0].period,
    );
    let first_half = first_half.unwrap();
    for requisition in &plan.requests.finance.requisitions {
        let period = platform::convert::period_from_proto("period", requisition.period).unwrap();
        assert!(first_half.covers(period), "{}", requisition.name);
        assert!(Period::year(2025).unwrap().covers(period));
    }
}

#[test]
fn the_three_teams_that_published_figures_have_them_and_no_other() {
    let plan = demo();
    let reported = &plan.requests.reporting.reported_figures;
    let counts: Vec<_> = reported
        .iter()
        .map(|figures| (figures.name.rsplit('/').next().unwrap(), figures.counts.len()))
        .collect();
    assert_eq!(counts, [("vastra-malardalen", 8), ("hallstahammar", 16), ("surahammar", 15)]);
    let surahammar = &reported[2];
    let queue: Vec<_> = surahammar.counts.iter().filter(|count| count.figure == "queue").collect();
    assert_eq!(queue.len(), 1);
    assert_eq!((queue[0].category.as_str(), queue[0].count), ("total", 6));
}

#[test]
fn every_municipality_is_served_by_one_team_and_is_a_party() {
    let plan = demo();
    let organisation = &plan.requests.organisation;
    let mut served: Vec<&String> =
        organisation.teams.iter().flat_map(|team| &team.municipalities).collect();
    served.sort();
    let all: Vec<&String> = organisation.municipalities.iter().map(|row| &row.name).collect();
    assert_eq!(served, all);
    assert_eq!((all.len(), organisation.parties.len(), organisation.teams.len()), (10, 13, 6));
}

#[test]
fn what_the_report_lacks_is_made_up_and_says_so() {
    let plan = demo();
    assert!(plan.requests.organisation.federations.iter().all(|row| row.synthetic));
    assert!(plan.requests.organisation.parties.iter().all(|row| row.synthetic));
    assert!(
        plan.requests
            .finance
            .grants
            .iter()
            .all(|row| row.synthetic && row.dnr.starts_with("SYNT "))
    );
    let finance = &plan.requests.finance;
    assert!(finance.requisitions.iter().all(|row| row.synthetic));
    assert!(finance.financial_years.iter().all(|row| row.synthetic));
    assert!(finance.contribution_decisions.iter().all(|row| row.synthetic));
    assert!(finance.contribution_payments.iter().all(|row| row.synthetic));
    assert!(finance.budgets.iter().all(|row| row.synthetic));
    assert!(finance.budget_forecasts.iter().all(|row| row.synthetic));
    assert!(finance.own_costs.iter().all(|row| row.synthetic));
    assert!(finance.staffing_financings.iter().all(|row| row.synthetic));
    let federation =
        plan.requests.organisation.federations.iter().map(|row| &row.organisation_number);
    let parties = plan.requests.organisation.parties.iter().map(|row| &row.organisation_number);
    let mut numbers: Vec<&String> = federation.chain(parties).collect();
    for number in &numbers {
        assert!(number.starts_with("999900-"), "{number} is not of the made-up series");
        OrganisationNumber::parse("organisation_number", number).unwrap();
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 14);
}

#[test]
fn every_table_and_column_is_described() {
    let description = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for kind in kinds::ALL {
        assert!(description.contains(&format!("**{}**", kind.name)), "{}", kind.name);
        for column in kind.columns.iter().chain(kind.optional_columns) {
            assert!(description.contains(&format!("`{column}`")), "{}: {column}", kind.name);
        }
    }
}

#[test]
fn nobody_is_named_and_no_cost_line_can_be_mistaken_for_a_person() {
    let plan = demo();
    let lines =
        plan.requests.finance.requisitions.iter().flat_map(|requisition| &requisition.cost_lines);
    for line in lines {
        assert!(!line.description.chars().any(|character| character.is_ascii_digit()));
    }
}
