//! People for the tests: an organisation, callers who work with them, and referrals.

use chrono::{Days, NaiveDate};
use platform::{Principal, failure::Problem, testing::caller};
use proto::{
    Date,
    organisation::{ImportOrganisationRequest, Municipality, Party, PartyKind, Team},
    participant::{
        CreateReferralRequest, DecideReferralRequest, DecisionReason, GetReferralRequest, Identity,
        Livelihood, LivelihoodShare, Participant, ReceiveReferralRequest, Referral,
        ReferralDecision, ReferralState, ReferringKind, Sex,
    },
};
use tonic::{Response, Status};
use values::{Role, Scope, number::luhn_check_digit};

use crate::world::{HOME, World};

/// Official test numbers.
pub(crate) const NUMBER: &str = "197010632391";
pub(crate) const OTHER_NUMBER: &str = "189001019802";
pub(crate) const THIRD_NUMBER: &str = "198112289874";

/// Köping's and Sala's people go to the team Norra, Köping's to Västra; nobody is
/// responsible for Arboga's.
pub(crate) async fn organised(database: platform::Database) -> World {
    let world = World::new(database).await;
    let party = |id: &str, kind: PartyKind| Party {
        name: format!("{HOME}/parties/{id}"),
        display_name: id.to_owned(),
        organisation_number: "2021005489".to_owned(),
        kind: kind.into(),
        synthetic: true,
    };
    let municipality = |code: &str, party: &str| Municipality {
        name: format!("{HOME}/municipalities/{code}"),
        scb_code: code.to_owned(),
        display_name: code.to_owned(),
        area: String::new(),
        party: if party.is_empty() { String::new() } else { format!("{HOME}/parties/{party}") },
    };
    let team = |id: &str, codes: &[&str]| Team {
        name: format!("{HOME}/teams/{id}"),
        display_name: id.to_owned(),
        municipalities: codes.iter().map(|code| format!("{HOME}/municipalities/{code}")).collect(),
    };
    let request = ImportOrganisationRequest {
        parent: HOME.to_owned(),
        parties: vec![
            party("sala", PartyKind::Municipality),
            party("koping", PartyKind::Municipality),
            party("agency", PartyKind::StateAgency),
        ],
        municipalities: vec![
            municipality("1981", "sala"),
            municipality("1983", "koping"),
            municipality("1984", ""),
        ],
        teams: vec![team("norra", &["1981", "1983", "1984"]), team("vastra", &["1983"])],
        request_id: "organisation".to_owned(),
        ..Default::default()
    };
    let answer = world.imports().import_organisation(world.office(request)).await.unwrap();
    assert_eq!(answer.into_inner().faults, []);
    world
}

/// One who holds a role for a scope.
pub(crate) fn holder(account: &str, role: Role, scope: &str) -> Principal {
    caller("vastmanland", account, &[(role, Scope::parse("scope", scope).unwrap())])
}

/// A coach with Sala's people in Norra.
pub(crate) fn coach() -> Principal {
    holder("coach", Role::Coach, "party/sala/team/norra")
}

/// A coach with Köping's people in Norra.
pub(crate) fn other_coach() -> Principal {
    holder("annan-coach", Role::Coach, "party/koping/team/norra")
}

/// An officer of the agency, who refers.
pub(crate) fn officer() -> Principal {
    holder("handlaggare", Role::ReferringOfficer, "party/agency")
}

pub(crate) fn date(text: &str) -> Option<Date> {
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    Some(Date { year: parts[0], month: parts[1], day: parts[2] })
}

pub(crate) fn person(number: &str) -> Participant {
    Participant {
        identity: Some(Identity {
            personal_number: number.to_owned(),
            given_name: "Test".to_owned(),
            family_name: "Testsson".to_owned(),
        }),
        sex: Sex::Woman.into(),
        ..Participant::default()
    }
}

pub(crate) fn protected() -> Participant {
    Participant { sex: Sex::Man.into(), protected_identity: true, ..Participant::default() }
}

/// A man who is nobody: Skatteverket keeps the serials 980 to 999 of every day of birth for
/// tests. The first 366 are born in 1980.
pub(crate) fn somebody(ordinal: usize) -> Participant {
    let first = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap();
    let born = first + Days::new(u64::try_from(ordinal).unwrap());
    let short = format!("{}981", born.format("%y%m%d"));
    let number = format!("19{short}{}", luhn_check_digit(&short));
    Participant { sex: Sex::Man.into(), ..person(&number) }
}

/// What the agency sends about one of Sala's to Norra.
pub(crate) fn referral(id: &str, person: Participant) -> CreateReferralRequest {
    CreateReferralRequest {
        parent: HOME.to_owned(),
        referral_id: id.to_owned(),
        referral: Some(Referral {
            team: format!("{HOME}/teams/norra"),
            municipality: format!("{HOME}/municipalities/1981"),
            sender: format!("{HOME}/parties/agency"),
            referring_kind: ReferringKind::SocialInsuranceAgency.into(),
            referral_date: date("2025-03-01"),
            livelihoods: vec![LivelihoodShare {
                livelihood: Livelihood::SicknessBenefit.into(),
                extent_percent: 100,
            }],
            ..Referral::default()
        }),
        person: Some(person),
        request_id: format!("send-{id}"),
        validate_only: false,
    }
}

/// The same, changed.
pub(crate) fn changed(
    id: &str,
    person: Participant,
    change: impl FnOnce(&mut Referral),
) -> CreateReferralRequest {
    let mut request = referral(id, person);
    change(request.referral.as_mut().unwrap());
    request
}

/// Sends it by the agency's officer.
pub(crate) async fn sent(world: &World, request: CreateReferralRequest) -> Referral {
    let request = world.by(&officer(), request);
    world.referrals().create_referral(request).await.unwrap().into_inner().referral.unwrap()
}

/// The referral as somebody reads it.
pub(crate) async fn read(world: &World, caller: &Principal, id: &str) -> Result<Referral, Status> {
    let get = GetReferralRequest { name: format!("{HOME}/referrals/{id}") };
    let read = world.referrals().get_referral(world.by(caller, get)).await?;
    Ok(read.into_inner().referral.unwrap())
}

pub(crate) fn receive(id: &str, etag: &str) -> ReceiveReferralRequest {
    ReceiveReferralRequest {
        name: format!("{HOME}/referrals/{id}"),
        etag: etag.to_owned(),
        day: date("2025-03-05"),
        comment: String::new(),
        request_id: format!("receive-{id}-{etag}"),
        validate_only: false,
    }
}

pub(crate) fn decide(
    id: &str,
    etag: &str,
    state: ReferralState,
    reason: DecisionReason,
) -> DecideReferralRequest {
    DecideReferralRequest {
        name: format!("{HOME}/referrals/{id}"),
        etag: etag.to_owned(),
        day: date("2025-03-10"),
        state: state.into(),
        decision: Some(ReferralDecision { reason: reason.into(), feedback: "Beslut".to_owned() }),
        comment: String::new(),
        request_id: format!("decide-{id}-{etag}"),
        validate_only: false,
    }
}

/// Sends a referral by the agency's officer, and has the coach accept it.
pub(crate) async fn accepted(world: &World, request: CreateReferralRequest) -> Referral {
    let id = request.referral_id.clone();
    sent(world, request).await;
    accept(world, &coach(), &id).await
}

/// Receives a referral and accepts it.
pub(crate) async fn accept(world: &World, coach: &Principal, id: &str) -> Referral {
    let mut referrals = world.referrals();
    referrals.receive_referral(world.by(coach, receive(id, "1"))).await.unwrap();
    let accept = decide(id, "2", ReferralState::Accepted, DecisionReason::MeetsCriteria);
    let answer = referrals.decide_referral(world.by(coach, accept)).await.unwrap();
    answer.into_inner().referral.unwrap()
}

/// Reason and facts of what must have been refused.
pub(crate) fn refusal<T>(answer: Result<Response<T>, Status>) -> (String, Vec<(String, String)>) {
    let problem = Problem::of(&answer.err().unwrap());
    (problem.reason, problem.facts)
}
