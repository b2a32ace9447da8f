//! The steering groups.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::reporting::{ListSteeringGroupsRequest, ListSteeringGroupsResponse, SteeringGroup};
use tonic::Status;

use super::{address, client, steers};
use crate::web::{
    error_page::Trouble,
    filter::next_page,
    form::Posted,
    layout::{Layout, Tab, Visit, page},
    planning::{STEERING_GROUPS, pages},
    reads::id_of,
    report::list::Around,
    rights,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "steering_groups.html")]
struct SteeringGroupsPage {
    layout: Layout,
    tabs: Vec<Tab>,
    rows: Vec<RowView>,
    next_page: Option<String>,
    may_plan: bool,
}

struct RowView {
    address: String,
    display_name: String,
    steers: String,
    members: String,
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_plans)?;
    let asked = Posted::asked(query);
    let (around, found) =
        tokio::try_join!(Around::read(&visit, &[]), groups(&visit, asked.get("page_token")))
            .map_err(|status| Trouble::of(&visit, &status))?;
    let row = |group: &SteeringGroup| RowView {
        address: address(id_of(&group.name)),
        display_name: group.display_name.clone(),
        steers: steers(&visit, &around, group),
        members: group.members.join("; "),
    };
    Ok(page(&SteeringGroupsPage {
        layout: Layout::of(&visit, visit.t("steering-groups-heading")),
        tabs: pages(STEERING_GROUPS),
        rows: found.steering_groups.iter().map(row).collect(),
        next_page: next_page(STEERING_GROUPS, &[], &found.next_page_token),
        may_plan: rights::plans(&visit.session.principal),
    }))
}

async fn groups(visit: &Visit, page_token: &str) -> Result<ListSteeringGroupsResponse, Status> {
    let request = ListSteeringGroupsRequest {
        parent: visit.federation(),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    Ok(client(visit).list_steering_groups(visit.request(request)?).await?.into_inner())
}
