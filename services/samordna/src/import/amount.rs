//! What a cell says of an amount, in öre. Kronor are taken, as people write them
//! in Swedish and in English, and nothing is guessed: what can be read in two
//! ways is refused, and so is every other currency.

use sheets::{
    cell::{is_digits, shown, signed},
    value::Value,
};
use values::Fault;

/// Reads an amount in kronor with at most two decimals.
///
/// # Errors
/// `AMOUNT_MALFORMED` for what is no amount; `AMOUNT_AMBIGUOUS` for `1,234`, which
/// is a thousand to some and one krona to others; `AMOUNT_TOO_LARGE` for more than
/// a workbook keeps to the öre; `CURRENCY_UNKNOWN` for anything but kronor.
pub(super) fn ore(value: &Value) -> Result<i64, Fault> {
    match value {
        Value::Text(text) => of_text(text),
        Value::Number(number) => of_number(*number),
        Value::Currency(_, currency) => Err(unknown_currency(&value.text(), currency)),
        Value::Percentage(_) | Value::Date(_) | Value::Time(_) | Value::Boolean(_) => {
            Err(malformed(&value.text()))
        }
    }
}

/// Kronor from which a binary number no longer tells one öre from the next.
const TOO_LARGE_KRONOR: f64 = 1e13;
/// What adding up amounts may leave over behind the öre, as a part of the sum and
/// in kronor. Nobody ever writes so little.
const LEFT_OVER: f64 = f64::EPSILON * 64.0;
const LEFT_OVER_KRONOR: f64 = 0.0001;

/// A workbook keeps 1234.56 as the nearest binary number. The nearest öre is what
/// was meant when nothing but that difference, or a sum of such, lies between.
fn of_number(number: f64) -> Result<i64, Fault> {
    let text = Value::Number(number).text();
    if number.abs() >= TOO_LARGE_KRONOR {
        return Err(Fault::new("", "AMOUNT_TOO_LARGE").with("value", format!("{text} kr")));
    }
    let nearest_ore = (number * 100.0).round();
    let difference = (number - nearest_ore / 100.0).abs();
    if difference <= (number.abs() * LEFT_OVER).min(LEFT_OVER_KRONOR) {
        // Smaller than 10^15, so that every whole number has a binary one.
        Ok(nearest_ore as i64)
    } else {
        Err(malformed(&text))
    }
}

fn of_text(text: &str) -> Result<i64, Fault> {
    let (is_before, rest) = signed(text.trim());
    let rest = rest.strip_suffix(":-").unwrap_or(rest).trim();
    let is_number = |character: char| character.is_ascii_digit() || is_minus(character);
    let first = rest.find(is_number).ok_or_else(|| malformed(text))?;
    let (prefix, rest) = rest.split_at(first);
    let (is_after, rest) = signed(rest);
    let end = rest.rfind(|character: char| character.is_ascii_digit());
    let (number, suffix) = rest.split_at(end.map_or(0, |end| end + 1));
    let kronor = number_in_kronor(number);

    let mut signs = [prefix.trim(), suffix.trim()].into_iter().filter(|sign| !sign.is_empty());
    let sign = signs.next();
    let is_overloaded = signs.next().is_some() || (is_before && is_after);
    if let Some(sign) = sign.filter(|sign| !is_kronor(sign)) {
        let is_named = sign.chars().any(|character| !matches!(character, '.' | ' '));
        let is_currency = is_named && sign.chars().all(is_of_a_currency) && kronor.is_some();
        return Err(if is_currency { unknown_currency(text, sign) } else { malformed(text) });
    }
    match kronor {
        Some(Kronor::Ambiguous) => {
            Err(Fault::new("", "AMOUNT_AMBIGUOUS").with("value", shown(text)))
        }
        Some(Kronor::Ore(ore)) if !is_overloaded => {
            Ok(if is_before || is_after { -ore } else { ore })
        }
        Some(Kronor::Ore(_)) | None => Err(malformed(text)),
    }
}

/// What a number without sign and currency stands for.
enum Kronor {
    Ore(i64),
    Ambiguous,
}

/// Reads `1550000`, `1 550 000,50`, `1,550,000.50` and `1.550.000,50`. `None` for
/// what is no number of kronor and öre.
fn number_in_kronor(number: &str) -> Option<Kronor> {
    let is_point = |character: &char| matches!(character, ',' | '.');
    let Some(point) = number.chars().rfind(is_point) else {
        return joined(&grouped(number, is_space)?, "").map(Kronor::Ore);
    };
    let (kronor, decimals) = number.rsplit_once(point)?;
    let stands_once = !kronor.contains(point);
    if stands_once && matches!(decimals.len(), 1 | 2) {
        let other_point = if point == ',' { '.' } else { ',' };
        let of_others = || grouped(kronor, |character| character == other_point);
        let kronor = grouped(kronor, is_space).or_else(of_others)?;
        return joined(&kronor, decimals).map(Kronor::Ore);
    }
    // The point sets thousands apart; one alone may as well be a decimal point.
    let thousands = grouped(number, |character| character == point)?;
    match (stands_once, number.starts_with('0')) {
        (true, true) => None,
        (true, false) => Some(Kronor::Ambiguous),
        (false, _) => joined(&thousands, "").map(Kronor::Ore),
    }
}

/// The digits of a number whose thousands are set apart, or are not.
fn grouped(number: &str, is_mark: impl Fn(char) -> bool) -> Option<String> {
    let groups: Vec<&str> = number.split(is_mark).collect();
    let (first, others) = groups.split_first()?;
    let is_good = others.is_empty()
        || ((1..=3).contains(&first.len()) && others.iter().all(|group| group.len() == 3));
    (is_good && groups.iter().all(|group| is_digits(group))).then(|| groups.concat())
}

/// Kronor and at most two decimals, as öre.
fn joined(kronor: &str, decimals: &str) -> Option<i64> {
    let is_good = decimals.is_empty() || is_digits(decimals);
    is_good.then(|| format!("{kronor}{decimals:0<2}").parse().ok()).flatten()
}

fn is_kronor(sign: &str) -> bool {
    let sign = sign.trim_end_matches('.');
    ["kr", "SEK", "kronor"].iter().any(|known| sign.eq_ignore_ascii_case(known))
}

/// Letters, and the signs that stand for money.
fn is_of_a_currency(character: char) -> bool {
    character.is_alphabetic()
        || matches!(character, '$' | '.' | ' ')
        || (!character.is_ascii() && !character.is_numeric())
}

fn is_minus(character: char) -> bool {
    matches!(character, '-' | '\u{2212}')
}

/// The space that sets thousands apart: a common one, or one that does not break.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

fn malformed(text: &str) -> Fault {
    Fault::new("", "AMOUNT_MALFORMED").with("value", shown(text))
}

fn unknown_currency(text: &str, currency: &str) -> Fault {
    Fault::new("", "CURRENCY_UNKNOWN")
        .with("value", shown(text))
        .with("currency", shown(currency.trim()))
}

#[cfg(test)]
mod tests;
