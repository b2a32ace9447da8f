//! The recoveries the person may see, newest first, a page at a time.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::finance::{
    ListRecoveriesRequest, Recovery, recovery_service_client::RecoveryServiceClient,
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

#[derive(Template)]
#[template(path = "recoveries.html")]
struct RecoveriesPage {
    layout: Layout,
    rows: Vec<RowView>,
    next_page: Option<String>,
}

struct RowView {
    id: String,
    state: StateView,
    party: String,
    requisition: String,
    dnr: String,
    amount: String,
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let request = ListRecoveriesRequest {
        parent: visit.federation(),
        page_size: PAGE_SIZE,
        page_token: Posted::asked(query).get("page_token").to_owned(),
        ..Default::default()
    };
    let request = visit.request(request).map_err(troubled)?;
    let mut client = RecoveryServiceClient::new(visit.state.finance.clone());
    let list = async { client.list_recoveries(request).await };
    let (names, found) = tokio::try_join!(Names::read(&visit), list).map_err(troubled)?;
    let found = found.into_inner();
    let row = |recovery: &Recovery| RowView {
        id: id_of(&recovery.name).to_owned(),
        state: state_view(visit.reader.language, recovery.state()),
        party: names.party(&recovery.party),
        requisition: id_of(&recovery.requisition).to_owned(),
        dnr: recovery.dnr.clone(),
        amount: format::exact(recovery.amount_ore),
    };
    Ok(page(&RecoveriesPage {
        layout: Layout::of(&visit, visit.t("recoveries-heading")),
        rows: found.recoveries.iter().map(row).collect(),
        next_page: next_page("/recoveries", &[], &found.next_page_token),
    }))
}
