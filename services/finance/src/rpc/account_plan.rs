//! `AccountPlanService`.

use platform::{Failure, Write, principal};
use proto::finance::{
    AccountPlan, GetAccountPlanRequest, GetAccountPlanResponse, SetAccountPlanRequest,
    SetAccountPlanResponse, account_plan_service_server::AccountPlanService,
};
use tonic::{Request, Response, Status};
use values::{Fault, Faults};

use super::{Shared, convert, draft, organisation::Directory, recorded};
use crate::{
    domain::account_plan::{self, SetFacts, SetRefusal},
    store,
};

const SET: &str = "/samordna.finance.v1.AccountPlanService/SetAccountPlan";

pub(super) struct AccountPlans(pub(super) Shared);

#[tonic::async_trait]
impl AccountPlanService for AccountPlans {
    async fn set_account_plan(
        &self,
        request: Request<SetAccountPlanRequest>,
    ) -> Result<Response<SetAccountPlanResponse>, Status> {
        let account_plan = Some(set(&self.0, request).await?);
        Ok(Response::new(SetAccountPlanResponse { account_plan }))
    }

    async fn get_account_plan(
        &self,
        request: Request<GetAccountPlanRequest>,
    ) -> Result<Response<GetAccountPlanResponse>, Status> {
        let account_plan = Some(get(&self.0, request).await?);
        Ok(Response::new(GetAccountPlanResponse { account_plan }))
    }
}

async fn set(
    shared: &Shared,
    request: Request<SetAccountPlanRequest>,
) -> Result<AccountPlan, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, SET, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let SetAccountPlanRequest {
        name,
        etag,
        account_plan: content,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let federation = convert::account_plan::parse_name(&name)?;
    principal.is_in(&federation, &name)?;
    let content = content.ok_or_else(|| Fault::new("account_plan", "FIELD_MISSING"))?;
    let mut faults = Faults::new();
    let (parts, inner) = convert::account_plan::parse(&federation, content);
    faults.nest("account_plan", inner);
    let parties = match parts.parties.is_empty() {
        true => Default::default(),
        false => {
            let organisation = &shared.organisation;
            Directory { organisation, caller: &caller, federation: &federation }.parties().await?
        }
    };

    let entries = shared.journal.write(write, move |transaction, _| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        let (name, etag, parties) = (name.clone(), etag.clone(), parties.clone());
        Box::pin(async move {
            let before = store::account_plan::find(transaction, &federation).await?;
            let (recipients, grants) = store::account_plan::known(transaction, &federation).await?;
            let facts = SetFacts { parties: parties.into_keys().collect(), recipients, grants };
            let plan = account_plan::set(federation, before.as_ref(), &etag, parts, &facts)
                .map_err(|refusal| refused(refusal, &name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::account_plan::replace(transaction, &plan).await?;
            let resource = convert::account_plan::render(&plan);
            Ok(vec![draft("account_plan.set", &name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: SetRefusal, name: &str, faults: Faults) -> Failure {
    match refusal {
        SetRefusal::Faulty(found) => convert::faulty(
            faults,
            "account_plan",
            found.into_iter().map(convert::account_plan::fault),
        ),
        SetRefusal::Stale => Failure::Stale { name: name.to_owned() },
    }
}

async fn get(
    shared: &Shared,
    request: Request<GetAccountPlanRequest>,
) -> Result<AccountPlan, Failure> {
    let principal = principal::of(&request)?;
    let GetAccountPlanRequest { name } = request.into_inner();
    let federation = convert::account_plan::parse_name(&name)?;
    principal.is_in(&federation, &name)?;
    let picture = shared.database().snapshot().await?;
    let found = store::account_plan::find(&picture, &federation).await?;
    picture.rollback().await?;
    let not_entered = || AccountPlan { name, ..AccountPlan::default() };
    Ok(found.as_ref().map_or_else(not_entered, convert::account_plan::render))
}
