//! How much a workbook holds. It is a compressed archive, and a small one may
//! unpack to more than a machine has memory for; what its parts say of their own
//! size may be a lie. So every part is unpacked once, into nothing, and counted
//! before anything is kept of it.

use std::io::{self, Cursor, Read};

use values::Fault;
use zip::ZipArchive;

/// How large a workbook may be, in bytes.
pub const LARGEST_FILE: u64 = 50 * MEGABYTE;

const MEGABYTE: u64 = 1024 * 1024;

/// How much a workbook may hold.
#[derive(Debug)]
pub struct Limits {
    /// The file, in bytes.
    pub(super) file: u64,
    /// All parts, unpacked.
    pub(super) unpacked: u64,
    /// One part, unpacked: a sheet, or all texts.
    pub(super) part: u64,
    /// The part that describes formats, of which each keeps a hundred times the
    /// memory that it is written with.
    pub(super) styles: u64,
    /// The texts; memory is set aside for as many as the workbook says it has, and each
    /// that it has takes more than it is written with.
    pub(super) texts: u64,
    /// The rows of a sheet below the names of the columns.
    pub(super) rows: u32,
    /// The cells of all sheets.
    pub(super) cells: usize,
    /// What stands in them, in bytes.
    pub(super) text_bytes: usize,
}

impl Limits {
    /// What an operator takes in, from a machine of its own.
    pub const LARGE: Self = Self {
        file: LARGEST_FILE,
        unpacked: 250 * MEGABYTE,
        part: 100 * MEGABYTE,
        styles: 4 * MEGABYTE,
        texts: 10_000_000,
        rows: 200_000,
        cells: 4_000_000,
        text_bytes: 100 * 1024 * 1024,
    };

    /// What somebody sends to a server that others use at the same time.
    pub const SMALL: Self = Self {
        file: 5 * MEGABYTE,
        unpacked: 60 * MEGABYTE,
        part: 40 * MEGABYTE,
        styles: MEGABYTE,
        texts: 500_000,
        rows: 20_000,
        cells: 1_000_000,
        text_bytes: 20 * 1024 * 1024,
    };
}

/// Counts what is in a workbook, without keeping it.
///
/// # Errors
/// `WORKBOOK_TOO_LARGE`, and `WORKBOOK_UNREADABLE` for what is no archive.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Fault> {
    let unreadable = || Fault::new("", "WORKBOOK_UNREADABLE");
    if bytes.len() as u64 > limits.file {
        return Err(too_large(limits));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let mut left = limits.unpacked;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| unreadable())?;
        let name = part.name().map_err(|_| unreadable())?.to_lowercase();
        let limit = if name.ends_with("styles.xml") { limits.styles } else { limits.part };
        let limit = limit.min(left);
        let mut part = part.take(limit + 1);
        let size = if name.ends_with("sharedstrings.xml") {
            let mut text = Vec::new();
            part.read_to_end(&mut text).map_err(|_| unreadable())?;
            if texts_said(&text).max(texts_held(&text)) > limits.texts {
                return Err(too_large(limits));
            }
            text.len() as u64
        } else {
            io::copy(&mut part, &mut io::sink()).map_err(|_| unreadable())?
        };
        if size > limit {
            return Err(too_large(limits));
        }
        left -= size;
    }
    Ok(())
}

fn too_large(limits: &Limits) -> Fault {
    Fault::new("", "WORKBOOK_TOO_LARGE").with("megabytes", limits.file / MEGABYTE)
}

/// How many texts the part has: its elements called `si`, in whatever namespace.
fn texts_held(part: &[u8]) -> u64 {
    let elements = part.split(|byte| *byte == b'<').skip(1);
    let texts = elements.filter(|element| {
        let end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
        let name = element.split(end).next().unwrap_or_default();
        name.rsplit(|byte| *byte == b':').next() == Some(b"si")
    });
    texts.count() as u64
}

/// How many texts the part says it has: the largest number it gives for it, since
/// only a reader of its XML could tell which one counts.
fn texts_said(part: &[u8]) -> u64 {
    const WORD: &[u8] = b"uniqueCount";
    let mut largest = 0;
    for start in (0..part.len()).filter(|start| part[*start..].starts_with(WORD)) {
        let after = part.get(start + WORD.len()..).unwrap_or_default();
        let is_between =
            |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'"' | b'\'');
        let digits = after.iter().skip_while(|byte| is_between(byte));
        let digits = digits.take_while(|byte| byte.is_ascii_digit());
        let number = digits.fold(0_u64, |number, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        });
        largest = largest.max(number);
    }
    largest
}

#[cfg(test)]
mod tests;
