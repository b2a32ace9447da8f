//! Taking a requisition one step on, by the button that was pressed.

use axum::{extract::Path, response::Response};
use proto::finance::{
    ApproveRequisitionRequest, PayRequisitionRequest, RejectRequisitionRequest,
    ReturnRequisitionRequest, ReviewRequisitionRequest, SubmitRequisitionRequest,
    WithdrawRequisitionRequest, requisition_service_client::RequisitionServiceClient,
};
use tonic::Status;

use super::{detail, offer::Step};
use crate::web::{
    error_page::{Trouble, http_status},
    form::{Fields, FormErrors, Place, Posted},
    layout::Visit,
    sign_in::see_other,
};

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
    match call(&visit, step, &id, &posted).await {
        Ok(()) => Ok(see_other(&format!("/requisitions/{}", encoded(&id)), None)),
        Err(refusal) => {
            let comment = Place { id: "comment".to_owned(), label: visit.t(comment_label(step)) };
            let mut errors = FormErrors::default();
            errors.add_all(visit.reader.language, &refusal, |field| {
                (field == "comment").then(|| comment.clone())
            });
            let status = http_status(refusal.code());
            detail::render(&visit, &id, errors, posted.get("comment"), status).await
        }
    }
}

/// A double click sends the same request id, and gets the first answer again.
async fn call(visit: &Visit, step: Step, id: &str, posted: &Posted) -> Result<(), Status> {
    macro_rules! call {
        ($method:ident, $request:ident) => {{
            let request = $request {
                name: detail::name(visit, id),
                etag: posted.get("etag").to_owned(),
                comment: posted.get("comment").to_owned(),
                request_id: posted.get("request_id").to_owned(),
                validate_only: false,
                ..Default::default()
            };
            let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
            client.$method(visit.request(request)?).await.map(|_| ())
        }};
    }
    match step {
        Step::Submit => call!(submit_requisition, SubmitRequisitionRequest),
        Step::Review => call!(review_requisition, ReviewRequisitionRequest),
        Step::Approve => call!(approve_requisition, ApproveRequisitionRequest),
        Step::Pay => call!(pay_requisition, PayRequisitionRequest),
        Step::Return => call!(return_requisition, ReturnRequisitionRequest),
        Step::Reject => call!(reject_requisition, RejectRequisitionRequest),
        Step::Withdraw => call!(withdraw_requisition, WithdrawRequisitionRequest),
    }
}

fn comment_label(step: Step) -> &'static str {
    match step {
        Step::Pay => "step-payment-reference",
        Step::Submit
        | Step::Review
        | Step::Approve
        | Step::Return
        | Step::Reject
        | Step::Withdraw => "step-comment",
    }
}

/// An id that finance has accepted is a plain slug; anything else never gets
/// this far, and is still kept out of the address.
fn encoded(id: &str) -> String {
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
