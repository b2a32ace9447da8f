//! Taking a list in that was tried.

use axum::{extract::Path, response::Response};

use super::{check, outcome};
use crate::{
    uploaded_list,
    web::{
        error_page::Trouble,
        form::{Fields, Posted},
        layout::Visit,
        sign_in::see_other,
    },
};

/// Takes the list in and shows the team's imports; or shows what is in the way.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(team): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let again = match check::read_again(&visit, &team, &posted).await? {
        Ok(again) => again,
        Err(response) => return Ok(response),
    };
    let request_id = posted.get("request_id");
    // What cannot be read is told by the trial; nothing of such a list is taken in.
    if !again.prepared.faults.is_empty() {
        let answer = outcome::check(&visit, &team, &again.prepared, request_id).await;
        return Ok(check::page(&visit, &team, &again, answer));
    }
    let answer = outcome::take_in(&visit, &team, &again.prepared, request_id).await;
    if answer.as_ref().is_ok_and(|answered| answered.faults.is_empty()) {
        let forgotten = uploaded_list::forget(&visit.state, &visit.session).await;
        forgotten.map_err(|failure| Trouble::of(&visit, &failure.into()))?;
        return Ok(see_other(&super::address(&team), None));
    }
    Ok(check::page(&visit, &team, &again, answer))
}
