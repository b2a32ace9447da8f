//! Following the events of money from outside, as a partner's system does.

use proto::finance::{
    self as pb, CostKind, CostLine, CreateRequisitionRequest, Requisition, StreamEventsRequest,
    StreamEventsResponse, event_service_client::EventServiceClient,
    requisition_service_client::RequisitionServiceClient,
};
use samordna::import::Gateway;
use tonic::Streaming;

use super::world::{FEDERATION, Installation, Shape, Store, every_kind};

/// What must never reach another party.
const CANARY: &str = "bg 991-2346 kanariefågel";

#[tokio::test(flavor = "multi_thread")]
async fn a_partys_system_follows_its_own_events_until_the_service_stops_and_goes_on_after() {
    for (shape, store) in every_kind() {
        // One of each is enough: one process, and four with another database.
        if (shape == Shape::AllInOne) != (store == Store::Sqlite) {
            continue;
        }
        let heartbeats = [("SAMORDNA__FINANCE__HEARTBEAT_MS", "50".to_owned())];
        println!("{shape:?} on {store:?}");
        let mut installation = Installation::start_with(shape, store, &heartbeats).await;
        installation.load().await;
        let mut events = EventServiceClient::new(installation.client("koping-ekonom").await);
        let mut stream = follow(&mut events, "").await;
        let mut last = until(&mut stream, "requisition.submitted").await;

        // Others' doings pass by unseen; what is one's own comes as it happens.
        draft(&installation, "sala", CANARY).await;
        draft(&installation, "koping", "bg 5050-1055").await;
        let drafted = next_event(&mut stream, &mut last).await;
        assert_eq!(drafted.kind, "requisition.drafted");
        let Some(pb::event::Resource::Requisition(own)) = drafted.resource else { panic!() };
        assert_eq!(own.party, format!("{FEDERATION}/parties/koping"));

        // The process that serves the stream is told to stop: the stream ends well.
        let program = if shape == Shape::Split { "finance" } else { "samordna" };
        installation.processes.remove(program).unwrap().stop();
        let mut position = last.clone();
        while let Some(told) = stream.message().await.unwrap() {
            assert_eq!(told.event, None);
            position = told.position;
        }
        installation.launch(program).await;
        draft(&installation, "koping", "bg 5050-1055").await;
        let mut stream = follow(&mut events, &position).await;
        assert_eq!(next_event(&mut stream, &mut last).await.kind, "requisition.drafted");
        // Left open: the installation must stop all the same.
        installation.stop().await;
    }
}

async fn follow(
    events: &mut EventServiceClient<Gateway>,
    after: &str,
) -> Streaming<StreamEventsResponse> {
    let message = StreamEventsRequest { parent: FEDERATION.to_owned(), after: after.to_owned() };
    events.stream_events(message).await.unwrap().into_inner()
}

/// Reads what is recorded, to the last event of a kind before the first
/// heartbeat; answers where that was.
async fn until(stream: &mut Streaming<StreamEventsResponse>, kind: &str) -> String {
    let (mut position, mut has_come) = (String::new(), false);
    loop {
        let told = stream.message().await.unwrap().unwrap();
        let Some(event) = told.event else {
            assert!(has_come, "{kind}");
            return position;
        };
        assert_eq!(told.previous_position, position);
        has_come |= event.kind == kind;
        position = told.position;
    }
}

/// The next event, which follows on the last, and has nothing of the others' in
/// it.
async fn next_event(stream: &mut Streaming<StreamEventsResponse>, last: &mut String) -> pb::Event {
    loop {
        let told = stream.message().await.unwrap().unwrap();
        assert!(!format!("{told:?}").contains(CANARY));
        if let Some(event) = told.event {
            assert_eq!(told.previous_position, *last);
            *last = told.position;
            return event;
        }
    }
}

async fn draft(installation: &Installation, party: &str, payment_reference: &str) {
    let client = installation.client(&format!("{party}-ekonom")).await;
    let id = uuid::Uuid::now_v7().to_string();
    // The first half of the year is claimed by the demonstration; drafts keep
    // each other from nothing.
    let day = |day| Some(proto::Date { year: 2025, month: 7, day });
    let cost_line = CostLine {
        kind: CostKind::Other.into(),
        description: "enligt avtal".to_owned(),
        fte_percent: 0,
        amount_ore: 1,
    };
    let message = CreateRequisitionRequest {
        parent: FEDERATION.to_owned(),
        requisition_id: id.clone(),
        requisition: Some(Requisition {
            grant: format!("{FEDERATION}/grants/sala-2025"),
            party: format!("{FEDERATION}/parties/{party}"),
            period: Some(proto::common::Period { first_day: day(1), last_day: day(31) }),
            cost_lines: vec![cost_line],
            payment_reference: payment_reference.to_owned(),
            ..Default::default()
        }),
        request_id: id,
        validate_only: false,
    };
    RequisitionServiceClient::new(client).create_requisition(message).await.unwrap();
}
