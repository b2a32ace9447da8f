//! What a folder asks for: the three requests, where their fields came from,
//! and the faults found on the way. Decides what the services' answers mean for
//! the rows; sends and prints nothing.

use std::collections::BTreeMap;

use proto::{
    common::{ImportFault, ImportOutcome},
    finance::{ContributionGroup, ExpectedParty},
    organisation::{Party, PartyKind},
};
use values::{Slug, name::PartyName};

use super::{
    RowFault, RowOutcome, Section,
    fields::Desk,
    findings::Findings,
    kinds::{self, Collection, MUNICIPALITIES, PARTIES, Requests, TEAMS},
    places::Places,
    sources::Sources,
    tables::{self, Files},
};

/// Everything the files ask for.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) requests: Requests,
    places: BTreeMap<Section, Places>,
    findings: Findings,
    sources: Sources,
}

/// What a service answered to one request.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) outcomes: Vec<ImportOutcome>,
    pub(super) faults: Vec<ImportFault>,
}

impl Plan {
    /// Reads all files and puts the requests together.
    pub(super) fn of(contents: &Files, federation: &str) -> Self {
        let mut findings = Findings::default();
        let tables = tables::read(contents, &mut findings);
        let places = BTreeMap::new();
        let mut desk = Desk { federation, tables: &tables, findings: &mut findings, places };
        let mut requests = Requests::of(&desk.parent());
        for table in tables.all() {
            (table.kind.read)(table, &mut desk, &mut requests);
        }
        let places = desk.places;
        Self { requests, places, findings, sources: tables.into_sources() }
    }

    /// True when there is a table to import, if only an empty one.
    pub(super) fn has_tables(&self) -> bool {
        !self.sources.is_empty()
    }

    /// True when the files have rows for a service.
    pub(super) fn has_rows(&self, section: Section) -> bool {
        self.places.get(&section).is_some_and(|places| !places.is_empty())
    }

    /// The parties, teams and municipalities that the files define, as resource names: what
    /// finance and reporting may count on although it is not there yet. Rows
    /// with faults count too, or each would raise further faults elsewhere.
    pub(super) fn expected_names(&self) -> Vec<String> {
        let names = |collection: Collection| {
            let ids = self.findings.defined_ids(collection).into_iter();
            // The form of an id that is wrong has been told where it stands.
            let ids = ids.filter(|id| Slug::parse("", id).is_ok());
            let parent = &self.requests.organisation.parent;
            ids.map(move |id| format!("{parent}/{}/{id}", collection.path)).collect::<Vec<_>>()
        };
        [names(PARTIES), names(TEAMS), names(MUNICIPALITIES)].concat()
    }

    /// The parties that the files define, as far as they can be read, with what
    /// finance asks about them.
    pub(super) fn expected_parties(&self) -> Vec<ExpectedParty> {
        let parties = self.requests.organisation.parties.iter();
        let named = parties.filter(|party| PartyName::parse("", &party.name).is_ok());
        named.map(expected_party).collect()
    }

    /// Every fault, from the files and from the services, by file and row.
    pub(super) fn faults(&self, answers: &[(Section, Answer)]) -> Vec<RowFault> {
        let mut faults = self.findings.faults().to_vec();
        let mut follow_ons = Vec::new();
        for (section, answer) in answers {
            let Some(places) = self.places.get(section) else { continue };
            let placed = places.place(&answer.faults, &self.findings);
            faults.extend(placed.news);
            follow_ons.extend(placed.follow_ons);
        }
        // What only follows from another fault is left out, but never the last
        // thing that stands in the way.
        if faults.is_empty() {
            faults = follow_ons;
        }
        faults.sort_by(|one, other| place_of(one).cmp(&place_of(other)));
        // A cell may stand for two fields.
        faults.dedup();
        for fault in &mut faults {
            self.sources.locate_fault(fault);
        }
        faults
    }

    /// What looks as if it stood in the wrong column, by file and row.
    pub(super) fn doubts(&self) -> Vec<RowFault> {
        let mut doubts = self.findings.doubts().to_vec();
        doubts.sort_by(|one, other| place_of(one).cmp(&place_of(other)));
        for doubt in &mut doubts {
            self.sources.locate_fault(doubt);
        }
        doubts
    }

    /// What happened, or would happen, by file and row.
    pub(super) fn outcomes(&self, answers: &[(Section, Answer)]) -> Vec<RowOutcome> {
        let mut outcomes: Vec<RowOutcome> = Vec::new();
        for (section, answer) in answers {
            let Some(places) = self.places.get(section) else { continue };
            outcomes.extend(answer.outcomes.iter().map(|outcome| places.outcome(outcome)));
        }
        outcomes.sort_by_key(|outcome| (rank(&outcome.file), outcome.first_row));
        for outcome in &mut outcomes {
            self.sources.locate_outcome(outcome);
        }
        outcomes
    }
}

fn expected_party(party: &Party) -> ExpectedParty {
    let group = match party.kind() {
        PartyKind::StateAgency => ContributionGroup::State,
        PartyKind::Region => ContributionGroup::Region,
        PartyKind::Municipality => ContributionGroup::Municipalities,
        PartyKind::Unspecified => ContributionGroup::Unspecified,
    };
    let organisation_number = party.organisation_number.clone();
    ExpectedParty { name: party.name.clone(), group: group.into(), organisation_number }
}

fn place_of(fault: &RowFault) -> (usize, &str, u64, &str, &str) {
    (rank(&fault.file), &fault.file, fault.row, &fault.column, &fault.reason)
}

/// Tables are told about in the order of the documentation, after what is wrong
/// with files as a whole.
fn rank(name: &str) -> usize {
    kinds::ALL.iter().position(|kind| kind.name == name).map_or(0, |position| position + 1)
}
