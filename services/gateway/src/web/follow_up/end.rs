//! Entering how a follow-up ended.

use axum::{extract::Path, response::Response};
use proto::participant::{
    EndFollowUpRequest, FollowUp, FollowUpResult, Situation,
    follow_up_service_client::FollowUpServiceClient,
};
use tonic::Status;

use super::{RowView, read};
use crate::web::{
    code, enrolment,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    layout::Visit,
    livelihood,
    participant::{self, PersonView},
    reads::id_of,
    rights,
    sign_in::see_other,
};

/// What the form is about.
struct First {
    follow_up: FollowUp,
    person: PersonView,
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let first = read_first(&visit, &id).await?;
    let form = form(&visit, &first.follow_up);
    Ok(page(&visit, &first, form))
}

/// Enters it and shows the work list; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let first = read_first(&visit, &id).await?;
    let mut form = form(&visit, &first.follow_up);
    form.fill(&posted);
    let answer = end(&visit, &posted, &first.follow_up, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other("/follow-ups", None));
    }
    Ok(page(&visit, &first, form))
}

async fn end(
    visit: &Visit,
    posted: &Posted,
    follow_up: &FollowUp,
    form: &mut Form,
) -> Result<(), Status> {
    let results = code::all::<FollowUpResult>();
    let result = form.chosen("result", "result", &results, |it| it.as_str_name());
    let situations = code::all::<Situation>();
    // Only an answer tells what the person does; the service says so of anything else.
    let situation = match result {
        Some(FollowUpResult::Answered) => {
            form.chosen("situation", "situation", &situations, |it| it.as_str_name())
        }
        _ => form.chosen_if_given("situation", "situation", &situations, |it| it.as_str_name()),
    };
    let request = EndFollowUpRequest {
        name: follow_up.name.clone(),
        etag: posted.get("etag").to_owned(),
        result: result.unwrap_or_default().into(),
        day: form.day("day", "day"),
        situation: situation.unwrap_or_default().into(),
        livelihoods: livelihood::read_if_given(form, "livelihoods"),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = FollowUpServiceClient::new(visit.state.organisation.clone());
    client.end_follow_up(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, follow_up: &FollowUp) -> Form {
    let language = visit.reader.language;
    let action = format!("/follow-ups/{}", id_of(&follow_up.name));
    let mut form = Form::new(visit, action, "follow-up-save");
    form.etag.clone_from(&follow_up.etag);
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let results = code::all::<FollowUpResult>();
    let results = code::choices(visit, results.iter().map(FollowUpResult::as_str_name));
    let mut result = input("result", "follow-up-result", Kind::Choice(results));
    if !follow_up.may_be_asked {
        result = result.help(language, "follow-up-not-asked-help");
    }
    let situations = code::all::<Situation>();
    let situations = code::choices(visit, situations.iter().map(Situation::as_str_name));
    let today = visit.state.clock.today().to_string();
    form.groups.push(Group::plain(vec![
        result,
        input("day", "own-cost-day", Kind::Day).value(today),
        input("situation", "follow-up-situation", Kind::Choice(situations))
            .help(language, "follow-up-answered-only"),
    ]));
    let heading = Group::heading(visit.t("follow-up-livelihoods"));
    form.groups.push(heading.help(language, "follow-up-livelihoods-help"));
    form.groups.extend(livelihood::inputs(visit));
    form
}

async fn read_first(visit: &Visit, id: &str) -> Result<First, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let follow_up = read(visit, id).await.map_err(troubled)?;
    let enrolment = enrolment::read(visit, id_of(&follow_up.enrolment)).await;
    let person = enrolment.map_err(troubled)?.participant;
    let person = participant::read(visit, id_of(&person)).await.map_err(troubled)?;
    Ok(First { person: PersonView::of(visit, &person), follow_up })
}

fn page(visit: &Visit, first: &First, form: Form) -> Response {
    let First { follow_up, person } = first;
    let row = RowView::of(visit, follow_up);
    let asked = visit.t(if row.may_be_asked { "yes" } else { "no" });
    let facts = vec![
        Fact::new(visit, "person-name", person.name.clone()),
        Fact::new(visit, "follow-up-after", row.after),
        Fact::new(visit, "follow-up-due-day", row.due_day),
        Fact::new(visit, "follow-up-state", row.state.text),
        Fact::new(visit, "follow-up-may-be-asked", asked),
    ];
    let back = Back::to("/follow-ups", visit.t("follow-ups-heading"));
    let (title, intro) = (visit.t("follow-up-end-heading"), visit.t("follow-up-end-intro"));
    form_page_with_facts(visit, title, back, intro, facts, form)
}
