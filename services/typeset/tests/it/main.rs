//! Documents as PDF, read back: what stands on the pages, and what a screen reader is
//! told of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod file;
mod pages;
mod refusals;
mod sample;
mod tags;
