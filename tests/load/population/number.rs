//! Personal numbers of nobody: Skatteverket keeps the serials 980 to 999 of every day
//! of birth for tests.

use chrono::{Datelike as _, Days, NaiveDate};
use values::number::luhn_check_digit;

/// Years of birth, and how many of those who are born in one come before the years are
/// gone through again: of each sex as many.
const BORN: [(std::ops::RangeInclusive<i32>, usize); 5] =
    [(1960..=1969, 6), (1970..=1979, 9), (1980..=1989, 13), (1990..=1999, 15), (2000..=2003, 10)];
/// How many of one sex come before the years are gone through again.
const ONE_SEX: usize = 470;
/// How many numbers of one sex there are in a year.
const OF_A_YEAR: usize = 365 * SERIALS;
const SERIALS: usize = 10;
/// Without a common factor with what they go round in, so that all come before one
/// comes again, and neighbours are not alike.
const STRIDE: usize = 387;
const DAY_STRIDE: usize = 1381;

/// A number of nobody.
pub(crate) struct TestNumber {
    /// Its twelve digits.
    pub(crate) digits: String,
    /// The year of birth.
    pub(crate) birth_year: i32,
    /// Whether it is a man's.
    pub(crate) is_man: bool,
}

/// The number of the person with an ordinal. Those of fewer than 200 000 in a row are
/// all different.
pub(crate) fn number(ordinal: usize) -> TestNumber {
    let (round, place) = (ordinal / (2 * ONE_SEX), ordinal * STRIDE % (2 * ONE_SEX));
    let is_man = place >= ONE_SEX;
    let (birth_year, rank, of_year) = year(place % ONE_SEX);
    let which = (round * of_year + rank) * DAY_STRIDE % OF_A_YEAR;
    let new_year = NaiveDate::from_ymd_opt(birth_year, 1, 1).expect("a year of our time");
    let day = new_year + Days::new((which / SERIALS) as u64);
    let serial = 980 + which % SERIALS * 2 + usize::from(is_man);
    let short = format!("{}{serial}", day.format("%y%m%d"));
    let check_digit = luhn_check_digit(&short);
    let century = birth_year / 100;
    TestNumber { digits: format!("{century}{short}{check_digit}"), birth_year: day.year(), is_man }
}

/// The year of birth at a place, which of those who are born in it, and of how many.
fn year(place: usize) -> (i32, usize, usize) {
    let mut left = place;
    for (years, of_year) in BORN {
        for year in years {
            if left < of_year {
                return (year, left, of_year);
            }
            left -= of_year;
        }
    }
    unreachable!("the years hold {ONE_SEX}")
}
