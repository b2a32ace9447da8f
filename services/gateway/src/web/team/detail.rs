//! One team: positions and capacity, pauses of the intake, reserved places, criteria.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use chrono::{Datelike as _, NaiveDate};
use platform::convert::date_to_proto;
use proto::{
    common::Period,
    participant::{
        Capacity, GetCapacityRequest, IntakePause, ListIntakePausesRequest, ListPositionsRequest,
        ListReservedPlacesRequest, Position, ReservedPlaces,
        intake_pause_service_client::IntakePauseServiceClient,
        position_service_client::PositionServiceClient,
        reserved_places_service_client::ReservedPlacesServiceClient,
    },
};
use tonic::Status;

use super::{PAGE_SIZE, days, read};
use crate::web::{
    account::Places,
    code, criteria,
    error_page::Trouble,
    form::Posted,
    format,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
};

/// Enrolments a year and full-time coach, until somebody asks for another norm.
const USUAL_NORM: i32 = 20;

#[derive(Template)]
#[template(path = "team.html")]
struct TeamPage {
    layout: Layout,
    id: String,
    asked: AskedView,
    capacity: Option<CapacityView>,
    positions: Vec<PositionView>,
    pauses: Vec<PauseView>,
    places: Vec<PlacesView>,
    rows: Vec<criteria::RowView>,
    may_write: bool,
    takes_in_lists: bool,
    has_teams: bool,
    writes_criteria: bool,
}

struct AskedView {
    first_day: String,
    last_day: String,
    norm: i32,
}

struct CapacityView {
    planned: String,
    staffed: String,
    planned_coaches: String,
    staffed_coaches: String,
    planned_intake: String,
    staffed_intake: String,
}

struct PositionView {
    id: String,
    title: String,
    coaches: bool,
    employer: String,
    spells: Vec<SpellView>,
}

struct SpellView {
    days: String,
    extent: String,
    is_vacant: bool,
    payers: String,
}

struct PauseView {
    id: String,
    days: String,
    reason: String,
    goes_on: bool,
}

struct PlacesView {
    channel: String,
    first_day: String,
    places: String,
    decision: String,
}

/// The page, with the capacity of this year unless other days are asked for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = asked(&visit, &Posted::asked(query));
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (places, team, positions, pauses) = tokio::try_join!(
        Places::read(&visit),
        read(&visit, &id),
        positions(&visit, &id),
        pauses(&visit, &id),
    )
    .map_err(troubled)?;
    let (capacity, reserved, criteria) = tokio::try_join!(
        capacity(&visit, &id, &asked),
        reserved(&visit, &id),
        criteria::of_team(&visit, reads::name(&visit, "teams", &id))
    )
    .map_err(troubled)?;
    Ok(page(&TeamPage {
        layout: Layout::of(&visit, team.display_name),
        asked,
        capacity: capacity.as_ref().map(CapacityView::of),
        positions: positions.iter().map(|it| PositionView::of(&visit, &places, it)).collect(),
        pauses: pauses.iter().map(|it| PauseView::of(&visit, it)).collect(),
        places: reserved.iter().map(|it| PlacesView::of(&visit, it)).collect(),
        rows: criteria.iter().map(|it| criteria::RowView::of(&visit, &places, it)).collect(),
        has_teams: false,
        writes_criteria: rights::writes_criteria(&visit.session.principal),
        may_write: rights::runs_team(&visit.session.principal, &id),
        takes_in_lists: rights::takes_in_lists(&visit.session.principal, &id),
        id,
    }))
}

fn asked(visit: &Visit, query: &Posted) -> AskedView {
    let year = visit.state.clock.today().year();
    let day = |name: &str, month: u32, day: u32| {
        let typed = query.get(name).parse::<NaiveDate>().ok();
        let usual = NaiveDate::from_ymd_opt(year, month, day);
        typed.or(usual).map(|day| day.to_string()).unwrap_or_default()
    };
    let norm = query.get("norm").parse().ok().filter(|norm| (1..=1000).contains(norm));
    AskedView {
        first_day: day("first_day", 1, 1),
        last_day: day("last_day", 12, 31),
        norm: norm.unwrap_or(USUAL_NORM),
    }
}

async fn capacity(visit: &Visit, id: &str, asked: &AskedView) -> Result<Option<Capacity>, Status> {
    let day = |text: &str| text.parse().ok().map(date_to_proto);
    let team = reads::name(visit, "teams", id);
    let (first_day, last_day) = (day(&asked.first_day), day(&asked.last_day));
    let request = GetCapacityRequest {
        parent: visit.federation(),
        teams: vec![team.clone()],
        period: Some(Period { first_day, last_day }),
        intake_norm: asked.norm,
    };
    let mut client = PositionServiceClient::new(visit.state.organisation.clone());
    let answer = client.get_capacity(visit.request(request)?).await?.into_inner();
    Ok(answer.rows.into_iter().find(|row| row.team == team))
}

async fn positions(visit: &Visit, id: &str) -> Result<Vec<Position>, Status> {
    let request = ListPositionsRequest {
        parent: visit.federation(),
        team: reads::name(visit, "teams", id),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut client = PositionServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_positions(visit.request(request)?).await?.into_inner().positions)
}

async fn pauses(visit: &Visit, id: &str) -> Result<Vec<IntakePause>, Status> {
    let request = ListIntakePausesRequest {
        parent: visit.federation(),
        team: reads::name(visit, "teams", id),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut client = IntakePauseServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_intake_pauses(visit.request(request)?).await?.into_inner().intake_pauses)
}

async fn reserved(visit: &Visit, id: &str) -> Result<Vec<ReservedPlaces>, Status> {
    let request = ListReservedPlacesRequest {
        parent: visit.federation(),
        team: reads::name(visit, "teams", id),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut client = ReservedPlacesServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_reserved_places(visit.request(request)?).await?.into_inner().reserved_places)
}

impl CapacityView {
    fn of(capacity: &Capacity) -> Self {
        let days = i64::from(capacity.days).max(1);
        // Percent-days over the days are percent of a full-time post.
        let posts = |percent_days: i64| format::exact((percent_days + days / 2) / days);
        Self {
            planned: posts(capacity.planned_percent_days),
            staffed: posts(capacity.staffed_percent_days),
            planned_coaches: posts(capacity.planned_coach_percent_days),
            staffed_coaches: posts(capacity.staffed_coach_percent_days),
            planned_intake: format::exact(capacity.planned_intake_hundredths),
            staffed_intake: format::exact(capacity.staffed_intake_hundredths),
        }
    }
}

impl PositionView {
    fn of(visit: &Visit, places: &Places, position: &Position) -> Self {
        let payer = |party: &str| match party {
            "" => visit.t("position-federation-pays"),
            party => places.called(party),
        };
        let spell = |spell: &proto::participant::PositionSpell| SpellView {
            days: days(visit, spell.first_day.as_ref(), spell.last_day.as_ref()),
            extent: format::percent(spell.fte_percent),
            is_vacant: spell.vacant,
            payers: spell
                .payers
                .iter()
                .map(|it| format!("{} {}", payer(&it.party), format::percent(it.fte_percent)))
                .collect::<Vec<_>>()
                .join(", "),
        };
        Self {
            id: id_of(&position.name).to_owned(),
            title: position.title.clone(),
            coaches: position.coaches,
            employer: places.called(&position.employer),
            spells: position.spells.iter().map(spell).collect(),
        }
    }
}

impl PauseView {
    fn of(visit: &Visit, pause: &IntakePause) -> Self {
        Self {
            id: id_of(&pause.name).to_owned(),
            days: days(visit, pause.first_day.as_ref(), pause.last_day.as_ref()),
            reason: pause.reason.clone(),
            goes_on: pause.last_day.is_none(),
        }
    }
}

impl PlacesView {
    fn of(visit: &Visit, reserved: &ReservedPlaces) -> Self {
        let places = reserved.places.to_string();
        let all = reserved.team_places.to_string();
        let facts = [("places", places.as_str()), ("all", all.as_str())];
        Self {
            channel: code::called(visit, reserved.referring_kind().as_str_name()),
            first_day: format::date(reserved.first_day.as_ref()),
            places: crate::text::message(visit.reader.language, "places-of", &facts),
            decision: reserved.decision.clone(),
        }
    }
}
