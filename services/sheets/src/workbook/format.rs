//! What a cell's number format makes of a number for whoever looks at it: a
//! percentage, or an amount in a currency. The number alone does not tell.

use calamine::Style;

use crate::value::Value;

/// How a number is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// As a number, or in kronor.
    Plain,
    /// As a percentage.
    Percentage,
    /// With the sign of another currency.
    Currency(String),
}

impl Shown {
    /// How the cells of a style show numbers.
    pub(super) fn of(style: &Style) -> Self {
        style.number_format.as_ref().map_or(Self::Plain, |format| {
            // The currency of the formats that every program has built in is that
            // of whoever looks, which is kronor here.
            let is_built_in = format.format_id.is_some_and(|id| id < FIRST_OWN_FORMAT);
            Self::of_code(&format.format_code, is_built_in)
        })
    }

    fn of_code(code: &str, is_built_in: bool) -> Self {
        let code: String = code.chars().take(LONGEST_CODE).collect();
        let positive = code.split(';').next().unwrap_or_default();
        if let Some(sign) = currency(positive).filter(|_| !is_built_in) {
            Self::Currency(sign)
        } else if without_literals(positive).contains('%') {
            Self::Percentage
        } else {
            Self::Plain
        }
    }

    /// The number as what it is shown as.
    pub(super) fn value(&self, number: f64) -> Value {
        match self {
            Self::Plain => Value::Number(number),
            Self::Percentage => Value::Percentage(number),
            Self::Currency(sign) => Value::Currency(number, sign.clone()),
        }
    }
}

const FIRST_OWN_FORMAT: u32 = 164;
/// No program takes a longer one.
const LONGEST_CODE: usize = 255;
const LONGEST_SIGN: usize = 12;

/// The sign of a currency other than kronor: `[$EUR]`, `[$€-2]`, or the sign itself
/// among the digits.
fn currency(code: &str) -> Option<String> {
    if let Some((_, after)) = code.split_once("[$") {
        let sign = after.split(['-', ']']).next().unwrap_or_default().trim();
        let is_kronor = ["", "kr", "SEK"].iter().any(|known| sign.eq_ignore_ascii_case(known));
        return (!is_kronor).then(|| sign.chars().take(LONGEST_SIGN).collect());
    }
    let signs = ['€', '$', '£', '¥'];
    if let Some(sign) = code.chars().find(|character| signs.contains(character)) {
        return Some(sign.to_string());
    }
    let names = ["EUR", "USD", "GBP", "NOK", "DKK", "tkr", "mkr"];
    let named = names.into_iter().find(|name| {
        code.contains(&format!("\"{name}\"")) || code.contains(&format!("\" {name}\""))
    });
    named.map(str::to_owned)
}

/// A format without what it only copies.
fn without_literals(code: &str) -> String {
    let mut rest = String::new();
    let (mut is_quoted, mut is_escaped) = (false, false);
    for character in code.chars() {
        match character {
            _ if is_escaped => is_escaped = false,
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '\\' | '_' | '*' => is_escaped = true,
            _ => rest.push(character),
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kronor_are_plain_and_every_other_currency_is_named() {
        for code in ["General", "#,##0.00", "#,##0\\ \"kr\"", "#,##0\\ [$kr-41D]", "[$SEK]\\ #,##0"]
        {
            assert_eq!(Shown::of_code(code, false), Shown::Plain, "{code}");
        }
        for (code, sign) in [
            ("[$€-2]\\ #,##0.00", "€"),
            ("#,##0\\ [$EUR]", "EUR"),
            ("\"$\"#,##0.00", "$"),
            ("#,##0\\ \"EUR\"", "EUR"),
            ("#,##0\" tkr\"", "tkr"),
        ] {
            assert_eq!(Shown::of_code(code, false), Shown::Currency(sign.to_owned()), "{code}");
        }
        assert_eq!(Shown::of_code("$#,##0", true), Shown::Plain);
    }

    #[test]
    fn a_percentage_is_told_from_a_sign_that_is_only_written_out() {
        for code in ["0%", "0.00%", "0\\ %", "[Red]0%"] {
            assert_eq!(Shown::of_code(code, true), Shown::Percentage, "{code}");
        }
        for code in ["0\"%\"", "0\\%", "0;0%"] {
            assert_eq!(Shown::of_code(code, false), Shown::Plain, "{code}");
        }
    }
}
