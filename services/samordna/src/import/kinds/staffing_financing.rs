//! Who pays for how many posts, and where.

use proto::finance::StaffingFinancing;
use values::name::StaffingFinancingName;

use super::{Collection, Kind, municipalities::MUNICIPALITIES};
use crate::import::{Section, fields::Fields};

/// Staffing, by id.
pub(in crate::import) const STAFFING_FINANCINGS: Collection =
    Collection { path: StaffingFinancingName::COLLECTION, noun: "STAFFING" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "staffing-financing",
    section: Section::Finance,
    columns: &[
        "staffing",
        "municipality",
        "title",
        "first_day",
        "last_day",
        "paid_by_municipality_fte_percent",
        "paid_by_federation_fte_percent",
    ],
    optional_columns: &["synthetic"],
    key: "staffing",
    defines: Some(STAFFING_FINANCINGS),
    needs: None,
    read: |table, desk, requests| {
        requests.finance.staffing_financings =
            desk.each(table, "staffing_financings", staffing_financing);
    },
};

fn staffing_financing(fields: &mut Fields<'_>) -> StaffingFinancing {
    StaffingFinancing {
        name: fields.own_name(STAFFING_FINANCINGS),
        municipality: fields.optional_reference("municipality", "municipality", MUNICIPALITIES),
        title: fields.text("title"),
        first_day: fields.date("first_day"),
        last_day: fields.optional_date("last_day"),
        paid_by_municipality_fte_percent: fields
            .optional_percent("paid_by_municipality_fte_percent"),
        paid_by_federation_fte_percent: fields.optional_percent("paid_by_federation_fte_percent"),
        synthetic: fields.synthetic(),
        // What only Samordna itself tells.
        ..Default::default()
    }
}
