//! Decisions of the board, to and from the contract.

use platform::convert::{date_from_proto, text};
use proto::finance as pb;
use values::{Fault, Faults};

use super::field::render_day;
use crate::domain::board_decision::{BoardDecision, BoardDecisionParts, InFuture};

/// Reads a decision that must be there.
pub(in crate::rpc) fn parse(decision: Option<pb::Decision>) -> (BoardDecisionParts, Faults) {
    match decision {
        Some(pb::Decision { dnr, decision_date, deciding_body }) => {
            parse_fields(&dnr, decision_date, &deciding_body)
        }
        None => (BoardDecisionParts::default(), Fault::new("", "FIELD_MISSING").into()),
    }
}

/// Reads the fields of a decision, where they stand among others.
pub(in crate::rpc) fn parse_fields(
    dnr: &str,
    decision_date: Option<proto::Date>,
    deciding_body: &str,
) -> (BoardDecisionParts, Faults) {
    let mut faults = Faults::new();
    let parts = BoardDecisionParts {
        dnr: faults.keep(text("dnr", dnr, 1, 40)),
        decision_date: faults.keep(date_from_proto("decision_date", decision_date)),
        deciding_body: faults.keep(text("deciding_body", deciding_body, 1, 100)),
    };
    (parts, faults)
}

/// A decision that cannot have been taken yet, as it is told.
pub(in crate::rpc) fn fault(InFuture(day): InFuture) -> Fault {
    Fault::new("decision_date", "DECISION_DATE_IN_FUTURE").with("value", day)
}

/// A decision as it is sent.
pub(in crate::rpc) fn render(decision: &BoardDecision) -> pb::Decision {
    let BoardDecision { dnr, decision_date, deciding_body } = decision;
    pb::Decision {
        dnr: dnr.clone(),
        decision_date: render_day(*decision_date),
        deciding_body: deciding_body.clone(),
    }
}
