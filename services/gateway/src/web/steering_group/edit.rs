//! The form of a steering group: a new one, and the content of one.

use axum::{extract::Path, response::Response};
use proto::reporting::{CreateSteeringGroupRequest, SteeringGroup, UpdateSteeringGroupRequest};
use tonic::Status;

use super::{address, client, read};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    planning::STEERING_GROUPS,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// As many as a group may have, and each of the longest.
const LONGEST_MEMBERS: usize = 50 * 201;

/// The form of a new group.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit, None).await?;
    Ok(page(&visit, None, form))
}

/// Enters it and shows it; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit, None).await?;
    form.fill(&posted);
    let group = content(&mut form);
    let id = posted.new_id(&[&group.display_name]);
    let request = CreateSteeringGroupRequest {
        parent: visit.federation(),
        steering_group_id: id.clone(),
        steering_group: Some(group),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let answer = create(&visit, request).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&id), None));
    }
    Ok(page(&visit, None, form))
}

/// The form of a group that is there.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_change(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let kept = kept(&visit, &id).await?;
    let form = form(&visit, Some(&kept)).await?;
    Ok(page(&visit, Some(&kept), form))
}

/// Changes it and shows it; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let kept = kept(&visit, &id).await?;
    let mut form = form(&visit, Some(&kept)).await?;
    form.fill(&posted);
    let request = UpdateSteeringGroupRequest {
        name: kept.name.clone(),
        etag: posted.get("etag").to_owned(),
        steering_group: Some(content(&mut form)),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let answer = update(&visit, request).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&id), None));
    }
    Ok(page(&visit, Some(&kept), form))
}

async fn create(visit: &Visit, request: CreateSteeringGroupRequest) -> Result<(), Status> {
    client(visit).create_steering_group(visit.request(request)?).await.map(|_| ())
}

async fn update(visit: &Visit, request: UpdateSteeringGroupRequest) -> Result<(), Status> {
    client(visit).update_steering_group(visit.request(request)?).await.map(|_| ())
}

async fn kept(visit: &Visit, id: &str) -> Result<SteeringGroup, Trouble> {
    Trouble::unless(visit, rights::plans)?;
    read(visit, id).await.map_err(|status| Trouble::of(visit, &status))
}

/// What is typed; one member a line.
fn content(form: &mut Form) -> SteeringGroup {
    let members = form.text("members", "steering_group.members");
    let members = members.lines().map(str::trim).filter(|member| !member.is_empty());
    SteeringGroup {
        display_name: form.text("display_name", "steering_group.display_name"),
        area: form.resource_if_given("area", "steering_group.area", "areas"),
        members: members.map(str::to_owned).collect(),
        ..SteeringGroup::default()
    }
}

async fn form(visit: &Visit, kept: Option<&SteeringGroup>) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::plans)?;
    let areas = reads::areas(visit).await.map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let central = Choice::new("", visit.t("steering-group-central"));
    let areas = areas.iter().map(|area| Choice::new(id_of(&area.name), area.display_name.clone()));
    let areas = std::iter::once(central).chain(areas).collect();
    let action = match kept {
        Some(kept) => format!("{}/change", address(id_of(&kept.name))),
        None => format!("{STEERING_GROUPS}/new"),
    };
    let begins = kept.cloned().unwrap_or_default();
    let input = |id: &str, label_id: &str, kind| Input::new(language, id, label_id, kind);
    let mut form = Form::new(visit, action, "steering-group-save");
    form.etag = begins.etag;
    form.groups.push(Group::plain(vec![
        input("display_name", "steering-group-name", Kind::Text(200)).value(begins.display_name),
        input("area", "steering-group-steers", Kind::Choice(areas)).value(id_of(&begins.area)),
        input("members", "steering-group-members", Kind::Lines(LONGEST_MEMBERS))
            .help(language, "steering-group-members-help")
            .value(begins.members.join("\n")),
    ]));
    Ok(form)
}

fn page(visit: &Visit, kept: Option<&SteeringGroup>, form: Form) -> Response {
    let (back, heading_id) = match kept {
        Some(kept) => (
            Back::to(address(id_of(&kept.name)), kept.display_name.clone()),
            "steering-group-change-heading",
        ),
        None => {
            (Back::to(STEERING_GROUPS, visit.t("steering-groups-heading")), "steering-group-new")
        }
    };
    form_page(visit, visit.t(heading_id), back, "", form)
}
