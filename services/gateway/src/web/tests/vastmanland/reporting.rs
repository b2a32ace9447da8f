//! Prepared answers of reporting: one team of six has reported, and one of its
//! partitions does not add up.

use proto::reporting::{
    CategoryDefinition, CategoryTotal, FigureDefinition, FigureTotal, Finding,
    GetFigureDefinitionsResponse, GetHalfYearReportResponse, GetReportedFiguresResponse,
    GetReportingPeriodResponse, GetUnitCostsResponse, HalfYearReport, ListReportingPeriodsResponse,
    PartitionDefinition, ReportedCount, ReportedFigures, ReportingPeriod, ReportingStatus,
    TeamChapter, UnitCost, UnitCostRow,
};

use super::{FUNDING, FundingFacts, date, funding_table, half_year, name};
use crate::web::tests::services::Services;

pub(super) fn prepare(services: &Services) {
    let period = reporting_period();
    services
        .answer("/samordna.reporting.v1.UnitCostService/GetUnitCosts", &unit_costs(&period.name));
    services.answer(
        "/samordna.reporting.v1.ReportingPeriodService/ListReportingPeriods",
        &ListReportingPeriodsResponse {
            reporting_periods: vec![period.clone()],
            next_page_token: String::new(),
        },
    );
    services.answer(
        "/samordna.reporting.v1.ReportingPeriodService/GetReportingPeriod",
        &GetReportingPeriodResponse { reporting_period: Some(period.clone()) },
    );
    services.answer(
        "/samordna.reporting.v1.FigureDefinitionService/GetFigureDefinitions",
        &GetFigureDefinitionsResponse { version: 1, figures: definitions() },
    );
    services.answer(
        "/samordna.reporting.v1.ReportedFiguresService/GetReportedFigures",
        &GetReportedFiguresResponse { reported_figures: Some(reported()) },
    );
    show_report(services, period, &FUNDING[1..]);
}

/// The report as a team lead gets it: the own chapter only.
pub(in crate::web::tests) fn show_only_own_chapter(services: &Services) {
    show_report(services, reporting_period(), &FUNDING[2..3]);
}

fn show_report(services: &Services, period: ReportingPeriod, teams: &[FundingFacts]) {
    let chapter = |(display_name, id, ..): &FundingFacts| {
        let figures = (*id == "hallstahammar").then(reported);
        let status = match figures {
            Some(_) => ReportingStatus::Reported,
            None => ReportingStatus::Overdue,
        };
        TeamChapter {
            team: name("teams", id),
            display_name: (*display_name).to_owned(),
            reported_figures: figures,
            status: status.into(),
            municipality_display_names: vec!["Köping".to_owned(), "Arboga".to_owned()],
        }
    };
    let compiled = "2025-07-15T10:00:00Z".parse().unwrap();
    let report = HalfYearReport {
        name: format!("{}/halfYearReport", name("reportingPeriods", "2025h1")),
        federation_display_name: "Samordningsförbundet Västmanland".to_owned(),
        reporting_period: Some(period),
        chapters: teams.iter().map(chapter).collect(),
        totals: totals(),
        funding_table: Some(funding_table()),
        compile_time: Some(platform::convert::timestamp(compiled)),
        definitions_version: 1,
    };
    services.answer(
        "/samordna.reporting.v1.HalfYearReportService/GetHalfYearReport",
        &GetHalfYearReportResponse { half_year_report: Some(report) },
    );
}

fn reporting_period() -> ReportingPeriod {
    ReportingPeriod {
        name: name("reportingPeriods", "2025h1"),
        period: Some(half_year()),
        due_date: date(2025, 7, 1),
    }
}

fn definitions() -> Vec<FigureDefinition> {
    let category = |(category, text): &(&str, &str)| CategoryDefinition {
        category: (*category).to_owned(),
        text_sv: (*text).to_owned(),
        text_en: format!("{category} in English"),
    };
    let partition = |code: &str, reported_as: &str, text: &str, categories: &[(&str, &str)]| {
        PartitionDefinition {
            partition: code.to_owned(),
            reported_as: reported_as.to_owned(),
            text_sv: text.to_owned(),
            text_en: format!("{code} in English"),
            categories: categories.iter().map(category).collect(),
        }
    };
    let sex = [
        ("woman", "Kvinnor"),
        ("man", "Män"),
        ("non_binary", "Icke-binära"),
        ("not_stated", "Ej angivet"),
    ];
    let age = [("under_30", "Under 30 år"), ("over_30", "30 år och äldre")];
    let figure = |code: &str, text: &str, partitions: Vec<PartitionDefinition>| FigureDefinition {
        figure: code.to_owned(),
        text_sv: text.to_owned(),
        text_en: format!("{code} in English"),
        partitions,
    };
    vec![
        figure(
            "participants",
            "Deltagare under perioden",
            vec![
                partition("participants_by_sex", "participants", "Deltagare efter kön", &sex),
                partition(
                    "participants_by_age",
                    "participants_by_age",
                    "Deltagare efter ålder",
                    &age,
                ),
            ],
        ),
        figure("queue", "Personer i kö vid periodens slut", vec![]),
    ]
}

fn reported() -> ReportedFigures {
    let count = |figure: &str, category: &str, count: i64| ReportedCount {
        figure: figure.to_owned(),
        category: category.to_owned(),
        count,
    };
    ReportedFigures {
        name: format!("{}/reportedFigures/hallstahammar", name("reportingPeriods", "2025h1")),
        counts: vec![
            count("participants", "total", 30),
            count("participants", "woman", 17),
            count("participants", "man", 13),
            count("participants_by_age", "under_30", 11),
            count("participants_by_age", "over_30", 18),
        ],
        report_time: Some(platform::convert::timestamp("2025-06-28T08:00:00Z".parse().unwrap())),
        reporter: name("accounts", "leila"),
        findings: vec![Finding {
            team: name("teams", "hallstahammar"),
            figure: "participants_by_age".to_owned(),
            partition: "participants_by_age".to_owned(),
            parts: vec![],
            total_figure: "participants".to_owned(),
            parts_sum: 29,
            total: 30,
            difference: -1,
        }],
    }
}

fn totals() -> Vec<FigureTotal> {
    let category = |partition: &str, category: &str, count: i64| CategoryTotal {
        partition: partition.to_owned(),
        category: category.to_owned(),
        count,
        team_count: 1,
    };
    vec![
        FigureTotal {
            figure: "participants".to_owned(),
            total: Some(30),
            teams_covered: vec![name("teams", "hallstahammar")],
            team_count: 6,
            categories: vec![
                category("participants_by_sex", "woman", 17),
                category("participants_by_sex", "man", 13),
            ],
            categories_differ: true,
        },
        FigureTotal { figure: "queue".to_owned(), team_count: 6, ..FigureTotal::default() },
    ]
}

fn unit_costs(reporting_period: &str) -> GetUnitCostsResponse {
    let unit = |category: &str, count: i64, cost_ore: Option<i64>| UnitCost {
        figure: "participants".to_owned(),
        category: category.to_owned(),
        count,
        cost_ore,
    };
    let row = |id: &str, display_name: &str, unit_costs: Vec<UnitCost>| UnitCostRow {
        team: name("teams", id),
        display_name: display_name.to_owned(),
        requisitioned_ore: 58_000_000,
        unit_costs,
    };
    GetUnitCostsResponse {
        reporting_period: reporting_period.to_owned(),
        rows: vec![
            row(
                "hallstahammar",
                "Samordningsteam Hallstahammar",
                vec![unit("total", 30, Some(1_933_333)), unit("woman", 0, None)],
            ),
            row("sala", "Samordningsteam Sala", vec![]),
        ],
        finance_sequence: 57,
        reporting_sequence: 12,
    }
}
