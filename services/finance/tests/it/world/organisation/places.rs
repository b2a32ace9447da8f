//! The federation itself, three areas with their municipalities, and one
//! municipality without an area.

use platform::Failure;
use proto::organisation::{
    Area, CreateAreaRequest, CreateAreaResponse, CreateFederationRequest, CreateFederationResponse,
    CreateMunicipalityRequest, CreateMunicipalityResponse, Federation, GetAreaRequest,
    GetAreaResponse, GetFederationRequest, GetFederationResponse, GetMunicipalityRequest,
    GetMunicipalityResponse, ListAreasRequest, ListAreasResponse, ListMunicipalitiesRequest,
    ListMunicipalitiesResponse, Municipality, area_service_server::AreaService,
    federation_service_server::FederationService, municipality_service_server::MunicipalityService,
};
use tonic::{Request, Response, Status};

use super::{HOME, Organisation, page};

const AREAS: [(&str, &str); 3] = [("norra", "Norra"), ("sodra", "Södra"), ("vastra", "Västra")];

/// SCB code, name, area.
const MUNICIPALITIES: [(&str, &str, &str); 10] = [
    ("0428", "Vingåker", "vastra"),
    ("0461", "Gnesta", "sodra"),
    ("0480", "Nyköping", "sodra"),
    ("0481", "Oxelösund", "sodra"),
    ("0482", "Flen", "vastra"),
    ("0483", "Katrineholm", "vastra"),
    ("0484", "Eskilstuna", "norra"),
    ("0486", "Strängnäs", "norra"),
    ("0488", "Trosa", "sodra"),
    ("1982", "Fagersta", ""),
];

fn area((id, name): &(&str, &str)) -> Area {
    Area { name: format!("{HOME}/areas/{id}"), display_name: (*name).to_owned() }
}

fn municipality((code, name, area): &(&str, &str, &str)) -> Municipality {
    Municipality {
        name: format!("{HOME}/municipalities/{code}"),
        scb_code: (*code).to_owned(),
        display_name: (*name).to_owned(),
        area: if area.is_empty() { String::new() } else { format!("{HOME}/areas/{area}") },
        party: String::new(),
    }
}

#[tonic::async_trait]
impl FederationService for Organisation {
    async fn create_federation(
        &self,
        _: Request<CreateFederationRequest>,
    ) -> Result<Response<CreateFederationResponse>, Status> {
        Err(Status::unimplemented("finance creates no federations"))
    }

    async fn get_federation(
        &self,
        _: Request<GetFederationRequest>,
    ) -> Result<Response<GetFederationResponse>, Status> {
        let federation = Federation {
            name: HOME.to_owned(),
            display_name: "Samordningsförbundet Västmanland".to_owned(),
            organisation_number: "999900-0012".to_owned(),
            synthetic: true,
            smallest_shown_count: 0,
        };
        Ok(Response::new(GetFederationResponse { federation: Some(federation) }))
    }
}

#[tonic::async_trait]
impl AreaService for Organisation {
    async fn create_area(
        &self,
        _: Request<CreateAreaRequest>,
    ) -> Result<Response<CreateAreaResponse>, Status> {
        Err(Status::unimplemented("finance creates no areas"))
    }

    async fn get_area(
        &self,
        request: Request<GetAreaRequest>,
    ) -> Result<Response<GetAreaResponse>, Status> {
        let name = request.into_inner().name;
        let area = AREAS.iter().map(area).find(|area| area.name == name);
        let area = area.ok_or_else(|| Status::from(Failure::not_found(&name)))?;
        Ok(Response::new(GetAreaResponse { area: Some(area) }))
    }

    async fn list_areas(
        &self,
        request: Request<ListAreasRequest>,
    ) -> Result<Response<ListAreasResponse>, Status> {
        let ids = AREAS.iter().map(|(id, _)| (*id).to_owned()).collect();
        let (ids, next_page_token) = page(ids, &request.get_ref().page_token);
        let listed = AREAS.iter().filter(|(id, _)| ids.iter().any(|listed| listed == id));
        Ok(Response::new(ListAreasResponse { areas: listed.map(area).collect(), next_page_token }))
    }
}

#[tonic::async_trait]
impl MunicipalityService for Organisation {
    async fn create_municipality(
        &self,
        _: Request<CreateMunicipalityRequest>,
    ) -> Result<Response<CreateMunicipalityResponse>, Status> {
        Err(Status::unimplemented("finance creates no municipalities"))
    }

    async fn get_municipality(
        &self,
        request: Request<GetMunicipalityRequest>,
    ) -> Result<Response<GetMunicipalityResponse>, Status> {
        let name = request.into_inner().name;
        let found = MUNICIPALITIES.iter().map(municipality).find(|found| found.name == name);
        let found = found.ok_or_else(|| Status::from(Failure::not_found(&name)))?;
        Ok(Response::new(GetMunicipalityResponse { municipality: Some(found) }))
    }

    async fn list_municipalities(
        &self,
        request: Request<ListMunicipalitiesRequest>,
    ) -> Result<Response<ListMunicipalitiesResponse>, Status> {
        let ids = MUNICIPALITIES.iter().map(|(id, _, _)| (*id).to_owned()).collect();
        let (ids, next_page_token) = page(ids, &request.get_ref().page_token);
        let listed = MUNICIPALITIES.iter();
        let listed = listed.filter(|(id, _, _)| ids.iter().any(|listed| listed == id));
        let municipalities = listed.map(municipality).collect();
        Ok(Response::new(ListMunicipalitiesResponse { municipalities, next_page_token }))
    }
}
