//! One requisition: what is claimed, on which grant, every step so far, and the
//! steps the person can take.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::finance::{
    Attachment, CostKind, CostLine, GetRequisitionRequest, Requisition, RequisitionState,
    RequisitionStep, requisition_service_client::RequisitionServiceClient,
};
use tonic::Status;

use super::{
    StateView, StepView,
    around::{self, FollowingView, GrantView},
    attachment, cost_kind_text_id,
    offer::{Offer, Standing, offer, waits_text_id},
    step,
};
use crate::web::{
    attachment::FileView,
    error_page::Trouble,
    form::{FormErrors, fields::Form, page::Fact},
    format,
    layout::{Layout, Visit, page_with},
    reads::{self, id_of},
    rights,
};

#[derive(Template)]
#[template(path = "requisition.html")]
pub(super) struct RequisitionPage {
    layout: Layout,
    id: String,
    state: StateView,
    waits: String,
    is_synthetic: bool,
    corrects: Option<String>,
    amount: String,
    facts: Vec<Fact>,
    lines: Vec<LineView>,
    grant: GrantView,
    steps: Vec<StepView>,
    files: Vec<FileView>,
    may_attach: bool,
    following: Vec<FollowingView>,
    offer: Offer,
    ledger: Option<String>,
    /// The form with the steps there are to take.
    pub(super) taking: Form,
    /// The form that attaches a file.
    pub(super) attaching: Form,
}

struct LineView {
    kind: String,
    description: String,
    fte: String,
    amount: String,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(RequisitionPage::read(&visit, &id).await?.show())
}

impl RequisitionPage {
    /// Reads the requisition as it stands now, and what stands around it.
    ///
    /// # Errors
    /// The page to show instead.
    pub(super) async fn read(visit: &Visit, id: &str) -> Result<Self, Trouble> {
        let troubled = |status: Status| Trouble::of(visit, &status);
        let requisition = read(visit, id).await.map_err(troubled)?;
        let (grant, party, following, year_is_closed) = tokio::try_join!(
            around::grant(visit, &requisition.grant),
            around::party(visit, &requisition.party),
            around::following(visit, &requisition),
            around::year_is_closed(visit, &requisition),
        )
        .map_err(troubled)?;
        let language = visit.reader.language;
        let standing = standing(visit, &requisition, year_is_closed);
        let is_correction = standing.is_correction;
        let offer = offer(requisition.state(), standing);
        let mut taking = step::form(visit, id, &offer.steps, offer.comment_help_id);
        taking.etag.clone_from(&requisition.etag);
        let title_id = if is_correction { "correction-of-heading" } else { "requisition-heading" };
        // A language chosen after a refused step leads back to the requisition,
        // not to the post.
        let address = format!("/requisitions/{id}");
        let layout = Layout { address, ..Layout::of(visit, visit.t1(title_id, "id", id)) };
        let ledger = format!("/ledger/postings?subject={}", requisition.name);
        Ok(Self {
            layout,
            id: id.to_owned(),
            state: StateView::of(language, requisition.state()),
            waits: visit.t(waits_text_id(requisition.state(), is_correction, year_is_closed)),
            is_synthetic: requisition.synthetic,
            corrects: is_correction.then(|| id_of(&requisition.corrects).to_owned()),
            amount: format::kronor(requisition.amount_ore),
            facts: facts(visit, &requisition, party.display_name),
            lines: requisition.cost_lines.iter().map(|line| LineView::of(visit, line)).collect(),
            grant,
            steps: steps(visit, &requisition).await,
            files: requisition.attachments.iter().map(file).collect(),
            may_attach: offer.may_change,
            following,
            ledger: rights::reads_ledger(&visit.session.principal).then_some(ledger),
            taking,
            attaching: attachment::form(visit, id, &requisition.etag),
            offer,
        })
    }

    /// The page as it is sent.
    #[must_use]
    pub(super) fn show(&self) -> Response {
        let tried = if self.taking.is_faulty() { &self.taking } else { &self.attaching };
        page_with(tried.status(), self)
    }

    /// What is wrong with what was just tried.
    fn errors(&self) -> &FormErrors {
        if self.taking.is_faulty() { &self.taking.errors } else { &self.attaching.errors }
    }
}

fn file(file: &Attachment) -> FileView {
    let Attachment { name, file_name, media_type: _, size_bytes, sha256 } = file;
    FileView::of(name, file_name, *size_bytes, sha256)
}

/// The facts of the claim, in the order people look for them.
fn facts(visit: &Visit, requisition: &Requisition, party: String) -> Vec<Fact> {
    let or_not_given =
        |text: &str| if text.is_empty() { visit.t("not-given") } else { text.to_owned() };
    let number = format::organisation_number(&requisition.organisation_number);
    let mut facts = vec![
        Fact::new(visit, "requisition-party", party),
        Fact::new(visit, "organisation-number", or_not_given(&number)),
        Fact::new(visit, "requisition-period", format::period(requisition.period.as_ref())),
        Fact::new(visit, "draft-payment-reference", or_not_given(&requisition.payment_reference)),
        Fact::new(visit, "field-dnr", or_not_given(&requisition.dnr)),
    ];
    let has_been_sent =
        requisition.steps.iter().any(|step| is_of(step, RequisitionState::Submitted));
    if has_been_sent {
        let earlier = format::kronor(requisition.earlier_requisitioned_ore);
        facts.push(Fact::new(visit, "requisition-earlier", earlier));
    }
    if let Some(forecast) = requisition.forecast_rest_ore {
        facts.push(Fact::new(visit, "draft-forecast", format::kronor(forecast)));
    }
    if requisition.payment_date.is_some() {
        let day = format::date(requisition.payment_date.as_ref());
        facts.push(Fact::new(visit, "step-payment-date", day));
        facts.push(Fact::new(visit, "step-bank-reference", requisition.bank_reference.clone()));
    }
    facts
}

/// Reads one requisition.
///
/// # Errors
/// What finance answered instead.
pub(super) async fn read(visit: &Visit, id: &str) -> Result<Requisition, Status> {
    let request = GetRequisitionRequest { name: reads::name(visit, "requisitions", id) };
    let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
    let answer = client.get_requisition(visit.request(request)?).await?.into_inner();
    answer.requisition.ok_or_else(|| Status::not_found(""))
}

async fn steps(visit: &Visit, requisition: &Requisition) -> Vec<StepView> {
    let mut views = Vec::with_capacity(requisition.steps.len());
    for step in &requisition.steps {
        let state = StateView::of(visit.reader.language, step.state());
        let view = StepView::of(visit, state, &step.actor, step.time.as_ref(), &step.comment);
        views.push(view.await);
    }
    views
}

fn standing(visit: &Visit, requisition: &Requisition, year_is_closed: bool) -> Standing {
    let principal = &visit.session.principal;
    let own_name = principal.account.to_string();
    let last = |state: RequisitionState| {
        let found = requisition.steps.iter().rev().find(|step| is_of(step, state));
        found.is_some_and(|step| step.actor == own_name)
    };
    let party = id_of(&requisition.party);
    Standing {
        is_for_party: rights::own_parties(principal).any(|own| own.as_str() == party),
        is_approver: rights::approves_requisitions(principal),
        has_submitted: last(RequisitionState::Submitted),
        has_reviewed: last(RequisitionState::Reviewed),
        year_is_closed,
        is_correction: !requisition.corrects.is_empty(),
    }
}

fn is_of(step: &RequisitionStep, state: RequisitionState) -> bool {
    step.state() == state
}

impl LineView {
    fn of(visit: &Visit, line: &CostLine) -> Self {
        let fte = match line.kind() {
            CostKind::Staff => format::percent(line.fte_percent),
            CostKind::Unspecified
            | CostKind::Premises
            | CostKind::Activities
            | CostKind::Training
            | CostKind::Overhead
            | CostKind::Other => String::new(),
        };
        Self {
            kind: visit.t(cost_kind_text_id(line.kind())),
            description: line.description.clone(),
            fte,
            amount: format::kronor(line.amount_ore),
        }
    }
}
