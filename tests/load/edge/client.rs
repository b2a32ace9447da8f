//! Keeps a number of calls under way for some time, and counts them.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use proto::finance::{GetRecipientRequest, recipient_service_client::RecipientServiceClient};
use tokio::task::JoinSet;
use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
    transport::Channel,
};

use super::{AT_ONCE, CONNECTIONS, Pair};

/// How long the servers may take to answer for the first time.
const STARTING: Duration = Duration::from_secs(30);

/// Calls with one token over a few connections.
pub(super) struct Caller {
    clients: Vec<RecipientServiceClient<Channel>>,
    bearer: MetadataValue<Ascii>,
}

/// What was done in a round.
pub(super) struct Done {
    pub(super) calls: usize,
    pub(super) took: Duration,
}

impl Caller {
    /// Connects as soon as the servers answer.
    pub(super) async fn connect(
        address: SocketAddr,
        token: &str,
        pair: &mut Pair,
    ) -> anyhow::Result<Self> {
        let bearer = format!("Bearer {token}").parse()?;
        let endpoint = Channel::from_shared(format!("http://{address}"))?.tcp_nodelay(true);
        let deadline = Instant::now() + STARTING;
        let answers = async |channel: Channel| {
            let mut client = RecipientServiceClient::new(channel);
            call(&mut client, &bearer).await
        };
        loop {
            pair.check()?;
            let failed = match endpoint.connect().await {
                Ok(channel) => match answers(channel).await {
                    Ok(()) => break,
                    Err(error) => error,
                },
                Err(error) => error.into(),
            };
            if Instant::now() > deadline {
                return Err(failed.context("the servers do not answer"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut clients = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            clients.push(RecipientServiceClient::new(endpoint.connect().await?));
        }
        Ok(Self { clients, bearer })
    }

    /// Calls for so long, with as many calls under way as are wanted at once.
    pub(super) async fn call_for(&self, time: Duration) -> anyhow::Result<Done> {
        let begun = Instant::now();
        let end = begun + time;
        let mut callers = JoinSet::new();
        for client in self.clients.iter().cycle().take(AT_ONCE) {
            let (mut client, bearer) = (client.clone(), self.bearer.clone());
            callers.spawn(async move {
                let mut calls = 0_usize;
                while Instant::now() < end {
                    call(&mut client, &bearer).await?;
                    calls += 1;
                }
                anyhow::Ok(calls)
            });
        }
        let mut calls = 0;
        while let Some(caller) = callers.join_next().await {
            calls += caller.context("a caller")??;
        }
        Ok(Done { calls, took: begun.elapsed() })
    }
}

async fn call(
    client: &mut RecipientServiceClient<Channel>,
    bearer: &MetadataValue<Ascii>,
) -> anyhow::Result<()> {
    let name = "federations/load/recipients/team-koping".to_owned();
    let mut request = Request::new(GetRecipientRequest { name });
    let metadata = request.metadata_mut();
    metadata.insert("authorization", bearer.clone());
    let answer = client.get_recipient(request).await?.into_inner();
    if answer.recipient.is_none() {
        bail!("an answer without a recipient");
    }
    Ok(())
}
