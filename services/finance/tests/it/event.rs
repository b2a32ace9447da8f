//! The stream of events: each caller gets what it may read, whole and in order,
//! and nothing of the rest.

use platform::{
    Principal,
    testing::{caller, on_both},
};
use prost::Message as _;
use proto::finance as pb;
use proto::finance::event::Resource;
use tonic::{Code, Status};
use values::{Role, Scope};

use crate::world::{HOME, World, administrator, economist, economist_of, faults, problem};

/// What must never reach another party.
const CANARY: &str = "bg 991-2346 kanariefågel";

/// Somebody who reads no requisitions.
fn lead() -> Principal {
    let scope = Scope::parse("scope", "team/sala").unwrap();
    caller("vastmanland", "ledare", &[(Role::TeamLead, scope)])
}

async fn open(
    world: &World,
    caller: &Principal,
    after: &str,
) -> Result<tonic::Response<tonic::Streaming<pb::StreamEventsResponse>>, Status> {
    let message = pb::StreamEventsRequest { parent: HOME.to_owned(), after: after.to_owned() };
    world.events().stream_events(world.by(caller, message)).await
}

/// Everything up to the first heartbeat, with it.
async fn stream(world: &World, caller: &Principal, after: &str) -> Vec<pb::StreamEventsResponse> {
    let mut stream = open(world, caller, after).await.unwrap().into_inner();
    let mut told = Vec::new();
    loop {
        let message = stream.message().await.unwrap().unwrap();
        let is_heartbeat = message.event.is_none();
        told.push(message);
        if is_heartbeat {
            return told;
        }
    }
}

/// Kind and last part of the subject of each event.
fn kinds(told: &[pb::StreamEventsResponse]) -> Vec<(&str, &str)> {
    let events = told.iter().filter_map(|told| told.event.as_ref());
    events.map(|event| (event.kind.as_str(), event.subject.rsplit('/').next().unwrap())).collect()
}

const OPENED: [(&str, &str); 2] = [("recipient.created", "sala"), ("grant.created", "sala-2025")];

/// Two requisitions of Sala's, and one of Köping's between them.
async fn three_requisitions(world: &World) -> pb::Requisition {
    world.draft("own", "sala", 100).await;
    let mut claim = world.claim("other", "koping", 200);
    claim.requisition.as_mut().unwrap().payment_reference = CANARY.to_owned();
    let request = world.by(&economist_of("koping"), claim);
    let drafted = world.requisitions().create_requisition(request).await.unwrap().into_inner();
    let drafted = drafted.requisition.unwrap();
    world.take("submit", &drafted, &economist_of("koping")).await.unwrap();
    world.submitted("more", "sala", 300).await
}

#[tokio::test]
async fn each_caller_is_told_what_it_may_read_and_the_canary_reaches_no_other_party() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        three_requisitions(&world).await;

        let own = [("requisition.drafted", "own")];
        let others = [("requisition.drafted", "other"), ("requisition.submitted", "other")];
        let more = [("requisition.drafted", "more"), ("requisition.submitted", "more")];
        let all = [OPENED.as_slice(), &own, &others, &more].concat();
        for caller in [administrator(), economist("bo")] {
            assert_eq!(kinds(&stream(&world, &caller, "").await), all);
        }
        let sala = stream(&world, &economist_of("sala"), "").await;
        assert_eq!(kinds(&sala), [OPENED.as_slice(), &own, &more].concat());
        let bystander = stream(&world, &lead(), "").await;
        assert_eq!(kinds(&bystander), OPENED);
        for message in sala.iter().chain(&bystander) {
            let bytes = message.encode_to_vec();
            for secret in [CANARY, "koping", "other"] {
                assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_event_says_who_did_what_when_and_carries_the_resource_as_it_became() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let submitted = world.submitted("r1", "sala", 100).await;
        let told = stream(&world, &economist_of("sala"), "").await;
        let event = told[3].event.clone().unwrap();
        assert_eq!(event.subject, submitted.name);
        assert_eq!(event.actor, format!("{HOME}/accounts/ekonom-sala"));
        assert_eq!(event.record_time, submitted.steps[1].time);
        assert_eq!(event.resource, Some(Resource::Requisition(submitted)));
    })
    .await;
}

#[tokio::test]
async fn the_chain_of_positions_has_no_hole_where_others_events_are() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let last = three_requisitions(&world).await;
        let sala = economist_of("sala");
        let whole = stream(&world, &sala, "").await;
        assert_eq!(whole[0].previous_position, "");
        for (before, after) in whole.iter().zip(&whole[1..]) {
            assert_eq!(after.previous_position, before.position);
            assert_eq!(after.position.len(), before.position.len());
            let again = stream(&world, &sala, &before.position).await;
            // The heartbeat at the end looks new each time.
            let is_event = after.event.is_some();
            assert_eq!(again[0] == *after, is_event);
        }
        // After the heartbeat, what comes follows on the last event.
        let heartbeat = &whole[whole.len() - 1];
        world.take("withdraw", &last, &sala).await.unwrap();
        let new = stream(&world, &sala, &heartbeat.position).await;
        assert_eq!(kinds(&new), [("requisition.withdrawn", "more")]);
        assert_eq!(new[0].previous_position, heartbeat.previous_position);
    })
    .await;
}

#[tokio::test]
async fn another_accounts_position_and_another_federation_are_refused() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let told = stream(&world, &administrator(), "").await;
        let refused = open(&world, &economist("bo"), &told[0].position).await;
        assert_eq!(faults(refused), [("after".to_owned(), "POSITION_MALFORMED".to_owned())]);
        let stranger =
            caller("sormland", "kansli", &[(Role::FederationAdministrator, Scope::Federation)]);
        assert_eq!(problem(open(&world, &stranger, "").await).0, Code::NotFound);
    })
    .await;
}
