//! What an import adds, leaves and refuses.

use values::{OrganisationNumber, ScbCode};

use super::*;
use crate::domain::party::PartyKind;
use crate::domain::team::ServedMunicipalities;

const HOME: &str = "vastmanland";

fn slug(text: &str) -> Slug {
    Slug::parse("id", text).unwrap()
}

fn number() -> OrganisationNumber {
    OrganisationNumber::parse("organisation_number", "202100-5489").unwrap()
}

fn federation() -> Federation {
    Federation {
        display_name: "Samordningsförbundet Västmanland".to_owned(),
        organisation_number: number(),
        synthetic: false,
        smallest_shown_count: None,
    }
}

fn party() -> Party {
    Party {
        display_name: "Köpings kommun".to_owned(),
        organisation_number: number(),
        kind: PartyKind::Municipality,
        synthetic: true,
    }
}

fn area(display_name: &str) -> Area {
    Area { display_name: display_name.to_owned() }
}

fn area_name(id: &str) -> AreaName {
    AreaName::new(slug(HOME), slug(id))
}

fn municipality_name(code: &str) -> MunicipalityName {
    MunicipalityName::new(slug(HOME), slug(code))
}

fn municipality(code: &str, area: Option<&str>) -> Municipality {
    Municipality {
        scb_code: ScbCode::parse("scb_code", code).unwrap(),
        display_name: "Köping".to_owned(),
        area: area.map(area_name),
        party: None,
    }
}

fn team(codes: &[&str]) -> Team {
    let served = codes.iter().map(|code| municipality_name(code)).collect();
    Team {
        display_name: "Teamsamverkan Västra Mälardalen".to_owned(),
        municipalities: ServedMunicipalities::new(served).unwrap(),
    }
}

fn row<N, T>(name: N, content: T) -> Row<N, T> {
    Row { name: Ok(name), content: Ok(content) }
}

fn whole() -> Rows {
    Rows {
        federations: vec![row(FederationName(slug(HOME)), federation())],
        parties: vec![row(PartyName::new(slug(HOME), slug("koping")), party())],
        areas: vec![row(area_name("vastra"), area("Västra"))],
        municipalities: vec![row(municipality_name("1983"), municipality("1983", Some("vastra")))],
        teams: vec![row(TeamName::new(slug(HOME), slug("vastra-malardalen")), team(&["1983"]))],
    }
}

fn told(result: Result<Organisation, Faults>) -> Vec<(String, &'static str)> {
    let faults = result.unwrap_err().into_vec();
    faults.into_iter().map(|fault| (fault.field, fault.reason)).collect()
}

fn expect(told: Vec<(String, &'static str)>, expected: &[(&str, &str)]) {
    let told: Vec<_> = told.iter().map(|(field, reason)| (field.as_str(), *reason)).collect();
    assert_eq!(told, expected);
}

#[test]
fn references_are_met_by_rows_of_the_same_request() {
    let additions = import(&slug(HOME), whole(), &Organisation::default()).unwrap();
    assert_eq!(additions.federations.len(), 1);
    assert_eq!(additions.parties.len(), 1);
    assert_eq!(additions.areas.len(), 1);
    assert_eq!(additions.municipalities.len(), 1);
    assert_eq!(additions.teams.len(), 1);
}

#[test]
fn what_is_there_with_the_same_content_adds_nothing() {
    let known = import(&slug(HOME), whole(), &Organisation::default()).unwrap();
    let additions = import(&slug(HOME), whole(), &known).unwrap();
    assert_eq!(additions, Organisation::default());
}

#[test]
fn references_are_met_by_what_is_there() {
    let known = import(&slug(HOME), whole(), &Organisation::default()).unwrap();
    let sala = TeamName::new(slug(HOME), slug("sala"));
    let rows = Rows { teams: vec![row(sala.clone(), team(&["1983"]))], ..Rows::default() };
    let additions = import(&slug(HOME), rows, &known).unwrap();
    assert_eq!(additions.teams.into_keys().collect::<Vec<_>>(), [sala]);
}

#[test]
fn what_is_there_with_other_content_is_a_fault() {
    let known = import(&slug(HOME), whole(), &Organisation::default()).unwrap();
    let mut rows = whole();
    rows.areas = vec![row(area_name("vastra"), area("Öst"))];
    let told = told(import(&slug(HOME), rows, &known));
    expect(told, &[("areas[0]", "DIFFERS_FROM_RECORD")]);
}

#[test]
fn every_fault_of_every_row_is_told_in_the_order_of_the_request() {
    let mut rows = whole();
    rows.federations.push(row(FederationName(slug(HOME)), federation()));
    rows.parties.push(row(PartyName::new(slug("sormland"), slug("koping")), party()));
    rows.areas.push(Row {
        name: Err(Fault::new("name", "NAME_MALFORMED")),
        content: Err(Fault::new("display_name", "TEXT_MISSING").into()),
    });
    rows.areas.push(row(area_name("vastra"), area("Västra")));
    rows.municipalities.push(row(municipality_name("1984"), municipality("1984", Some("norra"))));
    rows.teams.push(row(TeamName::new(slug(HOME), slug("sala")), team(&["1983", "1981"])));
    let told = told(import(&slug(HOME), rows, &Organisation::default()));
    expect(
        told,
        &[
            ("federations[1].name", "FEDERATION_TWICE"),
            ("parties[1].name", "OTHER_FEDERATION"),
            ("areas[1].name", "NAME_MALFORMED"),
            ("areas[1].display_name", "TEXT_MISSING"),
            ("areas[2].name", "NAME_TWICE"),
            ("municipalities[1].area", "AREA_UNKNOWN"),
            ("teams[1].municipalities[1]", "MUNICIPALITY_UNKNOWN"),
        ],
    );
}

#[test]
fn a_reference_to_a_row_with_bad_content_is_not_a_fault_of_its_own() {
    let mut rows = whole();
    rows.areas[0].content = Err(Fault::new("display_name", "TEXT_MISSING").into());
    let told = told(import(&slug(HOME), rows, &Organisation::default()));
    expect(told, &[("areas[0].display_name", "TEXT_MISSING")]);
}
