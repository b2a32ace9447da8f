//! The plans, each in its latest version.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::reporting::{ListProgrammePlansRequest, ProgrammePlanVersion};

use super::{address, client, ids};
use crate::web::{
    error_page::Trouble,
    filter::next_page,
    form::Posted,
    format,
    layout::{Layout, Tab, Visit, page},
    planning::{PLANS, pages},
    rights,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "programme_plans.html")]
struct PlansPage {
    layout: Layout,
    tabs: Vec<Tab>,
    rows: Vec<RowView>,
    next_page: Option<String>,
    may_plan: bool,
}

struct RowView {
    address: String,
    title: String,
    number: String,
    approved: String,
    days: String,
}

impl RowView {
    fn of(version: &ProgrammePlanVersion) -> Self {
        let (plan, _) = ids(version);
        let day = format::date(version.approval_date.as_ref());
        Self {
            address: address(plan),
            title: version.title.clone(),
            number: version.number.clone(),
            approved: format!("{} {day}", version.approved_by),
            days: format::period(version.period.as_ref()),
        }
    }
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
    let request = ListProgrammePlansRequest {
        parent: visit.federation(),
        plan: String::new(),
        page_size: PAGE_SIZE,
        page_token: Posted::asked(query).get("page_token").to_owned(),
    };
    let troubled = |status| Trouble::of(&visit, &status);
    let request = visit.request(request).map_err(troubled)?;
    let found = client(&visit).list_programme_plans(request).await.map_err(troubled)?.into_inner();
    Ok(page(&PlansPage {
        layout: Layout::of(&visit, visit.t("plans-heading")),
        tabs: pages(PLANS),
        rows: found.versions.iter().map(RowView::of).collect(),
        next_page: next_page(PLANS, &[], &found.next_page_token),
        may_plan: rights::plans(&visit.session.principal),
    }))
}
