//! `StaffingFinancingService`.

mod matrix;

use platform::{Failure, Write, convert::date_from_proto, page::Page, principal};
use proto::finance::{
    CreateStaffingFinancingRequest, CreateStaffingFinancingResponse, EndStaffingFinancingRequest,
    EndStaffingFinancingResponse, GetStaffingFinancingRequest, GetStaffingFinancingResponse,
    GetStaffingMatrixRequest, GetStaffingMatrixResponse, ListStaffingFinancingsRequest,
    ListStaffingFinancingsResponse, StaffingFinancing,
    staffing_financing_service_server::StaffingFinancingService,
};
use tonic::{Request, Response, Status};
use values::{Fault, Faults, name::StaffingFinancingName};

use super::{Shared, convert, draft, organisation, recorded};
use crate::{
    domain::staffing_financing::{self, CreateFacts, CreateRefusal, Days, EndRefusal, Place},
    store,
};

pub(super) use matrix::compute as compute_matrix;

const CREATE: &str = "/samordna.finance.v1.StaffingFinancingService/CreateStaffingFinancing";
const END: &str = "/samordna.finance.v1.StaffingFinancingService/EndStaffingFinancing";

pub(super) struct StaffingFinancings(pub(super) Shared);

#[tonic::async_trait]
impl StaffingFinancingService for StaffingFinancings {
    async fn create_staffing_financing(
        &self,
        request: Request<CreateStaffingFinancingRequest>,
    ) -> Result<Response<CreateStaffingFinancingResponse>, Status> {
        let staffing_financing = Some(create(&self.0, request).await?);
        Ok(Response::new(CreateStaffingFinancingResponse { staffing_financing }))
    }

    async fn end_staffing_financing(
        &self,
        request: Request<EndStaffingFinancingRequest>,
    ) -> Result<Response<EndStaffingFinancingResponse>, Status> {
        let staffing_financing = Some(end(&self.0, request).await?);
        Ok(Response::new(EndStaffingFinancingResponse { staffing_financing }))
    }

    async fn get_staffing_financing(
        &self,
        request: Request<GetStaffingFinancingRequest>,
    ) -> Result<Response<GetStaffingFinancingResponse>, Status> {
        let staffing_financing = Some(get(&self.0, request).await?);
        Ok(Response::new(GetStaffingFinancingResponse { staffing_financing }))
    }

    async fn list_staffing_financings(
        &self,
        request: Request<ListStaffingFinancingsRequest>,
    ) -> Result<Response<ListStaffingFinancingsResponse>, Status> {
        Ok(Response::new(list(&self.0, request).await?))
    }

    async fn get_staffing_matrix(
        &self,
        request: Request<GetStaffingMatrixRequest>,
    ) -> Result<Response<GetStaffingMatrixResponse>, Status> {
        let staffing_matrix = Some(matrix::get(&self.0, request).await?);
        Ok(Response::new(GetStaffingMatrixResponse { staffing_matrix }))
    }
}

async fn create(
    shared: &Shared,
    request: Request<CreateStaffingFinancingRequest>,
) -> Result<StaffingFinancing, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CREATE, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let CreateStaffingFinancingRequest {
        parent,
        staffing_financing_id,
        staffing_financing: content,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = content.ok_or_else(|| Fault::new("staffing_financing", "FIELD_MISSING"))?;
    let name_of = |id| StaffingFinancingName::new(federation.clone(), id);
    let name = convert::new_name(
        "staffing_financing",
        &staffing_financing_id,
        &content.name,
        name_of,
        &mut faults,
    );
    let (mut parts, inner) = convert::staffing_financing::parse(&federation, content);
    faults.nest("staffing_financing", inner);
    parts.name = name;
    let municipality_is_known = match &parts.place {
        Some(Place::Municipality(municipality)) => {
            let organisation = &shared.organisation;
            organisation::knows_municipality(organisation, &caller, municipality).await?
        }
        Some(Place::Nowhere) | None => true,
    };

    let entries = shared.journal.write(write, move |transaction, _| {
        let (parts, faults) = (parts.clone(), faults.clone());
        Box::pin(async move {
            let there = match &parts.name {
                Some(name) => store::staffing_financing::find(transaction, name).await?,
                None => None,
            };
            let name = parts.name.clone();
            let overlapping = match name.as_ref().zip(parts.days()) {
                Some((name, days)) => {
                    let others = store::staffing_financing::others(transaction, name, days.title);
                    days.overlapping(&others.await?)
                }
                None => None,
            };
            let facts =
                CreateFacts { is_taken: there.is_some(), municipality_is_known, overlapping };
            let created = staffing_financing::create(parts, facts)
                .map_err(|refusal| refused(refusal, name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::staffing_financing::insert(transaction, &created).await?;
            let resource = convert::staffing_financing::render(&created);
            Ok(vec![draft("staffing_financing.created", &created.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: CreateRefusal, name: Option<StaffingFinancingName>, faults: Faults) -> Failure {
    match refusal {
        CreateRefusal::Faulty(found) => convert::faulty(
            faults,
            "staffing_financing",
            found.into_iter().map(convert::staffing_financing::fault),
        ),
        CreateRefusal::Taken => convert::taken(name),
    }
}

async fn end(
    shared: &Shared,
    request: Request<EndStaffingFinancingRequest>,
) -> Result<StaffingFinancing, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, END, request.get_ref())?;
    let EndStaffingFinancingRequest {
        name: sent,
        etag,
        last_day,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(StaffingFinancingName::parse("name", &sent));
    convert::etag(&etag, &mut faults);
    let last_day = faults.keep(date_from_proto("last_day", last_day));
    let (name, last_day) = faults.into_result(|| name.zip(last_day))?;
    principal.is_in(&name.federation, &sent)?;

    let entries = shared.journal.write(write, move |transaction, _| {
        let (name, etag) = (name.clone(), etag.clone());
        Box::pin(async move {
            let found = store::staffing_financing::find(transaction, &name).await?;
            let row = found.ok_or_else(|| Failure::not_found(&name))?;
            let days = Days {
                place: &row.place,
                title: &row.title,
                first_day: row.first_day,
                last_day: Some(last_day),
            };
            let others = store::staffing_financing::others(transaction, &name, days.title);
            let other = days.overlapping(&others.await?);
            let ended =
                staffing_financing::end(row, &etag, last_day, other).map_err(|refusal| {
                    match refusal {
                        EndRefusal::Stale => Failure::Stale { name: name.to_string() },
                        EndRefusal::Faulty(fault) => {
                            let fault = convert::staffing_financing::fault(fault);
                            Fault { field: "last_day".to_owned(), ..fault }.into()
                        }
                    }
                })?;
            store::staffing_financing::keep_end(transaction, &ended).await?;
            let resource = convert::staffing_financing::render(&ended);
            Ok(vec![draft("staffing_financing.ended", &ended.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

async fn get(
    shared: &Shared,
    request: Request<GetStaffingFinancingRequest>,
) -> Result<StaffingFinancing, Failure> {
    let principal = principal::of(&request)?;
    let GetStaffingFinancingRequest { name: sent } = request.into_inner();
    let name = StaffingFinancingName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = store::staffing_financing::find(&shared.database().read, &name).await?;
    let row = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::staffing_financing::render(&row))
}

async fn list(
    shared: &Shared,
    request: Request<ListStaffingFinancingsRequest>,
) -> Result<ListStaffingFinancingsResponse, Failure> {
    let principal = principal::of(&request)?;
    let ListStaffingFinancingsRequest { parent, page_size, page_token } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let page = faults.into_result(|| page)?;
    let connection = &shared.database().read;
    let listed = store::staffing_financing::list(connection, &federation, &page).await?;
    Ok(ListStaffingFinancingsResponse {
        staffing_financings: listed.items.iter().map(convert::staffing_financing::render).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
