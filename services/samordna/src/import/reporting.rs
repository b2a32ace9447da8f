//! The rows of reporting-periods.csv and reported-figures.csv as one request.

use std::collections::HashMap;

use proto::reporting::{ImportReportingRequest, ReportedCount, ReportedFigures, ReportingPeriod};

use super::{
    fields::{Desk, Fields},
    files::{self, Collection},
    tables::Tables,
};

/// Puts the request together, without request id and to be carried out.
pub(super) fn request(tables: &Tables, desk: &mut Desk<'_>) -> ImportReportingRequest {
    let periods = tables.get(&files::REPORTING_PERIODS);
    ImportReportingRequest {
        parent: desk.parent(),
        reporting_periods: desk.each(periods, "reporting_periods", reporting_period),
        reported_figures: reported_figures(tables, desk),
        expected_names: Vec::new(),
        request_id: String::new(),
        validate_only: false,
    }
}

fn reporting_period(fields: &mut Fields<'_>) -> ReportingPeriod {
    ReportingPeriod {
        name: fields.own_name(Collection::ReportingPeriods),
        period: fields.period(),
        due_date: fields.date("due_date"),
    }
}

/// Gathers the rows of each team and period, wherever they stand in the file,
/// in the order in which the first row of each stands.
fn reported_figures(tables: &Tables, desk: &mut Desk<'_>) -> Vec<ReportedFigures> {
    let mut gathered: Vec<ReportedFigures> = Vec::new();
    let Some(table) = tables.get(&files::REPORTED_FIGURES) else {
        return gathered;
    };
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for row in &table.rows {
        let mut fields = desk.fields(table, row, String::new());
        let team = fields.id("team").unwrap_or_default();
        let period = fields.id("period").unwrap_or_default();
        let parent = fields.name(Collection::ReportingPeriods, &period);
        let name = format!("{parent}/reportedFigures/{team}");
        let number = *numbers.entry(name.clone()).or_insert(gathered.len());
        let resource = format!("reported_figures[{number}]");

        let mut fields = desk.fields(table, row, resource.clone());
        if number == gathered.len() {
            gathered.push(without_counts(name));
            fields.begin(&["team", "period"]);
        } else {
            fields.join(&resource);
        }
        // Every row is blamed for an unknown team or period, since every one
        // has to be corrected.
        fields.note("name", &["team", "period"]);
        fields.refer("name", Collection::Teams, &team);
        fields.refer("name", Collection::ReportingPeriods, &period);

        let Some(figures) = gathered.get_mut(number) else {
            continue;
        };
        let path = format!("{resource}.counts[{}]", figures.counts.len());
        let mut fields = desk.fields(table, row, path);
        fields.part(&["category", "figure"]);
        figures.counts.push(reported_count(&mut fields));
    }
    gathered
}

fn without_counts(name: String) -> ReportedFigures {
    ReportedFigures {
        name,
        counts: Vec::new(),
        report_time: None,
        reporter: String::new(),
        findings: Vec::new(),
    }
}

fn reported_count(fields: &mut Fields<'_>) -> ReportedCount {
    ReportedCount {
        figure: fields.text("figure"),
        category: fields.text("category"),
        count: fields.whole_number("count"),
    }
}
