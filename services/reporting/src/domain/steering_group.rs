//! Those who steer the programmes together: parties and roles, never names of people.

use values::Faults;
use values::name::AreaName;

use crate::domain::limits::{each_once, length};

const MOST_MEMBERS: usize = 50;

/// A steering group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SteeringGroup {
    /// What it is called.
    pub display_name: String,
    /// The area it steers; none for the central group.
    pub area: Option<AreaName>,
    /// Who sits in it, as parties and roles.
    pub members: Vec<String>,
}

impl SteeringGroup {
    /// Checks the content.
    ///
    /// # Errors
    /// `ITEMS_MISSING`, `ITEMS_TOO_MANY`, `ITEM_TWICE`.
    pub fn checked(self) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        faults.keep(length("members", self.members.len(), 1, MOST_MEMBERS));
        faults.keep_nested("", each_once("members", &self.members));
        faults.into_result(|| Some(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_members_each_of_them_once() {
        let checked = |members: &[&str]| {
            let members = members.iter().map(|member| (*member).to_owned()).collect();
            let group = SteeringGroup { display_name: "Centrala".to_owned(), area: None, members };
            let faults = group.checked().err().map(Faults::into_vec).unwrap_or_default();
            faults.into_iter().map(|fault| fault.reason).collect::<Vec<_>>()
        };
        assert_eq!(checked(&["Regionen, ordförande", "Regionen"]), [""; 0]);
        assert_eq!(checked(&[]), ["ITEMS_MISSING"]);
        assert_eq!(checked(&["Regionen", "Regionen"]), ["ITEM_TWICE"]);
    }
}
