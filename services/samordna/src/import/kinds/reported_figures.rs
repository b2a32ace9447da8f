//! What teams report, one row for each count.

use std::collections::HashMap;

use proto::reporting::{ReportedCount, ReportedFigures};

use super::{Kind, reporting_periods::REPORTING_PERIODS, teams::TEAMS};
use crate::import::{
    Section,
    fields::{Desk, Fields},
    table::Table,
};

pub(in crate::import) const KIND: Kind = Kind {
    name: "reported-figures",
    section: Section::Reporting,
    columns: &["team", "period", "figure", "category", "count"],
    optional_columns: &[],
    key: "team",
    defines: None,
    needs: None,
    read: |table, desk, requests| {
        requests.reporting.reported_figures = reported_figures(table, desk);
    },
};

/// Gathers the rows of each team and period, wherever they stand in the file,
/// in the order in which the first row of each stands.
fn reported_figures(table: &Table, desk: &mut Desk<'_>) -> Vec<ReportedFigures> {
    let mut gathered: Vec<ReportedFigures> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for row in &table.rows {
        let mut fields = desk.fields(table, row, String::new());
        let team = fields.id("team").unwrap_or_default();
        let period = fields.id("period").unwrap_or_default();
        let parent = fields.name(REPORTING_PERIODS, &period);
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
        fields.refer("name", TEAMS, &team);
        fields.refer("name", REPORTING_PERIODS, &period);

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
