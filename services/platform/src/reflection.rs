//! Reflection: what a client asks that has not read the contract.

use std::sync::LazyLock;

use axum::{Router, extract::Request, response::Response, routing::any};
use tonic::service::Routes;
use tower::ServiceExt as _;

/// Put together when somebody first asks, and most processes are never asked: each of the
/// two keeps the whole contract in memory.
static ASKED: LazyLock<Router> = LazyLock::new(|| {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let sound = "the descriptors are part of the program";
    Routes::new(builder().build_v1().expect(sound))
        .add_service(builder().build_v1alpha().expect(sound))
        .into_axum_router()
        .with_state(())
});

/// Its routes. Many clients still ask by the protocol's older name.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/grpc.reflection.v1.ServerReflection/{method}", any(answer))
        .route("/grpc.reflection.v1alpha.ServerReflection/{method}", any(answer))
}

async fn answer(request: Request) -> Response {
    let Ok(response) = ASKED.clone().oneshot(request).await;
    response
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use tonic_reflection::pb::{v1, v1alpha};

    use super::*;
    use crate::Transport;

    /// What one version answers that is asked for the services.
    macro_rules! services {
        ($version:ident) => {{
            use $version::{
                ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
                server_reflection_request::MessageRequest,
            };
            let asked = ServerReflectionRequest {
                host: String::new(),
                message_request: Some(MessageRequest::ListServices(String::new())),
            };
            let mut client = ServerReflectionClient::new(Transport::local(routes()));
            let answers = client.server_reflection_info(stream::iter([asked])).await.unwrap();
            let answer = answers.into_inner().message().await.unwrap().unwrap();
            format!("{answer:?}")
        }};
    }

    #[tokio::test]
    async fn both_versions_tell_the_services_of_the_contract() {
        for told in [services!(v1), services!(v1alpha)] {
            for service in ["samordna.finance.v1.GrantService", "grpc.health.v1.Health"] {
                assert!(told.contains(service), "{service}: {told}");
            }
        }
    }
}
