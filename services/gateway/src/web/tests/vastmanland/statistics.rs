//! Prepared answers: what is counted of people.

use proto::{
    common::Period,
    participant::{
        Count, CountCell, CountMargin, CountTable, Cut, Dimension, FollowUpRate,
        GetFollowUpRatesResponse, GetProtectedTablesResponse, GetSurveyResultsResponse,
        ListCellRecordsResponse, ListReleasedTablesResponse, ListTableLayoutsResponse, Measure,
        QuestionResult, ReleasedTable, TableLayout, TableShape, TabulateResponse,
    },
};

use super::{Services, date, half_year, name};

fn count(value: i64) -> Count {
    Count { value: Some(value), commitment: Vec::new() }
}

/// A count that is hidden.
fn hidden() -> Count {
    Count::default()
}

/// As many counts as the usual question and the book-keeping have measures.
fn counts(value: i64) -> Vec<Count> {
    (0..11).map(|_| count(value)).collect()
}

pub(super) fn prepare(services: &Services) {
    const TABULATE: &str = "/samordna.participant.v1.TabulationService/Tabulate";
    const RECORDS: &str = "/samordna.participant.v1.TabulationService/ListCellRecords";
    const RATES: &str = "/samordna.participant.v1.FollowUpService/GetFollowUpRates";
    const RESULTS: &str = "/samordna.participant.v1.SurveyService/GetSurveyResults";
    let cell = |sex: &str, team: &str, value: i64| CountCell {
        keys: vec![sex.to_owned(), name("teams", team)],
        counts: counts(value),
    };
    let margin =
        |key: &str, value: i64| CountMargin { cut: 0, key: key.to_owned(), counts: counts(value) };
    let table = CountTable {
        // In order of their keys, as the service answers them.
        cells: vec![
            cell("SEX_MAN", "hallstahammar", 3),
            cell("SEX_WOMAN", "fns", 4),
            cell("SEX_WOMAN", "hallstahammar", 9),
        ],
        totals: counts(16),
        margins: vec![margin("SEX_MAN", 3), margin("SEX_WOMAN", 13)],
    };
    services.answer(
        TABULATE,
        &TabulateResponse { table: Some(table), sequence: 412, head_hash: vec![] },
    );
    let records = ListCellRecordsResponse {
        records: vec![name("referrals", "a1")],
        next_page_token: "more".to_owned(),
        unnamed_count: 1,
    };
    services.answer(RECORDS, &records);
    let rate = FollowUpRate {
        months: 6,
        due: Some(20),
        answered: Some(12),
        not_reached: Some(5),
        declined: Some(1),
        not_asked: Some(2),
        in_work_or_studies: Some(6),
        lower_bound_per_mille: Some(300),
        upper_bound_per_mille: Some(700),
        answered_per_mille: Some(600),
        sequence: 412,
    };
    let small = FollowUpRate { months: 12, sequence: 412, ..FollowUpRate::default() };
    let rates = vec![rate, small];
    services.answer(RATES, &GetFollowUpRatesResponse { rates, sequence: 412, head_hash: vec![] });
    let result = QuestionResult {
        question: "hopp".to_owned(),
        answered: Some(7),
        mean_hundredths: Some(814),
        by_step: (0..19).map(|step| i64::from(step == 15)).collect(),
    };
    let results = GetSurveyResultsResponse {
        base: Some(11),
        questions: vec![result],
        sequence: 412,
        head_hash: vec![],
    };
    services.answer(RESULTS, &results);
    prepare_tables(services);
}

fn prepare_tables(services: &Services) {
    const LAYOUTS: &str = "/samordna.participant.v1.TableLayoutService/ListTableLayouts";
    const LEDGER: &str = "/samordna.participant.v1.TabulationService/ListReleasedTables";
    let cut = Cut { dimension: Dimension::Age.into(), banding: name("bandings", "alder") };
    let shape = TableShape { measures: vec![Measure::New.into()], cuts: vec![cut] };
    let layout = TableLayout {
        name: name("tableLayouts", "alder"),
        title: "Nya efter ålder".to_owned(),
        shape: Some(shape),
    };
    let listed =
        ListTableLayoutsResponse { table_layouts: vec![layout], next_page_token: String::new() };
    services.answer(LAYOUTS, &listed);
    show_protected(services, true);
    let released = released();
    let published =
        ReleasedTable { publication: name("halfYearReports", "2025h1"), ..released.clone() };
    let released_tables = vec![published, released];
    let listed = ListReleasedTablesResponse { released_tables, next_page_token: String::new() };
    services.answer(LEDGER, &listed);
}

/// The table of a layout, with all that is known now or without.
pub(in crate::web::tests) fn show_protected(services: &Services, are_newest: bool) {
    const PROTECTED: &str = "/samordna.participant.v1.TabulationService/GetProtectedTables";
    let told = GetProtectedTablesResponse { tables: vec![released()], are_newest };
    services.answer(PROTECTED, &told);
}

fn released() -> ReleasedTable {
    let cell =
        |band: &str, count: Count| CountCell { keys: vec![band.to_owned()], counts: vec![count] };
    ReleasedTable {
        name: name("releasedTables", "1"),
        layout: name("tableLayouts", "alder"),
        period: Some(Period { first_day: date(2025, 1, 1), ..half_year() }),
        table: Some(CountTable {
            cells: vec![cell("", hidden()), cell("30-49", count(14))],
            totals: vec![hidden()],
            margins: vec![],
        }),
        threshold: 5,
        sequence: 400,
        head_hash: vec![],
        release_time: Some(platform::convert::timestamp("2025-07-10T08:00:00Z".parse().unwrap())),
        publication: String::new(),
    }
}
