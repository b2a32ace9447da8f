//! The people the person works with, and the form that finds one of them.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::participant::{
    ListParticipantsRequest, Participant, participant_service_client::ParticipantServiceClient,
};
use tonic::Status;

use super::{PersonView, find};
use crate::web::{
    account::Places,
    error_page::Trouble,
    filter::{Filter, next_page},
    form::{Posted, fields::Form},
    layout::{Layout, Visit, page_with},
    reads, rights,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "participants.html")]
struct ParticipantsPage {
    layout: Layout,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    next_page: Option<String>,
    form: Form,
}

struct RowView {
    person: PersonView,
    municipality: String,
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let form = find::form(&visit);
    of(&visit, asked.get("team"), asked.get("page_token"), form).await
}

/// The list with a form that may say what is wrong with it.
pub(super) async fn of(
    visit: &Visit,
    team: &str,
    page_token: &str,
    form: Form,
) -> Result<Response, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let (places, found) =
        tokio::try_join!(Places::read(visit), participants(visit, team, page_token))
            .map_err(|status| Trouble::of(visit, &status))?;
    let (people, next_page_token) = found;
    let filters = vec![Filter::new(visit, "team", "role-team", team, places.teams())];
    let row = |person: &Participant| RowView {
        municipality: places.called(&person.municipality),
        person: PersonView::of(visit, person),
    };
    let layout = Layout::of(visit, visit.t("participants-heading"));
    let page = ParticipantsPage {
        layout: Layout { address: "/participants".to_owned(), ..layout },
        next_page: next_page("/participants", &filters, &next_page_token),
        filters,
        rows: people.iter().map(row).collect(),
        form,
    };
    Ok(page_with(page.form.status(), &page))
}

async fn participants(
    visit: &Visit,
    team: &str,
    page_token: &str,
) -> Result<(Vec<Participant>, String), Status> {
    let request = ListParticipantsRequest {
        parent: visit.federation(),
        team: reads::name_if_given(visit, "teams", team),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = ParticipantServiceClient::new(visit.state.organisation.clone());
    let page = client.list_participants(visit.request(request)?).await?.into_inner();
    Ok((page.participants, page.next_page_token))
}
