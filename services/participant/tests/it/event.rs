//! The stream of events: each caller gets what it may read, in order, and nothing of
//! the rest.

use platform::{Principal, testing::on_both};
use prost::Message as _;
use proto::participant::{
    FollowUp, ListReadsRequest, ProtectParticipantRequest, ReferralState,
    StreamParticipantEventsRequest, StreamParticipantEventsResponse, TransferParticipantRequest,
    participant_event::Resource,
};
use tonic::{Code, Response, Status, Streaming};
use values::Role;

use crate::along::with_one_of_each;
use crate::people::{
    NUMBER, OTHER_NUMBER, coach, date, holder, officer, organised, other_coach, person, protected,
    read, receive, referral, sent,
};
use crate::world::{HOME, World, administrator, faults, problem};

async fn open(
    world: &World,
    caller: &Principal,
    after: &str,
) -> Result<Response<Streaming<StreamParticipantEventsResponse>>, Status> {
    let request =
        StreamParticipantEventsRequest { parent: HOME.to_owned(), after: after.to_owned() };
    world.events().stream_participant_events(world.by(caller, request)).await
}

/// Everything up to the first heartbeat, without it.
pub(crate) async fn told(
    world: &World,
    caller: &Principal,
    after: &str,
) -> Vec<StreamParticipantEventsResponse> {
    let mut stream = open(world, caller, after).await.unwrap().into_inner();
    let mut told = Vec::new();
    while let Some(message) = stream.message().await.unwrap() {
        if message.event.is_none() {
            break;
        }
        told.push(message);
    }
    told
}

pub(crate) fn kinds(told: &[StreamParticipantEventsResponse]) -> Vec<&str> {
    told.iter().map(|told| told.event.as_ref().unwrap().kind.as_str()).collect()
}

#[tokio::test]
async fn each_caller_is_told_the_cases_it_may_read_and_nobody_who_a_person_is() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        world.referrals().receive_referral(world.by(&coach(), receive("r-1", "1"))).await.unwrap();

        let all = told(&world, &coach(), "").await;
        assert_eq!(kinds(&all), ["referral.sent", "participant.entered", "referral.received"]);
        let chain = all.iter().map(|told| told.previous_position.as_str());
        let before = std::iter::once("").chain(all.iter().map(|told| told.position.as_str()));
        assert!(chain.eq(before.take(all.len())));
        let last = told(&world, &coach(), &all[1].position).await;
        assert_eq!(last, all[2..]);
        let Some(Resource::Referral(received)) = all[2].event.clone().unwrap().resource else {
            panic!("a referral is told as one");
        };
        assert_eq!(received, read(&world, &coach(), "r-1").await.unwrap());

        // The sender is told its referral as the sender reads it, and not the person.
        let as_sender = told(&world, &officer(), "").await;
        assert_eq!(kinds(&as_sender), ["referral.sent", "referral.received"]);
        let Some(Resource::Referral(received)) = as_sender[1].event.clone().unwrap().resource
        else {
            panic!("a referral is told as one");
        };
        assert_eq!(received, read(&world, &officer(), "r-1").await.unwrap());
        assert_eq!(received.state, i32::from(ReferralState::Received));

        assert_eq!(told(&world, &other_coach(), "").await, []);
        let office = open(&world, &administrator("vastmanland"), "").await;
        assert_eq!(problem(office).0, Code::PermissionDenied);
        for message in all.iter().chain(&as_sender) {
            let bytes = message.encode_to_vec();
            for telltale in [NUMBER, "Testsson"] {
                assert!(!bytes.windows(telltale.len()).any(|part| part == telltale.as_bytes()));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn whose_records_a_stream_holds_is_entered_in_the_read_log() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        told(&world, &coach(), "").await;
        told(&world, &other_coach(), "").await;
        let list =
            ListReadsRequest { parent: format!("{HOME}/parties/sala"), ..Default::default() };
        let reader = holder("partsadmin", Role::PartyAdministrator, "party/sala");
        let reads = world.read_log().list_reads(world.by(&reader, list)).await.unwrap();
        let reads = reads.into_inner().reads;
        let streams: Vec<&str> = reads
            .iter()
            .filter(|read| read.rpc.ends_with("/StreamParticipantEvents"))
            .map(|read| read.actor.as_str())
            .collect();
        assert_eq!(streams, [format!("{HOME}/accounts/coach")]);
        assert_eq!(world.problems().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn who_has_protected_identity_is_in_no_event_not_even_of_the_past() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", protected())).await;
        sent(&world, referral("r-2", person(NUMBER))).await;
        assert_eq!(
            kinds(&told(&world, &coach(), "").await),
            ["referral.sent", "participant.entered"]
        );
        let protect = ProtectParticipantRequest {
            name: read(&world, &coach(), "r-2").await.unwrap().participant,
            etag: "1".to_owned(),
            request_id: "protect".to_owned(),
            validate_only: false,
        };
        world.participants().protect_participant(world.by(&coach(), protect)).await.unwrap();
        assert_eq!(told(&world, &coach(), "").await, []);
        assert_eq!(told(&world, &officer(), "").await, []);
    })
    .await;
}

#[tokio::test]
async fn a_case_that_is_handed_over_is_told_to_its_new_party_alone() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        sent(&world, referral("r-2", person(OTHER_NUMBER))).await;
        let transfer = TransferParticipantRequest {
            name: read(&world, &coach(), "r-1").await.unwrap().participant,
            etag: "1".to_owned(),
            municipality: format!("{HOME}/municipalities/1983"),
            day: date("2025-04-01"),
            reason: "Flyttat".to_owned(),
            request_id: "transfer".to_owned(),
            validate_only: false,
        };
        world.participants().transfer_participant(world.by(&coach(), transfer)).await.unwrap();
        let subjects = |told: &[StreamParticipantEventsResponse]| -> Vec<String> {
            let subject = |told: &StreamParticipantEventsResponse| {
                told.event.as_ref().unwrap().subject.rsplit('/').next().unwrap().to_owned()
            };
            told.iter().map(subject).filter(|id| id.starts_with("r-")).collect()
        };
        assert_eq!(subjects(&told(&world, &coach(), "").await), ["r-2"]);
        let new = subjects(&told(&world, &other_coach(), "").await);
        assert_eq!(new, ["r-1", "r-1"], "with all its past");
    })
    .await;
}

#[tokio::test]
async fn another_accounts_position_is_refused() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        let position = told(&world, &coach(), "").await.remove(0).position;
        let refused = open(&world, &officer(), &position).await;
        assert_eq!(faults(refused), [("after".to_owned(), "POSITION_MALFORMED".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn what_happens_along_an_enrolment_is_told_to_those_who_work_in_its_team() {
    on_both(|database| async {
        let (world, _) = with_one_of_each(database).await;
        let all = told(&world, &coach(), "").await;
        assert_eq!(
            kinds(&all)[4..],
            [
                "enrolment.created",
                "referral.enrolled",
                "enrolment.consent_set",
                "enrolment.ended",
                "milestone.noted",
                "milestone.noted",
                "milestone.removed",
                "placement.entered",
                "follow_up.ended",
            ]
        );
        for told in &all[4..] {
            let event = told.event.as_ref().unwrap();
            let id = event.subject.rsplit('/').next().unwrap();
            match event.resource.clone().unwrap() {
                Resource::Milestone(milestone) if id == "m-1" => {
                    assert_eq!(
                        milestone,
                        crate::milestone::read(&world, &coach(), id).await.unwrap()
                    );
                }
                Resource::Placement(placement) => {
                    assert_eq!(
                        placement,
                        crate::placement::read(&world, &coach(), id).await.unwrap()
                    );
                }
                Resource::FollowUp(follow_up) => {
                    let read = crate::follow_up::read(&world, &coach(), id).await.unwrap();
                    assert_eq!(FollowUp { may_be_asked: true, ..follow_up }, read);
                }
                Resource::Milestone(_) | Resource::Enrolment(_) | Resource::Referral(_) => {}
                Resource::Participant(_) => panic!("nothing else happened to the person"),
            }
        }
        let as_sender = told(&world, &officer(), "").await;
        assert!(kinds(&as_sender).iter().all(|kind| kind.starts_with("referral.")));
        assert_eq!(told(&world, &other_coach(), "").await, []);
        let protect = ProtectParticipantRequest {
            name: read(&world, &coach(), "r-1").await.unwrap().participant,
            etag: "1".to_owned(),
            request_id: "protect".to_owned(),
            validate_only: false,
        };
        world.participants().protect_participant(world.by(&coach(), protect)).await.unwrap();
        assert_eq!(told(&world, &coach(), "").await, []);
    })
    .await;
}
