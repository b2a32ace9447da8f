//! Entering a group activity, and correcting its numbers.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CreateGroupActivityRequest, GroupActivity, ListGroupActivitiesRequest,
    UpdateGroupActivityRequest, group_activity_service_client::GroupActivityServiceClient,
};
use tonic::Status;

use crate::web::{
    account::Places,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    format,
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

const LIST: &str = "/group-activities";
const PAGE_SIZE: i32 = 1000;

/// The form of a new activity.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = new_form(&visit).await?;
    Ok(page(&visit, "activity-new-heading", form))
}

/// Enters the activity and shows the list; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = new_form(&visit).await?;
    form.fill(&posted);
    let team = form.resource("team", "group_activity.team", "teams");
    let activity = read_activity(team, &mut form);
    let answer = create(&visit, &posted, activity, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(LIST, None));
    }
    Ok(page(&visit, "activity-new-heading", form))
}

/// The form of an activity that is there.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_change(
    visit: Visit,
    Path((team, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let kept = read(&visit, &team, &id).await?;
    let form = change_form(&visit, &kept);
    Ok(page(&visit, "activity-change-heading", form))
}

/// Keeps the change and shows the list; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn change(
    visit: Visit,
    Path((team, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let kept = read(&visit, &team, &id).await?;
    let mut form = change_form(&visit, &kept);
    form.fill(&posted);
    let activity = read_activity(kept.team.clone(), &mut form);
    let answer = update(&visit, &posted, kept, activity, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(LIST, None));
    }
    Ok(page(&visit, "activity-change-heading", form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    activity: GroupActivity,
    validate_only: bool,
) -> Result<(), Status> {
    let request = CreateGroupActivityRequest {
        parent: visit.federation(),
        group_activity_id: posted.new_id(&[id_of(&activity.team)]),
        group_activity: Some(activity),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = GroupActivityServiceClient::new(visit.state.organisation.clone());
    client.create_group_activity(visit.request(request)?).await.map(|_| ())
}

async fn update(
    visit: &Visit,
    posted: &Posted,
    kept: GroupActivity,
    activity: GroupActivity,
    validate_only: bool,
) -> Result<(), Status> {
    let request = UpdateGroupActivityRequest {
        name: kept.name,
        etag: posted.get("etag").to_owned(),
        group_activity: Some(activity),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = GroupActivityServiceClient::new(visit.state.organisation.clone());
    client.update_group_activity(visit.request(request)?).await.map(|_| ())
}

fn read_activity(team: String, form: &mut Form) -> GroupActivity {
    let field = |part: &str| format!("group_activity.{part}");
    GroupActivity {
        team,
        title: form.text("title", &field("title")),
        day: form.day("day", &field("day")),
        invited: form.small("invited", &field("invited")),
        accepted: form.small("accepted", &field("accepted")),
        attended: form.small("attended", &field("attended")),
        ..GroupActivity::default()
    }
}

async fn read(visit: &Visit, team: &str, id: &str) -> Result<GroupActivity, Trouble> {
    Trouble::unless(visit, |principal| rights::is_officer_of(principal, team))?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let name = reads::name(visit, "groupActivities", id);
    let mut client = GroupActivityServiceClient::new(visit.state.organisation.clone());
    let mut page_token = String::new();
    loop {
        let request = ListGroupActivitiesRequest {
            parent: visit.federation(),
            team: reads::name(visit, "teams", team),
            period: None,
            page_size: PAGE_SIZE,
            page_token,
        };
        let request = visit.request(request).map_err(troubled)?;
        let page = client.list_group_activities(request).await.map_err(troubled)?.into_inner();
        if let Some(found) = page.group_activities.into_iter().find(|it| it.name == name) {
            return Ok(found);
        }
        if page.next_page_token.is_empty() {
            return Err(Trouble::no_such_page(visit));
        }
        page_token = page.next_page_token;
    }
}

async fn new_form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::is_officer)?;
    let places = Places::read(visit).await.map_err(|status| Trouble::of(visit, &status))?;
    let mut teams = places.teams();
    teams.retain(|choice| rights::is_officer_of(&visit.session.principal, &choice.code));
    if teams.len() > 1 {
        teams.insert(0, Choice::new("", visit.t("choose")));
    }
    let mut form = Form::new(visit, "/group-activities/new", "activity-save");
    let language = visit.reader.language;
    let team = Input::new(language, "team", "role-team", Kind::Choice(teams));
    form.groups.push(Group::plain(vec![team]));
    form.groups.extend(inputs(visit, &GroupActivity::default()));
    Ok(form)
}

fn change_form(visit: &Visit, kept: &GroupActivity) -> Form {
    let action = format!("{LIST}/{}/{}/change", id_of(&kept.team), id_of(&kept.name));
    let mut form = Form::new(visit, action, "activity-save");
    form.etag.clone_from(&kept.etag);
    form.groups.extend(inputs(visit, kept));
    form
}

fn inputs(visit: &Visit, kept: &GroupActivity) -> Vec<Group> {
    let language = visit.reader.language;
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let is_new = kept.name.is_empty();
    let count = |count: i32| if is_new { String::new() } else { count.to_string() };
    vec![
        Group::plain(vec![
            input("title", "activity-title", Kind::Text(200))
                .value(kept.title.clone())
                .help(language, "activity-title-help"),
            input("day", "own-cost-day", Kind::Day).value(format::date(kept.day.as_ref())),
        ]),
        Group::row(
            visit.t("activity-numbers"),
            vec![
                input("invited", "activity-invited", Kind::Whole).value(count(kept.invited)),
                input("accepted", "activity-accepted", Kind::Whole).value(count(kept.accepted)),
                input("attended", "activity-attended", Kind::Whole).value(count(kept.attended)),
            ],
        ),
    ]
}

fn page(visit: &Visit, heading_id: &str, form: Form) -> Response {
    let back = Back::to(LIST, visit.t("activities-heading"));
    form_page(visit, visit.t(heading_id), back, visit.t("activity-intro"), form)
}
