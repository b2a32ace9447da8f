//! The requisitions the person may see, newest first, a page at a time.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::finance::{
    ListRequisitionsRequest, ListRequisitionsResponse, Requisition, RequisitionState,
    requisition_service_client::RequisitionServiceClient,
};
use tonic::Status;

use super::{STATES, StateView, state_code, state_text_id};
use crate::web::{
    error_page::Trouble,
    filter::{Filter, next_page},
    form::{Posted, inputs::Choice},
    format,
    layout::{Layout, Visit, page},
    names::Names,
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "requisitions.html")]
struct RequisitionsPage {
    layout: Layout,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    next_page: Option<String>,
    may_draft: bool,
}

/// A requisition in a list.
#[derive(Debug, Clone)]
pub(crate) struct RowView {
    /// Its id, which is also its address.
    pub id: String,
    /// The party that claims.
    pub party: String,
    /// Whose grant it claims on.
    pub recipient: String,
    /// The days the costs are for.
    pub period: String,
    /// The sum, in tkr.
    pub amount: String,
    /// It corrects another.
    pub is_correction: bool,
    /// Where it stands.
    pub state: StateView,
}

/// Which requisitions a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    /// In this state; unspecified for all.
    pub state: RequisitionState,
    /// Of the party of this id; empty for all.
    pub party: &'a str,
    /// On the grant of this id; empty for all.
    pub grant: &'a str,
}

/// The list, of what is asked for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let state = STATES.into_iter().find(|state| state_code(*state) == asked.get("state"));
    let wanted = Wanted {
        state: state.unwrap_or(RequisitionState::Unspecified),
        party: asked.get("party"),
        grant: asked.get("grant"),
    };
    let (names, found) = tokio::try_join!(
        Names::read(&visit),
        requisitions(&visit, wanted, PAGE_SIZE, asked.get("page_token"))
    )
    .map_err(|status| Trouble::of(&visit, &status))?;
    let layout = Layout::of(&visit, visit.t("requisitions-heading"));
    let principal = &visit.session.principal;
    let of_state =
        |state: RequisitionState| Choice::new(state_code(state), layout.t(state_text_id(state)));
    let states = STATES.into_iter().map(of_state).collect();
    let mut filters =
        vec![Filter::new(&visit, "state", "requisition-state", state_code(wanted.state), states)];
    // A party's economist sees the own party's only.
    if rights::sees_every_party(principal) {
        let parties = names.parties();
        filters.push(Filter::new(&visit, "party", "requisition-party", wanted.party, parties));
    }
    let grants = names.grants();
    filters.push(Filter::new(&visit, "grant", "grant", wanted.grant, grants));
    Ok(page(&RequisitionsPage {
        next_page: next_page("/requisitions", &filters, &found.next_page_token),
        filters,
        rows: found.requisitions.iter().map(|it| row(&visit, &names, it)).collect(),
        may_draft: rights::own_parties(principal).next().is_some(),
        layout,
    }))
}

/// A page of requisitions.
///
/// # Errors
/// What finance answered instead.
pub(crate) async fn requisitions(
    visit: &Visit,
    wanted: Wanted<'_>,
    page_size: i32,
    page_token: &str,
) -> Result<ListRequisitionsResponse, Status> {
    let request = ListRequisitionsRequest {
        parent: visit.federation(),
        grant: reads::name_if_given(visit, "grants", wanted.grant),
        state: wanted.state.into(),
        page_size,
        page_token: page_token.to_owned(),
        party: reads::name_if_given(visit, "parties", wanted.party),
        corrects: String::new(),
    };
    let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
    Ok(client.list_requisitions(visit.request(request)?).await?.into_inner())
}

/// A requisition's row.
#[must_use]
pub(crate) fn row(visit: &Visit, names: &Names, requisition: &Requisition) -> RowView {
    RowView {
        id: id_of(&requisition.name).to_owned(),
        party: names.party(&requisition.party),
        recipient: names.recipient_of_grant(&requisition.grant),
        period: format::period(requisition.period.as_ref()),
        amount: format::tkr(requisition.amount_ore),
        is_correction: !requisition.corrects.is_empty(),
        state: StateView::of(visit.reader.language, requisition.state()),
    }
}
