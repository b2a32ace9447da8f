//! One enrolment: who, what is done, coaches, consents, decisions, the exit, and what can
//! be done.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::participant::{Enrolment, Exit};
use tonic::Status;

use super::{change::Change, course::CourseView, read, state_view};
use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    form::page::Fact,
    format,
    layout::{Layout, Visit, page},
    livelihood,
    participant::{self, PersonView},
    reads::id_of,
    requisition::StateView,
    rights,
};

#[derive(Template)]
#[template(path = "enrolment.html")]
struct EnrolmentPage {
    layout: Layout,
    id: String,
    state: StateView,
    is_synthetic: bool,
    person: PersonView,
    facts: Vec<Fact>,
    exit: Vec<Fact>,
    coaches: Vec<CoachView>,
    consents: Vec<ConsentView>,
    extensions: Vec<ExtensionView>,
    deliveries: Vec<Fact>,
    changes: Vec<(&'static str, String)>,
    course: CourseView,
}

struct CoachView {
    name: String,
    first_day: String,
    reason: String,
}

struct ConsentView {
    kind: String,
    parties: String,
    given: String,
    withdrawn: String,
}

struct ExtensionView {
    planned_last_day: String,
    day: String,
    reason: String,
}

/// The page. Its title says nothing of who it is about.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::works_with_people)?;
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (places, enrolment) =
        tokio::try_join!(Places::read(&visit), read(&visit, &id)).map_err(troubled)?;
    let person = participant::read(&visit, id_of(&enrolment.participant)).await;
    let person = person.map_err(troubled)?;
    let course = CourseView::read(&visit, &enrolment).await.map_err(troubled)?;
    let mut coaches = Vec::with_capacity(enrolment.coaches.len());
    for spell in &enrolment.coaches {
        coaches.push(CoachView {
            name: visit.state.display_name(&spell.coach).await,
            first_day: format::date(spell.first_day.as_ref()),
            reason: spell.reason.clone(),
        });
    }
    let changes = Change::offered(&enrolment).into_iter();
    Ok(page(&EnrolmentPage {
        layout: Layout::of(&visit, visit.t1("enrolment-heading", "id", &id)),
        id,
        state: state_view(&visit, &enrolment),
        is_synthetic: enrolment.synthetic,
        person: PersonView::of(&visit, &person),
        facts: facts(&visit, &places, &enrolment),
        exit: enrolment.exit.as_ref().map(|exit| exit_facts(&visit, exit)).unwrap_or_default(),
        coaches,
        consents: consents(&visit, &places, &enrolment),
        extensions: extensions(&enrolment),
        deliveries: deliveries(&visit, &enrolment),
        changes: changes.map(|change| (change.code(), visit.t(change.heading_id()))).collect(),
        course,
    }))
}

fn facts(visit: &Visit, places: &Places, enrolment: &Enrolment) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new(visit, "referral-team", places.called(&enrolment.team)),
        Fact::new(visit, "enrolment-first-day", format::date(enrolment.first_day.as_ref())),
        Fact::new(visit, "enrolment-planned", format::date(enrolment.planned_last_day.as_ref())),
        Fact::new(visit, "referral-livelihoods", livelihood::called(visit, &enrolment.livelihoods)),
    ];
    if !enrolment.error_reason.is_empty() {
        facts.push(Fact::new(visit, "role-reason", enrolment.error_reason.clone()));
    }
    facts
}

fn exit_facts(visit: &Visit, exit: &Exit) -> Vec<Fact> {
    let outcome = code::called(visit, exit.outcome().as_str_name());
    let mut facts = vec![
        Fact::new(visit, "exit-day", format::date(exit.day.as_ref())),
        Fact::new(visit, "exit-outcome", outcome),
    ];
    if exit.subsidised {
        facts.push(Fact::new(visit, "exit-subsidised", visit.t("yes")));
    }
    if exit.extent_percent > 0 {
        facts.push(Fact::new(visit, "livelihood-extent", format::percent(exit.extent_percent)));
    }
    facts.push(Fact::new(visit, "exit-livelihoods", livelihood::called(visit, &exit.livelihoods)));
    facts
}

fn consents(visit: &Visit, places: &Places, enrolment: &Enrolment) -> Vec<ConsentView> {
    let view = |consent: &proto::participant::Consent| ConsentView {
        kind: code::called(visit, consent.kind().as_str_name()),
        parties: consent
            .parties
            .iter()
            .map(|party| places.called(party))
            .collect::<Vec<_>>()
            .join(", "),
        given: format::date(consent.given.as_ref()),
        withdrawn: format::date(consent.withdrawn.as_ref()),
    };
    enrolment.consents.iter().map(view).collect()
}

fn extensions(enrolment: &Enrolment) -> Vec<ExtensionView> {
    let view = |extension: &proto::participant::Extension| ExtensionView {
        planned_last_day: format::date(extension.planned_last_day.as_ref()),
        day: format::date(extension.day.as_ref()),
        reason: extension.reason.clone(),
    };
    enrolment.extensions.iter().map(view).collect()
}

fn deliveries(visit: &Visit, enrolment: &Enrolment) -> Vec<Fact> {
    let fact = |delivery: &proto::participant::Delivery| Fact {
        name: code::called(visit, delivery.recipient().as_str_name()),
        value: format::date(delivery.day.as_ref()),
    };
    enrolment.deliveries.iter().map(fact).collect()
}
