//! A new decision on a grant.

use platform::{Failure, Write, clock::day_in_sweden, principal};
use proto::finance::{AmendGrantRequest, Grant};
use tonic::Request;
use values::{Faults, name::GrantName};

use crate::{
    domain::grant::amend::{self, AmendFacts, AmendRefusal},
    rpc::{Shared, convert, convert::grant::Amendment, draft, recorded},
    store,
};

const AMEND: &str = "/samordna.finance.v1.GrantService/AmendGrant";

pub(super) async fn amend(
    shared: &Shared,
    request: Request<AmendGrantRequest>,
) -> Result<Grant, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, AMEND, request.get_ref())?;
    let AmendGrantRequest {
        name: sent,
        etag,
        period,
        amount_ore,
        dnr,
        decision_date,
        deciding_body,
        reason,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(GrantName::parse("name", &sent));
    convert::etag(&etag, &mut faults);
    let amendment = Amendment { period, amount_ore, dnr, decision_date, deciding_body, reason };
    let parts = convert::grant::parse_amendment(amendment, &mut faults);
    let Some(name) = name.filter(|_| !etag.is_empty()) else {
        return Err(faults.into());
    };
    principal.is_in(&name.federation, &sent)?;

    let entries = shared.journal.write(write, move |transaction, step| {
        let (name, etag, parts) = (name.clone(), etag.clone(), parts.clone());
        let (faults, actor) = (faults.clone(), principal.account.clone());
        Box::pin(async move {
            let found = store::grant::before_amend(transaction, &name).await?;
            let before = found.ok_or_else(|| Failure::not_found(&name))?;
            let facts = AmendFacts {
                etag: &etag,
                parent: before.parent,
                held: &before.held,
                closed_through: before.closed_through,
                today: day_in_sweden(step.now),
            };
            let (after, voucher) = amend::amend(before.grant, parts, facts, actor, step.now)
                .map_err(|refusal| refused(refusal, &name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::grant::keep_amendment(transaction, &after, step.sequence, &voucher).await?;
            Ok(vec![draft("grant.amended", &name, &convert::grant::render(&after))])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: AmendRefusal, name: &GrantName, faults: Faults) -> Failure {
    match refusal {
        AmendRefusal::Stale => Failure::Stale { name: name.to_string() },
        AmendRefusal::Faulty(found) => {
            convert::faulty(faults, "", found.into_iter().map(convert::grant::amendment_fault))
        }
        AmendRefusal::YearClosed(year) => convert::year_closed(year),
        AmendRefusal::BelowClaimed { asked, least } => Failure::refused("GRANT_BELOW_CLAIMED")
            .with("field", "amount_ore")
            .with("asked_ore", asked)
            .with("least_ore", least),
        AmendRefusal::GrantOverdrawn { asked, left } => {
            convert::overdrawn(asked, left).with("field", "amount_ore")
        }
    }
}
