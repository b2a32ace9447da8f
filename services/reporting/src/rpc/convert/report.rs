//! Heads of reports, to and from the contract.

use std::collections::{BTreeMap, BTreeSet};

use platform::convert::{instant, prose, timestamp};
use proto::reporting as pb;
use values::name::{
    AccountName, ReleasedTableName, ReportName, ReportTemplateName, ReportingPeriodName, TeamName,
};
use values::{Fault, Faults, Slug};

use crate::domain::definition::Cell;
use crate::domain::figures::{Figures, Value};
use crate::domain::report::{Content, Explanation, Report, State, Step, Subject};

/// Reads what is sent. What only an answer has is left out: its state, the steps and
/// the explanations.
pub(in crate::rpc) fn parse(federation: &Slug, sent: pb::Report) -> Result<Content, Faults> {
    let pb::Report {
        name: _, // Read by the handler.
        template,
        reporting_period,
        subject,
        title,
        dnr,
        plan_version,
        goals,
        sources,
        stated_cells,
        state: _,
        steps: _,
        explanations: _,
        etag: _,
    } = sent;
    let mut faults = Faults::new();
    let template = faults.keep(ReportTemplateName::parse("template", &template));
    let period = faults.keep(ReportingPeriodName::parse("reporting_period", &reporting_period));
    let subject = faults.keep(Subject::parse("subject", federation, &subject));
    let title = prose(&mut faults, "title", &title, 1, 200);
    let dnr = prose(&mut faults, "dnr", &dnr, 0, 50);
    let plan_version = prose(&mut faults, "plan_version", &plan_version, 0, 20);
    let goals = goals.iter().enumerate();
    let goals = goals.map(|(row, goal)| prose(&mut faults, &format!("goals[{row}]"), goal, 1, 500));
    let goals: Option<Vec<String>> = goals.collect::<Vec<_>>().into_iter().collect();
    let derived = self::derived(&mut faults, federation, sources);
    let stated = self::stated(&mut faults, federation, subject.as_ref(), stated_cells);
    if let Some(template) = template.as_ref().filter(|name| name.federation != *federation) {
        faults.push(Fault::new("template", "REPORT_TEMPLATE_UNKNOWN").with("value", template));
    }
    if let Some(period) = period.as_ref().filter(|name| name.federation != *federation) {
        let fault = Fault::new("reporting_period", "REPORTING_PERIOD_UNKNOWN");
        faults.push(fault.with("value", period));
    }
    faults.into_result(|| {
        Some(Content {
            template: template?,
            period: period?,
            subject: subject?,
            title: title?,
            dnr: dnr?,
            plan_version: plan_version?,
            goals: goals?,
            derived,
            stated,
        })
    })
}

fn derived(faults: &mut Faults, federation: &Slug, sent: Vec<pb::TeamSource>) -> BTreeSet<Slug> {
    let (mut seen, mut derived) = (BTreeSet::new(), BTreeSet::new());
    for (row, pb::TeamSource { team, source }) in sent.into_iter().enumerate() {
        let field = format!("sources[{row}]");
        let name = faults.keep(TeamName::parse(&format!("{field}.team"), &team));
        let name = name.filter(|name| {
            let is_home = name.federation == *federation;
            if !is_home {
                let fault = Fault::new(format!("{field}.team"), "TEAM_UNKNOWN");
                faults.push(fault.with("value", name));
            }
            is_home
        });
        let is_derived = match pb::FigureSource::try_from(source) {
            Ok(pb::FigureSource::Reported) => false,
            Ok(pb::FigureSource::Derived) => true,
            Ok(
                pb::FigureSource::Unspecified
                | pb::FigureSource::Stated
                | pb::FigureSource::Finance
                | pb::FigureSource::Sum,
            )
            | Err(_) => {
                faults.push(Fault::new(format!("{field}.source"), "TEAM_SOURCE_WRONG"));
                false
            }
        };
        let Some(name) = name else { continue };
        if !seen.insert(name.id.clone()) {
            let fault = Fault::new(format!("{field}.team"), "TEAM_TWICE");
            faults.push(fault.with("value", &name));
        }
        if is_derived {
            derived.insert(name.id);
        }
    }
    derived
}

fn stated(
    faults: &mut Faults,
    federation: &Slug,
    about: Option<&Subject>,
    sent: Vec<pb::StatedCell>,
) -> BTreeMap<String, Figures> {
    let mut stated = BTreeMap::<String, Figures>::new();
    for (row, cell) in sent.into_iter().enumerate() {
        let pb::StatedCell { subject, figure, category, value } = cell;
        let field = format!("stated_cells[{row}]");
        let at = |part: &str| format!("{field}.{part}");
        let subject = faults.keep(Subject::parse(&at("subject"), federation, &subject));
        let read = Value::parse(value.trim());
        if read.is_none() {
            let fault = Fault::new(at("value"), "CELL_VALUE_MALFORMED");
            faults.push(fault.with("value", value));
        }
        let cell = Cell { figure, category };
        let (Some(subject), Some(value)) = (subject, read) else { continue };
        if about.is_some_and(|about| !has(about, &subject)) {
            let fault = Fault::new(at("subject"), "CELL_SUBJECT_NOT_IN_REPORT");
            faults.push(fault.with("value", subject.name(federation)));
            continue;
        }
        let figures = stated.entry(subject.id().to_owned()).or_default();
        if figures.get(&cell).is_some() {
            let Cell { figure, category } = &cell;
            let fault = Fault::new(&field, "CELL_TWICE").with("figure", figure);
            faults.push(fault.with("category", category));
        }
        *figures = std::mem::take(figures).with(cell, value);
    }
    stated
}

/// A report has figures of whom it is about, and the federation's of its teams.
fn has(about: &Subject, subject: &Subject) -> bool {
    let is_team = match subject {
        Subject::Team(_) => true,
        Subject::Federation | Subject::Area(_) => false,
    };
    about == subject || (*about == Subject::Federation && is_team)
}

/// A report as it is sent and recorded.
pub(in crate::rpc) fn render(name: &ReportName, report: &Report) -> pb::Report {
    let federation = &name.federation;
    let Report { content, steps, explanations, revision: _ } = report;
    let Content { template, period, subject, title, dnr, plan_version, goals, derived, stated } =
        content;
    let source = |team: &Slug| pb::TeamSource {
        team: TeamName::new(federation.clone(), team.clone()).to_string(),
        source: pb::FigureSource::Derived.into(),
    };
    let stated_cells = stated.iter().flat_map(|(id, figures)| {
        let of = subject_name(federation, subject, id);
        figures.iter().map(move |(cell, value)| stated_cell(of.clone(), cell, value))
    });
    pb::Report {
        name: name.to_string(),
        template: template.to_string(),
        reporting_period: period.to_string(),
        subject: subject.name(federation),
        title: title.clone(),
        dnr: dnr.clone(),
        plan_version: plan_version.clone(),
        goals: goals.clone(),
        sources: derived.iter().map(source).collect(),
        stated_cells: stated_cells.collect(),
        state: state_to_proto(report.state()).into(),
        steps: steps.iter().map(step).collect(),
        explanations: explanations.iter().map(explanation).collect(),
        etag: report.etag(),
    }
}

/// The resource name of one of a report's subjects.
pub(in crate::rpc) fn subject_name(federation: &Slug, about: &Subject, id: &str) -> String {
    if id == about.id() {
        about.name(federation)
    } else {
        format!("federations/{federation}/{}/{id}", TeamName::COLLECTION)
    }
}

pub(in crate::rpc) fn stated_cell(subject: String, cell: &Cell, value: Value) -> pb::StatedCell {
    let Cell { figure, category } = cell;
    let (figure, category) = (figure.clone(), category.clone());
    pb::StatedCell { subject, figure, category, value: value.plain() }
}

fn step(step: &Step) -> pb::ReportStep {
    let Step { state, account, time, reason, newest_table } = step;
    pb::ReportStep {
        state: state_to_proto(*state).into(),
        account: account.to_string(),
        time: Some(timestamp(*time)),
        reason: reason.clone(),
        newest_table: newest_table.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

pub(in crate::rpc) fn explanation(
    (key, explanation): (&String, &Explanation),
) -> pb::FindingExplanation {
    let Explanation { check, text, account, time } = explanation;
    pb::FindingExplanation {
        finding: key.clone(),
        check: check.clone(),
        text: text.clone(),
        account: account.to_string(),
        time: Some(timestamp(*time)),
    }
}

pub(in crate::rpc) fn state_to_proto(state: State) -> pb::ReportState {
    match state {
        State::Draft => pb::ReportState::Draft,
        State::Submitted => pb::ReportState::Submitted,
        State::Returned => pb::ReportState::Returned,
        State::Accepted => pb::ReportState::Accepted,
        State::Published => pb::ReportState::Published,
    }
}

/// A state that was sent; none when it is unspecified.
///
/// # Errors
/// `REPORT_STATE_UNKNOWN`.
pub(in crate::rpc) fn state_from_proto(sent: i32) -> Result<Option<State>, Fault> {
    match pb::ReportState::try_from(sent) {
        Ok(pb::ReportState::Unspecified) => Ok(None),
        Ok(pb::ReportState::Draft) => Ok(Some(State::Draft)),
        Ok(pb::ReportState::Submitted) => Ok(Some(State::Submitted)),
        Ok(pb::ReportState::Returned) => Ok(Some(State::Returned)),
        Ok(pb::ReportState::Accepted) => Ok(Some(State::Accepted)),
        Ok(pb::ReportState::Published) => Ok(Some(State::Published)),
        Err(_) => Err(Fault::new("state", "REPORT_STATE_UNKNOWN").with("value", sent)),
    }
}

/// Reads a report that was recorded.
pub(in crate::rpc) fn recorded(message: pb::Report) -> anyhow::Result<(ReportName, Report)> {
    let wrong = |fault: Fault| anyhow::anyhow!("a recorded report has {fault:?}");
    let name = ReportName::parse("name", &message.name).map_err(wrong)?;
    let (steps, explanations) = (message.steps.clone(), message.explanations.clone());
    let revision = message.etag.parse()?;
    let content = parse(&name.federation, message)
        .map_err(|faults| anyhow::anyhow!("a recorded report has {faults:?}"))?;
    let time = |time: Option<prost_types::Timestamp>| {
        let time = time.as_ref().and_then(instant);
        time.ok_or_else(|| anyhow::anyhow!("a recorded report has a step without a time"))
    };
    let account = |account: &str| AccountName::parse("account", account).map_err(wrong);
    let steps = steps.into_iter().map(|step| {
        let state = state_from_proto(step.state).map_err(wrong)?;
        Ok(Step {
            state: state.ok_or_else(|| anyhow::anyhow!("a recorded step has no state"))?,
            account: account(&step.account)?,
            time: time(step.time)?,
            reason: step.reason,
            newest_table: match step.newest_table.as_str() {
                "" => None,
                name => Some(ReleasedTableName::parse("newest_table", name).map_err(wrong)?),
            },
        })
    });
    let steps = steps.collect::<anyhow::Result<Vec<Step>>>()?;
    anyhow::ensure!(!steps.is_empty(), "a recorded report has no step");
    let explanations = explanations.into_iter().map(|explanation| {
        let pb::FindingExplanation { finding, check, text, account: by, time: at } = explanation;
        Ok((finding, Explanation { check, text, account: account(&by)?, time: time(at)? }))
    });
    let explanations = explanations.collect::<anyhow::Result<_>>()?;
    Ok((name, Report { content, steps, explanations, revision }))
}
