//! Reserving places of a team for a channel of referrals.

use axum::{extract::Path, response::Response};
use proto::participant::{
    ReferringKind, ReservedPlaces, SetReservedPlacesRequest,
    reserved_places_service_client::ReservedPlacesServiceClient,
};
use tonic::Status;

use crate::web::{
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    reads, rights,
    sign_in::see_other,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(team): Path<String>) -> Result<Response, Trouble> {
    let form = form(&visit, &team)?;
    Ok(page(&visit, &team, form))
}

/// Reserves the places and shows the team; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(team): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit, &team)?;
    form.fill(&posted);
    let answer = set(&visit, &team, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/teams/{team}"), None));
    }
    Ok(page(&visit, &team, form))
}

async fn set(visit: &Visit, team: &str, posted: &Posted, form: &mut Form) -> Result<(), Status> {
    let field = |part: &str| format!("reserved_places.{part}");
    let kinds = code::all::<ReferringKind>();
    let kind = form.chosen("kind", &field("referring_kind"), &kinds, |kind| kind.as_str_name());
    let reserved = ReservedPlaces {
        team: reads::name(visit, "teams", team),
        referring_kind: kind.unwrap_or_default().into(),
        first_day: form.day("first_day", &field("first_day")),
        places: form.small("places", &field("places")),
        decision: form.text("decision", &field("decision")),
        team_places: form.small("team_places", &field("team_places")),
        ..ReservedPlaces::default()
    };
    let request = SetReservedPlacesRequest {
        parent: visit.federation(),
        reserved_places: Some(reserved),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = ReservedPlacesServiceClient::new(visit.state.organisation.clone());
    client.set_reserved_places(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, team: &str) -> Result<Form, Trouble> {
    Trouble::unless(visit, |principal| rights::runs_team(principal, team))?;
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/teams/{team}/places"), "places-save");
    let kinds = code::all::<ReferringKind>();
    let kinds = code::choices(visit, kinds.iter().map(ReferringKind::as_str_name));
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    form.groups.push(Group::plain(vec![
        input("kind", "places-channel", Kind::Choice(kinds)),
        input("first_day", "period-first-day", Kind::Day),
        input("places", "places-places", Kind::Whole).help(language, "places-places-help"),
        input("team_places", "places-all", Kind::Whole),
        input("decision", "places-decision", Kind::Text(200)),
    ]));
    Ok(form)
}

fn page(visit: &Visit, team: &str, form: Form) -> Response {
    let back = Back::to(format!("/teams/{team}"), visit.t("team-back"));
    form_page(visit, visit.t("places-heading"), back, visit.t("places-intro"), form)
}
