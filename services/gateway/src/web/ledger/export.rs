//! Files for the general ledger and for the spreadsheet: what there is to fetch,
//! and each of them.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::{
    common::Period,
    finance::{
        ExportPaymentsRequest, ExportRequisitionsRequest, ExportSieRequest, RequisitionState,
    },
};
use tonic::Status;

use super::{Tab, tabs};
use crate::{
    text,
    web::{
        download,
        error_page::Trouble,
        form::{FormErrors, Place, Posted, inputs::Choice},
        format,
        layout::{Layout, Visit, page_with},
        requisition::{STATES, state_code, state_text_id},
        rights, year,
    },
};

#[derive(Template)]
#[template(path = "export.html")]
struct ExportPage {
    layout: Layout,
    tabs: Vec<Tab>,
    errors: FormErrors,
    year: String,
    years: Vec<Choice>,
    first_day: String,
    last_day: String,
    states: Vec<Choice>,
    formats: Vec<Choice>,
    reads_ledger: bool,
}

/// What there is to fetch.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    page(&visit, FormErrors::default(), http::StatusCode::OK).await
}

/// Vouchers of a year, as SIE.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn sie(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let request = ExportSieRequest {
        parent: visit.federation(),
        year: asked.get("year").parse().unwrap_or(0),
        period: None,
    };
    let exported = async {
        let answer = download::client(&visit).export_sie(visit.request(request)?).await?;
        Ok(answer.into_inner().file)
    };
    answer(&visit, exported.await).await
}

/// What is to be paid, or was paid in a period.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn payments(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let is_paid = asked.get("what") == "paid";
    let request = ExportPaymentsRequest {
        parent: visit.federation(),
        paid_in: is_paid.then(|| period(&asked)),
        format: download::format_of(asked.get("format")).into(),
    };
    let exported = async {
        let answer = download::client(&visit).export_payments(visit.request(request)?).await?;
        Ok(answer.into_inner().file)
    };
    answer(&visit, exported.await).await
}

/// Requisitions of a period, with their cost lines.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn requisitions(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let state = STATES.into_iter().find(|state| state_code(*state) == asked.get("state"));
    let request = ExportRequisitionsRequest {
        parent: visit.federation(),
        period: Some(period(&asked)),
        state: state.unwrap_or(RequisitionState::Unspecified).into(),
        format: download::format_of(asked.get("format")).into(),
    };
    let exported = async {
        let answer = download::client(&visit).export_requisitions(visit.request(request)?).await?;
        Ok(answer.into_inner().file)
    };
    answer(&visit, exported.await).await
}

/// The days asked for; a day that cannot be read is left to finance to refuse.
fn period(asked: &Posted) -> Period {
    let day =
        |name: &str| format::parse_date(asked.get(name)).map(platform::convert::date_to_proto);
    Period { first_day: day("first_day"), last_day: day("last_day") }
}

/// The file; or the page with what is in its way.
async fn answer(
    visit: &Visit,
    exported: Result<Option<proto::finance::ExportedFile>, Status>,
) -> Result<Response, Trouble> {
    match exported {
        Ok(file) => Ok(download::exported(file)),
        Err(refusal) => {
            let mut errors = FormErrors::default();
            errors.add_all(visit.reader.language, &refusal, |field| place(visit, field));
            let status = crate::web::error_page::http_status(refusal.code());
            page(visit, errors, status).await
        }
    }
}

fn place(visit: &Visit, field: &str) -> Option<Place> {
    let (id, label_id) = match field {
        "period" | "period.first_day" | "paid_in" | "paid_in.first_day" => {
            ("first_day", "period-first-day")
        }
        "period.last_day" | "paid_in.last_day" => ("last_day", "period-last-day"),
        "year" => ("year", "field-year"),
        _ => return None,
    };
    Some(Place { id: id.to_owned(), label: visit.t(label_id) })
}

async fn page(
    visit: &Visit,
    errors: FormErrors,
    status: http::StatusCode,
) -> Result<Response, Trouble> {
    let principal = &visit.session.principal;
    Trouble::unless(visit, rights::reads_requisitions)?;
    let (year, years) = tokio::try_join!(year::asked(visit, ""), year::choices(visit))
        .map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let of_state = |state: RequisitionState| {
        Choice::new(state_code(state), text::message(language, state_text_id(state), &[]))
    };
    let states = std::iter::once(Choice::new("", visit.t("filter-all")));
    let formats = download::FORMATS.map(|format| {
        Choice::new(download::format_code(format), visit.t(download::text_id(format)))
    });
    let reads_ledger = rights::reads_ledger(principal);
    let layout = Layout::of(visit, visit.t("export-heading"));
    let page = ExportPage {
        // A language chosen after a refusal leads back here, not to the file.
        layout: Layout { address: "/ledger/export".to_owned(), ..layout },
        tabs: if reads_ledger { tabs("/ledger/export") } else { Vec::new() },
        errors,
        year: year.to_string(),
        years,
        first_day: format!("{year}-01-01"),
        last_day: format!("{year}-12-31"),
        states: states.chain(STATES.into_iter().map(of_state)).collect(),
        formats: formats.to_vec(),
        reads_ledger,
    };
    Ok(page_with(status, &page))
}
