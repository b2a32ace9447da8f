//! Correcting who a person is.

use axum::{extract::Path, response::Response};
use proto::participant::{
    Identity, Participant, Sex, UpdateParticipantRequest,
    participant_service_client::ParticipantServiceClient,
};
use tonic::Status;

use super::read;
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
    rights,
    sign_in::see_other,
};

/// The form with what is kept.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let (_, form) = read_first(&visit, &id).await?;
    Ok(page(&visit, &id, form))
}

/// Keeps the change and shows the person; or shows the form again, with everything that
/// is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let (person, mut form) = read_first(&visit, &id).await?;
    form.fill(&posted);
    let answer = update(&visit, &posted, &person, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/participants/{id}"), None));
    }
    Ok(page(&visit, &id, form))
}

async fn update(
    visit: &Visit,
    posted: &Posted,
    person: &Participant,
    form: &mut Form,
) -> Result<(), Status> {
    let sexes = code::all::<Sex>();
    let sex = form.chosen("sex", "participant.sex", &sexes, |sex| sex.as_str_name());
    let identity = |form: &mut Form| Identity {
        personal_number: form.text("personal_number", "participant.identity.personal_number"),
        given_name: form.text("given_name", "participant.identity.given_name"),
        family_name: form.text("family_name", "participant.identity.family_name"),
    };
    let is_open = !person.protected_identity;
    let changed = Participant {
        sex: sex.unwrap_or_default().into(),
        identity: is_open.then(|| identity(form)),
        birth_year: if is_open { form.small("birth_year", "participant.birth_year") } else { 0 },
        protected_identity: person.protected_identity,
        ..Participant::default()
    };
    let request = UpdateParticipantRequest {
        name: person.name.clone(),
        etag: posted.get("etag").to_owned(),
        participant: Some(changed),
        reason: form.text("reason", "reason"),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = ParticipantServiceClient::new(visit.state.organisation.clone());
    client.update_participant(visit.request(request)?).await.map(|_| ())
}

async fn read_first(visit: &Visit, id: &str) -> Result<(Participant, Form), Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let person = read(visit, id).await.map_err(|status| Trouble::of(visit, &status))?;
    let form = form(visit, id, &person);
    Ok((person, form))
}

fn form(visit: &Visit, id: &str, person: &Participant) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/participants/{id}/change"), "person-save");
    form.etag.clone_from(&person.etag);
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let sexes = code::all::<Sex>();
    let sexes = code::choices(visit, sexes.iter().map(Sex::as_str_name));
    let sex = input("sex", "person-sex", Kind::Choice(sexes)).value(person.sex().as_str_name());
    form.groups.push(Group::plain(vec![sex]));
    if let Some(identity) = &person.identity {
        form.groups.push(Group::plain(vec![
            input("personal_number", "person-number", Kind::Text(20))
                .value(identity.personal_number.clone())
                .help(language, "person-number-help"),
            input("birth_year", "person-birth-year", Kind::Whole)
                .value(person.birth_year.to_string()),
        ]));
        let names = vec![
            input("given_name", "person-given-name", Kind::Text(100))
                .value(identity.given_name.clone()),
            input("family_name", "person-family-name", Kind::Text(100))
                .value(identity.family_name.clone()),
        ];
        form.groups.push(Group::row(visit.t("person-name"), names));
    }
    let reason = input("reason", "role-reason", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![reason]));
    form
}

fn page(visit: &Visit, id: &str, form: Form) -> Response {
    let back = Back::to(format!("/participants/{id}"), visit.t("person-heading"));
    form_page(visit, visit.t("person-change-heading"), back, visit.t("person-change-intro"), form)
}
