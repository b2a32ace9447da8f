//! Ending a row of the matrix.

use axum::{extract::Path, response::Response};
use proto::finance::{
    EndStaffingFinancingRequest, GetStaffingFinancingRequest, StaffingFinancing,
    staffing_financing_service_client::StaffingFinancingServiceClient,
};
use tonic::Status;

use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    format,
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let row = read(&visit, &id).await?;
    let form = form(&visit, &row);
    Ok(page(&visit, &row, form))
}

/// Ends the row and shows the matrix; or shows the form again, with what is
/// wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let row = read(&visit, &id).await?;
    let mut form = form(&visit, &row);
    form.fill(&posted);
    let answer = end(&visit, &row, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other("/staffing", None));
    }
    Ok(page(&visit, &row, form))
}

async fn end(
    visit: &Visit,
    row: &StaffingFinancing,
    posted: &Posted,
    form: &mut Form,
) -> Result<(), Status> {
    let last_day = form.day("last_day", "last_day");
    let request = EndStaffingFinancingRequest {
        name: row.name.clone(),
        etag: posted.get("etag").to_owned(),
        last_day,
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = StaffingFinancingServiceClient::new(visit.state.finance.clone());
    client.end_staffing_financing(visit.request(request)?).await.map(|_| ())
}

async fn read(visit: &Visit, id: &str) -> Result<StaffingFinancing, Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let name = reads::name(visit, "staffingFinancings", id);
    let mut client = StaffingFinancingServiceClient::new(visit.state.finance.clone());
    let request = visit.request(GetStaffingFinancingRequest { name }).map_err(troubled)?;
    let answer = client.get_staffing_financing(request).await.map_err(troubled)?;
    Ok(answer.into_inner().staffing_financing.unwrap_or_default())
}

fn form(visit: &Visit, row: &StaffingFinancing) -> Form {
    let language = visit.reader.language;
    let action = format!("/staffing/{}/end", id_of(&row.name));
    let mut form = Form::new(visit, action, "staffing-end");
    form.etag.clone_from(&row.etag);
    let last_day = Input::new(language, "last_day", "staffing-last-day", Kind::Day);
    form.groups.push(Group::plain(vec![last_day]));
    form
}

fn page(visit: &Visit, row: &StaffingFinancing, form: Form) -> Response {
    let back = Back::to("/staffing", visit.t("staffing-heading"));
    let facts = vec![
        Fact::new(visit, "staffing-title", row.title.clone()),
        Fact::new(visit, "period-first-day", format::date(row.first_day.as_ref())),
        Fact::new(
            visit,
            "staffing-by-municipality",
            format::posts(row.paid_by_municipality_fte_percent),
        ),
        Fact::new(
            visit,
            "staffing-by-federation",
            format::posts(row.paid_by_federation_fte_percent),
        ),
    ];
    let intro = visit.t("staffing-end-intro");
    form_page_with_facts(visit, visit.t("staffing-end-heading"), back, intro, facts, form)
}
