//! Recoveries, to and from the contract.

use platform::convert::{date_to_proto, prose, text, timestamp};
use proto::finance as pb;
use values::{Fault, Faults, Slug, name::RequisitionName};

use super::{cost_line, unspecified, within};
use crate::domain::{
    recovery::{Proposal, Recovery, RecoveryFault, RecoveryParts, State, Step},
    requisition::TooLarge,
};

/// Reads a recovery, all but its name.
pub(in crate::rpc) fn parse(federation: &Slug, message: pb::Recovery) -> (RecoveryParts, Faults) {
    let pb::Recovery {
        name: _, // Read by the caller, who knows what it may be.
        requisition,
        cost_lines,
        reason,
        dnr,
        // Output only.
        party: _,
        amount_ore: _,
        state: _,
        steps: _,
        settlement_date: _,
        bank_reference: _,
        etag: _,
    } = message;
    let mut faults = Faults::new();
    let requisition = RequisitionName::parse("requisition", &requisition);
    let requisition = within(federation, "requisition", requisition, |name| &name.federation);
    let parts = RecoveryParts {
        name: None,
        requisition: faults.keep(requisition),
        cost_lines: faults.keep_nested("", cost_line::parse(cost_lines, false)),
        reason: prose(&mut faults, "reason", &reason, 1, 1000),
        dnr: faults.keep(text("dnr", &dnr, 1, 40)),
    };
    (parts, faults)
}

/// Reads the state a list is narrowed to; none when it is not.
pub(in crate::rpc) fn parse_state_filter(state: i32) -> Result<Option<State>, Fault> {
    match pb::RecoveryState::try_from(state) {
        Ok(pb::RecoveryState::Unspecified) => Ok(None),
        Ok(pb::RecoveryState::Proposed) => Ok(Some(State::Proposed)),
        Ok(pb::RecoveryState::Decided) => Ok(Some(State::Decided)),
        Ok(pb::RecoveryState::Settled) => Ok(Some(State::Settled)),
        Ok(pb::RecoveryState::Cancelled) => Ok(Some(State::Cancelled)),
        Err(_) => Err(unspecified("state")),
    }
}

/// What is wrong with a recovery, as it is told.
pub(in crate::rpc) fn fault(fault: RecoveryFault) -> Fault {
    match fault {
        RecoveryFault::RequisitionUnknown(name) => {
            Fault::new("requisition", "REQUISITION_UNKNOWN").with("value", name)
        }
        RecoveryFault::KindTwice { line, kind } => {
            Fault::new(format!("cost_lines[{line}].kind"), "COST_KIND_TWICE")
                .with("kind", kind.code())
        }
    }
}

/// More is to be recovered than what stands.
pub(in crate::rpc) fn too_large(too_large: &TooLarge) -> Fault {
    cost_line::too_large_fault("RECOVERY_TOO_LARGE", too_large)
}

/// A recovery as it is sent.
pub(crate) fn render(recovery: &Recovery) -> pb::Recovery {
    let Proposal { name, requisition, party, cost_lines, reason, dnr } = recovery.proposal();
    let settlement = recovery.settlement();
    let lines = cost_lines.as_slice().iter();
    pb::Recovery {
        name: name.to_string(),
        requisition: requisition.to_string(),
        party: party.to_string(),
        cost_lines: lines.map(|line| cost_line::render(line, line.amount().ore())).collect(),
        reason: reason.clone(),
        dnr: dnr.clone(),
        amount_ore: cost_lines.total().ore().get(),
        state: render_state(recovery.state()).into(),
        steps: recovery.steps().iter().map(render_step).collect(),
        settlement_date: settlement.map(|paid| date_to_proto(paid.day)),
        bank_reference: settlement.map(|paid| paid.bank_reference.clone()).unwrap_or_default(),
        etag: recovery.etag(),
    }
}

fn render_step(step: &Step) -> pb::RecoveryStep {
    let Step { state, actor, time, comment } = step;
    pb::RecoveryStep {
        state: render_state(*state).into(),
        actor: actor.to_string(),
        time: Some(timestamp(*time)),
        comment: comment.clone(),
    }
}

fn render_state(state: State) -> pb::RecoveryState {
    match state {
        State::Proposed => pb::RecoveryState::Proposed,
        State::Decided => pb::RecoveryState::Decided,
        State::Settled => pb::RecoveryState::Settled,
        State::Cancelled => pb::RecoveryState::Cancelled,
    }
}
