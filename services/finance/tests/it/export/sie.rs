//! Vouchers for the general ledger.

use std::collections::BTreeMap;

use platform::testing::on_both;
use proto::finance as pb;
use tonic::Code;

use super::{export, paid};
use crate::{
    account_plan::{enter, whole},
    financial_year::lived_through,
    world::{
        HOME, World, administrator, days, economist, economist_of, expected, fact, line, problem,
    },
};

fn asked(period: Option<(&str, &str)>) -> pb::ExportSieRequest {
    let period = period.map(|(first, last)| days(first, last));
    pb::ExportSieRequest { parent: HOME.to_owned(), year: 2025, period }
}

/// Sala has 1000,50 kr approved on two kinds of cost and paid, Köping 20 kr
/// approved.
async fn world_with_vouchers(database: platform::Database) -> World {
    let world = World::with_grant(database, 1_000_000).await;
    let caller = economist_of("sala");
    let mut claim = world.claim("r1", "sala", 0);
    let lines = vec![line(pb::CostKind::Staff, 100_000), line(pb::CostKind::Other, 50)];
    claim.requisition.as_mut().unwrap().cost_lines = lines;
    let drafted = world.requisitions().create_requisition(world.by(&caller, claim)).await;
    let drafted = drafted.unwrap().into_inner().requisition.unwrap();
    let submitted = world.take("submit", &drafted, &caller).await.unwrap();
    let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
    let approved = world.take("approve", &reviewed, &administrator()).await.unwrap();
    paid(&world, &approved, &economist("bo")).await;
    world.approved("r2", "koping", 2000).await;
    world
}

/// The letters of the file that are not ASCII, by their byte in code page 437: read
/// by hand, with nothing of the writer's.
fn decoded(content: &[u8]) -> String {
    let letter = |byte: &u8| match byte {
        0x86 => 'å',
        0x84 => 'ä',
        0x94 => 'ö',
        0x8f => 'Å',
        0x8e => 'Ä',
        0x99 => 'Ö',
        ascii if ascii.is_ascii() => char::from(*ascii),
        other => panic!("{other:#x} is no letter of the file"),
    };
    content.iter().map(letter).collect()
}

/// The sum of each account in öre, after each voucher has been found to sum to 0.
fn sums(text: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    let mut voucher = 0;
    for line in text.lines() {
        if line == "}" {
            assert_eq!(voucher, 0, "{text}");
        }
        let Some(line) = line.strip_prefix("#TRANS ") else { continue };
        let (account, rest) = line.split_once(" {").unwrap();
        let (_, amount) = rest.split_once("} ").unwrap();
        let amount = amount.split(' ').next().unwrap();
        let (kronor, decimals) = amount.split_once('.').unwrap();
        assert_eq!(decimals.len(), 2, "{line}");
        let ore: i64 = format!("{kronor}{decimals}").parse().unwrap();
        voucher += ore;
        *sums.entry(account.to_owned()).or_default() += ore;
    }
    sums
}

#[tokio::test]
async fn what_was_approved_and_paid_is_a_file_that_a_ledger_reads() {
    on_both(|database| async move {
        let world = world_with_vouchers(database).await;
        enter(&world, "", whole()).await.unwrap();
        let office = administrator();
        let file = export!(world, &office, export_sie(asked(None))).unwrap();
        assert_eq!(file.file_name, "verifikat-2025.se");
        assert_eq!(file.sequence, world.sequence().await);

        let text = decoded(&file.content);
        assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
        assert!(text.ends_with("}\r\n"));
        for line in [
            "#FLAGGA 0",
            "#FORMAT PC8",
            "#GEN 20250701",
            "#SIETYP 4",
            "#ORGNR 999900-0012",
            "#FNAMN \"Samordningsförbundet Västmanland\"",
            "#RAR 0 20250101 20251231",
            "#KONTO 4010 \"Insatser, löner\"",
            "#DIM 1 \"Kostnadsställe\"",
            "#OBJEKT 1 \"10\" \"Samordningsteam sala\"",
            "#OBJEKT 6 \"P1\" \"sala-2025\"",
            "#OBJEKT 20 \"82\" \"Huvudman sala\"",
            "#TRANS 4010 {1 \"10\" 6 \"P1\" 20 \"82\"} 1000.00",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        let expected = [("1930", -100_050), ("2440", -2000), ("4000", 2050), ("4010", 100_000)];
        let expected = expected.map(|(account, ore)| (account.to_owned(), ore)).into();
        assert_eq!(sums(&text), expected);

        // The same question, the same bytes.
        let again = export!(world, &office, export_sie(asked(None))).unwrap();
        assert_eq!(again, file);
        // Paid on the first of July; approved for the first half of the year.
        let july = asked(Some(("2025-07-01", "2025-07-31")));
        let july = export!(world, &office, export_sie(july)).unwrap();
        assert_eq!(july.file_name, "verifikat-2025-07-01--2025-07-31.se");
        let expected = [("1930".to_owned(), -100_050), ("2440".to_owned(), 100_050)];
        assert_eq!(sums(&decoded(&july.content)), expected.into());
    })
    .await;
}

#[tokio::test]
async fn contributions_go_there_and_own_costs_and_the_years_opening_and_close_do_not() {
    on_both(|database| async move {
        let world = lived_through(database).await;
        enter(&world, "", whole()).await.unwrap();
        let office = administrator();
        let expected = [
            ("1510", 50_000),
            ("1930", 750_000 - 120_000),
            ("2440", -80_000),
            ("3010", -800_000),
            ("4000", 200_000),
        ];
        let expected = BTreeMap::from(expected.map(|(account, ore)| (account.to_owned(), ore)));
        let open = export!(world, &office, export_sie(asked(None))).unwrap();
        assert_eq!(sums(&decoded(&open.content)), expected);

        let world = world.later("2026-03-01T09:00:00Z");
        world.close(2025, "1", "2026-02-27").await.unwrap();
        let closed = export!(world, &office, export_sie(asked(None))).unwrap();
        assert_eq!(sums(&decoded(&closed.content)), expected);
    })
    .await;
}

#[tokio::test]
async fn what_has_no_account_is_told_all_at_once() {
    on_both(|database| async move {
        let world = world_with_vouchers(database).await;
        let office = administrator();
        let refused = export!(world, &office, export_sie(asked(None)));
        assert_eq!(fact(&refused, "accounts"), "bank,payable");
        assert_eq!(fact(&refused, "cost_kinds"), "staff,other");
        let code = (Code::FailedPrecondition, "ACCOUNT_PLAN_INCOMPLETE".to_owned());
        assert_eq!(problem(refused), code);

        let mut plan = whole();
        plan.accounts.retain(|row| row.number != "4000");
        enter(&world, "", plan).await.unwrap();
        let refused = export!(world, &office, export_sie(asked(None)));
        assert_eq!(fact(&refused, "accounts"), "–");
        assert_eq!(fact(&refused, "cost_kinds"), "other");
        // Nothing happened that needs an account.
        let spring = asked(Some(("2025-01-01", "2025-03-31")));
        let spring = export!(world, &office, export_sie(spring)).unwrap();
        assert!(!decoded(&spring.content).contains("#VER"));
    })
    .await;
}

#[tokio::test]
async fn a_year_and_a_period_that_do_not_fit_are_told_and_a_party_gets_no_ledger() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let faulty =
            pb::ExportSieRequest { year: 1999, ..asked(Some(("2024-07-01", "2025-06-30"))) };
        let answer = world.exports().export_sie(world.office(faulty)).await;
        let told = [("year", "YEAR_OUT_OF_RANGE"), ("period", "PERIOD_OUTSIDE_YEAR")];
        assert_eq!(crate::world::faults(answer), expected(&told));
        let refused = export!(world, &economist_of("sala"), export_sie(asked(None)));
        assert_eq!(problem(refused).0, Code::PermissionDenied);
    })
    .await;
}
