//! Teams and the municipalities they serve.

use std::collections::BTreeSet;

use values::name::{MunicipalityName, TeamName};
use values::{Fault, Faults};

/// A rehabilitation team that the parties run together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The name people read.
    pub display_name: String,
    /// The municipalities it serves.
    pub municipalities: ServedMunicipalities,
}

/// At least one municipality, each once, in the order they were given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedMunicipalities(Vec<MunicipalityName>);

impl ServedMunicipalities {
    /// Checks the list.
    ///
    /// # Errors
    /// `MUNICIPALITIES_MISSING`, or a `MUNICIPALITY_TWICE` for each repetition,
    /// under the field `municipalities`.
    pub fn new(municipalities: Vec<MunicipalityName>) -> Result<Self, Faults> {
        if municipalities.is_empty() {
            return Err(Fault::new("municipalities", "MUNICIPALITIES_MISSING").into());
        }
        let mut faults = Faults::new();
        let mut seen = BTreeSet::new();
        for (index, municipality) in municipalities.iter().enumerate() {
            if !seen.insert(municipality) {
                faults.push(at(index, "MUNICIPALITY_TWICE", municipality));
            }
        }
        faults.into_result(|| Some(Self(municipalities)))
    }

    /// The municipalities.
    #[must_use]
    pub fn as_slice(&self) -> &[MunicipalityName] {
        &self.0
    }
}

/// The municipalities that are unknown. One of another federation is unknown
/// here.
pub fn unknown_references(team: &Team, is_known: impl Fn(&MunicipalityName) -> bool) -> Faults {
    let mut faults = Faults::new();
    for (index, municipality) in team.municipalities.as_slice().iter().enumerate() {
        if !is_known(municipality) {
            faults.push(at(index, "MUNICIPALITY_UNKNOWN", municipality));
        }
    }
    faults
}

/// What is wrong with something of a team that is not there.
pub fn unknown_team(team: &TeamName, is_known: bool) -> Faults {
    if is_known {
        return Faults::new();
    }
    Fault::new("team", "TEAM_UNKNOWN").with("value", team).into()
}

fn at(index: usize, reason: &'static str, municipality: &MunicipalityName) -> Fault {
    Fault::new(format!("municipalities[{index}]"), reason).with("value", municipality)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn municipality(code: &str) -> MunicipalityName {
        let name = format!("federations/vastmanland/municipalities/{code}");
        MunicipalityName::parse("name", &name).unwrap()
    }

    #[test]
    fn a_team_serves_at_least_one_municipality() {
        let faults = ServedMunicipalities::new(Vec::new()).unwrap_err().into_vec();
        assert_eq!(faults[0].reason, "MUNICIPALITIES_MISSING");
    }

    #[test]
    fn each_repeated_municipality_is_named_where_it_stands() {
        let list = ["1983", "1984", "1983", "1984"].map(municipality).to_vec();
        let faults = ServedMunicipalities::new(list).unwrap_err().into_vec();
        let told: Vec<_> =
            faults.iter().map(|fault| (fault.field.as_str(), fault.reason)).collect();
        assert_eq!(
            told,
            [
                ("municipalities[2]", "MUNICIPALITY_TWICE"),
                ("municipalities[3]", "MUNICIPALITY_TWICE"),
            ]
        );
    }

    #[test]
    fn each_unknown_municipality_is_named_where_it_stands() {
        let list = ["1983", "1984", "1960"].map(municipality).to_vec();
        let team = Team {
            display_name: "Teamsamverkan Västra Mälardalen".to_owned(),
            municipalities: ServedMunicipalities::new(list).unwrap(),
        };
        let faults = unknown_references(&team, |name| *name == municipality("1984")).into_vec();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["municipalities[0]", "municipalities[2]"]);
        assert!(faults.iter().all(|fault| fault.reason == "MUNICIPALITY_UNKNOWN"));
    }
}
