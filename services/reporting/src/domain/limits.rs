//! Limits of numbers and of lists, told in the same words everywhere.

use std::fmt::Display;

use values::{Fault, Faults};

/// Checks that a number lies within its limits, both included.
///
/// # Errors
/// `NUMBER_OUT_OF_RANGE` with the limits, for the field named.
pub fn number<N: Copy + PartialOrd + Display>(
    field: &str,
    value: N,
    least: N,
    most: N,
) -> Result<N, Fault> {
    if least <= value && value <= most {
        return Ok(value);
    }
    let fault = Fault::new(field, "NUMBER_OUT_OF_RANGE").with("value", value);
    Err(fault.with("least", least).with("most", most))
}

/// Checks how many there are of something.
///
/// # Errors
/// `ITEMS_MISSING` below the least, `ITEMS_TOO_MANY` above the most.
pub fn length(field: &str, count: usize, least: usize, most: usize) -> Result<(), Fault> {
    if count < least {
        Err(Fault::new(field, "ITEMS_MISSING").with("least", least))
    } else if count > most {
        Err(Fault::new(field, "ITEMS_TOO_MANY").with("count", count).with("limit", most))
    } else {
        Ok(())
    }
}

/// Checks that each is there once. The place of the second is told.
///
/// # Errors
/// `ITEM_TWICE` for each that stands there before.
pub fn each_once<T: PartialEq + Display>(field: &str, items: &[T]) -> Result<(), Faults> {
    let mut faults = Faults::new();
    for (index, item) in items.iter().enumerate() {
        if items[..index].contains(item) {
            let field = format!("{field}[{index}]");
            faults.push(Fault::new(field, "ITEM_TWICE").with("value", item));
        }
    }
    faults.into_result(|| Some(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_included_and_what_lies_beyond_is_told_with_them() {
        assert_eq!(number("share", 0, 0, 100), Ok(0));
        assert_eq!(number("share", 100, 0, 100), Ok(100));
        let fault = number("share", 101, 0, 100).unwrap_err();
        let facts = [("value", "101"), ("least", "0"), ("most", "100")];
        assert_eq!(fault.facts, facts.map(|(key, value)| (key, value.to_owned())));
        assert_eq!(length("goals", 0, 1, 2).unwrap_err().reason, "ITEMS_MISSING");
        assert_eq!(length("goals", 3, 1, 2).unwrap_err().reason, "ITEMS_TOO_MANY");
        let faults = each_once("teams", &["a", "b", "a"]).unwrap_err().into_vec();
        assert_eq!((faults[0].field.as_str(), faults[0].reason), ("teams[2]", "ITEM_TWICE"));
    }
}
