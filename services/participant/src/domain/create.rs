//! What every create has to pass.

use values::Faults;

/// Why a resource is not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Another resource has the name.
    Taken,
    /// The content refers to what is not there.
    References(Faults),
}

/// Decides whether a resource is created: its name is free, and everything it
/// refers to is there.
///
/// # Errors
/// The first of the two that does not hold.
pub fn create(taken: bool, unknown_references: Faults) -> Result<(), Refusal> {
    if taken {
        return Err(Refusal::Taken);
    }
    if !unknown_references.is_empty() {
        return Err(Refusal::References(unknown_references));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use values::Fault;

    use super::*;

    #[test]
    fn a_taken_name_is_told_before_an_unknown_reference() {
        let unknown = Faults::from(Fault::new("area", "AREA_UNKNOWN"));
        assert_eq!(create(true, unknown.clone()), Err(Refusal::Taken));
        assert_eq!(create(false, unknown.clone()), Err(Refusal::References(unknown)));
        assert_eq!(create(false, Faults::new()), Ok(()));
    }
}
