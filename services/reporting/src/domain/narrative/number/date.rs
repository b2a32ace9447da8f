//! Dates, which are no figures: known by their form and by the words around
//! them.

use chrono::{Months, NaiveDate};
use values::Period;

use super::Tokens;

const MONTHS: [(&str, u32); 22] = [
    ("januari", 1),
    ("january", 1),
    ("februari", 2),
    ("february", 2),
    ("mars", 3),
    ("march", 3),
    ("april", 4),
    ("maj", 5),
    ("may", 5),
    ("juni", 6),
    ("june", 6),
    ("juli", 7),
    ("july", 7),
    ("augusti", 8),
    ("august", 8),
    ("september", 9),
    ("oktober", 10),
    ("october", 10),
    ("november", 11),
    ("december", 12),
    ("jan", 1),
    ("dec", 12),
];

/// Words that a year stands after, and nothing else.
const BEFORE_YEAR: [&str; 29] = [
    "år",
    "året",
    "åren",
    "year",
    "years",
    "våren",
    "hösten",
    "sommaren",
    "vintern",
    "spring",
    "autumn",
    "summer",
    "winter",
    "halvåret",
    "halvår",
    "kvartalet",
    "quarter",
    "half",
    "årsskiftet",
    "budgetåret",
    "verksamhetsåret",
    "lägesrapport",
    "delårsrapport",
    "årsredovisning",
    "ht",
    "vt",
    "verksamhetsplan",
    "budget",
    "report",
];

/// Words that a year may stand after, unless it counts what follows.
const MAY_BE_BEFORE_YEAR: [&str; 22] = [
    "under", "sedan", "från", "till", "för", "av", "inför", "efter", "före", "during", "in",
    "since", "from", "until", "by", "of", "for", "before", "after", "through", "i", "om",
];

/// What a year never stands before.
const COUNTED: [&str; 30] = [
    "personer",
    "deltagare",
    "deltagarna",
    "kvinnor",
    "män",
    "avslut",
    "inskrivna",
    "individer",
    "kronor",
    "kr",
    "tkr",
    "mkr",
    "procent",
    "timmar",
    "dagar",
    "veckor",
    "platser",
    "ärenden",
    "nya",
    "people",
    "persons",
    "participants",
    "women",
    "men",
    "exits",
    "percent",
    "hours",
    "days",
    "kronas",
    "places",
];

const HALVES_AND_QUARTERS: [&str; 12] = [
    "halvåret",
    "halvår",
    "halvårets",
    "kvartalet",
    "kvartal",
    "kvartalets",
    "tertialet",
    "tertial",
    "half",
    "quarter",
    "halfyear",
    "halvårs",
];

/// The date that begins at a token, as the days it may be, and where it ends.
/// `date_end` is where the date before ended: `2024 och 2025`.
pub(super) fn at(
    tokens: &Tokens<'_>,
    at: usize,
    date_end: Option<usize>,
) -> Option<(Option<Period>, usize)> {
    iso(tokens, at)
        .or_else(|| day_and_month(tokens, at))
        .or_else(|| month_and_year(tokens, at))
        .or_else(|| part_of_year(tokens, at))
        .or_else(|| named(tokens, at))
        .or_else(|| year(tokens, at, date_end))
}

fn number(tokens: &Tokens<'_>, at: usize, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let digits = tokens.digits(at).filter(|digits| length.contains(&digits.len()))?;
    digits.parse().ok()
}

fn year_number(tokens: &Tokens<'_>, at: usize) -> Option<i32> {
    let year = number(tokens, at, 4..=4)?;
    let is_decimal = tokens.is_sign(at + 1, ".,:")
        && tokens.is_tight(at + 1)
        && tokens.is_tight(at + 2)
        && tokens.digits(at + 2).is_some();
    let year = i32::try_from(year).ok()?;
    ((1900..=2100).contains(&year) && !is_decimal).then_some(year)
}

fn month(tokens: &Tokens<'_>, at: usize) -> Option<u32> {
    let word = tokens.word(at)?;
    MONTHS.iter().find(|(name, _)| *name == word).map(|(_, month)| *month)
}

fn day(year: i32, month: u32, day: u32) -> Option<Period> {
    let day = NaiveDate::from_ymd_opt(year, month, day)?;
    Period::new("date", day, day).ok()
}

fn whole_month(year: i32, month: u32) -> Option<Period> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    Period::new("date", first, last).ok()
}

fn is_joined(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_sign(at, "-–") && tokens.is_tight(at) && tokens.is_tight(at + 1)
}

/// `2025-06-30`, `2025-06`.
fn iso(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Period>, usize)> {
    let year = year_number(tokens, at)?;
    let is_hyphen = |at: usize| tokens.is_sign(at, "-") && is_joined(tokens, at);
    if !is_hyphen(at + 1) {
        return None;
    }
    let month = number(tokens, at + 2, 2..=2)?;
    if is_hyphen(at + 3)
        && let Some(number) = number(tokens, at + 4, 2..=2)
    {
        return Some((Some(day(year, month, number)?), at + 5));
    }
    Some((Some(whole_month(year, month)?), at + 3))
}

/// `30 juni 2025`, `1:a juli`, `1–30 juni`, `June 30, 2025`.
fn day_and_month(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Period>, usize)> {
    if let Some(month) = month(tokens, at) {
        let number = number(tokens, at + 1, 1..=2)?;
        let year_at = if tokens.is_sign(at + 2, ",") { at + 3 } else { at + 2 };
        let year = year_number(tokens, year_at)?;
        return Some((Some(day(year, month, number)?), year_at + 1));
    }
    let number = number(tokens, at, 1..=2).filter(|number| (1..=31).contains(number))?;
    let mut next = at + 1;
    if tokens.is_sign(next, ":") && matches!(tokens.word(next + 1), Some("a" | "e")) {
        next += 2;
    } else if tokens.is_tight(next) && matches!(tokens.word(next), Some("st" | "nd" | "rd" | "th"))
    {
        next += 1;
    } else if is_joined(tokens, next) {
        day_and_month(tokens, next + 1)?;
        return Some((None, next));
    }
    let month = month(tokens, next)?;
    let leap_year = 2024;
    day(leap_year, month, number)?;
    match year_number(tokens, next + 1) {
        Some(year) => Some((Some(day(year, month, number)?), next + 2)),
        None => Some((None, next + 1)),
    }
}

/// `juni 2025`.
fn month_and_year(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Period>, usize)> {
    let month = month(tokens, at)?;
    let year = year_number(tokens, at + 1)?;
    Some((whole_month(year, month), at + 2))
}

/// `första halvåret 2025`, `2:a kvartalet`, `2025H1`, `H1 2025`.
fn part_of_year(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Period>, usize)> {
    let is_letter = |at: usize| matches!(tokens.word(at), Some("h" | "q" | "kv"));
    let is_part = |at: usize| tokens.is_tight(at) && number(tokens, at, 1..=1).is_some();
    if is_letter(at) && is_part(at + 1) {
        let end = if year_number(tokens, at + 2).is_some() { at + 3 } else { at + 2 };
        return Some((None, end));
    }
    if year_number(tokens, at).is_some()
        && tokens.is_tight(at + 1)
        && is_letter(at + 1)
        && is_part(at + 2)
    {
        return Some((None, at + 3));
    }
    let ordinals = ["första", "andra", "tredje", "fjärde", "first", "second", "third", "fourth"];
    let mut next = match tokens.word(at) {
        Some(word) if ordinals.contains(&word) => at + 1,
        Some(_) => return None,
        None => {
            number(tokens, at, 1..=1)?;
            if !tokens.is_sign(at + 1, ":") {
                return None;
            }
            at + 3
        }
    };
    let is_named =
        |at: usize| tokens.word(at).is_some_and(|word| HALVES_AND_QUARTERS.contains(&word));
    if !is_named(next) {
        return None;
    }
    next += 1;
    if tokens.word(next) == Some("of") && year_number(tokens, next + 1).is_some() {
        next += 1;
    }
    Some((None, if year_number(tokens, next).is_some() { next + 1 } else { next }))
}

/// `vecka 23`, `kl. 13.00`, `1990-talet`, `half-year`.
fn named(tokens: &Tokens<'_>, at: usize) -> Option<(Option<Period>, usize)> {
    let after_point = |at: usize| if tokens.is_sign(at, ".") { at + 1 } else { at };
    if number(tokens, at, 4..=4).is_some()
        && tokens.is_sign(at + 1, "-")
        && tokens.word(at + 2).is_some_and(|word| word.starts_with("tal"))
    {
        return Some((None, at + 3));
    }
    match tokens.word(at)? {
        "half" if tokens.is_sign(at + 1, "-") && tokens.word(at + 2) == Some("year") => {
            Some((None, at + 3))
        }
        "vecka" | "v" | "veckorna" | "week" | "weeks" => {
            let week = |at: usize| {
                number(tokens, at, 1..=2).filter(|week| (1..=53).contains(week)).map(|_| at + 1)
            };
            Some((None, span(tokens, after_point(at + 1), week)?))
        }
        "kl" | "klockan" => {
            let hour = |at: usize| {
                number(tokens, at, 1..=2).filter(|hour| *hour <= 24)?;
                let has_minutes = tokens.is_sign(at + 1, ".:")
                    && tokens.is_tight(at + 2)
                    && number(tokens, at + 2, 2..=2).is_some();
                Some(if has_minutes { at + 3 } else { at + 1 })
            };
            Some((None, span(tokens, after_point(at + 1), hour)?))
        }
        _ => None,
    }
}

/// One of something, or from one to another: `12–14`. Answers where it ends.
fn span(tokens: &Tokens<'_>, at: usize, one: impl Fn(usize) -> Option<usize>) -> Option<usize> {
    let end = one(at)?;
    let last = is_joined(tokens, end).then(|| one(end + 1)).flatten();
    Some(last.unwrap_or(end))
}

/// `under 2025`, `2025 års`, `2024–2025`, `2023/24`.
fn year(
    tokens: &Tokens<'_>,
    at: usize,
    date_end: Option<usize>,
) -> Option<(Option<Period>, usize)> {
    let year = year_number(tokens, at)?;
    let is_range = (is_joined(tokens, at + 1) || tokens.is_sign(at + 1, "/"))
        && number(tokens, at + 2, 2..=4).is_some_and(|end| {
            let end = i32::try_from(end).unwrap_or(i32::MAX);
            (end > year && end <= 2100) || end == (year + 1) % 100
        });
    let end = if is_range { at + 3 } else { at + 1 };
    let counts =
        tokens.is_sign(end, "%") || tokens.word(end).is_some_and(|word| COUNTED.contains(&word));
    let before = tokens.word_before(at);
    let follows_date = matches!(before, Some("och" | "and" | "eller" | "or" | "to"))
        && date_end.is_some_and(|end| end + 1 == at);
    let is_year = before.is_some_and(|word| BEFORE_YEAR.contains(&word))
        || tokens.word(end) == Some("års")
        || (!counts && before.is_some_and(|word| MAY_BE_BEFORE_YEAR.contains(&word)))
        || (!counts && (is_range || follows_date));
    is_year.then_some((if is_range { None } else { Period::year(year) }, end))
}
