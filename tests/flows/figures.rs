//! The published figures of Västmanland, first half of 2025, out of records:
//! the same in one process and in four, on SQLite and on PostgreSQL.

use proto::{
    common::Period,
    finance::{
        FundingAmounts, FundingTable, FundingWarningKind, GetFundingTableRequest,
        funding_table_service_client::FundingTableServiceClient,
    },
    reporting::{
        GetHalfYearReportRequest, HalfYearReport, ReportingStatus,
        half_year_report_service_client::HalfYearReportServiceClient,
    },
};

use super::world::{FEDERATION, Installation, every_kind};
use crate::browser;

const PUBLISHED: &str = include_str!("../data/funding.csv");
const REPORTED: &str = include_str!("../data/reported-figures.csv");

#[tokio::test(flavor = "multi_thread")]
async fn the_published_figures_come_out_of_records_in_every_shape_on_every_store() {
    for (shape, store) in every_kind() {
        println!("{shape:?} on {store:?}");
        let installation = Installation::start(shape, store).await;
        installation.load().await;
        check_table(&funding_table(&installation).await);
        check_report(&report(&installation, "ekonom").await);
        browser::figures::are_on_the_pages(&installation).await;
        installation.verify();
        installation.stop().await;
    }
}

pub(crate) async fn funding_table(installation: &Installation) -> FundingTable {
    let mut client = FundingTableServiceClient::new(installation.client("ekonom").await);
    let day = |month, day| Some(proto::Date { year: 2025, month, day });
    let request = GetFundingTableRequest {
        parent: FEDERATION.to_owned(),
        year: 2025,
        period: Some(Period { first_day: day(1, 1), last_day: day(6, 30) }),
        ..Default::default()
    };
    client.get_funding_table(request).await.unwrap().into_inner().funding_table.unwrap()
}

async fn report(installation: &Installation, account: &str) -> HalfYearReport {
    let mut client = HalfYearReportServiceClient::new(installation.client(account).await);
    let request = GetHalfYearReportRequest {
        name: format!("{FEDERATION}/reportingPeriods/2025h1/halfYearReport"),
    };
    client.get_half_year_report(request).await.unwrap().into_inner().half_year_report.unwrap()
}

/// Every row of the published table, to the last share.
fn check_table(table: &FundingTable) {
    let mut rows = 0;
    for line in PUBLISHED.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let [name, _kind, granted_tkr, requisitioned_tkr, share] = cells.as_slice() else {
            panic!("{line}")
        };
        let amounts = if *name == "TOTALT" { table.total.as_ref() } else { row(table, name) };
        let amounts = amounts.unwrap_or_else(|| panic!("no row for {name}"));
        assert_eq!(amounts.granted_ore, tkr(granted_tkr), "{name}");
        assert_eq!(amounts.requisitioned_ore, tkr(requisitioned_tkr), "{name}");
        assert_eq!(amounts.requisitioned_to_date_ore, tkr(requisitioned_tkr), "{name}");
        assert_eq!(amounts.share_percent, share.parse::<i32>().unwrap(), "{name}");
        assert_eq!(
            (amounts.reserved_ore, amounts.left_ore),
            (0, tkr(granted_tkr) - tkr(requisitioned_tkr)),
            "{name}"
        );
        rows += 1;
    }
    assert_eq!((rows, table.rows.len()), (8, 7));
    let total = table.total.as_ref().unwrap();
    assert_eq!((total.forecast_ore, total.forecast_unspent_ore), (tkr("11746"), tkr("2095")));
    let warned: Vec<_> = table.rows.iter().filter(|row| !row.warnings.is_empty()).collect();
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert_eq!(warned[0].display_name, "Teamsamverkan Västra Mälardalen");
    assert_eq!(warned[0].warnings[0].kind(), FundingWarningKind::Over);
    assert_eq!(warned[0].warnings[0].amount_ore, tkr("324"));
}

fn row<'a>(table: &'a FundingTable, name: &str) -> Option<&'a FundingAmounts> {
    table.rows.iter().find(|row| row.display_name == name)?.amounts.as_ref()
}

fn tkr(text: &str) -> i64 {
    text.parse::<i64>().unwrap() * 100_000
}

/// Three of six teams have reported, nothing contradicts itself, and no missing
/// figure is a 0.
fn check_report(report: &HalfYearReport) {
    check_table(report.funding_table.as_ref().unwrap());
    assert_eq!(report.chapters.len(), 6);
    let mut reported = 0;
    for chapter in &report.chapters {
        let expected: Vec<(&str, &str, i64)> = REPORTED
            .lines()
            .filter_map(|line| line.strip_prefix(&format!("{};", chapter.display_name)))
            .map(|line| {
                let cells: Vec<&str> = line.split(';').collect();
                (cells[0], cells[1], cells[2].parse().unwrap())
            })
            .collect();
        match &chapter.reported_figures {
            Some(figures) => {
                reported += 1;
                let mut counts: Vec<(&str, &str, i64)> = figures
                    .counts
                    .iter()
                    .map(|count| (count.figure.as_str(), count.category.as_str(), count.count))
                    .collect();
                let mut expected = expected;
                counts.sort_unstable();
                expected.sort_unstable();
                assert_eq!(counts, expected, "{}", chapter.display_name);
                assert!(figures.findings.is_empty(), "{:?}", figures.findings);
                assert_eq!(chapter.status(), ReportingStatus::Reported);
            }
            None => {
                assert!(expected.is_empty(), "{}", chapter.display_name);
                assert_eq!(chapter.status(), ReportingStatus::Overdue);
            }
        }
    }
    assert_eq!(reported, 3);
    let participants = report.totals.iter().find(|total| total.figure == "participants").unwrap();
    assert_eq!(
        (participants.total, participants.teams_covered.len(), participants.team_count),
        (Some(62), 3, 6)
    );
    let exits = report.totals.iter().find(|total| total.figure == "exits").unwrap();
    assert!(exits.categories_differ, "the teams report different exit categories");
    let queue = report.totals.iter().find(|total| total.figure == "queue").unwrap();
    assert_eq!((queue.total, queue.teams_covered.len()), (Some(6), 1));
}
