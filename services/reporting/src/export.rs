//! Tables as files have them.
//!
//! Architecture invariant: figures come in as they were computed for the contract, and
//! nothing is computed here, asked for or stored. The files are documents of a Swedish
//! authority, so their words are Swedish whoever asks.

pub(crate) mod list;
pub(crate) mod national_follow_up;
#[cfg(feature = "pdf")]
pub(crate) mod pdf;
pub(crate) mod release;
