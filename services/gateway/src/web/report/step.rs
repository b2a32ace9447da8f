//! Taking a report one step on, by the button that was pressed. The rules stand in
//! reporting; a button less spares the person a refusal.

use axum::{extract::Path, response::Response};
use platform::failure::Problem;
use proto::reporting::{
    AcceptReportRequest, PublishReportRequest, Report, ReportState, ReturnReportRequest,
    SubmitReportRequest,
};
use tonic::Status;

use super::{address, client, detail::ReportPage, names::Names, of, read, release};
use crate::{
    text,
    web::{
        error_page::Trouble,
        form::{
            Fields, Posted,
            fields::Form,
            inputs::{Button, Group, Input, Kind},
        },
        layout::Visit,
        reads, rights,
        sign_in::see_other,
    },
};

/// A step that a person can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Hands it in.
    Submit,
    /// Takes it in.
    Accept,
    /// Gives it back.
    Return,
    /// Makes it a release.
    Publish,
}

/// Why a report is not published: a text of it tells what is hidden.
const SHOWS_HIDDEN: &str = "RELEASE_TEXT_SHOWS_HIDDEN";

/// The steps that are offered, and what to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offer {
    /// The steps.
    pub(super) steps: Vec<Step>,
    /// The id of what to know; none when there is nothing.
    pub(super) note_id: Option<&'static str>,
}

impl Step {
    const ALL: [Step; 4] = [Step::Submit, Step::Accept, Step::Return, Step::Publish];

    fn code(self) -> &'static str {
        match self {
            Step::Submit => "submit",
            Step::Accept => "accept",
            Step::Return => "return",
            Step::Publish => "publish",
        }
    }

    fn button(self, visit: &Visit) -> Button {
        let (text_id, variant) = match self {
            Step::Submit => ("written-report-submit", "primary"),
            Step::Accept => ("written-report-accept", "primary"),
            Step::Return => ("written-report-return", "secondary"),
            Step::Publish => ("written-report-publish", "primary"),
        };
        Button { code: self.code(), text: visit.t(text_id), variant, color: "accent" }
    }
}

/// What the person can do with a report as it stands.
pub(super) fn offer(visit: &Visit, report: &Report, open_findings: i32) -> Offer {
    let principal = &visit.session.principal;
    let may_write = rights::writes_report(principal, &report.subject);
    match report.state() {
        ReportState::Draft | ReportState::Returned if may_write => {
            let note_id = (open_findings > 0).then_some("written-report-submit-open");
            Offer { steps: vec![Step::Submit], note_id }
        }
        ReportState::Submitted if rights::accepts_reports(principal) => {
            let submitted = report.steps.iter().rev();
            let submitted = submitted.clone().find(|it| it.state() == ReportState::Submitted);
            let own = principal.account.to_string();
            let is_own = submitted.is_some_and(|step| step.account == own);
            let (steps, note_id) = if is_own {
                (vec![Step::Return], Some("written-report-four-eyes"))
            } else if open_findings > 0 {
                (vec![Step::Return], Some("written-report-accept-open"))
            } else {
                (vec![Step::Accept, Step::Return], None)
            };
            Offer { steps, note_id }
        }
        // Figures that come late may contradict what was accepted.
        ReportState::Accepted if open_findings > 0 && rights::accepts_reports(principal) => {
            Offer { steps: vec![Step::Return], note_id: Some("written-report-publish-open") }
        }
        // What is accepted and cannot be published as it stands is written anew.
        ReportState::Accepted => {
            let publishes = rights::publishes_reports(principal);
            let may =
                [(publishes, Step::Publish), (rights::accepts_reports(principal), Step::Return)];
            let steps = may.into_iter().filter(|(may, _)| *may).map(|(_, step)| step).collect();
            Offer { steps, note_id: publishes.then_some("written-report-publish-note") }
        }
        ReportState::Unspecified
        | ReportState::Draft
        | ReportState::Submitted
        | ReportState::Returned
        | ReportState::Published => Offer::default(),
    }
}

/// The form with a button for each step.
pub(super) fn form(visit: &Visit, id: &str, steps: &[Step]) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("{}/steps", address(id)), "written-report-submit");
    form.buttons = steps.iter().map(|step| step.button(visit)).collect();
    if steps.contains(&Step::Return) {
        let reason = Input::new(language, "reason", "written-report-reason", Kind::Lines(2000));
        let reason = reason.help(language, "written-report-reason-help");
        form.groups.push(Group::plain(vec![reason]));
    }
    form
}

/// Takes the step and shows the report again: as it stands then, or with what is in
/// the way.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn take(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let step = Step::ALL.into_iter().find(|step| step.code() == posted.get("step"));
    let step = step.ok_or_else(|| Trouble::no_such_page(&visit))?;
    let mut tried = form(&visit, &id, &[step]);
    tried.fill(&posted);
    let answer = call(&visit, step, &id, &posted, &mut tried).await;
    let titled = match &answer {
        Err(refusal) => with_titles(&visit, &id, refusal).await,
        Ok(()) => None,
    };
    if tried.kept(answer).is_some() {
        return Ok(see_other(&address(&id), None));
    }
    if let Some(said) = titled {
        tried.errors.whole = vec![said];
    }
    let mut page = ReportPage::read(&visit, &id).await?;
    page.taking.take_over(&tried);
    Ok(page.show())
}

/// In words a refusal that names chapters and findings by their keys, with what they are
/// called; none for other refusals.
async fn with_titles(visit: &Visit, id: &str, refusal: &Status) -> Option<String> {
    let problem = Problem::of(refusal);
    let keys = (problem.reason == SHOWS_HIDDEN).then(|| problem.fact("chapters"))?;
    let found = tokio::try_join!(read(visit, id), reads::figure_definitions(visit));
    let (report, definitions) = found.ok()?;
    let language = visit.reader.language;
    let names = Names::of(language, &definitions, &report);
    let called = |key: &str| match report.findings.iter().find(|finding| finding.key == key) {
        Some(finding) => of(language, &finding.check_name_sv, &finding.check_name_en).to_owned(),
        None => match key.split_once('.') {
            Some((section, team)) => {
                let team = reads::name(visit, "teams", team);
                format!("{}, {}", names.section(section), names.subject(&team))
            }
            None => names.section(key).to_owned(),
        },
    };
    // A long list is cut off.
    let titles = keys.split(", ").map(|key| {
        if key.ends_with('…') { "…".to_owned() } else { format!("”{}”", called(key)) }
    });
    let titles = titles.collect::<Vec<_>>().join(", ");
    Some(text::reason(language, SHOWS_HIDDEN, &[("chapters", titles.as_str())]))
}

/// A double click sends the same request id, and gets the first answer again.
async fn call(
    visit: &Visit,
    step: Step,
    id: &str,
    posted: &Posted,
    form: &mut Form,
) -> Result<(), Status> {
    let name = reads::name(visit, "reports", id);
    let etag = posted.get("etag").to_owned();
    let request_id = posted.get("request_id").to_owned();
    let mut client = client(visit);
    match step {
        Step::Submit => {
            let request = SubmitReportRequest { name, etag, request_id, validate_only: false };
            client.submit_report(visit.request(request)?).await.map(|_| ())
        }
        Step::Accept => {
            let request = AcceptReportRequest { name, etag, request_id, validate_only: false };
            client.accept_report(visit.request(request)?).await.map(|_| ())
        }
        Step::Return => {
            let reason = form.text("reason", "reason");
            let request =
                ReturnReportRequest { name, etag, reason, request_id, validate_only: false };
            client.return_report(visit.request(request)?).await.map(|_| ())
        }
        Step::Publish => {
            let (derived_teams, dnr) = (Vec::new(), String::new()); // The report says both.
            let request = PublishReportRequest {
                name,
                derived_teams,
                dnr,
                request_id,
                validate_only: false,
                etag,
            };
            release::client(visit).publish_report(visit.request(request)?).await.map(|_| ())
        }
    }
}
