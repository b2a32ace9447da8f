//! Moving a person to another responsible municipality.

use axum::{extract::Path, response::Response};
use proto::participant::{
    Participant, TransferParticipantRequest, participant_service_client::ParticipantServiceClient,
};
use tonic::Status;

use super::read;
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let (_, form) = read_first(&visit, &id).await?;
    Ok(page(&visit, &id, form))
}

/// Moves the person and leads to the list, for it may be out of reach now; or shows the
/// form again, with everything that is wrong.
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
    let answer = transfer(&visit, &posted, &person, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other("/participants", None));
    }
    Ok(page(&visit, &id, form))
}

async fn transfer(
    visit: &Visit,
    posted: &Posted,
    person: &Participant,
    form: &mut Form,
) -> Result<(), Status> {
    let request = TransferParticipantRequest {
        name: person.name.clone(),
        etag: posted.get("etag").to_owned(),
        municipality: form.resource("municipality", "municipality", "municipalities"),
        day: form.day("day", "day"),
        reason: form.text("reason", "reason"),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = ParticipantServiceClient::new(visit.state.organisation.clone());
    client.transfer_participant(visit.request(request)?).await.map(|_| ())
}

async fn read_first(visit: &Visit, id: &str) -> Result<(Participant, Form), Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let (person, municipalities) = tokio::try_join!(read(visit, id), reads::municipalities(visit))
        .map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/participants/{id}/transfer"), "person-transfer");
    form.etag.clone_from(&person.etag);
    let others = municipalities.iter().filter(|it| it.name != person.municipality);
    let others = others.map(|it| Choice::new(id_of(&it.name), it.display_name.clone()));
    let first = Choice::new("", visit.t("choose"));
    let choices: Vec<Choice> = std::iter::once(first).chain(others).collect();
    let today = visit.state.clock.today().to_string();
    form.groups.push(Group::plain(vec![
        Input::new(language, "municipality", "referral-municipality", Kind::Choice(choices)),
        Input::new(language, "day", "period-first-day", Kind::Day).value(today),
        Input::new(language, "reason", "role-reason", Kind::Lines(1000)),
    ]));
    Ok((person, form))
}

fn page(visit: &Visit, id: &str, form: Form) -> Response {
    let back = Back::to(format!("/participants/{id}"), visit.t("person-heading"));
    let (title, intro) = (visit.t("person-transfer-heading"), visit.t("person-transfer-intro"));
    form_page(visit, title, back, intro, form)
}
