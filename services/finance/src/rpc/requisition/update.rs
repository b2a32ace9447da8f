//! New content for a draft or a returned requisition.

use platform::{Failure, Write, principal};
use proto::finance as pb;
use tonic::Request;
use values::{Fault, Faults, name::RequisitionName};

use super::{claim_facts, step::check_reach};
use crate::{
    domain::requisition::{self, PartyFact, UpdateRefusal},
    rpc::{Shared, convert, draft, organisation, permissions, recorded},
    store::{self, requisition::Wanted},
};

const UPDATE: &str = "/samordna.finance.v1.RequisitionService/UpdateRequisition";

pub(super) async fn update(
    shared: &Shared,
    request: Request<pb::UpdateRequisitionRequest>,
) -> Result<pb::Requisition, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, UPDATE, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let pb::UpdateRequisitionRequest {
        requisition: content,
        etag,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let content = content.ok_or_else(|| Fault::new("requisition", "FIELD_MISSING"))?;
    let mut faults = Faults::new();
    let name = faults.keep(RequisitionName::parse("requisition.name", &content.name));
    convert::etag(&etag, &mut faults);
    let Some(name) = name.filter(|_| faults.is_empty()) else {
        return Err(faults.into());
    };
    principal.is_in(&name.federation, &content.name)?;
    let (mut parts, inner) = convert::requisition::parse(&name.federation, content);
    faults.nest("requisition", inner);
    parts.name = Some(name.clone());
    let reach = permissions::own_parties(&principal);
    let party = match parts.party.as_ref().filter(|party| reach.covers(party)) {
        Some(party) => organisation::party_fact(&shared.organisation, &caller, party).await?,
        None => PartyFact::Unreadable,
    };

    let (asked, within) = (name.clone(), reach.clone());
    let entries = shared.journal.write(write, move |transaction, _| {
        let (name, parts, etag) = (name.clone(), parts.clone(), etag.clone());
        let (faults, party, reach) = (faults.clone(), party.clone(), reach.clone());
        Box::pin(async move {
            let mut wanted = Wanted::default();
            wanted.content(&parts);
            let book = store::requisition::book(transaction, &name.federation, &wanted).await?;
            let found = book.requisition(&name);
            let found = found.filter(|found| reach.covers(&found.claim().party));
            let standing = found.ok_or_else(|| Failure::not_found(&name))?.clone();
            let facts = claim_facts(&parts, &party, &reach, &book);
            let after = requisition::update(standing, &etag, parts.clone(), facts)
                .map_err(|refusal| refused(refusal, &name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            store::requisition::replace(transaction, &after).await?;
            let resource = convert::requisition::render(&after);
            Ok(vec![draft("requisition.updated", &name, &resource)])
        })
    });
    let answer: pb::Requisition = recorded(&entries.await?)?;
    check_reach(&answer.party, &within, &asked)?;
    Ok(answer)
}

fn refused(refusal: UpdateRefusal, name: &RequisitionName, faults: Faults) -> Failure {
    match refusal {
        UpdateRefusal::Stale => Failure::Stale { name: name.to_string() },
        UpdateRefusal::StateForbids(state) => convert::requisition::cannot_change(state),
        UpdateRefusal::Faulty(found) => convert::faulty(
            faults,
            "requisition",
            found.into_iter().map(convert::requisition::fault),
        ),
    }
}
