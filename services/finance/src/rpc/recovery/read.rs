//! Reads of recoveries, as far as the caller reaches.

use platform::{Failure, page::Page, principal};
use proto::finance as pb;
use tonic::Request;
use values::{
    Faults,
    name::{RecoveryName, RequisitionName},
};

use crate::{
    rpc::{Shared, convert, permissions},
    store::{self, recovery::Filter},
};

pub(super) async fn get(
    shared: &Shared,
    request: Request<pb::GetRecoveryRequest>,
) -> Result<pb::Recovery, Failure> {
    let principal = principal::of(&request)?;
    let pb::GetRecoveryRequest { name: sent } = request.into_inner();
    let name = RecoveryName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let reach = permissions::reading(&principal);
    let picture = shared.database().snapshot().await?;
    let found = store::recovery::find(&picture, &name, &reach).await?;
    picture.rollback().await?;
    let recovery = found.ok_or_else(|| Failure::not_found(&name))?;
    Ok(convert::recovery::render(&recovery))
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListRecoveriesRequest>,
) -> Result<pb::ListRecoveriesResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListRecoveriesRequest { parent, requisition, state, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let requisition = (!requisition.is_empty()).then(|| {
        let parsed = RequisitionName::parse("requisition", &requisition);
        convert::within(&federation, "requisition", parsed, |name| &name.federation)
    });
    let requisition = requisition.and_then(|parsed| faults.keep(parsed));
    let state = faults.keep(convert::recovery::parse_state_filter(state));
    let stretch = faults.keep_nested("", convert::field::stretch(page_size, &page_token));
    let (stretch, state) = faults.into_result(|| stretch.zip(state))?;
    let reach = permissions::reading(&principal);
    let filter = Filter { reach, requisition, state, stretch };
    let picture = shared.database().snapshot().await?;
    let listed = store::recovery::list(&picture, &federation, &filter).await?;
    picture.rollback().await?;
    Ok(pb::ListRecoveriesResponse {
        recoveries: listed.items.iter().map(convert::recovery::render).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
