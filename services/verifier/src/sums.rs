//! Sums over teams, and of what was reported and what was counted from records.

use crate::{Figure, Subject};

/// Every sum that is another than its parts make it.
pub(crate) fn problems(subjects: &[Subject], figures: &[Figure]) -> Vec<String> {
    let Some(whole) = subjects.first().filter(|subject| !subject.name.contains("/teams/")) else {
        return Vec::new();
    };
    let of_whole = figures.iter().filter(|figure| figure.subject == whole.name);
    of_whole.filter_map(|figure| problem(figure, subjects, figures)).collect()
}

fn problem(sum: &Figure, subjects: &[Subject], figures: &[Figure]) -> Option<String> {
    let same = |other: &&Figure| other.figure == sum.figure && other.category == sum.category;
    let told = sum.count?;
    let parts: Vec<&Figure> = match sum.source.as_str() {
        "reported" => {
            let is_part = |other: &&Figure| {
                other.subject != sum.subject
                    && matches!(other.source.as_str(), "reported" | "stated")
            };
            figures.iter().filter(same).filter(is_part).collect()
        }
        "mixed" => {
            let is_part = |other: &&Figure| {
                other.subject == sum.subject
                    && matches!(other.source.as_str(), "reported" | "derived")
            };
            figures.iter().filter(same).filter(is_part).collect()
        }
        "derived" => {
            let of_teams = subjects.iter().filter(|subject| subject.source == "derived");
            let teams: Vec<&str> = of_teams.map(|subject| subject.name.as_str()).collect();
            let is_part = |other: &&Figure| {
                other.subject != sum.subject && teams.contains(&other.subject.as_str())
            };
            figures.iter().filter(same).filter(is_part).collect()
        }
        _ => return None,
    };
    let mut added = 0;
    for part in &parts {
        // A hidden part makes the sum one that nobody can check without evidence.
        added += part.count?;
    }
    (added != told).then(|| format!("{} is {told}, its parts are {added}", sum.place()))
}
