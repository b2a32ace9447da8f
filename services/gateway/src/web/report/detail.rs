//! One report as people will read it: head, money, figures and chapters, what there is
//! to resolve, what is said of it, and the steps the person can take.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::reporting::{
    Comment, FiguresBefore, FiguresStamp, GetReportResponse, ListCommentsRequest, Report,
    ReportState, comment_service_client::CommentServiceClient,
};
use tonic::Status;

use super::{
    address,
    change::plan,
    figures::SourceView,
    finding::{CheckView, FindingView, by_check},
    is_open,
    list::{self, DueView},
    names::Names,
    parts::{ChapterView, CommentView, Material, PartView, Parts},
    read,
    records::RecordsView,
    release::{self, ReleaseView},
    state_view,
    step::{self, Offer},
};
use crate::web::{
    due_report::Due,
    error_page::Trouble,
    form::{FormErrors, fields::Form, new_request_id, page::Fact},
    funding::table::FundingTableView,
    half_year_report::period_name,
    layout::{Layout, Visit, page_with},
    reads::{self, id_of},
    requisition::{StateView, StepView},
    rights,
};

const PAGE_SIZE: i32 = 1000;

#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct ReportPage {
    layout: Layout,
    address: String,
    about: String,
    state: StateView,
    due: DueView,
    facts: Vec<Fact>,
    goals: Vec<String>,
    /// A version of a programme plan that it may belong to, to whoever may say so.
    plan: Option<String>,
    open: Vec<CheckView>,
    explained: Vec<CheckView>,
    open_findings: usize,
    hidden_findings: usize,
    sources: Vec<SourceView>,
    table: Option<FundingTableView>,
    has_finance_chapter: bool,
    common: Vec<ChapterView>,
    whole: Option<PartView>,
    teams: Vec<PartView>,
    open_comments: usize,
    may_change: bool,
    may_comment: bool,
    may_explain: bool,
    steps: Vec<StepView>,
    offer: Offer,
    releases: Vec<ReleaseView>,
    /// The figures that are counted from records; none where no team keeps any.
    pub(super) records: Option<RecordsView>,
    /// What each team is compared with.
    before: Vec<Fact>,
    stamp: Vec<Fact>,
    request_id: String,
    /// The form with the steps there are to take.
    pub(super) taking: Form,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(ReportPage::read(&visit, &id).await?.show())
}

impl ReportPage {
    /// Reads the report as it stands now.
    ///
    /// # Errors
    /// The page to show instead.
    pub(super) async fn read(visit: &Visit, id: &str) -> Result<Self, Trouble> {
        let (report, definitions, comments, periods) = tokio::try_join!(
            read(visit, id),
            reads::figure_definitions(visit),
            comments(visit, id),
            reads::reporting_periods(visit),
        )
        .map_err(|status| Trouble::of(visit, &status))?;
        let head = report.report.clone().unwrap_or_default();
        let releases = release::of_report(visit, id, head.state()).await?;
        let scheduled = Due::of(visit, [head.reporting_period.as_str()]).await;
        let scheduled = scheduled.map_err(|status| Trouble::of(visit, &status))?;
        let language = visit.reader.language;
        let names = Names::of(language, &definitions, &report);
        let offer = step::offer(visit, &head, report.open_findings);
        let mut taking = step::form(visit, id, &offer.steps);
        taking.etag.clone_from(&head.etag);
        let (open, explained) = findings(visit, &names, &report).await;
        let open_findings: usize = open.iter().map(|check| check.findings.len()).sum();
        let all_open = usize::try_from(report.open_findings).unwrap_or(0);
        let views = comment_views(visit, &names, comments).await;
        let open_comments = views.iter().filter(|(_, view)| view.resolved.is_none()).count();
        let material = Material { visit, names: &names, report: &report, comments: views };
        let Parts { common, whole, teams } = material.parts();
        let template = report.template.clone().unwrap_or_default();
        let period = periods.iter().find(|period| period.name == head.reporting_period);
        let records = RecordsView::of(visit, id, (&head, period), report.stamp.as_ref());
        let due = scheduled.find(&head.reporting_period, &head.template, &head.subject);
        let due = DueView::of(&head, due, period);
        // A language chosen after a refused step leads back to the report.
        let layout = Layout { address: address(id), ..Layout::of(visit, head.title.clone()) };
        Ok(Self {
            layout,
            address: address(id),
            about: list::about(visit, &names, &head),
            state: state_view(language, head.state()),
            facts: facts(
                visit,
                &head,
                &due,
                super::of(language, &template.title_sv, &template.title_en),
            ),
            due,
            goals: head.goals.clone(),
            plan: offered_plan(visit, &report, &head),
            open,
            explained,
            open_findings,
            hidden_findings: all_open.saturating_sub(open_findings),
            sources: SourceView::all(language),
            table: report.funding_table.as_ref().map(|it| FundingTableView::of(language, it)),
            has_finance_chapter: common.iter().any(|chapter| chapter.has_money),
            common,
            whole,
            teams,
            open_comments,
            may_change: may_change(visit, &head),
            may_comment: rights::comments_on_reports(&visit.session.principal)
                && head.state() != ReportState::Published,
            may_explain: head.state() != ReportState::Accepted,
            steps: steps(visit, &head).await,
            offer,
            releases,
            records,
            before: before(visit, report.stamp.as_ref()),
            stamp: stamp(visit, report.stamp.as_ref()),
            request_id: new_request_id(),
            taking,
        })
    }

    /// The page as it is sent.
    #[must_use]
    pub(super) fn show(&self) -> Response {
        page_with(self.taking.status(), self)
    }

    /// What is wrong with what was just tried.
    fn errors(&self) -> &FormErrors {
        &self.taking.errors
    }
}

fn may_change(visit: &Visit, head: &Report) -> bool {
    is_open(head.state()) && rights::writes_report(&visit.session.principal, &head.subject)
}

/// A version of a programme plan that the report may belong to, to whoever may say so.
fn offered_plan(visit: &Visit, report: &GetReportResponse, head: &Report) -> Option<String> {
    let offered = plan::offered(report, head).filter(|_| may_change(visit, head));
    offered.map(|plan| plan::called(visit, plan))
}

async fn comment_views(
    visit: &Visit,
    names: &Names,
    comments: Vec<Comment>,
) -> Vec<(Comment, CommentView)> {
    let mut views = Vec::with_capacity(comments.len());
    for comment in comments {
        let view = CommentView::of(visit, names, &comment).await;
        views.push((comment, view));
    }
    views
}

/// The findings that nobody has explained, and the others, by check.
async fn findings(
    visit: &Visit,
    names: &Names,
    report: &GetReportResponse,
) -> (Vec<CheckView>, Vec<CheckView>) {
    let (mut open, mut explained) = (Vec::new(), Vec::new());
    for finding in &report.findings {
        let view = FindingView::of(visit, names, report, finding).await;
        let of_its_kind = if view.explained.is_some() { &mut explained } else { &mut open };
        of_its_kind.push((finding, view));
    }
    let language = visit.reader.language;
    (by_check(language, open), by_check(language, explained))
}

fn facts(visit: &Visit, head: &Report, due: &DueView, template: &str) -> Vec<Fact> {
    let or = |text: &str, none: &str| if text.is_empty() { visit.t(none) } else { text.to_owned() };
    let period = period_name(visit.reader.language, id_of(&head.reporting_period));
    let mut facts = vec![
        Fact::new(visit, "written-report-template", template),
        Fact::new(visit, "requisition-period", format!("{period} ({})", due.days)),
        Fact::new(visit, "field-dnr", or(&head.dnr, "not-given")),
        Fact::new(visit, "report-due-date", or(&due.day, "due-not-scheduled")),
    ];
    if !head.plan_version.is_empty() {
        facts.push(Fact::new(visit, "written-report-plan", head.plan_version.clone()));
    }
    facts
}

/// Where the figures of the half-year before are from, by team.
fn before(visit: &Visit, stamp: Option<&FiguresStamp>) -> Vec<Fact> {
    let fact = |one: &FiguresBefore| {
        let FiguresBefore {
            team,
            release,
            participant_sequence,
            participant_head_hash: _,
            reported_figures,
            display_name,
        } = one;
        let value = match (release.is_empty(), reported_figures.is_empty()) {
            (false, _) => visit.t1("before-released", "release", id_of(release)),
            (true, false) => visit.t("before-reported"),
            (true, true) => {
                visit.t1("before-counted", "sequence", &participant_sequence.to_string())
            }
        };
        // In a report on an area no figure tells what its teams are called.
        let called = if display_name.is_empty() { id_of(team) } else { display_name };
        Fact { name: called.to_owned(), value }
    };
    stamp.into_iter().flat_map(|stamp| &stamp.before).map(fact).collect()
}

/// What the figures are true at, for whoever checks them later.
fn stamp(visit: &Visit, stamp: Option<&FiguresStamp>) -> Vec<Fact> {
    let Some(stamp) = stamp else { return Vec::new() };
    let at = |sequence: i64, hash: &[u8]| {
        let sequence = sequence.to_string();
        let hash = hex::encode(hash);
        if hash.is_empty() { sequence } else { format!("{sequence}, {hash}") }
    };
    let mut facts = vec![Fact::new(
        visit,
        "stamp-reporting",
        at(stamp.reporting_sequence, &stamp.reporting_head_hash),
    )];
    if stamp.finance_sequence > 0 {
        facts.push(Fact::new(visit, "stamp-finance", at(stamp.finance_sequence, &[])));
    }
    if stamp.participant_sequence > 0 {
        let participant = at(stamp.participant_sequence, &stamp.participant_head_hash);
        facts.push(Fact::new(visit, "stamp-participant", participant));
        let oldest = stamp.participant_oldest_sequence;
        if oldest < stamp.participant_sequence {
            let said = visit.t1("stamp-participant-oldest-text", "sequence", &oldest.to_string());
            facts.push(Fact::new(visit, "stamp-participant-oldest", said));
        }
    }
    facts.push(Fact::new(visit, "stamp-definitions", stamp.definitions_version.to_string()));
    facts
}

async fn steps(visit: &Visit, head: &Report) -> Vec<StepView> {
    let mut views = Vec::with_capacity(head.steps.len());
    for step in &head.steps {
        let state = state_view(visit.reader.language, step.state());
        let view = StepView::of(visit, state, &step.account, step.time.as_ref(), &step.reason);
        views.push(view.await);
    }
    views
}

/// What is said of a report.
pub(super) async fn comments(visit: &Visit, id: &str) -> Result<Vec<Comment>, Status> {
    let mut client = CommentServiceClient::new(visit.state.reporting.clone());
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListCommentsRequest {
            parent: reads::name(visit, "reports", id),
            open_only: false,
            page_size: PAGE_SIZE,
            page_token,
        };
        let page = client.list_comments(visit.request(request)?).await?.into_inner();
        all.extend(page.comments);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}
