//! A table of counts, ready to be shown: its rows in order, with the sums of the first
//! cut between them; what is hidden stands as hidden.

use proto::participant::{Count, CountTable, Cut, Measure, TableShape};

use super::words::Words;
use crate::web::{code, format, layout::Visit};

/// The table.
pub(crate) struct TableView {
    /// What the cuts are called.
    pub(crate) cuts: Vec<String>,
    /// What the measures are called.
    pub(crate) measures: Vec<String>,
    pub(crate) rows: Vec<RowView>,
    pub(crate) totals: Vec<CountView>,
    /// True when a count of it is hidden.
    pub(crate) hides: bool,
}

/// A row: its keys, or the one key that it is the sum of.
pub(crate) struct RowView {
    pub(crate) keys: Vec<String>,
    pub(crate) counts: Vec<CountView>,
    pub(crate) is_sum: bool,
}

/// A count.
pub(crate) struct CountView {
    /// The number; empty when it is hidden.
    pub(crate) text: String,
    /// Where its records are; empty where nobody opens them.
    pub(crate) href: String,
    /// What a link to its records says to somebody who does not see the table.
    pub(crate) label: String,
}

/// Where the records are behind a count of some of the cuts, with their keys.
pub(super) type Records<'a> = &'a dyn Fn(&[(Cut, String)], Measure) -> String;

impl TableView {
    /// Makes a table ready to be shown.
    pub(super) fn of(
        visit: &Visit,
        words: &Words,
        shape: &TableShape,
        table: &CountTable,
        records: Option<Records<'_>>,
    ) -> Self {
        let frame = Frame { visit, words, shape, records };
        let mut rows: Vec<(Vec<(usize, String)>, RowView)> = Vec::new();
        for cell in &table.cells {
            let keyed = shape.cuts.iter().zip(&cell.keys);
            let order = keyed.clone().map(|(cut, key)| words.order(visit, cut, key)).collect();
            let keyed: Vec<_> = keyed.map(|(cut, key)| (cut.clone(), key.clone())).collect();
            rows.push((order, frame.row(&keyed, &cell.counts, false)));
        }
        for margin in table.margins.iter().filter(|margin| margin.cut == 0) {
            if let Some(first) = shape.cuts.first() {
                // After all that it is the sum of.
                let order =
                    vec![words.order(visit, first, &margin.key), (usize::MAX, String::new())];
                let keyed = [(first.clone(), margin.key.clone())];
                rows.push((order, frame.row(&keyed, &margin.counts, true)));
            }
        }
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        let is_hidden = |count: &Count| count.value.is_none();
        let cells = table.cells.iter().flat_map(|cell| &cell.counts);
        let margins = table.margins.iter().flat_map(|margin| &margin.counts);
        Self {
            cuts: shape.cuts.iter().map(|cut| words.cut(visit, cut)).collect(),
            measures: measures(shape)
                .iter()
                .map(|measure| code::called(visit, measure.as_str_name()))
                .collect(),
            hides: cells.chain(margins).chain(&table.totals).any(is_hidden),
            totals: frame.counts(&[], &table.totals),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

/// What every row of a table shares.
struct Frame<'a> {
    visit: &'a Visit,
    words: &'a Words,
    shape: &'a TableShape,
    records: Option<Records<'a>>,
}

impl Frame<'_> {
    fn row(&self, keyed: &[(Cut, String)], counts: &[Count], is_sum: bool) -> RowView {
        let key = |(cut, key): &(Cut, String)| self.words.key(self.visit, cut, key);
        RowView {
            keys: keyed.iter().map(key).collect(),
            counts: self.counts(keyed, counts),
            is_sum,
        }
    }

    fn counts(&self, keyed: &[(Cut, String)], counts: &[Count]) -> Vec<CountView> {
        let view = |(measure, count): (&Measure, &Count)| {
            let some = count.value.filter(|value| *value > 0);
            let records = self.records.filter(|_| some.is_some());
            let keys = keyed.iter().map(|(cut, key)| self.words.key(self.visit, cut, key));
            let called = code::called(self.visit, measure.as_str_name());
            CountView {
                text: count.value.map(format::whole).unwrap_or_default(),
                href: records.map(|records| records(keyed, *measure)).unwrap_or_default(),
                label: std::iter::once(called).chain(keys).collect::<Vec<_>>().join(", "),
            }
        };
        measures(self.shape).iter().zip(counts).map(view).collect()
    }
}

fn measures(shape: &TableShape) -> Vec<Measure> {
    shape.measures().collect()
}
