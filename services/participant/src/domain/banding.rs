//! Bandings: how ages and codes are put together to the columns that people read. A
//! banding is a partition: everything falls into exactly one of its bands, so the
//! columns of a table always sum to its total.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use values::{Fault, Faults, Slug};

use super::code::{ExitOutcome, Livelihood, ReferringKind};

/// The oldest age that is told apart.
const OLDEST: i32 = 150;

/// Bands of one banding at most.
const MOST_BANDS: usize = 100;

/// What can be banded. Numbers are those of the contract, and what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BandedDimension {
    /// Age in whole years, by the year of birth.
    Age = 1,
    /// Outcomes of exits.
    ExitOutcome = 2,
    /// Kinds of referring authorities.
    ReferringKind = 3,
    /// Livelihoods.
    Livelihood = 4,
}

impl BandedDimension {
    const ALL: [BandedDimension; 4] = [
        BandedDimension::Age,
        BandedDimension::ExitOutcome,
        BandedDimension::ReferringKind,
        BandedDimension::Livelihood,
    ];

    /// Its number in the contract.
    #[must_use]
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// The dimension of a number of the contract.
    #[must_use]
    pub fn from_number(number: i32) -> Option<BandedDimension> {
        BandedDimension::ALL.into_iter().find(|dimension| *dimension as i32 == number)
    }

    /// The names of its codes; none for ages.
    fn codes(self) -> Vec<&'static str> {
        match self {
            BandedDimension::Age => Vec::new(),
            BandedDimension::ExitOutcome => ExitOutcome::ALL.iter().map(|c| c.name()).collect(),
            BandedDimension::ReferringKind => ReferringKind::ALL.iter().map(|c| c.name()).collect(),
            BandedDimension::Livelihood => Livelihood::ALL.iter().map(|c| c.name()).collect(),
        }
    }
}

/// One band: a column and what falls into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Names it within the banding.
    pub id: Slug,
    /// What people read, in Swedish.
    pub label: String,
    /// What people read, in English.
    pub label_en: String,
    /// The youngest age; 0 for codes.
    pub youngest: i32,
    /// The oldest age; 0 for codes.
    pub oldest: i32,
    /// The names of its codes; none for ages.
    pub codes: Vec<String>,
}

/// A partition of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banding {
    dimension: BandedDimension,
    bands: Vec<Band>,
    decision: String,
}

impl Banding {
    /// Checks that everything falls into exactly one band.
    ///
    /// # Errors
    /// Every fault: `BAND_GAP` and `BAND_OVERLAP` with the value at fault,
    /// `BANDS_MISSING`, `BANDS_TOO_MANY`, `BAND_ID_TWICE`, `BAND_AGE_OUT_OF_RANGE`,
    /// `BAND_REVERSED`, `BAND_CODE_UNKNOWN`, `BAND_EMPTY`, `BAND_WITH_AGES`,
    /// `BAND_WITH_CODES`.
    pub fn new(
        dimension: BandedDimension,
        bands: Vec<Band>,
        decision: String,
    ) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        match bands.len() {
            0 => faults.push(Fault::new("bands", "BANDS_MISSING")),
            1..=MOST_BANDS => {}
            many => faults.push(
                Fault::new("bands", "BANDS_TOO_MANY").with("value", many).with("most", MOST_BANDS),
            ),
        }
        check_ids(&bands, &mut faults);
        match dimension {
            BandedDimension::Age => check_ages(&bands, &mut faults),
            BandedDimension::ExitOutcome
            | BandedDimension::ReferringKind
            | BandedDimension::Livelihood => check_codes(dimension, &bands, &mut faults),
        }
        faults.into_result(|| Some(Self { dimension, bands, decision }))
    }

    /// What it divides.
    #[must_use]
    pub fn dimension(&self) -> BandedDimension {
        self.dimension
    }

    /// The bands, in the order of the columns.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// Who decided it, and when.
    #[must_use]
    pub fn decision(&self) -> &str {
        &self.decision
    }

    /// The id of the band of an age; empty for those without a year of birth, who are
    /// a part of their own.
    #[must_use]
    pub fn of_age(&self, age: Option<i32>) -> &str {
        let Some(age) = age.map(|age| age.clamp(0, OLDEST)) else { return "" };
        let holds = |band: &&Band| band.youngest <= age && age <= band.oldest;
        self.bands.iter().find(holds).map_or("", |band| band.id.as_str())
    }

    /// The id of the band of a code, by the code's name; empty for what is no code of
    /// the dimension.
    #[must_use]
    pub fn of_code(&self, code: &str) -> &str {
        let holds = |band: &&Band| band.codes.iter().any(|known| known == code);
        self.bands.iter().find(holds).map_or("", |band| band.id.as_str())
    }

    /// The id of the band of a part as tables have it: an age in digits, or a code's
    /// name.
    #[must_use]
    pub fn of_part(&self, part: &str) -> &str {
        match self.dimension {
            BandedDimension::Age => self.of_age(part.parse().ok()),
            BandedDimension::ExitOutcome
            | BandedDimension::ReferringKind
            | BandedDimension::Livelihood => self.of_code(part),
        }
    }
}

fn check_ids(bands: &[Band], faults: &mut Faults) {
    let mut known = BTreeSet::new();
    for (row, band) in bands.iter().enumerate() {
        if !known.insert(&band.id) {
            let field = format!("bands[{row}].id");
            faults.push(Fault::new(field, "BAND_ID_TWICE").with("value", &band.id));
        }
    }
}

fn check_ages(bands: &[Band], faults: &mut Faults) {
    let mut ranges_are_good = true;
    for (row, band) in bands.iter().enumerate() {
        let range = 0..=OLDEST;
        for (field, age) in [("youngest", band.youngest), ("oldest", band.oldest)] {
            if !range.contains(&age) {
                let field = format!("bands[{row}].{field}");
                let fault = Fault::new(field, "BAND_AGE_OUT_OF_RANGE").with("value", age);
                faults.push(fault.with("most", OLDEST));
                ranges_are_good = false;
            }
        }
        if band.oldest < band.youngest {
            let fault = Fault::new(format!("bands[{row}].oldest"), "BAND_REVERSED");
            faults.push(fault.with("youngest", band.youngest).with("oldest", band.oldest));
            ranges_are_good = false;
        }
        if !band.codes.is_empty() {
            faults.push(Fault::new(format!("bands[{row}].codes"), "BAND_WITH_CODES"));
        }
    }
    if ranges_are_good && !bands.is_empty() {
        check_age_partition(bands, faults);
    }
}

/// Tells each span of ages that no band holds, and each that a band shares with one
/// before it.
fn check_age_partition(bands: &[Band], faults: &mut Faults) {
    let holders = |age: i32| -> Vec<usize> {
        let holds = |row: &usize| bands[*row].youngest <= age && age <= bands[*row].oldest;
        (0..bands.len()).filter(holds).collect()
    };
    let mut from = 0;
    while from <= OLDEST {
        let held = holders(from);
        let mut to = from;
        while to < OLDEST && holders(to + 1) == held {
            to += 1;
        }
        let value = if from == to { from.to_string() } else { format!("{from}–{to}") };
        match held.as_slice() {
            [] => faults.push(Fault::new("bands", "BAND_GAP").with("value", value)),
            [_] => {}
            [first, others @ ..] => {
                for row in others {
                    faults.push(overlap(format!("bands[{row}]"), &bands[*first].id, &value));
                }
            }
        }
        from = to + 1;
    }
}

fn check_codes(dimension: BandedDimension, bands: &[Band], faults: &mut Faults) {
    let mut missing: BTreeSet<&str> = dimension.codes().into_iter().collect();
    let mut placed: BTreeMap<&str, &Slug> = BTreeMap::new();
    for (row, band) in bands.iter().enumerate() {
        if (band.youngest, band.oldest) != (0, 0) {
            faults.push(Fault::new(format!("bands[{row}].youngest"), "BAND_WITH_AGES"));
        }
        if band.codes.is_empty() {
            faults.push(Fault::new(format!("bands[{row}].codes"), "BAND_EMPTY"));
        }
        for (place, code) in band.codes.iter().enumerate() {
            let field = format!("bands[{row}].codes[{place}]");
            if let Some(other) = placed.get(code.as_str()) {
                faults.push(overlap(field, other, code));
            } else if missing.remove(code.as_str()) {
                placed.insert(code, &band.id);
            } else {
                faults.push(Fault::new(field, "BAND_CODE_UNKNOWN").with("value", code));
            }
        }
    }
    let in_order = dimension.codes().into_iter().filter(|code| missing.contains(code));
    for code in in_order {
        faults.push(Fault::new("bands", "BAND_GAP").with("value", code));
    }
}

/// A value that falls into another band as well.
fn overlap(field: String, other: &Slug, value: &str) -> Fault {
    Fault::new(field, "BAND_OVERLAP").with("value", value).with("other", other)
}
