//! The import, of files and of a workbook: every fault at once and nothing half
//! done; twice changes nothing; an interruption is finished by repeating it.

use std::{collections::BTreeMap, fs, path::Path};

use proto::finance::{
    ExportSieRequest, GetBudgetTableRequest, GetContributionTableRequest, GetFinancialYearRequest,
    GetStaffingMatrixRequest, budget_service_client::BudgetServiceClient,
    contribution_service_client::ContributionServiceClient,
    export_service_client::ExportServiceClient,
    financial_year_service_client::FinancialYearServiceClient,
    staffing_financing_service_client::StaffingFinancingServiceClient,
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{
    figures::funding_table,
    world::{FEDERATION, Installation, Shape, Store, demo_files},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_changes_nothing_and_applying_twice_changes_nothing_more() {
    let installation = Installation::start(Shape::AllInOne, Store::Sqlite).await;
    let (ok, dry) = installation.import(&demo_files(), false).await;
    assert!(ok, "{dry}");
    assert!(dry.contains("--apply"), "{dry}");
    assert_eq!(funding_table(&installation).await.rows.len(), 0);

    let (ok, first) = installation.import(&demo_files(), true).await;
    assert!(ok, "{first}");
    let after_first = funding_table(&installation).await;
    assert_eq!(
        after_first.total.as_ref().unwrap().reserved_ore,
        587_300_000,
        "nothing is approved by an import"
    );
    year_is_whole(&installation).await;

    // An approval in between is no reason to touch the requisition again.
    installation.load().await;
    let approved = funding_table(&installation).await;
    vouchers_have_accounts(&installation).await;
    let (ok, again) = installation.import(&demo_files(), true).await;
    assert!(ok, "{again}");
    assert_eq!(funding_table(&installation).await, approved, "{again}");
    installation.verify();
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_row_is_named_with_file_row_and_column_and_nothing_is_applied() {
    let installation = Installation::start(Shape::Split, Store::Sqlite).await;
    let folder = copy(&installation, "bad");
    // Each of the faults, with the file, the row and the column it must be named by.
    let mut expected = vec![
        append(&folder, "reported-figures.csv", "no-such-team;2025h1;queue;total;3", "team"),
        append(&folder, "reported-figures.csv", "sala;2025h1;queue;total;12,5", "count"),
        append(&folder, "reported-figures.csv", "sala;2025h1;participants;total;-1", "count"),
        append(
            &folder,
            "parties.csv",
            "wrong;Fel kommun;999900-0104;municipality;yes",
            "organisation_number",
        ),
        append(
            &folder,
            "requisition-lines.csv",
            "vastra-malardalen-koping-2025h1;other;Minus;;-5",
            "amount_kronor",
        ),
        append(
            &folder,
            "requisitions.csv",
            "too-much;sala-2025;sala;2025-07-01;2025-12-31;SYNT-9001;yes",
            "",
        ),
        append(
            &folder,
            "requisitions.csv",
            "too-late;sala-2025;koping;2025-07-01;2026-01-31;SYNT-9002;yes",
            "",
        ),
        append(
            &folder,
            "grants.csv",
            "bad-day;sala;2025-02-30;2025-12-31;5;SYNT 1;2024-11-28;Styrelsen;yes",
            "first_day",
        ),
    ];
    expected.extend(of_the_year(&folder));
    append(&folder, "requisition-lines.csv", "too-much;other;Mer än vad som finns;;99000000", "");
    append(&folder, "requisition-lines.csv", "too-late;other;Efter årets slut;;5", "");
    expected.push(append_bytes(
        &folder,
        "teams.csv",
        b"broken;Samordningsteam \xC5by;1981",
        "display_name",
    ));

    for apply in [false, true] {
        let (ok, output) = installation.import(&folder.display().to_string(), apply).await;
        assert!(!ok, "{output}");
        for (file, row, column) in &expected {
            let named = output.lines().any(|line| {
                line.contains(file.as_str())
                    && has_number(line, *row)
                    && line.contains(column.as_str())
            });
            assert!(named, "{file} row {row} column {column} is not named in:\n{output}");
        }
        assert_eq!(funding_table(&installation).await.rows.len(), 0);
    }
    installation.verify();
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_import_is_finished_by_repeating_it() {
    let mut installation = Installation::start(Shape::Split, Store::Sqlite).await;
    installation.kill("reporting");
    let (ok, output) = installation.import(&demo_files(), true).await;
    assert!(!ok, "{output}");
    installation.launch("reporting").await;
    let (ok, output) = installation.import(&demo_files(), true).await;
    assert!(ok, "{output}");
    assert_eq!(funding_table(&installation).await.total.unwrap().reserved_ore, 587_300_000);
    installation.verify();
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_workbook_imports_to_exactly_what_the_files_do() {
    let installation = Installation::start(Shape::AllInOne, Store::Sqlite).await;
    let path = installation.folder("workbook").join("figures.xlsx");
    let book = path.display().to_string();
    demonstration().save(&path).unwrap();

    let (ok, dry) = installation.import(&book, false).await;
    assert!(ok, "{dry}");
    assert!(dry.contains("figures.xlsx, sheet grants") && dry.contains("--apply"), "{dry}");
    assert_eq!(funding_table(&installation).await.rows.len(), 0);

    let (ok, first) = installation.import(&book, true).await;
    assert!(ok, "{first}");
    let total = funding_table(&installation).await.total.unwrap();
    assert_eq!(total.reserved_ore, 587_300_000);
    year_is_whole(&installation).await;
    for same in [book, demo_files()] {
        let (ok, again) = installation.import(&same, true).await;
        assert!(ok && again.contains("\n0 created, ") && again.contains(" 0 replaced."), "{again}");
    }
    installation.verify();
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_cell_of_a_workbook_is_named_as_the_spreadsheet_names_it() {
    let installation = Installation::start(Shape::AllInOne, Store::Sqlite).await;
    let path = installation.folder("workbook").join("figures.xlsx");
    let mut workbook = demonstration();
    let grants = workbook.worksheet_from_name("grants").unwrap();
    grants.write(1, 4, "100 EUR").unwrap();
    // No payment is blamed for a decision that cannot be read.
    let contributions = workbook.worksheet_from_name("contributions").unwrap();
    contributions.write(1, 2, "100 EUR").unwrap();
    let own_costs = workbook.worksheet_from_name("own-costs").unwrap();
    own_costs.write(1, 2, "100 EUR").unwrap();
    let municipalities = workbook.worksheet_from_name("municipalities").unwrap();
    municipalities.write(1, 0, 480).unwrap();
    workbook.save(&path).unwrap();

    for apply in [false, true] {
        let (ok, output) = installation.import(&path.display().to_string(), apply).await;
        assert!(!ok, "{output}");
        let unaligned = output.split_whitespace().collect::<Vec<_>>().join(" ");
        for place in [
            "figures.xlsx, sheet grants, row 2, column E ”amount_kronor” ”100 EUR”",
            "figures.xlsx, sheet contributions, row 2, column C ”total_kronor” ”100 EUR”",
            "figures.xlsx, sheet own-costs, row 2, column C ”amount_kronor” ”100 EUR”",
            "figures.xlsx, sheet municipalities, row 2, column A ”scb_code” ”480”",
        ] {
            assert!(unaligned.contains(place), "{output}");
        }
        assert_eq!(output.lines().count(), 6, "{output}");
        assert_eq!(funding_table(&installation).await.rows.len(), 0);
    }
    installation.stop().await;
}

/// What the files say of the year beside the grants is there, as the tables have it.
async fn year_is_whole(installation: &Installation) {
    let parent = || FEDERATION.to_owned();
    let mut client = ContributionServiceClient::new(installation.client("ekonom").await);
    let request = GetContributionTableRequest { parent: parent(), year: 2025 };
    let answer = client.get_contribution_table(request).await.unwrap().into_inner();
    let table = answer.contribution_table.unwrap();
    let total = table.total.unwrap();
    assert_eq!((total.agreed_ore, total.paid_ore), (1_568_000_000, 784_000_000));
    // Half is the state's, a quarter the region's, a quarter the municipalities'.
    let shares = table.rows.iter().map(|row| row.amounts.unwrap().agreed_ore);
    assert_eq!(shares.take(2).collect::<Vec<_>>(), [784_000_000, 392_000_000]);
    assert_eq!(table.carried_over_equity_ore, 145_000_000);

    let day = || Some(proto::Date { year: 2025, month: 6, day: 30 });
    let mut client = BudgetServiceClient::new(installation.client("ekonom").await);
    let request = GetBudgetTableRequest { parent: parent(), year: 2025, day: day() };
    let answer = client.get_budget_table(request).await.unwrap().into_inner();
    let budget = answer.budget_table.unwrap();
    let outcomes = budget.rows[..3].iter().map(|row| row.amounts.unwrap().outcome_ore);
    assert_eq!(outcomes.collect::<Vec<_>>(), [11_965_000, 68_680_000, 2_750_000]);
    assert_eq!(budget.total.unwrap().budgeted_ore, 1_594_100_000);
    let forecasts = budget.rows[..2].iter().map(|row| row.amounts.unwrap().forecast_ore);
    assert_eq!(forecasts.collect::<Vec<_>>(), [25_000_000, 139_500_000]);
    let mut client = FinancialYearServiceClient::new(installation.client("ekonom").await);
    let request = GetFinancialYearRequest { name: format!("{FEDERATION}/financialYears/2025") };
    let answer = client.get_financial_year(request).await.unwrap().into_inner();
    let limits = answer.financial_year.unwrap().equity_limits;
    let limits: Vec<_> = limits.iter().map(|limit| limit.above_percent).collect();
    assert_eq!(limits, [20, 30]);

    let mut client = StaffingFinancingServiceClient::new(installation.client("ekonom").await);
    let request = GetStaffingMatrixRequest { parent: parent(), day: day() };
    let answer = client.get_staffing_matrix(request).await.unwrap().into_inner();
    let posts = answer.staffing_matrix.unwrap().total.unwrap();
    assert_eq!(posts.paid_by_municipality_fte_percent, 425);
    assert_eq!(posts.paid_by_federation_fte_percent, 800);
}

/// The general ledger takes in what was paid and approved, with nothing to enter before.
async fn vouchers_have_accounts(installation: &Installation) {
    let mut client = ExportServiceClient::new(installation.client("ekonom").await);
    let request = ExportSieRequest { parent: FEDERATION.to_owned(), year: 2025, period: None };
    let file = client.export_sie(request).await.unwrap().into_inner().file.unwrap();
    // Every letter that stands in a line of amounts is ASCII.
    let text = String::from_utf8_lossy(&file.content);
    let mut sums = BTreeMap::<&str, i64>::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("#TRANS ")) {
        let (account, amount) = (&line[..4], line.split("} ").nth(1).unwrap());
        let amount = amount.split(' ').next().unwrap().replace('.', "");
        *sums.entry(account).or_default() += amount.parse::<i64>().unwrap();
        // What is in the bank is nobody's.
        assert!(account == "1930" || line.contains("20 \"8"), "{line} has no counterparty");
        let is_of_a_grant = account.starts_with('4');
        assert!(!is_of_a_grant || line.contains("{1 \"1"), "{line} has no cost centre");
        assert!(!is_of_a_grant || line.contains("6 \"25"), "{line} has no project");
    }
    let initiatives = sums.range("4000".."5000").map(|(_, ore)| ore).sum::<i64>();
    assert_eq!((initiatives, sums["2440"]), (587_300_000, -587_300_000), "{sums:?}");
    assert_eq!((sums["3980"], sums["1930"]), (-1_568_000_000, 784_000_000), "{sums:?}");
    // Each kind of cost that was claimed has an account of its own.
    assert_eq!(sums.range("4000".."5000").count(), 6, "{sums:?}");
}

/// A bad row in each table of the year, with the file, the row and the column it
/// must be named by.
fn of_the_year(folder: &Path) -> Vec<(String, u64, String)> {
    append(folder, "contribution-shares.csv", "c-1999;forsakringskassan;", "");
    // A federation has one plan: the bad one takes the place of the good one.
    fs::write(folder.join("account-plan.csv"), "voucher_series;party_dimension\n").unwrap();
    vec![
        append(
            folder,
            "financial-years.csv",
            "2026;5;SYNT 1;2024-11-28;Styrelsen;yes",
            "opening_equity_kronor",
        ),
        append(
            folder,
            "contributions.csv",
            "c-1999;1999;5;SYNT 1;2024-11-28;Styrelsen;yes",
            "year",
        ),
        append(
            folder,
            "contribution-payments.csv",
            "too-soon;2025;sala;1;2125-01-01;SYNT-9003;;yes",
            "payment_date",
        ),
        append(folder, "budget-rows.csv", "budget-2025;board;Fel;5;sala", "recipient"),
        append(folder, "equity-limits.csv", "2025;30;;", "above_percent"),
        append(folder, "budget-forecasts.csv", "too-soon;2025;audit;2125-01-01;5;;yes", "day"),
        append(folder, "own-costs.csv", "own;initiatives;5;2025-03-31;Fel;;yes", "area"),
        append(
            folder,
            "staffing-financing.csv",
            "igen;1981;Handläggare i samordningsteam;2025-03-01;;50;0;yes",
            "first_day",
        ),
        append(
            folder,
            "grant-amendments.csv",
            "fns-2025;2025-01-01;2025-12-31;5;SYNT 9;2024-11-27;Styrelsen;Fel",
            "decision_date",
        ),
        append(folder, "account-plan.csv", "S;19", "party_dimension"),
    ]
}

/// The demonstration's files as sheets of one workbook, with amounts, counts and
/// dates as a spreadsheet program keeps them.
fn demonstration() -> Workbook {
    let mut workbook = Workbook::new();
    for entry in fs::read_dir(demo_files()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "csv") {
            continue;
        }
        let sheet = workbook.add_worksheet();
        sheet.set_name(path.file_stem().unwrap().to_str().unwrap()).unwrap();
        let text = fs::read_to_string(path).unwrap();
        let header: Vec<&str> = text.lines().next().unwrap().split(';').collect();
        for (row, line) in (0..).zip(text.lines()) {
            for ((column, name), cell) in (0..).zip(&header).zip(line.split(';')) {
                write_cell(sheet, (row, column), name, cell);
            }
        }
    }
    workbook
}

fn write_cell(sheet: &mut Worksheet, (row, column): (u32, u16), name: &str, cell: &str) {
    let is_amount = name.ends_with("_kronor") || name.ends_with("_percent");
    let is_number = is_amount || matches!(name, "count" | "weight" | "year");
    let number: Option<f64> = cell.replace(',', ".").parse().ok();
    let is_day = name == "day" || name.ends_with("_day") || name.ends_with("_date");
    if let Some(number) = number.filter(|_| is_number) {
        sheet.write(row, column, number).unwrap();
    } else if is_day && row > 0 && !cell.is_empty() {
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let date = ExcelDateTime::parse_from_str(cell).unwrap();
        sheet.write_with_format(row, column, date, &day).unwrap();
    } else {
        sheet.write(row, column, cell).unwrap();
    }
}

fn copy(installation: &Installation, name: &str) -> std::path::PathBuf {
    let folder = installation.folder(name);
    for entry in fs::read_dir(demo_files()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    folder
}

fn append(folder: &Path, file: &str, line: &str, column: &str) -> (String, u64, String) {
    append_bytes(folder, file, line.as_bytes(), column)
}

/// Adds a row to a file; answers the file, the row's number and the column.
fn append_bytes(folder: &Path, file: &str, line: &[u8], column: &str) -> (String, u64, String) {
    let path = folder.join(file);
    let mut bytes = fs::read(&path).unwrap();
    if !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    let row = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
    bytes.extend(line);
    bytes.push(b'\n');
    fs::write(&path, bytes).unwrap();
    (file.to_owned(), u64::try_from(row).unwrap(), column.to_owned())
}

fn has_number(line: &str, number: u64) -> bool {
    line.split(|character: char| !character.is_ascii_digit()).any(|word| word == number.to_string())
}
