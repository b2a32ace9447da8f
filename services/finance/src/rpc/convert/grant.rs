//! Grants, to and from the contract.

use platform::convert::{
    date_from_proto, date_to_proto, period_from_proto, period_to_proto, prose, text, timestamp,
};
use proto::{common::Period as PeriodMessage, finance as pb};
use values::{
    Fault, Faults, Ore, Period, Slug,
    name::{GrantName, RecipientName},
};

use super::{amount_fault, within};
use crate::domain::{
    grant::{
        Decision, DecisionFault, DecisionParts, Grant, GrantPeriod, NotInOneYear, Version,
        amend::{AmendmentFault, AmendmentParts},
    },
    import::AmendmentRow,
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
        parent_grant,
        // Output only.
        reserved_ore: _,
        requisitioned_ore: _,
        left_ore: _,
        allotted_ore: _,
        lapsed_ore: _,
        decisions: _,
        etag: _,
    } = message;
    let mut faults = Faults::new();
    let recipient = RecipientName::parse("recipient", &recipient);
    let recipient = within(federation, "recipient", recipient, |name| &name.federation);
    let parent = (!parent_grant.is_empty()).then(|| {
        let parent = GrantName::parse("parent_grant", &parent_grant);
        within(federation, "parent_grant", parent, |name| &name.federation)
    });
    let parts = DecisionParts {
        name: None,
        recipient: faults.keep(recipient),
        parent: parent.and_then(|parsed| faults.keep(parsed)),
        period: faults.keep_nested("", parse_period(period)),
        amount: faults.keep(parse_amount(amount_ore)),
        dnr: faults.keep(text("dnr", &dnr, 1, 40)),
        decision_date: faults.keep(date_from_proto("decision_date", decision_date)),
        deciding_body: faults.keep(text("deciding_body", &deciding_body, 1, 100)),
        synthetic,
    };
    (parts, faults)
}

/// What is decided anew, as it was sent.
pub(in crate::rpc) struct Amendment {
    pub(in crate::rpc) period: Option<PeriodMessage>,
    pub(in crate::rpc) amount_ore: i64,
    pub(in crate::rpc) dnr: String,
    pub(in crate::rpc) decision_date: Option<proto::Date>,
    pub(in crate::rpc) deciding_body: String,
    pub(in crate::rpc) reason: String,
}

/// Reads what is decided anew.
pub(in crate::rpc) fn parse_amendment(sent: Amendment, faults: &mut Faults) -> AmendmentParts {
    let Amendment { period, amount_ore, dnr, decision_date, deciding_body, reason } = sent;
    AmendmentParts {
        period: faults.keep_nested("", parse_period(period)),
        amount: faults.keep(parse_amount(amount_ore)),
        dnr: faults.keep(text("dnr", &dnr, 1, 40)),
        decision_date: faults.keep(date_from_proto("decision_date", decision_date)),
        deciding_body: faults.keep(text("deciding_body", &deciding_body, 1, 100)),
        reason: prose(faults, "reason", &reason, 1, 1000),
    }
}

/// Reads a later decision of an import, all but its grant.
pub(in crate::rpc) fn parse_amendment_row(message: pb::GrantAmendment) -> (AmendmentRow, Faults) {
    let pb::GrantAmendment {
        name: _, // Read by the caller, who knows what it may be.
        period,
        amount_ore,
        dnr,
        decision_date,
        deciding_body,
        reason,
    } = message;
    let mut faults = Faults::new();
    let sent = Amendment { period, amount_ore, dnr, decision_date, deciding_body, reason };
    let parts = parse_amendment(sent, &mut faults);
    (AmendmentRow { name: None, parts }, faults)
}

fn parse_period(period: Option<PeriodMessage>) -> Result<GrantPeriod, Faults> {
    let days = period_from_proto("period", period)?;
    GrantPeriod::new(days).map_err(|fault| year_fault(&fault).into())
}

fn parse_amount(amount_ore: i64) -> Result<Amount, Fault> {
    Amount::new(Ore::new(amount_ore)).map_err(|fault| amount_fault("amount_ore", fault))
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
        DecisionFault::ParentUnknown(parent) => {
            Fault::new("parent_grant", "GRANT_UNKNOWN").with("value", parent)
        }
        DecisionFault::ParentIsSubProject(parent) => {
            Fault::new("parent_grant", "GRANT_IS_SUB_PROJECT").with("value", parent)
        }
        DecisionFault::PeriodOutsideParent { period, parent_period } => {
            outside_grant(period, parent_period)
        }
        DecisionFault::DecisionDateInFuture(day) => in_future(day),
    }
}

fn in_future(day: chrono::NaiveDate) -> Fault {
    Fault::new("decision_date", "DECISION_DATE_IN_FUTURE").with("value", day)
}

/// Days that are not all within a grant's.
pub(super) fn outside_grant(period: Period, grant_period: Period) -> Fault {
    with_days(Fault::new("period", "PERIOD_OUTSIDE_GRANT"), period)
        .with("grant_first_day", grant_period.first_day())
        .with("grant_last_day", grant_period.last_day())
}

/// What is wrong with a new decision, as it is told.
pub(in crate::rpc) fn amendment_fault(fault: AmendmentFault) -> Fault {
    match fault {
        AmendmentFault::DecisionDateInFuture(day) => in_future(day),
        AmendmentFault::DecisionDateTooEarly { day, earliest } => {
            Fault::new("decision_date", "DECISION_DATE_TOO_EARLY")
                .with("value", day)
                .with("earliest", earliest)
        }
        AmendmentFault::PeriodOutsideYear { period, year } => {
            with_days(Fault::new("period", "PERIOD_OUTSIDE_YEAR"), period).with("year", year)
        }
        AmendmentFault::PeriodOutsideParent { period, parent_period } => {
            outside_grant(period, parent_period)
        }
        AmendmentFault::PeriodLeavesOut { period, held } => {
            with_days(Fault::new("period", "PERIOD_LEAVES_OUT"), period)
                .with("name", held.name)
                .with("held_first_day", held.period.first_day())
                .with("held_last_day", held.period.last_day())
        }
    }
}

/// A grant as it is sent.
pub(crate) fn render(grant: &Grant) -> pb::Grant {
    let Grant { decision, versions, balances } = grant;
    let Decision {
        name,
        recipient,
        parent,
        period,
        amount,
        dnr,
        decision_date,
        deciding_body,
        synthetic,
    } = decision;
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
        parent_grant: parent.as_ref().map(GrantName::to_string).unwrap_or_default(),
        lapsed_ore: balances.lapsed.get(),
        decisions: (1..).zip(versions).map(render_version).collect(),
        etag: grant.etag(),
    }
}

fn render_version((number, version): (i32, &Version)) -> pb::GrantDecision {
    let Version { period, amount, dnr, decision_date, deciding_body, reason, actor, recorded_at } =
        version;
    pb::GrantDecision {
        version: number,
        period: Some(period_to_proto(period.days())),
        amount_ore: amount.ore().get(),
        dnr: dnr.clone(),
        decision_date: Some(date_to_proto(*decision_date)),
        deciding_body: deciding_body.clone(),
        reason: reason.clone(),
        actor: actor.to_string(),
        record_time: Some(timestamp(*recorded_at)),
    }
}
