//! One requisition: what is claimed, on which grant, every step so far, and the
//! steps the person can take.

use askama::Template;
use axum::{extract::Path, response::Response};
use http::StatusCode;
use proto::{
    finance::{
        CostKind, CostLine, GetGrantRequest, GetRecipientRequest, GetRequisitionRequest,
        Requisition, RequisitionState, RequisitionStep, grant_service_client::GrantServiceClient,
        recipient_service_client::RecipientServiceClient,
        requisition_service_client::RequisitionServiceClient,
    },
    organisation::{GetPartyRequest, Party, party_service_client::PartyServiceClient},
};
use tonic::Status;

use super::{
    StateView, cost_kind_text_id,
    offer::{Offer, Standing, Step, offer},
};
use crate::web::{
    error_page::Trouble,
    form::{FormErrors, new_request_id},
    format,
    layout::{Layout, Visit, page_with},
    reads::id_of,
    rights,
};

#[derive(Template)]
#[template(path = "requisition.html")]
struct RequisitionPage {
    layout: Layout,
    errors: FormErrors,
    id: String,
    etag: String,
    request_id: String,
    state: StateView,
    is_synthetic: bool,
    party: String,
    organisation_number: String,
    period: String,
    payment_reference: String,
    amount: String,
    lines: Vec<LineView>,
    grant: GrantView,
    steps: Vec<StepView>,
    offer: Offer,
    buttons: Vec<ButtonView>,
    comment: String,
}

struct LineView {
    kind: String,
    description: String,
    fte: String,
    amount: String,
}

struct GrantView {
    recipient: String,
    dnr: String,
    decision: String,
    period: String,
    granted: String,
    requisitioned: String,
    reserved: String,
    left: String,
}

struct StepView {
    state: StateView,
    actor: String,
    day: String,
    machine_time: String,
    comment: String,
}

struct ButtonView {
    code: &'static str,
    text: String,
    variant: &'static str,
    color: &'static str,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    render(&visit, &id, FormErrors::default(), "", StatusCode::OK).await
}

/// The page as it stands now, with what was wrong with a step just tried and
/// the comment as typed.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn render(
    visit: &Visit,
    id: &str,
    errors: FormErrors,
    comment: &str,
    status: StatusCode,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(visit, &status);
    let requisition = read(visit, id).await.map_err(troubled)?;
    let (grant, party) =
        tokio::try_join!(grant(visit, &requisition.grant), party(visit, &requisition.party))
            .map_err(troubled)?;
    let language = visit.reader.language;
    let offer = offer(requisition.state(), standing(visit, &requisition));
    let button = |step: &Step| ButtonView {
        code: step.code(),
        text: visit.t(step.button_text_id()),
        variant: step.button_variant(),
        color: step.button_color(),
    };
    let title = crate::text::message(language, "requisition-heading", &[("id", id)]);
    let page = RequisitionPage {
        // A language chosen after a refused step leads back to the requisition,
        // not to the post.
        layout: Layout { address: format!("/requisitions/{id}"), ..Layout::of(visit, title) },
        errors,
        id: id.to_owned(),
        etag: requisition.etag.clone(),
        request_id: new_request_id(),
        state: StateView::of(language, requisition.state()),
        is_synthetic: requisition.synthetic,
        party: party.display_name,
        organisation_number: format::organisation_number(&party.organisation_number),
        period: format::period(requisition.period.as_ref()),
        payment_reference: requisition.payment_reference.clone(),
        amount: format::kronor(requisition.amount_ore),
        lines: requisition.cost_lines.iter().map(|line| LineView::of(visit, line)).collect(),
        grant,
        steps: steps(visit, &requisition).await,
        buttons: offer.steps.iter().map(button).collect(),
        offer,
        comment: comment.to_owned(),
    };
    Ok(page_with(status, &page))
}

async fn read(visit: &Visit, id: &str) -> Result<Requisition, Status> {
    let request = GetRequisitionRequest { name: name(visit, id) };
    let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
    let answer = client.get_requisition(visit.request(request)?).await?.into_inner();
    answer.requisition.ok_or_else(|| Status::not_found(""))
}

async fn grant(visit: &Visit, name: &str) -> Result<GrantView, Status> {
    let mut grants = GrantServiceClient::new(visit.state.finance.clone());
    let request = visit.request(GetGrantRequest { name: name.to_owned() })?;
    let grant = grants.get_grant(request).await?.into_inner().grant.unwrap_or_default();
    let mut recipients = RecipientServiceClient::new(visit.state.finance.clone());
    let request = visit.request(GetRecipientRequest { name: grant.recipient.clone() })?;
    let recipient =
        recipients.get_recipient(request).await?.into_inner().recipient.unwrap_or_default();
    Ok(GrantView {
        recipient: recipient.display_name,
        decision: format!("{} {}", grant.deciding_body, format::date(grant.decision_date.as_ref())),
        period: format::period(grant.period.as_ref()),
        granted: format::kronor(grant.amount_ore),
        requisitioned: format::kronor(grant.requisitioned_ore),
        reserved: format::kronor(grant.reserved_ore),
        left: format::kronor(grant.left_ore),
        dnr: grant.dnr,
    })
}

async fn party(visit: &Visit, name: &str) -> Result<Party, Status> {
    let mut client = PartyServiceClient::new(visit.state.organisation.clone());
    let request = visit.request(GetPartyRequest { name: name.to_owned() })?;
    Ok(client.get_party(request).await?.into_inner().party.unwrap_or_default())
}

async fn steps(visit: &Visit, requisition: &Requisition) -> Vec<StepView> {
    let mut views = Vec::with_capacity(requisition.steps.len());
    for step in &requisition.steps {
        let time = step.time.as_ref().and_then(platform::convert::instant);
        views.push(StepView {
            state: StateView::of(visit.reader.language, step.state()),
            actor: visit.state.display_name(&step.actor).await,
            day: format::day(time),
            machine_time: format::machine_time(time),
            comment: step.comment.clone(),
        });
    }
    views
}

fn standing(visit: &Visit, requisition: &Requisition) -> Standing {
    let principal = &visit.session.principal;
    let own_name = principal.account.to_string();
    let last = |state: RequisitionState| {
        let is_of_state = |step: &&RequisitionStep| step.state() == state;
        requisition.steps.iter().rev().find(is_of_state).is_some_and(|step| step.actor == own_name)
    };
    let party = id_of(&requisition.party);
    Standing {
        is_for_party: rights::own_parties(principal).any(|own| own.as_str() == party),
        is_approver: rights::approves_requisitions(principal),
        has_submitted: last(RequisitionState::Submitted),
        has_reviewed: last(RequisitionState::Reviewed),
    }
}

/// The resource name of a requisition of the person's federation.
#[must_use]
pub(crate) fn name(visit: &Visit, id: &str) -> String {
    format!("{}/requisitions/{id}", visit.federation())
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
