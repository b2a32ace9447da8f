//! Cost lines, to and from the contract: those of a requisition, of a correction,
//! whose amounts are below zero there, and of a recovery.

use platform::convert::prose;
use proto::finance as pb;
use values::{Fault, Faults, Ore};

use super::{amount_fault, unspecified};
use crate::domain::{
    cost_line::{CostKind, CostLine, CostLineFault, CostLines, CostLinesFault, MOST_LINES},
    requisition::TooLarge,
};

/// Reads the lines.
pub(super) fn parse(messages: Vec<pb::CostLine>, is_correction: bool) -> Result<CostLines, Faults> {
    if messages.len() > MOST_LINES {
        return Err(lines_fault(CostLinesFault::TooMany(messages.len())).into());
    }
    let mut faults = Faults::new();
    let mut lines = Vec::with_capacity(messages.len());
    for (index, message) in messages.into_iter().enumerate() {
        let line = parse_line(message, is_correction);
        lines.extend(faults.keep_nested(&format!("cost_lines[{index}]"), line));
    }
    faults.into_result(|| Some(()))?;
    Ok(CostLines::new(lines).map_err(lines_fault)?)
}

fn parse_line(message: pb::CostLine, is_correction: bool) -> Result<CostLine, Faults> {
    let pb::CostLine { kind, description, fte_percent, amount_ore } = message;
    let mut faults = Faults::new();
    let description = prose(&mut faults, "description", &description, 0, 200);
    let kind = parse_kind(kind);
    if kind.is_none() {
        faults.push(unspecified("kind"));
    }
    // Without a kind the amount is looked at all the same.
    let fte_percent = if kind.is_some() { fte_percent } else { 0 };
    let takes_back = amount_ore < 0;
    if is_correction && !takes_back {
        faults.push(Fault::new("amount_ore", "CORRECTION_UNBALANCED").with("value", amount_ore));
    }
    let amount = match (is_correction, takes_back) {
        (true, true) => Ore::new(amount_ore.saturating_neg()),
        // Told above.
        (true, false) => Ore::new(1),
        (false, _) => Ore::new(amount_ore),
    };
    let line = CostLine::new(
        kind.unwrap_or(CostKind::Other),
        description.unwrap_or_default(),
        fte_percent,
        amount,
    );
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

/// Reads the kind of cost that something is about; none when it is about all.
pub(super) fn kind_filter(kind: i32) -> Result<Option<CostKind>, Fault> {
    match pb::CostKind::try_from(kind) {
        Ok(pb::CostKind::Unspecified) => Ok(None),
        Ok(_) | Err(_) => parse_kind(kind).map(Some).ok_or_else(|| unspecified("cost_kind")),
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

/// A line as it is sent, with its amount.
pub(super) fn render(line: &CostLine, amount: Ore) -> pb::CostLine {
    pb::CostLine {
        kind: render_kind(line.kind()).into(),
        description: line.description().to_owned(),
        fte_percent: line.fte_percent(),
        amount_ore: amount.get(),
    }
}

/// More of a kind is to be taken back than what stands: told at the kind's first line,
/// with what is possible of every kind.
pub(super) fn too_large_fault(reason: &'static str, too_large: &TooLarge) -> Fault {
    let TooLarge { line, kind, asked, possible } = too_large;
    let possible_of_it = possible.get(kind).copied().unwrap_or(Ore::ZERO);
    let fault = Fault::new(format!("cost_lines[{line}].amount_ore"), reason)
        .with("kind", kind.code())
        .with("asked_ore", asked)
        .with("possible_ore", possible_of_it);
    possible.iter().fold(fault, |fault, (kind, ore)| fault.with(fact_of(*kind), ore))
}

const fn fact_of(kind: CostKind) -> &'static str {
    match kind {
        CostKind::Staff => "staff_ore",
        CostKind::Premises => "premises_ore",
        CostKind::Activities => "activities_ore",
        CostKind::Training => "training_ore",
        CostKind::Overhead => "overhead_ore",
        CostKind::Other => "other_ore",
    }
}
