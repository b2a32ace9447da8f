//! Numbers as they are stated: exact, with the decimals they were given, and
//! the ratios they are compared by. No floating point comes near a figure.

use std::cmp::Ordering;

use values::share::divide_half_up;

use crate::domain::language::Language;

/// The largest number, above or below 0.
const LARGEST: u64 = 1_000_000_000;
/// The most decimals a number is stated with.
const MOST_DECIMALS: u32 = 3;

/// A number with the decimals it is stated with: `58,20` has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quantity {
    units: i64,
    decimals: u32,
}

/// An exact quotient of whole numbers.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    numerator: i128,
    /// Above 0.
    denominator: i128,
}

impl Quantity {
    /// `units` of the last decimal; `None` for more than three decimals, or
    /// more than a thousand million.
    #[must_use]
    pub fn new(units: i64, decimals: u32) -> Option<Self> {
        let fits = decimals <= MOST_DECIMALS
            && units.unsigned_abs() <= LARGEST.checked_mul(10_u64.checked_pow(decimals)?)?;
        fits.then_some(Self { units, decimals })
    }

    /// A number of people or things.
    #[must_use]
    pub fn count(count: u32) -> Self {
        Self { units: i64::from(count), decimals: 0 }
    }

    /// Reads `6.5`, `6,5` or `195`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let ends_in_separator = decimals.is_empty() && whole.len() != text.len();
        if whole.is_empty() || !is_number(whole) || !is_number(decimals) || ends_in_separator {
            return None;
        }
        let units = format!("{whole}{decimals}").parse().ok()?;
        Self::new(units, u32::try_from(decimals.len()).ok()?)
    }

    /// The count it is, when it has no decimals.
    #[must_use]
    pub fn as_count(self) -> Option<i64> {
        (self.decimals == 0).then_some(self.units)
    }

    /// How many decimals it is stated with.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.decimals
    }

    /// Its value.
    #[must_use]
    pub fn ratio(self) -> Ratio {
        Ratio { numerator: self.units.into(), denominator: 10_i128.pow(self.decimals) }
    }

    /// As it is sent and kept, with a point before the decimals: `13841`, `58.20`.
    #[must_use]
    pub fn plain(self) -> String {
        let digits = self.units.unsigned_abs().to_string();
        let decimals = usize::try_from(self.decimals).expect("three at most");
        let digits = format!("{digits:0>width$}", width = decimals + 1);
        let (whole, decimals) = digits.split_at(digits.len() - decimals);
        let sign = if self.units < 0 { "-" } else { "" };
        let point = if decimals.is_empty() { "" } else { "." };
        format!("{sign}{whole}{point}{decimals}")
    }

    /// As it is written: `13 841`, `58,2`; `13,841` and `58.2` in English.
    #[must_use]
    pub fn shown(self, language: Language) -> String {
        let (thousands, point) = match language {
            Language::Swedish => ('\u{a0}', ','),
            Language::English => (',', '.'),
        };
        let scale = 10_u64.pow(self.decimals);
        let whole = (self.units.unsigned_abs() / scale).to_string();
        let mut shown = String::new();
        if self.units < 0 {
            shown.push('\u{2212}');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                shown.push(thousands);
            }
            shown.push(digit);
        }
        if self.decimals > 0 {
            let decimals = self.units.unsigned_abs() % scale;
            let width = usize::try_from(self.decimals).expect("three at most");
            shown.push_str(&format!("{point}{decimals:0width$}"));
        }
        shown
    }
}

impl Ratio {
    /// A whole number.
    #[must_use]
    pub fn whole(number: i64) -> Self {
        Self { numerator: number.into(), denominator: 1 }
    }

    /// The sum of numbers; 0 for none.
    #[must_use]
    pub fn sum(numbers: impl IntoIterator<Item = Quantity>) -> Self {
        let add = |sum: Self, number: Quantity| sum.plus(number.ratio());
        numbers.into_iter().fold(Self::whole(0), add)
    }

    /// Its sum with another.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let (left, right) = (self.denominator, other.denominator);
        if left % right == 0 {
            let numerator = self.numerator + other.numerator * (left / right);
            Self { numerator, denominator: left }
        } else if right % left == 0 {
            other.plus(self)
        } else {
            let numerator = self.numerator * right + other.numerator * left;
            Self { numerator, denominator: left * right }
        }
    }

    /// Its difference to another.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(Self { numerator: -other.numerator, ..other })
    }

    /// How far it is from 0.
    #[must_use]
    pub fn distance(self) -> Self {
        Self { numerator: self.numerator.abs(), ..self }
    }

    /// Its product with a whole number.
    #[must_use]
    pub fn times(self, factor: i64) -> Self {
        Self { numerator: self.numerator * i128::from(factor), ..self }
    }

    /// Its quotient by another; `None` when that is 0.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        if other.numerator == 0 {
            return None;
        }
        let numerator = self.numerator * other.denominator * other.numerator.signum();
        Some(Self { numerator, denominator: self.denominator * other.numerator.abs() })
    }

    /// True when it is 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// True when the number states it, rounded half up to the number's
    /// decimals.
    #[must_use]
    pub fn rounds_to(self, stated: Quantity) -> bool {
        self.units(stated.decimals) == Some(stated.units.into())
    }

    /// Rounded half up; `None` when that is more than a number can be.
    #[must_use]
    pub fn rounded(self, decimals: u32) -> Option<Quantity> {
        Quantity::new(i64::try_from(self.units(decimals)?).ok()?, decimals)
    }

    /// Rounded to the decimals it has, three at most.
    #[must_use]
    pub fn stated(self) -> Option<Quantity> {
        let is_whole = |decimals: &u32| 10_i128.pow(*decimals) % self.denominator == 0;
        self.rounded((0..MOST_DECIMALS).find(is_whole).unwrap_or(MOST_DECIMALS))
    }

    fn units(self, decimals: u32) -> Option<i128> {
        let scale = 10_i128.checked_pow(decimals)?;
        divide_half_up(self.numerator.checked_mul(scale)?, self.denominator)
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let left = self.numerator * other.denominator;
        left.cmp(&(other.numerator * self.denominator))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn a_number_is_read_with_its_decimals_and_shown_in_both_languages() {
        for (text, swedish, english) in [
            ("195", "195", "195"),
            ("58,20", "58,20", "58.20"),
            ("0.05", "0,05", "0.05"),
            ("13841", "13\u{a0}841", "13,841"),
            ("1000000", "1\u{a0}000\u{a0}000", "1,000,000"),
        ] {
            assert_eq!(number(text).shown(Language::Swedish), swedish);
            assert_eq!(number(text).shown(Language::English), english);
        }
        assert_eq!(Quantity::new(-5, 1).unwrap().shown(Language::Swedish), "\u{2212}0,5");
        assert_eq!(Quantity::new(-5, 1).unwrap().plain(), "-0.5");
        for text in ["0", "195", "58.20", "0.05", "1000000"] {
            assert_eq!(number(text).plain(), text);
        }
        for text in ["", "-1", "1.", ".5", "1,2,3", "1 000", "1000000001", "0,1234", "ett"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn half_is_rounded_up_to_the_decimals_that_are_stated() {
        let share = Ratio::whole(12_200).over(Ratio::whole(195)).unwrap();
        for (stated, is_right) in [("63", true), ("62", false), ("62,6", true), ("62,56", true)] {
            assert_eq!(share.rounds_to(number(stated)), is_right, "{stated}");
        }
        assert!(Ratio::whole(1).over(Ratio::whole(2)).unwrap().rounds_to(number("1")));
        assert_eq!(Ratio::whole(1).over(Ratio::whole(0)), None);
    }

    #[test]
    fn numbers_with_different_decimals_add_up_exactly() {
        let sum = Ratio::sum([number("4.5"), number("2"), number("0.25"), number("0.1")]);
        assert_eq!(sum, number("6.850").ratio());
        assert_eq!(sum.stated().map(|sum| sum.shown(Language::English)), Some("6.85".to_owned()));
        let many = std::iter::repeat_n([number("999999999.999"), number("999999999.9")], 100);
        assert!(Ratio::sum(many.flatten()) > Ratio::whole(199_999_999_000));
    }
}
