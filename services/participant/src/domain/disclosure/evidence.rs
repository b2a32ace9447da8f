//! Which counts of a frozen table are proved to one who works with some of its people.

use std::collections::{BTreeMap, BTreeSet};

use values::{Fault, Faults};

use super::table::Place;

/// Record versions of an answer at most, those that are withheld among them.
pub const MOST_RECORDS: usize = 50_000;

/// How many record versions a count has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Behind {
    /// Of records that the caller sees.
    pub own: usize,
    /// Of all.
    pub all: usize,
}

/// Why nothing is proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing was committed to: the table was only read.
    NotFrozen,
    /// Some of the counts that are asked for are not proved to the caller.
    Counts(Faults),
    /// No record behind the table is the caller's.
    OfOthers,
    /// There are more record versions than go into an answer.
    TooLarge(usize),
}

/// Decides which counts of a table are proved: those asked for, or all that the caller has
/// a part in. `shown` has what is behind each count that is shown and committed to. A
/// count that is hidden is proved to nobody, whosever records it counts; so of a table that
/// was frozen and hides every count, nothing is proved, and that is no refusal.
///
/// # Errors
/// Every fault of the counts that are asked for, or what else forbids it.
pub fn provable(
    asked: &[Place],
    (shown, hidden): (&BTreeMap<Place, Behind>, &BTreeSet<Place>),
    is_frozen: bool,
) -> Result<BTreeSet<Place>, Refusal> {
    if !is_frozen {
        return Err(Refusal::NotFrozen);
    }
    let is_own = |place: &Place| shown.get(place).is_some_and(|behind| behind.own > 0);
    let mut faults = Faults::new();
    for (row, place) in asked.iter().enumerate() {
        if hidden.contains(place) {
            faults.push(Fault::new(format!("counts[{row}]"), "COUNT_HIDDEN"));
        } else if !is_own(place) {
            faults.push(Fault::new(format!("counts[{row}]"), "COUNT_OF_OTHERS"));
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Counts(faults));
    }
    let proved: BTreeSet<Place> = match asked {
        [] => shown.keys().filter(|place| is_own(place)).cloned().collect(),
        asked => asked.iter().cloned().collect(),
    };
    if proved.is_empty() && !shown.is_empty() {
        return Err(Refusal::OfOthers);
    }
    let records = proved.iter().filter_map(|place| shown.get(place));
    let records: usize = records.map(|behind| behind.all).sum();
    if records > MOST_RECORDS { Err(Refusal::TooLarge(records)) } else { Ok(proved) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Measure;

    fn place(key: &str) -> Place {
        Place { keys: vec![Some(key.to_owned())], measure: Measure::New }
    }

    /// Own, everybody's, shared, hidden.
    fn table() -> (BTreeMap<Place, Behind>, BTreeSet<Place>) {
        let shown = [
            (place("own"), Behind { own: 7, all: 7 }),
            (place("others"), Behind { own: 0, all: 9 }),
            (place("shared"), Behind { own: 1, all: 16 }),
        ];
        (shown.into(), [place("hidden")].into())
    }

    #[test]
    fn whoever_names_nothing_gets_all_that_counts_a_record_of_theirs() {
        let (shown, hidden) = table();
        let proved = provable(&[], (&shown, &hidden), true);
        assert_eq!(proved, Ok([place("own"), place("shared")].into()));
    }

    #[test]
    fn a_hidden_count_and_others_counts_are_refused_together() {
        let (shown, hidden) = table();
        let asked = ["own", "hidden", "others", "none"].map(place);
        let Err(Refusal::Counts(faults)) = provable(&asked, (&shown, &hidden), true) else {
            panic!("they were proved");
        };
        let told: Vec<(&str, &str)> =
            faults.as_slice().iter().map(|fault| (fault.field.as_str(), fault.reason)).collect();
        assert_eq!(
            told,
            [
                ("counts[1]", "COUNT_HIDDEN"),
                ("counts[2]", "COUNT_OF_OTHERS"),
                ("counts[3]", "COUNT_OF_OTHERS"),
            ]
        );
    }

    #[test]
    fn a_frozen_table_that_hides_every_count_proves_nothing_and_is_no_refusal() {
        let (_, hidden) = table();
        let nothing = BTreeMap::new();
        assert_eq!(provable(&[], (&nothing, &hidden), true), Ok(BTreeSet::new()));
        let asked = provable(&[place("hidden")], (&nothing, &hidden), true);
        assert!(matches!(asked, Err(Refusal::Counts(_))), "{asked:?}");
    }

    #[test]
    fn a_table_that_proves_nothing_says_why() {
        let (mut shown, hidden) = table();
        assert_eq!(provable(&[], (&shown, &hidden), false), Err(Refusal::NotFrozen));
        let others = [(place("others"), Behind { own: 0, all: 9 })].into();
        assert_eq!(provable(&[], (&others, &hidden), true), Err(Refusal::OfOthers));
        shown.insert(place("large"), Behind { own: 1, all: MOST_RECORDS + 1 });
        let too_large = provable(&[place("large")], (&shown, &hidden), true);
        assert_eq!(too_large, Err(Refusal::TooLarge(MOST_RECORDS + 1)));
    }
}
