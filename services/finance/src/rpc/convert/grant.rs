//! Grants, to and from the contract.

use platform::convert::{date_from_proto, date_to_proto, period_from_proto, period_to_proto, text};
use proto::finance as pb;
use values::{Fault, Faults, Ore, Period, Slug, name::RecipientName};

use super::{amount_fault, within};
use crate::domain::{
    grant::{Decision, DecisionFault, DecisionParts, Grant, GrantPeriod, NotInOneYear},
    ledger::Amount,
};

/// Reads a grant, all but its name.
pub(in crate::rpc) fn parse(federation: &Slug, message: pb::Grant) -> (DecisionParts, Faults) {
    let pb::Grant {
        name: _, // Read by the caller, who knows what it may be.
        recipient,
        period,
        amount_ore,
        dnr,
        decision_date,
        deciding_body,
        synthetic,
        // Output only.
        reserved_ore: _,
        requisitioned_ore: _,
        left_ore: _,
        ..
    } = message;
    let mut faults = Faults::new();
    let recipient = RecipientName::parse("recipient", &recipient);
    let recipient = within(federation, "recipient", recipient, |name| &name.federation);
    let period = period_from_proto("period", period)
        .and_then(|days| GrantPeriod::new(days).map_err(|fault| year_fault(&fault).into()));
    let amount = Amount::new(Ore::new(amount_ore));
    let parts = DecisionParts {
        name: None,
        recipient: faults.keep(recipient),
        period: faults.keep_nested("", period),
        amount: faults.keep(amount.map_err(|fault| amount_fault("amount_ore", fault))),
        dnr: faults.keep(text("dnr", &dnr, 1, 40)),
        decision_date: faults.keep(date_from_proto("decision_date", decision_date)),
        deciding_body: faults.keep(text("deciding_body", &deciding_body, 1, 100)),
        synthetic,
    };
    (parts, faults)
}

fn year_fault(fault: &NotInOneYear) -> Fault {
    with_days(Fault::new("period", "PERIOD_NOT_IN_ONE_YEAR"), fault.0)
}

/// A fault with the first and the last day of a period.
pub(super) fn with_days(fault: Fault, period: Period) -> Fault {
    fault.with("first_day", period.first_day()).with("last_day", period.last_day())
}

/// What is wrong with a decision, as it is told.
pub(in crate::rpc) fn fault(fault: DecisionFault) -> Fault {
    match fault {
        DecisionFault::RecipientUnknown(recipient) => {
            Fault::new("recipient", "RECIPIENT_UNKNOWN").with("value", recipient)
        }
        DecisionFault::DecisionDateInFuture(day) => {
            Fault::new("decision_date", "DECISION_DATE_IN_FUTURE").with("value", day)
        }
    }
}

/// A grant as it is sent.
pub(crate) fn render(grant: &Grant) -> pb::Grant {
    let Grant { decision, balances } = grant;
    let Decision { name, recipient, period, amount, dnr, decision_date, deciding_body, synthetic } =
        decision;
    pb::Grant {
        name: name.to_string(),
        recipient: recipient.to_string(),
        period: Some(period_to_proto(period.days())),
        amount_ore: amount.ore().get(),
        dnr: dnr.clone(),
        decision_date: Some(date_to_proto(*decision_date)),
        deciding_body: deciding_body.clone(),
        synthetic: *synthetic,
        reserved_ore: balances.reserved.get(),
        requisitioned_ore: balances.requisitioned.get(),
        left_ore: balances.left.get(),
        allotted_ore: balances.allotted.get(),
        lapsed_ore: balances.lapsed.get(),
        ..Default::default()
    }
}
