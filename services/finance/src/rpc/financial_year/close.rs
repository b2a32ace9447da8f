//! The close of a year: one step, however many grants lapse.

use platform::{Draft, Entry, Failure, Write, clock::day_in_sweden, principal};
use proto::finance as pb;
use tonic::Request;
use values::{Faults, name::FinancialYearName};

use crate::{
    domain::financial_year::close::{self, CloseFacts, CloseRefusal, Closed},
    rpc::{Shared, convert, draft, recorded},
    store,
};

const CLOSE: &str = "/samordna.finance.v1.FinancialYearService/CloseFinancialYear";
/// What the journal calls the close itself, among what comes with it.
const CLOSED: &str = "financial_year.closed";

pub(super) async fn close(
    shared: &Shared,
    request: Request<pb::CloseFinancialYearRequest>,
) -> Result<pb::FinancialYear, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CLOSE, request.get_ref())?;
    let pb::CloseFinancialYearRequest {
        name: sent,
        etag,
        decision,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let (name, year) = convert::financial_year::parse_name(&sent)?;
    principal.is_in(&name.federation, &sent)?;
    let year = year.ok_or_else(|| Failure::not_found(&name))?;
    convert::etag(&etag, &mut faults);
    let (decision, inner) = convert::board_decision::parse(decision);
    faults.nest("decision", inner);

    let entries = shared.journal.write(write, move |transaction, step| {
        let (name, etag) = (name.clone(), etag.clone());
        let (decision, faults) = (decision.clone(), faults.clone());
        Box::pin(async move {
            let federation = &name.federation;
            let found = store::financial_year::find(transaction, federation, year).await?;
            let found = found.ok_or_else(|| Failure::not_found(&name))?;
            let before =
                store::financial_year::close::before_close(transaction, federation, year).await?;
            let facts = CloseFacts {
                etag: &etag,
                today: day_in_sweden(step.now),
                earlier_open: before.earlier_open,
                requisitions: before.requisitions,
                recoveries: before.recoveries,
                balances: &before.balances,
                grants: before.grants,
                next_is_open: before.next_is_open,
            };
            let closed = close::close(found, decision, facts)
                .map_err(|refusal| refused(refusal, &name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            let sequence = step.sequence;
            store::financial_year::close::keep_close(transaction, &closed, sequence).await?;
            Ok(drafts(&closed))
        })
    });
    let entries = entries.await?;
    let itself: Vec<Entry> = entries.into_iter().filter(|entry| entry.kind == CLOSED).collect();
    recorded(&itself)
}

/// What lapsed, the close, and the year it opened, in the order of their
/// postings: nothing is posted in a year after its close.
fn drafts(closed: &Closed) -> Vec<Draft> {
    let Closed { year, voucher: _, lapses, next } = closed;
    let lapse = |(grant, _): &(_, _)| {
        let resource = convert::grant::render(grant);
        draft("grant.lapsed", &grant.decision.name, &resource)
    };
    let mut drafts: Vec<Draft> = lapses.iter().map(lapse).collect();
    drafts.push(draft(CLOSED, &year.name, &convert::financial_year::render(year)));
    drafts.extend(next.iter().map(|next| {
        draft("financial_year.opened", &next.name, &convert::financial_year::render(next))
    }));
    drafts
}

fn refused(refusal: CloseRefusal, name: &FinancialYearName, faults: Faults) -> Failure {
    match refusal {
        CloseRefusal::Faulty(found) => convert::faulty(
            faults,
            "decision",
            found.into_iter().map(convert::board_decision::fault),
        ),
        CloseRefusal::Stale => Failure::Stale { name: name.to_string() },
        CloseRefusal::NotOver(last_day) => {
            Failure::refused("YEAR_NOT_OVER").with("last_day", last_day)
        }
        CloseRefusal::EarlierYearOpen(year) => {
            Failure::refused("EARLIER_YEAR_OPEN").with("year", year)
        }
        CloseRefusal::RequisitionsUndecided(undecided) => {
            Failure::refused("REQUISITIONS_UNDECIDED")
                .with("count", undecided.count)
                .with("requisition", undecided.first)
        }
        CloseRefusal::RecoveriesUndecided(undecided) => Failure::refused("RECOVERIES_UNDECIDED")
            .with("count", undecided.count)
            .with("recovery", undecided.first),
        CloseRefusal::YearClosed(year) => convert::year_closed(year),
        CloseRefusal::SumTooLarge => {
            Failure::Internal(anyhow::anyhow!("the sums of {name} do not fit"))
        }
    }
}
