//! What is told late: exits that were wrong, and people who had moved.

use chrono::{Days, NaiveDate};
use proto::participant::{
    CorrectExitRequest, ExitOutcome, GetEnrolmentRequest, GetParticipantRequest,
    GetReferralRequest, ReferralState, TransferParticipantRequest,
    enrolment_service_client::EnrolmentServiceClient,
    participant_service_client::ParticipantServiceClient,
    referral_service_client::ReferralServiceClient,
};

use super::world::World;
use crate::population::{
    Population,
    life::{Case, Enrolment, Exit, Person},
    organisation::{MUNICIPALITIES, TEAMS},
    rows::{self, date},
};

const LAST: NaiveDate = NaiveDate::from_ymd_opt(2025, 12, 31).expect("a day");

/// The person with what is told late: about a hundred exits of each large federation are
/// corrected, and as many people have moved; of a small one, those of one in ten.
pub(super) fn told(population: &Population, person: Person) -> Person {
    let one_in = |many: usize| (population.people / many).max(10);
    let mut told = person;
    let [case] = told.cases.as_mut_slice() else { return told };
    if told.ordinal % one_in(200) == 4 {
        let turn = told.ordinal / one_in(200);
        if let Some(Enrolment { first, exit: Some(exit), .. }) = &case.enrolment {
            let corrected = corrected(turn, *first, exit);
            case.enrolment = case.enrolment.clone().map(|one| Enrolment { exit: corrected, ..one });
        }
    } else if told.ordinal % one_in(1000) == 7 {
        let mut others = TEAMS[case.team].1.iter().filter(|place| **place != told.municipality);
        let since = open_since(case).map(|day| day + Days::new(20)).filter(|day| *day <= LAST);
        case.transfers.extend(since.zip(others.next_back().copied()));
    }
    told
}

/// Some had left earlier, some later and to something else, some not at all.
fn corrected(turn: usize, first: NaiveDate, exit: &Exit) -> Option<Exit> {
    let [earlier, later] = [exit.day - Days::new(100), exit.day + Days::new(40)];
    match turn % 3 {
        0 => Some(Exit { day: earlier.max(first), ..exit.clone() }),
        1 => Some(Exit {
            day: later.min(LAST),
            outcome: ExitOutcome::JobSeeking,
            subsidised: false,
            extent: 0,
            ..exit.clone()
        }),
        _ => None,
    }
}

/// The day since which somebody is in the queue or enrolled.
fn open_since(case: &Case) -> Option<NaiveDate> {
    match &case.enrolment {
        Some(enrolment) => enrolment.exit.is_none().then_some(enrolment.first),
        None => {
            let decision = case.decision?;
            (decision.state == ReferralState::Accepted).then_some(decision.day)
        }
    }
}

/// Tells the service what of a person is told late; answers how many entries that is.
pub(super) async fn enter(world: &World, before: &Person, after: &Person) -> usize {
    let mut entries = 0;
    for (turn, (before, told)) in before.cases.iter().zip(&after.cases).enumerate() {
        let id = rows::id(after.ordinal, turn);
        let exit = |case: &Case| case.enrolment.clone().and_then(|enrolment| enrolment.exit);
        let (was, is) = (exit(before).map(|exit| rows::exit(&exit)), exit(told));
        let is = is.map(|exit| rows::exit(&exit));
        if was != is {
            correct_exit(world, &id, is).await;
            entries += 1;
        }
        for (day, place) in &told.transfers {
            transfer(world, &id, *day, *place).await;
            entries += 1;
        }
    }
    entries
}

async fn correct_exit(world: &World, id: &str, exit: Option<proto::participant::Exit>) {
    let name = format!("{}/enrolments/{id}", world.population.name());
    let mut enrolments = EnrolmentServiceClient::new(world.transport.clone());
    let get = world.request(GetEnrolmentRequest { name: name.clone() });
    let found = enrolments.get_enrolment(get).await.unwrap().into_inner().enrolment.unwrap();
    let request = CorrectExitRequest {
        name,
        etag: found.etag,
        exit,
        reason: "Fel i listan".to_owned(),
        request_id: format!("correct-{id}"),
        validate_only: false,
    };
    enrolments.correct_exit(world.request(request)).await.unwrap();
}

async fn transfer(world: &World, id: &str, day: NaiveDate, place: usize) {
    let federation = world.population.name();
    let mut referrals = ReferralServiceClient::new(world.transport.clone());
    let get = world.request(GetReferralRequest { name: format!("{federation}/referrals/{id}") });
    let referral = referrals.get_referral(get).await.unwrap().into_inner().referral.unwrap();
    let mut people = ParticipantServiceClient::new(world.transport.clone());
    let get = world.request(GetParticipantRequest { name: referral.participant.clone() });
    let person = people.get_participant(get).await.unwrap().into_inner().participant.unwrap();
    let request = TransferParticipantRequest {
        name: referral.participant,
        etag: person.etag,
        municipality: format!("{federation}/municipalities/{}", MUNICIPALITIES[place].0),
        day: Some(date(day)),
        reason: "Har flyttat".to_owned(),
        request_id: format!("transfer-{id}"),
        validate_only: false,
    };
    people.transfer_participant(world.request(request)).await.unwrap();
}
