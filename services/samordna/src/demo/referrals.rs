//! A few referrals, made by the accounts that may make them: people with the numbers
//! that Skatteverket gives out for tests, and one with protected identity.

use anyhow::Context as _;
use proto::{
    Date,
    participant::{
        CallReferralRequest, CreateGroupActivityRequest, CreatePositionRequest,
        CreateReferralRequest, DecideReferralRequest, DecisionReason, GroupActivity, Identity,
        Livelihood, LivelihoodShare, Participant, PayerShare, Position, PositionSpell,
        ReceiveReferralRequest, Referral, ReferralDecision, ReferralState, ReferringKind, Sex,
        group_activity_service_client::GroupActivityServiceClient,
        position_service_client::PositionServiceClient,
        referral_service_client::ReferralServiceClient,
    },
};

use super::FEDERATION;
use crate::import::Gateway;

const TEAM: &str = "vastra-malardalen";

/// Somebody who is referred: number, sex, month and day of the referral in 2025,
/// livelihood; and how far the team has come.
type Referred = (&'static str, Sex, (i32, i32), Livelihood, ReferralState);

const REFERRED: [Referred; 5] = [
    ("197010632391", Sex::Man, (3, 3), Livelihood::SocialAssistance, ReferralState::Accepted),
    ("198112289874", Sex::Woman, (4, 14), Livelihood::SicknessBenefit, ReferralState::Accepted),
    ("189001019802", Sex::Woman, (5, 19), Livelihood::ActivitySupport, ReferralState::Called),
    // Protected identity: nothing but the sex.
    ("", Sex::NotStated, (5, 26), Livelihood::NotStated, ReferralState::Sent),
    ("191212121212", Sex::Man, (1, 13), Livelihood::SocialAssistance, ReferralState::Accepted),
];

/// Sends the referrals and takes their steps, and gives the team a coach and an activity.
/// What was made before is answered again.
///
/// # Errors
/// When a service refuses or does not answer.
pub async fn make(officer: Gateway, coordinator: Gateway) -> anyhow::Result<()> {
    let mut sender = ReferralServiceClient::new(officer);
    let mut team = ReferralServiceClient::new(coordinator.clone());
    for (number, (personal_number, sex, day, livelihood, state)) in (1..).zip(REFERRED) {
        let sent = referral(day, livelihood);
        let request = CreateReferralRequest {
            parent: parent(),
            referral_id: format!("demo-{number}"),
            referral: Some(sent),
            person: Some(person(number, personal_number, sex)),
            request_id: format!("demo-referral-{number}"),
            validate_only: false,
        };
        sender.create_referral(request).await.context("a referral")?;
        if state != ReferralState::Sent {
            advance(&mut team, number, day, state).await?;
        }
    }
    staff(coordinator.clone()).await?;
    activity(coordinator).await
}

pub(super) fn parent() -> String {
    format!("federations/{FEDERATION}")
}

pub(super) fn day((month, day): (i32, i32)) -> Option<Date> {
    Some(Date { year: 2025, month, day })
}

fn referral(on: (i32, i32), livelihood: Livelihood) -> Referral {
    Referral {
        team: format!("{}/teams/{TEAM}", parent()),
        municipality: format!("{}/municipalities/1983", parent()),
        sender: format!("{}/parties/koping", parent()),
        referring_kind: ReferringKind::Municipality.into(),
        referral_date: day(on),
        livelihoods: vec![LivelihoodShare { livelihood: livelihood.into(), extent_percent: 0 }],
        ready: true,
        synthetic: true,
        ..Referral::default()
    }
}

fn person(number: i32, personal_number: &str, sex: Sex) -> Participant {
    let is_protected = personal_number.is_empty();
    let identity = Identity {
        personal_number: personal_number.to_owned(),
        given_name: "Test".to_owned(),
        family_name: format!("Testsson {number}"),
    };
    Participant {
        sex: sex.into(),
        identity: (!is_protected).then_some(identity),
        protected_identity: is_protected,
        ..Participant::default()
    }
}

/// Receives the referral and calls the person, and accepts when that is the end of it.
async fn advance(
    team: &mut ReferralServiceClient<Gateway>,
    number: i32,
    (month, on): (i32, i32),
    state: ReferralState,
) -> anyhow::Result<()> {
    let name = format!("{}/referrals/demo-{number}", parent());
    let request = ReceiveReferralRequest {
        name: name.clone(),
        etag: "1".to_owned(),
        day: day((month, on + 1)),
        comment: String::new(),
        request_id: format!("demo-receive-{number}"),
        validate_only: false,
    };
    team.receive_referral(request).await.context("a referral received")?;
    let request = CallReferralRequest {
        name: name.clone(),
        etag: "2".to_owned(),
        day: day((month, on + 2)),
        comment: String::new(),
        request_id: format!("demo-call-{number}"),
        validate_only: false,
    };
    team.call_referral(request).await.context("a person called")?;
    if state != ReferralState::Accepted {
        return Ok(());
    }
    let decision = ReferralDecision {
        reason: DecisionReason::MeetsCriteria.into(),
        feedback: "Välkommen till teamet.".to_owned(),
    };
    let request = DecideReferralRequest {
        name,
        etag: "3".to_owned(),
        day: day((month, on + 9)),
        state: state.into(),
        decision: Some(decision),
        comment: String::new(),
        request_id: format!("demo-decide-{number}"),
        validate_only: false,
    };
    team.decide_referral(request).await.context("a decision")?;
    Ok(())
}

async fn staff(coordinator: Gateway) -> anyhow::Result<()> {
    let spell = PositionSpell {
        first_day: day((1, 1)),
        last_day: None,
        fte_percent: 100,
        vacant: false,
        payers: vec![PayerShare { party: String::new(), fte_percent: 100 }],
    };
    let position = Position {
        team: format!("{}/teams/{TEAM}", parent()),
        title: "Coach".to_owned(),
        coaches: true,
        employer: format!("{}/parties/koping", parent()),
        spells: vec![spell],
        ..Position::default()
    };
    let request = CreatePositionRequest {
        parent: parent(),
        position_id: "demo-coach".to_owned(),
        position: Some(position),
        request_id: "demo-position".to_owned(),
        validate_only: false,
    };
    PositionServiceClient::new(coordinator).create_position(request).await.context("a position")?;
    Ok(())
}

async fn activity(coordinator: Gateway) -> anyhow::Result<()> {
    let activity = GroupActivity {
        team: format!("{}/teams/{TEAM}", parent()),
        title: "Friskvård på schemat".to_owned(),
        day: day((5, 20)),
        invited: 12,
        accepted: 9,
        attended: 7,
        ..GroupActivity::default()
    };
    let request = CreateGroupActivityRequest {
        parent: parent(),
        group_activity_id: "demo-friskvard".to_owned(),
        group_activity: Some(activity),
        request_id: "demo-activity".to_owned(),
        validate_only: false,
    };
    let mut client = GroupActivityServiceClient::new(coordinator);
    client.create_group_activity(request).await.context("an activity")?;
    Ok(())
}
