//! Sending a referral. Who it is about goes in the body of the form and nowhere else:
//! not into an address, a title or a log.

use axum::response::Response;
use proto::participant::{
    CreateReferralRequest, Identity, Participant, Referral, ReferringKind, Sex,
    referral_service_client::ReferralServiceClient,
};
use tonic::Status;

use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    livelihood,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit).await?;
    Ok(page(&visit, form))
}

/// Sends the referral and shows it; or shows the form again, with everything that is
/// wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit).await?;
    form.fill(&posted);
    let referral = read_referral(&mut form);
    let person = read_person(&mut form);
    let answer = create(&visit, &posted, referral, person, form.is_faulty()).await;
    if let Some(sent) = form.kept(answer) {
        return Ok(see_other(&format!("/referrals/{}", id_of(&sent.name)), None));
    }
    Ok(page(&visit, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    referral: Referral,
    person: Participant,
    validate_only: bool,
) -> Result<Referral, Status> {
    let year = referral.referral_date.map(|day| day.year.to_string()).unwrap_or_default();
    let request = CreateReferralRequest {
        parent: visit.federation(),
        referral_id: posted.new_id(&[id_of(&referral.team), &year]),
        referral: Some(referral),
        person: Some(person),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = ReferralServiceClient::new(visit.state.organisation.clone());
    let answer = client.create_referral(visit.request(request)?).await?;
    Ok(answer.into_inner().referral.unwrap_or_default())
}

fn read_referral(form: &mut Form) -> Referral {
    let kinds = code::all::<ReferringKind>();
    let referring_kind =
        form.chosen("kind", "referral.referring_kind", &kinds, |kind| kind.as_str_name());
    let livelihoods = livelihood::read(form, "referral.livelihoods");
    Referral {
        team: form.resource("team", "referral.team", "teams"),
        municipality: form.resource("municipality", "referral.municipality", "municipalities"),
        sender: form.resource("sender", "referral.sender", "parties"),
        referring_kind: referring_kind.unwrap_or_default().into(),
        sender_reference: form.text("reference", "referral.sender_reference"),
        referral_date: form.day("day", "referral.referral_date"),
        livelihoods,
        ready: form.text("ready", "referral.ready") == code::YES,
        override_reason: form.text("override_reason", "referral.override_reason"),
        ..Referral::default()
    }
}

fn read_person(form: &mut Form) -> Participant {
    let sexes = code::all::<Sex>();
    let sex = form.chosen("sex", "person.sex", &sexes, |sex| sex.as_str_name());
    let protected_identity = form.text("protected", "person.protected_identity") == code::YES;
    let identity = Identity {
        personal_number: form.text("personal_number", "person.identity.personal_number"),
        given_name: form.text("given_name", "person.identity.given_name"),
        family_name: form.text("family_name", "person.identity.family_name"),
    };
    let is_told = identity != Identity::default();
    Participant {
        sex: sex.unwrap_or_default().into(),
        // With protected identity, whatever is told is refused rather than dropped.
        identity: (is_told || !protected_identity).then_some(identity),
        protected_identity,
        ..Participant::default()
    }
}

async fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::sees_referrals)?;
    let (places, municipalities) =
        tokio::try_join!(Places::read(visit), reads::municipalities(visit))
            .map_err(|status| Trouble::of(visit, &status))?;
    let mut form = Form::new(visit, "/referrals/new", "referral-send");
    let language = visit.reader.language;
    let choose = |choices: Vec<Choice>| {
        let first = Choice::new("", visit.t("choose"));
        std::iter::once(first).chain(choices).collect::<Vec<Choice>>()
    };
    let senders: Vec<Choice> = rights::referring_parties(&visit.session.principal)
        .iter()
        .map(|party| {
            let name = reads::name(visit, "parties", party.as_str());
            Choice::new(party.as_str(), places.called(&name))
        })
        .collect();
    let municipalities = municipalities
        .iter()
        .map(|it| Choice::new(id_of(&it.name), it.display_name.clone()))
        .collect();
    let kinds = code::all::<ReferringKind>();
    let kinds = code::choices(visit, kinds.iter().map(ReferringKind::as_str_name));
    let today = visit.state.clock.today().to_string();
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    form.groups.push(Group::plain(vec![
        input("team", "referral-team", Kind::Choice(choose(places.teams()))),
        input("municipality", "referral-municipality", Kind::Choice(choose(municipalities)))
            .help(language, "referral-municipality-help"),
        input("sender", "referral-sender", Kind::Choice(senders)),
        input("kind", "referral-kind", Kind::Choice(kinds)),
        input("day", "referral-day", Kind::Day).value(today).help(language, "referral-day-help"),
        input("reference", "referral-reference", Kind::Text(40))
            .help(language, "referral-reference-help")
            .optional(language),
    ]));
    form.groups.extend(person_inputs(visit));
    form.groups.extend(ground_inputs(visit));
    Ok(form)
}

fn person_inputs(visit: &Visit) -> Vec<Group> {
    let language = visit.reader.language;
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let sexes = code::all::<Sex>();
    let sexes = code::choices(visit, sexes.iter().map(Sex::as_str_name));
    vec![
        Group::heading(visit.t("referral-person")),
        Group::plain(vec![
            input("sex", "person-sex", Kind::Choice(sexes)),
            input("protected", "person-protected", Kind::Choice(code::no_or_yes(visit)))
                .help(language, "person-protected-help"),
            input("personal_number", "person-number", Kind::Text(20))
                .help(language, "person-number-help"),
        ]),
        Group::row(
            visit.t("person-name"),
            vec![
                input("given_name", "person-given-name", Kind::Text(100)),
                input("family_name", "person-family-name", Kind::Text(100)),
            ],
        ),
    ]
}

fn ground_inputs(visit: &Visit) -> Vec<Group> {
    let language = visit.reader.language;
    let mut groups = vec![Group::heading(visit.t("referral-ground"))];
    groups.extend(livelihood::inputs(visit));
    let ready =
        Input::new(language, "ready", "referral-ready", Kind::Choice(code::no_or_yes(visit)));
    let reason = Input::new(language, "override_reason", "referral-override", Kind::Lines(1000));
    groups.push(Group::plain(vec![
        ready,
        reason.help(language, "referral-override-help").optional(language),
    ]));
    groups
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to("/referrals", visit.t("referrals-heading"));
    form_page(visit, visit.t("referral-new-heading"), back, visit.t("referral-new-intro"), form)
}
