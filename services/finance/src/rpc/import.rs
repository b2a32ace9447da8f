//! `FinanceImportService`. What is wrong with the rows is part of the answer;
//! what is wrong with the request is its status.

mod expected;
mod faults;
mod outcomes;
mod rows;
mod stream;

use std::sync::Arc;

use futures::stream::BoxStream;
use platform::{
    Failure, Principal, Write, clock::day_in_sweden, convert::faults_to_import, principal,
};
use proto::finance::{
    ImportFinanceRequest, ImportFinanceResponse, StreamFinanceImportRequest,
    StreamFinanceImportResponse, finance_import_service_server::FinanceImportService,
};
use tonic::{Request, Response, Status, Streaming, metadata::MetadataMap};
use values::{Faults, Slug};

use super::{
    Shared, convert, draft,
    organisation::{self, Directory, directory::Party},
};
use crate::{
    domain::{
        import::{self, Outside, Plan, Rows},
        staffing_financing::Place as Where,
    },
    store,
};
use rows::Read;

/// A batch of a stream is the same request: it may be repeated either way.
const IMPORT: &str = "/samordna.finance.v1.FinanceImportService/ImportFinance";
/// What the journal calls it when the limits of a year are entered.
const POLICY_SET: &str = "financial_year.policy_set";
/// What the journal calls a later decision on a grant.
const GRANT_AMENDED: &str = "grant.amended";

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
    read: Read,
}

/// Reads an import. What is wrong with its rows is told when it is carried out.
fn prepare(principal: &Principal, message: ImportFinanceRequest) -> Result<Prepared, Failure> {
    let write = Write::of(principal, IMPORT, &message)?;
    let mut faults = Faults::new();
    let federation = convert::parent(principal, &message.parent, &mut faults)?;
    faults.into_result(|| Some(()))?;
    let read = rows::read(&federation, message);
    Ok(Prepared { write, federation, read })
}

/// Carries an import out, all of it or nothing.
async fn carry_out(
    shared: &Shared,
    principal: &Principal,
    caller: &MetadataMap,
    prepared: Prepared,
    known: &mut Outside,
) -> Result<ImportFinanceResponse, Failure> {
    let Prepared { write, federation, read } = prepared;
    ask(shared, caller, &federation, &read, known).await?;
    let Read { rows, mut told, names, expected } = read;
    let mut outside = known.clone();
    expected.take(&federation, write.validate_only, &mut outside, &mut told);

    let shareable = Arc::new((rows, told, outside));
    let actor = principal.account.clone();
    let asked = shareable.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shareable, federation) = (asked.clone(), federation.clone());
        let actor = actor.clone();
        Box::pin(async move {
            let (rows, told, outside) = shareable.as_ref();
            let record = store::import::record(transaction, &federation, rows).await?;
            let outside = Outside { today: day_in_sweden(step.now), ..outside.clone() };
            let plan = import::plan(rows.clone(), &record, &outside, &actor, step.now);
            let plan = faults::all_faults(&federation, plan, told)?;
            store::import::insert(transaction, &federation, &plan, step.sequence).await?;
            Ok(drafts(&plan))
        })
    });
    match entries.await {
        Ok(entries) => {
            let (rows, _, _) = shareable.as_ref();
            let outcomes = outcomes::of(names, rows, &entries)?;
            Ok(ImportFinanceResponse { outcomes, faults: Vec::new() })
        }
        Err(Failure::Invalid(faults)) => {
            Ok(ImportFinanceResponse { outcomes: Vec::new(), faults: faults_to_import(faults) })
        }
        Err(failure) => Err(failure),
    }
}

/// Asks for what the rows refer to outside of finance, where it is not known yet:
/// what is there in the organisation stays there.
async fn ask(
    shared: &Shared,
    caller: &MetadataMap,
    federation: &Slug,
    read: &Read,
    known: &mut Outside,
) -> Result<(), Failure> {
    let Rows {
        recipients,
        grants: _, // Theirs are within finance.
        requisitions,
        financial_years: _,
        contribution_decisions,
        contribution_payments,
        budgets: _, // Theirs are within finance.
        own_costs: _,
        staffing_financings,
        budget_forecasts: _,
        equity_policies: _,  // Theirs are within finance.
        grant_amendments: _, // Theirs are within finance.
        account_plan,
    } = &read.rows;
    let claiming = requisitions.iter().filter_map(|row| row.party.as_ref());
    let paying = contribution_payments.iter().filter_map(|row| row.party.as_ref());
    let sharing = contribution_decisions.iter().flat_map(|row| row.shares.iter().flatten());
    let mut sharing = sharing.filter_map(|share| share.party.as_ref());
    let mapped = account_plan.iter().flat_map(|plan| plan.parties.iter().flatten());
    let mapped = mapped.map(|mapped| &mapped.name);
    let mut parties = claiming.chain(paying).chain(mapped);
    let mut teams = recipients.iter().filter_map(|row| row.team());
    let mut places = staffing_financings.iter().filter_map(|row| row.place.as_ref());

    let asks = read.expected.asks(federation, known);
    let organisation = &shared.organisation;
    let directory = Directory { organisation, caller, federation };
    if asks.teams || teams.any(|team| !known.teams.contains(team)) {
        known.teams = organisation::teams(organisation, caller, federation).await?;
    }
    if asks.parties
        || parties.any(|party| !known.parties.contains_key(party))
        || sharing.any(|party| !known.groups.contains_key(party))
    {
        for (name, Party { display_name: _, organisation_number, group }) in
            directory.parties().await?
        {
            known.groups.extend(group.map(|group| (name.clone(), group)));
            known.parties.insert(name, Some(organisation_number));
        }
    }
    let is_unknown = |place: &Where| match place {
        Where::Municipality(name) => !known.municipalities.contains(name),
        Where::Nowhere => false,
    };
    if asks.municipalities || places.any(is_unknown) {
        known.municipalities = directory.municipalities().await?.into_keys().collect();
    }
    Ok(())
}

/// One draft for each resource that is created, in the order of the plan.
fn drafts(plan: &Plan) -> Vec<platform::Draft> {
    let Plan {
        recipients,
        grants,
        requisitions,
        financial_years,
        contribution_decisions,
        contribution_payments,
        budgets,
        own_costs,
        staffing_financings,
        budget_forecasts,
        equity_policies,
        account_plan,
        vouchers: _, // The store's.
    } = plan;
    let mut drafts = Vec::new();
    for recipient in recipients {
        let resource = convert::recipient::render(recipient);
        drafts.push(draft("recipient.created", &recipient.name, &resource));
    }
    for (grant, _) in grants {
        let resource = convert::grant::render(grant);
        let kind = if grant.is_amended() { GRANT_AMENDED } else { "grant.created" };
        drafts.push(draft(kind, &grant.decision.name, &resource));
    }
    for requisition in requisitions {
        let resource = convert::requisition::render(requisition);
        drafts.push(draft("requisition.submitted", &requisition.claim().name, &resource));
    }
    for year in financial_years {
        let resource = convert::financial_year::render(year);
        drafts.push(draft("financial_year.opened", &year.name, &resource));
    }
    for decision in contribution_decisions {
        let resource = convert::contribution::render(decision);
        drafts.push(draft("contributions.decided", &decision.name, &resource));
    }
    for payment in contribution_payments {
        let resource = convert::contribution::render_payment(payment);
        drafts.push(draft("contribution_payment.recorded", &payment.name, &resource));
    }
    for budget in budgets {
        let resource = convert::budget::render(budget);
        drafts.push(draft("budget.decided", &budget.name, &resource));
    }
    for cost in own_costs {
        let resource = convert::own_cost::render(cost);
        drafts.push(draft("own_cost.recorded", &cost.name, &resource));
    }
    for staffing in staffing_financings {
        let resource = convert::staffing_financing::render(staffing);
        drafts.push(draft("staffing_financing.created", &staffing.name, &resource));
    }
    for forecast in budget_forecasts {
        let resource = convert::budget::render_forecast(forecast);
        drafts.push(draft("budget_forecast.recorded", &forecast.name, &resource));
    }
    for year in equity_policies {
        let resource = convert::financial_year::render(year);
        drafts.push(draft(POLICY_SET, &year.name, &resource));
    }
    if let Some(plan) = account_plan {
        let resource = convert::account_plan::render(plan);
        let name = convert::account_plan::name(&plan.federation);
        drafts.push(draft("account_plan.set", &name, &resource));
    }
    drafts
}
