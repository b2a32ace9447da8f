//! Retentions and disposals, in both directions.

use platform::convert::{date_to_proto, text, timestamp};
use proto::participant as pb;
use values::{Faults, Slug, name::PartyName};

use super::within;
use crate::domain::{
    case::Recorded,
    disposal::{Due, Kept, Retention},
};

/// Reads a retention of a federation.
pub(in crate::rpc) fn retention(
    federation: &Slug,
    sent: pb::Retention,
) -> Result<Retention, Faults> {
    let pb::Retention { party, months, decision } = sent;
    let mut faults = Faults::new();
    let party = PartyName::parse("party", &party);
    let party = faults.keep(within(federation, "party", party, |name| &name.federation));
    let kept = faults.keep(Kept::new("months", months));
    let decision = faults.keep(text("decision", &decision, 1, 200));
    faults.into_result(|| Some(Retention { party: party?, kept: kept?, decision: decision? }))
}

/// A retention as it is answered and recorded.
pub(in crate::rpc) fn render_retention(retention: &Retention) -> pb::Retention {
    let Retention { party, kept, decision } = retention;
    pb::Retention { party: party.to_string(), months: kept.months(), decision: decision.clone() }
}

/// A disposal as it is recorded, with the names of all that lead nowhere.
pub(in crate::rpc) fn render_disposal(
    (name, party): (String, &PartyName),
    due: &Due,
    (open, withheld): (Vec<String>, Vec<String>),
    (recorded, reason): (&Recorded, &str),
) -> pb::Disposal {
    pb::Disposal {
        name,
        party: party.to_string(),
        participants: open,
        ended_by: Some(date_to_proto(due.ended_by)),
        time: Some(timestamp(recorded.time)),
        actor: recorded.actor.to_string(),
        reason: reason.to_owned(),
        has_more: due.has_more,
        protected_participants: i32::try_from(withheld.len()).unwrap_or(i32::MAX),
        withheld_participants: withheld,
        cause: pb::DisposalCause::TimeOver.into(),
        protected_cases: 0,
    }
}

/// What is recorded when cases go because their person has protected identity.
pub(in crate::rpc) fn render_protected(
    (name, party): (String, &PartyName),
    cases: usize,
    recorded: &Recorded,
) -> pb::Disposal {
    pb::Disposal {
        name,
        party: party.to_string(),
        time: Some(timestamp(recorded.time)),
        actor: recorded.actor.to_string(),
        cause: pb::DisposalCause::ProtectedIdentity.into(),
        protected_cases: i32::try_from(cases).unwrap_or(i32::MAX),
        ..pb::Disposal::default()
    }
}

/// A disposal as it is answered: without those with protected identity. Those that were
/// recorded before there were causes are of people whose time was over.
pub(in crate::rpc) fn answered(mut recorded: pb::Disposal) -> pb::Disposal {
    if recorded.cause() == pb::DisposalCause::Unspecified {
        recorded.set_cause(pb::DisposalCause::TimeOver);
    }
    pb::Disposal { withheld_participants: Vec::new(), ..recorded }
}
