//! Recording money that a party has paid in.

use axum::{extract::Path, response::Response};
use proto::finance::{
    ContributionPayment, RecordContributionPaymentRequest,
    contribution_service_client::ContributionServiceClient,
};
use tonic::Status;

use super::{address, back, year_of};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::form_page,
    },
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(year): Path<String>) -> Result<Response, Trouble> {
    let year = year_of(&visit, &year)?;
    let form = form(&visit, year).await?;
    Ok(page(&visit, year, form))
}

/// Records the payment and shows the year; or shows the form again, with
/// everything that is wrong.
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
    let payment = ContributionPayment {
        year,
        party: form.resource("party", "contribution_payment.party", "parties"),
        amount_ore: form.ore("amount", "contribution_payment.amount_ore"),
        payment_date: form.day("payment_date", "contribution_payment.payment_date"),
        bank_reference: form.text("bank_reference", "contribution_payment.bank_reference"),
        comment: form.text("comment", "contribution_payment.comment"),
        ..ContributionPayment::default()
    };
    let answer = record(&visit, &posted, payment, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("{}#contributions", address(year)), None));
    }
    Ok(page(&visit, year, form))
}

async fn record(
    visit: &Visit,
    posted: &Posted,
    payment: ContributionPayment,
    validate_only: bool,
) -> Result<(), Status> {
    let request = RecordContributionPaymentRequest {
        parent: visit.federation(),
        contribution_payment_id: posted.new_id(&[&payment.year.to_string(), id_of(&payment.party)]),
        contribution_payment: Some(payment),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = ContributionServiceClient::new(visit.state.finance.clone());
    client.record_contribution_payment(visit.request(request)?).await.map(|_| ())
}

async fn form(visit: &Visit, year: i32) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    let parties = reads::parties(visit).await.map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let mut choices = vec![Choice::new("", visit.t("choose"))];
    choices.extend(parties.iter().map(|it| Choice::new(id_of(&it.name), it.display_name.clone())));
    let today = visit.state.clock.today().to_string();
    let action = format!("{}/payments/new", address(year));
    let mut form = Form::new(visit, action, "payment-record");
    form.groups.push(Group::plain(vec![
        Input::new(language, "party", "payment-party", Kind::Choice(choices)),
        Input::new(language, "amount", "draft-line-amount", Kind::Decimal)
            .help(language, "payment-amount-help"),
        Input::new(language, "payment_date", "payment-day", Kind::Day).value(today),
        Input::new(language, "bank_reference", "step-bank-reference", Kind::Text(100)),
        Input::new(language, "comment", "step-comment", Kind::Lines(1000))
            .help(language, "payment-comment-help"),
    ]));
    Ok(form)
}

fn page(visit: &Visit, year: i32, form: Form) -> Response {
    let title = visit.t1("payment-heading", "year", &year.to_string());
    form_page(visit, title, back(visit, year), visit.t("payment-intro"), form)
}
