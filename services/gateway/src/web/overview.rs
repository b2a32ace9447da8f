//! The first page: the ways into the day's work with people, what waits for the person,
//! and the federation's money and report at a glance. A service that does not answer
//! leaves its own part out.

mod people;
mod sent;

use askama::Template;
use axum::response::Response;
use proto::{
    finance::{RecoveryState, RequisitionState},
    organisation::Team,
    reporting::ReportState,
};
use tonic::Status;

use super::{
    error_page::{Section, section},
    funding::{self, table::FundingTableView},
    half_year_report::{self, PeriodView},
    layout::{Layout, Visit, page},
    names::Names,
    reads::{self, id_of},
    recovery, report, reported_figures,
    requisition::{
        StateView,
        list::{self, RowView, Wanted, requisitions},
        state_code,
    },
    rights,
};
use crate::text;

/// Requisitions shown for each kind of task.
const SHOWN: usize = 5;
/// Reports shown in each state.
const REPORTS_SHOWN: i32 = 5;
/// Requisitions counted for each kind of task; more are "more than".
const COUNTED: i32 = 100;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    layout: Layout,
    people: Option<people::PeopleView>,
    tasks: Section<Vec<TaskView>>,
    sent: Section<Option<sent::SentView>>,
    recoveries: Section<Vec<recovery::list::RowView>>,
    recoveries_heading_id: &'static str,
    figures: Section<Vec<TeamTask>>,
    funding: Section<Option<MoneyView>>,
    report: Section<Option<ReportGlance>>,
    written: Section<Vec<report::list::RowView>>,
    may_draft: bool,
    may_refer: bool,
}

/// The federation's money, and which days it is of.
struct MoneyView {
    table: FundingTableView,
    days: String,
    /// The way to the year so far, where it is not what is shown.
    year_so_far: Option<(String, String)>,
}

impl MoneyView {
    fn table(&self) -> &FundingTableView {
        &self.table
    }
}

/// Requisitions that wait for the same thing.
struct TaskView {
    heading: String,
    count: String,
    state_code: &'static str,
    caption_id: String,
    rows: Vec<RowView>,
}

/// A team whose figures the person answers for.
struct TeamTask {
    team_id: String,
    team: String,
    period: PeriodView,
    state: StateView,
}

struct ReportGlance {
    period: PeriodView,
    teams_reported: Option<String>,
    finding_count: usize,
}

/// The page.
pub(crate) async fn show(visit: Visit) -> Response {
    let (tasks, sent, recoveries, figures, funding, report, written) = tokio::join!(
        tasks(&visit),
        sent::waiting(&visit),
        recoveries(&visit),
        own_figures(&visit),
        money(&visit),
        report_glance(&visit),
        written_reports(&visit),
    );
    let facts = [("name", visit.session.display_name.as_str())];
    let title = text::message(visit.reader.language, "overview-heading", &facts);
    let may_draft = rights::own_parties(&visit.session.principal).next().is_some();
    page(&OverviewPage {
        layout: Layout::of(&visit, title),
        people: people::ways(&visit),
        tasks: section(&visit, tasks),
        sent: section(&visit, sent),
        recoveries: section(&visit, recoveries),
        recoveries_heading_id: recoveries_heading_id(&visit),
        figures: section(&visit, figures),
        funding: section(&visit, funding),
        report: section(&visit, report),
        written: section(&visit, written),
        may_draft,
        may_refer: !may_draft && rights::sees_referrals(&visit.session.principal),
    })
}

/// What the person's roles can take a step on, by what it waits for.
async fn tasks(visit: &Visit) -> Result<Vec<TaskView>, Status> {
    let principal = &visit.session.principal;
    let mut wanted = Vec::new();
    if rights::approves_requisitions(principal) {
        wanted.extend([
            (RequisitionState::Submitted, "task-review"),
            (RequisitionState::Reviewed, "task-approve"),
            (RequisitionState::Approved, "task-pay"),
        ]);
    }
    if rights::own_parties(principal).next().is_some() {
        wanted.extend([
            (RequisitionState::Returned, "task-complete"),
            (RequisitionState::Draft, "task-submit"),
        ]);
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let names = Names::read(visit).await?;
    let mut tasks = Vec::new();
    for (state, heading_id) in wanted {
        let found = requisitions(visit, Wanted { state, ..Wanted::default() }, COUNTED, "").await?;
        if found.requisitions.is_empty() {
            continue;
        }
        tasks.push(TaskView {
            heading: visit.t(heading_id),
            count: counted(found.requisitions.len(), !found.next_page_token.is_empty()),
            state_code: state_code(state),
            caption_id: format!("caption-{}", state_code(state)),
            rows: found
                .requisitions
                .iter()
                .take(SHOWN)
                .map(|requisition| list::row(visit, &names, requisition))
                .collect(),
        });
    }
    Ok(tasks)
}

/// How many there are, as far as they were counted.
fn counted(count: usize, has_more: bool) -> String {
    format!("{count}{}", if has_more { "+" } else { "" })
}

/// The recoveries that the office has to decide, or to note the money of; of a party's
/// economist those that the party is to pay back.
async fn recoveries(visit: &Visit) -> Result<Vec<recovery::list::RowView>, Status> {
    let principal = &visit.session.principal;
    let mut wanted = Vec::new();
    if rights::approves_requisitions(principal) {
        wanted.push(RecoveryState::Proposed);
    }
    if rights::approves_requisitions(principal) || rights::own_parties(principal).next().is_some() {
        wanted.push(RecoveryState::Decided);
    }
    let mut found = Vec::new();
    for state in wanted {
        found.extend(recovery::list::in_state(visit, state).await?);
    }
    Ok(found)
}

fn recoveries_heading_id(visit: &Visit) -> &'static str {
    match rights::approves_requisitions(&visit.session.principal) {
        true => "overview-recoveries",
        false => "overview-own-recoveries",
    }
}

/// Whether the teams the person leads have reported for the latest period.
async fn own_figures(visit: &Visit) -> Result<Vec<TeamTask>, Status> {
    let led: Vec<&str> =
        rights::own_teams(&visit.session.principal).map(|team| team.as_str()).collect();
    if led.is_empty() {
        return Ok(Vec::new());
    }
    let (periods, teams) = tokio::try_join!(reads::reporting_periods(visit), reads::teams(visit))?;
    let Some(period) = periods.first() else {
        return Ok(Vec::new());
    };
    let mut tasks = Vec::new();
    for team in teams.iter().filter(|team| led.contains(&id_of(&team.name))) {
        tasks.push(team_task(visit, team, period).await?);
    }
    Ok(tasks)
}

async fn team_task(
    visit: &Visit,
    team: &Team,
    period: &proto::reporting::ReportingPeriod,
) -> Result<TeamTask, Status> {
    let sent = reported_figures::reported(visit, id_of(&period.name), id_of(&team.name)).await?;
    let (text_id, color) = match sent {
        Some(sent) if !sent.findings.is_empty() => ("figures-state-findings", "warning"),
        Some(_) => ("report-status-reported", "success"),
        None => ("report-status-not-reported", "neutral"),
    };
    Ok(TeamTask {
        team_id: id_of(&team.name).to_owned(),
        team: team.display_name.clone(),
        period: PeriodView::of(visit.reader.language, period),
        state: StateView { text: visit.t(text_id), color },
    })
}

async fn money(visit: &Visit) -> Result<Option<MoneyView>, Status> {
    let period = funding::period_so_far(visit).await?;
    let is_year_so_far = period == funding::year_so_far(visit);
    let table = funding::funding_table(visit, period).await?;
    if table.rows.is_empty() {
        return Ok(None);
    }
    let table = FundingTableView::of(visit.reader.language, &table);
    let days_id = if is_year_so_far { "overview-money-year" } else { "overview-money-period" };
    Ok(Some(MoneyView {
        days: visit.t1(days_id, "period", &table.period),
        year_so_far: (!is_year_so_far).then(|| funding::way_to_year_so_far(visit)),
        table,
    }))
}

/// The reports that the person writes, or takes in when they are handed in.
async fn written_reports(visit: &Visit) -> Result<Vec<report::list::RowView>, Status> {
    let principal = &visit.session.principal;
    let mut wanted = Vec::new();
    if rights::accepts_reports(principal) {
        wanted.push(ReportState::Submitted);
    }
    if rights::drafts_reports(principal) || rights::is_officer(principal) {
        wanted.extend([ReportState::Returned, ReportState::Draft]);
    }
    let mut found = Vec::new();
    for state in wanted {
        let page = report::list::reports(visit, "", state, REPORTS_SHOWN, "").await?;
        found.extend(page.reports);
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let around = report::list::Around::read(visit, &found).await?;
    Ok(found.iter().map(|report| around.row(visit, report)).collect())
}

async fn report_glance(visit: &Visit) -> Result<Option<ReportGlance>, Status> {
    if !rights::reads_reports(&visit.session.principal) {
        return Ok(None);
    }
    let periods = reads::reporting_periods(visit).await?;
    let Some(period) = periods.first() else {
        return Ok(None);
    };
    let report = half_year_report::report(visit, id_of(&period.name)).await?;
    let sent: Vec<_> =
        report.chapters.iter().filter_map(|chapter| chapter.reported_figures.as_ref()).collect();
    Ok(Some(ReportGlance {
        period: PeriodView::of(visit.reader.language, period),
        teams_reported: half_year_report::teams_reported(visit.reader.language, &report),
        finding_count: sent.iter().map(|figures| figures.findings.len()).sum(),
    }))
}
