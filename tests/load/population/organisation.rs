//! Where the generated people live, and the teams that they come to.

use proto::organisation::{
    Area, Federation, ImportOrganisationRequest, Municipality, Party, PartyKind, Team,
};
use values::number::luhn_check_digit;

/// The areas.
pub(super) const AREAS: [&str; 4] = ["norra", "ostra", "sodra", "vastra"];

/// The municipalities: code, area, and how many of a hundred people live there. Each is
/// a party of its own.
pub(crate) const MUNICIPALITIES: [(&str, usize, usize); 20] = [
    ("9901", 0, 9),
    ("9902", 0, 5),
    ("9903", 0, 4),
    ("9904", 0, 8),
    ("9905", 1, 6),
    ("9906", 1, 5),
    ("9907", 1, 7),
    ("9908", 1, 4),
    ("9909", 1, 3),
    ("9910", 2, 8),
    ("9911", 2, 5),
    ("9912", 2, 4),
    ("9913", 2, 6),
    ("9914", 2, 3),
    ("9915", 3, 5),
    ("9916", 3, 4),
    ("9917", 3, 4),
    ("9918", 3, 3),
    ("9919", 3, 4),
    ("9920", 3, 3),
];

/// The teams, and the municipalities that each serves; some are served by two.
pub(crate) const TEAMS: [(&str, &[usize]); 12] = [
    ("hamnen", &[0]),
    ("backen", &[0, 1, 2]),
    ("kvarnen", &[3, 4]),
    ("bruket", &[4, 5]),
    ("torget", &[6, 7, 8]),
    ("stationen", &[9]),
    ("slussen", &[9, 10, 11]),
    ("parken", &[12, 13]),
    ("hagen", &[13, 14]),
    ("sjoen", &[15, 16, 17]),
    ("skogen", &[17, 18, 19]),
    ("udden", &[18, 19]),
];

/// The parties that are no municipalities come after those.
pub(super) const REGION: usize = MUNICIPALITIES.len();
pub(super) const INSURANCE_AGENCY: usize = REGION + 1;
pub(super) const EMPLOYMENT_SERVICE: usize = REGION + 2;

/// The id of a party.
pub(super) fn party(number: usize) -> String {
    match number {
        REGION => "region".to_owned(),
        INSURANCE_AGENCY => "forsakringskassan".to_owned(),
        EMPLOYMENT_SERVICE => "arbetsformedlingen".to_owned(),
        municipality => format!("kommun-{}", municipality + 1),
    }
}

/// The teams that serve a municipality.
pub(super) fn serving(municipality: usize) -> Vec<usize> {
    let serves = |team: &usize| TEAMS[*team].1.contains(&municipality);
    (0..TEAMS.len()).filter(serves).collect()
}

/// All of it at once.
pub(super) fn request(federation: &str) -> ImportOrganisationRequest {
    let municipality = |(number, (code, area, _)): (usize, &(&str, usize, usize))| Municipality {
        name: format!("{federation}/municipalities/{code}"),
        scb_code: (*code).to_owned(),
        display_name: format!("Testkommun {}", number + 1),
        area: format!("{federation}/areas/{}", AREAS[*area]),
        party: format!("{federation}/parties/{}", party(number)),
    };
    let area = |id: &&str| Area {
        name: format!("{federation}/areas/{id}"),
        display_name: format!("Testområde {id}"),
    };
    let team = |(id, served): &(&str, &[usize])| Team {
        name: format!("{federation}/teams/{id}"),
        display_name: format!("Testteam {id}"),
        municipalities: served
            .iter()
            .map(|number| format!("{federation}/municipalities/{}", MUNICIPALITIES[*number].0))
            .collect(),
    };
    ImportOrganisationRequest {
        parent: federation.to_owned(),
        federations: vec![Federation {
            name: federation.to_owned(),
            display_name: "Testförbundet".to_owned(),
            organisation_number: organisation_number(EMPLOYMENT_SERVICE + 1),
            synthetic: true,
            ..Default::default()
        }],
        parties: (0..=EMPLOYMENT_SERVICE).map(|number| member(federation, number)).collect(),
        areas: AREAS.iter().map(area).collect(),
        municipalities: MUNICIPALITIES.iter().enumerate().map(municipality).collect(),
        teams: TEAMS.iter().map(team).collect(),
        request_id: "population-organisation".to_owned(),
        ..Default::default()
    }
}

fn member(federation: &str, number: usize) -> Party {
    let kind = match number {
        REGION => PartyKind::Region,
        INSURANCE_AGENCY | EMPLOYMENT_SERVICE => PartyKind::StateAgency,
        _ => PartyKind::Municipality,
    };
    Party {
        name: format!("{federation}/parties/{}", party(number)),
        display_name: format!("Testpart {}", number + 1),
        organisation_number: organisation_number(number),
        kind: kind.into(),
        synthetic: true,
    }
}

/// A number that nobody has, with the right check digit.
fn organisation_number(number: usize) -> String {
    let digits = format!("222000{number:03}");
    format!("{digits}{}", luhn_check_digit(&digits))
}
