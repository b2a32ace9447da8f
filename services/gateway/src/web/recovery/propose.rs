//! Proposing to claim back what was paid for a requisition.

use axum::{extract::Query, response::Response};
use proto::finance::{
    CostLine, CreateRecoveryRequest, GetRequisitionRequest, Recovery, Requisition,
    recovery_service_client::RecoveryServiceClient,
    requisition_service_client::RequisitionServiceClient,
};
use tonic::Status;

use crate::web::{
    error_page::Trouble,
    filter::with_query,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    format,
    layout::Visit,
    reads::{self, id_of},
    requisition::content::{cost_line, read_cost_lines},
    rights,
    sign_in::see_other,
};

/// Lines a recovery may have: one for each kind of cost.
const MOST_LINES: usize = 6;

/// The form, with everything that was paid.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let paid = requisition(&visit, Posted::asked(query).get("requisition")).await?;
    let form = form(&visit, &paid, by_kind(&paid).len().max(1));
    Ok(page(&visit, &paid, form))
}

/// Saves the proposal and shows it; or shows the form again, with everything
/// that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let paid = requisition(&visit, Posted::asked(query).get("requisition")).await?;
    let mut form = form(&visit, &paid, posted.lines(1, MOST_LINES));
    form.fill(&posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(page(&visit, &paid, form));
    }
    let recovery = Recovery {
        requisition: paid.name.clone(),
        cost_lines: read_cost_lines(&mut form, "recovery.cost_lines"),
        reason: form.text("reason", "recovery.reason"),
        dnr: form.text("dnr", "recovery.dnr"),
        ..Recovery::default()
    };
    let answer = create(&visit, &paid, &posted, recovery, form.is_faulty()).await;
    if let Some(created) = form.kept(answer) {
        return Ok(see_other(&format!("/recoveries/{}", id_of(&created.name)), None));
    }
    Ok(page(&visit, &paid, form))
}

async fn create(
    visit: &Visit,
    paid: &Requisition,
    posted: &Posted,
    recovery: Recovery,
    validate_only: bool,
) -> Result<Recovery, Status> {
    let request = CreateRecoveryRequest {
        parent: visit.federation(),
        recovery_id: posted.new_id(&[id_of(&paid.party)]),
        recovery: Some(recovery),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = RecoveryServiceClient::new(visit.state.finance.clone());
    let answer = client.create_recovery(visit.request(request)?).await?;
    Ok(answer.into_inner().recovery.unwrap_or_default())
}

fn form(visit: &Visit, paid: &Requisition, lines: usize) -> Form {
    let language = visit.reader.language;
    let action = with_query("/recoveries/new", &[("requisition", id_of(&paid.name))]);
    let mut form = Form::new(visit, action, "recovery-propose").with_lines(lines, "draft-add-line");
    let reason = Input::new(language, "reason", "recovery-reason", Kind::Lines(1000));
    let dnr = Input::new(language, "dnr", "field-dnr", Kind::Text(40));
    form.groups.push(Group::plain(vec![reason.help(language, "recovery-reason-help"), dnr]));
    let heading = Group::heading(visit.t("recovery-lines"));
    form.groups.push(heading.help(language, "recovery-lines-help"));
    let paid_lines = by_kind(paid);
    for line in 0..lines {
        form.groups.push(cost_line(visit, line, paid_lines.get(line)));
    }
    form
}

/// What was paid, each kind of cost once.
fn by_kind(paid: &Requisition) -> Vec<CostLine> {
    let mut lines: Vec<CostLine> = Vec::new();
    for line in &paid.cost_lines {
        match lines.iter_mut().find(|known| known.kind == line.kind) {
            Some(known) => known.amount_ore = known.amount_ore.saturating_add(line.amount_ore),
            None => lines.push(line.clone()),
        }
    }
    lines
}

async fn requisition(visit: &Visit, id: &str) -> Result<Requisition, Trouble> {
    Trouble::unless(visit, rights::approves_requisitions)?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let request = GetRequisitionRequest { name: reads::name(visit, "requisitions", id) };
    let request = visit.request(request).map_err(troubled)?;
    let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
    let answer = client.get_requisition(request).await.map_err(troubled)?.into_inner();
    Ok(answer.requisition.unwrap_or_default())
}

fn page(visit: &Visit, paid: &Requisition, form: Form) -> Response {
    let id = id_of(&paid.name);
    let back = Back::to(format!("/requisitions/{id}"), visit.t1("requisition-heading", "id", id));
    let facts = vec![
        Fact::new(visit, "requisition-period", format::period(paid.period.as_ref())),
        Fact::new(visit, "recovery-paid", format::kronor(paid.amount_ore)),
    ];
    let intro = visit.t("recovery-intro");
    form_page_with_facts(visit, visit.t("recovery-new-heading"), back, intro, facts, form)
}
