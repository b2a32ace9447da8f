//! The local goals by team and year, with how each went.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::reporting::{GoalFollowUp, ListLocalGoalsRequest, ListLocalGoalsResponse, LocalGoal};
use tonic::Status;

use super::{HALVES, client, outcome_view};
use crate::web::{
    account::Places,
    error_page::Trouble,
    filter::{Filter, next_page},
    form::Posted,
    layout::{Layout, Tab, Visit, page},
    planning::{LOCAL_GOALS, pages},
    reads::{self, id_of},
    requisition::StateView,
    rights, year,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "local_goals.html")]
struct LocalGoalsPage {
    layout: Layout,
    tabs: Vec<Tab>,
    filters: Vec<Filter>,
    groups: Vec<GroupView>,
    next_page: Option<String>,
    may_write: bool,
}

/// The goals of a team for a year.
struct GroupView {
    id: String,
    heading: String,
    goals: Vec<GoalView>,
}

struct GoalView {
    id: String,
    title: String,
    measured: String,
    target: String,
    follow_ups: Vec<FollowUpView>,
    may_change: bool,
}

struct FollowUpView {
    half: String,
    outcome: StateView,
    text: String,
}

impl GoalView {
    fn of(visit: &Visit, goal: &LocalGoal) -> Self {
        let follow_up = |it: &GoalFollowUp| {
            let half = HALVES.iter().find(|(half, _)| *half == it.half);
            FollowUpView {
                half: half.map(|(_, id)| visit.t(id)).unwrap_or_default(),
                outcome: outcome_view(visit, it.outcome()),
                text: it.text.clone(),
            }
        };
        let team = id_of(&goal.team);
        Self {
            id: id_of(&goal.name).to_owned(),
            title: goal.title.clone(),
            measured: goal.measured.clone(),
            target: goal.target.clone(),
            follow_ups: goal.follow_ups.iter().map(follow_up).collect(),
            may_change: rights::reports_figures_of(&visit.session.principal, team),
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
    let asked = Posted::asked(query);
    let (team, of_year) = (asked.get("team"), asked.get("year"));
    let (places, years, found) = tokio::try_join!(
        Places::read(&visit),
        year::choices(&visit),
        goals(&visit, team, of_year, asked.get("page_token")),
    )
    .map_err(|status| Trouble::of(&visit, &status))?;
    let filters = vec![
        Filter::new(&visit, "team", "role-team", team, places.teams()),
        Filter::new(&visit, "year", "local-goal-year", of_year, years),
    ];
    Ok(page(&LocalGoalsPage {
        layout: Layout::of(&visit, visit.t("local-goals-heading")),
        tabs: pages(LOCAL_GOALS),
        next_page: next_page(LOCAL_GOALS, &filters, &found.next_page_token),
        filters,
        groups: groups(&visit, &places, &found.local_goals),
        may_write: rights::reports_figures(&visit.session.principal),
    }))
}

async fn goals(
    visit: &Visit,
    team: &str,
    year: &str,
    page_token: &str,
) -> Result<ListLocalGoalsResponse, Status> {
    let request = ListLocalGoalsRequest {
        parent: visit.federation(),
        team: reads::name_if_given(visit, "teams", team),
        year: year.parse().unwrap_or(0),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    Ok(client(visit).list_local_goals(visit.request(request)?).await?.into_inner())
}

/// The goals of a page, by team and then the latest year first.
fn groups(visit: &Visit, places: &Places, goals: &[LocalGoal]) -> Vec<GroupView> {
    let mut groups: BTreeMap<(String, i32), GroupView> = BTreeMap::new();
    for goal in goals {
        let team = places.called(&goal.team);
        let heading = format!("{team}, {}", goal.year);
        let group = groups.entry((team, -goal.year)).or_insert_with(|| GroupView {
            id: format!("{}-{}", id_of(&goal.team), goal.year),
            heading,
            goals: Vec::new(),
        });
        group.goals.push(GoalView::of(visit, goal));
    }
    groups.into_values().collect()
}
