//! Municipalities, by Statistics Sweden's code.

use proto::organisation::Municipality;
use values::name::MunicipalityName;

use super::{Collection, Kind, areas::AREAS, parties::PARTIES};
use crate::import::{Section, fields::Fields};

/// Municipalities, by code.
pub(in crate::import) const MUNICIPALITIES: Collection =
    Collection { path: MunicipalityName::COLLECTION, noun: "MUNICIPALITY" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "municipalities",
    section: Section::Organisation,
    columns: &["scb_code", "display_name"],
    optional_columns: &["area", "party"],
    key: "scb_code",
    defines: Some(MUNICIPALITIES),
    needs: None,
    read: |table, desk, requests| {
        requests.organisation.municipalities = desk.each(table, "municipalities", municipality);
    },
};

fn municipality(fields: &mut Fields<'_>) -> Municipality {
    Municipality {
        name: fields.own_name(MUNICIPALITIES),
        scb_code: fields.text("scb_code"),
        display_name: fields.text("display_name"),
        area: fields.optional_reference("area", "area", AREAS),
        party: fields.optional_reference("party", "party", PARTIES),
    }
}
