//! One line of a file or a sheet, and where its cells stand.

use std::collections::BTreeMap;

use crate::value::Cell;

/// One line of a file or a sheet, as it stands there.
#[derive(Debug)]
pub struct Record {
    /// The line it begins on; the first is 1.
    pub line: u64,
    /// The cells, by their place from the left; those not there are empty.
    pub cells: BTreeMap<usize, Cell>,
    /// How many cells it says it has; a sheet's rows all go on for ever.
    pub length: Option<usize>,
}

/// What a spreadsheet writes over a column counted from 0: A, B, …, Z, AA.
#[must_use]
pub fn letter(position: usize) -> String {
    let mut letters = Vec::new();
    let mut left = position + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).expect("a remainder below 26");
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        for (position, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letter(position), expected);
        }
    }
}
