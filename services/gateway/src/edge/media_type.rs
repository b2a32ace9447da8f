//! Whoever sends something else than gRPC is told so in HTTP, as the protocol asks for
//! (status 415): a client that does not speak gRPC reads no `grpc-status`, and would take
//! the empty answer that carries it for a success.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::text::{self, Language};

/// The longest media type that is told back, in characters.
const LONGEST: usize = 100;

/// The answer to anything but gRPC, gRPC-Web and JSON among it: what is spoken here.
pub(super) fn refusal(headers: &HeaderMap, language: Language) -> Option<Response> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let sent = sent.unwrap_or_default();
    let media_type = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(media_type.as_str(), "application/grpc" | "application/grpc+proto") {
        return None;
    }
    let shown: String = sent.chars().take(LONGEST).collect();
    let told = text::reason(language, "CONTENT_TYPE_NOT_GRPC", &[("value", &shown)]);
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Some((StatusCode::UNSUPPORTED_MEDIA_TYPE, headers, format!("{told}\n")).into_response())
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    fn sent(content_type: &str) -> HeaderMap {
        [(header::CONTENT_TYPE, content_type.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn grpc_passes_however_it_is_written() {
        for content_type in [
            "application/grpc",
            "application/grpc+proto",
            "Application/gRPC",
            "application/grpc; charset=utf-8",
        ] {
            assert!(refusal(&sent(content_type), Language::English).is_none(), "{content_type}");
        }
    }

    #[tokio::test]
    async fn anything_else_is_told_what_is_spoken_here() {
        for content_type in
            ["application/json", "application/grpc-web+proto", "application/grpc+json"]
        {
            let refused = refusal(&sent(content_type), Language::English).unwrap();
            assert_eq!(refused.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
            let told = refused.into_body().collect().await.unwrap().to_bytes();
            let told = String::from_utf8(told.to_vec()).unwrap();
            assert!(told.contains(content_type) && told.contains("application/grpc"), "{told}");
            assert!(told.contains("grpcurl"), "{told}");
        }
        assert!(refusal(&HeaderMap::new(), Language::Swedish).is_some(), "nothing is said");
    }
}
