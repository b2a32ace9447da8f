//! The pages as a browser meets them, with services that give prepared answers.

mod accessible;
mod browser;
mod forms;
mod pages;
mod services;
mod vastmanland;
