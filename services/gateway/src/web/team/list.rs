//! The teams, those the person acts for first.

use askama::Template;
use axum::response::Response;

use crate::web::{
    error_page::Trouble,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
};

#[derive(Template)]
#[template(path = "teams.html")]
struct TeamsPage {
    layout: Layout,
    own: Vec<(String, String)>,
    others: Vec<(String, String)>,
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let mut teams = reads::teams(&visit).await.map_err(|status| Trouble::of(&visit, &status))?;
    teams.sort_by(|one, other| one.display_name.cmp(&other.display_name));
    let principal = &visit.session.principal;
    let (own, others) = teams
        .into_iter()
        .map(|team| (id_of(&team.name).to_owned(), team.display_name))
        .partition(|(id, _)| rights::is_officer_of(principal, id));
    let layout = Layout::of(&visit, visit.t("teams-heading"));
    Ok(page(&TeamsPage { layout, own, others }))
}
