//! A gateway in process before an organisation with one team, on a day in June 2025.

use axum::{Router, body::Body};
use chrono::{DateTime, Utc};
use gateway::{
    Config, Deps, Migrator,
    domain::account::{AccountKind, NewAccount},
};
use http::{Request, Response, StatusCode, header};
use platform::{Clock, Database, Journal, Transport, testing::TestKeys};
use proto::{
    Date,
    common::Role as Code,
    gateway::{
        Account, CreateAccountRequest, CreateAccountResponse, GrantRoleRequest, GrantRoleResponse,
        RoleGrant, account_service_client::AccountServiceClient,
        role_grant_service_client::RoleGrantServiceClient,
    },
    organisation::{
        CreateTeamRequest, CreateTeamResponse, GetTeamRequest, GetTeamResponse, ListTeamsRequest,
        ListTeamsResponse, Team,
        team_service_server::{TeamService, TeamServiceServer},
    },
};
use tonic::{Status, async_trait};
use tower::ServiceExt as _;
use values::{Role, Scope, Slug, name::AccountName};

pub(crate) const FEDERATION: &str = "federations/f";
pub(crate) const TEAM: &str = "federations/f/parties/sala/teams/norra";
/// The password of the accounts that the operator makes.
pub(crate) const PASSWORD: &str = "correct-horse-battery";

/// Who the operator has appointed.
const APPOINTED: [(&str, Role, &str); 3] = [
    ("kansli", Role::FederationAdministrator, "federation"),
    ("sala-admin", Role::PartyAdministrator, "party/sala"),
    ("koping-admin", Role::PartyAdministrator, "party/koping"),
];

/// The gateway.
pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) routes: Router,
    pub(crate) clock: Clock,
}

impl World {
    /// With the accounts of the administrators.
    pub(crate) async fn new(database: Database) -> Self {
        database.migrate::<Migrator>().await.unwrap();
        let world = Self::at(database, "2025-06-10T10:00:00Z").await;
        for (id, role, scope) in APPOINTED {
            world.appoint(id, role, scope).await;
        }
        world
    }

    /// An account with a role, on the operator's word.
    pub(crate) async fn appoint(&self, id: &str, role: Role, scope: &str) {
        let scope = Scope::parse("scope", scope).unwrap();
        // Whoever has a role in a team is somebody's.
        let party = matches!(scope, Scope::Team(_)).then(|| "sala".to_owned());
        let new = NewAccount {
            federation: "f".to_owned(),
            id: id.to_owned(),
            display_name: format!("Konto {id}"),
            kind: AccountKind::Person,
            party,
            secret: PASSWORD.into(),
            grants: vec![values::RoleGrant { role, scope }],
        };
        gateway::account::create(&self.journal(), new).await.unwrap();
    }

    /// What the operator's commands write in.
    pub(crate) fn journal(&self) -> Journal {
        Journal::new(self.database.clone(), self.clock.clone())
    }

    /// The same database, at another time.
    pub(crate) async fn at(database: Database, now: &str) -> Self {
        Self::with(&Config::default(), database, now).await
    }

    /// The same with settings.
    pub(crate) async fn with(config: &Config, database: Database, now: &str) -> Self {
        let clock = Clock::fixed(now.parse::<DateTime<Utc>>().unwrap());
        let keys = TestKeys::new(&clock);
        let organisation = Transport::local(
            tonic::service::Routes::new(TeamServiceServer::new(OneTeam)).into_axum_router(),
        );
        let deps = Deps {
            clock: clock.clone(),
            database: database.clone(),
            signer: keys.signer,
            verifier: keys.verifier,
            organisation: organisation.clone(),
            finance: organisation.clone(),
            reporting: organisation,
        };
        let mounted = gateway::mount(config, deps).await.unwrap();
        Self { database, routes: mounted.routes, clock }
    }

    /// The clients, over the edge.
    pub(crate) fn accounts(&self) -> AccountServiceClient<Transport> {
        AccountServiceClient::new(Transport::local(self.routes.clone()))
    }

    pub(crate) fn roles(&self) -> RoleGrantServiceClient<Transport> {
        RoleGrantServiceClient::new(Transport::local(self.routes.clone()))
    }

    /// A request with an account's token.
    pub(crate) async fn by<M>(&self, account: &str, message: M) -> tonic::Request<M> {
        let slug = |id| Slug::parse("", id).unwrap();
        let name = AccountName::new(slug("f"), slug(account));
        let config = Config::default();
        let clock = self.clock.clone();
        let token = gateway::token::issue_for(&config, &self.database, &name, clock).await.unwrap();
        let mut request = tonic::Request::new(message);
        let bearer = format!("Bearer {token}").parse().unwrap();
        request.metadata_mut().insert("authorization", bearer);
        request
    }

    /// Creates an account of a party.
    pub(crate) async fn create(
        &self,
        caller: &str,
        message: CreateAccountRequest,
    ) -> Result<CreateAccountResponse, Status> {
        let request = self.by(caller, message).await;
        Ok(self.accounts().create_account(request).await?.into_inner())
    }

    /// Grants a role.
    pub(crate) async fn grant(
        &self,
        caller: &str,
        message: GrantRoleRequest,
    ) -> Result<RoleGrant, Status> {
        let request = self.by(caller, message).await;
        let GrantRoleResponse { role_grant } = self.roles().grant_role(request).await?.into_inner();
        Ok(role_grant.unwrap())
    }

    /// A browser's request.
    pub(crate) async fn browse(&self, request: Request<Body>) -> Response<Body> {
        self.routes.clone().oneshot(request).await.unwrap()
    }

    /// Signs in; the status of the answer and the cookie of the session.
    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> (StatusCode, String) {
        let form = format!("username={username}&password={password}&next=/");
        let answer = self.post("/sign-in", &form).await;
        let cookie = answer.headers().get(header::SET_COOKIE).map(|it| it.to_str().unwrap());
        (answer.status(), cookie.unwrap_or_default().to_owned())
    }

    /// A form sent by a browser.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Response<Body> {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()));
        self.browse(request.unwrap()).await
    }

    /// What the check of the whole database says.
    pub(crate) async fn problems(&self) -> Vec<String> {
        gateway::verify(&self.database).await.unwrap()
    }
}

/// A new account of a party; empty for the office.
pub(crate) fn account(id: &str, party: &str) -> CreateAccountRequest {
    let party =
        if party.is_empty() { String::new() } else { format!("{FEDERATION}/parties/{party}") };
    CreateAccountRequest {
        parent: FEDERATION.to_owned(),
        account_id: id.to_owned(),
        account: Some(Account { display_name: format!("Konto {id}"), party, ..Account::default() }),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

/// A role for the people of Sala in the team, or of the federation, from a day in June.
pub(crate) fn role(id: &str, account: &str, role: Code, days: (i32, i32)) -> GrantRoleRequest {
    let day = |day| (day > 0).then_some(Date { year: 2025, month: 6, day });
    let scope = match role {
        Code::Coach | Code::Coordinator | Code::TeamLead => TEAM,
        Code::ReferringOfficer => "federations/f/parties/sala",
        _ => FEDERATION,
    };
    GrantRoleRequest {
        parent: FEDERATION.to_owned(),
        role_grant_id: id.to_owned(),
        role_grant: Some(RoleGrant {
            role: role.into(),
            scope: scope.to_owned(),
            account: format!("{FEDERATION}/accounts/{account}"),
            first_day: day(days.0),
            last_day: day(days.1),
            reason: "vikarie".to_owned(),
            ..RoleGrant::default()
        }),
        request_id: format!("grant-{id}"),
        validate_only: false,
    }
}

/// An organisation with the team `norra`.
struct OneTeam;

#[async_trait]
impl TeamService for OneTeam {
    async fn create_team(
        &self,
        _: tonic::Request<CreateTeamRequest>,
    ) -> Result<tonic::Response<CreateTeamResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn get_team(
        &self,
        request: tonic::Request<GetTeamRequest>,
    ) -> Result<tonic::Response<GetTeamResponse>, Status> {
        let GetTeamRequest { name } = request.into_inner();
        if name != "federations/f/teams/norra" {
            return Err(Status::not_found(name));
        }
        Ok(tonic::Response::new(GetTeamResponse { team: Some(Team { name, ..Team::default() }) }))
    }

    async fn list_teams(
        &self,
        _: tonic::Request<ListTeamsRequest>,
    ) -> Result<tonic::Response<ListTeamsResponse>, Status> {
        Err(Status::unimplemented(""))
    }
}
