//! Which figures of a release are hidden, from whichever source they come.

use std::collections::BTreeSet;

use disclosure::{Threshold, ledger::NothingCanBeTold};

use super::{Counted, HiddenBefore, compiled, stating};
use crate::domain::definition::Definitions;
use crate::domain::half_year::HalfYear;
use crate::domain::protection::{Place, Published, Stating, openings, protect, ties};
use crate::domain::template::Relation;

/// What the figures of a release are.
#[derive(Debug, Clone, Copy)]
pub struct Meaning<'a> {
    /// What they mean.
    pub definitions: &'a Definitions,
    /// What the template says of them.
    pub relations: &'a [Relation],
    /// The half-year that they are of.
    pub period: HalfYear,
    /// The teams that they are of, with figures or without.
    pub teams: &'a BTreeSet<String>,
}

/// What was published before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Earlier {
    /// With the counts behind it.
    pub publications: Vec<Published>,
    /// Of the period, and of those beside it: what was stated of teams.
    pub stating: Vec<Stating>,
    /// What is hidden of the period before.
    pub hidden: HiddenBefore,
}

/// The figures of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    /// Its counts, without those from records that are hidden.
    pub counted: Counted,
    /// What is hidden of those that were reported or stated, and of some from records.
    pub hidden: BTreeSet<Place>,
    /// What it states of teams; none where neither it nor what was published before does.
    pub stating: Option<Stating>,
}

impl Protected {
    /// An earlier release that states what would tell something that this one hides of what
    /// is counted from records: that is out, and no hiding here takes it back.
    #[must_use]
    pub fn told_before(&self, earlier: &Earlier) -> Option<String> {
        let own = self.stating.as_ref()?;
        let telling = earlier.stating.iter().find(|other| !other.told_of(own).is_empty());
        telling.map(|other| other.release.clone())
    }
}

/// Decides which figures of a release are hidden.
///
/// # Errors
/// When nothing of it can be told.
pub fn protected(
    counted: Counted,
    meaning: Meaning<'_>,
    earlier: &Earlier,
    (threshold, version): (Threshold, i64),
) -> Result<Protected, NothingCanBeTold> {
    let Meaning { definitions, relations, period, teams } = meaning;
    let known = (ties(definitions, relations), openings(relations));
    let publication = counted.publication((version, period), teams, known.clone());
    let hidden = protect(threshold, &earlier.publications, &publication)?.hidden();
    let hidden = &hidden | &counted.few_stated(threshold);
    let beside = counted.hidden_beside((definitions, relations), &hidden, &earlier.hidden);
    let counted = counted.hiding_derived(&beside);
    let hidden = &hidden | &beside;
    if counted.stated.is_empty() && earlier.stating.iter().all(|other| other.totals.is_empty()) {
        return Ok(Protected { counted, hidden, stating: None });
    }
    let (ties, openings) = known;
    let whole = counted.whole.clone();
    let made = |hidden: &BTreeSet<Place>| {
        // What it is committed to does not matter here.
        let figures = compiled(definitions, &counted, hidden, &[0; 32]);
        let known = (period, ties.clone(), openings.clone());
        stating("", (&whole, teams), &figures, known)
    };
    let telling = made(&hidden).telling(threshold, &earlier.stating);
    let hidden = &hidden | &telling;
    let stating = Some(made(&hidden));
    Ok(Protected { counted, hidden, stating })
}
