//! The members of the federation.

use proto::organisation::{Party, PartyKind};
use values::name::PartyName;

use super::{Collection, Kind};
use crate::import::{Section, fields::Fields};

/// Parties, by id.
pub(in crate::import) const PARTIES: Collection =
    Collection { path: PartyName::COLLECTION, noun: "PARTY" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "parties",
    section: Section::Organisation,
    columns: &["party", "display_name", "organisation_number", "kind"],
    optional_columns: &["synthetic"],
    key: "party",
    defines: Some(PARTIES),
    needs: None,
    read: |table, desk, requests| {
        requests.organisation.parties = desk.each(table, "parties", party);
    },
};

const PARTY_KINDS: &[(&str, i32)] = &[
    ("state_agency", PartyKind::StateAgency as i32),
    ("region", PartyKind::Region as i32),
    ("municipality", PartyKind::Municipality as i32),
];

fn party(fields: &mut Fields<'_>) -> Party {
    Party {
        name: fields.own_name(PARTIES),
        display_name: fields.text("display_name"),
        organisation_number: fields.text("organisation_number"),
        kind: fields.code("kind", PARTY_KINDS),
        synthetic: fields.synthetic(),
    }
}
