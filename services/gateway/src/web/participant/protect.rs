//! Noting that a person has protected identity: who it is, is destroyed, and so is every
//! case that has ended.

use axum::{extract::Path, response::Response};
use proto::participant::{
    Participant, ProtectParticipantRequest, participant_service_client::ParticipantServiceClient,
};
use tonic::Status;

use super::{PersonView, read};
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
    reads::id_of,
    referral, rights,
    sign_in::see_other,
};

/// What the form is about.
struct First {
    person: Participant,
    /// The ids of the person's cases: afterwards they open by them alone.
    cases: Vec<String>,
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let first = read_first(&visit, &id).await?;
    let form = form(&visit, &first.person);
    Ok(page(&visit, &first, form))
}

/// Destroys who it is and shows what is left; or shows the form again, with what is wrong.
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
    let mut form = form(&visit, &first.person);
    form.fill(&posted);
    let answer = protect(&visit, &posted, &first.person, &mut form).await;
    if let Some(after) = form.kept(answer) {
        // Without a case that goes on, nobody reaches what is left.
        let left = format!("/participants/{id}");
        let place = if after.protected_identity { left.as_str() } else { "/participants" };
        return Ok(see_other(place, None));
    }
    Ok(page(&visit, &first, form))
}

async fn protect(
    visit: &Visit,
    posted: &Posted,
    person: &Participant,
    form: &mut Form,
) -> Result<Participant, Status> {
    if form.typed("sure") != code::YES {
        form.say("sure", visit.t("person-protect-say-yes"));
    }
    let request = ProtectParticipantRequest {
        name: person.name.clone(),
        etag: posted.get("etag").to_owned(),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = ParticipantServiceClient::new(visit.state.organisation.clone());
    let answer = client.protect_participant(visit.request(request)?).await?.into_inner();
    Ok(answer.participant.unwrap_or_default())
}

async fn read_first(visit: &Visit, id: &str) -> Result<First, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let person = read(visit, id).await.map_err(troubled)?;
    let (referrals, enrolments) = tokio::try_join!(
        referral::of_person(visit, &person.name),
        enrolment::of_person(visit, &person.name)
    )
    .map_err(troubled)?;
    let referrals = referrals.iter().map(|it| id_of(&it.name).to_owned());
    let enrolments = enrolments.iter().map(|it| id_of(&it.name).to_owned());
    Ok(First { cases: referrals.chain(enrolments).collect(), person })
}

fn form(visit: &Visit, person: &Participant) -> Form {
    let language = visit.reader.language;
    let action = format!("/participants/{}/protect", id_of(&person.name));
    let mut form = Form::new(visit, action, "person-protect");
    form.etag.clone_from(&person.etag);
    for button in &mut form.buttons {
        button.color = "danger";
    }
    let sure = Kind::Choice(code::no_or_yes(visit));
    let sure = Input::new(language, "sure", "person-protect-sure", sure);
    form.groups.push(Group::plain(vec![sure]));
    form
}

fn page(visit: &Visit, first: &First, form: Form) -> Response {
    let First { person, cases } = first;
    let view = PersonView::of(visit, person);
    let heading = if view.is_protected { "person-protect-again" } else { "person-protect-heading" };
    let mut facts = vec![Fact::new(visit, "person-name", view.name)];
    if !cases.is_empty() {
        facts.push(Fact::new(visit, "person-protect-cases", cases.join(", ")));
    }
    let back = format!("/participants/{}", id_of(&person.name));
    let back = Back::to(back, visit.t("person-heading"));
    let (title, intro) = (visit.t(heading), visit.t("person-protect-intro"));
    form_page_with_facts(visit, title, back, intro, facts, form)
}
