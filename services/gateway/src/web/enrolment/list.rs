//! The enrolments of the person's teams, one's own participants first asked for.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::participant::{
    Enrolment, ListEnrolmentsRequest, enrolment_service_client::EnrolmentServiceClient,
};
use tonic::Status;
use values::Role;

use super::{coach, state_view};
use crate::web::{
    account::Places,
    error_page::Trouble,
    filter::{Filter, next_page},
    form::{Posted, inputs::Choice},
    format,
    layout::{Layout, Visit, page},
    participant::{self, PersonView},
    reads::{self, id_of},
    requisition::StateView,
    rights,
};

/// Each person that is shown is read, and noted as read, by itself.
const PAGE_SIZE: i32 = 25;
const MINE: &str = "mine";
const OPEN: &str = "open";
const EVERY: &str = "all";

#[derive(Template)]
#[template(path = "enrolments.html")]
struct EnrolmentsPage {
    layout: Layout,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    next_page: Option<String>,
}

struct RowView {
    id: String,
    person: PersonView,
    team: String,
    first_day: String,
    planned_last_day: String,
    coach: String,
    state: StateView,
}

/// The list: for a coach the own participants, unless all are asked for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::works_with_people)?;
    let asked = Posted::asked(query);
    let usual = if visit.session.principal.has(Role::Coach) { MINE } else { EVERY };
    let whose = Some(asked.get("whose")).filter(|it| [MINE, EVERY].contains(it)).unwrap_or(usual);
    let state = Some(asked.get("state")).filter(|it| [OPEN, EVERY].contains(it)).unwrap_or(OPEN);
    let team = asked.get("team");
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (places, found) = tokio::try_join!(
        Places::read(&visit),
        enrolments(&visit, team, whose, state, asked.get("page_token"))
    )
    .map_err(troubled)?;
    let (enrolments, next_page_token) = found;
    let names = enrolments.iter().map(|enrolment| enrolment.participant.as_str());
    let people = participant::read_all(&visit, names).await.map_err(troubled)?;
    let mut rows = Vec::with_capacity(enrolments.len());
    for (enrolment, person) in enrolments.iter().zip(people) {
        rows.push(RowView::of(&visit, &places, enrolment, person).await);
    }
    let all = || Choice::new(EVERY, visit.t("filter-all"));
    let whose_choices = vec![Choice::new(MINE, visit.t("enrolments-mine")), all()];
    let state_choices = vec![Choice::new(OPEN, visit.t("enrolments-open")), all()];
    let mut teams = places.teams();
    teams.retain(|choice| rights::is_officer_of(&visit.session.principal, &choice.code));
    let filters = vec![
        Filter::always(&visit, "whose", "enrolments-whose", whose, whose_choices),
        Filter::always(&visit, "state", "requisition-state", state, state_choices),
        Filter::new(&visit, "team", "role-team", team, teams),
    ];
    Ok(page(&EnrolmentsPage {
        layout: Layout::of(&visit, visit.t("enrolments-heading")),
        next_page: next_page("/enrolments", &filters, &next_page_token),
        filters,
        rows,
    }))
}

async fn enrolments(
    visit: &Visit,
    team: &str,
    whose: &str,
    state: &str,
    page_token: &str,
) -> Result<(Vec<Enrolment>, String), Status> {
    let own = visit.session.principal.account.to_string();
    let request = ListEnrolmentsRequest {
        parent: visit.federation(),
        team: reads::name_if_given(visit, "teams", team),
        participant: String::new(),
        coach: if whose == MINE { own } else { String::new() },
        open_only: state == OPEN,
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = EnrolmentServiceClient::new(visit.state.organisation.clone());
    let page = client.list_enrolments(visit.request(request)?).await?.into_inner();
    Ok((page.enrolments, page.next_page_token))
}

impl RowView {
    async fn of(visit: &Visit, places: &Places, enrolment: &Enrolment, person: PersonView) -> Self {
        Self {
            id: id_of(&enrolment.name).to_owned(),
            person,
            team: places.called(&enrolment.team),
            first_day: format::date(enrolment.first_day.as_ref()),
            planned_last_day: format::date(enrolment.planned_last_day.as_ref()),
            coach: visit.state.display_name(coach(enrolment)).await,
            state: state_view(visit, enrolment),
        }
    }
}
