//! The import from its files to its requests and back. Its way through a
//! running gateway is tested from outside.

mod amendments;
mod answers;
pub(super) mod books;
mod cells;
mod demo;
mod fake;
mod faults;
mod files;
mod run;
mod sheets;
mod tls;
mod year;
