//! Services that give prepared answers to RPCs and keep what they were asked.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    extract::{Request, State as Shared},
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::{BodyExt as _, Full};
use platform::Transport;
use prost::Message;
use tonic::Status;

/// What a frame of gRPC begins with: whether it is compressed, and its length.
const FRAME_HEADER: usize = 5;

/// Prepared answers by the RPC's path.
#[derive(Clone, Default)]
pub(super) struct Services(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    answers: HashMap<&'static str, Result<Vec<u8>, Status>>,
    asked: Vec<(String, Vec<u8>)>,
}

impl Services {
    /// Answers an RPC with a message from now on.
    pub(super) fn answer(&self, rpc: &'static str, message: &impl Message) {
        self.0.lock().unwrap().answers.insert(rpc, Ok(message.encode_to_vec()));
    }

    /// Refuses an RPC from now on.
    pub(super) fn refuse(&self, rpc: &'static str, status: impl Into<Status>) {
        self.0.lock().unwrap().answers.insert(rpc, Err(status.into()));
    }

    /// What an RPC was asked, the first time first.
    pub(super) fn asked<M: Message + Default>(&self, rpc: &str) -> Vec<M> {
        let inner = self.0.lock().unwrap();
        let of_rpc = inner.asked.iter().filter(|(path, _)| path == rpc);
        of_rpc.map(|(_, message)| M::decode(message.as_slice()).unwrap()).collect()
    }

    /// The way to them.
    pub(super) fn transport(&self) -> Transport {
        Transport::local(axum::Router::new().fallback(serve).with_state(self.clone()))
    }
}

async fn serve(Shared(services): Shared<Services>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let answer = {
        let mut inner = services.0.lock().unwrap();
        inner.asked.push((path.clone(), body[FRAME_HEADER..].to_vec()));
        inner.answers.get(path.as_str()).cloned()
    };
    match answer {
        Some(Ok(message)) => framed(&message),
        Some(Err(status)) => status.into_http(),
        None => Status::unimplemented(path).into_http(),
    }
}

fn framed(message: &[u8]) -> Response {
    let mut frame = vec![0];
    frame.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    frame.extend(message);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let body = Full::new(Bytes::from(frame)).with_trailers(async move { Some(Ok(trailers)) });
    let mut response = Response::new(axum::body::Body::new(body));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    response
}
