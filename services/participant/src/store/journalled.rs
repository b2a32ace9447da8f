//! Where a list of what the journal has goes on.

use chrono::NaiveDate;
use values::Slug;

/// A day and an id that a list with the newest first goes on after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Before {
    /// The day.
    pub(crate) day: NaiveDate,
    /// Of that day, the id.
    pub(crate) id: Slug,
}
