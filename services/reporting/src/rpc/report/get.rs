//! A report as its reader sees it.

use std::collections::BTreeMap;

use platform::{Failure, journal, principal};
use proto::reporting as pb;
use tonic::Request;
use values::{
    Slug,
    name::{ReportName, TeamName},
};

use super::{
    compile::{Checked, compile},
    head, narrowed,
    outside::{Outside, outside},
    reader,
};
use crate::{
    domain::{
        chapter::{Chapter, ChapterName},
        check,
        compiled::Cells,
        finding::Finding,
        half_year_report::Reader,
        planned_figures::{titles, to_choose_from},
        programme_plan::{Plan, ProgrammePlanVersionName},
        report::{Report, Subject, WHOLE},
        swedish_order,
    },
    rpc::{
        Shell,
        convert::{self, compiled, finding::Teller, report::subject_name},
        programme_plan,
    },
};

pub(super) async fn get(
    shell: &Shell,
    request: Request<pb::GetReportRequest>,
) -> Result<pb::GetReportResponse, Failure> {
    let principal = principal::of(&request)?;
    let (metadata, _, pb::GetReportRequest { name: sent }) = request.into_parts();
    let name = ReportName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let database = shell.journal.database();
    let standing = head(&database.read, &name).await?;
    let content = &standing.report.content;
    let reader = reader(&database.read, &principal, &name, &content.subject).await?;
    let outside = outside(shell, &metadata, &name, &standing.report).await?;
    let picture = database.snapshot().await?;
    let mut checked = compile(shell, &picture, &name, &outside).await?;
    let journal_head = journal::head(&picture, &name.federation).await?;
    let plans = match checked.standing.report.is_open() {
        true => programme_plan::all(&picture, &name.federation).await?,
        false => BTreeMap::new(),
    };
    picture.rollback().await?;
    // What a text says of somebody whose figures the caller does not read is not counted as
    // it is: the number of findings would tell whether a guess is right.
    let others = checked.narrow(shell, &reader);
    let explanations = &checked.standing.report.explanations;
    let is_open = |finding: &&Finding| !explanations.contains_key(&finding.key());
    let open = checked.findings.iter().chain(&others).filter(is_open).count();
    let view = View { shell, name: &name, reader, checked, outside, plans };
    let finance_sequence = view.outside.funding_table.as_ref().map(|table| table.sequence);
    let participant = view.outside.participant.as_ref();
    let stamp = pb::FiguresStamp {
        reporting_sequence: journal_head.sequence,
        reporting_head_hash: journal_head.hash,
        finance_sequence: finance_sequence.unwrap_or_default(),
        participant_sequence: participant.map(|stamp| stamp.sequence).unwrap_or_default(),
        participant_head_hash: participant.map(|stamp| stamp.head_hash.clone()).unwrap_or_default(),
        definitions_version: shell.definitions.version(),
        vocabulary_version: shell.vocabulary.version(),
        checks_version: shell.checks.version(),
        before: view.before(),
        participant_oldest_sequence: view.outside.oldest,
        fetch_time: view.outside.fetch_time,
    };
    Ok(view.render(open, stamp))
}

/// A report and who reads it.
struct View<'a> {
    shell: &'a Shell,
    name: &'a ReportName,
    reader: Reader,
    checked: Checked,
    outside: Outside,
    /// Every version of every programme plan, while the report is open.
    plans: BTreeMap<ProgrammePlanVersionName, Plan>,
}

impl View<'_> {
    fn render(self, open: usize, stamp: pb::FiguresStamp) -> pb::GetReportResponse {
        let report = &self.checked.standing.report;
        let teller = Teller {
            federation: &self.name.federation,
            report,
            checks: &self.shell.checks,
            vocabulary: &self.shell.vocabulary,
        };
        let findings = self.checked.findings.iter();
        let template = &self.checked.template;
        let template_name = &report.content.template;
        let is_shipped = self.shell.templates.iter().any(|one| one.is(template_name));
        pb::GetReportResponse {
            report: Some(self.head(report)),
            template: Some(convert::report_template::render(
                template_name,
                "",
                template,
                is_shipped,
            )),
            chapters: self.chapters(),
            figures: self.figures(),
            findings: findings.map(|finding| teller.tell(finding)).collect(),
            open_findings: i32::try_from(open).unwrap_or(i32::MAX),
            stamp: Some(stamp),
            plan_versions: self.plan_versions(),
            funding_table: self.outside.funding_table,
        }
    }

    fn plan_versions(&self) -> Vec<pb::PlanVersionOfReport> {
        let teams = self.outside.teams.iter().map(|team| team.name.clone()).collect();
        let found = to_choose_from(&self.plans, self.checked.period.period(), &teams);
        let version = |(name, plan): (&ProgrammePlanVersionName, &Plan)| pb::PlanVersionOfReport {
            name: name.to_string(),
            number: name.number.to_string(),
            title: plan.title.clone(),
            goals: titles(plan),
        };
        found.into_iter().map(version).collect()
    }

    /// The head, with what explains the findings that the caller reads.
    fn head(&self, report: &Report) -> pb::Report {
        let head = convert::report::render(self.name, report);
        let found = self.checked.findings.iter().map(Finding::key).collect();
        narrowed(head, &self.reader, &found)
    }

    /// True for what is about the whole, and about a subject that the caller reads.
    fn may_read(&self, subject: Option<&str>) -> bool {
        let Some(id) = subject else { return true };
        match &self.reader {
            Reader::WholeFederation => true,
            Reader::Teams(teams) => id == WHOLE || teams.iter().any(|team| team.id.as_str() == id),
        }
    }

    /// What the teams that the caller reads are compared with.
    fn before(&self) -> Vec<pb::FiguresBefore> {
        let reported = &self.checked.reported_before;
        let mut before = self.outside.before.rendered(&self.name.federation, reported);
        before.retain(|one| {
            let team = TeamName::parse("team", &one.team);
            team.is_ok_and(|team| self.may_read(Some(team.id.as_str())))
        });
        let teams = &self.outside.teams;
        for one in &mut before {
            let team = teams.iter().find(|team| team.name.to_string() == one.team);
            one.display_name = team.map(|team| team.display_name.clone()).unwrap_or_default();
        }
        before
    }

    /// Teams by display name in Swedish order; in a report on one, that one.
    fn subjects(&self) -> Vec<(Slug, String)> {
        match &self.checked.standing.report.content.subject {
            Subject::Federation => {
                let teams = self.outside.teams.iter();
                let mut teams: Vec<_> =
                    teams.map(|team| (team.name.id.clone(), team.display_name.clone())).collect();
                teams.sort_by(|left, right| {
                    swedish_order::compare(&left.1, &right.1).then_with(|| left.0.cmp(&right.0))
                });
                teams
            }
            Subject::Area(id) | Subject::Team(id) => {
                vec![(id.clone(), self.outside.display_name.clone())]
            }
        }
    }

    fn chapters(&self) -> Vec<pb::ShownChapter> {
        let mut kept: BTreeMap<&ChapterName, &Chapter> =
            self.checked.chapters.iter().map(|(name, chapter)| (name, chapter)).collect();
        let subjects = self.subjects();
        let unwritten = Chapter::unwritten();
        let mut shown = Vec::new();
        for section in &self.checked.template.sections {
            let name = |subject: Option<Slug>| ChapterName {
                report: self.name.clone(),
                section: section.code.clone(),
                subject,
            };
            let names: Vec<ChapterName> = if section.is_per_subject {
                subjects.iter().map(|(id, _)| name(Some(id.clone()))).collect()
            } else {
                vec![name(None)]
            };
            for name in names {
                let chapter = kept.remove(&name).unwrap_or(&unwritten);
                shown.push(self.chapter(&name, chapter));
            }
            // What was written of a team that is no longer there.
            let of_section = |name: &&ChapterName| name.section == section.code;
            let left: Vec<&ChapterName> = kept.keys().copied().filter(of_section).collect();
            for name in left {
                shown.extend(kept.remove(name).map(|chapter| self.chapter(name, chapter)));
            }
        }
        shown.into_iter().flatten().collect()
    }

    /// A chapter; none when the caller does not read it.
    fn chapter(&self, name: &ChapterName, chapter: &Chapter) -> Option<pb::ShownChapter> {
        let subject = name.subject.as_ref().map(Slug::as_str);
        if !self.may_read(subject) {
            return None;
        }
        let is_it = |one: &&check::Chapter| {
            one.section == name.section && one.subject.as_deref() == subject
        };
        let report = &self.checked.checked;
        let read = report.chapters.iter().find(is_it);
        let references = read.map(|read| compiled::references(report, read));
        let shown_text = read.map(|read| compiled::shown_text(report, read));
        Some(pb::ShownChapter {
            chapter: Some(convert::chapter::render(name, chapter)),
            shown_text: shown_text.unwrap_or_default(),
            references: references.unwrap_or_default(),
        })
    }

    fn figures(&self) -> Vec<pb::SubjectFigures> {
        let Checked { standing, compiled, template, period, reported, .. } = &self.checked;
        let about = &standing.report.content.subject;
        let federation = &self.name.federation;
        let today = self.shell.journal.clock().today();
        let render = |id: &str, display_name: String, cells: &Cells| {
            let is_team = !matches!((about, id), (Subject::Federation, WHOLE))
                && !matches!(about, Subject::Area(_));
            let is_derived = standing.report.content.derived.iter().any(|one| one.as_str() == id);
            let has_reported = reported.iter().any(|one| one.as_str() == id);
            let status = match (is_team && !is_derived, has_reported) {
                (false, _) => pb::ReportingStatus::Unspecified,
                (true, true) => pb::ReportingStatus::Reported,
                (true, false) if period.is_overdue(today) => pb::ReportingStatus::Overdue,
                (true, false) => pb::ReportingStatus::NotReported,
            };
            pb::SubjectFigures {
                subject: subject_name(federation, about, id),
                display_name,
                whole: id == WHOLE,
                status: status.into(),
                cells: self::compiled::cells(&self.shell.definitions, template, cells),
            }
        };
        let mut figures = Vec::new();
        if let Some(cells) = compiled.subjects.get(WHOLE) {
            figures.push(render(WHOLE, self.outside.display_name.clone(), cells));
        }
        for (id, display_name) in self.subjects() {
            let cells = compiled.subjects.get(id.as_str());
            if let Some(cells) = cells.filter(|_| self.may_read(Some(id.as_str()))) {
                figures.push(render(id.as_str(), display_name, cells));
            }
        }
        figures
    }
}
