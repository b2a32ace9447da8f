//! Layouts: which tables may leave the parties. A layout names what is counted and by
//! what; it is never changed, so that two tables of one layout can be set beside each
//! other.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use values::{Fault, Faults, name::BandingName};

use super::{banding::BandedDimension, fact::Measure};

/// Cuts of one table at most.
const MOST_CUTS: usize = 4;

/// By what is counted. Numbers are those of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The team.
    Team = 1,
    /// The area of the municipality.
    Area = 2,
    /// The responsible municipality.
    Municipality = 3,
    /// The owning party.
    Party = 4,
    /// The sex.
    Sex = 5,
    /// The age in whole years at the referral, by the year of birth.
    Age = 6,
    /// The kind of referring authority.
    ReferringKind = 7,
    /// The referring party.
    ReferringParty = 8,
    /// The outcome of the exit.
    ExitOutcome = 9,
    /// The largest livelihood at the enrolment.
    LivelihoodBefore = 10,
    /// The largest livelihood after the exit.
    LivelihoodAfter = 11,
}

impl Dimension {
    const ALL: [Dimension; 11] = [
        Dimension::Team,
        Dimension::Area,
        Dimension::Municipality,
        Dimension::Party,
        Dimension::Sex,
        Dimension::Age,
        Dimension::ReferringKind,
        Dimension::ReferringParty,
        Dimension::ExitOutcome,
        Dimension::LivelihoodBefore,
        Dimension::LivelihoodAfter,
    ];

    /// The dimension of a number of the contract.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|dimension| *dimension as i32 == number)
    }

    /// The bandings that fit it; none when it cannot be banded.
    #[must_use]
    pub fn banded(self) -> Option<BandedDimension> {
        match self {
            Dimension::Age => Some(BandedDimension::Age),
            Dimension::ReferringKind => Some(BandedDimension::ReferringKind),
            Dimension::ExitOutcome => Some(BandedDimension::ExitOutcome),
            Dimension::LivelihoodBefore | Dimension::LivelihoodAfter => {
                Some(BandedDimension::Livelihood)
            }
            Dimension::Team
            | Dimension::Area
            | Dimension::Municipality
            | Dimension::Party
            | Dimension::Sex
            | Dimension::ReferringParty => None,
        }
    }

    /// True when only those who have ended have it.
    fn is_of_exits(self) -> bool {
        match self {
            Dimension::ExitOutcome | Dimension::LivelihoodAfter => true,
            Dimension::Team
            | Dimension::Area
            | Dimension::Municipality
            | Dimension::Party
            | Dimension::Sex
            | Dimension::Age
            | Dimension::ReferringKind
            | Dimension::ReferringParty
            | Dimension::LivelihoodBefore => false,
        }
    }
}

/// A dimension, and how it is banded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The dimension.
    pub dimension: Dimension,
    /// The banding; none for codes as they are.
    pub banding: Option<BandingName>,
}

/// What is counted, by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableShape {
    measures: Vec<Measure>,
    cuts: Vec<Cut>,
}

impl TableShape {
    /// Checks that such a table can be made.
    ///
    /// # Errors
    /// Every fault: `MEASURES_MISSING`, `MEASURE_TWICE`, `CUTS_TOO_MANY`,
    /// `DIMENSION_TWICE`, `BANDING_MISSING`, `BANDING_NOT_HERE`, `CUT_ONLY_FOR_EXITS`.
    pub fn new(measures: Vec<Measure>, cuts: Vec<Cut>) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        if measures.is_empty() {
            faults.push(Fault::new("measures", "MEASURES_MISSING"));
        }
        let mut known = BTreeSet::new();
        for (row, measure) in measures.iter().enumerate() {
            if !known.insert(*measure) {
                faults.push(Fault::new(format!("measures[{row}]"), "MEASURE_TWICE"));
            }
        }
        if cuts.len() > MOST_CUTS {
            let fault = Fault::new("cuts", "CUTS_TOO_MANY").with("value", cuts.len());
            faults.push(fault.with("most", MOST_CUTS));
        }
        check_cuts(&measures, &cuts, &mut faults);
        faults.into_result(|| Some(Self { measures, cuts }))
    }

    /// What is counted.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// By what.
    #[must_use]
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// The bandings that it names and that are not there, or divide something else.
    /// Errors: `BANDING_UNKNOWN`, `BANDING_UNFIT`.
    #[must_use]
    pub fn check_bandings(&self, known: &BTreeMap<BandingName, BandedDimension>) -> Faults {
        let mut faults = Faults::new();
        for (row, cut) in self.cuts.iter().enumerate() {
            let Some(banding) = &cut.banding else { continue };
            let field = format!("shape.cuts[{row}].banding");
            match known.get(banding) {
                None => faults.push(Fault::new(field, "BANDING_UNKNOWN").with("value", banding)),
                Some(divides) if cut.dimension.banded() == Some(*divides) => {}
                Some(_) => faults.push(Fault::new(field, "BANDING_UNFIT").with("value", banding)),
            }
        }
        faults
    }
}

fn check_cuts(measures: &[Measure], cuts: &[Cut], faults: &mut Faults) {
    let counts_others = measures.iter().any(|measure| !measure.is_of_exits());
    let mut known = BTreeSet::new();
    for (row, Cut { dimension, banding }) in cuts.iter().enumerate() {
        let field = format!("cuts[{row}].dimension");
        if !known.insert(*dimension) {
            faults.push(Fault::new(&field, "DIMENSION_TWICE"));
        }
        if dimension.is_of_exits() && counts_others {
            faults.push(Fault::new(field, "CUT_ONLY_FOR_EXITS"));
        }
        let field = format!("cuts[{row}].banding");
        match (dimension.banded(), banding) {
            (Some(BandedDimension::Age), None) => {
                faults.push(Fault::new(field, "BANDING_MISSING"));
            }
            (None, Some(banding)) => {
                faults.push(Fault::new(field, "BANDING_NOT_HERE").with("value", banding));
            }
            (Some(_), Some(_) | None) | (None, None) => {}
        }
    }
}

/// A registered layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableLayout {
    /// What people read.
    pub title: String,
    /// The table.
    pub shape: TableShape,
}
