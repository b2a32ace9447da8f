//! What is there before the first requisition: parties, recipients and grants,
//! made over the API; and the clients of those who act.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use proto::{
    Date,
    common::Period,
    finance::{
        CreateGrantRequest, CreateRecipientRequest, Grant, Recipient, RecipientKind,
        grant_service_client::GrantServiceClient, recipient_service_client::RecipientServiceClient,
        requisition_service_client::RequisitionServiceClient,
    },
    organisation::{
        CreateFederationRequest, CreatePartyRequest, Federation, Party, PartyKind,
        federation_service_client::FederationServiceClient,
        party_service_client::PartyServiceClient,
    },
};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::Channel,
};
use values::number::luhn_check_digit;

use super::installation::Installation;

/// The federation of the measurement.
pub(super) const FEDERATION: &str = "load";
/// The parties that requisition.
pub(super) const PARTIES: usize = 8;
/// The grants they requisition on, in turn.
pub(super) const GRANTS: usize = 64;
const RECIPIENTS: usize = 8;
const CONNECTIONS: usize = 4;
/// Enough for every requisition of a run.
const GRANTED_ORE: i64 = 1_000_000_000_000;
pub(super) const YEAR: i32 = 2025;

/// Adds a caller's token to each call.
#[derive(Clone)]
pub(super) struct Bearer(MetadataValue<Ascii>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.0.clone());
        Ok(request)
    }
}

type Gateway = InterceptedService<Channel, Bearer>;
pub(super) type Client = RequisitionServiceClient<Gateway>;

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
    parties: Vec<Bearer>,
    economist: Bearer,
    administrator: Bearer,
}

impl World {
    /// Creates it in an installation.
    pub(super) async fn create(installation: &Installation) -> anyhow::Result<Arc<Self>> {
        let bearer = |token: &String| anyhow::Ok(Bearer(format!("Bearer {token}").parse()?));
        let parties: anyhow::Result<Vec<Bearer>> =
            installation.parties.iter().map(bearer).collect();
        let tokens = Tokens {
            parties: parties?,
            economist: bearer(&installation.economist)?,
            administrator: bearer(&installation.administrator)?,
        };
        let channel = installation.connect().await?;
        let office = InterceptedService::new(channel, tokens.administrator.clone());
        create_organisation(office.clone()).await?;
        create_money(office).await?;
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
            |bearer: &Bearer| Client::new(InterceptedService::new(channel.clone(), bearer.clone()));
        Actors {
            parties: self.parties.iter().map(client).collect(),
            economist: client(&self.economist),
            administrator: client(&self.administrator),
        }
    }
}

/// A party's id.
pub(super) fn party(number: usize) -> String {
    format!("party-{number}")
}

/// A grant's id.
pub(super) fn grant(number: usize) -> String {
    format!("grant-{number}")
}

async fn create_organisation(office: Gateway) -> anyhow::Result<()> {
    let request = CreateFederationRequest {
        federation: Some(Federation {
            name: format!("federations/{FEDERATION}"),
            display_name: "Load".to_owned(),
            organisation_number: organisation_number(0),
            synthetic: true,
        }),
        request_id: "load-federation".to_owned(),
        validate_only: false,
    };
    let mut federations = FederationServiceClient::new(office.clone());
    federations.create_federation(request).await?;
    let mut parties = PartyServiceClient::new(office);
    for number in 0..PARTIES {
        let request = CreatePartyRequest {
            parent: format!("federations/{FEDERATION}"),
            party_id: party(number),
            party: Some(Party {
                name: String::new(),
                display_name: format!("Party {number}"),
                organisation_number: organisation_number(number + 1),
                kind: PartyKind::Municipality.into(),
                synthetic: true,
            }),
            request_id: format!("load-party-{number}"),
            validate_only: false,
        };
        parties.create_party(request).await?;
    }
    Ok(())
}

async fn create_money(office: Gateway) -> anyhow::Result<()> {
    let parent = format!("federations/{FEDERATION}");
    let mut recipients = RecipientServiceClient::new(office.clone());
    for number in 0..RECIPIENTS {
        let request = CreateRecipientRequest {
            parent: parent.clone(),
            recipient_id: format!("recipient-{number}"),
            recipient: Some(Recipient {
                name: String::new(),
                display_name: format!("Recipient {number}"),
                kind: RecipientKind::Resource.into(),
                team: String::new(),
            }),
            request_id: format!("load-recipient-{number}"),
            validate_only: false,
        };
        recipients.create_recipient(request).await?;
    }
    let mut grants = GrantServiceClient::new(office);
    for number in 0..GRANTS {
        let request = CreateGrantRequest {
            parent: parent.clone(),
            grant_id: grant(number),
            grant: Some(Grant {
                recipient: format!("{parent}/recipients/recipient-{}", number % RECIPIENTS),
                period: Some(Period { first_day: Some(day(1, 1)), last_day: Some(day(12, 31)) }),
                amount_ore: GRANTED_ORE,
                dnr: format!("LOAD {YEAR}/{number}"),
                decision_date: Some(day(1, 1)),
                deciding_body: "Styrelsen".to_owned(),
                synthetic: true,
                ..Default::default()
            }),
            request_id: format!("load-grant-{number}"),
            validate_only: false,
        };
        grants.create_grant(request).await?;
    }
    Ok(())
}

fn day(month: i32, day: i32) -> Date {
    Date { year: YEAR, month, day }
}

/// A number that nobody has, with the right check digit.
fn organisation_number(number: usize) -> String {
    let digits = format!("222000{number:03}");
    format!("{digits}{}", luhn_check_digit(&digits))
}
