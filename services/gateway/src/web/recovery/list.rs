//! The recoveries the person may see, newest first, a page at a time.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::finance::{
    ListRecoveriesRequest, Recovery, RecoveryState, recovery_service_client::RecoveryServiceClient,
};
use tonic::Status;

use super::state_view;
use crate::web::{
    error_page::Trouble,
    filter::next_page,
    form::Posted,
    format,
    layout::{Layout, Visit, page},
    names::Names,
    reads::id_of,
    requisition::StateView,
};

const PAGE_SIZE: i32 = 50;
/// Shown on the first page for each state.
const FIRST_PAGE: i32 = 5;

#[derive(Template)]
#[template(path = "recoveries.html")]
struct RecoveriesPage {
    layout: Layout,
    rows: Vec<RowView>,
    next_page: Option<String>,
}

/// A recovery in a list.
pub(crate) struct RowView {
    /// Its id, which is also its address.
    pub id: String,
    /// How far it has come.
    pub state: StateView,
    /// Who is to pay back.
    pub party: String,
    /// What was paid.
    pub requisition: String,
    /// Its registry number.
    pub dnr: String,
    /// What is to come back, in kronor.
    pub amount: String,
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let (rows, next_page_token) =
        rows(&visit, RecoveryState::Unspecified, PAGE_SIZE, asked.get("page_token"))
            .await
            .map_err(|status| Trouble::of(&visit, &status))?;
    Ok(page(&RecoveriesPage {
        layout: Layout::of(&visit, visit.t("recoveries-heading")),
        rows,
        next_page: next_page("/recoveries", &[], &next_page_token),
    }))
}

/// The newest that have come to a state.
///
/// # Errors
/// What finance answered instead.
pub(crate) async fn in_state(visit: &Visit, state: RecoveryState) -> Result<Vec<RowView>, Status> {
    Ok(rows(visit, state, FIRST_PAGE, "").await?.0)
}

async fn rows(
    visit: &Visit,
    state: RecoveryState,
    page_size: i32,
    page_token: &str,
) -> Result<(Vec<RowView>, String), Status> {
    let request = ListRecoveriesRequest {
        parent: visit.federation(),
        state: state.into(),
        page_size,
        page_token: page_token.to_owned(),
        ..Default::default()
    };
    let request = visit.request(request)?;
    let mut client = RecoveryServiceClient::new(visit.state.finance.clone());
    let list = async { client.list_recoveries(request).await };
    let (names, found) = tokio::try_join!(Names::read(visit), list)?;
    let found = found.into_inner();
    let row = |recovery: &Recovery| RowView {
        id: id_of(&recovery.name).to_owned(),
        state: state_view(visit.reader.language, recovery.state()),
        party: names.party(&recovery.party),
        requisition: id_of(&recovery.requisition).to_owned(),
        dnr: recovery.dnr.clone(),
        amount: format::exact(recovery.amount_ore),
    };
    Ok((found.recoveries.iter().map(row).collect(), found.next_page_token))
}
