//! Taking a requisition one step on, by the button that was pressed.

use axum::{extract::Path, response::Response};
use proto::finance::{
    ApproveRequisitionRequest, PayRequisitionRequest, RejectRequisitionRequest,
    ReturnRequisitionRequest, ReviewRequisitionRequest, SubmitRequisitionRequest,
    WithdrawRequisitionRequest, requisition_service_client::RequisitionServiceClient,
};
use tonic::Status;

use super::{detail::RequisitionPage, offer::Step};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Button, Group, Input, Kind},
    },
    layout::Visit,
    reads,
    sign_in::see_other,
};

/// The form with a button for each step.
#[must_use]
pub(super) fn form(visit: &Visit, id: &str, steps: &[Step], comment_help_id: &str) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/requisitions/{id}/steps"), "step-submit");
    form.buttons = steps.iter().map(|step| button(visit, *step)).collect();
    if steps.contains(&Step::Pay) {
        let today = visit.state.clock.today().to_string();
        let day = Input::new(language, "payment_date", "step-payment-date", Kind::Day);
        let reference =
            Input::new(language, "bank_reference", "step-bank-reference", Kind::Text(100));
        form.groups.push(Group::plain(vec![
            day.value(today),
            reference.help(language, "step-bank-reference-help"),
        ]));
    }
    let comment = Input::new(language, "comment", "step-comment", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![comment.help(language, comment_help_id)]));
    form
}

fn button(visit: &Visit, step: Step) -> Button {
    Button {
        code: step.code(),
        text: visit.t(step.button_text_id()),
        variant: step.button_variant(),
        color: step.button_color(),
    }
}

/// Takes the step and shows the requisition again: as it stands then, or with
/// what is in the way.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn take(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let step = Step::from_code(posted.get("step")).ok_or_else(|| Trouble::no_such_page(&visit))?;
    let mut tried = form(&visit, &id, &[step], "step-comment-help");
    tried.fill(&posted);
    match call(&visit, step, &id, &posted, &mut tried).await {
        Ok(()) if !tried.is_faulty() => {
            return Ok(see_other(&format!("/requisitions/{}", encoded(&id)), None));
        }
        Ok(()) => {}
        Err(refusal) => tried.refuse(&refusal),
    }
    let mut page = RequisitionPage::read(&visit, &id).await?;
    page.taking.take_over(&tried);
    Ok(page.show())
}

/// A double click sends the same request id, and gets the first answer again.
async fn call(
    visit: &Visit,
    step: Step,
    id: &str,
    posted: &Posted,
    form: &mut Form,
) -> Result<(), Status> {
    macro_rules! call {
        ($method:ident, $request:ident $(, $field:ident: $value:expr)*) => {{
            $(let $field = $value;)*
            let request = $request {
                name: reads::name(visit, "requisitions", id),
                etag: posted.get("etag").to_owned(),
                comment: form.text("comment", "comment"),
                request_id: posted.get("request_id").to_owned(),
                validate_only: form.is_faulty(),
                $($field),*
            };
            let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
            client.$method(visit.request(request)?).await.map(|_| ())
        }};
    }
    match step {
        Step::Submit => call!(submit_requisition, SubmitRequisitionRequest),
        Step::Review => call!(review_requisition, ReviewRequisitionRequest),
        Step::Approve => call!(approve_requisition, ApproveRequisitionRequest),
        Step::Pay => call!(
            pay_requisition,
            PayRequisitionRequest,
            payment_date: form.day("payment_date", "payment_date"),
            bank_reference: form.text("bank_reference", "bank_reference")
        ),
        Step::Return => call!(return_requisition, ReturnRequisitionRequest),
        Step::Reject => call!(reject_requisition, RejectRequisitionRequest),
        Step::Withdraw => call!(withdraw_requisition, WithdrawRequisitionRequest),
    }
}

/// An id that finance has accepted is a plain slug; anything else never gets
/// this far, and is still kept out of the address.
#[must_use]
pub(super) fn encoded(id: &str) -> String {
    id.chars().filter(|character| character.is_ascii_alphanumeric() || *character == '-').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_plain_characters_only() {
        assert_eq!(encoded("sala-2025-06-abc123"), "sala-2025-06-abc123");
        assert_eq!(encoded("../x\r\nSet-Cookie"), "xSet-Cookie");
    }
}
