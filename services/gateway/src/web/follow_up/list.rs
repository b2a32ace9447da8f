//! The work list: the follow-ups that are due in the person's teams, the oldest first.

use askama::Template;
use axum::{extract::Query, response::Response};
use platform::convert::date_to_proto;
use proto::{
    Date,
    participant::{
        Enrolment, FollowUp, ListFollowUpsRequest, follow_up_service_client::FollowUpServiceClient,
    },
};
use tonic::Status;

use super::{RowView, soon};
use crate::web::{
    account::Places,
    enrolment,
    error_page::Trouble,
    filter::{Filter, next_page},
    form::{Posted, inputs::Choice},
    layout::{Layout, Visit, page},
    participant::{self, PersonView},
    reads::{self, id_of},
    rights,
};

/// Each person that is shown is read, and noted as read, by itself.
const PAGE_SIZE: i32 = 25;
const PATH: &str = "/follow-ups";
const DUE: &str = "due";
const SOON: &str = "soon";
const EVERY: &str = "all";

#[derive(Template)]
#[template(path = "follow_ups.html")]
struct FollowUpsPage {
    layout: Layout,
    filters: Vec<Filter>,
    rows: Vec<WorkView>,
    next_page: Option<String>,
}

struct WorkView {
    follow_up: RowView,
    enrolment: String,
    person: PersonView,
    team: String,
}

/// The list: what is due today, unless more is asked for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::works_with_people)?;
    let asked = Posted::asked(query);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let known = [DUE, SOON, EVERY];
    let which = Some(asked.get("which")).filter(|it| known.contains(it)).unwrap_or(DUE);
    let team = asked.get("team");
    let (places, found) = tokio::try_join!(
        Places::read(&visit),
        follow_ups(&visit, team, due_by(&visit, which), asked.get("page_token"))
    )
    .map_err(troubled)?;
    let (follow_ups, next_page_token) = found;
    let enrolments = follow_ups.iter().map(|it| it.enrolment.as_str());
    let enrolments = enrolment::read_all(&visit, enrolments).await.map_err(troubled)?;
    let people = enrolments.iter().map(|it| it.participant.as_str());
    let people = participant::read_all(&visit, people).await.map_err(troubled)?;
    let row = |((follow_up, enrolment), person): ((&FollowUp, &Enrolment), PersonView)| WorkView {
        follow_up: RowView::of(&visit, follow_up),
        enrolment: id_of(&enrolment.name).to_owned(),
        person,
        team: places.called(&follow_up.team),
    };
    let rows = follow_ups.iter().zip(&enrolments).zip(people).map(row).collect();
    let choices = vec![
        Choice::new(DUE, visit.t("follow-ups-due")),
        Choice::new(SOON, visit.t("follow-ups-soon")),
        Choice::new(EVERY, visit.t("filter-all")),
    ];
    let mut teams = places.teams();
    teams.retain(|choice| rights::is_officer_of(&visit.session.principal, &choice.code));
    let filters = vec![
        Filter::always(&visit, "which", "follow-ups-which", which, choices),
        Filter::new(&visit, "team", "role-team", team, teams),
    ];
    Ok(page(&FollowUpsPage {
        layout: Layout::of(&visit, visit.t("follow-ups-heading")),
        next_page: next_page(PATH, &filters, &next_page_token),
        filters,
        rows,
    }))
}

fn due_by(visit: &Visit, which: &str) -> Option<Date> {
    let today = visit.state.clock.today();
    match which {
        EVERY => None,
        SOON => Some(date_to_proto(soon(today))),
        _ => Some(date_to_proto(today)),
    }
}

async fn follow_ups(
    visit: &Visit,
    team: &str,
    due_by: Option<Date>,
    page_token: &str,
) -> Result<(Vec<FollowUp>, String), Status> {
    let request = ListFollowUpsRequest {
        parent: visit.federation(),
        team: reads::name_if_given(visit, "teams", team),
        due_by,
        enrolment: String::new(),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = FollowUpServiceClient::new(visit.state.organisation.clone());
    let page = client.list_follow_ups(visit.request(request)?).await?.into_inner();
    Ok((page.follow_ups, page.next_page_token))
}
