//! The rows of federation.csv, parties.csv, areas.csv, municipalities.csv and
//! teams.csv as one request.

use proto::organisation::{
    Area, Federation, ImportOrganisationRequest, Municipality, Party, PartyKind, Team,
};

use values::Fault;

use super::{
    fields::{Desk, Fields},
    files::{self, Collection},
    tables::Tables,
};

const PARTY_KINDS: &[(&str, i32)] = &[
    ("state_agency", PartyKind::StateAgency as i32),
    ("region", PartyKind::Region as i32),
    ("municipality", PartyKind::Municipality as i32),
];

/// Puts the request together, without request id and to be carried out.
pub(super) fn request(tables: &Tables, desk: &mut Desk<'_>) -> ImportOrganisationRequest {
    let parent = desk.parent();
    let mut federations = 0;
    let federation = |fields: &mut Fields<'_>| {
        federations += 1;
        federation(fields, &parent, federations == 1)
    };
    ImportOrganisationRequest {
        parent: parent.clone(),
        federations: desk.each(tables.get(&files::FEDERATION), "federations", federation),
        parties: desk.each(tables.get(&files::PARTIES), "parties", party),
        areas: desk.each(tables.get(&files::AREAS), "areas", area),
        municipalities: desk.each(
            tables.get(&files::MUNICIPALITIES),
            "municipalities",
            municipality,
        ),
        teams: desk.each(tables.get(&files::TEAMS), "teams", team),
        request_id: String::new(),
        validate_only: false,
    }
}

/// The federation has its name from the command, so a second row would name it
/// a second time.
fn federation(fields: &mut Fields<'_>, name: &str, is_first: bool) -> Federation {
    if !is_first {
        fields.refuse("display_name", Fault::new("", "NAME_TWICE").with("name", name));
    }
    Federation {
        name: name.to_owned(),
        display_name: fields.text("display_name"),
        organisation_number: fields.text("organisation_number"),
        synthetic: fields.synthetic(),
    }
}

fn party(fields: &mut Fields<'_>) -> Party {
    Party {
        name: fields.own_name(Collection::Parties),
        display_name: fields.text("display_name"),
        organisation_number: fields.text("organisation_number"),
        kind: fields.code("kind", PARTY_KINDS),
        synthetic: fields.synthetic(),
    }
}

fn area(fields: &mut Fields<'_>) -> Area {
    Area { name: fields.own_name(Collection::Areas), display_name: fields.text("display_name") }
}

fn municipality(fields: &mut Fields<'_>) -> Municipality {
    Municipality {
        name: fields.own_name(Collection::Municipalities),
        scb_code: fields.text("scb_code"),
        display_name: fields.text("display_name"),
        area: fields.optional_reference("area", "area", Collection::Areas),
    }
}

fn team(fields: &mut Fields<'_>) -> Team {
    Team {
        name: fields.own_name(Collection::Teams),
        display_name: fields.text("display_name"),
        municipalities: fields.references(
            "municipalities",
            "municipalities",
            Collection::Municipalities,
        ),
    }
}
