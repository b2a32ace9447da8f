//! The grants of a year with their balances, a page at a time.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::finance::{Grant, ListGrantsRequest, grant_service_client::GrantServiceClient};
use tonic::Status;

use crate::web::{
    error_page::Trouble,
    filter::{Filter, next_page},
    form::Posted,
    format,
    layout::{Layout, Visit, page},
    names::Names,
    reads::{self, id_of},
    rights, year,
};

const PAGE_SIZE: i32 = 100;

#[derive(Template)]
#[template(path = "grants.html")]
struct GrantsPage {
    layout: Layout,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    next_page: Option<String>,
    may_write: bool,
}

/// A grant in a list. Amounts in tkr.
pub(crate) struct RowView {
    /// Its id, which is also its address.
    pub id: String,
    /// Who it is granted to.
    pub recipient: String,
    /// It is a part of another grant.
    pub is_sub_project: bool,
    /// The days it is for.
    pub period: String,
    /// The decision's registry number.
    pub dnr: String,
    /// Granted.
    pub granted: String,
    /// Approved or paid.
    pub requisitioned: String,
    /// Submitted and not yet decided.
    pub reserved: String,
    /// Set aside for sub-projects.
    pub allotted: String,
    /// What is left.
    pub left: String,
}

/// The list, of the latest year unless another is asked for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let year = year::asked(&visit, asked.get("year"))
        .await
        .map_err(|status| Trouble::of(&visit, &status))?;
    let (names, found, years) = tokio::try_join!(
        Names::read(&visit),
        grants(&visit, year, asked.get("recipient"), asked.get("page_token")),
        year::choices(&visit),
    )
    .map_err(|status| Trouble::of(&visit, &status))?;
    let (grants, next_page_token) = found;
    let recipients = names.recipients();
    let filters = vec![
        Filter::always(&visit, "year", "field-year", &year.to_string(), years),
        Filter::new(&visit, "recipient", "funding-recipient", asked.get("recipient"), recipients),
    ];
    Ok(page(&GrantsPage {
        layout: Layout::of(&visit, visit.t("grants-heading")),
        next_page: next_page("/grants", &filters, &next_page_token),
        filters,
        rows: grants.iter().map(|grant| RowView::of(&names, grant)).collect(),
        may_write: rights::records_decisions(&visit.session.principal),
    }))
}

async fn grants(
    visit: &Visit,
    year: i32,
    recipient: &str,
    page_token: &str,
) -> Result<(Vec<Grant>, String), Status> {
    let request = ListGrantsRequest {
        parent: visit.federation(),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
        recipient: reads::name_if_given(visit, "recipients", recipient),
        year,
    };
    let mut client = GrantServiceClient::new(visit.state.finance.clone());
    let page = client.list_grants(visit.request(request)?).await?.into_inner();
    Ok((page.grants, page.next_page_token))
}

impl RowView {
    /// Makes a grant ready to be shown.
    #[must_use]
    pub(crate) fn of(names: &Names, grant: &Grant) -> Self {
        Self {
            id: id_of(&grant.name).to_owned(),
            recipient: names.recipient(&grant.recipient),
            is_sub_project: !grant.parent_grant.is_empty(),
            period: format::period(grant.period.as_ref()),
            dnr: grant.dnr.clone(),
            granted: format::tkr(grant.amount_ore),
            requisitioned: format::tkr(grant.requisitioned_ore),
            reserved: format::tkr(grant.reserved_ore),
            allotted: format::tkr(grant.allotted_ore),
            left: format::tkr(grant.left_ore),
        }
    }
}
