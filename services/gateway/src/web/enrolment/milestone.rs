//! The steps on the way through an enrolment: what and when, never a text.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CreateMilestoneRequest, Enrolment, ListMilestonesRequest, Milestone, MilestoneKind,
    milestone_service_client::MilestoneServiceClient,
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
        page::{Back, form_page},
    },
    layout::Visit,
    reads::id_of,
    rights,
    sign_in::see_other,
};

/// There are few of one enrolment.
const PAGE_SIZE: i32 = 500;

/// The milestones of an enrolment that stand, the newest first.
pub(super) async fn of_enrolment(visit: &Visit, name: &str) -> Result<Vec<Milestone>, Status> {
    let request = ListMilestonesRequest {
        parent: visit.federation(),
        enrolment: name.to_owned(),
        page_size: PAGE_SIZE,
        ..ListMilestonesRequest::default()
    };
    let mut client = MilestoneServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_milestones(visit.request(request)?).await?.into_inner().milestones)
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let enrolment = read_first(&visit, &id).await?;
    let form = form(&visit, &enrolment);
    Ok(page(&visit, &enrolment, form))
}

/// Notes it and shows the enrolment; or shows the form again, with what is wrong.
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
    let mut form = form(&visit, &enrolment);
    form.fill(&posted);
    let answer = create(&visit, &posted, &enrolment, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&enrolment.name), None));
    }
    Ok(page(&visit, &enrolment, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    enrolment: &Enrolment,
    form: &mut Form,
) -> Result<(), Status> {
    let kinds = code::all::<MilestoneKind>();
    let kind = form.chosen("kind", "milestone.kind", &kinds, |kind| kind.as_str_name());
    let milestone = Milestone {
        enrolment: enrolment.name.clone(),
        kind: kind.unwrap_or_default().into(),
        day: form.day("day", "milestone.day"),
        ..Milestone::default()
    };
    let request = CreateMilestoneRequest {
        parent: visit.federation(),
        milestone_id: posted.new_id(&[id_of(&enrolment.team)]),
        milestone: Some(milestone),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = MilestoneServiceClient::new(visit.state.organisation.clone());
    client.create_milestone(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, enrolment: &Enrolment) -> Form {
    let language = visit.reader.language;
    let action = format!("{}/milestones/new", address(&enrolment.name));
    let mut form = Form::new(visit, action, "milestone-save");
    let kinds = code::all::<MilestoneKind>();
    let kinds = code::choices(visit, kinds.iter().map(MilestoneKind::as_str_name));
    let today = visit.state.clock.today().to_string();
    form.groups.push(Group::plain(vec![
        Input::new(language, "kind", "milestone-kind", Kind::Choice(kinds)),
        Input::new(language, "day", "own-cost-day", Kind::Day).value(today),
    ]));
    form
}

async fn read_first(visit: &Visit, id: &str) -> Result<Enrolment, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    read(visit, id).await.map_err(|status| Trouble::of(visit, &status))
}

fn page(visit: &Visit, enrolment: &Enrolment, form: Form) -> Response {
    let id = id_of(&enrolment.name);
    let back = Back::to(address(&enrolment.name), visit.t1("enrolment-heading", "id", id));
    let (title, intro) = (visit.t("milestone-new-heading"), visit.t("milestone-new-intro"));
    form_page(visit, title, back, intro, form)
}
