//! Tables of counts, from and to messages.

use std::collections::{BTreeMap, BTreeSet};

use disclosure::commitment::Hash;
use proto::participant as message;

use crate::domain::{
    disclosure::table::{Layout, Place},
    fact::Measure,
    tabulation::Counted,
};

/// What each shown number was made of.
pub(in crate::rpc) type Commitments = BTreeMap<Place, Hash>;

/// A table as it is answered: cells whose every count is shown and 0 are left out.
pub(in crate::rpc) fn count_table(
    layout: &Layout,
    numbers: &BTreeMap<Place, Option<i64>>,
    commitments: &Commitments,
) -> message::CountTable {
    let cuts = layout.cuts.len();
    let counts = |keys: &[Option<String>]| {
        let count = |measure: &Measure| {
            let place = Place { keys: keys.to_vec(), measure: *measure };
            // What was not counted is nobody.
            let value = numbers.get(&place).copied().unwrap_or(Some(0));
            let commitment = commitments.get(&place).map(|hash| hash.to_vec());
            message::Count { value, commitment: commitment.unwrap_or_default() }
        };
        layout.measures.iter().map(count).collect::<Vec<_>>()
    };
    let is_empty = |counts: &[message::Count]| counts.iter().all(|count| count.value == Some(0));
    let keys: BTreeSet<&Vec<Option<String>>> = numbers.keys().map(|place| &place.keys).collect();
    let mut cells = Vec::new();
    let mut margins = Vec::new();
    for keys in keys {
        let named: Vec<(usize, &String)> = keys
            .iter()
            .enumerate()
            .filter_map(|(cut, key)| key.as_ref().map(|key| (cut, key)))
            .collect();
        let counts = counts(keys);
        match named.as_slice() {
            [] => {}
            _ if is_empty(&counts) => {}
            all if all.len() == cuts => {
                let keys = all.iter().map(|(_, key)| (*key).clone()).collect();
                cells.push(message::CountCell { keys, counts });
            }
            [(cut, key)] => {
                let cut = i32::try_from(*cut).unwrap_or(i32::MAX);
                margins.push(message::CountMargin { cut, key: (*key).clone(), counts });
            }
            _ => {}
        }
    }
    margins.sort_by(|one, other| (one.cut, &one.key).cmp(&(other.cut, &other.key)));
    message::CountTable { cells, totals: counts(&vec![None; cuts]), margins }
}

/// A table of what was counted, as it is answered to those who may see each count.
pub(in crate::rpc) fn exact_table(layout: &Layout, counted: &Counted) -> message::CountTable {
    let cuts = layout.cuts.len();
    let shown = |counts: &[i64]| {
        let count = |value: &i64| message::Count { value: Some(*value), commitment: Vec::new() };
        counts.iter().map(count).collect::<Vec<_>>()
    };
    let is_somebody = |counts: &[i64]| counts.iter().any(|count| *count != 0);
    // Without a cut the totals say it all, and with one its cells are its margin.
    let cells = counted.cells().iter().filter(|(_, counts)| cuts > 0 && is_somebody(counts));
    let cells = cells
        .map(|(keys, counts)| message::CountCell { keys: keys.clone(), counts: shown(counts) });
    let mut margins = Vec::new();
    for (cut, number) in (0..if cuts > 1 { cuts } else { 0 }).zip(0..) {
        let margin = counted.margin(cut).into_iter().filter(|(_, counts)| is_somebody(counts));
        margins.extend(margin.map(|(key, counts)| message::CountMargin {
            cut: number,
            key: key.to_owned(),
            counts: shown(&counts),
        }));
    }
    message::CountTable { cells: cells.collect(), totals: shown(&counted.totals()), margins }
}

/// What is hidden in a table.
pub(in crate::rpc) fn hidden(layout: &Layout, table: &message::CountTable) -> BTreeSet<Place> {
    let absent = counts(layout, table).into_iter().filter(|(_, count)| count.value.is_none());
    absent.map(|(place, _)| place).collect()
}

/// What was committed to in a table.
///
/// # Errors
/// When a commitment is none.
pub(in crate::rpc) fn committed(
    layout: &Layout,
    table: &message::CountTable,
) -> anyhow::Result<Commitments> {
    let counts = counts(layout, table).into_iter();
    let committed = counts.filter(|(_, count)| !count.commitment.is_empty());
    let hash = |(place, count): (Place, &message::Count)| {
        Ok((place, Hash::try_from(count.commitment.as_slice())?))
    };
    committed.map(hash).collect()
}

/// Every count that stands in a table.
fn counts<'a>(layout: &Layout, table: &'a message::CountTable) -> Vec<(Place, &'a message::Count)> {
    let message::CountTable { cells, totals, margins } = table;
    let cuts = layout.cuts.len();
    let mut found = Vec::new();
    let mut note = |keys: &[Option<String>], counts: &'a [message::Count]| {
        let counts = layout.measures.iter().zip(counts);
        let place = |measure: &Measure| Place { keys: keys.to_vec(), measure: *measure };
        found.extend(counts.map(|(measure, count)| (place(measure), count)));
    };
    for message::CountCell { keys, counts } in cells {
        let keys: Vec<Option<String>> = keys.iter().cloned().map(Some).collect();
        note(&keys, counts);
    }
    for message::CountMargin { cut, key, counts } in margins {
        let of_cut = |other: usize| usize::try_from(*cut).is_ok_and(|cut| cut == other);
        let keys = (0..cuts).map(|other| of_cut(other).then(|| key.clone()));
        note(&keys.collect::<Vec<_>>(), counts);
    }
    note(&vec![None; cuts], totals);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{disclosure::table::BandedCut, table_layout::Dimension};

    #[test]
    fn what_is_hidden_reads_back_as_it_was_written() {
        let cut = |dimension| BandedCut { dimension, banding: None };
        let layout = Layout {
            measures: vec![Measure::New, Measure::QueueIn],
            cuts: vec![cut(Dimension::Team), cut(Dimension::Sex)],
        };
        let mut numbers = BTreeMap::new();
        for (team, sex, new, came) in
            [("a", "m", Some(7), Some(0)), ("a", "w", None, Some(9)), ("b", "w", Some(0), Some(0))]
        {
            for (measure, value) in [(Measure::New, new), (Measure::QueueIn, came)] {
                for place in Place::all_of(&[team, sex], measure) {
                    let sum = numbers.entry(place).or_insert(Some(0));
                    *sum = sum.zip(value).map(|(sum, value)| sum + value);
                }
            }
        }
        let table = count_table(&layout, &numbers, &Commitments::new());
        let cells: Vec<_> = table.cells.iter().map(|cell| cell.keys.join(" ")).collect();
        assert_eq!(cells, ["a m", "a w"], "nobody is in the others");
        let margins: Vec<_> =
            table.margins.iter().map(|margin| (margin.cut, margin.key.as_str())).collect();
        assert_eq!(margins, [(0, "a"), (1, "m"), (1, "w")]);
        assert_eq!(table.totals[1].value, Some(9));
        let absent = numbers.iter().filter(|(_, value)| value.is_none());
        let absent: BTreeSet<Place> = absent.map(|(place, _)| place.clone()).collect();
        assert_eq!(absent.len(), 4);
        assert_eq!(hidden(&layout, &table), absent);
        let roots: Commitments = numbers
            .iter()
            .filter(|(_, value)| value.is_some_and(|value| value > 0))
            .map(|(place, _)| (place.clone(), [u8::try_from(place.keys.len()).unwrap(); 32]))
            .collect();
        let table = count_table(&layout, &numbers, &roots);
        assert_eq!(committed(&layout, &table).unwrap(), roots);
    }
}
