//! The queue to a team: those accepted and not enrolled, by municipality, next first.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::participant::{ListQueueRequest, QueueEntry, queue_service_client::QueueServiceClient};
use tonic::Status;

use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    filter::Filter,
    form::Posted,
    format,
    layout::{Layout, Visit, page},
    participant::{self, PersonView},
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 500;

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    layout: Layout,
    filters: Vec<Filter>,
    municipalities: Vec<MunicipalityView>,
}

struct MunicipalityView {
    id: String,
    name: String,
    rows: Vec<RowView>,
}

struct RowView {
    place: i32,
    referral: String,
    person: PersonView,
    day: String,
    days_waited: i32,
    channel: String,
    exception: String,
}

/// The queue of one of the person's teams.
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
    let places = Places::read(&visit).await.map_err(troubled)?;
    let mut teams = places.teams();
    teams.retain(|choice| rights::is_officer_of(&visit.session.principal, &choice.code));
    let chosen = teams.iter().find(|team| team.code == asked.get("team")).or(teams.first());
    let team = chosen.map(|team| team.code.clone()).unwrap_or_default();
    let waiting = waiting(&visit, &team).await.map_err(troubled)?;
    let mut municipalities = Vec::new();
    for of_one in waiting.chunk_by(|one, next| one.municipality == next.municipality) {
        let municipality = of_one.first().map(|entry| entry.municipality.as_str());
        let municipality = municipality.unwrap_or_default();
        municipalities.push(MunicipalityView {
            id: id_of(municipality).to_owned(),
            name: places.called(municipality),
            rows: rows(&visit, of_one).await.map_err(troubled)?,
        });
    }
    municipalities.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(page(&QueuePage {
        layout: Layout::of(&visit, visit.t("queue-heading")),
        filters: vec![Filter::always(&visit, "team", "role-team", &team, teams)],
        municipalities,
    }))
}

async fn rows(visit: &Visit, entries: &[QueueEntry]) -> Result<Vec<RowView>, Status> {
    let names = entries.iter().map(|entry| entry.participant.as_str());
    let people = participant::read_all(visit, names).await?;
    let row = |(entry, person): (&QueueEntry, PersonView)| RowView {
        place: entry.place,
        referral: id_of(&entry.referral).to_owned(),
        person,
        day: format::date(entry.referral_date.as_ref()),
        days_waited: entry.days_waited,
        channel: code::called(visit, entry.referring_kind().as_str_name()),
        exception: entry.exception_reason.clone(),
    };
    Ok(entries.iter().zip(people).map(row).collect())
}

async fn waiting(visit: &Visit, team: &str) -> Result<Vec<QueueEntry>, Status> {
    let mut client = QueueServiceClient::new(visit.state.organisation.clone());
    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListQueueRequest {
            parent: visit.federation(),
            team: reads::name(visit, "teams", team),
            municipality: String::new(),
            page_size: PAGE_SIZE,
            page_token,
        };
        let page = client.list_queue(visit.request(request)?).await?.into_inner();
        all.extend(page.entries);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}
