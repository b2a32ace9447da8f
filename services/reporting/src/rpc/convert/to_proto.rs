//! Values to messages: what is answered, and what the journal records.

use platform::convert::{date_to_proto, period_to_proto, timestamp};
use proto::reporting as message;
use values::name::{ReportingPeriodName, TeamName};

use crate::domain::{
    definition::{Category, Cell, Definitions, Figure, Partition},
    finding::{self, PartsDiffer},
    half_year_report::{CategoryTotal, Chapter, FigureTotal, Status},
    reported_figures::{ReportedFigures, ReportedFiguresName},
    reporting_period::ReportingPeriod,
};

pub(crate) fn reporting_period(
    name: &ReportingPeriodName,
    period: ReportingPeriod,
) -> message::ReportingPeriod {
    message::ReportingPeriod {
        name: name.to_string(),
        period: Some(period_to_proto(period.period())),
        due_date: Some(date_to_proto(period.due_date())),
    }
}

/// Figures as the journal records them: by code, and without findings, which
/// are computed anew whenever the figures are shown.
pub(crate) fn recorded_figures(
    name: &ReportedFiguresName,
    figures: &ReportedFigures,
) -> message::ReportedFigures {
    let ReportedFigures { counts, report_time, reporter } = figures;
    message::ReportedFigures {
        name: name.to_string(),
        counts: counts.iter().map(|(cell, count)| reported_count(cell, i64::from(count))).collect(),
        report_time: Some(timestamp(*report_time)),
        reporter: reporter.clone(),
        findings: Vec::new(),
    }
}

/// Figures as they are shown: in the order of the definitions, with findings.
pub(crate) fn reported_figures(
    definitions: &Definitions,
    name: &ReportedFiguresName,
    figures: &ReportedFigures,
) -> message::ReportedFigures {
    let findings = finding::find(definitions, &figures.counts);
    shown_figures(definitions, name, figures, &findings)
}

fn shown_figures(
    definitions: &Definitions,
    name: &ReportedFiguresName,
    figures: &ReportedFigures,
    findings: &[PartsDiffer],
) -> message::ReportedFigures {
    let ReportedFigures { counts, report_time, reporter } = figures;
    let team = name.team_name();
    let counts = counts.in_order(definitions);
    message::ReportedFigures {
        name: name.to_string(),
        counts: counts
            .into_iter()
            .map(|(cell, count)| reported_count(cell, count.into()))
            .collect(),
        report_time: Some(timestamp(*report_time)),
        reporter: reporter.clone(),
        findings: findings.iter().map(|finding| self::finding(&team, finding)).collect(),
    }
}

fn reported_count(cell: &Cell, count: i64) -> message::ReportedCount {
    let Cell { figure, category } = cell;
    message::ReportedCount { figure: figure.clone(), category: category.clone(), count }
}

fn finding(team: &TeamName, finding: &PartsDiffer) -> message::Finding {
    let PartsDiffer { figure, partition, parts, whole, parts_sum, total } = finding;
    message::Finding {
        team: team.to_string(),
        figure: figure.clone(),
        partition: partition.clone(),
        parts: parts.iter().map(|(cell, count)| reported_count(cell, *count)).collect(),
        total_figure: whole.figure.clone(),
        parts_sum: *parts_sum,
        total: *total,
        difference: finding.difference(),
    }
}

pub(crate) fn chapter(
    definitions: &Definitions,
    period: &ReportingPeriodName,
    chapter: &Chapter,
) -> message::TeamChapter {
    let Chapter { team, status } = chapter;
    let name = ReportedFiguresName {
        federation: period.federation.clone(),
        period: period.id.clone(),
        team: team.name.id.clone(),
    };
    let (status, reported_figures) = match status {
        Status::Reported(figures, findings) => {
            let shown = shown_figures(definitions, &name, figures, findings);
            (message::ReportingStatus::Reported, Some(shown))
        }
        Status::NotReported => (message::ReportingStatus::NotReported, None),
        Status::Overdue => (message::ReportingStatus::Overdue, None),
    };
    message::TeamChapter {
        team: team.name.to_string(),
        display_name: team.display_name.clone(),
        reported_figures,
        status: status.into(),
        municipality_display_names: team.municipality_display_names.clone(),
    }
}

pub(crate) fn figure_total(total: &FigureTotal) -> message::FigureTotal {
    let FigureTotal { figure, total, teams_covered, team_count, categories, categories_differ } =
        total;
    message::FigureTotal {
        figure: figure.clone(),
        total: *total,
        teams_covered: teams_covered.iter().map(ToString::to_string).collect(),
        team_count: count_of_teams(*team_count),
        categories: categories.iter().map(category_total).collect(),
        categories_differ: *categories_differ,
    }
}

fn category_total(total: &CategoryTotal) -> message::CategoryTotal {
    let CategoryTotal { partition, category, count, team_count } = total;
    message::CategoryTotal {
        partition: partition.clone(),
        category: category.clone(),
        count: *count,
        team_count: count_of_teams(*team_count),
    }
}

fn count_of_teams(count: usize) -> i32 {
    i32::try_from(count).expect("a federation's teams fit in one answer")
}

pub(crate) fn figure_definition(figure: &Figure) -> message::FigureDefinition {
    let Figure { code, text, partitions } = figure;
    message::FigureDefinition {
        figure: code.clone(),
        text_sv: text.sv.clone(),
        text_en: text.en.clone(),
        partitions: partitions.iter().map(partition_definition).collect(),
    }
}

fn partition_definition(partition: &Partition) -> message::PartitionDefinition {
    let Partition { code, reported_as, text, categories } = partition;
    message::PartitionDefinition {
        partition: code.clone(),
        reported_as: reported_as.clone(),
        text_sv: text.sv.clone(),
        text_en: text.en.clone(),
        categories: categories.iter().map(category_definition).collect(),
    }
}

fn category_definition(category: &Category) -> message::CategoryDefinition {
    let Category { code, text } = category;
    message::CategoryDefinition {
        category: code.clone(),
        text_sv: text.sv.clone(),
        text_en: text.en.clone(),
    }
}
