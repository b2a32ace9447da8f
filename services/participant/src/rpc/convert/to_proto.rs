//! Values to messages: what is answered, and what the journal records.

use proto::organisation as message;
use values::name::{AreaName, MunicipalityName, PartyName, TeamName};

use crate::domain::{
    area::Area,
    federation::{Federation, FederationName},
    municipality::Municipality,
    party::{Party, PartyKind},
    team::Team,
};

pub(crate) fn federation(name: &FederationName, federation: &Federation) -> message::Federation {
    let Federation { display_name, organisation_number, synthetic, smallest_shown_count } =
        federation;
    message::Federation {
        name: name.to_string(),
        display_name: display_name.clone(),
        organisation_number: organisation_number.as_str().to_owned(),
        synthetic: *synthetic,
        smallest_shown_count: smallest_shown_count.map_or(0, |count| count.number().into()),
    }
}

pub(crate) fn party(name: &PartyName, party: &Party) -> message::Party {
    let Party { display_name, organisation_number, kind, synthetic } = party;
    let kind = match kind {
        PartyKind::StateAgency => message::PartyKind::StateAgency,
        PartyKind::Region => message::PartyKind::Region,
        PartyKind::Municipality => message::PartyKind::Municipality,
    };
    message::Party {
        name: name.to_string(),
        display_name: display_name.clone(),
        organisation_number: organisation_number.as_str().to_owned(),
        kind: kind.into(),
        synthetic: *synthetic,
    }
}

pub(crate) fn area(name: &AreaName, area: &Area) -> message::Area {
    let Area { display_name } = area;
    message::Area { name: name.to_string(), display_name: display_name.clone() }
}

pub(crate) fn municipality(
    name: &MunicipalityName,
    municipality: &Municipality,
) -> message::Municipality {
    let Municipality { scb_code, display_name, area, party } = municipality;
    message::Municipality {
        name: name.to_string(),
        scb_code: scb_code.as_str().to_owned(),
        display_name: display_name.clone(),
        area: area.as_ref().map(ToString::to_string).unwrap_or_default(),
        party: party.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

pub(crate) fn team(name: &TeamName, team: &Team) -> message::Team {
    let Team { display_name, municipalities } = team;
    message::Team {
        name: name.to_string(),
        display_name: display_name.clone(),
        municipalities: municipalities.as_slice().iter().map(ToString::to_string).collect(),
    }
}
