//! `GrantService`.

mod amend;

use platform::{Failure, Write, clock::day_in_sweden, page::Page, principal};
use proto::finance::{
    AmendGrantRequest, AmendGrantResponse, CreateGrantRequest, CreateGrantResponse,
    GetGrantRequest, GetGrantResponse, Grant, ListGrantsRequest, ListGrantsResponse,
    grant_service_server::GrantService,
};
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Period,
    name::{GrantName, RecipientName},
};

use super::{Shared, convert, draft, recorded};
use crate::{
    domain::grant::{self, CreateFacts, CreateRefusal},
    store::{self, grant::Filter},
};

const CREATE: &str = "/samordna.finance.v1.GrantService/CreateGrant";

pub(super) struct Grants(pub(super) Shared);

#[tonic::async_trait]
impl GrantService for Grants {
    async fn create_grant(
        &self,
        request: Request<CreateGrantRequest>,
    ) -> Result<Response<CreateGrantResponse>, Status> {
        let grant = Some(create(&self.0, request).await?);
        Ok(Response::new(CreateGrantResponse { grant }))
    }

    async fn amend_grant(
        &self,
        request: Request<AmendGrantRequest>,
    ) -> Result<Response<AmendGrantResponse>, Status> {
        let grant = Some(amend::amend(&self.0, request).await?);
        Ok(Response::new(AmendGrantResponse { grant }))
    }

    async fn get_grant(
        &self,
        request: Request<GetGrantRequest>,
    ) -> Result<Response<GetGrantResponse>, Status> {
        let grant = Some(get(&self.0, request).await?);
        Ok(Response::new(GetGrantResponse { grant }))
    }

    async fn list_grants(
        &self,
        request: Request<ListGrantsRequest>,
    ) -> Result<Response<ListGrantsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }
}

async fn create(shared: &Shared, request: Request<CreateGrantRequest>) -> Result<Grant, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CREATE, request.get_ref())?;
    let CreateGrantRequest {
        parent,
        grant_id,
        grant,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = grant.ok_or_else(|| Fault::new("grant", "FIELD_MISSING"))?;
    let name_of = |id| GrantName::new(federation.clone(), id);
    let name = convert::new_name("grant", &grant_id, &content.name, name_of, &mut faults);
    let (mut parts, inner) = convert::grant::parse(&federation, content);
    faults.nest("grant", inner);
    parts.name = name;

    let entries = shared.journal.write(write, move |transaction, step| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        let actor = principal.account.clone();
        Box::pin(async move {
            let before = store::grant::before_create(transaction, &federation, &parts).await?;
            let facts = CreateFacts {
                is_taken: before.is_taken,
                recipient_is_known: before.recipient_is_known,
                parent: before.parent,
                closed_through: before.closed_through,
                today: day_in_sweden(step.now),
            };
            let name = parts.name.clone();
            let (created, opening) = grant::create(parts, facts, actor, step.now)
                .map_err(|refusal| refused(refusal, name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            let sequence = step.sequence;
            store::grant::insert(transaction, &federation, &created, sequence, &opening).await?;
            let resource = convert::grant::render(&created);
            Ok(vec![draft("grant.created", &created.decision.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: CreateRefusal, name: Option<GrantName>, faults: Faults) -> Failure {
    match refusal {
        CreateRefusal::Faulty(found) => {
            convert::faulty(faults, "grant", found.into_iter().map(convert::grant::fault))
        }
        CreateRefusal::Taken => convert::taken(name),
        CreateRefusal::YearClosed(year) => convert::year_closed(year),
        CreateRefusal::GrantOverdrawn { asked, left } => {
            convert::overdrawn(asked, left).with("field", "grant.amount_ore")
        }
    }
}

async fn get(shared: &Shared, request: Request<GetGrantRequest>) -> Result<Grant, Failure> {
    let principal = principal::of(&request)?;
    let GetGrantRequest { name: sent } = request.into_inner();
    let name = GrantName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let picture = shared.database().snapshot().await?;
    let found = store::grant::find(&picture, &name).await?;
    picture.rollback().await?;
    let grant = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::grant::render(&grant))
}

async fn list(
    shared: &Shared,
    request: Request<ListGrantsRequest>,
) -> Result<ListGrantsResponse, Failure> {
    let principal = principal::of(&request)?;
    let ListGrantsRequest { parent, page_size, page_token, recipient, year } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let recipient = (!recipient.is_empty()).then(|| {
        let parsed = RecipientName::parse("recipient", &recipient);
        convert::within(&federation, "recipient", parsed, |name| &name.federation)
    });
    let recipient = recipient.and_then(|parsed| faults.keep(parsed));
    let year = (year != 0).then(|| {
        let out_of_range = || Fault::new("year", "YEAR_OUT_OF_RANGE").with("value", year);
        Period::year(year).ok_or_else(out_of_range)
    });
    let year = year.and_then(|parsed| faults.keep(parsed));
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let page = faults.into_result(|| page)?;
    let filter = Filter { recipient, year, page };
    let picture = shared.database().snapshot().await?;
    let listed = store::grant::list(&picture, &federation, &filter).await?;
    picture.rollback().await?;
    Ok(ListGrantsResponse {
        grants: listed.items.iter().map(convert::grant::render).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
