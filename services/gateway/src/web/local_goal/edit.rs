//! The form of a local goal: a new one, and the content of one with how it went.

use axum::{extract::Path, response::Response};
use chrono::Datelike as _;
use proto::reporting::{
    CreateLocalGoalRequest, GoalFollowUp, GoalOutcome, LocalGoal, UpdateLocalGoalRequest,
};
use tonic::Status;

use super::{HALVES, client, read};
use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    layout::Visit,
    planning::LOCAL_GOALS,
    reads::id_of,
    rights,
    sign_in::see_other,
    year,
};

/// The form of a new goal.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = new_form(&visit).await?;
    Ok(page(&visit, "local-goal-new", vec![], form))
}

/// Enters it and shows the list; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = new_form(&visit).await?;
    form.fill(&posted);
    let answer = create(&visit, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(LOCAL_GOALS, None));
    }
    Ok(page(&visit, "local-goal-new", vec![], form))
}

/// The form of a goal that is there.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_change(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let (kept, facts) = kept(&visit, &id).await?;
    let form = change_form(&visit, &kept);
    Ok(page(&visit, "local-goal-change-heading", facts, form))
}

/// Changes it and shows the list; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let (kept, facts) = kept(&visit, &id).await?;
    let mut form = change_form(&visit, &kept);
    form.fill(&posted);
    let answer = update(&visit, &posted, &kept, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(LOCAL_GOALS, None));
    }
    Ok(page(&visit, "local-goal-change-heading", facts, form))
}

async fn create(visit: &Visit, posted: &Posted, form: &mut Form) -> Result<(), Status> {
    let goal = LocalGoal {
        team: form.resource("team", "local_goal.team", "teams"),
        year: form.small("year", "local_goal.year"),
        ..content(form)
    };
    let year = goal.year.to_string();
    let request = CreateLocalGoalRequest {
        parent: visit.federation(),
        local_goal_id: posted.new_id(&[id_of(&goal.team), &year]),
        local_goal: Some(goal),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    client(visit).create_local_goal(visit.request(request)?).await.map(|_| ())
}

async fn update(
    visit: &Visit,
    posted: &Posted,
    kept: &LocalGoal,
    form: &mut Form,
) -> Result<(), Status> {
    let goal = LocalGoal { team: kept.team.clone(), year: kept.year, ..content(form) };
    let request = UpdateLocalGoalRequest {
        name: kept.name.clone(),
        etag: posted.get("etag").to_owned(),
        local_goal: Some(goal),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    client(visit).update_local_goal(visit.request(request)?).await.map(|_| ())
}

/// What is typed, all but team and year.
fn content(form: &mut Form) -> LocalGoal {
    let mut follow_ups = Vec::new();
    let outcomes = code::all::<GoalOutcome>();
    for (half, _) in HALVES {
        let (outcome, text) = (format!("half-{half}-outcome"), format!("half-{half}-text"));
        if form.is_blank(&[outcome.clone(), text.clone()]) {
            continue;
        }
        let field = format!("local_goal.follow_ups[{}]", follow_ups.len());
        let chosen =
            form.chosen(&outcome, &format!("{field}.outcome"), &outcomes, |it| it.as_str_name());
        follow_ups.push(GoalFollowUp {
            half,
            outcome: chosen.unwrap_or_default().into(),
            text: form.text(&text, &format!("{field}.text")),
        });
    }
    LocalGoal {
        title: form.text("title", "local_goal.title"),
        measured: form.text("measured", "local_goal.measured"),
        target: form.text("target", "local_goal.target"),
        follow_ups,
        ..LocalGoal::default()
    }
}

async fn new_form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::reports_figures)?;
    let (places, years) = tokio::try_join!(Places::read(visit), year::choices(visit))
        .map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let mut teams = places.teams();
    teams.retain(|team| rights::reports_figures_of(&visit.session.principal, &team.code));
    if teams.len() > 1 {
        teams.insert(0, Choice::new("", visit.t("choose")));
    }
    let this_year = visit.state.clock.today().year().to_string();
    let mut form = Form::new(visit, format!("{LOCAL_GOALS}/new"), "local-goal-save");
    form.groups.push(Group::plain(vec![
        Input::new(language, "team", "role-team", Kind::Choice(teams)),
        Input::new(language, "year", "local-goal-year", Kind::Choice(years)).value(this_year),
    ]));
    form.groups.extend(inputs(visit, &LocalGoal::default()));
    Ok(form)
}

fn change_form(visit: &Visit, kept: &LocalGoal) -> Form {
    let action = format!("{LOCAL_GOALS}/{}/change", id_of(&kept.name));
    let mut form = Form::new(visit, action, "local-goal-save");
    form.etag.clone_from(&kept.etag);
    form.groups.extend(inputs(visit, kept));
    form
}

/// The goal, for whoever may change it.
async fn kept(visit: &Visit, id: &str) -> Result<(LocalGoal, Vec<Fact>), Trouble> {
    Trouble::unless(visit, rights::reports_figures)?;
    let (goal, places) = tokio::try_join!(read(visit, id), Places::read(visit))
        .map_err(|status| Trouble::of(visit, &status))?;
    let team = id_of(&goal.team).to_owned();
    let may = rights::reports_figures_of(&visit.session.principal, &team);
    Trouble::unless_there(visit, may)?;
    let facts = vec![
        Fact::new(visit, "role-team", places.called(&goal.team)),
        Fact::new(visit, "local-goal-year", goal.year.to_string()),
    ];
    Ok((goal, facts))
}

fn inputs(visit: &Visit, kept: &LocalGoal) -> Vec<Group> {
    let language = visit.reader.language;
    let input = |id: &str, label_id: &str, kind| Input::new(language, id, label_id, kind);
    let mut groups = vec![
        Group::plain(vec![
            input("title", "local-goal-title", Kind::Text(500)).value(&kept.title),
            input("measured", "local-goal-measured", Kind::Lines(1000)).value(&kept.measured),
            input("target", "local-goal-target", Kind::Text(500)).value(&kept.target),
        ]),
        Group::heading(visit.t("local-goal-follow-ups"))
            .help(language, "local-goal-follow-ups-help"),
    ];
    let outcomes = code::all::<GoalOutcome>();
    for (half, half_id) in HALVES {
        let kept_half = kept.follow_ups.iter().find(|it| it.half == half);
        let outcome = kept_half.map_or("", |it| it.outcome().as_str_name());
        let said = kept_half.map_or("", |it| it.text.as_str());
        let choices = code::choices(visit, outcomes.iter().map(GoalOutcome::as_str_name));
        let (id, text_id) = (format!("half-{half}-outcome"), format!("half-{half}-text"));
        groups.push(Group::line(
            visit.t(half_id),
            vec![
                Input::new(language, id, "local-goal-outcome", Kind::Choice(choices))
                    .value(outcome),
                Input::new(language, text_id, "local-goal-text", Kind::Lines(4000)).value(said),
            ],
        ));
    }
    groups
}

fn page(visit: &Visit, heading_id: &str, facts: Vec<Fact>, form: Form) -> Response {
    let back = Back::to(LOCAL_GOALS, visit.t("local-goals-heading"));
    let intro = visit.t("local-goal-intro");
    form_page_with_facts(visit, visit.t(heading_id), back, intro, facts, form)
}
