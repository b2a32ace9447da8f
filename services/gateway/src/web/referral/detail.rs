//! One referral: what it says, whom it is about for those who work with the person, its
//! way and decision, and the steps the person can take.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::participant::{Participant, Referral, ReferralState};
use tonic::Status;

use super::{offer::offer, read, state_view, step};
use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    form::{fields::Form, page::Fact},
    format,
    layout::{Layout, Visit, page_with},
    livelihood,
    participant::{self, PersonView},
    reads::id_of,
    requisition::{StateView, StepView},
};

#[derive(Template)]
#[template(path = "referral.html")]
pub(super) struct ReferralPage {
    layout: Layout,
    state: StateView,
    is_synthetic: bool,
    person: Option<PersonView>,
    facts: Vec<Fact>,
    decision: Vec<Fact>,
    steps: Vec<StepView>,
    /// Its id, when the person can be enrolled.
    to_enrol: Option<String>,
    /// The enrolment it led to; empty before.
    enrolment: String,
    pub(super) form: Form,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let page = ReferralPage::read(&visit, &id).await?;
    Ok(page_with(page.form.status(), &page))
}

impl ReferralPage {
    pub(super) async fn read(visit: &Visit, id: &str) -> Result<Self, Trouble> {
        let troubled = |status: Status| Trouble::of(visit, &status);
        let (places, referral) =
            tokio::try_join!(Places::read(visit), read(visit, id)).map_err(troubled)?;
        let person = match id_of(&referral.participant) {
            "" => None,
            person => Some(participant::read(visit, person).await.map_err(troubled)?),
        };
        let steps = offer(&visit.session.principal, &referral);
        let mut form = step::form(visit, id, &steps);
        form.etag.clone_from(&referral.etag);
        let layout = Layout::of(visit, visit.t1("referral-heading", "id", id));
        Ok(Self {
            layout: Layout { address: format!("/referrals/{id}"), ..layout },
            state: state_view(visit, referral.state()),
            is_synthetic: referral.synthetic,
            to_enrol: (referral.state() == ReferralState::Accepted && person.is_some())
                .then(|| id.to_owned()),
            enrolment: id_of(&referral.enrolment).to_owned(),
            person: person.as_ref().map(|person: &Participant| PersonView::of(visit, person)),
            facts: facts(visit, &places, &referral),
            decision: decision(visit, &referral),
            steps: step_views(visit, &referral).await,
            form,
        })
    }
}

/// Each step with the day it happened on.
async fn step_views(visit: &Visit, referral: &Referral) -> Vec<StepView> {
    let mut views = Vec::with_capacity(referral.steps.len());
    for step in &referral.steps {
        let state = state_view(visit, step.state());
        let view = StepView::of(visit, state, &step.actor, step.time.as_ref(), &step.comment).await;
        views.push(StepView { day: format::date(step.day.as_ref()), ..view });
    }
    views
}

fn facts(visit: &Visit, places: &Places, referral: &Referral) -> Vec<Fact> {
    let kind = code::called(visit, referral.referring_kind().as_str_name());
    let mut facts = vec![
        Fact::new(visit, "referral-team", places.called(&referral.team)),
        Fact::new(visit, "referral-municipality", places.called(&referral.municipality)),
        Fact::new(visit, "referral-sender", places.called(&referral.sender)),
        Fact::new(visit, "referral-kind", kind),
        Fact::new(visit, "referral-day", format::date(referral.referral_date.as_ref())),
        Fact::new(visit, "referral-livelihoods", livelihood::called(visit, &referral.livelihoods)),
        Fact::new(visit, "referral-ready", visit.t(if referral.ready { "yes" } else { "no" })),
    ];
    let given = [
        ("referral-reference", referral.sender_reference.as_str()),
        ("referral-criteria", id_of(&referral.criteria)),
        ("referral-override", referral.override_reason.as_str()),
        ("referral-queue-exception", referral.queue_exception_reason.as_str()),
    ];
    for (name, value) in given.into_iter().filter(|(_, value)| !value.is_empty()) {
        facts.push(Fact::new(visit, name, value));
    }
    facts
}

fn decision(visit: &Visit, referral: &Referral) -> Vec<Fact> {
    let Some(decision) = &referral.decision else {
        return Vec::new();
    };
    let reason = code::called(visit, decision.reason().as_str_name());
    let mut facts = vec![Fact::new(visit, "referral-decision-reason", reason)];
    if !decision.feedback.is_empty() {
        facts.push(Fact::new(visit, "referral-feedback", decision.feedback.clone()));
    }
    facts
}
