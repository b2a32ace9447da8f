//! What is done with an enrolment: another coach, more time, consent, the exit, the final
//! documentation. Each is a form of its own at the address of its code.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CorrectExitRequest, DeliverDocumentationRequest, Delivery, Enrolment, ExitEnrolmentRequest,
    ExtendEnrolmentRequest, RegisterEnrolmentInErrorRequest, SetConsentRequest,
    TransferCoachRequest, delivery::Recipient, enrolment_service_client::EnrolmentServiceClient,
};
use tonic::Status;

use super::{address, inputs, read};
use crate::web::{
    account::Places,
    coach, code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    participant,
    reads::id_of,
    rights,
    sign_in::see_other,
};

/// What a form is about.
struct First {
    change: Change,
    enrolment: Enrolment,
    places: Places,
    /// Who can be the coach, by name; only for a change of coach.
    coaches: Vec<Choice>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Coach,
    Extend,
    Consent,
    Exit,
    CorrectExit,
    Deliver,
    Error,
}

impl Change {
    const ALL: [Change; 7] = [
        Change::Coach,
        Change::Extend,
        Change::Consent,
        Change::Exit,
        Change::CorrectExit,
        Change::Deliver,
        Change::Error,
    ];

    /// The last part of its address.
    pub(super) fn code(self) -> &'static str {
        match self {
            Change::Coach => "coach",
            Change::Extend => "extend",
            Change::Consent => "consent",
            Change::Exit => "exit",
            Change::CorrectExit => "correct-exit",
            Change::Deliver => "documentation",
            Change::Error => "error",
        }
    }

    /// The id of its heading.
    pub(super) fn heading_id(self) -> &'static str {
        match self {
            Change::Coach => "enrolment-change-coach",
            Change::Extend => "enrolment-extend",
            Change::Consent => "enrolment-consent",
            Change::Exit => "enrolment-exit",
            Change::CorrectExit => "enrolment-correct-exit",
            Change::Deliver => "enrolment-deliver",
            Change::Error => "enrolment-register-error",
        }
    }

    fn intro_id(self) -> &'static str {
        match self {
            Change::Coach => "enrolment-change-coach-intro",
            Change::Extend => "enrolment-extend-intro",
            Change::Consent => "enrolment-consent-intro",
            Change::Exit => "enrolment-exit-intro",
            Change::CorrectExit => "enrolment-correct-exit-intro",
            Change::Deliver => "enrolment-deliver-intro",
            Change::Error => "enrolment-register-error-intro",
        }
    }

    /// What can be done with an enrolment as it stands.
    pub(super) fn offered(enrolment: &Enrolment) -> Vec<Change> {
        if enrolment.registered_in_error {
            Vec::new()
        } else if enrolment.exit.is_some() {
            vec![Change::Deliver, Change::Consent, Change::CorrectExit, Change::Error]
        } else {
            vec![Change::Coach, Change::Extend, Change::Consent, Change::Exit, Change::Error]
        }
    }
}

/// The form of a change.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((id, change)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let first = read_first(&visit, &id, &change).await?;
    let form = form(&visit, &first);
    Ok(page(&visit, &first, form))
}

/// Does it and shows the enrolment; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((id, change)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let first = read_first(&visit, &id, &change).await?;
    let mut form = form(&visit, &first);
    form.fill(&posted);
    let answer = call(&visit, first.change, &first.enrolment, &posted, &mut form).await;
    match form.kept(answer) {
        Some(After::Here) => return Ok(see_other(&address(&first.enrolment.name), None)),
        Some(After::Gone) => return Ok(see_other("/enrolments", None)),
        None => {}
    }
    Ok(page(&visit, &first, form))
}

/// Whether the enrolment is still there after a change.
enum After {
    Here,
    /// It went with its end: the person has protected identity.
    Gone,
}

async fn call(
    visit: &Visit,
    change: Change,
    enrolment: &Enrolment,
    posted: &Posted,
    form: &mut Form,
) -> Result<After, Status> {
    let mut client = EnrolmentServiceClient::new(visit.state.organisation.clone());
    let name = enrolment.name.clone();
    let etag = posted.get("etag").to_owned();
    let request_id = posted.get("request_id").to_owned();
    match change {
        Change::Coach => {
            let coach = coach::read(visit, form, "coach");
            let (day, reason) = (form.day("day", "day"), form.text("reason", "reason"));
            let validate_only = form.is_faulty();
            let asked =
                TransferCoachRequest { name, etag, coach, day, reason, request_id, validate_only };
            client.transfer_coach(visit.request(asked)?).await.map(|_| After::Here)
        }
        Change::Extend => {
            let asked = ExtendEnrolmentRequest {
                name,
                etag,
                planned_last_day: form.day("planned_last_day", "planned_last_day"),
                day: form.day("day", "day"),
                reason: form.text("reason", "reason"),
                request_id,
                validate_only: form.is_faulty(),
            };
            client.extend_enrolment(visit.request(asked)?).await.map(|_| After::Here)
        }
        Change::Consent => {
            let consent = Some(inputs::read_consent(form));
            let validate_only = form.is_faulty();
            let asked = SetConsentRequest { name, etag, consent, request_id, validate_only };
            client.set_consent(visit.request(asked)?).await.map(|_| After::Here)
        }
        Change::Exit | Change::CorrectExit | Change::Deliver | Change::Error => {
            call_at_the_end(visit, change, enrolment, posted, form).await
        }
    }
}

/// The changes that an enrolment ends with.
async fn call_at_the_end(
    visit: &Visit,
    change: Change,
    enrolment: &Enrolment,
    posted: &Posted,
    form: &mut Form,
) -> Result<After, Status> {
    let mut client = EnrolmentServiceClient::new(visit.state.organisation.clone());
    let name = enrolment.name.clone();
    let etag = posted.get("etag").to_owned();
    let request_id = posted.get("request_id").to_owned();
    match change {
        Change::Exit => {
            let exit = Some(inputs::read_exit(form));
            let validate_only = form.is_faulty();
            let asked = ExitEnrolmentRequest { name, etag, exit, request_id, validate_only };
            let answer = client.exit_enrolment(visit.request(asked)?).await?.into_inner();
            // Of somebody with protected identity, the name alone is told.
            let is_gone = answer.enrolment.is_some_and(|left| left.etag.is_empty());
            Ok(if is_gone { After::Gone } else { After::Here })
        }
        Change::CorrectExit => {
            let exit = Some(inputs::read_exit(form));
            let reason = form.text("reason", "reason");
            let validate_only = form.is_faulty();
            let asked = CorrectExitRequest { name, etag, exit, reason, request_id, validate_only };
            client.correct_exit(visit.request(asked)?).await.map(|_| After::Here)
        }
        Change::Deliver => {
            let recipients = code::all::<Recipient>();
            let recipient =
                form.chosen("recipient", "delivery.recipient", &recipients, |it| it.as_str_name());
            let recipient = recipient.unwrap_or_default().into();
            let delivery = Some(Delivery { day: form.day("day", "delivery.day"), recipient });
            let validate_only = form.is_faulty();
            let asked =
                DeliverDocumentationRequest { name, etag, delivery, request_id, validate_only };
            client.deliver_documentation(visit.request(asked)?).await.map(|_| After::Here)
        }
        Change::Coach | Change::Extend | Change::Consent | Change::Error => {
            let reason = form.text("reason", "reason");
            let validate_only = form.is_faulty();
            let asked =
                RegisterEnrolmentInErrorRequest { name, etag, reason, request_id, validate_only };
            client.register_enrolment_in_error(visit.request(asked)?).await.map(|_| After::Here)
        }
    }
}

fn form(visit: &Visit, first: &First) -> Form {
    let First { change, enrolment, places, coaches } = first;
    let language = visit.reader.language;
    let action = format!("{}/{}", address(&enrolment.name), change.code());
    let mut form = Form::new(visit, action, "enrolment-save");
    form.etag.clone_from(&enrolment.etag);
    let today = visit.state.clock.today().to_string();
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let day = |label: &str| input("day", label, Kind::Day).value(today.clone());
    let reason = || input("reason", "role-reason", Kind::Lines(1000));
    let reason = || reason().help(language, "why-help");
    match *change {
        Change::Coach => form.groups.push(Group::plain(vec![
            coach::input(visit, coaches.clone()),
            day("period-first-day"),
            reason(),
        ])),
        Change::Extend => form.groups.push(Group::plain(vec![
            input("planned_last_day", "enrolment-planned", Kind::Day),
            day("enrolment-decided"),
            reason(),
        ])),
        Change::Consent => form.groups.extend(inputs::consent(visit, places)),
        Change::Exit => form.groups.extend(inputs::exit(visit)),
        Change::CorrectExit => {
            form.groups.extend(inputs::exit(visit));
            form.groups.push(Group::plain(vec![reason()]));
        }
        Change::Deliver => {
            let recipients = code::all::<Recipient>();
            let recipients = code::choices(visit, recipients.iter().map(Recipient::as_str_name));
            let recipient = input("recipient", "delivery-recipient", Kind::Choice(recipients));
            form.groups.push(Group::plain(vec![recipient, day("own-cost-day")]));
        }
        Change::Error => form.groups.push(Group::plain(vec![reason()])),
    }
    form
}

async fn read_first(visit: &Visit, id: &str, change: &str) -> Result<First, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let change = Change::ALL.into_iter().find(|known| known.code() == change);
    let change = change.ok_or_else(|| Trouble::no_such_page(visit))?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let (places, enrolment) =
        tokio::try_join!(Places::read(visit), read(visit, id)).map_err(troubled)?;
    let mut coaches = Vec::new();
    if change == Change::Coach {
        let person = participant::read(visit, id_of(&enrolment.participant)).await;
        let party = person.map_err(troubled)?.party;
        coaches = coach::choices(visit, &enrolment.team, &party).await.map_err(troubled)?;
    }
    Ok(First { change, enrolment, places, coaches })
}

fn page(visit: &Visit, first: &First, form: Form) -> Response {
    let First { change, enrolment, places: _, coaches: _ } = first;
    let id = id_of(&enrolment.name);
    let back = Back::to(address(&enrolment.name), visit.t1("enrolment-heading", "id", id));
    form_page(visit, visit.t(change.heading_id()), back, visit.t(change.intro_id()), form)
}
