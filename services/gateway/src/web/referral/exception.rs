//! Letting somebody who waits go before others, with a reason; or no more.

use axum::{extract::Path, response::Response};
use proto::participant::{
    Referral, SetQueueExceptionRequest, queue_service_client::QueueServiceClient,
};
use tonic::Status;

use super::read;
use crate::web::{
    account::Places,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    format,
    layout::Visit,
    participant::{self, PersonView},
    reads::id_of,
    rights,
    sign_in::see_other,
};

/// What the form is about.
struct First {
    referral: Referral,
    person: PersonView,
    places: Places,
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let first = read_first(&visit, &id).await?;
    let form = form(&visit, &first.referral);
    Ok(page(&visit, &first, form))
}

/// Keeps it and shows the queue; or shows the form again, with what is wrong.
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
    let mut form = form(&visit, &first.referral);
    form.fill(&posted);
    let answer = set(&visit, &posted, &first.referral, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/queue?team={}", id_of(&first.referral.team)), None));
    }
    Ok(page(&visit, &first, form))
}

async fn set(
    visit: &Visit,
    posted: &Posted,
    referral: &Referral,
    form: &mut Form,
) -> Result<(), Status> {
    // Taking back needs something to take back.
    let reason = match referral.queue_exception_reason.is_empty() {
        true => form.needed("reason", "reason"),
        false => form.text("reason", "reason"),
    };
    let request = SetQueueExceptionRequest {
        name: referral.name.clone(),
        etag: posted.get("etag").to_owned(),
        reason,
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = QueueServiceClient::new(visit.state.organisation.clone());
    client.set_queue_exception(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, referral: &Referral) -> Form {
    let language = visit.reader.language;
    let action = format!("/referrals/{}/exception", id_of(&referral.name));
    let mut form = Form::new(visit, action, "queue-exception-save");
    form.etag.clone_from(&referral.etag);
    let reason = Input::new(language, "reason", "role-reason", Kind::Lines(1000));
    let reason = reason.help(language, "queue-exception-help");
    form.groups.push(Group::plain(vec![reason.value(referral.queue_exception_reason.clone())]));
    form
}

async fn read_first(visit: &Visit, id: &str) -> Result<First, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let (places, referral) =
        tokio::try_join!(Places::read(visit), read(visit, id)).map_err(troubled)?;
    let person = participant::read(visit, id_of(&referral.participant)).await;
    let person = PersonView::of(visit, &person.map_err(troubled)?);
    Ok(First { referral, person, places })
}

fn page(visit: &Visit, first: &First, form: Form) -> Response {
    let First { referral, person, places } = first;
    let facts = vec![
        Fact::new(visit, "person-name", person.name.clone()),
        Fact::new(visit, "referral-team", places.called(&referral.team)),
        Fact::new(visit, "referral-municipality", places.called(&referral.municipality)),
        Fact::new(visit, "referral-day", format::date(referral.referral_date.as_ref())),
    ];
    let back = format!("/queue?team={}", id_of(&referral.team));
    let back = Back::to(back, visit.t("queue-heading"));
    let (title, intro) = (visit.t("queue-exception-heading"), visit.t("queue-exception-intro"));
    form_page_with_facts(visit, title, back, intro, facts, form)
}
