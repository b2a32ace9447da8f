//! `FinanceImportService`. What is wrong with the rows is part of the answer;
//! what is wrong with the request is its status.

mod rows;

use std::collections::HashSet;

use platform::{Failure, Write, clock::day_in_sweden, convert::faults_to_import, principal};
use proto::{
    common::{ImportEffect, ImportOutcome},
    finance::{
        ImportFinanceRequest, ImportFinanceResponse,
        finance_import_service_server::FinanceImportService,
    },
};
use std::sync::Arc;
use tonic::{Request, Response, Status, metadata::MetadataMap};
use values::{Faults, Slug, name::TeamName};

use super::{Shared, convert, draft, organisation};
use crate::{
    domain::import::{self, Outside, Place, Plan, Rows},
    store,
};
use rows::Read;

const IMPORT: &str = "/samordna.finance.v1.FinanceImportService/ImportFinance";

pub(super) struct FinanceImport(pub(super) Shared);

#[tonic::async_trait]
impl FinanceImportService for FinanceImport {
    async fn import_finance(
        &self,
        request: Request<ImportFinanceRequest>,
    ) -> Result<Response<ImportFinanceResponse>, Status> {
        Ok(Response::new(import(&self.0, request).await?))
    }

    type StreamFinanceImportStream =
        futures::stream::Empty<Result<proto::finance::StreamFinanceImportResponse, Status>>;

    async fn stream_finance_import(
        &self,
        _request: Request<tonic::Streaming<proto::finance::StreamFinanceImportRequest>>,
    ) -> Result<Response<Self::StreamFinanceImportStream>, Status> {
        Err(Status::unimplemented("StreamFinanceImport"))
    }
}

async fn import(
    shared: &Shared,
    request: Request<ImportFinanceRequest>,
) -> Result<ImportFinanceResponse, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, IMPORT, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let ImportFinanceRequest {
        parent,
        recipients,
        grants,
        requisitions,
        expected_names,
        request_id: _, // Told by the write.
        validate_only,
        ..
    } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    faults.into_result(|| Some(()))?;
    let read = rows::read(&federation, recipients, grants, requisitions);
    let Read { rows, mut told, names } = read;
    let mut outside = outside(shared, &caller, &federation, &rows, &expected_names).await?;
    rows::expect(&federation, &expected_names, validate_only, &mut outside, &mut told);

    let shareable = Arc::new((rows, told, outside));
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shareable, federation) = (shareable.clone(), federation.clone());
        let actor = principal.account.clone();
        Box::pin(async move {
            let (rows, told, outside) = shareable.as_ref();
            let record = store::import::record(transaction, &federation, rows).await?;
            let outside = Outside { today: day_in_sweden(step.now), ..outside.clone() };
            let plan = import::plan(rows.clone(), &record, &outside, &actor, step.now);
            let plan = rows::all_faults(plan, told)?;
            store::import::insert(transaction, &federation, &plan, step.sequence).await?;
            Ok(drafts(&plan))
        })
    });
    match entries.await {
        Ok(entries) => {
            let created: HashSet<&str> =
                entries.iter().map(|entry| entry.subject.as_str()).collect();
            Ok(ImportFinanceResponse {
                outcomes: names.into_iter().map(|row| outcome(row, &created)).collect(),
                faults: Vec::new(),
            })
        }
        Err(Failure::Invalid(faults)) => {
            Ok(ImportFinanceResponse { outcomes: Vec::new(), faults: faults_to_import(faults) })
        }
        Err(failure) => Err(failure),
    }
}

/// What the rows refer to outside of finance, asked for once.
async fn outside(
    shared: &Shared,
    caller: &MetadataMap,
    federation: &Slug,
    rows: &Rows,
    expected_names: &[String],
) -> Result<Outside, Failure> {
    let is_team = |name: &String| TeamName::parse("", name).is_ok();
    let needs_teams = rows.recipients.iter().any(|row| row.team().is_some())
        || expected_names.iter().any(is_team);
    let needs_parties = rows.requisitions.iter().any(|row| row.party.is_some())
        || !expected_names.iter().all(is_team);
    let mut outside = Outside::default();
    if needs_teams {
        outside.teams = organisation::teams(&shared.organisation, caller, federation).await?;
    }
    if needs_parties {
        outside.parties = organisation::parties(&shared.organisation, caller, federation).await?;
    }
    Ok(outside)
}

/// One draft for each resource that is created, in the order of the plan.
fn drafts(plan: &Plan) -> Vec<platform::Draft> {
    let recipients = plan.recipients.iter().map(|recipient| {
        let resource = convert::recipient::render(recipient);
        draft("recipient.created", &recipient.name, &resource)
    });
    let grants = plan.grants.iter().map(|grant| {
        let resource = convert::grant::render(grant);
        draft("grant.created", &grant.decision.name, &resource)
    });
    let requisitions = plan.requisitions.iter().map(|requisition| {
        let resource = convert::requisition::render(requisition);
        draft("requisition.submitted", &requisition.claim().name, &resource)
    });
    recipients.chain(grants).chain(requisitions).collect()
}

fn outcome((place, name): (Place, String), created: &HashSet<&str>) -> ImportOutcome {
    let effect = if created.contains(name.as_str()) {
        ImportEffect::Created
    } else {
        ImportEffect::Unchanged
    };
    ImportOutcome { row: rows::path(place), name, effect: effect.into() }
}
