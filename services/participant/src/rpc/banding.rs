//! Bandings.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Journal, Principal, Step, Write, journal::Transaction, journalled::Recorded,
    principal,
};
use proto::participant::{
    Banding as BandingMessage, CreateBandingRequest, CreateBandingResponse, GetBandingRequest,
    GetBandingResponse, ListBandingsRequest, ListBandingsResponse,
    banding_service_server::BandingService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::BandingName};

use super::{
    check_given_name,
    convert::banding::{banding, dimension, to_proto},
    decoded, draft, next_page_token, page, parent, recorded, refused,
};
use crate::{
    domain::{
        banding::{BandedDimension, Banding},
        create::create,
    },
    store::{self},
};

const CREATE: &str = "/samordna.participant.v1.BandingService/CreateBanding";

pub(super) struct Bandings(Journal);

#[async_trait]
impl BandingService for Bandings {
    async fn create_banding(
        &self,
        request: Request<CreateBandingRequest>,
    ) -> Result<Response<CreateBandingResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_banding(
        &self,
        request: Request<GetBandingRequest>,
    ) -> Result<Response<GetBandingResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_bandings(
        &self,
        request: Request<ListBandingsRequest>,
    ) -> Result<Response<ListBandingsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Bandings {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateBandingRequest,
    ) -> Result<CreateBandingResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, banding) = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, step| {
            let (name, banding) = (name.clone(), banding.clone());
            async move { save(transaction, step, &name, &banding).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateBandingResponse { banding: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetBandingRequest,
    ) -> Result<GetBandingResponse, Failure> {
        let GetBandingRequest { name: sent } = message;
        let name = BandingName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::banding::find(&self.0.database().read, &name).await?;
        let found = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetBandingResponse { banding: Some(decoded(&found.payload)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListBandingsRequest,
    ) -> Result<ListBandingsResponse, Failure> {
        let ListBandingsRequest { parent, dimension: divides, page_size, page_token } = message;
        let divides = (divides != 0).then(|| dimension("dimension", divides)).transpose()?;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let read = &self.0.database().read;
        let listed = store::banding::list(read, &federation, divides, &page).await?;
        let payloads = listed.items.iter().map(|(_, found)| decoded(&found.payload));
        Ok(ListBandingsResponse {
            bandings: payloads.collect::<Result<Vec<BandingMessage>, _>>()?,
            next_page_token: next_page_token(&listed, |name| &name.id),
        })
    }
}

fn parse(
    principal: &Principal,
    message: CreateBandingRequest,
) -> Result<(BandingName, Banding), Failure> {
    let CreateBandingRequest { parent, banding_id, banding: sent, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("banding_id", &banding_id));
    let name = id.map(|id| BandingName::new(federation, id));
    let sent = faults.keep(sent.ok_or_else(|| Fault::new("banding", "FIELD_MISSING")));
    let banding = sent.and_then(|sent| {
        faults.keep(check_given_name("banding.name", &sent.name, name.as_ref()));
        faults.keep_nested("banding", banding(sent))
    });
    Ok(faults.into_result(|| name.zip(banding))?)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: &BandingName,
    banding: &Banding,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::banding::find(transaction, name).await?.is_some();
    create(taken, Faults::new()).map_err(|refusal| refused(refusal, name, "banding"))?;
    store::banding::insert(transaction, name, banding.dimension(), step.sequence).await?;
    Ok(vec![draft("banding.created", name, &to_proto(name, banding))])
}

/// What finds a banding that is recorded: its name, what it divides and where the journal
/// has it.
pub(crate) fn row(
    name: &str,
    payload: &[u8],
    recorded: Recorded,
) -> anyhow::Result<(BandingName, BandedDimension, i64)> {
    let message: BandingMessage = prost::Message::decode(payload)?;
    anyhow::ensure!(message.name == name, "is recorded under another name");
    let divides = dimension("dimension", message.dimension);
    let divides = divides.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let name = BandingName::parse("name", name).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    Ok((name, divides, recorded.sequence))
}
