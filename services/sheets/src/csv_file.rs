//! Reads the bytes of one CSV file as records.
//!
//! Works on bytes, so that broken encoding is told by row and column instead
//! of making the whole file unreadable.

use csv::ByteRecord;
use values::Fault;

use crate::{
    record::Record,
    value::{Cell, text_cell},
};

pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The records of a file with the lines they begin on. The reader's own line
/// numbers are off by the blank lines before a record.
pub struct Records<'a> {
    bytes: &'a [u8],
    reader: csv::Reader<&'a [u8]>,
    line: u64,
    counted_to: usize,
}

impl<'a> Records<'a> {
    /// Reads the bytes of a file whose cells are parted by semicolons, with or without a
    /// byte-order mark.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self::parted_by(b';', bytes)
    }

    /// The same of a file whose cells are parted by what parts those of its first line: a
    /// semicolon where there is one, as Swedish programs write it; else a tab or a comma.
    #[must_use]
    pub fn of_any(bytes: &'a [u8]) -> Self {
        let first = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
        let parted_by = [b';', b'\t', b','].into_iter().find(|mark| first.contains(mark));
        Self::parted_by(parted_by.unwrap_or(b';'), bytes)
    }

    fn parted_by(mark: u8, bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let reader = csv::ReaderBuilder::new()
            .delimiter(mark)
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        Self { bytes, reader, line: 1, counted_to: 0 }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = ByteRecord::new();
        let is_there = self.reader.read_byte_record(&mut record).unwrap_or(false);
        if !is_there {
            return None;
        }
        let offset = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(offset).unwrap_or(self.bytes.len());
        while self.bytes.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        self.line += line_breaks(self.bytes.get(self.counted_to..start).unwrap_or_default());
        self.counted_to = start;
        let cells = record.iter().map(cell).enumerate().collect();
        Some(Record { line: self.line, cells, length: Some(record.len()) })
    }
}

/// Counts `\n`, `\r\n` and a lone `\r` as one line break each.
fn line_breaks(bytes: &[u8]) -> u64 {
    let is_break = |(position, byte): &(usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(position + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(is_break).count() as u64
}

/// A cell as text, when its bytes are text.
fn cell(bytes: &[u8]) -> Cell {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim(),
        Err(error) => {
            let readable = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let position = String::from_utf8_lossy(readable).chars().count() + 1;
            return Err(Fault::new("", "ENCODING_NOT_UTF8").with("byte", position));
        }
    };
    text_cell(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_parted_by_what_parts_the_headings() {
        for text in ["a;b, c;d\n1;2, 3;4", "a\tb\td\n1\t2\t3", "\u{feff}a,b,d\n1,2,3"] {
            let lengths: Vec<_> =
                Records::of_any(text.as_bytes()).map(|record| record.length).collect();
            assert_eq!(lengths, [Some(3), Some(3)], "{text:?}");
        }
    }
}
