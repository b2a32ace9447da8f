//! What a party's economist has handed in, and where it waits: until it is paid, nobody has
//! to ask the federation's office.

use proto::finance::RequisitionState;
use tonic::Status;

use super::{COUNTED, SHOWN, counted};
use crate::web::{
    layout::Visit,
    names::Names,
    requisition::list::{self, RowView, Wanted, requisitions},
    rights,
};

/// Where what was handed in waits at the federation, the farthest first.
const WAITING: [RequisitionState; 3] =
    [RequisitionState::Approved, RequisitionState::Reviewed, RequisitionState::Submitted];

/// Requisitions that wait at the federation.
pub(super) struct SentView {
    pub(super) count: String,
    pub(super) rows: Vec<RowView>,
}

/// What the person's parties have handed in that is not paid yet; none for others, and when
/// there is nothing.
pub(super) async fn waiting(visit: &Visit) -> Result<Option<SentView>, Status> {
    let principal = &visit.session.principal;
    // To those who approve, all of it is shown as theirs to do.
    if rights::own_parties(principal).next().is_none() || rights::approves_requisitions(principal) {
        return Ok(None);
    }
    let in_state = |state| requisitions(visit, Wanted { state, ..Wanted::default() }, COUNTED, "");
    let [approved, reviewed, submitted] = WAITING.map(in_state);
    let (names, approved, reviewed, submitted) =
        tokio::try_join!(Names::read(visit), approved, reviewed, submitted)?;
    let found = [approved, reviewed, submitted];
    let has_more = found.iter().any(|page| !page.next_page_token.is_empty());
    let waiting: Vec<_> = found.into_iter().flat_map(|page| page.requisitions).collect();
    Ok((!waiting.is_empty()).then(|| SentView {
        count: counted(waiting.len(), has_more),
        rows: waiting.iter().take(SHOWN).map(|sent| list::row(visit, &names, sent)).collect(),
    }))
}
