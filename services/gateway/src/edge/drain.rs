//! Ends streamed answers when the gateway stops: each would hold its connection
//! open until it is cut off, for it has no end of its own. The service behind may
//! go on; whoever reads is told to come back.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures::stream;
use http_body::Body as _;
use http_body_util::{BodyExt as _, StreamBody};
use platform::{Failure, stop::Stopping};
use tonic::Status;

/// How long a service in the same process has to end its streams itself.
pub(super) const GRACE: Duration = Duration::from_secs(2);

type Frame = http_body::Frame<Bytes>;

/// The response, whose body ends with UNAVAILABLE when the gateway has been told
/// to stop and the time is over. A refusal is over already and stays as it is: its status
/// stands in the headers, and clients take an empty frame after them for a broken stream.
pub(super) fn drained(response: Response, stopping: Stopping, grace: Duration) -> Response {
    if response.body().is_end_stream() {
        return response;
    }
    let over = Box::pin(async move {
        stopping.told().await;
        tokio::time::sleep(grace).await;
    });
    response.map(|body| {
        let frames = stream::unfold(Some((body, over)), async |open| {
            let (mut body, mut over) = open?;
            tokio::select! {
                frame = body.frame() => Some((frame?, Some((body, over)))),
                () = &mut over => Some((unavailable(), None)),
            }
        });
        Body::new(StreamBody::new(frames))
    })
}

fn unavailable() -> Result<Frame, axum::Error> {
    let mut trailers = http::HeaderMap::new();
    let status = Status::from(Failure::Unavailable { service: crate::NAME });
    status.add_header(&mut trailers).map_err(axum::Error::new)?;
    Ok(Frame::trailers(trailers))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One frame, and then nothing for ever.
    fn endless() -> Response {
        let first = stream::iter([Ok::<_, axum::Error>(Frame::data(Bytes::from_static(b"one")))]);
        let frames = futures::StreamExt::chain(first, stream::pending());
        Response::new(Body::new(StreamBody::new(frames)))
    }

    #[tokio::test]
    async fn an_answer_without_an_end_is_told_to_come_back_when_the_gateway_stops() {
        let stopping = Stopping::default();
        let mut body = drained(endless(), stopping.clone(), Duration::ZERO).into_body();
        let first = body.frame().await.unwrap().unwrap();
        assert_eq!(first.into_data().unwrap(), "one");
        stopping.tell();
        let last = body.frame().await.unwrap().unwrap().into_trailers().unwrap();
        let status = Status::from_header_map(&last).unwrap();
        assert_eq!(status.code(), tonic::Code::Unavailable);
        assert!(body.frame().await.is_none());
    }

    #[tokio::test]
    async fn a_refusal_has_its_status_in_the_headers_and_no_frame_after_them() {
        let refused = Status::from(Failure::Unavailable { service: crate::NAME }).into_http();
        let response = drained(refused, Stopping::default(), GRACE);
        assert!(response.body().is_end_stream(), "the headers end the stream");
        let status = Status::from_header_map(response.headers()).unwrap();
        assert_eq!(status.code(), tonic::Code::Unavailable);
    }

    #[tokio::test]
    async fn an_answer_that_ends_by_itself_is_passed_on_as_it_is() {
        let stopping = Stopping::default();
        let response = Response::new(Body::from("whole"));
        let body = drained(response, stopping.clone(), GRACE).into_body();
        stopping.tell();
        assert_eq!(body.collect().await.unwrap().to_bytes(), "whole");
    }
}
