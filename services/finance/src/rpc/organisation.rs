//! What finance asks the organisation, on the caller's behalf: whether a team or
//! a party is there.

pub(super) mod directory;

use std::collections::HashSet;

use platform::{Failure, Transport, principal};
use proto::organisation::{
    GetMunicipalityRequest, GetPartyRequest, GetTeamRequest, ListTeamsRequest, Party,
    municipality_service_client::MunicipalityServiceClient,
    party_service_client::PartyServiceClient, team_service_client::TeamServiceClient,
};
use tonic::{Code, Status, metadata::MetadataMap};
use values::{
    Fault, OrganisationNumber, Slug,
    name::{MunicipalityName, PartyName, TeamName},
};

use crate::domain::requisition::PartyFact;
pub(super) use directory::Directory;

const SERVICE: &str = "organisation";
const LARGEST_PAGE: i32 = 1000;

/// True when the team is there.
pub(super) async fn knows_team(
    organisation: &Transport,
    caller: &MetadataMap,
    team: &TeamName,
) -> Result<bool, Failure> {
    let message = GetTeamRequest { name: team.to_string() };
    let request = principal::forward(caller, message);
    let mut client = TeamServiceClient::new(organisation.clone());
    is_there(client.get_team(request).await)
}

/// True when the municipality is there.
pub(super) async fn knows_municipality(
    organisation: &Transport,
    caller: &MetadataMap,
    municipality: &MunicipalityName,
) -> Result<bool, Failure> {
    let message = GetMunicipalityRequest { name: municipality.to_string() };
    let request = principal::forward(caller, message);
    let mut client = MunicipalityServiceClient::new(organisation.clone());
    is_there(client.get_municipality(request).await)
}

/// True when the party is there.
pub(super) async fn knows_party(
    organisation: &Transport,
    caller: &MetadataMap,
    party: &PartyName,
) -> Result<bool, Failure> {
    match party_fact(organisation, caller, party).await? {
        PartyFact::Known(_) => Ok(true),
        PartyFact::Unknown | PartyFact::Unreadable => Ok(false),
    }
}

/// What is known of the party.
pub(super) async fn party_fact(
    organisation: &Transport,
    caller: &MetadataMap,
    party: &PartyName,
) -> Result<PartyFact, Failure> {
    let message = GetPartyRequest { name: party.to_string() };
    let request = principal::forward(caller, message);
    let mut client = PartyServiceClient::new(organisation.clone());
    match client.get_party(request).await {
        Ok(answer) => {
            let party = answer.into_inner().party.unwrap_or_default();
            Ok(PartyFact::Known(number(&party)?))
        }
        Err(status) if status.code() == Code::NotFound => Ok(PartyFact::Unknown),
        Err(status) => Err(failed(status)),
    }
}

fn number(party: &Party) -> Result<Option<OrganisationNumber>, Failure> {
    let sent = &party.organisation_number;
    let number = (!sent.is_empty()).then(|| OrganisationNumber::parse("organisation_number", sent));
    number.transpose().map_err(senseless)
}

/// Every team there is.
pub(super) async fn teams(
    organisation: &Transport,
    caller: &MetadataMap,
    federation: &Slug,
) -> Result<HashSet<TeamName>, Failure> {
    let mut client = TeamServiceClient::new(organisation.clone());
    let mut found = HashSet::new();
    let mut page_token = String::new();
    loop {
        let message = ListTeamsRequest {
            parent: format!("federations/{federation}"),
            page_size: LARGEST_PAGE,
            page_token,
        };
        let request = principal::forward(caller, message);
        let page = client.list_teams(request).await.map_err(failed)?.into_inner();
        for team in page.teams {
            found.insert(TeamName::parse("name", &team.name).map_err(senseless)?);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

fn is_there<T>(answer: Result<T, Status>) -> Result<bool, Failure> {
    match answer {
        Ok(_) => Ok(true),
        Err(status) if status.code() == Code::NotFound => Ok(false),
        Err(status) => Err(failed(status)),
    }
}

/// A value that the organisation cannot have: a fault of ours, not the caller's.
fn senseless(fault: Fault) -> Failure {
    Failure::Internal(anyhow::anyhow!("{SERVICE} tells a value with {}", fault.reason))
}

fn failed(status: Status) -> Failure {
    Failure::from_callee(SERVICE, status)
}
