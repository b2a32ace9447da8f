//! `FinanceImportService`. What is wrong with the rows is part of the answer;
//! what is wrong with the request is its status.

mod rows;
mod stream;

use std::{collections::HashSet, sync::Arc};

use futures::stream::BoxStream;
use platform::{
    Failure, Principal, Write, clock::day_in_sweden, convert::faults_to_import, principal,
};
use proto::{
    common::{ImportEffect, ImportOutcome},
    finance::{
        ImportFinanceRequest, ImportFinanceResponse, StreamFinanceImportRequest,
        StreamFinanceImportResponse, finance_import_service_server::FinanceImportService,
    },
};
use tonic::{Request, Response, Status, Streaming, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{PartyName, TeamName},
};

use super::{Shared, convert, draft, organisation};
use crate::{
    domain::import::{self, Outside, Place, Plan, Rows},
    store,
};
use rows::{Read, Told};

/// A batch of a stream is the same request: it may be repeated either way.
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
        BoxStream<'static, Result<StreamFinanceImportResponse, Status>>;

    async fn stream_finance_import(
        &self,
        request: Request<Streaming<StreamFinanceImportRequest>>,
    ) -> Result<Response<Self::StreamFinanceImportStream>, Status> {
        Ok(Response::new(stream::answers(self.0.clone(), request)?))
    }
}

async fn import(
    shared: &Shared,
    request: Request<ImportFinanceRequest>,
) -> Result<ImportFinanceResponse, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let prepared = prepare(&principal, message)?;
    carry_out(shared, &principal, &caller, prepared, &mut Outside::default()).await
}

/// An import that is read, and only has to be held against the record.
struct Prepared {
    write: Write,
    federation: Slug,
    rows: Rows,
    told: Told,
    names: Vec<(Place, String)>,
    expected_names: Vec<String>,
}

/// Reads an import. What is wrong with its rows is told when it is carried out.
fn prepare(principal: &Principal, message: ImportFinanceRequest) -> Result<Prepared, Failure> {
    let write = Write::of(principal, IMPORT, &message)?;
    let ImportFinanceRequest {
        parent,
        recipients,
        grants,
        requisitions,
        expected_names,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
        financial_years,
        contribution_decisions,
        contribution_payments,
        budgets,
        own_costs,
        staffing_financings,
    } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(principal, &parent, &mut faults)?;
    // Rows that are not taken in must not look as if they were.
    for (field, is_empty) in [
        ("financial_years", financial_years.is_empty()),
        ("contribution_decisions", contribution_decisions.is_empty()),
        ("contribution_payments", contribution_payments.is_empty()),
        ("budgets", budgets.is_empty()),
        ("own_costs", own_costs.is_empty()),
        ("staffing_financings", staffing_financings.is_empty()),
    ] {
        if !is_empty {
            faults.push(Fault::new(field, "ROWS_NOT_IMPORTED"));
        }
    }
    faults.into_result(|| Some(()))?;
    let Read { rows, told, names } = rows::read(&federation, recipients, grants, requisitions);
    Ok(Prepared { write, federation, rows, told, names, expected_names })
}

/// Carries an import out, all of it or nothing.
async fn carry_out(
    shared: &Shared,
    principal: &Principal,
    caller: &MetadataMap,
    prepared: Prepared,
    known: &mut Outside,
) -> Result<ImportFinanceResponse, Failure> {
    let Prepared { write, federation, rows, mut told, names, expected_names } = prepared;
    ask(shared, caller, &federation, &rows, &expected_names, known).await?;
    let mut outside = known.clone();
    rows::expect(&federation, &expected_names, write.validate_only, &mut outside, &mut told);

    let shareable = Arc::new((rows, told, outside));
    let actor = principal.account.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shareable, federation) = (shareable.clone(), federation.clone());
        let actor = actor.clone();
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

/// Asks for what the rows refer to outside of finance, where it is not known yet:
/// teams and parties stay once they are there.
async fn ask(
    shared: &Shared,
    caller: &MetadataMap,
    federation: &Slug,
    rows: &Rows,
    expected_names: &[String],
    known: &mut Outside,
) -> Result<(), Failure> {
    let expected_team = |name: &String| TeamName::parse("", name).ok();
    let expected_party = |name: &String| PartyName::parse("", name).ok();
    let mut teams = rows.recipients.iter().filter_map(|row| row.team());
    let mut parties = rows.requisitions.iter().filter_map(|row| row.party.as_ref());
    let needs_teams = teams.any(|team| !known.teams.contains(team))
        || expected_names.iter().filter_map(expected_team).any(|team| !known.teams.contains(&team));
    let needs_parties = parties.any(|party| !known.parties.contains_key(party))
        || expected_names
            .iter()
            .filter_map(expected_party)
            .any(|party| !known.parties.contains_key(&party));
    if needs_teams {
        known.teams = organisation::teams(&shared.organisation, caller, federation).await?;
    }
    if needs_parties {
        known.parties = organisation::parties(&shared.organisation, caller, federation).await?;
    }
    Ok(())
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
