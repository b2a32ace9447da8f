//! What is there before the first requisition, and the clients of those who act.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use proto::finance::requisition_service_client::RequisitionServiceClient;

use crate::{
    channel::Channel,
    credential::{Caller, Credential},
    installation::{FEDERATION, Installation},
};

const CONNECTIONS: usize = 4;

pub(super) type Client = RequisitionServiceClient<Caller>;

/// The clients of those who act, over a connection.
#[derive(Clone)]
pub(super) struct Actors {
    /// Draft and submit, each for its party.
    pub(super) parties: Vec<Client>,
    /// Reviews.
    pub(super) economist: Client,
    /// Approves.
    pub(super) administrator: Client,
}

/// A federation to requisition in.
pub(super) struct World {
    actors: Vec<Actors>,
    tokens: Tokens,
    next: AtomicUsize,
}

struct Tokens {
    parties: Vec<Credential>,
    economist: Credential,
    administrator: Credential,
}

impl World {
    /// Creates it in an installation.
    pub(super) async fn create(installation: &Installation) -> anyhow::Result<Arc<Self>> {
        let parties: anyhow::Result<Vec<Credential>> =
            installation.parties.iter().map(|token| Credential::token(token)).collect();
        let tokens = Tokens {
            parties: parties?,
            economist: Credential::token(&installation.economist)?,
            administrator: Credential::token(&installation.administrator)?,
        };
        let channel = installation.connect().await?;
        let office = Caller::new(channel, tokens.administrator.clone());
        FEDERATION.create_organisation(office.clone()).await?;
        FEDERATION.create_money(office).await?;
        let mut actors = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            actors.push(tokens.actors(&installation.connect().await?));
        }
        Ok(Arc::new(Self { actors, tokens, next: AtomicUsize::new(0) }))
    }

    /// Those who act, over each of a few connections.
    pub(super) fn actors(&self) -> &[Actors] {
        &self.actors
    }

    /// The same people over another connection.
    pub(super) fn actors_over(&self, channel: &Channel) -> Actors {
        self.tokens.actors(channel)
    }

    /// The next requisition's number; each is given once.
    pub(super) fn next(&self) -> usize {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

impl Tokens {
    fn actors(&self, channel: &Channel) -> Actors {
        let client =
            |credential: &Credential| Client::new(Caller::new(channel.clone(), credential.clone()));
        Actors {
            parties: self.parties.iter().map(client).collect(),
            economist: client(&self.economist),
            administrator: client(&self.administrator),
        }
    }
}
