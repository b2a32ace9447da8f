//! The group activities of the person's teams, the newest first.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::participant::{
    GroupActivity, ListGroupActivitiesRequest,
    group_activity_service_client::GroupActivityServiceClient,
};
use tonic::Status;

use crate::web::{
    account::Places,
    error_page::Trouble,
    filter::{Filter, next_page},
    form::Posted,
    format,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "group_activities.html")]
struct GroupActivitiesPage {
    layout: Layout,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    next_page: Option<String>,
}

struct RowView {
    id: String,
    title: String,
    team_id: String,
    team: String,
    day: String,
    invited: String,
    accepted: String,
    attended: String,
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::is_officer)?;
    let asked = Posted::asked(query);
    let team = asked.get("team");
    let (places, found) =
        tokio::try_join!(Places::read(&visit), activities(&visit, team, asked.get("page_token")))
            .map_err(|status| Trouble::of(&visit, &status))?;
    let (activities, next_page_token) = found;
    let mut teams = places.teams();
    teams.retain(|choice| rights::is_officer_of(&visit.session.principal, &choice.code));
    let filters = vec![Filter::new(&visit, "team", "role-team", team, teams)];
    Ok(page(&GroupActivitiesPage {
        layout: Layout::of(&visit, visit.t("activities-heading")),
        next_page: next_page("/group-activities", &filters, &next_page_token),
        filters,
        rows: activities.iter().map(|activity| RowView::of(&places, activity)).collect(),
    }))
}

async fn activities(
    visit: &Visit,
    team: &str,
    page_token: &str,
) -> Result<(Vec<GroupActivity>, String), Status> {
    let request = ListGroupActivitiesRequest {
        parent: visit.federation(),
        team: reads::name_if_given(visit, "teams", team),
        period: None,
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = GroupActivityServiceClient::new(visit.state.organisation.clone());
    let page = client.list_group_activities(visit.request(request)?).await?.into_inner();
    Ok((page.group_activities, page.next_page_token))
}

impl RowView {
    fn of(places: &Places, activity: &GroupActivity) -> Self {
        let count = |count: i32| format::whole(i64::from(count));
        Self {
            id: id_of(&activity.name).to_owned(),
            title: activity.title.clone(),
            team_id: id_of(&activity.team).to_owned(),
            team: places.called(&activity.team),
            day: format::date(activity.day.as_ref()),
            invited: count(activity.invited),
            accepted: count(activity.accepted),
            attended: count(activity.attended),
        }
    }
}
