//! Areas that group municipalities.

use proto::organisation::Area;
use values::name::AreaName;

use super::{Collection, Kind};
use crate::import::{Section, fields::Fields};

/// Areas, by id.
pub(in crate::import) const AREAS: Collection =
    Collection { path: AreaName::COLLECTION, noun: "AREA" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "areas",
    section: Section::Organisation,
    columns: &["area", "display_name"],
    optional_columns: &[],
    key: "area",
    defines: Some(AREAS),
    needs: None,
    read: |table, desk, requests| {
        requests.organisation.areas = desk.each(table, "areas", area);
    },
};

fn area(fields: &mut Fields<'_>) -> Area {
    Area { name: fields.own_name(AREAS), display_name: fields.text("display_name") }
}
