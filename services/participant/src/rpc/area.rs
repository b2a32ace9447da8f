//! Areas.

use futures::FutureExt as _;
use platform::{Draft, Failure, Journal, Principal, Write, journal::Transaction, principal};
use proto::organisation::{
    CreateAreaRequest, CreateAreaResponse, GetAreaRequest, GetAreaResponse, ListAreasRequest,
    ListAreasResponse, area_service_server::AreaService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::AreaName};

use super::{
    check_given_name, convert, draft, next_page_token, page, parent, recorded, refused, to_proto,
};
use crate::{
    domain::{area::Area, create::create},
    store,
};

const CREATE: &str = "/samordna.organisation.v1.AreaService/CreateArea";

pub(super) struct Areas(Journal);

#[async_trait]
impl AreaService for Areas {
    async fn create_area(
        &self,
        request: Request<CreateAreaRequest>,
    ) -> Result<Response<CreateAreaResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_area(
        &self,
        request: Request<GetAreaRequest>,
    ) -> Result<Response<GetAreaResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_areas(
        &self,
        request: Request<ListAreasRequest>,
    ) -> Result<Response<ListAreasResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Areas {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateAreaRequest,
    ) -> Result<CreateAreaResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, area) = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, _step| {
            let (name, area) = (name.clone(), area.clone());
            async move { save(transaction, name, area).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateAreaResponse { area: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetAreaRequest,
    ) -> Result<GetAreaResponse, Failure> {
        let GetAreaRequest { name: sent } = message;
        let name = AreaName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::area::find(&self.0.database().read, &name).await?;
        let area = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetAreaResponse { area: Some(to_proto::area(&name, &area)) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListAreasRequest,
    ) -> Result<ListAreasResponse, Failure> {
        let ListAreasRequest { parent, page_size, page_token } = message;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let listed = store::area::list(&self.0.database().read, &federation, &page).await?;
        Ok(ListAreasResponse {
            next_page_token: next_page_token(&listed, |name| &name.id),
            areas: listed.items.iter().map(|(name, area)| to_proto::area(name, area)).collect(),
        })
    }
}

fn parse(principal: &Principal, message: CreateAreaRequest) -> Result<(AreaName, Area), Failure> {
    let CreateAreaRequest { parent, area_id, area, request_id: _, validate_only: _ } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("area_id", &area_id));
    let name = id.map(|id| AreaName::new(federation, id));
    let sent = faults.keep(area.ok_or_else(|| Fault::new("area", "FIELD_MISSING")));
    let area = sent.and_then(|sent| {
        faults.keep(check_given_name("area.name", &sent.name, name.as_ref()));
        faults.keep_nested("area", convert::area(sent))
    });
    Ok(faults.into_result(|| name.zip(area))?)
}

async fn save(
    transaction: &Transaction,
    name: AreaName,
    area: Area,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::area::find(transaction, &name).await?.is_some();
    create(taken, Faults::new()).map_err(|refusal| refused(refusal, &name, "area"))?;
    let draft = draft("area.created", &name, &to_proto::area(&name, &area));
    store::area::insert(transaction, &[(name, area)].into()).await?;
    Ok(vec![draft])
}
