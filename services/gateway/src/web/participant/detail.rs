//! One person: who it is, and the referrals.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::participant::{Enrolment, Participant};
use tonic::Status;

use super::{PersonView, read};
use crate::web::{
    account::Places,
    enrolment,
    error_page::Trouble,
    form::page::Fact,
    format,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    referral::{self, RowView},
    requisition::StateView,
    rights,
};

#[derive(Template)]
#[template(path = "participant.html")]
struct ParticipantPage {
    layout: Layout,
    person: PersonView,
    facts: Vec<Fact>,
    merged_into: String,
    rows: Vec<RowView>,
    enrolments: Vec<EnrolmentView>,
}

struct EnrolmentView {
    id: String,
    team: String,
    first_day: String,
    state: StateView,
}

/// The page. Its title says nothing of who it is about.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::works_with_people)?;
    let name = reads::name(&visit, "participants", &id);
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (places, person) =
        tokio::try_join!(Places::read(&visit), read(&visit, &id)).map_err(troubled)?;
    // People with protected identity are in no list; their cases open by their names.
    let (referrals, enrolments) = match person.protected_identity {
        true => (Vec::new(), Vec::new()),
        false => tokio::try_join!(
            referral::of_person(&visit, &name),
            enrolment::of_person(&visit, &name)
        )
        .map_err(troubled)?,
    };
    let enrolment = |it: &Enrolment| EnrolmentView {
        id: id_of(&it.name).to_owned(),
        team: places.called(&it.team),
        first_day: format::date(it.first_day.as_ref()),
        state: enrolment::state_view(&visit, it),
    };
    Ok(page(&ParticipantPage {
        layout: Layout::of(&visit, visit.t("person-heading")),
        facts: facts(&visit, &places, &person),
        merged_into: id_of(&person.merged_into).to_owned(),
        rows: referrals.iter().map(|it| RowView::of(&visit, &places, it)).collect(),
        enrolments: enrolments.iter().map(enrolment).collect(),
        person: PersonView::of(&visit, &person),
    }))
}

fn facts(visit: &Visit, places: &Places, person: &Participant) -> Vec<Fact> {
    let view = PersonView::of(visit, person);
    let mut facts = vec![Fact::new(visit, "person-name", view.name)];
    if !view.is_protected {
        facts.push(Fact::new(visit, "person-number", view.number));
        facts.push(Fact::new(visit, "person-birth-year", view.birth_year));
    }
    facts.push(Fact::new(visit, "person-sex", view.sex));
    if person.start_year != 0 {
        facts.push(Fact::new(visit, "person-start-year", person.start_year.to_string()));
    }
    facts.push(Fact::new(visit, "referral-municipality", places.called(&person.municipality)));
    facts.push(Fact::new(visit, "account-party", places.called(&person.party)));
    if !person.change_reason.is_empty() {
        facts.push(Fact::new(visit, "person-change-reason", person.change_reason.clone()));
    }
    facts
}
