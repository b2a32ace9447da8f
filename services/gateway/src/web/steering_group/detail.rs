//! One steering group: who sits in it, and its meetings with what was decided.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};

use super::{address, read, steers};
use crate::web::{
    error_page::Trouble,
    filter::next_page,
    form::Posted,
    layout::{Layout, Visit, page},
    report::list::Around,
    rights,
    steering_group_meeting::{self, MeetingView},
};

#[derive(Template)]
#[template(path = "steering_group.html")]
struct SteeringGroupPage {
    layout: Layout,
    address: String,
    steers: String,
    members: Vec<String>,
    meetings: Vec<MeetingView>,
    next_page: Option<String>,
    may_plan: bool,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_plans)?;
    let asked = Posted::asked(query);
    let (group, found, around) = tokio::try_join!(
        read(&visit, &id),
        steering_group_meeting::of_group(&visit, &id, asked.get("page_token")),
        Around::read(&visit, &[]),
    )
    .map_err(|status| Trouble::of(&visit, &status))?;
    let address = address(&id);
    Ok(page(&SteeringGroupPage {
        layout: Layout::of(&visit, group.display_name.clone()),
        next_page: next_page(&address, &[], &found.next_page_token),
        address,
        steers: steers(&visit, &around, &group),
        members: group.members,
        meetings: found.meetings.iter().map(|it| MeetingView::of(&visit, it)).collect(),
        may_plan: rights::plans(&visit.session.principal),
    }))
}
