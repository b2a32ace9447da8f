//! The pages, as a person sees them: Debian's Chromium, with JavaScript off
//! unless a test says otherwise, for the pages must work without.

pub(crate) mod driver;
pub(crate) mod figures;
mod requisition;
