//! That what happened along the enrolments is found and counted as the journal makes it, and
//! that the follow-ups are those that the exits schedule.

use std::collections::{BTreeMap, BTreeSet};

use platform::db::OpenTransaction;
use values::{Slug, name::FollowUpName};

use super::{differences, people::named};
use crate::{projection::along::Happened, store};

/// Adds a line for each problem of a federation.
pub(super) async fn check(
    picture: &OpenTransaction,
    federation: &Slug,
    made: Happened,
    problems: &mut Vec<String>,
) -> anyhow::Result<()> {
    let found = store::follow_up_end::all(picture, federation).await?;
    let ends = made.ends(&found);
    let by_name = |ends: Vec<store::follow_up_end::End>| {
        ends.into_iter().map(|end| ((end.name.clone(), end.known_from), end)).collect()
    };
    let miscounted = otherwise(&by_name(ends), &by_name(found));
    let miscounted: BTreeSet<FollowUpName> = miscounted.into_iter().map(|(name, _)| name).collect();
    let told = |name| format!("{name} is not counted as the journal has it");
    problems.extend(miscounted.into_iter().map(told));

    let Happened { milestones, placements, survey_answers, follow_ups, .. } = made;
    let found = store::milestone::all(picture, federation).await?;
    let found = found.into_iter().map(|row| (row.0.name.clone(), row));
    problems.extend(differences(&named(milestones), &named(found)));
    let found = store::placement::all(picture, federation).await?;
    let found = found.into_iter().map(|row| (row.0.name.clone(), row));
    problems.extend(differences(&named(placements), &named(found)));
    let found = store::survey_answer::all(picture, federation).await?;
    let found = found.into_iter().map(|row| (row.0.name.clone(), row));
    problems.extend(differences(&named(survey_answers), &named(found)));
    let found = store::follow_up::all(picture, federation).await?;
    let found = found.into_iter().map(|row| (row.0.name.clone(), row)).collect();
    let told = |name| format!("{name} is not scheduled as its exit has it");
    problems.extend(otherwise(&follow_ups, &found).into_iter().map(told));
    Ok(())
}

/// What one has otherwise than the other.
fn otherwise<K: Ord + Clone, R: PartialEq>(
    made: &BTreeMap<K, R>,
    found: &BTreeMap<K, R>,
) -> BTreeSet<K> {
    let keys: BTreeSet<&K> = made.keys().chain(found.keys()).collect();
    keys.into_iter().filter(|key| made.get(key) != found.get(key)).cloned().collect()
}
