//! Age bands by the names a report gives them: *30 or younger*, *over 50*,
//! *18–29 år*.

use super::{Subject, cell_of};
use crate::domain::finding::{Fact, Finding};
use crate::domain::quantity::Ratio;
use crate::domain::template::{Band, Cells, Share};

/// The oldest age of a band without an end.
const OLDEST: u8 = 150;

/// The ages of a band, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ages {
    /// The youngest.
    pub from: u8,
    /// The oldest.
    pub to: u8,
}

impl Ages {
    /// Reads a band's name in Swedish or English; what stands in parentheses is
    /// a remark.
    #[must_use]
    pub fn read(label: &str) -> Option<Self> {
        let label = label.split('(').next().unwrap_or_default().to_lowercase();
        let words: Vec<&str> = label
            .split(|character: char| character.is_whitespace() || "–-".contains(character))
            .filter(|word| !matches!(*word, "" | "år" | "years" | "åringar" | "of" | "age" | "och"))
            .collect();
        let age = |text: &str| text.parse::<u8>().ok().filter(|age| *age <= OLDEST);
        let (from, to) = match words.as_slice() {
            ["under" | "below", to] | ["yngre" | "younger", "än" | "than", to] => {
                (0, age(to)?.checked_sub(1)?)
            }
            ["over" | "över" | "above", from] | ["äldre" | "older", "än" | "than", from] => {
                (age(from)?.checked_add(1)?, OLDEST)
            }
            [to, "or" | "and" | "eller", "younger" | "under" | "yngre"]
            | [to, "yngre"]
            | ["upp" | "up", "till" | "to", to]
            | ["högst", to] => (0, age(to)?),
            [from, "or" | "and" | "eller", "older" | "over" | "äldre"]
            | [from, "äldre"]
            | ["från" | "minst" | "from", from] => (age(from)?, OLDEST),
            [from, to] | [from, "to" | "till", to] => (age(from)?, age(to)?),
            [only] => match only.strip_suffix('+') {
                Some(from) => (age(from)?, OLDEST),
                None => (age(only)?, age(only)?),
            },
            _ => return None,
        };
        (from <= to).then_some(Self { from, to })
    }

    /// True when every age of the other is one of its own.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

/// Overlaps and gaps among the bands that are stated; a band that is declared
/// nested lies in one of the others.
pub(super) fn check(bands: &[Band], id: &str, subject: &Subject) -> Vec<Finding> {
    let is_stated =
        |band: &&Band| band.cells.iter().any(|cell| subject.figures.get(cell).is_some());
    let mut findings = Vec::new();
    let mut side_by_side = Vec::new();
    let mut nested = Vec::new();
    for band in bands.iter().filter(is_stated) {
        match Ages::read(&band.label) {
            None => {
                let fact = Fact::BandUnreadable { label: band.label.clone() };
                findings.push(finding(id, &[band], fact));
            }
            Some(ages) if band.is_nested => nested.push((ages, band)),
            Some(ages) => side_by_side.push((ages, band)),
        }
    }
    side_by_side.sort_by_key(|(ages, _)| *ages);
    for pair in side_by_side.windows(2) {
        let [(younger, first), (older, second)] = pair else { continue };
        let labels = [first.label.clone(), second.label.clone()];
        if older.from <= younger.to {
            let fact = Fact::BandsOverlap { labels, age: older.from };
            findings.push(finding(id, &[first, second], fact));
        } else if older.from > younger.to + 1 {
            let fact = Fact::BandsGap { labels, age: younger.to + 1 };
            findings.push(finding(id, &[first, second], fact));
        }
    }
    for (ages, band) in nested {
        let outer = side_by_side.iter().find(|(outer, _)| outer.covers(ages));
        let fits = outer.is_some_and(|(_, outer)| sum(band, subject) <= sum(outer, subject));
        if !fits {
            let fact = Fact::BandNotNested { label: band.label.clone() };
            let both: Vec<&Band> =
                std::iter::once(band).chain(outer.map(|(_, outer)| *outer)).collect();
            findings.push(finding(id, &both, fact));
        }
    }
    findings
}

/// A share of a band goes by the name that the band's own column has.
pub(super) fn check_name(
    bands: &[Band],
    share: &Share,
    id: &str,
    subject: &Subject,
) -> Option<Finding> {
    let label = share.label.as_ref()?;
    let part = Cells::stated(&share.part, &subject.figures);
    let is_same =
        |band: &&Band| !part.is_empty() && part.iter().all(|cell| band.cells.contains(*cell));
    let band = bands.iter().find(is_same)?;
    subject.figures.get(&share.stated)?;
    if Ages::read(label)? == Ages::read(&band.label)? {
        return None;
    }
    let mut found =
        finding(id, &[band], Fact::BandNamedTwice { labels: [band.label.clone(), label.clone()] });
    found.concerned.push(cell_of(id, &share.stated));
    Some(found)
}

fn sum(band: &Band, subject: &Subject) -> Ratio {
    Ratio::sum(band.cells.iter().filter_map(|cell| subject.figures.number(cell)))
}

fn finding(id: &str, bands: &[&Band], fact: Fact) -> Finding {
    let cells = bands.iter().flat_map(|band| &band.cells);
    Finding {
        subject: Some(id.to_owned()),
        concerned: cells.map(|cell| cell_of(id, cell)).collect(),
        fact,
        remedies: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bands_name_tells_its_ages() {
        for (label, from, to) in [
            ("under 30", 0, 29),
            ("Under 30 år", 0, 29),
            ("30 or younger", 0, 30),
            ("30 år eller yngre", 0, 30),
            ("over 30", 31, OLDEST),
            ("30 år och äldre", 30, OLDEST),
            ("30 and over", 30, OLDEST),
            ("over 50 (also counted in over 30)", 51, OLDEST),
            ("18–29 år", 18, 29),
            ("18 to 64", 18, 64),
            ("65+", 65, OLDEST),
            ("äldre än 50", 51, OLDEST),
        ] {
            assert_eq!(Ages::read(label), Some(Ages { from, to }), "{label}");
        }
        for label in ["", "unga", "30–18", "under 0", "over 200", "many years"] {
            assert_eq!(Ages::read(label), None, "{label}");
        }
    }
}
