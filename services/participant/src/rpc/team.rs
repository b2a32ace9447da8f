//! Teams and the municipalities they serve.

use futures::FutureExt as _;
use platform::{Draft, Failure, Journal, Principal, Write, journal::Transaction, principal};
use proto::organisation::{
    CreateTeamRequest, CreateTeamResponse, GetTeamRequest, GetTeamResponse, ListTeamsRequest,
    ListTeamsResponse, team_service_server::TeamService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::TeamName};

use super::{
    check_given_name, convert, draft, next_page_token, page, parent, recorded, refused, to_proto,
};
use crate::{
    domain::{
        create::create,
        team::{self, Team},
    },
    store,
};

const CREATE: &str = "/samordna.organisation.v1.TeamService/CreateTeam";

pub(super) struct Teams(Journal);

#[async_trait]
impl TeamService for Teams {
    async fn create_team(
        &self,
        request: Request<CreateTeamRequest>,
    ) -> Result<Response<CreateTeamResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_team(
        &self,
        request: Request<GetTeamRequest>,
    ) -> Result<Response<GetTeamResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_teams(
        &self,
        request: Request<ListTeamsRequest>,
    ) -> Result<Response<ListTeamsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Teams {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateTeamRequest,
    ) -> Result<CreateTeamResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, team) = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, _step| {
            let (name, team) = (name.clone(), team.clone());
            async move { save(transaction, name, team).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateTeamResponse { team: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetTeamRequest,
    ) -> Result<GetTeamResponse, Failure> {
        let GetTeamRequest { name: sent } = message;
        let name = TeamName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let picture = self.0.database().snapshot().await?;
        let found = store::team::find(&picture, &name).await?;
        let team = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetTeamResponse { team: Some(to_proto::team(&name, &team)) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListTeamsRequest,
    ) -> Result<ListTeamsResponse, Failure> {
        let ListTeamsRequest { parent, page_size, page_token } = message;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let picture = self.0.database().snapshot().await?;
        let listed = store::team::list(&picture, &federation, &page).await?;
        Ok(ListTeamsResponse {
            next_page_token: next_page_token(&listed, |name| &name.id),
            teams: listed.items.iter().map(|(name, team)| to_proto::team(name, team)).collect(),
        })
    }
}

fn parse(principal: &Principal, message: CreateTeamRequest) -> Result<(TeamName, Team), Failure> {
    let CreateTeamRequest { parent, team_id, team, request_id: _, validate_only: _ } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("team_id", &team_id));
    let name = id.map(|id| TeamName::new(federation, id));
    let sent = faults.keep(team.ok_or_else(|| Fault::new("team", "FIELD_MISSING")));
    let team = sent.and_then(|sent| {
        faults.keep(check_given_name("team.name", &sent.name, name.as_ref()));
        faults.keep_nested("team", convert::team(sent))
    });
    Ok(faults.into_result(|| name.zip(team))?)
}

async fn save(
    transaction: &Transaction,
    name: TeamName,
    team: Team,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::team::find(transaction, &name).await?.is_some();
    let served = team.municipalities.as_slice();
    let known = store::municipality::known(transaction, &name.federation, served).await?;
    let unknown = team::unknown_references(&team, |served| known.contains(served));
    create(taken, unknown).map_err(|refusal| refused(refusal, &name, "team"))?;
    let draft = draft("team.created", &name, &to_proto::team(&name, &team));
    store::team::insert(transaction, &[(name, team)].into()).await?;
    Ok(vec![draft])
}
