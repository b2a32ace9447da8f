//! `RoleGrantService`.

use platform::{
    Draft, Failure, Principal, Step, Write, clock::day_in_sweden, convert::text,
    journal::Transaction, page::Page, principal,
};
use proto::gateway::{
    GrantRoleRequest, GrantRoleResponse, ListRoleGrantsRequest, ListRoleGrantsResponse,
    RevokeRoleRequest, RevokeRoleResponse, RoleGrant, role_grant_service_server::RoleGrantService,
};
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Scope, Slug,
    name::{AccountName, RoleGrantName, TeamName},
};

use super::{Shared, convert, convert::role_grant::LONGEST_REASON, organisation, parent, recorded};
use crate::{
    domain::role_grant::{self, Grant, GrantFacts, Granted, Over, Reach, Refusal, Revocation},
    store,
};

const GRANT: &str = "/samordna.gateway.v1.RoleGrantService/GrantRole";
const REVOKE: &str = "/samordna.gateway.v1.RoleGrantService/RevokeRole";

pub(super) struct RoleGrants(pub(super) Shared);

#[tonic::async_trait]
impl RoleGrantService for RoleGrants {
    async fn grant_role(
        &self,
        request: Request<GrantRoleRequest>,
    ) -> Result<Response<GrantRoleResponse>, Status> {
        let role_grant = Some(grant(&self.0, request).await?);
        Ok(Response::new(GrantRoleResponse { role_grant }))
    }

    async fn revoke_role(
        &self,
        request: Request<RevokeRoleRequest>,
    ) -> Result<Response<RevokeRoleResponse>, Status> {
        let role_grant = Some(revoke(&self.0, request).await?);
        Ok(Response::new(RevokeRoleResponse { role_grant }))
    }

    async fn list_role_grants(
        &self,
        request: Request<ListRoleGrantsRequest>,
    ) -> Result<Response<ListRoleGrantsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(list(&self.0, &principal, request.into_inner()).await?))
    }
}

async fn grant(shared: &Shared, request: Request<GrantRoleRequest>) -> Result<RoleGrant, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, GRANT, request.get_ref())?;
    let caller = request.metadata().clone();
    let (name, asked) = parse_grant(&principal, request.into_inner())?;
    if !Reach::of(&principal.grants).grants(&asked.role) {
        return Err(Failure::Denied);
    }
    let has_team = match team_of(&name.federation, &asked.role.scope) {
        Some(team) => organisation::knows_team(&shared.organisation, &caller, &team).await?,
        None => true,
    };
    let account = asked.account.clone();
    let step = shared.journal.write(write, move |transaction, step| {
        let (name, asked, grantor) = (name.clone(), asked.clone(), principal.account.to_string());
        Box::pin(async move { save(transaction, step, name, asked, has_team, grantor).await })
    });
    let entries = step.await?;
    shared.callers.forget(&account);
    recorded(&entries)
}

fn parse_grant(
    principal: &Principal,
    message: GrantRoleRequest,
) -> Result<(RoleGrantName, Grant), Failure> {
    let GrantRoleRequest {
        parent: sent_parent,
        role_grant_id,
        role_grant,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let id = faults.keep(Slug::parse("role_grant_id", &role_grant_id));
    let name = id.map(|id| RoleGrantName::new(federation.clone(), id));
    let sent = faults.keep(role_grant.ok_or_else(|| Fault::new("role_grant", "FIELD_MISSING")));
    let asked = sent.and_then(|sent| {
        let expected = name.as_ref().map(ToString::to_string).unwrap_or_default();
        if !sent.name.is_empty() && sent.name != expected {
            let fault = Fault::new("role_grant.name", "NAME_WRONG");
            faults.push(fault.with("value", &sent.name).with("expected", expected));
        }
        faults.keep_nested("role_grant", convert::role_grant::parse(&federation, sent))
    });
    Ok(faults.into_result(|| name.zip(asked))?)
}

/// The team that a scope is about.
fn team_of(federation: &Slug, scope: &Scope) -> Option<TeamName> {
    match scope {
        Scope::Team(team) | Scope::PartyTeam { party: _, team } => {
            Some(TeamName::new(federation.clone(), team.clone()))
        }
        Scope::Federation | Scope::Area(_) | Scope::Party(_) => None,
    }
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: RoleGrantName,
    asked: Grant,
    has_team: bool,
    grantor: String,
) -> Result<Vec<Draft>, Failure> {
    let today = day_in_sweden(step.now);
    let held =
        store::role_grant::of_accounts(transaction, &name.federation, [&asked.account]).await?;
    let account = store::account::find_enabled(transaction, &asked.account, today).await?;
    let facts = GrantFacts {
        is_taken: store::role_grant::find(transaction, &name).await?.is_some(),
        has_account: account.is_some(),
        has_party: account.is_some_and(|account| account.party.is_some()),
        has_team,
        held: &held,
        today,
    };
    let granted = role_grant::grant(name.clone(), asked, &facts, grantor, step.now);
    let granted = granted.map_err(|refusal| refused(refusal, &name))?;
    store::role_grant::insert(transaction, &granted).await?;
    Ok(vec![convert::role_grant::draft("role.granted", &granted)])
}

fn refused(refusal: Refusal, name: &RoleGrantName) -> Failure {
    match refusal {
        Refusal::Taken => Failure::Exists { name: name.to_string() },
        Refusal::Faulty(found) => {
            let mut faults = Faults::new();
            faults.nest("role_grant", found);
            faults.into()
        }
    }
}

async fn revoke(
    shared: &Shared,
    request: Request<RevokeRoleRequest>,
) -> Result<RoleGrant, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, REVOKE, request.get_ref())?;
    let RevokeRoleRequest {
        name: sent,
        reason,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(RoleGrantName::parse("name", &sent));
    if let Some(name) = &name {
        principal.is_in(&name.federation, &sent)?;
    }
    let reason = faults.keep(text("reason", &reason, 1, LONGEST_REASON));
    let (name, reason) = faults.into_result(|| name.zip(reason))?;
    let step = shared.journal.write(write, move |transaction, step| {
        let (name, reason, principal) = (name.clone(), reason.clone(), principal.clone());
        Box::pin(async move {
            let found = store::role_grant::find(transaction, &name).await?;
            let reach = Reach::of(&principal.grants);
            let granted = found.filter(|granted| reach.revokes(&granted.grant.role));
            let granted = granted.ok_or_else(|| Failure::not_found(&name))?;
            let revoker = principal.account.to_string();
            let revocation = Revocation { revoker, at: step.now, reason };
            let today = day_in_sweden(step.now);
            let revoked = role_grant::revoke(granted, today, revocation.clone())
                .map_err(|Over| Failure::refused("ROLE_GRANT_OVER"))?;
            store::role_grant::revoke(transaction, &name, &revocation).await?;
            Ok(vec![convert::role_grant::draft("role.revoked", &revoked)])
        })
    });
    let revoked: RoleGrant = recorded(&step.await?)?;
    if let Ok(account) = AccountName::parse("account", &revoked.account) {
        shared.callers.forget(&account);
    }
    Ok(revoked)
}

async fn list(
    shared: &Shared,
    principal: &Principal,
    message: ListRoleGrantsRequest,
) -> Result<ListRoleGrantsResponse, Failure> {
    let ListRoleGrantsRequest { parent: sent, account, page_size, page_token } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent)?;
    let account = (!account.is_empty())
        .then(|| faults.keep(AccountName::parse("account", &account)))
        .flatten();
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let Page { size, after } = faults.into_result(|| page)?;
    let reach = Reach::of(&principal.grants);
    let read = &shared.journal.database().read;
    let after = after.as_deref();
    let listed =
        store::role_grant::list(read, &federation, &reach, account.as_ref(), after, size).await?;
    let last = listed.items.last().filter(|_| listed.has_more);
    let last = last.map(|granted: &Granted| Page::token(granted.name.id.as_str()));
    Ok(ListRoleGrantsResponse {
        role_grants: listed.items.iter().map(convert::role_grant::render).collect(),
        next_page_token: last.unwrap_or_default(),
    })
}
