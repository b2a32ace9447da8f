//! Money: recipients, grants, requisitions, the ledger and the funding table.

pub mod domain;
