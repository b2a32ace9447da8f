//! Requisitions, to and from the contract.

use platform::convert::{period_from_proto, period_to_proto, text, timestamp};
use proto::finance as pb;
use values::{
    Fault, Faults, Ore, Slug,
    name::{GrantName, PartyName},
};

use super::{amount_fault, grant::outside_grant, unspecified, within};
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLineFault, CostLines, CostLinesFault, MOST_LINES},
    requisition::{Claim, ClaimFault, ClaimParts, Requisition, State, Step},
};

/// Reads a requisition, all but its name.
pub(in crate::rpc) fn parse(federation: &Slug, message: pb::Requisition) -> (ClaimParts, Faults) {
    let pb::Requisition {
        name: _, // Read by the caller, who knows what it may be.
        grant,
        party,
        period,
        cost_lines,
        payment_reference,
        synthetic,
        // Output only.
        amount_ore: _,
        state: _,
        steps: _,
        etag: _,
        ..
    } = message;
    let mut faults = Faults::new();
    let grant = GrantName::parse("grant", &grant);
    let party = PartyName::parse("party", &party);
    let grant = within(federation, "grant", grant, |name| &name.federation);
    let party = within(federation, "party", party, |name| &name.federation);
    let parts = ClaimParts {
        name: None,
        grant: faults.keep(grant),
        party: faults.keep(party),
        period: faults.keep_nested("", period_from_proto("period", period)),
        cost_lines: faults.keep_nested("", parse_lines(cost_lines)),
        payment_reference: faults.keep(text("payment_reference", &payment_reference, 0, 100)),
        synthetic,
    };
    (parts, faults)
}

fn parse_lines(messages: Vec<pb::CostLine>) -> Result<CostLines, Faults> {
    if messages.len() > MOST_LINES {
        return Err(lines_fault(CostLinesFault::TooMany(messages.len())).into());
    }
    let mut faults = Faults::new();
    let mut lines = Vec::with_capacity(messages.len());
    for (index, message) in messages.into_iter().enumerate() {
        lines.extend(faults.keep_nested(&format!("cost_lines[{index}]"), parse_line(message)));
    }
    faults.into_result(|| Some(()))?;
    Ok(CostLines::new(lines).map_err(lines_fault)?)
}

fn parse_line(message: pb::CostLine) -> Result<CostLine, Faults> {
    let pb::CostLine { kind, description, fte_percent, amount_ore } = message;
    let mut faults = Faults::new();
    let description = faults.keep(text("description", &description, 0, 200));
    let kind = parse_kind(kind);
    // Without a kind the amount is looked at all the same.
    let fte_percent = if kind.is_some() { fte_percent } else { 0 };
    let line = CostLine::new(
        kind.unwrap_or(CostKind::Other),
        description.unwrap_or_default(),
        fte_percent,
        Ore::new(amount_ore),
    );
    if kind.is_none() {
        faults.push(unspecified("kind"));
    }
    let line =
        line.map_err(|found| found.into_iter().for_each(|fault| faults.push(line_fault(fault))));
    faults.into_result(|| line.ok())
}

/// Reads a kind of cost.
pub(in crate::rpc) fn parse_kind(kind: i32) -> Option<CostKind> {
    match pb::CostKind::try_from(kind) {
        Ok(pb::CostKind::Staff) => Some(CostKind::Staff),
        Ok(pb::CostKind::Premises) => Some(CostKind::Premises),
        Ok(pb::CostKind::Activities) => Some(CostKind::Activities),
        Ok(pb::CostKind::Training) => Some(CostKind::Training),
        Ok(pb::CostKind::Overhead) => Some(CostKind::Overhead),
        Ok(pb::CostKind::Other) => Some(CostKind::Other),
        Ok(pb::CostKind::Unspecified) | Err(_) => None,
    }
}

fn line_fault(fault: CostLineFault) -> Fault {
    match fault {
        CostLineFault::FtePercentOutOfRange(percent) => {
            Fault::new("fte_percent", "FTE_PERCENT_OUT_OF_RANGE").with("value", percent)
        }
        CostLineFault::FtePercentNotAllowed => Fault::new("fte_percent", "FTE_PERCENT_NOT_ALLOWED"),
        CostLineFault::Amount(fault) => amount_fault("amount_ore", fault),
    }
}

fn lines_fault(fault: CostLinesFault) -> Fault {
    match fault {
        CostLinesFault::Missing => Fault::new("cost_lines", "COST_LINES_MISSING"),
        CostLinesFault::TooMany(count) => Fault::new("cost_lines", "COST_LINES_TOO_MANY")
            .with("count", count)
            .with("limit", MOST_LINES),
        CostLinesFault::TotalTooLarge(total) => {
            Fault::new("cost_lines", "AMOUNT_TOO_LARGE").with("value", total)
        }
    }
}

/// Reads the state a list is narrowed to; none when it is not.
pub(in crate::rpc) fn parse_state_filter(state: i32) -> Result<Option<State>, Fault> {
    match pb::RequisitionState::try_from(state) {
        Ok(pb::RequisitionState::Unspecified) => Ok(None),
        Ok(pb::RequisitionState::Draft) => Ok(Some(State::Draft)),
        Ok(pb::RequisitionState::Submitted) => Ok(Some(State::Submitted)),
        Ok(pb::RequisitionState::Returned) => Ok(Some(State::Returned)),
        Ok(pb::RequisitionState::Reviewed) => Ok(Some(State::Reviewed)),
        Ok(pb::RequisitionState::Approved) => Ok(Some(State::Approved)),
        Ok(pb::RequisitionState::Paid) => Ok(Some(State::Paid)),
        Ok(pb::RequisitionState::Rejected) => Ok(Some(State::Rejected)),
        Ok(pb::RequisitionState::Withdrawn) => Ok(Some(State::Withdrawn)),
        Err(_) => Err(unspecified("state")),
    }
}

/// What is wrong with a claim, as it is told.
pub(in crate::rpc) fn fault(fault: ClaimFault) -> Fault {
    match fault {
        ClaimFault::PartyUnknown(party) => {
            Fault::new("party", "PARTY_UNKNOWN").with("value", party)
        }
        ClaimFault::GrantUnknown(grant) => {
            Fault::new("grant", "GRANT_UNKNOWN").with("value", grant)
        }
        ClaimFault::PeriodOutsideGrant { period, grant_period } => {
            outside_grant(period, grant_period)
        }
        ClaimFault::ClaimedBefore { line, requisition, kind } => {
            Fault::new(format!("cost_lines[{line}].kind"), "COST_CLAIMED_BEFORE")
                .with("requisition", requisition)
                .with("kind", kind.code())
        }
    }
}

/// A requisition as it is sent.
pub(crate) fn render(requisition: &Requisition) -> pb::Requisition {
    let Claim { name, grant, party, period, cost_lines, payment_reference, synthetic } =
        requisition.claim();
    pb::Requisition {
        name: name.to_string(),
        grant: grant.to_string(),
        party: party.to_string(),
        period: Some(period_to_proto(*period)),
        cost_lines: cost_lines.as_slice().iter().map(render_line).collect(),
        payment_reference: payment_reference.clone(),
        synthetic: *synthetic,
        amount_ore: cost_lines.total().ore().get(),
        state: render_state(requisition.state()).into(),
        steps: requisition.steps().iter().map(render_step).collect(),
        etag: requisition.etag(),
        ..Default::default()
    }
}

/// A kind of cost as it is sent.
pub(in crate::rpc) fn render_kind(kind: CostKind) -> pb::CostKind {
    match kind {
        CostKind::Staff => pb::CostKind::Staff,
        CostKind::Premises => pb::CostKind::Premises,
        CostKind::Activities => pb::CostKind::Activities,
        CostKind::Training => pb::CostKind::Training,
        CostKind::Overhead => pb::CostKind::Overhead,
        CostKind::Other => pb::CostKind::Other,
    }
}

fn render_line(line: &CostLine) -> pb::CostLine {
    pb::CostLine {
        kind: render_kind(line.kind()).into(),
        description: line.description().to_owned(),
        fte_percent: line.fte_percent(),
        amount_ore: line.amount().ore().get(),
    }
}

fn render_step(step: &Step) -> pb::RequisitionStep {
    let Step { state, actor, time, comment } = step;
    pb::RequisitionStep {
        state: render_state(*state).into(),
        actor: actor.to_string(),
        time: Some(timestamp(*time)),
        comment: comment.clone(),
    }
}

fn render_state(state: State) -> pb::RequisitionState {
    match state {
        State::Draft => pb::RequisitionState::Draft,
        State::Submitted => pb::RequisitionState::Submitted,
        State::Returned => pb::RequisitionState::Returned,
        State::Reviewed => pb::RequisitionState::Reviewed,
        State::Approved => pb::RequisitionState::Approved,
        State::Paid => pb::RequisitionState::Paid,
        State::Rejected => pb::RequisitionState::Rejected,
        State::Withdrawn => pb::RequisitionState::Withdrawn,
    }
}
