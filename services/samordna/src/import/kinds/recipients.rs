//! Who money is granted to.

use proto::finance::{Recipient, RecipientKind};
use values::name::RecipientName;

use super::{Collection, Kind, teams::TEAMS};
use crate::import::{Section, fields::Fields};

/// Recipients, by id.
pub(in crate::import) const RECIPIENTS: Collection =
    Collection { path: RecipientName::COLLECTION, noun: "RECIPIENT" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "recipients",
    section: Section::Finance,
    columns: &["recipient", "display_name", "kind", "team"],
    optional_columns: &[],
    key: "recipient",
    defines: Some(RECIPIENTS),
    needs: None,
    read: |table, desk, requests| {
        requests.finance.recipients = desk.each(table, "recipients", recipient);
    },
};

const RECIPIENT_KINDS: &[(&str, i32)] =
    &[("team", RecipientKind::Team as i32), ("resource", RecipientKind::Resource as i32)];

fn recipient(fields: &mut Fields<'_>) -> Recipient {
    Recipient {
        name: fields.own_name(RECIPIENTS),
        display_name: fields.text("display_name"),
        kind: fields.code("kind", RECIPIENT_KINDS),
        team: fields.optional_reference("team", "team", TEAMS),
    }
}
