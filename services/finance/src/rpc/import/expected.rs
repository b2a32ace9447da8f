//! What the same import is about to create in the organisation: believed in a dry
//! run, where it is not there yet; otherwise it must be there.

use proto::finance as pb;
use values::{
    Fault, OrganisationNumber, Slug,
    name::{MunicipalityName, PartyName, TeamName},
};

use super::faults::Told;
use crate::{
    domain::{contribution::Group, import::Outside},
    rpc::convert::within,
};

/// What is expected, as it was sent.
#[derive(Default)]
pub(super) struct Expected {
    /// Names of teams, parties and municipalities.
    pub(super) names: Vec<String>,
    /// Parties, with what is asked about them.
    pub(super) parties: Vec<pb::ExpectedParty>,
}

/// What the organisation has to be asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asks {
    pub(super) teams: bool,
    pub(super) parties: bool,
    pub(super) municipalities: bool,
}

/// Something that is expected.
enum Coming {
    Team(TeamName),
    Party { name: PartyName, number: Option<OrganisationNumber>, group: Option<Group> },
    Municipality(MunicipalityName),
}

impl Expected {
    /// What the organisation has to be asked for, to tell what of it is there.
    pub(super) fn asks(&self, federation: &Slug, known: &Outside) -> Asks {
        let mut asks = Asks::default();
        // What cannot be read is told when it is taken.
        for coming in self.coming(federation).filter_map(|(_, _, coming)| coming.ok()) {
            match &coming {
                Coming::Team(_) => asks.teams |= !coming.is_in(known),
                Coming::Party { .. } => asks.parties |= !coming.is_in(known),
                Coming::Municipality(_) => asks.municipalities |= !coming.is_in(known),
            }
        }
        asks
    }

    /// Takes what is expected into what is known, as far as it may be.
    pub(super) fn take(
        &self,
        federation: &Slug,
        is_dry_run: bool,
        outside: &mut Outside,
        told: &mut Told,
    ) {
        for (field, sent, coming) in self.coming(federation) {
            match coming {
                Ok(coming) if coming.is_in(outside) => {}
                Ok(coming) if is_dry_run => coming.join(outside),
                Ok(_) => {
                    let missing = Fault::new(field, "EXPECTED_NAME_MISSING").with("name", sent);
                    told.push((None, missing));
                }
                Err(fault) => told.push((None, fault)),
            }
        }
    }

    /// Everything that is expected, with its field and what was sent. Parties
    /// that are told about come first: as a mere name they are then known.
    fn coming(
        &self,
        federation: &Slug,
    ) -> impl Iterator<Item = (String, &str, Result<Coming, Fault>)> {
        let parties = self.parties.iter().enumerate().map(|(index, party)| {
            let field = format!("expected_parties[{index}].name");
            let coming = read_party(federation, &field, party);
            (field, party.name.as_str(), coming)
        });
        let names = self.names.iter().enumerate().map(|(index, sent)| {
            let field = format!("expected_names[{index}]");
            let coming = read_name(federation, &field, sent);
            (field, sent.as_str(), coming)
        });
        parties.chain(names)
    }
}

impl Coming {
    fn is_in(&self, outside: &Outside) -> bool {
        match self {
            Coming::Team(team) => outside.teams.contains(team),
            Coming::Party { name, .. } => outside.parties.contains_key(name),
            Coming::Municipality(name) => outside.municipalities.contains(name),
        }
    }

    fn join(self, outside: &mut Outside) {
        match self {
            Coming::Team(team) => {
                outside.teams.insert(team);
            }
            Coming::Party { name, number, group } => {
                outside.groups.extend(group.map(|group| (name.clone(), group)));
                outside.parties.insert(name, number);
            }
            Coming::Municipality(name) => {
                outside.municipalities.insert(name);
            }
        }
    }
}

fn read_name(federation: &Slug, field: &str, sent: &str) -> Result<Coming, Fault> {
    if let Ok(team) = TeamName::parse(field, sent) {
        return within(federation, field, Ok(team), |name| &name.federation).map(Coming::Team);
    }
    if let Ok(name) = MunicipalityName::parse(field, sent) {
        let municipality = within(federation, field, Ok(name), |name| &name.federation);
        return municipality.map(Coming::Municipality);
    }
    let party = pb::ExpectedParty { name: sent.to_owned(), ..Default::default() };
    read_party(federation, field, &party)
}

/// What cannot be read of a party beside its name is not known: the organisation
/// tells what is wrong with it.
fn read_party(federation: &Slug, field: &str, party: &pb::ExpectedParty) -> Result<Coming, Fault> {
    let pb::ExpectedParty { name, group: _, organisation_number } = party;
    let name = PartyName::parse(field, name);
    let name = within(federation, field, name, |name| &name.federation)?;
    let number = OrganisationNumber::parse("", organisation_number).ok();
    let group = match party.group() {
        pb::ContributionGroup::State => Some(Group::State),
        pb::ContributionGroup::Region => Some(Group::Region),
        pb::ContributionGroup::Municipalities => Some(Group::Municipalities),
        pb::ContributionGroup::Unspecified => None,
    };
    Ok(Coming::Party { name, number, group })
}
