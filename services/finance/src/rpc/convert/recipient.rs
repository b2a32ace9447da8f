//! Recipients, to and from the contract.

use platform::convert::text;
use proto::finance as pb;
use values::{Fault, Faults, Slug, name::TeamName};

use super::{unspecified, within};
use crate::domain::recipient::{Recipient, RecipientFault, RecipientKind, RecipientParts};

/// Reads a recipient, all but its name.
pub(in crate::rpc) fn parse(federation: &Slug, message: pb::Recipient) -> (RecipientParts, Faults) {
    let pb::Recipient {
        name: _, // Read by the caller, who knows what it may be.
        display_name,
        kind,
        team,
    } = message;
    let mut faults = Faults::new();
    let parts = RecipientParts {
        name: None,
        display_name: faults.keep(text("display_name", &display_name, 1, 200)),
        kind: faults.keep(parse_kind(federation, kind, &team)),
    };
    (parts, faults)
}

fn parse_kind(federation: &Slug, kind: i32, team: &str) -> Result<RecipientKind, Fault> {
    match pb::RecipientKind::try_from(kind) {
        Ok(pb::RecipientKind::Team) if team.is_empty() => Err(Fault::new("team", "TEAM_MISSING")),
        Ok(pb::RecipientKind::Team) => {
            let parsed = TeamName::parse("team", team);
            within(federation, "team", parsed, |name| &name.federation).map(RecipientKind::Team)
        }
        Ok(pb::RecipientKind::Resource) if team.is_empty() => Ok(RecipientKind::Resource),
        Ok(pb::RecipientKind::Resource) => Err(Fault::new("team", "TEAM_NOT_ALLOWED")),
        Ok(pb::RecipientKind::Unspecified) | Err(_) => Err(unspecified("kind")),
    }
}

/// What is wrong with a recipient, as it is told.
pub(in crate::rpc) fn fault(fault: RecipientFault) -> Fault {
    match fault {
        RecipientFault::TeamUnknown(team) => Fault::new("team", "TEAM_UNKNOWN").with("value", team),
    }
}

/// A recipient as it is sent.
pub(crate) fn render(recipient: &Recipient) -> pb::Recipient {
    let Recipient { name, display_name, kind } = recipient;
    let (kind, team) = match kind {
        RecipientKind::Team(team) => (pb::RecipientKind::Team, team.to_string()),
        RecipientKind::Resource => (pb::RecipientKind::Resource, String::new()),
    };
    pb::Recipient {
        name: name.to_string(),
        display_name: display_name.clone(),
        kind: kind.into(),
        team,
    }
}
