//! Recording a new decision on a grant.

use axum::{extract::Path, response::Response};
use proto::finance::{
    AmendGrantRequest, Decision, Grant, grant_service_client::GrantServiceClient,
};
use tonic::Status;

use super::{address, amount_and_days, read, read_days, standing};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, form_page_with_facts},
    },
    layout::Visit,
    names::Names,
    rights,
    sign_in::see_other,
    year::{decision_inputs, read_decision},
};

/// The form, with the amount and the days in force.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let (now, names) = read_first(&visit, &id).await?;
    let form = form(&visit, &now);
    Ok(page(&visit, &now, &names, form))
}

/// Records the decision and shows the grant; or shows the form again, with
/// everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let (now, names) = read_first(&visit, &id).await?;
    let mut form = form(&visit, &now);
    form.fill(&posted);
    let answer = amend(&visit, &now, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&now), None));
    }
    Ok(page(&visit, &now, &names, form))
}

async fn amend(visit: &Visit, now: &Grant, posted: &Posted, form: &mut Form) -> Result<(), Status> {
    let amount_ore = form.ore("amount", "amount_ore");
    let period = Some(read_days(form, "period"));
    let Decision { dnr, decision_date, deciding_body } = read_decision(form, "");
    let request = AmendGrantRequest {
        name: now.name.clone(),
        etag: posted.get("etag").to_owned(),
        period,
        amount_ore,
        dnr,
        decision_date,
        deciding_body,
        reason: form.text("reason", "reason"),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = GrantServiceClient::new(visit.state.finance.clone());
    client.amend_grant(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, now: &Grant) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("{}/amend", address(now)), "grant-record");
    form.etag.clone_from(&now.etag);
    form.groups.extend(amount_and_days(visit, now));
    form.groups.push(decision_inputs(visit, &Decision::default()));
    let reason = Input::new(language, "reason", "grant-reason", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![reason]));
    form
}

async fn read_first(visit: &Visit, id: &str) -> Result<(Grant, Names), Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    tokio::try_join!(read(visit, id), Names::read(visit))
        .map_err(|status| Trouble::of(visit, &status))
}

fn page(visit: &Visit, now: &Grant, names: &Names, form: Form) -> Response {
    let recipient = names.recipient(&now.recipient);
    let back = Back::to(address(now), visit.t1("grant-heading", "recipient", &recipient));
    let facts = standing(visit, now, recipient);
    let (title, intro) = (visit.t("grant-amend-heading"), visit.t("grant-amend-intro"));
    form_page_with_facts(visit, title, back, intro, facts, form)
}
