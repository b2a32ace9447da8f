//! Every RPC that reads, called as it stands in the contract: with the federation, or with
//! the name of a resource.

use futures::{StreamExt as _, stream};
use prost::{
    Message as _,
    bytes::{Buf as _, BufMut as _},
};
use prost_types::{FileDescriptorSet, MethodDescriptorProto};
use proto::{
    finance::{StreamEventsRequest, event_service_client::EventServiceClient},
    participant::{
        StreamParticipantEventsRequest,
        participant_event_service_client::ParticipantEventServiceClient,
    },
};
use samordna::import::Gateway;
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
};

use crate::flows::world::FEDERATION;

/// What RPCs that read are called.
const READING: [&str; 9] =
    ["Get", "List", "Export", "Download", "Count", "Compare", "Verify", "Tabulate", "Check"];
/// How many are asked at a time.
const AT_ONCE: usize = 4;

/// Messages as they are sent.
#[derive(Debug, Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining()).to_vec()))
    }
}

/// What an RPC told.
pub(super) struct Told {
    /// The RPC, with what it was asked.
    pub(super) place: String,
    /// The resource that was asked for; empty for the federation.
    pub(super) asked: String,
    /// True when it was answered.
    pub(super) is_answered: bool,
    /// What was answered, or why not.
    pub(super) bytes: Vec<u8>,
}

/// The RPCs that read and answer once, by path; and true when what they are asked for first
/// is a parent.
fn reads() -> Vec<(String, bool)> {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap().file;
    let first = |of: &str| {
        let messages = files.iter().flat_map(|file| {
            let package = file.package().to_owned();
            file.message_type.iter().map(move |one| (format!(".{package}.{}", one.name()), one))
        });
        let mut messages = messages.filter(|(name, _)| name == of);
        let (_, message) = messages.next().unwrap();
        let mut fields = message.field.iter();
        fields.find(|field| field.number() == 1).map(|field| field.name().to_owned())
    };
    let is_read = |method: &&MethodDescriptorProto| {
        let name = method.name();
        READING.iter().any(|reading| name.starts_with(reading))
            && !method.client_streaming()
            && !method.server_streaming()
    };
    let mut reads = Vec::new();
    for file in files.iter().filter(|file| file.package().starts_with("samordna.")) {
        for service in &file.service {
            for method in service.method.iter().filter(is_read) {
                let path = format!("/{}.{}/{}", file.package(), service.name(), method.name());
                match first(method.input_type()).as_deref() {
                    Some("parent") => reads.push((path, true)),
                    Some("name") => reads.push((path, false)),
                    Some(_) | None => {}
                }
            }
        }
    }
    assert!(reads.len() > 60, "{reads:?}");
    reads
}

/// Asks all of them: those of a parent with the federation, the others with each name.
pub(super) async fn ask(client: &Gateway, names: &[String]) -> Vec<Told> {
    let mut asks = Vec::new();
    for (path, is_of_parent) in reads() {
        if is_of_parent {
            asks.push((path, FEDERATION.to_owned(), String::new()));
        } else {
            asks.extend(names.iter().map(|name| (path.clone(), name.clone(), name.clone())));
        }
    }
    let told = stream::iter(asks).map(|(path, first, asked)| async move {
        let answer = call(client.clone(), &path, &first).await;
        let is_answered = answer.is_ok();
        let bytes = answer.unwrap_or_else(|status| {
            [format!("{status:?}").into_bytes(), status.details().to_vec()].concat()
        });
        Told { place: format!("{path} {first}"), asked, is_answered, bytes }
    });
    told.buffer_unordered(AT_ONCE).collect().await
}

async fn call(client: Gateway, path: &str, first: &str) -> Result<Vec<u8>, Status> {
    let mut message = Vec::new();
    prost::encoding::string::encode(1, &first.to_owned(), &mut message);
    let mut client = Grpc::new(client).max_decoding_message_size(64 * 1024 * 1024);
    client.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
    let path = path.parse().unwrap();
    client.unary(Request::new(message), path, Raw).await.map(tonic::Response::into_inner)
}

/// What both streams of events tell, up to where nothing happens.
pub(super) async fn follow(client: &Gateway) -> Vec<u8> {
    let mut told = Vec::new();
    let parent = || FEDERATION.to_owned();
    let request = StreamEventsRequest { parent: parent(), after: String::new() };
    if let Ok(stream) = EventServiceClient::new(client.clone()).stream_events(request).await {
        let mut stream = stream.into_inner();
        while let Some(event) = stream.message().await.unwrap().unwrap().event {
            told.extend(event.encode_to_vec());
        }
    }
    let request = StreamParticipantEventsRequest { parent: parent(), after: String::new() };
    let mut events = ParticipantEventServiceClient::new(client.clone());
    if let Ok(stream) = events.stream_participant_events(request).await {
        let mut stream = stream.into_inner();
        while let Some(event) = stream.message().await.unwrap().unwrap().event {
            told.extend(event.encode_to_vec());
        }
    }
    told
}
