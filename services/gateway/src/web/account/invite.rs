//! A new code for somebody who lost the first one or forgot the password.

use axum::{extract::Path, response::Response};
use proto::gateway::{InviteAccountRequest, account_service_client::AccountServiceClient};
use tonic::Status;

use super::code_page;
use crate::web::{
    error_page::Trouble,
    form::{Fields, Posted},
    layout::Visit,
    reads,
};

/// Makes the code and shows it.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let request = InviteAccountRequest {
        name: reads::name(&visit, "accounts", &id),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    let mut client = AccountServiceClient::new(visit.state.own.clone());
    let request = visit.request(request).map_err(troubled)?;
    let answer = client.invite_account(request).await.map_err(troubled)?.into_inner();
    let account = answer.account.unwrap_or_default();
    Ok(code_page(&visit, &account, answer.invitation))
}
