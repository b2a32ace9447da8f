//! What the office expects of an area.

use platform::{Failure, Write, clock::day_in_sweden, principal};
use proto::finance as pb;
use tonic::Request;
use values::{Fault, Faults, name::BudgetForecastName};

use crate::{
    domain::budget::forecast::{self, RecordFacts, RecordRefusal},
    rpc::{Shared, convert, draft, recorded},
    store,
};

const RECORD: &str = "/samordna.finance.v1.BudgetService/RecordBudgetForecast";

pub(super) async fn record(
    shared: &Shared,
    request: Request<pb::RecordBudgetForecastRequest>,
) -> Result<pb::BudgetForecast, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, RECORD, request.get_ref())?;
    let pb::RecordBudgetForecastRequest {
        parent,
        budget_forecast_id,
        budget_forecast,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = budget_forecast.ok_or_else(|| Fault::new("budget_forecast", "FIELD_MISSING"))?;
    let name_of = |id| BudgetForecastName::new(federation.clone(), id);
    let name = convert::new_name(
        "budget_forecast",
        &budget_forecast_id,
        &content.name,
        name_of,
        &mut faults,
    );
    let (mut parts, inner) = convert::budget::parse_forecast(content);
    faults.nest("budget_forecast", inner);
    parts.name = name;

    let entries = shared.journal.write(write, move |transaction, step| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        Box::pin(async move {
            let there = match &parts.name {
                Some(name) => store::budget::forecast::find(transaction, name).await?,
                None => None,
            };
            let name = parts.name.clone();
            let facts = RecordFacts {
                is_taken: there.is_some(),
                closed_through: store::ledger::closed_through(transaction, &federation).await?,
                today: day_in_sweden(step.now),
            };
            let recorded = forecast::record(parts, facts)
                .map_err(|refusal| refused(refusal, name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::budget::forecast::insert(transaction, &recorded, step.sequence).await?;
            let resource = convert::budget::render_forecast(&recorded);
            Ok(vec![draft("budget_forecast.recorded", &recorded.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: RecordRefusal, name: Option<BudgetForecastName>, faults: Faults) -> Failure {
    match refusal {
        RecordRefusal::Faulty(found) => convert::faulty(
            faults,
            "budget_forecast",
            found.into_iter().map(convert::budget::forecast_fault),
        ),
        RecordRefusal::Taken => convert::taken(name),
        RecordRefusal::YearClosed(year) => convert::year_closed(year.number()),
    }
}
