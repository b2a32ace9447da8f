//! Drafts requisitions before the clock starts, and submits them: over gRPC, at
//! the finance process.

use std::sync::Arc;

use anyhow::Context as _;
use proto::finance::{
    CreateRequisitionRequest, RequisitionState, SubmitRequisitionRequest,
    requisition_service_client::RequisitionServiceClient,
};

use crate::{
    calls::{self, Done},
    credential::Caller,
    federation::{self, Federation},
    split::Split,
};

const CONNECTIONS: usize = 4;
/// Callers that draft at once.
const DRAFTING: usize = 64;

type Client = RequisitionServiceClient<Caller>;

/// A requisition that is drafted and not yet submitted.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) number: usize,
    /// Its resource name.
    pub(crate) name: String,
    etag: String,
}

/// The economists of a federation's parties, each over a few connections.
pub(crate) struct Submitter {
    federation: Federation,
    /// By connection and party.
    clients: Arc<Vec<Vec<Client>>>,
}

impl Submitter {
    /// Connects.
    ///
    /// # Errors
    /// When finance does not answer.
    pub(crate) async fn connect(split: &Split, federation: Federation) -> anyhow::Result<Self> {
        let mut clients = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let channel = split.connect().await?;
            let mut economists = Vec::with_capacity(federation.parties);
            for party in 0..federation.parties {
                let credential = split.economist(&federation, &federation::party(party))?;
                economists.push(Client::new(Caller::new(channel.clone(), credential)));
            }
            clients.push(economists);
        }
        Ok(Self { federation, clients: Arc::new(clients) })
    }

    /// Drafts the first so many requisitions of the federation, in order.
    ///
    /// # Errors
    /// When a call fails.
    pub(crate) async fn draft(&self, count: usize) -> anyhow::Result<Vec<Draft>> {
        let (federation, clients) = (self.federation, Arc::clone(&self.clients));
        let drafted = calls::share((0..count).collect(), DRAFTING, move |caller, number| {
            let client = client(&clients, caller, federation.party_of(number));
            draft(client, federation, number)
        });
        let (mut drafts, _) = drafted.await?;
        drafts.sort_by_key(|draft| draft.number);
        Ok(drafts)
    }

    /// Submits them, with so many callers at once.
    ///
    /// # Errors
    /// When a call fails.
    pub(crate) async fn submit(&self, drafts: Vec<Draft>, callers: usize) -> anyhow::Result<Done> {
        let (federation, clients) = (self.federation, Arc::clone(&self.clients));
        let submitted = calls::share(drafts, callers, move |caller, draft| {
            let client = client(&clients, caller, federation.party_of(draft.number));
            submit(client, draft)
        });
        let (_, done) = submitted.await?;
        Ok(done)
    }
}

fn client(clients: &[Vec<Client>], caller: usize, party: usize) -> Client {
    clients[caller % clients.len()][party].clone()
}

async fn draft(mut client: Client, federation: Federation, number: usize) -> anyhow::Result<Draft> {
    let request = CreateRequisitionRequest {
        parent: federation.name(),
        requisition_id: format!("r-{number}"),
        requisition: Some(federation.requisition(number)?),
        request_id: format!("load-{number}-draft"),
        validate_only: false,
    };
    let answer = client.create_requisition(request).await.context("a draft")?.into_inner();
    let requisition = answer.requisition.context("no requisition in the answer")?;
    Ok(Draft { number, name: requisition.name, etag: requisition.etag })
}

async fn submit(mut client: Client, draft: Draft) -> anyhow::Result<()> {
    let request = SubmitRequisitionRequest {
        name: draft.name,
        etag: draft.etag,
        comment: String::new(),
        request_id: format!("load-{}-submit", draft.number),
        validate_only: false,
    };
    let answer = client.submit_requisition(request).await.context("a submission")?.into_inner();
    let requisition = answer.requisition.context("no requisition in the answer")?;
    anyhow::ensure!(
        requisition.state() == RequisitionState::Submitted,
        "{} is not submitted",
        requisition.name
    );
    Ok(())
}
