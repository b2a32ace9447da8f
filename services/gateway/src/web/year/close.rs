//! Closing a year: first a dry run that shows what will happen, then the close.

use axum::{extract::Path, response::Response};
use proto::finance::{
    CloseFinancialYearRequest, Decision, FinancialYear, FinancialYearClosing, Requisition,
    RequisitionState, financial_year_service_client::FinancialYearServiceClient,
};
use tonic::Status;

use super::{
    address, back, decision_inputs, financial_year, read_decision, show::closing_facts, year_of,
};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::Button,
        page::{Fact, form_page_with_facts},
    },
    layout::Visit,
    reads::id_of,
    requisition::list::{Wanted, requisitions},
    rights,
    sign_in::see_other,
};

/// Drafts that are looked through, the newest first.
const MOST: i32 = 1000;

/// The form, which first only shows what will happen.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(year): Path<String>) -> Result<Response, Trouble> {
    let year = year_of(&visit, &year)?;
    let form = form(&visit, year).await?;
    Ok(page(&visit, year, Vec::new(), form))
}

/// Shows what will happen; or, when that has been seen, closes the year and
/// shows it.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(year): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let year = year_of(&visit, &year)?;
    let mut form = form(&visit, year).await?;
    form.fill(&posted);
    let decision = read_decision(&mut form, "decision");
    let validate_only = form.is_faulty() || posted.get("step") != "close";
    match close(&visit, year, &posted, decision, validate_only).await {
        Ok(_) if !validate_only => return Ok(see_other(&address(year), None)),
        Ok(closing) if !form.is_faulty() => {
            // The last of them: whoever presses Enter in a field looks again.
            form.buttons.push(close_button(&visit));
            form.buttons[0].variant = "secondary";
            let mut facts = closing_facts(&visit, &closing);
            let stuck = stuck(&visit, year).await.map_err(|status| Trouble::of(&visit, &status))?;
            facts.extend(stuck.map(|ids| Fact::new(&visit, "year-close-stuck", ids)));
            return Ok(page(&visit, year, facts, form));
        }
        Ok(_) => {}
        Err(refusal) => form.refuse(&refusal),
    }
    Ok(page(&visit, year, Vec::new(), form))
}

async fn close(
    visit: &Visit,
    year: i32,
    posted: &Posted,
    decision: Decision,
    validate_only: bool,
) -> Result<FinancialYearClosing, Status> {
    let request = CloseFinancialYearRequest {
        name: crate::web::reads::name(visit, "financialYears", &year.to_string()),
        etag: posted.get("etag").to_owned(),
        decision: Some(decision),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = FinancialYearServiceClient::new(visit.state.finance.clone());
    let answer = client.close_financial_year(visit.request(request)?).await?;
    let closed = answer.into_inner().financial_year.unwrap_or_default();
    Ok(closed.closing.unwrap_or_default())
}

/// The ids of the year's requisitions that nobody can submit once it is closed; none when
/// there are none.
async fn stuck(visit: &Visit, year: i32) -> Result<Option<String>, Status> {
    let in_state = |state| requisitions(visit, Wanted { state, ..Wanted::default() }, MOST, "");
    let (returned, drafts) =
        tokio::try_join!(in_state(RequisitionState::Returned), in_state(RequisitionState::Draft))?;
    let is_of_year = |requisition: &&Requisition| {
        let last_day = requisition.period.as_ref().and_then(|period| period.last_day.as_ref());
        last_day.is_some_and(|day| day.year == year)
    };
    let found = returned.requisitions.iter().chain(&drafts.requisitions).filter(is_of_year);
    let ids: Vec<&str> = found.map(|requisition| id_of(&requisition.name)).collect();
    Ok((!ids.is_empty()).then(|| ids.join(", ")))
}

async fn form(visit: &Visit, year: i32) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    let now = financial_year(visit, year).await.map_err(|status| Trouble::of(visit, &status))?;
    let FinancialYear { etag, .. } = now;
    let mut form = Form::new(visit, format!("{}/close", address(year)), "year-close-preview");
    form.etag = etag;
    form.buttons[0].code = "preview";
    form.groups.push(decision_inputs(visit, &Decision::default()));
    Ok(form)
}

fn close_button(visit: &Visit) -> Button {
    Button { code: "close", text: visit.t("year-close"), variant: "primary", color: "danger" }
}

fn page(visit: &Visit, year: i32, facts: Vec<Fact>, form: Form) -> Response {
    let intro_id = if facts.is_empty() { "year-close-intro" } else { "year-close-seen" };
    let title = visit.t1("year-close-heading", "year", &year.to_string());
    form_page_with_facts(visit, title, back(visit, year), visit.t(intro_id), facts, form)
}
