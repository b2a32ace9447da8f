//! What a released count was made of, one by one: the texts that its commitment is a
//! commitment to, and the text of the count that they are salted for.

use values::{
    Period,
    name::{ReferralName, TableLayoutName},
};

use super::table::Place;

/// The text of a record version: a case's time in one municipality, as the journal
/// recorded it at a sequence with a hash.
#[must_use]
pub fn record_version(case: &ReferralName, part: i16, sequence: i64, hash: &[u8]) -> String {
    format!("{case}\n{part}\n{sequence}\n{}", hex::encode(hash))
}

/// A table as it is frozen for a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen<'a> {
    /// The publication, as a resource name.
    pub publication: &'a str,
    /// The layout.
    pub layout: &'a TableLayoutName,
    /// The days.
    pub period: Period,
    /// The sequence it is true at.
    pub sequence: i64,
}

impl Frozen<'_> {
    /// The text of a count of it. Each is another, so that one record has another salt in
    /// each count: leaves that were the same would tell how many two counts have in common,
    /// which may be hidden.
    #[must_use]
    pub fn count(&self, place: &Place) -> String {
        let Self { publication, layout, period, sequence } = self;
        let Place { keys, measure } = place;
        let (first, last) = (period.first_day(), period.last_day());
        let key = |key: &Option<String>| match key {
            Some(key) => format!("\n={key}"),
            None => "\n*".to_owned(),
        };
        let keys: String = keys.iter().map(key).collect();
        let measure = *measure as i32;
        format!("{publication}\n{layout}\n{first}\n{last}\n{sequence}\n{measure}{keys}")
    }
}

#[cfg(test)]
mod tests {
    use values::Slug;

    use super::*;
    use crate::domain::fact::Measure;

    fn slug(text: &str) -> Slug {
        Slug::parse("x", text).unwrap()
    }

    #[test]
    fn a_record_version_is_the_text_that_the_contract_says() {
        let case = ReferralName::new(slug("x"), slug("r-1"));
        let text = record_version(&case, 1, 42, &[0xab, 0x01]);
        assert_eq!(text, "federations/x/referrals/r-1\n1\n42\nab01");
    }

    #[test]
    fn no_two_counts_have_one_text() {
        let layout = TableLayoutName::new(slug("x"), slug("by-team"));
        let day = |text: &str| text.parse().unwrap();
        let half = |first, last| Period::new("period", day(first), day(last)).unwrap();
        let (spring, autumn) = (half("2025-01-01", "2025-06-30"), half("2025-07-01", "2025-12-31"));
        let frozen = |publication, period, sequence| Frozen {
            publication,
            layout: &layout,
            period,
            sequence,
        };
        let place = |keys: &[Option<&str>], measure| Place {
            keys: keys.iter().map(|key| key.map(str::to_owned)).collect(),
            measure,
        };
        let mut texts = Vec::new();
        for table in [
            frozen("federations/x/releases/a-1", spring, 7),
            frozen("federations/x/releases/a-2", spring, 7),
            frozen("federations/x/releases/a-1", autumn, 7),
            frozen("federations/x/releases/a-1", spring, 71),
        ] {
            for keys in [&[None, None], &[Some("a"), None], &[None, Some("a")], &[Some(""), None]] {
                for measure in [Measure::New, Measure::Referred] {
                    texts.push(table.count(&place(keys, measure)));
                }
            }
        }
        let many = texts.len();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), many);
    }
}
