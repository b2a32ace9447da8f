//! Enrolling the person of an accepted referral.

use axum::{extract::Path, response::Response};
use chrono::{Days, Months};
use proto::participant::{
    CoachSpell, CreateEnrolmentRequest, Enrolment, GetReferralRequest, Referral,
    enrolment_service_client::EnrolmentServiceClient,
    referral_service_client::ReferralServiceClient,
};
use tonic::Status;
use values::Role;

use super::address;
use crate::web::{
    account::Places,
    coach,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    format,
    layout::Visit,
    livelihood,
    participant::{self, PersonView},
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// What the form is about.
struct First {
    referral: Referral,
    person: PersonView,
    places: Places,
    /// Who can be the coach, by name.
    coaches: Vec<Choice>,
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(referral): Path<String>) -> Result<Response, Trouble> {
    let first = read_first(&visit, &referral).await?;
    let form = form(&visit, &referral, first.coaches.clone());
    Ok(page(&visit, &first, form))
}

/// Enrols the person and shows the enrolment; or shows the form again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(referral): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let first = read_first(&visit, &referral).await?;
    let mut form = form(&visit, &referral, first.coaches.clone());
    form.fill(&posted);
    let answer = create(&visit, &posted, &first.referral, &mut form).await;
    if let Some(enrolment) = form.kept(answer) {
        return Ok(see_other(&address(&enrolment.name), None));
    }
    Ok(page(&visit, &first, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    referral: &Referral,
    form: &mut Form,
) -> Result<Enrolment, Status> {
    let coach = coach::read(visit, form, "enrolment.coaches");
    let spell = CoachSpell { coach, ..CoachSpell::default() };
    let enrolment = Enrolment {
        referral: referral.name.clone(),
        first_day: form.day("first_day", "enrolment.first_day"),
        planned_last_day: form.day("planned_last_day", "enrolment.planned_last_day"),
        coaches: vec![spell],
        synthetic: referral.synthetic,
        ..Enrolment::default()
    };
    let request = CreateEnrolmentRequest {
        parent: visit.federation(),
        enrolment_id: posted.new_id(&[id_of(&referral.team)]),
        enrolment: Some(enrolment),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = EnrolmentServiceClient::new(visit.state.organisation.clone());
    let answer = client.create_enrolment(visit.request(request)?).await?;
    Ok(answer.into_inner().enrolment.unwrap_or_default())
}

fn form(visit: &Visit, referral: &str, coaches: Vec<Choice>) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/referrals/{referral}/enrol"), "enrolment-create");
    let today = visit.state.clock.today();
    let year = today
        .checked_add_months(Months::new(12))
        .and_then(|day| day.checked_sub_days(Days::new(1)));
    let planned = year.map(|day| day.to_string()).unwrap_or_default();
    let days = vec![
        Input::new(language, "first_day", "enrolment-first-day", Kind::Day)
            .value(today.to_string()),
        Input::new(language, "planned_last_day", "enrolment-planned", Kind::Day).value(planned),
    ];
    let days = Group::row(visit.t("role-days"), days);
    form.groups.push(days.help(language, "enrolment-days-help"));
    let principal = &visit.session.principal;
    let own = if principal.has(Role::Coach) { principal.account.id.as_str() } else { "" };
    form.groups.push(Group::plain(vec![coach::input(visit, coaches).value(own)]));
    form
}

async fn read_first(visit: &Visit, id: &str) -> Result<First, Trouble> {
    Trouble::unless(visit, rights::works_with_people)?;
    let troubled = |status: Status| Trouble::of(visit, &status);
    let request = GetReferralRequest { name: reads::name(visit, "referrals", id) };
    let mut client = ReferralServiceClient::new(visit.state.organisation.clone());
    let request = visit.request(request).map_err(troubled)?;
    let answer = client.get_referral(request).await.map_err(troubled)?.into_inner();
    let referral = answer.referral.unwrap_or_default();
    let (places, person) = tokio::try_join!(
        Places::read(visit),
        participant::read(visit, id_of(&referral.participant))
    )
    .map_err(troubled)?;
    let coaches = coach::choices(visit, &referral.team, &person.party).await.map_err(troubled)?;
    Ok(First { person: PersonView::of(visit, &person), referral, places, coaches })
}

fn page(visit: &Visit, first: &First, form: Form) -> Response {
    let First { referral, person, places, coaches: _ } = first;
    let facts = vec![
        Fact::new(visit, "person-name", person.name.clone()),
        Fact::new(visit, "referral-team", places.called(&referral.team)),
        Fact::new(visit, "referral-municipality", places.called(&referral.municipality)),
        Fact::new(visit, "referral-day", format::date(referral.referral_date.as_ref())),
        Fact::new(visit, "referral-livelihoods", livelihood::called(visit, &referral.livelihoods)),
    ];
    let id = id_of(&referral.name);
    let back = Back::to(format!("/referrals/{id}"), visit.t1("referral-heading", "id", id));
    let (title, intro) = (visit.t("enrolment-new-heading"), visit.t("enrolment-new-intro"));
    form_page_with_facts(visit, title, back, intro, facts, form)
}
