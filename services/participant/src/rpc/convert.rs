//! Messages to values and back. A message is taken apart completely, so that a
//! new field stops the build; its `name` is read by the handler, which knows
//! what it has to be.

pub(super) mod banding;
pub(super) mod code;
pub(crate) mod criteria;
pub(super) mod data_set;
mod days;
pub(super) mod disposal;
pub(crate) mod enrolment;
pub(super) mod evidence;
pub(crate) mod follow_up;
pub(super) mod group_activity;
pub(super) mod intake_pause;
pub(crate) mod milestone;
pub(crate) mod participant;
pub(crate) mod placement;
pub(super) mod position;
pub(super) mod questionnaire;
pub(crate) mod referral;
pub(super) mod reserved_places;
pub(crate) mod survey;
pub(super) mod table_layout;
pub(super) mod tabulation;
pub(crate) mod to_proto;

use std::fmt::Display;

use disclosure::Threshold;
use platform::convert::text;
use proto::organisation as message;
use values::{
    Fault, Faults, OrganisationNumber, ScbCode, Slug,
    name::{AreaName, MunicipalityName, PartyName},
};

use crate::domain::{
    area::Area,
    federation::Federation,
    municipality::{self, Municipality},
    party::{Party, PartyKind},
    team::{ServedMunicipalities, Team},
};

/// Refuses a name of another federation.
pub(super) fn within<N: Display>(
    federation: &Slug,
    field: &str,
    parsed: Result<N, Fault>,
    federation_of: impl Fn(&N) -> &Slug,
) -> Result<N, Fault> {
    let name = parsed?;
    if federation_of(&name) == federation {
        Ok(name)
    } else {
        Err(Fault::new(field, "OTHER_FEDERATION").with("name", name))
    }
}

/// Reads a name that may be left out.
pub(super) fn optional<N>(
    sent: &str,
    read: impl FnOnce(&str) -> Result<N, Fault>,
) -> Result<Option<N>, Fault> {
    if sent.is_empty() { Ok(None) } else { read(sent).map(Some) }
}

/// Why something was taken away, when it was. The reason may have been taken away as well.
fn removed(is_removed: bool, reason: &str) -> Option<String> {
    is_removed.then(|| reason.to_owned())
}

/// Reads a name that people read.
fn display_name(sent: &str) -> Result<String, Fault> {
    text("display_name", sent, 1, 200)
}

pub(super) fn federation(sent: message::Federation) -> Result<Federation, Faults> {
    let message::Federation {
        name: _,
        display_name,
        organisation_number,
        synthetic,
        smallest_shown_count,
    } = sent;
    let mut faults = Faults::new();
    let display_name = faults.keep(self::display_name(&display_name));
    let number = OrganisationNumber::parse("organisation_number", &organisation_number);
    let number = faults.keep(number);
    let threshold = (smallest_shown_count != 0)
        .then(|| Threshold::new("smallest_shown_count", smallest_shown_count));
    let threshold = faults.keep(threshold.transpose());
    faults.into_result(|| {
        Some(Federation {
            display_name: display_name?,
            organisation_number: number?,
            synthetic,
            smallest_shown_count: threshold?,
        })
    })
}

pub(super) fn party(sent: message::Party) -> Result<Party, Faults> {
    let message::Party { name: _, display_name, organisation_number, kind, synthetic } = sent;
    let mut faults = Faults::new();
    let display_name = faults.keep(self::display_name(&display_name));
    let number = OrganisationNumber::parse("organisation_number", &organisation_number);
    let number = faults.keep(number);
    let kind = faults.keep(party_kind(kind));
    faults.into_result(|| {
        let (display_name, organisation_number, kind) = (display_name?, number?, kind?);
        Some(Party { display_name, organisation_number, kind, synthetic })
    })
}

fn party_kind(sent: i32) -> Result<PartyKind, Fault> {
    match message::PartyKind::try_from(sent) {
        Ok(message::PartyKind::StateAgency) => Ok(PartyKind::StateAgency),
        Ok(message::PartyKind::Region) => Ok(PartyKind::Region),
        Ok(message::PartyKind::Municipality) => Ok(PartyKind::Municipality),
        Ok(message::PartyKind::Unspecified) | Err(_) => Err(Fault::new("kind", "ENUM_UNSPECIFIED")),
    }
}

pub(super) fn area(sent: message::Area) -> Result<Area, Faults> {
    let message::Area { name: _, display_name } = sent;
    Ok(Area { display_name: self::display_name(&display_name)? })
}

/// Reads a municipality; `id` is the last part of its name, when that could be
/// read.
pub(super) fn municipality(
    id: Option<&Slug>,
    sent: message::Municipality,
) -> Result<Municipality, Faults> {
    let message::Municipality { name: _, scb_code, display_name, area, party } = sent;
    let mut faults = Faults::new();
    let scb_code = ScbCode::parse("scb_code", &scb_code).and_then(|code| match id {
        Some(id) => municipality::check_code_is_id(id, code),
        None => Ok(code),
    });
    let scb_code = faults.keep(scb_code);
    let display_name = faults.keep(self::display_name(&display_name));
    let area = (!area.is_empty()).then(|| AreaName::parse("area", &area)).transpose();
    let area = faults.keep(area);
    let party = (!party.is_empty()).then(|| PartyName::parse("party", &party)).transpose();
    let party = faults.keep(party);
    faults.into_result(|| {
        let (scb_code, display_name) = (scb_code?, display_name?);
        Some(Municipality { scb_code, display_name, area: area?, party: party? })
    })
}

pub(super) fn team(sent: message::Team) -> Result<Team, Faults> {
    let message::Team { name: _, display_name, municipalities } = sent;
    let mut faults = Faults::new();
    let display_name = faults.keep(self::display_name(&display_name));
    let municipalities = faults.keep_nested("", served(&municipalities));
    faults
        .into_result(|| Some(Team { display_name: display_name?, municipalities: municipalities? }))
}

fn served(sent: &[String]) -> Result<ServedMunicipalities, Faults> {
    let mut faults = Faults::new();
    let mut names = Vec::new();
    for (index, name) in sent.iter().enumerate() {
        let field = format!("municipalities[{index}]");
        names.extend(faults.keep(MunicipalityName::parse(&field, name)));
    }
    let names = faults.into_result(|| Some(names))?;
    ServedMunicipalities::new(names)
}
