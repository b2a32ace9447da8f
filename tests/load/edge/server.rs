//! The servers of the measurement: an echo as a service of the house serves it,
//! the barest echo there is, and a proxy that does nothing but pass on.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::{extract::Request, response::Response};
use platform::{Permission, Permissions, config::Config, run, service, telemetry};
use proto::finance::{
    CreateRecipientRequest, CreateRecipientResponse, GetRecipientRequest, GetRecipientResponse,
    ListRecipientsRequest, ListRecipientsResponse, Recipient, RecipientKind,
    recipient_service_server::{RecipientService, RecipientServiceServer},
};
use tonic::{Status, transport::Channel};
use tower::Service as _;
use values::Role;

const PERMISSIONS: Permissions = &[Permission {
    method: "/samordna.finance.v1.RecipientService/GetRecipient",
    roles: Role::ALL,
}];

/// Answers from the request, without a database.
struct Echo;

#[tonic::async_trait]
impl RecipientService for Echo {
    async fn get_recipient(
        &self,
        request: tonic::Request<GetRecipientRequest>,
    ) -> Result<tonic::Response<GetRecipientResponse>, Status> {
        let GetRecipientRequest { name } = request.into_inner();
        let recipient = Recipient {
            display_name: name.clone(),
            name,
            kind: RecipientKind::Resource.into(),
            team: String::new(),
        };
        Ok(tonic::Response::new(GetRecipientResponse { recipient: Some(recipient) }))
    }

    async fn create_recipient(
        &self,
        _: tonic::Request<CreateRecipientRequest>,
    ) -> Result<tonic::Response<CreateRecipientResponse>, Status> {
        Err(Status::unimplemented("an echo creates nothing"))
    }

    async fn list_recipients(
        &self,
        _: tonic::Request<ListRecipientsRequest>,
    ) -> Result<tonic::Response<ListRecipientsResponse>, Status> {
        Err(Status::unimplemented("an echo lists nothing"))
    }
}

/// `serve-echo ADDRESS`: the echo behind the layers that every service stands
/// behind, with the public key of the settings.
///
/// # Errors
/// When it cannot listen.
pub(crate) async fn guarded_echo(arguments: &[String]) -> anyhow::Result<()> {
    let config = Config::load(None)?;
    let telemetry = telemetry::start(&config.common.telemetry, "echo")?;
    let verifier = service::verifier(&config)?;
    let routes = tonic::service::Routes::new(RecipientServiceServer::new(Echo));
    let process = run::Process {
        routes: platform::mount::guarded("finance", routes, PERMISSIONS, verifier),
        background: Vec::new(),
        databases: Vec::new(),
    };
    let listener = tokio::net::TcpListener::bind(address(arguments, 0)?).await?;
    run::serve(listener, process, run::stop_signal()).await?;
    telemetry.shut_down();
    Ok(())
}

/// `serve-bare-echo ADDRESS`: the same echo with nothing around it.
///
/// # Errors
/// When it cannot listen.
pub(crate) async fn bare_echo(arguments: &[String]) -> anyhow::Result<()> {
    tonic::transport::Server::builder()
        .tcp_nodelay(true)
        .add_service(RecipientServiceServer::new(Echo))
        .serve(address(arguments, 0)?)
        .await
        .context("the bare echo")
}

/// `serve-bare-proxy ADDRESS UPSTREAM`: passes every call on, its body unread.
///
/// # Errors
/// When it cannot listen.
pub(crate) async fn bare_proxy(arguments: &[String]) -> anyhow::Result<()> {
    let upstream = Channel::from_shared(format!("http://{}", address(arguments, 1)?))?
        .tcp_nodelay(true)
        .connect_lazy();
    let pass = move |request: Request| pass(upstream.clone(), request);
    let routes = axum::Router::new().fallback(pass);
    let listener = tokio::net::TcpListener::bind(address(arguments, 0)?).await?;
    let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
        // Without it a small answer would wait; it is refused on no Linux.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, routes).await.context("the bare proxy")
}

async fn pass(mut upstream: Channel, request: Request) -> Response {
    let unavailable = |_| Status::unavailable("upstream").into_http();
    if let Err(error) = std::future::poll_fn(|context| upstream.poll_ready(context)).await {
        return unavailable(error);
    }
    match upstream.call(request.map(tonic::body::Body::new)).await {
        Ok(answer) => answer.map(axum::body::Body::new),
        Err(error) => unavailable(error),
    }
}

fn address(arguments: &[String], place: usize) -> anyhow::Result<SocketAddr> {
    let text = arguments.get(place).context("an address is missing")?;
    text.parse().with_context(|| format!("{text} is no address"))
}
