//! Decisions on what the parties pay.

use std::collections::HashMap;

use platform::{Failure, Write, clock::day_in_sweden, principal};
use proto::finance as pb;
use tonic::Request;
use values::{
    Fault, Faults, Slug,
    name::{ContributionDecisionName, PartyName},
};

use crate::{
    domain::contribution::{self, DecideFacts, DecideRefusal, Group},
    rpc::{Shared, convert, draft, organisation::Directory, recorded},
    store,
};

const DECIDE: &str = "/samordna.finance.v1.ContributionService/DecideContributions";

pub(super) async fn decide(
    shared: &Shared,
    request: Request<pb::DecideContributionsRequest>,
) -> Result<pb::ContributionDecision, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, DECIDE, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let pb::DecideContributionsRequest {
        parent,
        contribution_decision_id,
        contribution_decision,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let missing = || Fault::new("contribution_decision", "FIELD_MISSING");
    let content = contribution_decision.ok_or_else(missing)?;
    let name_of = |id| ContributionDecisionName::new(federation.clone(), id);
    let name = convert::new_name(
        "contribution_decision",
        &contribution_decision_id,
        &content.name,
        name_of,
        &mut faults,
    );
    let (mut parts, inner) = convert::contribution::parse(&federation, content);
    faults.nest("contribution_decision", inner);
    parts.name = name;
    let directory =
        Directory { organisation: &shared.organisation, caller: &caller, federation: &federation };
    let parties = directory.parties().await?.into_iter();
    let groups: HashMap<PartyName, Group> =
        parties.filter_map(|(name, party)| Some((name, party.group?))).collect();

    let entries = shared.journal.write(write, move |transaction, step| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        let groups = groups.clone();
        Box::pin(async move {
            let name = parts.name.clone();
            let before = store::contribution::before_decide(
                transaction,
                &federation,
                name.as_ref(),
                parts.year,
            )
            .await?;
            let facts = DecideFacts {
                is_taken: before.is_taken,
                groups: &groups,
                versions: before.versions,
                standings: &before.standings,
                closed_through: store::ledger::closed_through(transaction, &federation).await?,
                today: day_in_sweden(step.now),
            };
            let (decided, voucher) = contribution::decide(parts, facts)
                .map_err(|refusal| refused(refusal, &federation, name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::contribution::insert(transaction, &decided, step.sequence, &voucher).await?;
            let resource = convert::contribution::render(&decided);
            Ok(vec![draft("contributions.decided", &decided.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(
    refusal: DecideRefusal,
    federation: &Slug,
    name: Option<ContributionDecisionName>,
    faults: Faults,
) -> Failure {
    match refusal {
        DecideRefusal::Faulty(found) => convert::faulty(
            faults,
            "contribution_decision",
            found.into_iter().map(convert::contribution::fault),
        ),
        DecideRefusal::Taken => convert::taken(name),
        DecideRefusal::YearClosed(year) => convert::year_closed(year.number()),
        DecideRefusal::BelowPaid { party, agreed, paid } => {
            Failure::refused("CONTRIBUTION_BELOW_PAID")
                .with("field", "contribution_decision.total_ore")
                .with("party", PartyName::new(federation.clone(), party))
                .with("agreed_ore", agreed)
                .with("paid_ore", paid)
        }
    }
}
