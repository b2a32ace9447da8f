//! What every change of a resource has to pass.

use values::{Fault, Faults, name::TeamName};

/// Why a resource is not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody else changed it since it was read.
    Stale,
    /// What it is to become cannot be right.
    Faulty(Faults),
}

/// Decides whether a resource is changed, and answers the number of its new version:
/// the version that was read is the one that stands, and nothing is wrong with what it
/// is to become.
///
/// # Errors
/// The first of the two that does not hold.
pub fn change(revision: i32, etag: &str, faults: Faults) -> Result<i32, Refusal> {
    if etag != revision.to_string() {
        return Err(Refusal::Stale);
    }
    if !faults.is_empty() {
        return Err(Refusal::Faulty(faults));
    }
    Ok(revision + 1)
}

/// What is wrong when something that belongs to a team is to become another team's.
pub fn moved(from: &TeamName, to: &TeamName) -> Faults {
    if from == to {
        return Faults::new();
    }
    Fault::new("team", "TEAM_STAYS").with("expected", from).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_version_is_told_before_what_is_wrong_with_the_new_one() {
        let faults = Faults::from(Fault::new("employer", "PARTY_UNKNOWN"));
        assert_eq!(change(2, "1", faults.clone()), Err(Refusal::Stale));
        assert_eq!(change(2, "02", Faults::new()), Err(Refusal::Stale));
        assert_eq!(change(2, "2", faults.clone()), Err(Refusal::Faulty(faults)));
        assert_eq!(change(2, "2", Faults::new()), Ok(3));
    }

    #[test]
    fn what_belongs_to_a_team_stays_with_it() {
        let team = |id: &str| TeamName::parse("", &format!("federations/f/teams/{id}")).unwrap();
        assert!(moved(&team("fns"), &team("fns")).is_empty());
        let faults = moved(&team("fns"), &team("sala")).into_vec();
        assert_eq!((faults[0].field.as_str(), faults[0].reason), ("team", "TEAM_STAYS"));
    }
}
