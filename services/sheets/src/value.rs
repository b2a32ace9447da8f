//! What stands in a cell, before anybody asks what it is for. A CSV file knows
//! text alone; a workbook tells numbers, dates and truth values apart.

use chrono::NaiveDate;
use values::Fault;

/// One cell: what stands in it, or why that cannot be told.
pub type Cell = Result<Value, Fault>;

/// A text as a cell, without space around it. A line break in it is as good as
/// always a quotation mark that is never closed, which would silently swallow
/// the rows after it, and never belongs in a name.
pub fn text_cell(text: &str) -> Cell {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Fault::new("", "TEXT_CONTROL_CHARACTER"));
    }
    Ok(Value::Text(text.to_owned()))
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, without space around it.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that is shown as a percentage: 0.8 for 80 %.
    Percentage(f64),
    /// A number that is shown with the sign of another currency than kronor.
    Currency(f64, String),
    /// A day.
    Date(NaiveDate),
    /// A point in time, or how long something takes, as text: nothing that any
    /// column is for.
    Time(String),
    /// TRUE or FALSE.
    Boolean(bool),
}

impl Value {
    /// What people see in the cell, near enough to find it by.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Time(text) => text.clone(),
            Self::Number(number) => decimal_comma(*number),
            Self::Percentage(number) => format!("{} %", decimal_comma(number * 100.0)),
            Self::Currency(number, currency) => format!("{} {currency}", decimal_comma(*number)),
            Self::Date(date) => date.to_string(),
            Self::Boolean(true) => "TRUE".to_owned(),
            Self::Boolean(false) => "FALSE".to_owned(),
        }
    }

    /// True for a cell that says nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }
}

/// The number a cell of a workbook stands for, in digits with a decimal point.
///
/// A workbook keeps binary fractions and shows 15 digits of them. What was typed
/// with at most 15 digits comes back as it was typed; what a formula left over
/// behind them, as in 0.1 + 0.2 = 0.30000000000000004, was never shown to anyone
/// and is no part of the number.
pub fn digits(number: f64) -> String {
    let exact = number.to_string();
    let significant = exact.bytes().filter(u8::is_ascii_digit).count();
    if significant <= DIGITS_SHOWN {
        return exact;
    }
    let shown: f64 = format!("{number:.*e}", DIGITS_SHOWN - 1).parse().unwrap_or(number);
    shown.to_string()
}

const DIGITS_SHOWN: usize = 15;

fn decimal_comma(number: f64) -> String {
    digits(number).replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_digits_it_is_shown_with() {
        for (number, text) in [
            (1234.56, "1234.56"),
            (0.1 + 0.2, "0.3"),
            (4.35 * 100.0, "435"),
            (1234.567, "1234.567"),
            (-0.05, "-0.05"),
            (1_550_000.0, "1550000"),
            (1e-7, "0.0000001"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(digits(number), text);
        }
    }

    #[test]
    fn a_cell_is_named_by_what_people_see_in_it() {
        let day = NaiveDate::from_ymd_opt(2025, 6, 30).unwrap();
        for (value, text) in [
            (Value::Number(1234.5), "1234,5"),
            (Value::Percentage(0.29), "29 %"),
            (Value::Currency(5.0, "EUR".to_owned()), "5 EUR"),
            (Value::Date(day), "2025-06-30"),
            (Value::Boolean(true), "TRUE"),
        ] {
            assert_eq!(value.text(), text);
        }
    }
}
