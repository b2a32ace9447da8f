//! Generated people as rows of an import.

use chrono::{Datelike as _, Days, NaiveDate};
use proto::{
    Date,
    participant::{
        self as pb, CoachSpell, ConsentKind, Identity, ImportParticipantsRequest, LivelihoodShare,
        Participant, Referral, ReferralDecision,
    },
};

use super::{
    Population,
    life::{Case, Decision, Enrolment, Exit, Livelihoods, Person},
    organisation::{MUNICIPALITIES, TEAMS, party},
};

/// How long a time in a team is planned to be.
const PLANNED: Days = Days::new(270);

/// A batch of a team's cases.
pub(super) fn request(
    population: &Population,
    team: usize,
    number: usize,
    cases: Vec<pb::Case>,
) -> ImportParticipantsRequest {
    let (id, _) = TEAMS[team];
    ImportParticipantsRequest {
        parent: population.name(),
        participant_import_id: format!("population-{id}"),
        team: format!("{}/teams/{id}", population.name()),
        cases,
        request_id: format!("population-{id}-{number}"),
        validate_only: false,
    }
}

/// The id of one of a person's cases.
pub(crate) fn id(ordinal: usize, turn: usize) -> String {
    format!("case-{ordinal}-{}", turn + 1)
}

/// A case as a row.
pub(super) fn row(population: &Population, person: &Person, turn: usize) -> pb::Case {
    let federation = population.name();
    let Case { team, sender, kind, referred, livelihoods, decision, enrolment, transfers: _ } =
        &person.cases[turn];
    let sender = format!("{federation}/parties/{}", party(*sender));
    let (code, ..) = MUNICIPALITIES[person.municipality];
    let state = decision.map(|decision| decision.state).unwrap_or_default();
    pb::Case {
        id: id(person.ordinal, turn),
        person: Some(who(person)),
        referral: Some(Referral {
            municipality: format!("{federation}/municipalities/{code}"),
            sender: sender.clone(),
            referring_kind: (*kind).into(),
            referral_date: Some(date(*referred)),
            livelihoods: shares(livelihoods),
            ready: true,
            synthetic: true,
            ..Referral::default()
        }),
        decision_date: decision.map(|decision| date(decision.day)),
        decision_state: state.into(),
        decision: decision.map(|Decision { reason, .. }| ReferralDecision {
            reason: reason.into(),
            feedback: String::new(),
        }),
        enrolment: enrolment.as_ref().map(|enrolment| {
            let owner = format!("{federation}/parties/{}", party(person.municipality));
            let (team, _) = TEAMS[*team];
            let coach = format!("{federation}/accounts/coach-{team}-{}", enrolment.coach);
            enrolled(enrolment, coach, [owner, sender])
        }),
        exit: enrolment.as_ref().and_then(|enrolment| enrolment.exit.as_ref()).map(exit),
    }
}

fn who(person: &Person) -> Participant {
    let Person { ordinal, municipality: _, sex, born, cases: _ } = person;
    Participant {
        identity: born.as_ref().map(|(digits, _)| Identity {
            personal_number: digits.clone(),
            given_name: "Test".to_owned(),
            family_name: format!("Testsson {ordinal}"),
        }),
        sex: (*sex).into(),
        protected_identity: born.is_none(),
        ..Participant::default()
    }
}

fn enrolled(enrolment: &Enrolment, coach: String, parties: [String; 2]) -> pb::Enrolment {
    let Enrolment { first, livelihoods, coach: _, exit: _ } = enrolment;
    let mut parties = parties.to_vec();
    parties.dedup();
    let consent = |kind: ConsentKind| pb::Consent {
        kind: kind.into(),
        parties: parties.clone(),
        given: Some(date(*first)),
        withdrawn: None,
    };
    pb::Enrolment {
        first_day: Some(date(*first)),
        planned_last_day: Some(date(*first + PLANNED)),
        coaches: vec![CoachSpell { coach, first_day: None, reason: String::new() }],
        consents: vec![consent(ConsentKind::ExchangeOfInformation), consent(ConsentKind::FollowUp)],
        livelihoods: livelihoods.as_ref().map(shares).unwrap_or_default(),
        ..pb::Enrolment::default()
    }
}

/// An exit as it is sent.
pub(crate) fn exit(exit: &Exit) -> pb::Exit {
    let Exit { day, outcome, subsidised, extent, livelihoods } = exit;
    pb::Exit {
        day: Some(date(*day)),
        outcome: (*outcome).into(),
        subsidised: *subsidised,
        extent_percent: *extent,
        livelihoods: shares(livelihoods),
    }
}

fn shares(livelihoods: &Livelihoods) -> Vec<LivelihoodShare> {
    let share = |(livelihood, extent_percent): &(pb::Livelihood, i32)| LivelihoodShare {
        livelihood: (*livelihood).into(),
        extent_percent: *extent_percent,
    };
    livelihoods.iter().map(share).collect()
}

/// A day as it is sent.
pub(crate) fn date(day: NaiveDate) -> Date {
    let part = |part: u32| i32::try_from(part).expect("a month and a day are small");
    Date { year: day.year(), month: part(day.month()), day: part(day.day()) }
}
