//! Organisation and finance as reporting sees them: behind a guard that
//! verifies the caller, and one team a page.

use platform::{Permission, Permissions, PrincipalVerifier, Transport, mount};
use proto::finance::{
    FundingAmounts, FundingRow, FundingTable, GetFundingTableRequest, GetFundingTableResponse,
    funding_table_service_server::{FundingTableService, FundingTableServiceServer},
};
use proto::organisation::{
    Area, CreateAreaRequest, CreateAreaResponse, CreateFederationRequest, CreateFederationResponse,
    CreateMunicipalityRequest, CreateMunicipalityResponse, CreateTeamRequest, CreateTeamResponse,
    Federation, GetAreaRequest, GetAreaResponse, GetFederationRequest, GetFederationResponse,
    GetMunicipalityRequest, GetMunicipalityResponse, GetTeamRequest, GetTeamResponse,
    ListAreasRequest, ListAreasResponse, ListMunicipalitiesRequest, ListMunicipalitiesResponse,
    ListTeamsRequest, ListTeamsResponse, Municipality, Team,
    area_service_server::{AreaService, AreaServiceServer},
    federation_service_server::{FederationService, FederationServiceServer},
    municipality_service_server::{MunicipalityService, MunicipalityServiceServer},
    team_service_server::{TeamService, TeamServiceServer},
};
use proto::participant::{
    banding_service_server::BandingServiceServer,
    table_layout_service_server::TableLayoutServiceServer,
    tabulation_service_server::TabulationServiceServer,
};
use tonic::{Request, Response, Status, async_trait, service::Routes};
use values::Role;

use crate::counts::Counts;
use crate::world::HOME;

/// The teams that the organisation has: id, display name, municipality.
pub(crate) const TEAMS: [(&str, &str, &str); 4] = [
    ("hallstahammar", "Samordningsteam Hallstahammar", "Hallstahammar"),
    ("sala", "Samordningsteam Sala", "Sala"),
    ("surahammar", "Samordningsteam Surahammar", "Surahammar"),
    ("vastra-malardalen", "Teamsamverkan Västra Mälardalen", "Köping"),
];

/// The areas that the organisation has.
pub(crate) const AREAS: [(&str, &str); 3] =
    [("norra", "Norra"), ("sodra", "Södra"), ("vastra", "Västra")];

const ORGANISATION: Permissions = &[
    open("/samordna.organisation.v1.AreaService/GetArea"),
    open("/samordna.organisation.v1.FederationService/GetFederation"),
    open("/samordna.organisation.v1.AreaService/ListAreas"),
    open("/samordna.organisation.v1.TeamService/GetTeam"),
    open("/samordna.organisation.v1.TeamService/ListTeams"),
    open("/samordna.organisation.v1.MunicipalityService/ListMunicipalities"),
    open("/samordna.participant.v1.BandingService/CreateBanding"),
    open("/samordna.participant.v1.BandingService/GetBanding"),
    open("/samordna.participant.v1.TableLayoutService/CreateTableLayout"),
    open("/samordna.participant.v1.TableLayoutService/GetTableLayout"),
    open("/samordna.participant.v1.TabulationService/GetProtectedTables"),
    open("/samordna.participant.v1.TabulationService/ListReleasedTables"),
    open("/samordna.participant.v1.TabulationService/ReleaseTables"),
];

const FINANCE: Permissions = &[open("/samordna.finance.v1.FundingTableService/GetFundingTable")];

const fn open(method: &'static str) -> Permission {
    Permission { method, roles: Role::ALL }
}

/// The way to the organisation, with or without a record of the federation, and to the
/// counts of records.
pub(crate) fn organisation(
    verifier: PrincipalVerifier,
    has_federation: bool,
    counts: Counts,
) -> Transport {
    let routes = Routes::new(FederationServiceServer::new(Federations { has_federation }))
        .add_service(AreaServiceServer::new(Areas))
        .add_service(TeamServiceServer::new(Teams))
        .add_service(MunicipalityServiceServer::new(Municipalities))
        .add_service(BandingServiceServer::new(counts.clone()))
        .add_service(TableLayoutServiceServer::new(counts.clone()))
        .add_service(TabulationServiceServer::new(counts));
    Transport::local(mount::guarded("organisation", routes, ORGANISATION, verifier))
}

/// The way to finance.
pub(crate) fn finance(verifier: PrincipalVerifier) -> Transport {
    let routes = Routes::new(FundingTableServiceServer::new(Finance));
    Transport::local(mount::guarded("finance", routes, FINANCE, verifier))
}

fn team((id, display_name, municipality): &(&str, &str, &str)) -> Team {
    Team {
        name: format!("{HOME}/teams/{id}"),
        display_name: (*display_name).to_owned(),
        municipalities: vec![format!("{HOME}/municipalities/{municipality}")],
    }
}

struct Teams;

#[async_trait]
impl TeamService for Teams {
    async fn create_team(
        &self,
        _: Request<CreateTeamRequest>,
    ) -> Result<Response<CreateTeamResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn get_team(
        &self,
        request: Request<GetTeamRequest>,
    ) -> Result<Response<GetTeamResponse>, Status> {
        let name = request.into_inner().name;
        let team = TEAMS.iter().map(team).find(|team| team.name == name);
        let team = team.ok_or_else(|| Status::not_found("NOT_FOUND"))?;
        Ok(Response::new(GetTeamResponse { team: Some(team) }))
    }

    async fn list_teams(
        &self,
        request: Request<ListTeamsRequest>,
    ) -> Result<Response<ListTeamsResponse>, Status> {
        let page_token = request.into_inner().page_token;
        let position = page_token.parse().unwrap_or(0);
        let next = position + 1;
        let next_page_token = if next < TEAMS.len() { next.to_string() } else { String::new() };
        let teams = TEAMS.get(position).map(team).into_iter().collect();
        Ok(Response::new(ListTeamsResponse { teams, next_page_token }))
    }
}

fn area((id, display_name): (&str, &str)) -> Area {
    Area { name: format!("{HOME}/areas/{id}"), display_name: display_name.to_owned() }
}

/// The areas; of all municipalities, Sala is in one.
struct Areas;

#[async_trait]
impl AreaService for Areas {
    async fn create_area(
        &self,
        _: Request<CreateAreaRequest>,
    ) -> Result<Response<CreateAreaResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn get_area(
        &self,
        request: Request<GetAreaRequest>,
    ) -> Result<Response<GetAreaResponse>, Status> {
        let GetAreaRequest { name } = request.into_inner();
        let area = AREAS.into_iter().map(area).find(|area| area.name == name);
        let area = area.ok_or_else(|| Status::not_found("NOT_FOUND"))?;
        Ok(Response::new(GetAreaResponse { area: Some(area) }))
    }

    async fn list_areas(
        &self,
        _: Request<ListAreasRequest>,
    ) -> Result<Response<ListAreasResponse>, Status> {
        let areas = AREAS.into_iter().map(area).collect();
        Ok(Response::new(ListAreasResponse { areas, next_page_token: String::new() }))
    }
}

struct Municipalities;

#[async_trait]
impl MunicipalityService for Municipalities {
    async fn create_municipality(
        &self,
        _: Request<CreateMunicipalityRequest>,
    ) -> Result<Response<CreateMunicipalityResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn get_municipality(
        &self,
        _: Request<GetMunicipalityRequest>,
    ) -> Result<Response<GetMunicipalityResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn list_municipalities(
        &self,
        _: Request<ListMunicipalitiesRequest>,
    ) -> Result<Response<ListMunicipalitiesResponse>, Status> {
        let municipality = |(id, _, name): &(&str, &str, &str)| Municipality {
            name: format!("{HOME}/municipalities/{name}"),
            scb_code: String::new(),
            display_name: (*name).to_owned(),
            area: if *id == "sala" { format!("{HOME}/areas/sodra") } else { String::new() },
            party: String::new(),
        };
        let municipalities = TEAMS.iter().map(municipality).collect();
        let next_page_token = String::new();
        Ok(Response::new(ListMunicipalitiesResponse { municipalities, next_page_token }))
    }
}

struct Federations {
    has_federation: bool,
}

#[async_trait]
impl FederationService for Federations {
    async fn create_federation(
        &self,
        _: Request<CreateFederationRequest>,
    ) -> Result<Response<CreateFederationResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn get_federation(
        &self,
        request: Request<GetFederationRequest>,
    ) -> Result<Response<GetFederationResponse>, Status> {
        if !self.has_federation {
            return Err(Status::not_found("NOT_FOUND"));
        }
        let federation = Federation {
            name: request.into_inner().name,
            display_name: "Samordningsförbundet Västmanland".to_owned(),
            ..Default::default()
        };
        Ok(Response::new(GetFederationResponse { federation: Some(federation) }))
    }
}

struct Finance;

#[async_trait]
impl FundingTableService for Finance {
    async fn get_funding_table(
        &self,
        request: Request<GetFundingTableRequest>,
    ) -> Result<Response<GetFundingTableResponse>, Status> {
        let GetFundingTableRequest { parent, year, period, .. } = request.into_inner();
        let funding_table = Some(funding_table(parent, year, period));
        Ok(Response::new(GetFundingTableResponse { funding_table }))
    }
}

/// A table with a row for Sala, two for Surahammar and one of no team.
pub(crate) fn funding_table(
    parent: String,
    year: i32,
    period: Option<proto::common::Period>,
) -> FundingTable {
    let amounts =
        FundingAmounts { granted_ore: 172_000_000, share_percent: 46, ..Default::default() };
    let row = |recipient: &str, team: &str, requisitioned_ore| FundingRow {
        recipient: format!("{HOME}/recipients/{recipient}"),
        display_name: format!("Mottagare {recipient}"),
        team: if team.is_empty() { String::new() } else { format!("{HOME}/teams/{team}") },
        amounts: Some(FundingAmounts { requisitioned_ore, ..amounts }),
        warnings: Vec::new(),
        ..Default::default()
    };
    FundingTable {
        parent,
        year,
        period,
        rows: vec![
            row("psykiatri", "", 5),
            row("sala", "sala", 79_120_000),
            row("surahammar", "surahammar", 40_000_000),
            row("surahammar-extra", "surahammar", 20_000_000),
        ],
        total: Some(FundingAmounts {
            granted_ore: 1_384_100_000,
            requisitioned_ore: 587_300_000,
            requisitioned_to_date_ore: 587_300_000,
            share_percent: 42,
            ..Default::default()
        }),
        sequence: 17,
        head_hash: vec![5; 32],
        ..Default::default()
    }
}
