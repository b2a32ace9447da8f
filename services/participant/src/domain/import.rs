//! A whole organisation at once: what of it is new, what is there already, and
//! every fault of every row.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use values::name::{AreaName, MunicipalityName, PartyName, TeamName};
use values::{Fault, Faults, Slug};

use crate::domain::area::Area;
use crate::domain::federation::{Federation, FederationName};
use crate::domain::municipality::{self, Municipality};
use crate::domain::party::Party;
use crate::domain::team::{self, Team};

/// One row as it was read. A row whose content is bad still has a name that
/// others may refer to, so that one fault is not told many times.
#[derive(Debug, Clone)]
pub struct Row<N, T> {
    /// The resource it is about.
    pub name: Result<N, Fault>,
    /// What it says of it.
    pub content: Result<T, Faults>,
}

/// The rows of an import, each kind in the order of the request.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// At most one: the federation itself.
    pub federations: Vec<Row<FederationName, Federation>>,
    /// The parties.
    pub parties: Vec<Row<PartyName, Party>>,
    /// The areas.
    pub areas: Vec<Row<AreaName, Area>>,
    /// The municipalities.
    pub municipalities: Vec<Row<MunicipalityName, Municipality>>,
    /// The teams.
    pub teams: Vec<Row<TeamName, Team>>,
}

/// What the federation has, or what is to be added to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Organisation {
    /// The federation itself, when it has a record.
    pub federations: BTreeMap<FederationName, Federation>,
    /// The parties.
    pub parties: BTreeMap<PartyName, Party>,
    /// The areas.
    pub areas: BTreeMap<AreaName, Area>,
    /// The municipalities.
    pub municipalities: BTreeMap<MunicipalityName, Municipality>,
    /// The teams.
    pub teams: BTreeMap<TeamName, Team>,
}

/// Decides what an import adds to the federation. A row that is there with the
/// same content adds nothing; one that is there with other content is a fault, but for
/// a municipality that had no party and is given one.
/// A row may refer to what is there and to any other row.
///
/// # Errors
/// Every fault of every row.
pub fn import(federation: &Slug, rows: Rows, known: &Organisation) -> Result<Organisation, Faults> {
    let parties = names(&rows.parties, &known.parties);
    let areas = names(&rows.areas, &known.areas);
    let municipalities = names(&rows.municipalities, &known.municipalities);
    let nothing_refers = Faults::new;
    let mut intake = Intake { federation, faults: Faults::new() };

    let federation_rule = Kind {
        collection: "federations",
        twice: "FEDERATION_TWICE",
        federation: |name: &FederationName| &name.0,
        completes: |_, _| false,
    };
    let additions = Organisation {
        federations: intake
            .take(&federation_rule, rows.federations, &known.federations, |_| nothing_refers()),
        parties: intake.take(
            &kind("parties", |name: &PartyName| &name.federation),
            rows.parties,
            &known.parties,
            |_| nothing_refers(),
        ),
        areas: intake.take(
            &kind("areas", |name: &AreaName| &name.federation),
            rows.areas,
            &known.areas,
            |_| nothing_refers(),
        ),
        municipalities: intake.take(
            &Kind {
                completes: municipality::completes,
                ..kind("municipalities", |name: &MunicipalityName| &name.federation)
            },
            rows.municipalities,
            &known.municipalities,
            |content| {
                let is_known = |area: &AreaName| areas.contains(area);
                municipality::unknown_references(content, is_known, |party| parties.contains(party))
            },
        ),
        teams: intake.take(
            &kind("teams", |name: &TeamName| &name.federation),
            rows.teams,
            &known.teams,
            |content| team::unknown_references(content, |served| municipalities.contains(served)),
        ),
    };
    intake.faults.into_result(|| Some(additions))
}

/// What tells one kind of row from another.
struct Kind<N, T> {
    collection: &'static str,
    twice: &'static str,
    federation: fn(&N) -> &Slug,
    /// True when a row only adds what the record has not.
    completes: fn(&T, &T) -> bool,
}

fn kind<N, T>(collection: &'static str, federation: fn(&N) -> &Slug) -> Kind<N, T> {
    Kind { collection, twice: "NAME_TWICE", federation, completes: |_, _| false }
}

fn names<N: Ord + Clone, T>(rows: &[Row<N, T>], known: &BTreeMap<N, T>) -> BTreeSet<N> {
    let told = rows.iter().filter_map(|row| row.name.as_ref().ok());
    known.keys().chain(told).cloned().collect()
}

struct Intake<'a> {
    federation: &'a Slug,
    faults: Faults,
}

impl Intake<'_> {
    /// Checks each row of one kind and answers the ones that are new.
    fn take<N: Ord + Clone + Display, T: PartialEq>(
        &mut self,
        kind: &Kind<N, T>,
        rows: Vec<Row<N, T>>,
        known: &BTreeMap<N, T>,
        unknown_references: impl Fn(&T) -> Faults,
    ) -> BTreeMap<N, T> {
        let mut seen = BTreeSet::new();
        let mut additions = BTreeMap::new();
        for (index, row) in rows.into_iter().enumerate() {
            let mut faults = Faults::new();
            let name = faults.keep(row.name.and_then(|name| self.own(kind, name)));
            if let Some(name) = &name
                && !seen.insert(name.clone())
            {
                faults.push(Fault::new("name", kind.twice).with("name", name));
            }
            let content = faults.keep_nested("", row.content);
            if let Some(content) = &content {
                faults.nest("", unknown_references(content));
            }
            if let (Some(name), Some(content)) = (name, content) {
                match known.get(&name) {
                    None => drop(additions.insert(name, content)),
                    Some(record) if *record == content => {}
                    Some(record) if (kind.completes)(record, &content) => {
                        drop(additions.insert(name, content));
                    }
                    Some(_) => {
                        faults.push(Fault::new("", "DIFFERS_FROM_RECORD").with("name", &name));
                    }
                }
            }
            self.faults.nest(&format!("{}[{index}]", kind.collection), faults);
        }
        additions
    }

    fn own<N: Display, T>(&self, kind: &Kind<N, T>, name: N) -> Result<N, Fault> {
        if (kind.federation)(&name) == self.federation {
            Ok(name)
        } else {
            Err(Fault::new("name", "OTHER_FEDERATION").with("name", &name))
        }
    }
}

#[cfg(test)]
mod tests;
