//! Reads of requisitions, as far as the caller reaches.

use platform::{Failure, page::Page, principal};
use proto::finance as pb;
use tonic::Request;
use values::{
    Faults,
    name::{GrantName, RequisitionName},
};

use crate::{
    rpc::{Shared, convert, permissions},
    store::{self, requisition::Filter},
};

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetRequisitionRequest>,
) -> Result<pb::Requisition, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetRequisitionRequest { name: sent } = request.into_inner();
    let name = RequisitionName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let reach = permissions::reading(&principal);
    let found = store::requisition::find(&shared.database().read, &name, &reach).await?;
    let requisition = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::requisition::render(&requisition))
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListRequisitionsRequest>,
) -> Result<pb::ListRequisitionsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListRequisitionsRequest {
        parent,
        grant,
        state,
        page_size,
        page_token,
        party,
        corrects,
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let grant = (!grant.is_empty()).then(|| GrantName::parse("grant", &grant));
    let grant =
        grant.map(|parsed| convert::within(&federation, "grant", parsed, |name| &name.federation));
    let grant = grant.and_then(|parsed| faults.keep(parsed));
    let party = faults.keep(convert::field::party_filter(&federation, "party", &party)).flatten();
    let corrects = (!corrects.is_empty()).then(|| {
        let parsed = RequisitionName::parse("corrects", &corrects);
        convert::within(&federation, "corrects", parsed, |name| &name.federation)
    });
    let corrects = corrects.and_then(|parsed| faults.keep(parsed));
    let state = faults.keep(convert::requisition::parse_state_filter(state));
    let stretch = faults.keep_nested("", convert::field::stretch(page_size, &page_token));
    let (stretch, state) = faults.into_result(|| stretch.zip(state))?;
    let reach = permissions::reading(&principal);
    let filter = Filter { reach, grant, state, party, corrects, stretch };
    let picture = shared.database().snapshot().await?;
    let listed = store::requisition::list(&picture, &federation, &filter).await?;
    picture.rollback().await?;
    let requisitions = listed.items.iter().map(convert::requisition::render);
    Ok(pb::ListRequisitionsResponse {
        requisitions: requisitions.collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
