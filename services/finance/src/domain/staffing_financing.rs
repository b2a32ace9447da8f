//! Who pays for how many full-time posts, where, and from when to when.
//!
//! What a municipality pays for staff (medfinansiering) is never mixed with its
//! contribution in money: nothing here touches the ledger.
//!
//! Check case: Sörmland's staff (tests/it/data/staffing.csv).

use chrono::NaiveDate;
use values::name::{MunicipalityName, StaffingFinancingName};

pub mod matrix;

/// The most full-time posts one of the two pays for in a row, in percent.
pub const LARGEST_FTE_PERCENT: i32 = 100_000;

/// Where posts belong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// In a municipality.
    Municipality(MunicipalityName),
    /// In none, such as the region's coordinators.
    Nowhere,
}

/// Full-time posts by who pays, in percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Posts {
    /// Paid by the municipality.
    pub by_municipality_percent: i32,
    /// Paid by the federation.
    pub by_federation_percent: i32,
}

/// Posts that are paid for in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffingFinancing {
    /// Its name.
    pub name: StaffingFinancingName,
    /// Where.
    pub place: Place,
    /// What it is about.
    pub title: String,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day; none while it goes on.
    pub last_day: Option<NaiveDate>,
    /// How many.
    pub posts: Posts,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
    /// Counts its changes, from 1.
    pub revision: i32,
}

impl StaffingFinancing {
    /// Names this version.
    #[must_use]
    pub fn etag(&self) -> String {
        self.revision.to_string()
    }
}

/// A row as far as it could be read: what could not is told by the reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffingFinancingParts {
    /// Its name.
    pub name: Option<StaffingFinancingName>,
    /// Where.
    pub place: Option<Place>,
    /// What it is about.
    pub title: Option<String>,
    /// The first day.
    pub first_day: Option<NaiveDate>,
    /// The last day; the inner none while it goes on.
    pub last_day: Option<Option<NaiveDate>>,
    /// How many.
    pub posts: Posts,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl StaffingFinancingParts {
    /// The days it is to be for, when they could be read.
    #[must_use]
    pub fn days(&self) -> Option<Days<'_>> {
        let (place, title) = (self.place.as_ref()?, self.title.as_ref()?);
        Some(Days { place, title, first_day: self.first_day?, last_day: self.last_day? })
    }
}

/// Days that posts are for, or are to be for.
#[derive(Debug, Clone, Copy)]
pub struct Days<'a> {
    /// Where.
    pub place: &'a Place,
    /// What they are about.
    pub title: &'a str,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day; none while they go on.
    pub last_day: Option<NaiveDate>,
}

impl Days<'_> {
    /// Of the other rows, the first by name of the same place and title for some
    /// of the same days.
    #[must_use]
    pub fn overlapping<'a>(
        self,
        others: impl IntoIterator<Item = &'a StaffingFinancing>,
    ) -> Option<StaffingFinancingName> {
        let overlaps = |other: &&StaffingFinancing| {
            other.place == *self.place
                && other.title == self.title
                && other.last_day.is_none_or(|last_day| last_day >= self.first_day)
                && self.last_day.is_none_or(|last_day| other.first_day <= last_day)
        };
        let names = others.into_iter().filter(overlaps).map(|other| &other.name);
        names.min().cloned()
    }
}

/// What a new row is checked against.
#[derive(Debug, Clone)]
pub struct CreateFacts {
    /// True when a row of that name is there.
    pub is_taken: bool,
    /// True when the municipality is there; true without one.
    pub municipality_is_known: bool,
    /// Another row of the same place and title for some of the same days.
    pub overlapping: Option<StaffingFinancingName>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffingFault {
    /// There is no such municipality.
    MunicipalityUnknown(MunicipalityName),
    /// The last day comes before the first.
    DaysReversed {
        /// The first day.
        first_day: NaiveDate,
        /// The last day.
        last_day: NaiveDate,
    },
    /// Nobody pays for anything.
    NoPosts,
    /// What the municipality pays for is not 0 to [`LARGEST_FTE_PERCENT`].
    MunicipalityPostsOutOfRange(i32),
    /// What the federation pays for is not 0 to [`LARGEST_FTE_PERCENT`].
    FederationPostsOutOfRange(i32),
    /// A municipality pays, but none is named.
    NoMunicipalityPays(i32),
    /// The same place and title has another row for some of the same days.
    Overlaps(StaffingFinancingName),
}

/// Why a row is not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<StaffingFault>),
    /// The name is taken.
    Taken,
}

/// Creates a row.
///
/// # Errors
/// What forbids it.
pub fn create(
    parts: StaffingFinancingParts,
    facts: CreateFacts,
) -> Result<StaffingFinancing, CreateRefusal> {
    let faults = faults(&parts, &facts);
    let row = match whole(parts) {
        Some(row) if faults.is_empty() => row,
        Some(_) | None => return Err(CreateRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(CreateRefusal::Taken);
    }
    Ok(row)
}

fn faults(parts: &StaffingFinancingParts, facts: &CreateFacts) -> Vec<StaffingFault> {
    let mut faults = Vec::new();
    if let Some(Place::Municipality(municipality)) = &parts.place
        && !facts.municipality_is_known
    {
        faults.push(StaffingFault::MunicipalityUnknown(municipality.clone()));
    }
    let reversed = match (parts.first_day, parts.last_day) {
        (Some(first_day), Some(Some(last_day))) if last_day < first_day => {
            Some(StaffingFault::DaysReversed { first_day, last_day })
        }
        (_, _) => None,
    };
    // Days that are none overlap nothing.
    let overlapping = facts.overlapping.as_ref().filter(|_| reversed.is_none());
    faults.extend(reversed);
    let Posts { by_municipality_percent, by_federation_percent } = parts.posts;
    let allowed = 0..=LARGEST_FTE_PERCENT;
    if !allowed.contains(&by_municipality_percent) {
        faults.push(StaffingFault::MunicipalityPostsOutOfRange(by_municipality_percent));
    } else if by_municipality_percent > 0 && parts.place == Some(Place::Nowhere) {
        faults.push(StaffingFault::NoMunicipalityPays(by_municipality_percent));
    }
    if !allowed.contains(&by_federation_percent) {
        faults.push(StaffingFault::FederationPostsOutOfRange(by_federation_percent));
    }
    if parts.posts == Posts::default() {
        faults.push(StaffingFault::NoPosts);
    }
    faults.extend(overlapping.cloned().map(StaffingFault::Overlaps));
    faults
}

fn whole(parts: StaffingFinancingParts) -> Option<StaffingFinancing> {
    let StaffingFinancingParts { name, place, title, first_day, last_day, posts, synthetic } =
        parts;
    Some(StaffingFinancing {
        name: name?,
        place: place?,
        title: title?,
        first_day: first_day?,
        last_day: last_day?,
        posts,
        synthetic,
        revision: 1,
    })
}

/// Why a row is not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndRefusal {
    /// Another change came between.
    Stale,
    /// The day cannot be right.
    Faulty(StaffingFault),
}

/// Ends a row, or moves its end. `overlapping` is another row of the same place
/// and title for some of the days that the row will have.
///
/// # Errors
/// What forbids it.
pub fn end(
    row: StaffingFinancing,
    etag: &str,
    last_day: NaiveDate,
    overlapping: Option<StaffingFinancingName>,
) -> Result<StaffingFinancing, EndRefusal> {
    if etag != row.etag() {
        return Err(EndRefusal::Stale);
    }
    let first_day = row.first_day;
    if last_day < first_day {
        return Err(EndRefusal::Faulty(StaffingFault::DaysReversed { first_day, last_day }));
    }
    if let Some(other) = overlapping {
        return Err(EndRefusal::Faulty(StaffingFault::Overlaps(other)));
    }
    Ok(StaffingFinancing { last_day: Some(last_day), revision: row.revision + 1, ..row })
}

#[cfg(test)]
mod tests;
