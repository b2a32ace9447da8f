//! `ProgrammePlanService`.

use std::{collections::BTreeMap, sync::Arc};

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{
    self as pb, CreateProgrammePlanVersionRequest, CreateProgrammePlanVersionResponse,
    GetProgrammePlanRequest, GetProgrammePlanResponse, ListProgrammePlansRequest,
    ListProgrammePlansResponse, programme_plan_service_server::ProgrammePlanService,
};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{ProgrammePlanName, TeamName},
};

use super::{
    Shell, convert, draft,
    organisation::Organisation,
    parent, recorded,
    resource::{malformed_token, nested, unreadable},
};
use crate::{
    domain::programme_plan::{
        self, CreateFacts, CreateRefusal, Latest, Plan, ProgrammePlanVersionName, VersionNumber,
    },
    store::{self, indexed::Row},
};

const CREATE: &str = "/samordna.reporting.v1.ProgrammePlanService/CreateProgrammePlanVersion";
/// A plan has at most as many versions as one page holds.
const ALL_VERSIONS: u64 = 1000;

pub(super) struct ProgrammePlans(pub(super) Shell);

#[async_trait]
impl ProgrammePlanService for ProgrammePlans {
    async fn create_programme_plan_version(
        &self,
        request: Request<CreateProgrammePlanVersionRequest>,
    ) -> Result<Response<CreateProgrammePlanVersionResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.create(&principal, &metadata, message).await?))
    }

    async fn get_programme_plan(
        &self,
        request: Request<GetProgrammePlanRequest>,
    ) -> Result<Response<GetProgrammePlanResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_programme_plans(
        &self,
        request: Request<ListProgrammePlansRequest>,
    ) -> Result<Response<ListProgrammePlansResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl ProgrammePlans {
    async fn create(
        &self,
        principal: &Principal,
        metadata: &MetadataMap,
        message: CreateProgrammePlanVersionRequest,
    ) -> Result<CreateProgrammePlanVersionResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, plan) = self.parse(principal, message)?;
        let organisation = Organisation {
            transport: &self.0.organisation,
            caller: metadata,
            federation: &principal.federation,
        };
        let teams = organisation.team_names().await?;
        let sent = Arc::new((name, plan, teams));
        let step = self.0.journal.write(write, move |transaction, step| {
            let sent = Arc::clone(&sent);
            async move {
                let (name, plan, teams) = sent.as_ref();
                save(transaction, step, name, plan, teams).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(CreateProgrammePlanVersionResponse { version: Some(recorded(&entries)?) })
    }

    fn parse(
        &self,
        principal: &Principal,
        message: CreateProgrammePlanVersionRequest,
    ) -> Result<(ProgrammePlanVersionName, Plan), Failure> {
        let CreateProgrammePlanVersionRequest { parent, version, request_id: _, validate_only: _ } =
            message;
        let mut faults = Faults::new();
        let plan_name = faults.keep(ProgrammePlanName::parse("parent", &parent));
        if let Some(name) = &plan_name {
            principal.is_in(&name.federation, &parent)?;
        }
        let sent = faults.keep(version.ok_or_else(|| Fault::new("version", "FIELD_MISSING")));
        let given = sent.as_ref().map(|sent| sent.name.clone()).unwrap_or_default();
        let read = sent.and_then(|sent| {
            let read = convert::programme_plan::read(sent).and_then(|(number, plan)| {
                plan.checked(&self.0.definitions).map(|plan| (number, plan))
            });
            faults.keep_nested("version", read)
        });
        let named = plan_name.zip(read).map(|(plan, (number, content))| {
            let name = ProgrammePlanVersionName { plan, number };
            faults.keep(convert::check_given_name("version.name", &given, Some(&name)));
            (name, content)
        });
        Ok(faults.into_result(|| named)?)
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetProgrammePlanRequest,
    ) -> Result<GetProgrammePlanResponse, Failure> {
        let GetProgrammePlanRequest { name: sent } = message;
        let (plan, number) = match ProgrammePlanVersionName::parse("name", &sent) {
            Ok(ProgrammePlanVersionName { plan, number }) => (plan, Some(number)),
            Err(_) => (ProgrammePlanName::parse("name", &sent)?, None),
        };
        principal.is_in(&plan.federation, &sent)?;
        let picture = self.0.journal.database().snapshot().await?;
        let listed = store::programme_plan::versions(&picture, &plan, None, ALL_VERSIONS).await?;
        picture.rollback().await?;
        let versions: Vec<pb::ProgrammePlanVersion> = all_decoded(&listed)?;
        let numbers: Vec<String> = versions.iter().map(|version| version.number.clone()).collect();
        let version = match number.map(|number| number.to_string()) {
            Some(number) => versions.into_iter().find(|version| version.number == number),
            None => versions.into_iter().next_back(),
        };
        let version = Some(version.ok_or_else(|| Failure::not_found(&sent))?);
        Ok(GetProgrammePlanResponse { version, numbers })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListProgrammePlansRequest,
    ) -> Result<ListProgrammePlansResponse, Failure> {
        let ListProgrammePlansRequest { parent: sent, plan, page_size, page_token } = message;
        let mut faults = Faults::new();
        let federation = parent(&mut faults, principal, &sent)?;
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let asked = (!plan.is_empty()).then(|| ProgrammePlanName::parse("plan", &plan));
        let asked = faults.keep(asked.transpose());
        let (Page { size, after }, asked) = faults.into_result(|| page.zip(asked))?;
        let read = &self.0.journal.database().read;
        let (listed, is_by_number) = match asked {
            Some(plan) => {
                principal.is_in(&plan.federation, &plan.to_string())?;
                let after = after.map(|after| VersionNumber::parse("page_token", &after));
                let after = after.transpose().map_err(|_| malformed_token())?;
                (store::programme_plan::versions(read, &plan, after, size).await?, true)
            }
            None => {
                let after = after.as_deref();
                let listed =
                    store::programme_plan::latest_of_each(read, &federation, after, size).await?;
                (listed, false)
            }
        };
        let versions: Vec<pb::ProgrammePlanVersion> = all_decoded(&listed)?;
        let key = |version: &pb::ProgrammePlanVersion| match is_by_number {
            true => version.number.clone(),
            false => plan_id(&version.name).to_owned(),
        };
        let next_page_token = next_page_token(listed.has_more, &versions, key);
        Ok(ListProgrammePlansResponse { versions, next_page_token })
    }
}

/// The plan's id in the name of a version.
fn plan_id(version: &str) -> &str {
    version.split('/').nth(3).unwrap_or_default()
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: &ProgrammePlanVersionName,
    plan: &Plan,
    teams: &std::collections::BTreeSet<TeamName>,
) -> Result<Vec<Draft>, Failure> {
    let latest = store::programme_plan::latest(transaction, &name.plan).await?;
    let latest = latest.map(|payload| stored(&payload)).transpose()?;
    let facts = CreateFacts {
        taken: store::programme_plan::find(transaction, name).await?.is_some(),
        latest: latest
            .map(|(name, plan)| Latest { number: name.number, approval_date: plan.approval_date }),
        teams,
        today: platform::clock::day_in_sweden(step.now),
    };
    programme_plan::create(name.number, plan, &facts).map_err(|refusal| refused(refusal, name))?;
    let resource = convert::programme_plan::render(name, plan.clone());
    let recorded = Recorded::first(step.sequence);
    store::programme_plan::insert(transaction, name, recorded).await?;
    Ok(vec![draft("programme_plan_version.created", name, &resource)])
}

fn refused(refusal: CreateRefusal, name: &ProgrammePlanVersionName) -> Failure {
    match refusal {
        CreateRefusal::Taken => Failure::Exists { name: name.to_string() },
        CreateRefusal::NotNext(Latest { number, approval_date }) => {
            let refused = Failure::refused("PLAN_VERSION_NOT_NEXT");
            refused.with("number", number).with("approval_date", approval_date)
        }
        CreateRefusal::Faulty(faults) => nested("version", faults),
    }
}

/// A version that was recorded, by the definitions of that day.
pub(super) fn stored(payload: &[u8]) -> Result<(ProgrammePlanVersionName, Plan), Failure> {
    let message: pb::ProgrammePlanVersion = decoded(payload)?;
    let name = ProgrammePlanVersionName::parse("name", &message.name).map_err(unreadable)?;
    let (_, plan) = convert::programme_plan::read(message).map_err(unreadable)?;
    Ok((name, plan))
}

/// Every version of every plan.
pub(super) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<BTreeMap<ProgrammePlanVersionName, Plan>, Failure> {
    let payloads = store::programme_plan::all(connection, federation).await?;
    payloads.iter().map(|payload| stored(payload)).collect()
}

/// The row that finds a recorded version.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let Ok(name) = ProgrammePlanVersionName::parse("name", name) else { return Ok(None) };
    let message: pb::ProgrammePlanVersion = prost::Message::decode(payload)?;
    convert::programme_plan::read(message).map_err(unreadable)?;
    anyhow::ensure!(recorded.created_sequence == recorded.sequence, "was changed");
    Ok(Some(store::programme_plan::row(&name, recorded)))
}
