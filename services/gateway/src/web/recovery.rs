//! Recoveries: money claimed back from a party. The list, one of them with its
//! steps, and the form that proposes one.

use proto::finance::RecoveryState;

pub(crate) mod detail;
pub(crate) mod list;
pub(crate) mod propose;

use super::requisition::StateView;
use crate::text::{self, Language};

/// A state as it is shown.
#[must_use]
pub(crate) fn state_view(language: Language, state: RecoveryState) -> StateView {
    let (color, id) = match state {
        RecoveryState::Unspecified => ("neutral", "recovery-state-unknown"),
        RecoveryState::Proposed => ("info", "recovery-state-proposed"),
        RecoveryState::Decided => ("warning", "recovery-state-decided"),
        RecoveryState::Settled => ("success", "recovery-state-settled"),
        RecoveryState::Cancelled => ("neutral", "recovery-state-cancelled"),
    };
    StateView { text: text::message(language, id, &[]), color }
}
