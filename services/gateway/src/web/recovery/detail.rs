//! One recovery: what is claimed back and why, every step so far, and the steps
//! the person can take.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::finance::{
    CancelRecoveryRequest, DecideRecoveryRequest, GetRecoveryRequest, Recovery, RecoveryState,
    SettleRecoveryRequest, recovery_service_client::RecoveryServiceClient,
};
use tonic::Status;

use super::state_view;
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Button, Group, Input, Kind},
        page::Fact,
    },
    format,
    layout::{Layout, Visit, page_with},
    names::Names,
    reads::{self, id_of},
    requisition::{StateView, StepView, cost_kind_text_id},
    rights,
    sign_in::see_other,
};

#[derive(Template)]
#[template(path = "recovery.html")]
struct RecoveryPage {
    layout: Layout,
    state: StateView,
    requisition: String,
    amount: String,
    facts: Vec<Fact>,
    lines: Vec<LineView>,
    steps: Vec<StepView>,
    note_id: Option<&'static str>,
    ledger: Option<String>,
    form: Form,
}

struct LineView {
    kind: String,
    description: String,
    amount: String,
}

/// A step that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Decide,
    Cancel,
    Settle,
}

impl Step {
    const ALL: [Step; 3] = [Step::Decide, Step::Cancel, Step::Settle];

    fn code(self) -> &'static str {
        match self {
            Step::Decide => "decide",
            Step::Cancel => "cancel",
            Step::Settle => "settle",
        }
    }

    fn button(self, visit: &Visit) -> Button {
        let (text_id, variant) = match self {
            Step::Decide => ("recovery-decide", "primary"),
            Step::Cancel => ("recovery-cancel", "secondary"),
            Step::Settle => ("recovery-settle", "primary"),
        };
        Button { code: self.code(), text: visit.t(text_id), variant, color: "accent" }
    }
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let page = RecoveryPage::read(&visit, &id).await?;
    Ok(page_with(page.form.status(), &page))
}

/// Takes the step of the button that was pressed, and shows the recovery again.
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
    match call(&visit, step, &id, &posted, &mut tried).await {
        Ok(()) if !tried.is_faulty() => {
            return Ok(see_other(&format!("/recoveries/{id}"), None));
        }
        Ok(()) => {}
        Err(refusal) => tried.refuse(&refusal),
    }
    let mut page = RecoveryPage::read(&visit, &id).await?;
    page.form.take_over(&tried);
    Ok(page_with(page.form.status(), &page))
}

async fn call(
    visit: &Visit,
    step: Step,
    id: &str,
    posted: &Posted,
    form: &mut Form,
) -> Result<(), Status> {
    let mut client = RecoveryServiceClient::new(visit.state.finance.clone());
    let name = reads::name(visit, "recoveries", id);
    let etag = posted.get("etag").to_owned();
    let comment = form.text("comment", "comment");
    let request_id = posted.get("request_id").to_owned();
    match step {
        Step::Decide => {
            let request =
                DecideRecoveryRequest { name, etag, comment, request_id, validate_only: false };
            client.decide_recovery(visit.request(request)?).await?;
        }
        Step::Cancel => {
            let request =
                CancelRecoveryRequest { name, etag, comment, request_id, validate_only: false };
            client.cancel_recovery(visit.request(request)?).await?;
        }
        Step::Settle => {
            let settlement_date = form.day("settlement_date", "settlement_date");
            let request = SettleRecoveryRequest {
                name,
                etag,
                comment,
                request_id,
                settlement_date,
                bank_reference: form.text("bank_reference", "bank_reference"),
                validate_only: form.is_faulty(),
            };
            client.settle_recovery(visit.request(request)?).await?;
        }
    }
    Ok(())
}

fn form(visit: &Visit, id: &str, steps: &[Step]) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/recoveries/{id}/steps"), "recovery-decide");
    form.buttons = steps.iter().map(|step| step.button(visit)).collect();
    if steps.contains(&Step::Settle) {
        let day = Input::new(language, "settlement_date", "recovery-settlement-date", Kind::Day);
        let reference =
            Input::new(language, "bank_reference", "step-bank-reference", Kind::Text(100));
        let today = visit.state.clock.today().to_string();
        form.groups.push(Group::plain(vec![day.value(today), reference]));
    }
    let comment = Input::new(language, "comment", "step-comment", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![comment.help(language, "recovery-comment-help")]));
    form
}

impl RecoveryPage {
    async fn read(visit: &Visit, id: &str) -> Result<Self, Trouble> {
        let (names, recovery) = tokio::try_join!(Names::read(visit), recovery(visit, id))
            .map_err(|status| Trouble::of(visit, &status))?;
        let (steps, note_id) = offer(visit, &recovery);
        let mut form = form(visit, id, &steps);
        form.etag.clone_from(&recovery.etag);
        let layout = Layout::of(visit, visit.t1("recovery-heading", "id", id));
        let mut step_views = Vec::with_capacity(recovery.steps.len());
        for step in &recovery.steps {
            let state = state_view(visit.reader.language, step.state());
            let view = StepView::of(visit, state, &step.actor, step.time.as_ref(), &step.comment);
            step_views.push(view.await);
        }
        let ledger = format!("/ledger/postings?subject={}", recovery.name);
        let line = |line: &proto::finance::CostLine| LineView {
            kind: visit.t(cost_kind_text_id(line.kind())),
            description: line.description.clone(),
            amount: format::exact(line.amount_ore),
        };
        Ok(Self {
            layout: Layout { address: format!("/recoveries/{id}"), ..layout },
            state: state_view(visit.reader.language, recovery.state()),
            requisition: id_of(&recovery.requisition).to_owned(),
            amount: format::kronor(recovery.amount_ore),
            facts: facts(visit, &names, &recovery),
            lines: recovery.cost_lines.iter().map(line).collect(),
            steps: step_views,
            note_id,
            ledger: rights::reads_ledger(&visit.session.principal).then_some(ledger),
            form,
        })
    }
}

fn facts(visit: &Visit, names: &Names, recovery: &Recovery) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new(visit, "requisition-party", names.party(&recovery.party)),
        Fact::new(visit, "field-dnr", recovery.dnr.clone()),
        Fact::new(visit, "recovery-reason", recovery.reason.clone()),
    ];
    if recovery.settlement_date.is_some() {
        let day = format::date(recovery.settlement_date.as_ref());
        facts.push(Fact::new(visit, "recovery-settlement-date", day));
        facts.push(Fact::new(visit, "step-bank-reference", recovery.bank_reference.clone()));
    }
    facts
}

/// The steps to offer, and why there are no more.
fn offer(visit: &Visit, recovery: &Recovery) -> (Vec<Step>, Option<&'static str>) {
    if !rights::approves_requisitions(&visit.session.principal) {
        return (Vec::new(), None);
    }
    let proposed_by = recovery.steps.first().map(|step| step.actor.as_str());
    let is_own = proposed_by == Some(visit.session.principal.account.to_string().as_str());
    match recovery.state() {
        RecoveryState::Proposed if is_own => (vec![Step::Cancel], Some("four-eyes-proposed")),
        RecoveryState::Proposed => (vec![Step::Decide, Step::Cancel], None),
        RecoveryState::Decided => (vec![Step::Settle], None),
        RecoveryState::Unspecified | RecoveryState::Settled | RecoveryState::Cancelled => {
            (Vec::new(), None)
        }
    }
}

async fn recovery(visit: &Visit, id: &str) -> Result<Recovery, Status> {
    let request = GetRecoveryRequest { name: reads::name(visit, "recoveries", id) };
    let mut client = RecoveryServiceClient::new(visit.state.finance.clone());
    let answer = client.get_recovery(visit.request(request)?).await?.into_inner();
    answer.recovery.ok_or_else(|| Status::not_found(""))
}
