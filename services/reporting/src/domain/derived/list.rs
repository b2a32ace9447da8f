//! The de-identified list that goes out with a status report: those whom it counts, by what
//! they have in common. Whoever is alike with too few others was left out where they were
//! counted.

use std::collections::BTreeSet;

use values::Slug;

use super::Cut;
use crate::domain::definition::Partition;

/// The table that the list is made of: by team, and by each cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The id of its layout.
    pub layout: Slug,
    /// What people read.
    pub title: String,
    /// One of [`super::MEASURES`].
    pub measure: usize,
    /// What people have in common beside the team.
    pub cuts: Vec<ListCut>,
}

/// Something that people have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListCut {
    /// The dimension.
    pub cut: Cut,
    /// What it is called in Swedish.
    pub heading: String,
    /// What its parts are called.
    pub partition: Partition,
}

/// People who are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The team, as a resource name.
    pub team: String,
    /// The key of each cut.
    pub keys: Vec<String>,
    /// How many they are.
    pub people: i64,
}

impl ListCut {
    /// What a part is called in Swedish; nothing for people of whom it is not known.
    #[must_use]
    pub fn word(&self, key: &str) -> &str {
        let category = self.cut.category(key);
        let mut known = self.partition.categories.iter();
        let found = known.find(|known| category.as_ref() == Some(&known.code));
        found.map_or("", |found| &found.text.sv)
    }
}

/// The rows of some teams.
#[must_use]
pub fn rows_of(told: &[Alike], teams: &BTreeSet<&str>) -> Vec<Alike> {
    told.iter().filter(|alike| teams.contains(alike.team.as_str())).cloned().collect()
}
