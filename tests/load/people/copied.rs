//! The rows that people become: what COPY is measured with.

use std::path::Path;

use crate::{
    import::copy::{self, Copied, Rows},
    postgres::Databases,
};

/// The rows by table, and which of the table's rows they are. Nothing that they refer to
/// is elsewhere.
const ROWS: Rows = Rows {
    before: &[],
    copied: &[
        ("person", ""),
        ("referral", ""),
        ("enrolment", ""),
        ("case_fact", ""),
        ("participant_import", ""),
        ("follow_up", ""),
        (
            "journal",
            "AND (kind LIKE 'participant%' OR kind LIKE 'referral.%' OR kind LIKE 'enrolment.%')",
        ),
    ],
};

/// Copies the rows of a federation from one database to another.
pub(super) fn copy(
    databases: &Databases,
    federation: &str,
    folder: &Path,
) -> anyhow::Result<Copied> {
    copy::copy(databases, ["participant", "yardstick"], federation, folder, &ROWS)
}
