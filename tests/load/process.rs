//! What the kernel tells of a process: processor time and memory.

use std::{fs, time::Duration};

use anyhow::Context as _;

/// The unit of processor time in `/proc` is 10 ms on every Linux that people run.
const TICKS_A_SECOND: u64 = 100;

/// User and system time that a process has taken so far, all threads together.
///
/// # Errors
/// When the process is gone.
pub(crate) fn processor_time(process: u32) -> anyhow::Result<Duration> {
    let file = format!("/proc/{process}/stat");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {file}"))?;
    // The command's name stands in parentheses and may hold anything.
    let (_, after_name) = text.rsplit_once(')').context("no name in the line")?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    // utime and stime: the 14th and 15th field of the line, of which two are gone.
    let ticks = |index: usize| -> anyhow::Result<u64> {
        let field = fields.get(index).context("a short line")?;
        field.parse().context("no number in the line")
    };
    let total = ticks(11)? + ticks(12)?;
    Ok(Duration::from_millis(total * 1000 / TICKS_A_SECOND))
}

/// The resident memory of a process in KiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// All of it.
    pub(crate) resident: u64,
    /// What is its own: neither the program nor mapped files.
    pub(crate) anonymous: u64,
}

/// The memory that a process holds now.
///
/// # Errors
/// When the process is gone.
pub(crate) fn memory(process: u32) -> anyhow::Result<Memory> {
    let file = format!("/proc/{process}/status");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {file}"))?;
    let value = |key: &str| -> anyhow::Result<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        let line = line.with_context(|| format!("no {key} in {file}"))?;
        let number = line.trim().trim_end_matches(" kB");
        number.parse().context("no number in the line")
    };
    Ok(Memory { resident: value("VmRSS:")?, anonymous: value("RssAnon:")? })
}
