//! Prepared answers: a referral, the person it is about, and what the team has.

use proto::{
    Date,
    participant::{
        Capacity, CoachSpell, Consent, ConsentKind, Criteria, DecisionReason, Enrolment, Exit,
        Extension, GetCapacityResponse, GetEnrolmentResponse, GetParticipantResponse,
        GetPositionResponse, GetReferralResponse, GroupActivity, Identity, IntakePause,
        ListCriteriaResponse, ListEnrolmentsResponse, ListGroupActivitiesResponse,
        ListIntakePausesResponse, ListParticipantsResponse, ListPositionsResponse,
        ListReadsResponse, ListReferralsResponse, ListReservedPlacesResponse, Livelihood,
        LivelihoodShare, Participant, PayerShare, Position, PositionSpell, Read, Referral,
        ReferralDecision, ReferralState, ReferralStep, ReferringKind, ReservedPlaces, Sex,
    },
};

use super::{Services, name};

/// One of the numbers that are made for tests.
pub(crate) const NUMBER: &str = "197010632391";
/// Its name in the tests.
pub(crate) const FAMILY_NAME: &str = "Testsson";

fn day(month: i32, day: i32) -> Option<Date> {
    Some(Date { year: 2025, month, day })
}

/// The referral in a state; to its sender without the person.
pub(crate) fn referral(state: ReferralState) -> Referral {
    let step = |state: ReferralState, on: i32| ReferralStep {
        state: state.into(),
        actor: name("accounts", "sofia"),
        time: None,
        day: day(6, on),
        comment: "Hörde av sig själv".to_owned(),
    };
    Referral {
        name: name("referrals", "a1"),
        participant: name("participants", "p1"),
        team: name("teams", "hallstahammar"),
        municipality: name("municipalities", "1961"),
        sender: name("parties", "hallstahammar"),
        referring_kind: ReferringKind::Municipality.into(),
        sender_reference: "2025-17".to_owned(),
        referral_date: day(6, 2),
        livelihoods: vec![LivelihoodShare {
            livelihood: Livelihood::SocialAssistance.into(),
            extent_percent: 100,
        }],
        ready: true,
        criteria: name("criteria", "hallstahammar-2025"),
        state: state.into(),
        steps: vec![step(ReferralState::Sent, 2), step(state, 4)],
        decision: Some(ReferralDecision {
            reason: DecisionReason::Incomplete.into(),
            feedback: "Läkarintyget saknas".to_owned(),
        }),
        etag: "2".to_owned(),
        synthetic: true,
        ..Referral::default()
    }
}

fn person() -> Participant {
    Participant {
        name: name("participants", "p1"),
        party: name("parties", "hallstahammar"),
        municipality: name("municipalities", "1961"),
        identity: Some(Identity {
            personal_number: NUMBER.to_owned(),
            given_name: "Test".to_owned(),
            family_name: FAMILY_NAME.to_owned(),
        }),
        sex: Sex::Woman.into(),
        birth_year: 1970,
        etag: "1".to_owned(),
        ..Participant::default()
    }
}

/// The enrolment that the referral led to, going on or ended.
pub(crate) fn enrolment(exit: Option<Exit>) -> Enrolment {
    let coach = CoachSpell {
        coach: name("accounts", "sofia"),
        first_day: day(6, 16),
        reason: String::new(),
    };
    let consent = Consent {
        kind: ConsentKind::FollowUp.into(),
        parties: vec![name("parties", "hallstahammar")],
        given: day(6, 16),
        withdrawn: None,
    };
    let extension = Extension {
        planned_last_day: Some(Date { year: 2026, month: 6, day: 30 }),
        day: day(7, 1),
        reason: "Arbetsträningen fortsätter".to_owned(),
    };
    Enrolment {
        name: name("enrolments", "e1"),
        referral: name("referrals", "a1"),
        participant: name("participants", "p1"),
        team: name("teams", "hallstahammar"),
        first_day: day(6, 16),
        planned_last_day: day(7, 1),
        coaches: vec![coach],
        consents: vec![consent],
        extensions: vec![extension],
        exit,
        livelihoods: vec![LivelihoodShare {
            livelihood: Livelihood::SocialAssistance.into(),
            extent_percent: 100,
        }],
        synthetic: true,
        etag: "3".to_owned(),
        ..Enrolment::default()
    }
}

pub(super) fn prepare(services: &Services) {
    const REFERRALS: &str = "/samordna.participant.v1.ReferralService/ListReferrals";
    const REFERRAL: &str = "/samordna.participant.v1.ReferralService/GetReferral";
    const PERSON: &str = "/samordna.participant.v1.ParticipantService/GetParticipant";
    const PEOPLE: &str = "/samordna.participant.v1.ParticipantService/ListParticipants";
    const READS: &str = "/samordna.participant.v1.ReadLogService/ListReads";
    let found = referral(ReferralState::Received);
    let referrals = vec![found.clone()];
    let next_page_token = String::new;
    services.answer(
        REFERRALS,
        &ListReferralsResponse { referrals, next_page_token: next_page_token() },
    );
    services.answer(REFERRAL, &GetReferralResponse { referral: Some(found) });
    services.answer(PERSON, &GetParticipantResponse { participant: Some(person()) });
    let participants = vec![person()];
    services.answer(
        PEOPLE,
        &ListParticipantsResponse { participants, next_page_token: next_page_token() },
    );
    let read = Read {
        number: 1,
        time: None,
        actor: name("accounts", "sofia"),
        rpc: PERSON.to_owned(),
        participants: vec![name("participants", "p1")],
    };
    services.answer(
        READS,
        &ListReadsResponse { reads: vec![read], next_page_token: next_page_token() },
    );
    let found = enrolment(None);
    services.answer(
        "/samordna.participant.v1.EnrolmentService/GetEnrolment",
        &GetEnrolmentResponse { enrolment: Some(found.clone()) },
    );
    services.answer(
        "/samordna.participant.v1.EnrolmentService/ListEnrolments",
        &ListEnrolmentsResponse { enrolments: vec![found], next_page_token: String::new() },
    );
    prepare_team(services);
}

fn prepare_team(services: &Services) {
    let spell = PositionSpell {
        first_day: day(1, 1),
        last_day: None,
        fte_percent: 100,
        vacant: true,
        payers: vec![
            PayerShare { party: String::new(), fte_percent: 50 },
            PayerShare { party: name("parties", "hallstahammar"), fte_percent: 50 },
        ],
    };
    let position = Position {
        name: name("positions", "coach-1"),
        team: name("teams", "hallstahammar"),
        title: "Coach".to_owned(),
        coaches: true,
        employer: name("parties", "hallstahammar"),
        spells: vec![spell],
        etag: "1".to_owned(),
    };
    services.answer(
        "/samordna.participant.v1.PositionService/GetPosition",
        &GetPositionResponse { position: Some(position.clone()) },
    );
    services.answer(
        "/samordna.participant.v1.PositionService/ListPositions",
        &ListPositionsResponse { positions: vec![position], next_page_token: String::new() },
    );
    let row = Capacity {
        team: name("teams", "hallstahammar"),
        planned_percent_days: 237_250,
        staffed_percent_days: 36_500,
        planned_coach_percent_days: 237_250,
        days: 365,
        planned_intake_hundredths: 13_000,
        ..Capacity::default()
    };
    services.answer(
        "/samordna.participant.v1.PositionService/GetCapacity",
        &GetCapacityResponse { rows: vec![row], ..Default::default() },
    );
    prepare_intake(services);
}

fn prepare_intake(services: &Services) {
    let pause = IntakePause {
        name: name("intakePauses", "sommar"),
        team: name("teams", "hallstahammar"),
        first_day: day(7, 1),
        reason: "Semester".to_owned(),
        etag: "1".to_owned(),
        ..IntakePause::default()
    };
    services.answer(
        "/samordna.participant.v1.IntakePauseService/ListIntakePauses",
        &ListIntakePausesResponse { intake_pauses: vec![pause], next_page_token: String::new() },
    );
    let reserved = ReservedPlaces {
        referring_kind: ReferringKind::JointAfFk.into(),
        first_day: day(1, 1),
        places: 5,
        team_places: 40,
        decision: "Styrgruppen 2025-01-15".to_owned(),
        ..ReservedPlaces::default()
    };
    services.answer(
        "/samordna.participant.v1.ReservedPlacesService/ListReservedPlaces",
        &ListReservedPlacesResponse {
            reserved_places: vec![reserved],
            next_page_token: String::new(),
        },
    );
    let criteria = Criteria {
        first_day: day(1, 1),
        youngest: 16,
        oldest: 64,
        livelihoods: vec![Livelihood::SocialAssistance.into()],
        needs_readiness: true,
        decision: "Styrgruppen".to_owned(),
        ..Criteria::default()
    };
    services.answer(
        "/samordna.participant.v1.CriteriaService/ListCriteria",
        &ListCriteriaResponse { criteria: vec![criteria], next_page_token: String::new() },
    );
    let activity = GroupActivity {
        name: name("groupActivities", "g1"),
        team: name("teams", "hallstahammar"),
        title: "Friskvård på schemat".to_owned(),
        day: day(5, 20),
        invited: 12,
        accepted: 9,
        attended: 7,
        etag: "1".to_owned(),
    };
    services.answer(
        "/samordna.participant.v1.GroupActivityService/ListGroupActivities",
        &ListGroupActivitiesResponse {
            group_activities: vec![activity],
            next_page_token: String::new(),
        },
    );
}
