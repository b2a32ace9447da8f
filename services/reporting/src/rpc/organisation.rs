//! What reporting asks the organisation, on the caller's behalf.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::Threshold;
use platform::{Failure, Transport, mount::LARGEST_MESSAGE, principal};
use proto::organisation::{
    GetAreaRequest, GetFederationRequest, GetTeamRequest, ListAreasRequest,
    ListMunicipalitiesRequest, ListTeamsRequest, Municipality,
    area_service_client::AreaServiceClient, federation_service_client::FederationServiceClient,
    municipality_service_client::MunicipalityServiceClient, team_service_client::TeamServiceClient,
};
use tonic::{Code, Status, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{AreaName, TeamName},
};

use crate::domain::half_year_report::Team;

const SERVICE: &str = "organisation";
const LARGEST_PAGE: i32 = 1000;

/// A federation.
pub(super) struct Federation {
    pub(super) display_name: String,
    /// The smallest count of people but 0 that leaves it.
    pub(super) threshold: Threshold,
}

/// A caller's way to the organisation.
pub(super) struct Organisation<'a> {
    pub(super) transport: &'a Transport,
    pub(super) caller: &'a MetadataMap,
    pub(super) federation: &'a Slug,
}

impl Organisation<'_> {
    /// Checks that a team is there, and answers its display name.
    ///
    /// # Errors
    /// `NotFound` when it is not.
    pub(super) async fn team(&self, team: &TeamName) -> Result<String, Failure> {
        let request = self.request(GetTeamRequest { name: team.to_string() });
        match self.team_client().get_team(request).await {
            Ok(answer) => {
                let team = answer.into_inner().team;
                Ok(team.map(|team| team.display_name).unwrap_or_default())
            }
            Err(status) if status.code() == Code::NotFound => Err(Failure::not_found(team)),
            Err(status) => Err(failed(status)),
        }
    }

    /// Checks that an area is there, and answers its display name.
    ///
    /// # Errors
    /// `NotFound` when it is not.
    pub(super) async fn area(&self, area: &AreaName) -> Result<String, Failure> {
        let mut client = AreaServiceClient::new(self.transport.clone());
        let request = self.request(GetAreaRequest { name: area.to_string() });
        match client.get_area(request).await {
            Ok(answer) => {
                let area = answer.into_inner().area;
                Ok(area.map(|area| area.display_name).unwrap_or_default())
            }
            Err(status) if status.code() == Code::NotFound => Err(Failure::not_found(area)),
            Err(status) => Err(failed(status)),
        }
    }

    /// The teams that serve municipalities of an area and of no other.
    pub(super) async fn teams_of_area(
        &self,
        area: &AreaName,
    ) -> Result<BTreeSet<TeamName>, Failure> {
        let (teams, municipalities) =
            futures::try_join!(self.list_teams(), self.list_municipalities())?;
        let area = area.to_string();
        let of_area: BTreeSet<&String> =
            municipalities.iter().filter(|one| one.area == area).map(|one| &one.name).collect();
        let is_in = |team: &&proto::organisation::Team| {
            let mut served = team.municipalities.iter();
            !team.municipalities.is_empty() && served.all(|name| of_area.contains(name))
        };
        teams.iter().filter(is_in).map(|team| name(&team.name)).collect()
    }

    /// The federation's display name; empty when it has no record.
    pub(super) async fn federation_display_name(&self) -> Result<String, Failure> {
        Ok(self.federation().await?.display_name)
    }

    /// The federation; one without a name, which protects as usual, when it has no record.
    pub(super) async fn federation(&self) -> Result<Federation, Failure> {
        let mut client = FederationServiceClient::new(self.transport.clone());
        let request = self.request(GetFederationRequest { name: self.parent() });
        match client.get_federation(request).await {
            Ok(answer) => read(answer.into_inner().federation.unwrap_or_default()),
            Err(status) if status.code() == Code::NotFound => read(Default::default()),
            Err(status) => Err(failed(status)),
        }
    }

    /// The names of all areas, in order of id.
    pub(super) async fn area_names(&self) -> Result<Vec<AreaName>, Failure> {
        let mut client = AreaServiceClient::new(self.transport.clone());
        let mut names = Vec::new();
        let mut page_token = String::new();
        loop {
            let (parent, page_size) = (self.parent(), LARGEST_PAGE);
            let request = self.request(ListAreasRequest { parent, page_size, page_token });
            let page = client.list_areas(request).await.map_err(failed)?.into_inner();
            for area in &page.areas {
                names.push(AreaName::parse("name", &area.name).map_err(bad_name)?);
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(names);
            }
        }
    }

    /// The names of all teams.
    pub(super) async fn team_names(&self) -> Result<BTreeSet<TeamName>, Failure> {
        let teams = self.list_teams().await?;
        teams.iter().map(|team| name(&team.name)).collect()
    }

    /// All teams, with the names of the municipalities they serve.
    pub(super) async fn teams(&self) -> Result<Vec<Team>, Failure> {
        let (teams, municipalities) =
            futures::try_join!(self.list_teams(), self.municipality_display_names())?;
        let display_name = |municipality: &String| {
            municipalities.get(municipality).unwrap_or(municipality).clone()
        };
        let team = |team: &proto::organisation::Team| {
            Ok(Team {
                name: name(&team.name)?,
                display_name: team.display_name.clone(),
                municipality_display_names: team.municipalities.iter().map(display_name).collect(),
            })
        };
        teams.iter().map(team).collect()
    }

    async fn list_teams(&self) -> Result<Vec<proto::organisation::Team>, Failure> {
        let mut client = self.team_client();
        let mut teams = Vec::new();
        let mut page_token = String::new();
        loop {
            let (parent, page_size) = (self.parent(), LARGEST_PAGE);
            let request = self.request(ListTeamsRequest { parent, page_size, page_token });
            let page = client.list_teams(request).await.map_err(failed)?.into_inner();
            teams.extend(page.teams);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(teams);
            }
        }
    }

    /// Display names of the municipalities, by resource name.
    async fn municipality_display_names(&self) -> Result<BTreeMap<String, String>, Failure> {
        let municipalities = self.list_municipalities().await?;
        Ok(municipalities.into_iter().map(|one| (one.name, one.display_name)).collect())
    }

    async fn list_municipalities(&self) -> Result<Vec<Municipality>, Failure> {
        let mut client = MunicipalityServiceClient::new(self.transport.clone());
        let mut municipalities = Vec::new();
        let mut page_token = String::new();
        loop {
            let (parent, page_size) = (self.parent(), LARGEST_PAGE);
            let request = self.request(ListMunicipalitiesRequest { parent, page_size, page_token });
            let page = client.list_municipalities(request).await.map_err(failed)?.into_inner();
            municipalities.extend(page.municipalities);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(municipalities);
            }
        }
    }

    fn team_client(&self) -> TeamServiceClient<Transport> {
        TeamServiceClient::new(self.transport.clone()).max_decoding_message_size(LARGEST_MESSAGE)
    }

    fn request<M>(&self, message: M) -> tonic::Request<M> {
        principal::forward(self.caller, message)
    }

    fn parent(&self) -> String {
        format!("federations/{}", self.federation)
    }
}

/// A name that the organisation answered: a malformed one is a fault of ours.
fn read(sent: proto::organisation::Federation) -> Result<Federation, Failure> {
    let proto::organisation::Federation { display_name, smallest_shown_count, .. } = sent;
    let threshold = match smallest_shown_count {
        0 => Threshold::DEFAULT,
        own => Threshold::new("smallest_shown_count", own)
            .map_err(|fault| anyhow::anyhow!("{SERVICE} answered {fault:?}"))?,
    };
    Ok(Federation { display_name, threshold })
}

fn name(answered: &str) -> Result<TeamName, Failure> {
    TeamName::parse("name", answered).map_err(bad_name)
}

fn bad_name(fault: Fault) -> Failure {
    let faults = Faults::from(fault);
    Failure::Internal(anyhow::anyhow!("{SERVICE} answered a name with {faults:?}"))
}

fn failed(status: Status) -> Failure {
    Failure::from_callee(SERVICE, status)
}
