//! Places that are kept for a channel.

use platform::convert::{date_from_proto, date_to_proto, text};
use proto::participant as pb;
use values::{Fault, Faults, name::TeamName};

use crate::domain::{
    code::ReferringKind,
    reserved_places::{Places, ReservedPlaces, ReservedPlacesKey},
};

/// Reads a reservation. Its name follows from its content.
pub(in crate::rpc) fn parse(sent: pb::ReservedPlaces) -> Result<ReservedPlaces, Faults> {
    let pb::ReservedPlaces {
        team,
        referring_kind,
        first_day,
        places,
        decision,
        team_places,
        name: _, // Output only.
    } = sent;
    let mut faults = Faults::new();
    let team = faults.keep(TeamName::parse("team", &team));
    let channel = ReferringKind::from_number(referring_kind);
    let channel =
        faults.keep(channel.ok_or_else(|| Fault::new("referring_kind", "ENUM_UNSPECIFIED")));
    let first_day = faults.keep(date_from_proto("first_day", first_day));
    let places = faults.keep_nested("", Places::new(places, team_places));
    let decision = faults.keep(text("decision", &decision, 1, 200));
    faults.into_result(|| {
        let key =
            ReservedPlacesKey { team: team?, referring_kind: channel?, first_day: first_day? };
        Some(ReservedPlaces { key, places: places?, decision: decision? })
    })
}

/// A reservation as it is sent and recorded.
pub(in crate::rpc) fn render(reservation: &ReservedPlaces) -> pb::ReservedPlaces {
    let ReservedPlaces { key, places, decision } = reservation;
    let ReservedPlacesKey { team, referring_kind, first_day } = key;
    pb::ReservedPlaces {
        team: team.to_string(),
        referring_kind: referring_kind.number().into(),
        first_day: Some(date_to_proto(*first_day)),
        places: places.reserved(),
        decision: decision.clone(),
        team_places: places.of(),
        name: key.to_string(),
    }
}
