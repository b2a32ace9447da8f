//! The placements of an enrolment: work training and the like, entered and ended.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CreatePlacementRequest, EndPlacementRequest, Enrolment, GetPlacementRequest,
    ListPlacementsRequest, Placement, PlacementEnd, Sector,
    placement_service_client::PlacementServiceClient,
};
use tonic::Status;

use super::{address, read};
use crate::web::{
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page, form_page_with_facts},
    },
    format,
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// There are few of one enrolment.
const PAGE_SIZE: i32 = 500;

/// The placements of an enrolment that stand, the newest first.
pub(super) async fn of_enrolment(visit: &Visit, name: &str) -> Result<Vec<Placement>, Status> {
    let request = ListPlacementsRequest {
        parent: visit.federation(),
        enrolment: name.to_owned(),
        page_size: PAGE_SIZE,
        ..ListPlacementsRequest::default()
    };
    let mut client = PlacementServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_placements(visit.request(request)?).await?.into_inner().placements)
}

/// The form of a new placement.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let enrolment = read_first(&visit, &id).await?;
    let form = new_form(&visit, &enrolment);
    Ok(new_page(&visit, &enrolment, form))
}

/// Enters it and shows the enrolment; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let enrolment = read_first(&visit, &id).await?;
    let mut form = new_form(&visit, &enrolment);
    form.fill(&posted);
    let answer = create(&visit, &posted, &enrolment, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&enrolment.name), None));
    }
    Ok(new_page(&visit, &enrolment, form))
}

/// The form that ends a placement.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_end(
    visit: Visit,
    Path((enrolment, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let placement = read_placement(&visit, &id).await?;
    let form = end_form(&visit, &enrolment, &placement);
    Ok(end_page(&visit, &enrolment, &placement, form))
}

/// Ends it and shows the enrolment; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save_end(
    visit: Visit,
    Path((enrolment, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let placement = read_placement(&visit, &id).await?;
    let mut form = end_form(&visit, &enrolment, &placement);
    form.fill(&posted);
    let answer = end(&visit, &posted, &placement, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&placement.enrolment), None));
    }
    Ok(end_page(&visit, &enrolment, &placement, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    enrolment: &Enrolment,
    form: &mut Form,
) -> Result<(), Status> {
    let sectors = code::all::<Sector>();
    let sector = form.chosen("sector", "placement.sector", &sectors, |it| it.as_str_name());
    let ends = code::all::<PlacementEnd>();
    let end = form.chosen_if_given("end", "placement.end", &ends, |it| it.as_str_name());
    let placement = Placement {
        enrolment: enrolment.name.clone(),
        sector: sector.unwrap_or_default().into(),
        extent_percent: form.small("extent", "placement.extent_percent"),
        first_day: form.day("first_day", "placement.first_day"),
        last_day: form.day("last_day", "placement.last_day"),
        end: end.unwrap_or_default().into(),
        ..Placement::default()
    };
    let request = CreatePlacementRequest {
        parent: visit.federation(),
        placement_id: posted.new_id(&[id_of(&enrolment.team)]),
        placement: Some(placement),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = PlacementServiceClient::new(visit.state.organisation.clone());
    client.create_placement(visit.request(request)?).await.map(|_| ())
}

async fn end(
    visit: &Visit,
    posted: &Posted,
    placement: &Placement,
    form: &mut Form,
) -> Result<(), Status> {
    let ends = code::all::<PlacementEnd>();
    let end = form.chosen("end", "end", &ends, |it| it.as_str_name());
    let request = EndPlacementRequest {
        name: placement.name.clone(),
        etag: posted.get("etag").to_owned(),
        last_day: form.day("last_day", "last_day"),
        end: end.unwrap_or_default().into(),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = PlacementServiceClient::new(visit.state.organisation.clone());
    client.end_placement(visit.request(request)?).await.map(|_| ())
}

fn new_form(visit: &Visit, enrolment: &Enrolment) -> Form {
    let language = visit.reader.language;
    let action = format!("{}/placements/new", address(&enrolment.name));
    let mut form = Form::new(visit, action, "placement-save");
    let sectors = code::all::<Sector>();
    let sectors = code::choices(visit, sectors.iter().map(Sector::as_str_name));
    let today = visit.state.clock.today().to_string();
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    form.groups.push(Group::plain(vec![
        input("sector", "placement-sector", Kind::Choice(sectors)),
        input("extent", "placement-extent", Kind::Whole).help(language, "placement-extent-help"),
        input("first_day", "period-first-day", Kind::Day).value(today),
    ]));
    let ended = vec![
        input("last_day", "period-last-day", Kind::Day).optional(language),
        why_ended(visit).optional(language),
    ];
    form.groups.push(Group::row(visit.t("placement-ended-heading"), ended));
    form
}

fn end_form(visit: &Visit, enrolment: &str, placement: &Placement) -> Form {
    let language = visit.reader.language;
    let id = id_of(&placement.name);
    let action = format!("/enrolments/{enrolment}/placements/{id}/end");
    let mut form = Form::new(visit, action, "placement-save");
    form.etag.clone_from(&placement.etag);
    let today = visit.state.clock.today().to_string();
    let last_day = Input::new(language, "last_day", "period-last-day", Kind::Day).value(today);
    form.groups.push(Group::plain(vec![last_day, why_ended(visit)]));
    form
}

fn why_ended(visit: &Visit) -> Input {
    let ends = code::all::<PlacementEnd>();
    let ends = code::choices(visit, ends.iter().map(PlacementEnd::as_str_name));
    let language = visit.reader.language;
    Input::new(language, "end", "placement-end", Kind::Choice(ends))
}

async fn read_first(visit: &Visit, id: &str) -> Result<Enrolment, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    read(visit, id).await.map_err(|status| Trouble::of(visit, &status))
}

async fn read_placement(visit: &Visit, id: &str) -> Result<Placement, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let request = GetPlacementRequest { name: reads::name(visit, "placements", id) };
    let mut client = PlacementServiceClient::new(visit.state.organisation.clone());
    let request = visit.request(request).map_err(troubled)?;
    let answer = client.get_placement(request).await.map_err(troubled)?.into_inner();
    answer.placement.ok_or_else(|| Trouble::no_such_page(visit))
}

fn new_page(visit: &Visit, enrolment: &Enrolment, form: Form) -> Response {
    let back = back(visit, id_of(&enrolment.name));
    let (title, intro) = (visit.t("placement-new-heading"), visit.t("placement-new-intro"));
    form_page(visit, title, back, intro, form)
}

fn end_page(visit: &Visit, enrolment: &str, placement: &Placement, form: Form) -> Response {
    let sector = code::called(visit, placement.sector().as_str_name());
    let facts = vec![
        Fact::new(visit, "placement-sector", sector),
        Fact::new(visit, "livelihood-extent", format::percent(placement.extent_percent)),
        Fact::new(visit, "period-first-day", format::date(placement.first_day.as_ref())),
    ];
    let (title, intro) = (visit.t("placement-end-heading"), visit.t("placement-end-intro"));
    form_page_with_facts(visit, title, back(visit, enrolment), intro, facts, form)
}

fn back(visit: &Visit, enrolment: &str) -> Back {
    let text = visit.t1("enrolment-heading", "id", enrolment);
    Back::to(format!("/enrolments/{enrolment}"), text)
}
