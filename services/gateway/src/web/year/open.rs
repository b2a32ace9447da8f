//! Opening the first year that the federation keeps here.

use axum::response::Response;
use proto::finance::{
    Decision, FinancialYear, OpenFinancialYearRequest,
    financial_year_service_client::FinancialYearServiceClient,
};
use tonic::Status;

use super::{address, decision_inputs, read_decision};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    rights,
    sign_in::see_other,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit)?;
    Ok(page(&visit, form))
}

/// Opens the year and shows it; or shows the form again, with everything that
/// is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit)?;
    form.fill(&posted);
    let year = FinancialYear {
        year: form.small("year", "financial_year.year"),
        opening_equity_ore: form.ore("opening_equity", "financial_year.opening_equity_ore"),
        opening_decision: Some(read_decision(&mut form, "financial_year.opening_decision")),
        ..FinancialYear::default()
    };
    let number = year.year;
    let answer = open(&visit, &posted, year, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(number), None));
    }
    Ok(page(&visit, form))
}

async fn open(
    visit: &Visit,
    posted: &Posted,
    year: FinancialYear,
    validate_only: bool,
) -> Result<(), Status> {
    let request = OpenFinancialYearRequest {
        parent: visit.federation(),
        financial_year: Some(year),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = FinancialYearServiceClient::new(visit.state.finance.clone());
    client.open_financial_year(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    let language = visit.reader.language;
    let mut form = Form::new(visit, "/years/open", "year-open");
    form.groups.push(Group::plain(vec![
        Input::new(language, "year", "field-year", Kind::Whole),
        Input::new(language, "opening_equity", "year-opening-equity", Kind::Decimal)
            .help(language, "year-opening-equity-help"),
    ]));
    form.groups.push(decision_inputs(visit, &Decision::default()));
    Ok(form)
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to("/years", visit.t("years-heading"));
    form_page(visit, visit.t("year-open-heading"), back, visit.t("year-open-intro"), form)
}
