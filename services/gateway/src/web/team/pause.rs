//! Pausing the intake of a team, and ending a pause.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CreateIntakePauseRequest, EndIntakePauseRequest, IntakePause, ListIntakePausesRequest,
    intake_pause_service_client::IntakePauseServiceClient,
};
use tonic::Status;

use super::PAGE_SIZE;
use crate::web::{
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

/// The form of a new pause.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(team): Path<String>) -> Result<Response, Trouble> {
    let form = form(&visit, &team)?;
    Ok(page(&visit, &team, form))
}

/// Pauses the intake and shows the team; or shows the form again, with what is wrong.
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
    let answer = create(&visit, &team, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/teams/{team}"), None));
    }
    Ok(page(&visit, &team, form))
}

/// The form that ends a pause.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_end(
    visit: Visit,
    Path((team, pause)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let pause = read(&visit, &team, &pause).await?;
    let form = end_form(&visit, &team, &pause);
    Ok(end_page(&visit, &team, &pause, form))
}

/// Ends the pause and shows the team; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save_end(
    visit: Visit,
    Path((team, pause)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let pause = read(&visit, &team, &pause).await?;
    let mut form = end_form(&visit, &team, &pause);
    form.fill(&posted);
    let answer = end(&visit, &pause, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/teams/{team}"), None));
    }
    Ok(end_page(&visit, &team, &pause, form))
}

async fn create(visit: &Visit, team: &str, posted: &Posted, form: &mut Form) -> Result<(), Status> {
    let pause = IntakePause {
        team: reads::name(visit, "teams", team),
        first_day: form.day("first_day", "intake_pause.first_day"),
        last_day: form.day("last_day", "intake_pause.last_day"),
        reason: form.text("reason", "intake_pause.reason"),
        ..IntakePause::default()
    };
    let request = CreateIntakePauseRequest {
        parent: visit.federation(),
        intake_pause_id: posted.new_id(&[team]),
        intake_pause: Some(pause),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = IntakePauseServiceClient::new(visit.state.organisation.clone());
    client.create_intake_pause(visit.request(request)?).await.map(|_| ())
}

async fn end(
    visit: &Visit,
    pause: &IntakePause,
    posted: &Posted,
    form: &mut Form,
) -> Result<(), Status> {
    let request = EndIntakePauseRequest {
        name: pause.name.clone(),
        etag: posted.get("etag").to_owned(),
        last_day: form.day("last_day", "last_day"),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = IntakePauseServiceClient::new(visit.state.organisation.clone());
    client.end_intake_pause(visit.request(request)?).await.map(|_| ())
}

async fn read(visit: &Visit, team: &str, id: &str) -> Result<IntakePause, Trouble> {
    Trouble::unless(visit, |principal| rights::runs_team(principal, team))?;
    let request = ListIntakePausesRequest {
        parent: visit.federation(),
        team: reads::name(visit, "teams", team),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let troubled = |status: Status| Trouble::of(visit, &status);
    let mut client = IntakePauseServiceClient::new(visit.state.organisation.clone());
    let request = visit.request(request).map_err(troubled)?;
    let page = client.list_intake_pauses(request).await.map_err(troubled)?.into_inner();
    let found = page.intake_pauses.into_iter().find(|pause| id_of(&pause.name) == id);
    found.ok_or_else(|| Trouble::no_such_page(visit))
}

fn form(visit: &Visit, team: &str) -> Result<Form, Trouble> {
    Trouble::unless(visit, |principal| rights::runs_team(principal, team))?;
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/teams/{team}/pauses/new"), "pause-save");
    let days = vec![
        Input::new(language, "first_day", "period-first-day", Kind::Day),
        Input::new(language, "last_day", "period-last-day", Kind::Day).optional(language),
    ];
    form.groups.push(Group::row(visit.t("role-days"), days));
    let reason = Input::new(language, "reason", "role-reason", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![reason.help(language, "pause-reason-help")]));
    Ok(form)
}

fn end_form(visit: &Visit, team: &str, pause: &IntakePause) -> Form {
    let action = format!("/teams/{team}/pauses/{}/end", id_of(&pause.name));
    let mut form = Form::new(visit, action, "pause-end");
    form.etag.clone_from(&pause.etag);
    let language = visit.reader.language;
    let day = Input::new(language, "last_day", "period-last-day", Kind::Day);
    form.groups.push(Group::plain(vec![day.value(visit.state.clock.today().to_string())]));
    form
}

fn page(visit: &Visit, team: &str, form: Form) -> Response {
    let back = Back::to(format!("/teams/{team}"), visit.t("team-back"));
    form_page(visit, visit.t("pause-new-heading"), back, visit.t("pause-new-intro"), form)
}

fn end_page(visit: &Visit, team: &str, pause: &IntakePause, form: Form) -> Response {
    let back = Back::to(format!("/teams/{team}"), visit.t("team-back"));
    let facts = vec![
        Fact::new(visit, "period-first-day", format::date(pause.first_day.as_ref())),
        Fact::new(visit, "role-reason", pause.reason.clone()),
    ];
    form_page_with_facts(visit, visit.t("pause-end-heading"), back, "", facts, form)
}
