//! A report with its figures, its text and what contradicts what: of what the other
//! services have of it, and of what is kept here.

use std::collections::{BTreeMap, BTreeSet};

use platform::{Failure, journalled::decoded};
use proto::finance::{FundingAmounts, FundingRow, FundingTable};
use sea_orm::ConnectionTrait;
use values::{
    Ore, Period, Slug,
    name::{ReportName, ReportingPeriodName, TeamName},
};

use super::{Standing, head, outside::Outside};
use crate::{
    domain::{
        chapter::{Chapter, ChapterName},
        check,
        compiled::{self, Compiled, Inputs, Money, Plan, Records, TeamRecords},
        figures::Figures,
        finding::{Fact, Finding},
        half_year_report::{Reader, Team},
        narrative::{Measure, Narrative},
        planned_figures,
        report::{Content, Report, WHOLE},
        reported_figures::ReportedFiguresName,
        reporting_period::ReportingPeriod,
        template::Template,
    },
    rpc::{Shell, convert, programme_plan},
    store,
};

/// A report that is compiled and checked.
pub(in crate::rpc) struct Checked {
    /// Its head.
    pub(in crate::rpc) standing: Standing,
    /// Its template.
    pub(in crate::rpc) template: Template,
    /// Its period.
    pub(in crate::rpc) period: ReportingPeriod,
    /// Its chapters as they are kept, in the order of the template.
    pub(in crate::rpc) chapters: Vec<(ChapterName, Chapter)>,
    /// The teams that have reported.
    pub(in crate::rpc) reported: BTreeSet<Slug>,
    /// What teams reported for the period before, where that is what they are compared with.
    pub(in crate::rpc) reported_before: Vec<ReportedFiguresName>,
    /// Its figures.
    pub(in crate::rpc) compiled: Compiled,
    /// The report as it was checked.
    pub(in crate::rpc) checked: check::Report,
    /// Its findings.
    pub(in crate::rpc) findings: Vec<Finding>,
}

impl Checked {
    /// Leaves what a reader may see, and answers the findings about others: a text shows no
    /// figure of a team whose figures its reader does not read, wherever the text refers to.
    pub(in crate::rpc) fn narrow(&mut self, shell: &Shell, reader: &Reader) -> Vec<Finding> {
        let Reader::Teams(teams) = reader else { return Vec::new() };
        let may_see = |id: &str| id == WHOLE || teams.iter().any(|team| team.id.as_str() == id);
        let mut seen = self.checked.clone();
        seen.subjects.retain(|id, _| may_see(id));
        let of_text = check::check(&self.template, &shell.vocabulary, &seen);
        let of_text = of_text.into_iter().filter(Finding::is_of_text);
        // What others wrote for all leads somewhere, though this reader does not see it.
        let is_elsewhere = |measure: &Measure| {
            let mut subjects = measure.cells().filter_map(|cell| cell.subject.as_deref());
            subjects.any(|id| !may_see(id) && self.checked.subjects.contains_key(id))
        };
        let of_text = of_text.filter(|finding| match &finding.fact {
            Fact::FigureMissing { measure, lack: _ } if finding.subject.is_none() => {
                !is_elsewhere(measure)
            }
            _ => true,
        });
        let is_seen = |finding: &Finding| finding.subject.as_deref().is_none_or(may_see);
        let findings = std::mem::take(&mut self.findings);
        let (own, others): (Vec<Finding>, Vec<Finding>) = findings.into_iter().partition(is_seen);
        let own = own.into_iter().filter(|finding| !finding.is_of_text());
        self.findings = own.chain(of_text.filter(is_seen)).collect();
        self.findings.sort_by_key(Finding::check);
        self.checked = seen;
        others
    }
}

/// The period that a report is about.
pub(super) async fn period_of(
    connection: &impl ConnectionTrait,
    name: &ReportingPeriodName,
) -> Result<ReportingPeriod, Failure> {
    let found = store::reporting_period::find(connection, name).await?;
    found.ok_or_else(|| Failure::not_found(name))
}

/// Loads what is kept of a report, compiles it with what the other services have, and
/// checks it.
pub(in crate::rpc) async fn compile(
    shell: &Shell,
    connection: &impl ConnectionTrait,
    name: &ReportName,
    outside: &Outside,
) -> Result<Checked, Failure> {
    compile_with(shell, connection, name, outside, None).await
}

/// The same with another text in a chapter.
pub(in crate::rpc) async fn compile_with(
    shell: &Shell,
    connection: &impl ConnectionTrait,
    name: &ReportName,
    outside: &Outside,
    instead: Option<(&ChapterName, Narrative)>,
) -> Result<Checked, Failure> {
    let standing = head(connection, name).await?;
    let content = &standing.report.content;
    let template = shell.template(connection, &content.template).await?;
    let template = template.ok_or_else(|| anyhow::anyhow!("{name} has lost its template"))?;
    let period = period_of(connection, &content.period).await?;
    let kept = store::chapter::of_report(connection, name).await?;
    let kept = kept.iter().map(|payload| Ok(convert::chapter::recorded(decoded(payload)?)?));
    let mut chapters = kept.collect::<Result<Vec<(ChapterName, Chapter)>, Failure>>()?;
    let place = |section: &str| template.sections.iter().position(|one| one.code == section);
    chapters.sort_by_cached_key(|(name, _)| (place(&name.section), name.clone()));

    let before = period_before(content, period)?;
    let (teams, reported_before) = of_teams(connection, (content, &before), outside).await?;
    let has_reported = |team: &TeamRecords| matches!(team.now, Records::Reported(_));
    let reported = teams.iter().filter(|(_, team)| has_reported(team));
    let reported = reported.map(|(id, _)| id.clone()).collect();

    let stated_before = stated_before(connection, &before, content).await?;
    let plan = plan(connection, (content, &template), period.period(), &outside.teams).await?;
    let (money, total_money) = money(outside.funding_table.as_ref())?;
    let compiled = compiled::compile(Inputs {
        definitions: &shell.definitions,
        template: &template,
        content,
        period: period.period(),
        teams,
        derived_sums: outside.derived.sums.clone(),
        derived_sums_before: outside.before.sums().clone(),
        stated_before: &stated_before,
        money,
        total_money,
        plan,
        threshold: outside.threshold,
        hidden: &outside.hidden,
    });
    let written = narratives(shell, &chapters, instead);
    let checked = compiled.report(written);
    let mut findings = check::check(&template, &shell.vocabulary, &checked);
    if !outside.is_of_one_time() {
        // Of counts that are true at several times, parts need not sum to their whole.
        findings.retain(|finding| finding.is_of_text() || !compiled.is_counted(finding));
    }
    Ok(Checked {
        standing,
        template,
        period,
        chapters,
        reported,
        reported_before,
        compiled,
        checked,
        findings,
    })
}

/// What teams have now and had in the period before; and what they reported for that, where
/// that is what they are compared with.
async fn of_teams(
    connection: &impl ConnectionTrait,
    (content, before): (&Content, &ReportingPeriodName),
    outside: &Outside,
) -> Result<(BTreeMap<Slug, TeamRecords>, Vec<ReportedFiguresName>), Failure> {
    let periods = [content.period.id.clone(), before.id.clone()];
    let federation = &content.period.federation;
    let figures = store::reported_figures::of_periods(connection, federation, &periods).await?;
    let name_of = |team: &Slug, period: &ReportingPeriodName| {
        let (federation, period) = (federation.clone(), period.id.clone());
        ReportedFiguresName { federation, period, team: team.clone() }
    };
    let records = |team: &Slug, period: &ReportingPeriodName| {
        let found = figures.get(&name_of(team, period));
        found.map_or(Records::Missing, |found| Records::Reported(found.counts.clone()))
    };
    let ids = outside.teams.iter().map(|team| &team.name.id);
    let others = ids.filter(|id| outside.before.of_team(id).is_none());
    let reported_before = others.map(|id| name_of(id, before));
    let reported_before = reported_before.filter(|name| figures.contains_key(name)).collect();
    let teams = outside.teams.iter().map(|team| {
        let id = &team.name.id;
        let now = if content.derived.contains(id) {
            outside.derived.teams.get(id).cloned().unwrap_or(Records::Missing)
        } else {
            records(id, &content.period)
        };
        let then = outside.before.of_team(id).cloned();
        let before = then.unwrap_or_else(|| records(id, before));
        (id.clone(), TeamRecords { now, before })
    });
    Ok((teams.collect(), reported_before))
}

/// What the programme plan that the report belongs to gives to it.
async fn plan(
    connection: &impl ConnectionTrait,
    (content, template): (&Content, &Template),
    period: Period,
    teams: &[Team],
) -> Result<Option<Plan>, Failure> {
    if content.plan_version.is_empty() {
        return Ok(None);
    }
    let versions = programme_plan::all(connection, &content.period.federation).await?;
    let teams = teams.iter().map(|team| team.name.clone()).collect();
    Ok(planned_figures::of_report(&versions, content, template, period, &teams))
}

/// The text of each chapter, read, with the one that stands in another's place.
fn narratives(
    shell: &Shell,
    chapters: &[(ChapterName, Chapter)],
    instead: Option<(&ChapterName, Narrative)>,
) -> Vec<check::Chapter> {
    let chapter = |name: &ChapterName, narrative| check::Chapter {
        section: name.section.clone(),
        subject: name.subject.as_ref().map(Slug::to_string),
        narrative,
    };
    let replaced = instead.as_ref().map(|(name, _)| *name);
    let others = chapters.iter().filter(|(name, _)| Some(name) != replaced);
    let read = others.map(|(name, kept)| {
        let writing = &kept.writing;
        let narrative = Narrative::read(&shell.vocabulary, writing.language, &writing.text);
        chapter(name, narrative)
    });
    let instead = instead.map(|(name, narrative)| chapter(name, narrative));
    read.chain(instead).collect()
}

/// The half-year before.
fn period_before(
    content: &Content,
    period: ReportingPeriod,
) -> Result<ReportingPeriodName, Failure> {
    let id = Slug::parse("period", &period.id_before())?;
    Ok(ReportingPeriodName::new(content.period.federation.clone(), id))
}

/// What the report on the same subject, by the same kind of template, stated for the
/// period before.
async fn stated_before(
    connection: &impl ConnectionTrait,
    before: &ReportingPeriodName,
    content: &Content,
) -> Result<BTreeMap<String, Figures>, Failure> {
    let mut stated = BTreeMap::new();
    for payload in store::report::of_subject(connection, before, &content.subject).await? {
        let (_, Report { content: earlier, .. }) = convert::report::recorded(decoded(&payload)?)?;
        if earlier.template == content.template {
            stated = earlier.stated;
        }
    }
    Ok(stated)
}

/// What finance has of each team, and of all recipients.
fn money(table: Option<&FundingTable>) -> Result<(BTreeMap<Slug, Money>, Option<Money>), Failure> {
    let mut of_teams = BTreeMap::<Slug, Money>::new();
    let Some(table) = table else { return Ok((of_teams, None)) };
    let amounts = |amounts: &Option<FundingAmounts>| {
        let FundingAmounts { granted_ore, requisitioned_ore, requisitioned_to_date_ore, .. } =
            amounts.unwrap_or_default();
        Money {
            granted: Ore::new(granted_ore),
            requisitioned: Ore::new(requisitioned_ore),
            requisitioned_to_date: Ore::new(requisitioned_to_date_ore),
        }
    };
    for FundingRow { team, amounts: of_row, .. } in &table.rows {
        if team.is_empty() {
            continue;
        }
        let name = TeamName::parse("team", team)
            .map_err(|fault| anyhow::anyhow!("finance answered a team with {}", fault.reason))?;
        let sum = of_teams.entry(name.id).or_default();
        let added = sum.plus(amounts(of_row));
        *sum = added.ok_or_else(|| anyhow::anyhow!("a team's money does not fit"))?;
    }
    Ok((of_teams, Some(amounts(&table.total))))
}
