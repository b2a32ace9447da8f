//! Two that are one person: the duplicate is found by its number, in the body of a form;
//! both are shown, and merged with a reason. It can be undone.

use axum::{extract::Path, response::Response};
use proto::participant::{
    FindParticipantRequest, MergeParticipantsRequest, Participant, UndoMergeRequest,
    participant_service_client::ParticipantServiceClient,
};
use tonic::{Code, Status};

use super::{PersonView, read};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page, form_page_with_facts},
    },
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Merge,
    Undo,
}

/// The form that finds the duplicate.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_find(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::works_with_people)?;
    let form = find_form(&visit, &id);
    Ok(find_page(&visit, &id, form))
}

/// Finds the duplicate and shows both; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn find(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    Trouble::unless(&visit, rights::works_with_people)?;
    let mut form = find_form(&visit, &id);
    form.fill(&posted);
    match ask(&visit, &mut form).await {
        Ok(name) if id_of(&name) == id => {
            form.say("personal_number", visit.t("person-merge-itself"));
        }
        Ok(name) => {
            return Ok(see_other(&format!("/participants/{id}/merge/{}", id_of(&name)), None));
        }
        Err(status) if status.code() == Code::NotFound => {
            form.say("personal_number", visit.t("person-not-found"));
        }
        Err(status) => form.refuse(&status),
    }
    Ok(find_page(&visit, &id, form))
}

async fn ask(visit: &Visit, form: &mut Form) -> Result<String, Status> {
    let request = FindParticipantRequest {
        parent: visit.federation(),
        personal_number: form.text("personal_number", "personal_number"),
    };
    let mut client = ParticipantServiceClient::new(visit.state.organisation.clone());
    let answer = client.find_participant(visit.request(request)?).await?.into_inner();
    Ok(answer.participant.unwrap_or_default().name)
}

fn find_form(visit: &Visit, id: &str) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/participants/{id}/merge"), "person-find");
    let number = Input::new(language, "personal_number", "person-merge-number", Kind::Text(20));
    form.groups.push(Group::plain(vec![number.help(language, "person-number-help")]));
    form
}

fn find_page(visit: &Visit, id: &str, form: Form) -> Response {
    let back = Back::to(format!("/participants/{id}"), visit.t("person-heading"));
    let (title, intro) = (visit.t("person-merge-heading"), visit.t("person-merge-find-intro"));
    form_page(visit, title, back, intro, form)
}

/// Both, and the form that merges them.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((id, duplicate)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    show_way(&visit, Way::Merge, &id, &duplicate).await
}

/// Merges them and shows the person who stays; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((id, duplicate)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    save_way(&visit, Way::Merge, (&id, &duplicate), fields).await
}

/// Both, and the form that takes the merge back.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_undo(
    visit: Visit,
    Path((id, duplicate)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    show_way(&visit, Way::Undo, &id, &duplicate).await
}

/// Takes the merge back and shows the person; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save_undo(
    visit: Visit,
    Path((id, duplicate)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    save_way(&visit, Way::Undo, (&id, &duplicate), fields).await
}

async fn show_way(visit: &Visit, way: Way, id: &str, duplicate: &str) -> Result<Response, Trouble> {
    let (person, other) = read_both(visit, id, duplicate).await?;
    let form = form(visit, way, (id, duplicate), &person);
    Ok(page(visit, way, (&person, &other), form))
}

async fn save_way(
    visit: &Visit,
    way: Way,
    (id, duplicate): (&str, &str),
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(visit, fields)?;
    let (person, other) = read_both(visit, id, duplicate).await?;
    let mut form = form(visit, way, (id, duplicate), &person);
    form.fill(&posted);
    let answer = call(visit, way, &posted, (&person, duplicate), &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/participants/{id}"), None));
    }
    Ok(page(visit, way, (&person, &other), form))
}

async fn call(
    visit: &Visit,
    way: Way,
    posted: &Posted,
    (person, duplicate): (&Participant, &str),
    form: &mut Form,
) -> Result<(), Status> {
    let name = person.name.clone();
    let etag = posted.get("etag").to_owned();
    let duplicate = reads::name(visit, "participants", duplicate);
    let reason = form.needed("reason", "reason");
    let request_id = posted.get("request_id").to_owned();
    let validate_only = form.is_faulty();
    let mut client = ParticipantServiceClient::new(visit.state.organisation.clone());
    match way {
        Way::Merge => {
            let asked = MergeParticipantsRequest {
                name,
                etag,
                duplicate,
                reason,
                request_id,
                validate_only,
            };
            client.merge_participants(visit.request(asked)?).await.map(|_| ())
        }
        Way::Undo => {
            let asked =
                UndoMergeRequest { name, etag, duplicate, reason, request_id, validate_only };
            client.undo_merge(visit.request(asked)?).await.map(|_| ())
        }
    }
}

async fn read_both(
    visit: &Visit,
    id: &str,
    duplicate: &str,
) -> Result<(Participant, Participant), Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    tokio::try_join!(read(visit, id), read(visit, duplicate))
        .map_err(|status| Trouble::of(visit, &status))
}

fn form(visit: &Visit, way: Way, (id, duplicate): (&str, &str), person: &Participant) -> Form {
    let language = visit.reader.language;
    let (last, save_id) = match way {
        Way::Merge => ("merge", "person-merge"),
        Way::Undo => ("unmerge", "person-unmerge"),
    };
    let action = format!("/participants/{id}/{last}/{duplicate}");
    let mut form = Form::new(visit, action, save_id);
    form.etag.clone_from(&person.etag);
    let reason = Input::new(language, "reason", "role-reason", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![reason.help(language, "why-help")]));
    form
}

fn page(
    visit: &Visit,
    way: Way,
    (person, duplicate): (&Participant, &Participant),
    form: Form,
) -> Response {
    let called = |person: &Participant| {
        let view = PersonView::of(visit, person);
        [view.name, view.number].join(" ")
    };
    let facts = vec![
        Fact::new(visit, "person-merge-kept", called(person)),
        Fact::new(visit, "person-merge-duplicate", called(duplicate)),
    ];
    let (title_id, intro_id) = match way {
        Way::Merge => ("person-merge-heading", "person-merge-intro"),
        Way::Undo => ("person-unmerge-heading", "person-unmerge-intro"),
    };
    let back = format!("/participants/{}", id_of(&person.name));
    let back = Back::to(back, visit.t("person-heading"));
    form_page_with_facts(visit, visit.t(title_id), back, visit.t(intro_id), facts, form)
}
