//! Later decisions on grants and the account plan: what their rows become, and what is
//! wrong with them.

use proto::finance as pb;
use rust_xlsxwriter::Workbook;
use sheets::testing::texts;

use super::{
    books::folder,
    fake::fault,
    files::{GRANTS, answer, assert_faults, brief, plan, with},
};
use crate::import::Section;

const AMENDMENTS: &str =
    "grant;first_day;last_day;amount_kronor;dnr;decision_date;deciding_body;reason\n";
const PLAN: &str = "voucher_series;party_dimension\n";
const ACCOUNTS: &str = "account;cost_kind;number;title\n";
const CODES: &str = "kind;id;code\n";

#[test]
fn a_later_decision_is_read_and_what_the_service_says_of_it_stands_at_its_cells() {
    let grant = "g1;sala;2025-01-01;2025-12-31;1000;1;2025-01-02;Styrelsen\n";
    let rows = "g1;2025-02-01;2025-11-30;1 500,50;2025/4;2025-04-01;Styrelsen;Fler platser\n\
                none;2025-01-01;2025-12-31;1;2025/5;2025-04-01;Styrelsen;Fler platser\n";
    let plan = plan(&[
        ("grants.csv", &with(GRANTS, grant)),
        ("grant-amendments.csv", &with(AMENDMENTS, rows)),
    ]);
    assert_eq!(plan.faults(&[]), []);
    let day = |month, day| Some(proto::Date { year: 2025, month, day });
    let expected = pb::GrantAmendment {
        name: "federations/f/grants/g1".to_owned(),
        period: Some(proto::common::Period { first_day: day(2, 1), last_day: day(11, 30) }),
        amount_ore: 150_050,
        dnr: "2025/4".to_owned(),
        decision_date: day(4, 1),
        deciding_body: "Styrelsen".to_owned(),
        reason: "Fler platser".to_owned(),
    };
    assert_eq!(plan.requests.finance.grant_amendments[0], expected);
    let told = vec![
        fault("grant_amendments[0].amount_ore", "GRANT_BELOW_CLAIMED"),
        fault("grant_amendments[0].dnr", "GRANT_AMENDMENT_DIFFERS"),
        fault("grant_amendments[1].name", "GRANT_UNKNOWN"),
    ];
    let faults = plan.faults(&[(Section::Finance, answer(told))]);
    let file = "grant-amendments.csv";
    let expected = [
        (file, 2, "amount_kronor", "GRANT_BELOW_CLAIMED"),
        (file, 2, "dnr", "GRANT_AMENDMENT_DIFFERS"),
        (file, 3, "grant", "GRANT_UNKNOWN"),
    ];
    assert_eq!(faults.iter().map(brief).collect::<Vec<_>>(), expected);
}

#[test]
fn an_account_plan_is_one_from_three_tables() {
    let plan = plan(&[
        ("account-plan.csv", &with(PLAN, "S;20\n")),
        (
            "account-plan-accounts.csv",
            &with(ACCOUNTS, "bank;;1930;Bank\ninitiatives;staff;4010;Personal\n"),
        ),
        (
            "account-plan-codes.csv",
            &with(CODES, "party;sala;82\ngrant;g1;P1\nrecipient;r1;10\nparty;fk;81\n"),
        ),
    ]);
    assert_eq!(plan.faults(&[]), []);
    let entered = plan.requests.finance.account_plan.as_ref().unwrap();
    assert_eq!((entered.voucher_series.as_str(), entered.party_dimension), ("S", 20));
    let accounts = entered.accounts.iter();
    let accounts: Vec<_> =
        accounts.map(|row| (row.account(), row.cost_kind(), row.number.as_str())).collect();
    let (bank, initiatives) = (pb::LedgerAccount::Bank, pb::LedgerAccount::Initiatives);
    let every = pb::CostKind::Unspecified;
    assert_eq!(accounts, [(bank, every, "1930"), (initiatives, pb::CostKind::Staff, "4010")]);
    let parties: Vec<_> = entered.parties.iter().map(|row| (&*row.party, &*row.code)).collect();
    assert_eq!(parties, [("federations/f/parties/sala", "82"), ("federations/f/parties/fk", "81")]);
    assert_eq!(entered.recipients[0].recipient, "federations/f/recipients/r1");
    assert_eq!(entered.grants[0].code, "P1");

    let told = vec![
        fault("account_plan.voucher_series", "ACCOUNT_PLAN_DIFFERS"),
        fault("account_plan.accounts[1].number", "ACCOUNT_NUMBER_MALFORMED"),
        fault("account_plan.parties[1].party", "PARTY_UNKNOWN"),
    ];
    let faults = plan.faults(&[(Section::Finance, answer(told))]);
    let expected = [
        ("account-plan.csv", 2, "voucher_series", "ACCOUNT_PLAN_DIFFERS"),
        ("account-plan-accounts.csv", 3, "number", "ACCOUNT_NUMBER_MALFORMED"),
        ("account-plan-codes.csv", 5, "id", "PARTY_UNKNOWN"),
    ];
    assert_eq!(faults.iter().map(brief).collect::<Vec<_>>(), expected);
}

#[test]
fn a_plan_that_cannot_be_right_is_told_at_its_rows() {
    assert_faults(
        &[
            ("account-plan.csv", &with(PLAN, "S;20\nT;x\n")),
            ("account-plan-accounts.csv", &with(ACCOUNTS, "kassa;lön;;\n")),
            ("account-plan-codes.csv", &with(CODES, "team;Sala;\n")),
        ],
        &[
            ("account-plan.csv", 3, "party_dimension", "NUMBER_MALFORMED"),
            ("account-plan.csv", 3, "voucher_series", "NAME_TWICE"),
            ("account-plan-accounts.csv", 2, "account", "CODE_UNKNOWN"),
            ("account-plan-accounts.csv", 2, "cost_kind", "CODE_UNKNOWN"),
            ("account-plan-accounts.csv", 2, "number", "CELL_MISSING"),
            ("account-plan-accounts.csv", 2, "title", "CELL_MISSING"),
            ("account-plan-codes.csv", 2, "code", "CELL_MISSING"),
            ("account-plan-codes.csv", 2, "id", "ID_MALFORMED"),
            ("account-plan-codes.csv", 2, "kind", "CODE_UNKNOWN"),
        ],
    );
    let accounts = with(ACCOUNTS, "bank;;1930;Bank\n");
    assert_faults(
        &[("account-plan-accounts.csv", &accounts)],
        &[("account-plan.csv", 0, "", "FILE_MISSING")],
    );
    // Headers alone ask for nothing.
    let empty = plan(&[("account-plan.csv", PLAN), ("account-plan-codes.csv", CODES)]);
    assert_eq!((empty.faults(&[]), &empty.requests.finance.account_plan), (vec![], &None));
}

#[test]
fn a_number_of_the_general_ledger_may_be_a_number_in_a_workbook() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    texts(sheet, &[ACCOUNTS.trim_end(), "bank;;;Bank"]);
    sheet.write(1, 2, 1930).unwrap();
    let accounts = book.save_to_buffer().unwrap();
    let mut book = Workbook::new();
    texts(book.add_worksheet(), &[PLAN.trim_end(), "S;20"]);
    let header = book.save_to_buffer().unwrap();
    let plan =
        folder(vec![("account-plan.xlsx", header), ("account-plan-accounts.xlsx", accounts)]);
    assert_eq!(plan.faults(&[]), []);
    let entered = plan.requests.finance.account_plan.as_ref().unwrap();
    assert_eq!(entered.accounts[0].number, "1930");
}
