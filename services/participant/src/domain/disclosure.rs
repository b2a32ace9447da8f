//! What of the tables of people may leave the parties: the counts behind them, and the
//! ledger of what was given out. How small counts are hidden is no matter of people and
//! stands in the crate `disclosure`.

pub mod evidence;
pub mod ledger;
pub mod population;
pub mod record_version;
pub mod table;
#[cfg(test)]
mod tests;
