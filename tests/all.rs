//! The product from outside: its conventions, its flows, its pages.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod browser;
mod flows;
mod people;
#[path = "load/population.rs"]
mod population;
mod tidy;
