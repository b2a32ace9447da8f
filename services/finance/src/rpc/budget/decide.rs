//! Decisions on a year's budget.

use platform::{Failure, Write, clock::day_in_sweden, principal};
use proto::finance as pb;
use tonic::Request;
use values::{
    Fault, Faults,
    name::{BudgetName, RecipientName},
};

use crate::{
    domain::budget::{self, BudgetParts, DecideFacts, DecideRefusal},
    rpc::{Shared, convert, draft, recorded},
    store,
};

const DECIDE: &str = "/samordna.finance.v1.BudgetService/DecideBudget";

pub(super) async fn decide(
    shared: &Shared,
    request: Request<pb::DecideBudgetRequest>,
) -> Result<pb::Budget, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, DECIDE, request.get_ref())?;
    let pb::DecideBudgetRequest {
        parent,
        budget_id,
        budget: content,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = content.ok_or_else(|| Fault::new("budget", "FIELD_MISSING"))?;
    let name_of = |id| BudgetName::new(federation.clone(), id);
    let name = convert::new_name("budget", &budget_id, &content.name, name_of, &mut faults);
    let (mut parts, inner) = convert::budget::parse(&federation, content);
    faults.nest("budget", inner);
    parts.name = name;

    let entries = shared.journal.write(write, move |transaction, step| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        Box::pin(async move {
            let name = parts.name.clone();
            let before = store::budget::before_decide(
                transaction,
                &federation,
                name.as_ref(),
                parts.year,
                &recipients(&parts),
            )
            .await?;
            let facts = DecideFacts {
                is_taken: before.is_taken,
                recipients: &before.recipients,
                versions: before.versions,
                closed_through: store::ledger::closed_through(transaction, &federation).await?,
                today: day_in_sweden(step.now),
            };
            let decided = budget::decide(parts, facts)
                .map_err(|refusal| refused(refusal, name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::budget::insert(transaction, &decided, step.sequence).await?;
            let resource = convert::budget::render(&decided);
            Ok(vec![draft("budget.decided", &decided.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

/// The recipients that the rows name.
fn recipients(parts: &BudgetParts) -> Vec<&RecipientName> {
    let rows = parts.rows.iter().flatten();
    rows.filter_map(|row| row.recipient.as_ref()?.as_ref()).collect()
}

fn refused(refusal: DecideRefusal, name: Option<BudgetName>, faults: Faults) -> Failure {
    match refusal {
        DecideRefusal::Faulty(found) => {
            convert::faulty(faults, "budget", found.into_iter().map(convert::budget::fault))
        }
        DecideRefusal::Taken => convert::taken(name),
        DecideRefusal::YearClosed(year) => convert::year_closed(year.number()),
    }
}
