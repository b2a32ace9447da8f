//! Parties.

use futures::FutureExt as _;
use platform::{Draft, Failure, Journal, Principal, Write, journal::Transaction, principal};
use proto::organisation::{
    CreatePartyRequest, CreatePartyResponse, GetPartyRequest, GetPartyResponse, ListPartiesRequest,
    ListPartiesResponse, party_service_server::PartyService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::PartyName};

use super::{
    check_given_name, convert, draft, next_page_token, page, parent, recorded, refused, to_proto,
};
use crate::{
    domain::{create::create, party::Party},
    store,
};

const CREATE: &str = "/samordna.organisation.v1.PartyService/CreateParty";

pub(super) struct Parties(Journal);

#[async_trait]
impl PartyService for Parties {
    async fn create_party(
        &self,
        request: Request<CreatePartyRequest>,
    ) -> Result<Response<CreatePartyResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_party(
        &self,
        request: Request<GetPartyRequest>,
    ) -> Result<Response<GetPartyResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_parties(
        &self,
        request: Request<ListPartiesRequest>,
    ) -> Result<Response<ListPartiesResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Parties {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreatePartyRequest,
    ) -> Result<CreatePartyResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, party) = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, _step| {
            let (name, party) = (name.clone(), party.clone());
            async move { save(transaction, name, party).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreatePartyResponse { party: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetPartyRequest,
    ) -> Result<GetPartyResponse, Failure> {
        let GetPartyRequest { name: sent } = message;
        let name = PartyName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::party::find(&self.0.database().read, &name).await?;
        let party = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetPartyResponse { party: Some(to_proto::party(&name, &party)) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListPartiesRequest,
    ) -> Result<ListPartiesResponse, Failure> {
        let ListPartiesRequest { parent, page_size, page_token } = message;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let listed = store::party::list(&self.0.database().read, &federation, &page).await?;
        Ok(ListPartiesResponse {
            next_page_token: next_page_token(&listed, |name| &name.id),
            parties: listed
                .items
                .iter()
                .map(|(name, party)| to_proto::party(name, party))
                .collect(),
        })
    }
}

fn parse(
    principal: &Principal,
    message: CreatePartyRequest,
) -> Result<(PartyName, Party), Failure> {
    let CreatePartyRequest { parent, party_id, party, request_id: _, validate_only: _ } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("party_id", &party_id));
    let name = id.map(|id| PartyName::new(federation, id));
    let sent = faults.keep(party.ok_or_else(|| Fault::new("party", "FIELD_MISSING")));
    let party = sent.and_then(|sent| {
        faults.keep(check_given_name("party.name", &sent.name, name.as_ref()));
        faults.keep_nested("party", convert::party(sent))
    });
    Ok(faults.into_result(|| name.zip(party))?)
}

async fn save(
    transaction: &Transaction,
    name: PartyName,
    party: Party,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::party::find(transaction, &name).await?.is_some();
    create(taken, Faults::new()).map_err(|refusal| refused(refusal, &name, "party"))?;
    let draft = draft("party.created", &name, &to_proto::party(&name, &party));
    store::party::insert(transaction, &[(name, party)].into()).await?;
    Ok(vec![draft])
}
