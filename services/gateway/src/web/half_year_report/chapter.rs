//! A team's chapter of the report.

use proto::reporting::{FigureDefinition, ReportingStatus, TeamChapter};

use super::figures::{self, FigureView};
use crate::web::{format, layout::Visit, reads::id_of, requisition::StateView, rights};

/// A chapter ready to be shown.
#[derive(Debug, Clone)]
pub(crate) struct ChapterView {
    /// The team's id.
    pub team_id: String,
    /// The name people read.
    pub display_name: String,
    /// The municipalities it serves.
    pub municipalities: String,
    /// Whether it has reported, in words.
    pub status: StateView,
    /// True when it has.
    pub has_reported: bool,
    /// The day its figures were sent in.
    pub reported_day: String,
    /// What it reported.
    pub figures: Vec<FigureView>,
    /// The figures it reported nothing of.
    pub not_reported: Vec<String>,
    /// Where in the chapter something does not add up.
    pub findings: Vec<FindingLink>,
    /// True when the person may send in its figures.
    pub may_report: bool,
}

/// A way to a finding from the report's summary.
#[derive(Debug, Clone)]
pub(crate) struct FindingLink {
    /// The id of its place on the page.
    pub id: String,
    /// The team and the partition it is about.
    pub text: String,
}

impl ChapterView {
    /// Makes a chapter ready to be shown.
    #[must_use]
    pub(crate) fn of(
        visit: &Visit,
        definitions: &[FigureDefinition],
        chapter: &TeamChapter,
    ) -> Self {
        let TeamChapter {
            team,
            display_name,
            reported_figures,
            status: _,
            municipality_display_names,
        } = chapter;
        let language = visit.reader.language;
        let team_id = id_of(team);
        let sent = reported_figures.clone().unwrap_or_default();
        let figures = figures::reported(language, definitions, team_id, &sent);
        let not_reported = figures::not_reported(language, definitions, &figures);
        Self {
            team_id: team_id.to_owned(),
            display_name: display_name.clone(),
            municipalities: municipality_display_names.join(", "),
            status: status(visit, chapter.status()),
            has_reported: reported_figures.is_some(),
            reported_day: format::day(
                sent.report_time.as_ref().and_then(platform::convert::instant),
            ),
            findings: findings(display_name, &figures),
            figures,
            not_reported,
            may_report: rights::reports_figures_of(&visit.session.principal, team_id),
        }
    }
}

fn findings(team: &str, figures: &[FigureView]) -> Vec<FindingLink> {
    let partitions = figures.iter().flat_map(|figure| &figure.partitions);
    partitions
        .filter_map(|partition| {
            let finding = partition.finding.as_ref()?;
            Some(FindingLink {
                id: finding.id.clone(),
                text: format!("{team}: {}", partition.text),
            })
        })
        .collect()
}

fn status(visit: &Visit, status: ReportingStatus) -> StateView {
    let (id, color) = match status {
        ReportingStatus::Reported => ("report-status-reported", "success"),
        ReportingStatus::NotReported | ReportingStatus::Unspecified => {
            ("report-status-not-reported", "neutral")
        }
        ReportingStatus::Overdue => ("report-status-overdue", "warning"),
    };
    StateView { text: visit.t(id), color }
}
