//! Reads tables out of files, and writes them: the records of a CSV file or of a sheet of a workbook
//! (.xlsx), with the line that each begins on, and what a cell may be taken for.
//!
//! Architecture invariant: what a column is for is not known here, and no rule about
//! what a value may be. Nothing is guessed and nothing read past in silence: what can be
//! read in two ways is a fault.

pub mod cell;
pub mod csv_file;
mod record;
#[cfg(feature = "testing")]
pub mod testing;
pub mod value;
pub mod workbook;
pub mod write;

pub use record::{Record, letter};
