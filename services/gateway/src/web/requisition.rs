//! Requisitions: the list, one of them with its steps, files and corrections,
//! and the form of its content. What they have in common stands here.

use proto::finance::{CostKind, RequisitionState};

mod around;
pub(crate) mod attachment;
pub(crate) mod content;
pub(crate) mod detail;
pub(crate) mod draft;
pub(crate) mod list;
mod offer;
pub(crate) mod step;

use super::{format, layout::Visit};
use crate::text::{self, Language};

/// Every kind of cost a line may have, in the order it is offered.
pub(crate) const COST_KINDS: [CostKind; 6] = [
    CostKind::Staff,
    CostKind::Premises,
    CostKind::Activities,
    CostKind::Training,
    CostKind::Overhead,
    CostKind::Other,
];

/// Every state, in the order of a requisition's way.
pub(crate) const STATES: [RequisitionState; 8] = [
    RequisitionState::Draft,
    RequisitionState::Submitted,
    RequisitionState::Returned,
    RequisitionState::Reviewed,
    RequisitionState::Approved,
    RequisitionState::Paid,
    RequisitionState::Rejected,
    RequisitionState::Withdrawn,
];

/// A state as it is shown: a word, and a colour that says nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateView {
    /// The word.
    pub text: String,
    /// The design system's colour.
    pub color: &'static str,
}

impl StateView {
    /// Makes a state ready to be shown.
    #[must_use]
    pub(crate) fn of(language: Language, state: RequisitionState) -> Self {
        let color = match state {
            RequisitionState::Unspecified
            | RequisitionState::Draft
            | RequisitionState::Withdrawn => "neutral",
            RequisitionState::Submitted | RequisitionState::Reviewed => "info",
            RequisitionState::Returned => "warning",
            RequisitionState::Approved | RequisitionState::Paid => "success",
            RequisitionState::Rejected => "danger",
        };
        Self { text: text::message(language, state_text_id(state), &[]), color }
    }
}

/// A step that was taken, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StepView {
    /// Where it led.
    pub state: StateView,
    /// Who took it.
    pub actor: String,
    /// The day.
    pub day: String,
    /// The instant, for machines.
    pub machine_time: String,
    /// Why.
    pub comment: String,
}

impl StepView {
    /// Makes a step ready to be shown.
    pub(crate) async fn of(
        visit: &Visit,
        state: StateView,
        actor: &str,
        time: Option<&prost_types::Timestamp>,
        comment: &str,
    ) -> Self {
        let time = time.and_then(platform::convert::instant);
        Self {
            state,
            actor: visit.state.display_name(actor).await,
            day: format::day(time),
            machine_time: format::machine_time(time),
            comment: comment.to_owned(),
        }
    }
}

/// The id of a state's word.
#[must_use]
pub(crate) fn state_text_id(state: RequisitionState) -> &'static str {
    match state {
        RequisitionState::Unspecified => "requisition-state-unknown",
        RequisitionState::Draft => "requisition-state-draft",
        RequisitionState::Submitted => "requisition-state-submitted",
        RequisitionState::Returned => "requisition-state-returned",
        RequisitionState::Reviewed => "requisition-state-reviewed",
        RequisitionState::Approved => "requisition-state-approved",
        RequisitionState::Paid => "requisition-state-paid",
        RequisitionState::Rejected => "requisition-state-rejected",
        RequisitionState::Withdrawn => "requisition-state-withdrawn",
    }
}

/// The code a state is filtered by in an address: `submitted`.
#[must_use]
pub(crate) fn state_code(state: RequisitionState) -> &'static str {
    match state {
        RequisitionState::Unspecified => "",
        RequisitionState::Draft => "draft",
        RequisitionState::Submitted => "submitted",
        RequisitionState::Returned => "returned",
        RequisitionState::Reviewed => "reviewed",
        RequisitionState::Approved => "approved",
        RequisitionState::Paid => "paid",
        RequisitionState::Rejected => "rejected",
        RequisitionState::Withdrawn => "withdrawn",
    }
}

/// The id of a cost kind's words.
#[must_use]
pub(crate) fn cost_kind_text_id(kind: CostKind) -> &'static str {
    match kind {
        CostKind::Unspecified => "cost-kind-unknown",
        CostKind::Staff => "cost-kind-staff",
        CostKind::Premises => "cost-kind-premises",
        CostKind::Activities => "cost-kind-activities",
        CostKind::Training => "cost-kind-training",
        CostKind::Overhead => "cost-kind-overhead",
        CostKind::Other => "cost-kind-other",
    }
}

/// The code a cost kind has in the form: `staff`.
#[must_use]
pub(crate) fn cost_kind_code(kind: CostKind) -> &'static str {
    match kind {
        CostKind::Unspecified => "",
        CostKind::Staff => "staff",
        CostKind::Premises => "premises",
        CostKind::Activities => "activities",
        CostKind::Training => "training",
        CostKind::Overhead => "overhead",
        CostKind::Other => "other",
    }
}
