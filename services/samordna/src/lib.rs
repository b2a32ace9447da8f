//! All of Samordna in one process on embedded databases, and the operator's
//! commands.

pub mod account;
pub mod all_in_one;
pub mod demo;
pub mod import;
pub mod token;
