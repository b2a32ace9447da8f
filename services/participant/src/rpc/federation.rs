//! The federation itself.

use futures::FutureExt as _;
use platform::{Draft, Failure, Journal, Principal, Write, journal::Transaction, principal};
use proto::organisation::{
    CreateFederationRequest, CreateFederationResponse, GetFederationRequest, GetFederationResponse,
    federation_service_server::FederationService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, name::parse_federation};

use super::{convert, draft, recorded, refused, to_proto};
use crate::{
    domain::{
        create::create,
        federation::{Federation, FederationName},
    },
    store,
};

const CREATE: &str = "/samordna.organisation.v1.FederationService/CreateFederation";

pub(super) struct Federations(Journal);

#[async_trait]
impl FederationService for Federations {
    async fn create_federation(
        &self,
        request: Request<CreateFederationRequest>,
    ) -> Result<Response<CreateFederationResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_federation(
        &self,
        request: Request<GetFederationRequest>,
    ) -> Result<Response<GetFederationResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }
}

impl Federations {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateFederationRequest,
    ) -> Result<CreateFederationResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, federation) = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, _step| {
            let (name, federation) = (name.clone(), federation.clone());
            async move { save(transaction, name, federation).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateFederationResponse { federation: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetFederationRequest,
    ) -> Result<GetFederationResponse, Failure> {
        let GetFederationRequest { name: sent } = message;
        let name = FederationName(parse_federation("name", &sent)?);
        principal.is_in(&name.0, &sent)?;
        let found = store::federation::find(&self.0.database().read, &name).await?;
        let federation = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetFederationResponse { federation: Some(to_proto::federation(&name, &federation)) })
    }
}

fn parse(
    principal: &Principal,
    message: CreateFederationRequest,
) -> Result<(FederationName, Federation), Failure> {
    let CreateFederationRequest { federation, request_id: _, validate_only: _ } = message;
    let sent = federation.ok_or_else(|| Fault::new("federation", "FIELD_MISSING"))?;
    let name = FederationName(principal.federation.clone());
    let mut faults = Faults::new();
    match parse_federation("federation.name", &sent.name) {
        Ok(given) => principal.is_in(&given, &sent.name)?,
        Err(fault) => faults.push(fault),
    }
    let federation = faults.keep_nested("federation", convert::federation(sent));
    Ok(faults.into_result(|| Some((name, federation?)))?)
}

async fn save(
    transaction: &Transaction,
    name: FederationName,
    federation: Federation,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::federation::find(transaction, &name).await?.is_some();
    create(taken, Faults::new()).map_err(|refusal| refused(refusal, &name, "federation"))?;
    let draft = draft("federation.created", &name, &to_proto::federation(&name, &federation));
    store::federation::insert(transaction, &[(name, federation)].into()).await?;
    Ok(vec![draft])
}
