//! The reporting service in a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::run::main::<reporting::process::Process>()
}
