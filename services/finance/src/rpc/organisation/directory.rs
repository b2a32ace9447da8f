//! What the organisation lists, with the names that people read: for tables and
//! files.

use std::collections::{BTreeMap, HashMap};

use platform::{Failure, Transport, principal};
use proto::organisation::{
    GetFederationRequest, ListAreasRequest, ListMunicipalitiesRequest, ListPartiesRequest,
    ListTeamsRequest, PartyKind, area_service_client::AreaServiceClient,
    federation_service_client::FederationServiceClient,
    municipality_service_client::MunicipalityServiceClient,
    party_service_client::PartyServiceClient, team_service_client::TeamServiceClient,
};
use tonic::metadata::MetadataMap;
use values::{
    OrganisationNumber, Slug,
    name::{AreaName, MunicipalityName, PartyName, TeamName},
};

use super::{LARGEST_PAGE, failed, senseless};
use crate::domain::contribution::Group;

/// A caller on whose behalf the organisation is asked about its own federation.
#[derive(Clone, Copy)]
pub(in crate::rpc) struct Directory<'a> {
    pub(in crate::rpc) organisation: &'a Transport,
    pub(in crate::rpc) caller: &'a MetadataMap,
    pub(in crate::rpc) federation: &'a Slug,
}

/// A municipality as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rpc) struct Municipality {
    pub(in crate::rpc) display_name: String,
    pub(in crate::rpc) area: Option<AreaName>,
}

/// A party as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rpc) struct Party {
    pub(in crate::rpc) display_name: String,
    pub(in crate::rpc) organisation_number: OrganisationNumber,
    /// The group that the law counts it in; none for a kind that is new there.
    pub(in crate::rpc) group: Option<Group>,
}

/// Goes through all pages of a list.
macro_rules! every {
    ($directory:expr, $client:ident.$list:ident($request:ident), $field:ident, $item:ident => $keep:expr) => {{
        let directory = $directory;
        let mut client = $client::new(directory.organisation.clone());
        let mut page_token = String::new();
        loop {
            let message = $request {
                parent: format!("federations/{}", directory.federation),
                page_size: LARGEST_PAGE,
                page_token,
            };
            let request = principal::forward(directory.caller, message);
            let page = client.$list(request).await.map_err(failed)?.into_inner();
            for $item in page.$field {
                $keep;
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
    }};
}

impl Directory<'_> {
    /// The federation's name and number.
    pub(in crate::rpc) async fn federation(self) -> Result<(String, OrganisationNumber), Failure> {
        let message = GetFederationRequest { name: format!("federations/{}", self.federation) };
        let request = principal::forward(self.caller, message);
        let mut client = FederationServiceClient::new(self.organisation.clone());
        let answer = client.get_federation(request).await.map_err(failed)?.into_inner();
        let federation = answer.federation.unwrap_or_default();
        let number =
            OrganisationNumber::parse("organisation_number", &federation.organisation_number);
        Ok((federation.display_name, number.map_err(senseless)?))
    }

    /// Every area, with its name.
    pub(in crate::rpc) async fn areas(self) -> Result<BTreeMap<AreaName, String>, Failure> {
        let mut found = BTreeMap::new();
        every!(self, AreaServiceClient.list_areas(ListAreasRequest), areas, area => {
            let name = AreaName::parse("name", &area.name).map_err(senseless)?;
            found.insert(name, area.display_name)
        });
        Ok(found)
    }

    /// Every municipality.
    pub(in crate::rpc) async fn municipalities(
        self,
    ) -> Result<HashMap<MunicipalityName, Municipality>, Failure> {
        let mut found = HashMap::new();
        every!(self, MunicipalityServiceClient.list_municipalities(ListMunicipalitiesRequest), municipalities, listed => {
            let name = MunicipalityName::parse("name", &listed.name).map_err(senseless)?;
            let area = (!listed.area.is_empty()).then(|| AreaName::parse("area", &listed.area));
            let area = area.transpose().map_err(senseless)?;
            found.insert(name, Municipality { display_name: listed.display_name, area })
        });
        Ok(found)
    }

    /// The area of each team whose municipalities are all in the same one.
    pub(in crate::rpc) async fn area_of_teams(
        self,
    ) -> Result<HashMap<TeamName, AreaName>, Failure> {
        let municipalities = self.municipalities().await?;
        let mut found = HashMap::new();
        every!(self, TeamServiceClient.list_teams(ListTeamsRequest), teams, team => {
            let name = TeamName::parse("name", &team.name).map_err(senseless)?;
            let area = |municipality: &String| {
                let municipality = MunicipalityName::parse("municipalities", municipality).ok()?;
                municipalities.get(&municipality)?.area.as_ref()
            };
            let areas: Vec<_> = team.municipalities.iter().map(area).collect();
            if let Some(Some(first)) = areas.first()
                && areas.iter().all(|area| *area == Some(first))
            {
                found.insert(name, AreaName::clone(first));
            }
        });
        Ok(found)
    }

    /// Every party.
    pub(in crate::rpc) async fn parties(self) -> Result<HashMap<PartyName, Party>, Failure> {
        let mut found = HashMap::new();
        every!(self, PartyServiceClient.list_parties(ListPartiesRequest), parties, party => {
            let name = PartyName::parse("name", &party.name).map_err(senseless)?;
            let number = &party.organisation_number;
            let organisation_number =
                OrganisationNumber::parse("organisation_number", number).map_err(senseless)?;
            let group = group(party.kind());
            found.insert(name, Party { display_name: party.display_name, organisation_number, group })
        });
        Ok(found)
    }
}

fn group(kind: PartyKind) -> Option<Group> {
    match kind {
        PartyKind::StateAgency => Some(Group::State),
        PartyKind::Region => Some(Group::Region),
        PartyKind::Municipality => Some(Group::Municipalities),
        PartyKind::Unspecified => None,
    }
}
