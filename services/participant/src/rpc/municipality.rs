//! Municipalities, by SCB code.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use platform::{Draft, Failure, Journal, Principal, Write, journal::Transaction, principal};
use proto::organisation::{
    CreateMunicipalityRequest, CreateMunicipalityResponse, GetMunicipalityRequest,
    GetMunicipalityResponse, ListMunicipalitiesRequest, ListMunicipalitiesResponse,
    municipality_service_server::MunicipalityService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::MunicipalityName};

use super::{
    check_given_name, convert, draft, next_page_token, page, parent, recorded, refused, to_proto,
};
use crate::{
    domain::{
        create::create,
        municipality::{self, Municipality},
    },
    store,
};

const CREATE: &str = "/samordna.organisation.v1.MunicipalityService/CreateMunicipality";

pub(super) struct Municipalities(Journal);

#[async_trait]
impl MunicipalityService for Municipalities {
    async fn create_municipality(
        &self,
        request: Request<CreateMunicipalityRequest>,
    ) -> Result<Response<CreateMunicipalityResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_municipality(
        &self,
        request: Request<GetMunicipalityRequest>,
    ) -> Result<Response<GetMunicipalityResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_municipalities(
        &self,
        request: Request<ListMunicipalitiesRequest>,
    ) -> Result<Response<ListMunicipalitiesResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Municipalities {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateMunicipalityRequest,
    ) -> Result<CreateMunicipalityResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, municipality) = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, _step| {
            let (name, municipality) = (name.clone(), municipality.clone());
            async move { save(transaction, name, municipality).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateMunicipalityResponse { municipality: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetMunicipalityRequest,
    ) -> Result<GetMunicipalityResponse, Failure> {
        let GetMunicipalityRequest { name: sent } = message;
        let name = MunicipalityName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::municipality::find(&self.0.database().read, &name).await?;
        let municipality = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetMunicipalityResponse {
            municipality: Some(to_proto::municipality(&name, &municipality)),
        })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListMunicipalitiesRequest,
    ) -> Result<ListMunicipalitiesResponse, Failure> {
        let ListMunicipalitiesRequest { parent, page_size, page_token } = message;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let listed = store::municipality::list(&self.0.database().read, &federation, &page).await?;
        Ok(ListMunicipalitiesResponse {
            next_page_token: next_page_token(&listed, |name| &name.id),
            municipalities: listed
                .items
                .iter()
                .map(|(name, municipality)| to_proto::municipality(name, municipality))
                .collect(),
        })
    }
}

fn parse(
    principal: &Principal,
    message: CreateMunicipalityRequest,
) -> Result<(MunicipalityName, Municipality), Failure> {
    let CreateMunicipalityRequest {
        parent,
        municipality_id,
        municipality,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("municipality_id", &municipality_id));
    let name = id.clone().map(|id| MunicipalityName::new(federation, id));
    let sent = faults.keep(municipality.ok_or_else(|| Fault::new("municipality", "FIELD_MISSING")));
    let municipality = sent.and_then(|sent| {
        faults.keep(check_given_name("municipality.name", &sent.name, name.as_ref()));
        faults.keep_nested("municipality", convert::municipality(id.as_ref(), sent))
    });
    Ok(faults.into_result(|| name.zip(municipality))?)
}

async fn save(
    transaction: &Transaction,
    name: MunicipalityName,
    municipality: Municipality,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::municipality::find(transaction, &name).await?.is_some();
    let mut areas = BTreeSet::new();
    if let Some(area) = &municipality.area
        && area.federation == name.federation
        && store::area::find(transaction, area).await?.is_some()
    {
        areas.insert(area.clone());
    }
    let mut parties = BTreeSet::new();
    if let Some(party) = &municipality.party
        && party.federation == name.federation
        && store::party::find(transaction, party).await?.is_some()
    {
        parties.insert(party.clone());
    }
    let unknown = municipality::unknown_references(
        &municipality,
        |area| areas.contains(area),
        |party| parties.contains(party),
    );
    create(taken, unknown).map_err(|refusal| refused(refusal, &name, "municipality"))?;
    let draft = draft("municipality.created", &name, &to_proto::municipality(&name, &municipality));
    store::municipality::insert(transaction, &[(name, municipality)].into()).await?;
    Ok(vec![draft])
}
