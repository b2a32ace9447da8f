//! What every create and every change of a resource has to pass.

use values::Faults;

/// Why a resource is not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal {
    /// Another resource has the name.
    Taken,
    /// What it would be cannot be right.
    Faulty(Faults),
}

/// Why a resource is not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// Somebody else changed it since it was read.
    Stale,
    /// What it is to become cannot be right.
    Faulty(Faults),
}

/// Decides whether a resource is created: its name is free, and nothing is wrong
/// with it.
///
/// # Errors
/// The first of the two that does not hold.
pub fn create(taken: bool, faults: Faults) -> Result<(), CreateRefusal> {
    if taken {
        return Err(CreateRefusal::Taken);
    }
    if !faults.is_empty() {
        return Err(CreateRefusal::Faulty(faults));
    }
    Ok(())
}

/// Decides whether a resource is changed, and answers the number of its new version:
/// the version that was read is the one that stands, and nothing is wrong with what it
/// is to become.
///
/// # Errors
/// The first of the two that does not hold.
pub fn change(revision: i32, etag: &str, faults: Faults) -> Result<i32, ChangeRefusal> {
    if etag != revision.to_string() {
        return Err(ChangeRefusal::Stale);
    }
    if !faults.is_empty() {
        return Err(ChangeRefusal::Faulty(faults));
    }
    Ok(revision + 1)
}

#[cfg(test)]
mod tests {
    use values::Fault;

    use super::*;

    #[test]
    fn a_taken_name_and_an_old_version_are_told_before_what_is_wrong() {
        let faults = Faults::from(Fault::new("team", "TEAM_UNKNOWN"));
        assert_eq!(create(true, faults.clone()), Err(CreateRefusal::Taken));
        assert_eq!(create(false, faults.clone()), Err(CreateRefusal::Faulty(faults.clone())));
        assert_eq!(create(false, Faults::new()), Ok(()));
        assert_eq!(change(2, "1", faults.clone()), Err(ChangeRefusal::Stale));
        assert_eq!(change(2, "02", Faults::new()), Err(ChangeRefusal::Stale));
        assert_eq!(change(2, "2", faults.clone()), Err(ChangeRefusal::Faulty(faults)));
        assert_eq!(change(2, "2", Faults::new()), Ok(3));
    }
}
