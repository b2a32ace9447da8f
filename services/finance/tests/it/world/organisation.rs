//! The organisation's part: a federation, areas, municipalities, teams and
//! parties, behind the same guard as the real one, so that a caller who is not
//! passed on gets nothing.

use platform::{Failure, Permission, Permissions, PrincipalVerifier, Transport, mount, page::Page};
use proto::organisation::{
    CreatePartyRequest, CreatePartyResponse, CreateTeamRequest, CreateTeamResponse,
    GetPartyRequest, GetPartyResponse, GetTeamRequest, GetTeamResponse, ListPartiesRequest,
    ListPartiesResponse, ListTeamsRequest, ListTeamsResponse, Party, PartyKind, Team,
    area_service_server::AreaServiceServer,
    federation_service_server::FederationServiceServer,
    municipality_service_server::MunicipalityServiceServer,
    party_service_server::{PartyService, PartyServiceServer},
    team_service_server::{TeamService, TeamServiceServer},
};
use tonic::{Request, Response, Status, service::Routes};
use values::Role;

use super::HOME;

mod places;

const PERMISSIONS: Permissions = &[
    Permission {
        method: "/samordna.organisation.v1.FederationService/GetFederation",
        roles: Role::ALL,
    },
    Permission { method: "/samordna.organisation.v1.AreaService/ListAreas", roles: Role::ALL },
    Permission { method: "/samordna.organisation.v1.AreaService/GetArea", roles: Role::ALL },
    Permission {
        method: "/samordna.organisation.v1.MunicipalityService/ListMunicipalities",
        roles: Role::ALL,
    },
    Permission {
        method: "/samordna.organisation.v1.MunicipalityService/GetMunicipality",
        roles: Role::ALL,
    },
    Permission { method: "/samordna.organisation.v1.TeamService/GetTeam", roles: Role::ALL },
    Permission { method: "/samordna.organisation.v1.TeamService/ListTeams", roles: Role::ALL },
    Permission { method: "/samordna.organisation.v1.PartyService/GetParty", roles: Role::ALL },
    Permission { method: "/samordna.organisation.v1.PartyService/ListParties", roles: Role::ALL },
];

/// Smaller than asked for, so that whoever lists must ask again.
const PAGE: usize = 20;

/// Teams with their municipalities, by SCB code. `vastra-malardalen` works in two
/// areas, `fns` in a municipality without one.
const TEAMS: &[(&str, &[&str])] = &[
    ("fns", &["1982"]),
    ("hallstahammar", &["0484"]),
    ("sala", &["0486"]),
    ("surahammar", &["0480"]),
    ("vasteras", &["0480", "0481"]),
    ("vastra-malardalen", &["0484", "0480"]),
];

struct Organisation;

/// The way to it.
pub(super) fn transport(verifier: PrincipalVerifier) -> Transport {
    let routes = Routes::new(TeamServiceServer::new(Organisation))
        .add_service(PartyServiceServer::new(Organisation))
        .add_service(FederationServiceServer::new(Organisation))
        .add_service(AreaServiceServer::new(Organisation))
        .add_service(MunicipalityServiceServer::new(Organisation));
    Transport::local(mount::guarded("organisation", routes, PERMISSIONS, verifier))
}

fn team((id, municipalities): &(&str, &[&str])) -> Team {
    let municipality = |code: &&str| format!("{HOME}/municipalities/{code}");
    Team {
        name: format!("{HOME}/teams/{id}"),
        display_name: format!("Samordningsteam {id}"),
        municipalities: municipalities.iter().map(municipality).collect(),
    }
}

/// The number of a party: its place in the list of all, with a check digit.
pub(crate) fn organisation_number(id: &str) -> String {
    let place = parties().iter().position(|other| other == id).unwrap();
    let nine = format!("9999{:02}{:03}", place / 100, place % 100);
    let with = |digit: u32| format!("{}-{}{digit}", &nine[..6], &nine[6..]);
    (0..10).map(with).find(|text| values::OrganisationNumber::parse("", text).is_ok()).unwrap()
}

fn party(id: &str) -> Party {
    let kind = match id {
        "forsakringskassan" => PartyKind::StateAgency,
        "region" => PartyKind::Region,
        _ => PartyKind::Municipality,
    };
    Party {
        name: format!("{HOME}/parties/{id}"),
        display_name: format!("Huvudman {id}"),
        organisation_number: organisation_number(id),
        kind: kind.into(),
        synthetic: true,
    }
}

/// `party-00` to `party-99`, the state, the region and a few municipalities, in
/// order.
fn parties() -> Vec<String> {
    let numbered = (0..100).map(|number| format!("party-{number:02}"));
    let named = ["forsakringskassan", "koping", "region", "sala", "vasteras"];
    let mut all: Vec<String> = numbered.chain(named.map(str::to_owned)).collect();
    all.sort();
    all
}

/// A page of ids, and the token of the next.
fn page(ids: Vec<String>, token: &str) -> (Vec<String>, String) {
    let after = Page::parse(0, token).unwrap().after.unwrap_or_default();
    let mut rest = ids.into_iter().filter(|id| *id > after);
    let items: Vec<String> = rest.by_ref().take(PAGE).collect();
    let is_last = rest.next().is_none();
    let last = items.last().filter(|_| !is_last);
    let next = last.map(|last| Page::token(last)).unwrap_or_default();
    (items, next)
}

fn unknown<T>(name: &str) -> Result<T, Status> {
    Err(Failure::not_found(name).into())
}

#[tonic::async_trait]
impl TeamService for Organisation {
    async fn create_team(
        &self,
        _: Request<CreateTeamRequest>,
    ) -> Result<Response<CreateTeamResponse>, Status> {
        Err(Status::unimplemented("finance creates no teams"))
    }

    async fn get_team(
        &self,
        request: Request<GetTeamRequest>,
    ) -> Result<Response<GetTeamResponse>, Status> {
        let name = request.into_inner().name;
        match TEAMS.iter().map(team).find(|team| team.name == name) {
            Some(team) => Ok(Response::new(GetTeamResponse { team: Some(team) })),
            None => unknown(&name),
        }
    }

    async fn list_teams(
        &self,
        request: Request<ListTeamsRequest>,
    ) -> Result<Response<ListTeamsResponse>, Status> {
        let ids = TEAMS.iter().map(|(id, _)| (*id).to_owned()).collect();
        let (ids, next_page_token) = page(ids, &request.get_ref().page_token);
        let listed = TEAMS.iter().filter(|(id, _)| ids.iter().any(|listed| listed == id));
        let teams = listed.map(team).collect();
        Ok(Response::new(ListTeamsResponse { teams, next_page_token }))
    }
}

#[tonic::async_trait]
impl PartyService for Organisation {
    async fn create_party(
        &self,
        _: Request<CreatePartyRequest>,
    ) -> Result<Response<CreatePartyResponse>, Status> {
        Err(Status::unimplemented("finance creates no parties"))
    }

    async fn get_party(
        &self,
        request: Request<GetPartyRequest>,
    ) -> Result<Response<GetPartyResponse>, Status> {
        let name = request.into_inner().name;
        let all = parties();
        match all.iter().map(|id| party(id)).find(|party| party.name == name) {
            Some(party) => Ok(Response::new(GetPartyResponse { party: Some(party) })),
            None => unknown(&name),
        }
    }

    async fn list_parties(
        &self,
        request: Request<ListPartiesRequest>,
    ) -> Result<Response<ListPartiesResponse>, Status> {
        let (ids, next_page_token) = page(parties(), &request.get_ref().page_token);
        let parties = ids.iter().map(|id| party(id)).collect();
        Ok(Response::new(ListPartiesResponse { parties, next_page_token }))
    }
}
