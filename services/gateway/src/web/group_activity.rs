//! Group activities: what a team does with many at a time, as numbers.

pub(crate) mod edit;
pub(crate) mod list;
