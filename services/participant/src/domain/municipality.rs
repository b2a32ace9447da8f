//! Municipalities, by SCB code.

use values::name::{AreaName, PartyName};
use values::{Fault, Faults, ScbCode, Slug};

/// A municipality of the federation. Its id is its SCB code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// SCB's code, equal to the id.
    pub scb_code: ScbCode,
    /// The name people read.
    pub display_name: String,
    /// The area it belongs to; none when the federation has no areas.
    pub area: Option<AreaName>,
    /// The party that is responsible for its people; none while nobody is.
    pub party: Option<PartyName>,
}

/// Checks that the code is the id.
///
/// # Errors
/// `SCB_CODE_NOT_ID` with both.
pub fn check_code_is_id(id: &Slug, scb_code: ScbCode) -> Result<ScbCode, Fault> {
    if id.as_str() != scb_code.as_str() {
        return Err(Fault::new("scb_code", "SCB_CODE_NOT_ID")
            .with("value", scb_code.as_str())
            .with("expected", id));
    }
    Ok(scb_code)
}

/// True when the content gives the record a party, which it had not, and nothing else.
#[must_use]
pub fn completes(record: &Municipality, content: &Municipality) -> bool {
    record.party.is_none() && Municipality { party: None, ..content.clone() } == *record
}

/// The area and the party, when they are unknown. Those of another federation are
/// unknown here.
pub fn unknown_references(
    municipality: &Municipality,
    is_known: impl Fn(&AreaName) -> bool,
    is_known_party: impl Fn(&PartyName) -> bool,
) -> Faults {
    let mut faults = Faults::new();
    let unknown = municipality.area.as_ref().filter(|area| !is_known(area));
    if let Some(area) = unknown {
        faults.push(Fault::new("area", "AREA_UNKNOWN").with("value", area));
    }
    let unknown = municipality.party.as_ref().filter(|party| !is_known_party(party));
    if let Some(party) = unknown {
        faults.push(Fault::new("party", "PARTY_UNKNOWN").with("value", party));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_must_be_the_id() {
        let code = ScbCode::parse("scb_code", "1983").unwrap();
        let id = Slug::parse("id", "1983").unwrap();
        assert_eq!(check_code_is_id(&id, code.clone()), Ok(code.clone()));
        let other = Slug::parse("id", "koping").unwrap();
        let fault = check_code_is_id(&other, code).unwrap_err();
        assert_eq!(fault.reason, "SCB_CODE_NOT_ID");
        assert_eq!(fault.facts, [("value", "1983".to_owned()), ("expected", "koping".to_owned())]);
    }

    #[test]
    fn a_municipality_needs_no_area_and_no_party_but_named_ones_must_be_there() {
        let area = AreaName::parse("area", "federations/vastmanland/areas/vastra").unwrap();
        let party = PartyName::parse("party", "federations/vastmanland/parties/koping").unwrap();
        let mut municipality = Municipality {
            scb_code: ScbCode::parse("scb_code", "1983").unwrap(),
            display_name: "Köping".to_owned(),
            area: None,
            party: None,
        };
        assert!(unknown_references(&municipality, |_| false, |_| false).is_empty());
        municipality.area = Some(area);
        municipality.party = Some(party);
        assert!(unknown_references(&municipality, |_| true, |_| true).is_empty());
        let faults = unknown_references(&municipality, |_| false, |_| false).into_vec();
        let reasons: Vec<_> = faults.iter().map(|fault| fault.reason).collect();
        assert_eq!(reasons, ["AREA_UNKNOWN", "PARTY_UNKNOWN"]);
    }
}
