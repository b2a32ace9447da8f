//! What reporting kept of a period, as it was known for each of its releases: read at once,
//! however many releases there are.

use std::collections::{BTreeMap, BTreeSet};

use platform::{Failure, journalled::decoded};
use sea_orm::ConnectionTrait;
use values::name::{ReportName, ReportTemplateName, ReportingPeriodName};

use super::gather::own_sequence;
use crate::{
    domain::{
        protection::Counted,
        release::{self, Document, Recorded, Source},
        reported_figures::ReportedFiguresName,
        template::{Column, Relation},
    },
    rpc::{Shell, convert},
    store::{
        self,
        release::{History, Known},
    },
};

/// What each team reported, by its resource name, and where the journal has it.
pub(super) type Reported = BTreeMap<String, (Recorded, Counted)>;

/// What reporting keeps of a period, as it was known at any sequence until one.
pub(super) struct Past {
    history: History,
    templates: BTreeMap<ReportTemplateName, (Vec<Relation>, Vec<Column>)>,
}

/// What a report states, as known at a sequence: counts of people, and the rest.
#[derive(Debug, Clone, Default)]
pub(super) struct Stated {
    pub(super) counted: Reported,
    pub(super) others: Vec<release::Figure>,
    pub(super) relations: Vec<Relation>,
    /// The columns of its template.
    pub(super) columns: Vec<Column>,
}

impl Past {
    /// Reads it at once, for releases of these reports, as resource names. A release may be
    /// of no kept report.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        period: &ReportingPeriodName,
        reports: impl IntoIterator<Item = &str>,
        until: i64,
    ) -> Result<Self, Failure> {
        let names = reports.into_iter().filter_map(|name| ReportName::parse("report", name).ok());
        let history = store::release::history(connection, period, &names.collect(), until).await?;
        Ok(Self { history, templates: BTreeMap::new() })
    }

    /// The same for one release.
    pub(super) async fn of(
        connection: &impl ConnectionTrait,
        document: &Document,
    ) -> Result<Self, Failure> {
        let (period, report) = (&document.reporting_period, document.report.as_str());
        Self::read(connection, period, [report], own_sequence(document)?).await
    }

    /// What teams had reported as known at a sequence.
    pub(super) fn reported(&self, sequence: i64) -> Result<Reported, Failure> {
        let mut reported = Reported::new();
        for Known { recorded, payload } in self.history.figures_at(sequence) {
            let figures = convert::recorded_figures(decoded(payload)?)?;
            let name = ReportedFiguresName::parse("name", &recorded.name)?;
            let counts =
                figures.counts.iter().map(|(cell, count)| (cell.clone(), i64::from(count)));
            let told = (recorded.clone(), counts.collect());
            reported.insert(name.team_name().to_string(), told);
        }
        Ok(reported)
    }

    /// What teams had reported of a release: those whose figures in it are reported ones.
    pub(super) fn reported_of(&self, document: &Document) -> Result<Reported, Failure> {
        let mut known = self.reported(own_sequence(document)?)?;
        let subjects = document.subjects.iter();
        let teams: BTreeSet<&String> = subjects
            .filter(|subject| subject.source == Some(Source::Reported))
            .map(|subject| &subject.name)
            .collect();
        known.retain(|team, _| teams.contains(team));
        Ok(known)
    }

    /// What the report of a release states; nothing when the release is of no kept report.
    pub(super) async fn stated(
        &mut self,
        shell: &Shell,
        connection: &impl ConnectionTrait,
        (report, sequence): (&str, i64),
    ) -> Result<Stated, Failure> {
        let Ok(name) = ReportName::parse("report", report) else { return Ok(Stated::default()) };
        let Some(Known { recorded, payload }) = self.history.report_at(&name, sequence) else {
            return Ok(Stated::default());
        };
        let (recorded, (_, head)) =
            (recorded.clone(), convert::report::recorded(decoded(payload)?)?);
        let content = head.content;
        let (relations, columns) = self.template(shell, connection, &content.template).await?;
        let subject =
            |id: &str| convert::report::subject_name(&name.federation, &content.subject, id);
        let by_name = content.stated.iter().map(|(id, figures)| (subject(id), figures.clone()));
        let (counted, others) = release::stated(&shell.definitions, &relations, &by_name.collect());
        let counted =
            counted.into_iter().map(|(subject, counts)| (subject, (recorded.clone(), counts)));
        Ok(Stated { counted: counted.collect(), others, relations, columns })
    }

    /// What a template says of figures, read once.
    async fn template(
        &mut self,
        shell: &Shell,
        connection: &impl ConnectionTrait,
        name: &ReportTemplateName,
    ) -> Result<(Vec<Relation>, Vec<Column>), Failure> {
        if let Some(known) = self.templates.get(name) {
            return Ok(known.clone());
        }
        let template = shell.template(connection, name).await?;
        let template = template.map(|template| (template.relations, template.columns));
        Ok(self.templates.entry(name.clone()).or_insert(template.unwrap_or_default()).clone())
    }
}
