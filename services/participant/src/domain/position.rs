//! Positions (tjänster) of a team: how much of a full-time post, when, employed and
//! paid by whom, and when nobody holds it. No person is named.

mod extent;

use values::{
    Fault, Faults,
    name::{PartyName, TeamName},
};

use super::{days::Days, team::unknown_team};

pub use extent::{Extent, Payer};

/// The most spells a position has.
pub const MOST_SPELLS: usize = 100;

/// A position in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The team.
    pub team: TeamName,
    /// What it is.
    pub title: String,
    /// True when its holder coaches participants.
    pub coaches: bool,
    /// The employer.
    pub employer: PartyName,
    /// Its extent over time.
    pub spells: Spells,
}

/// A time in which nothing about a position changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spell {
    /// When.
    pub days: Days,
    /// How much, and who pays.
    pub extent: Extent,
    /// True while nobody holds it.
    pub vacant: bool,
}

/// At least one spell, one after the other without overlap; only the last may go on
/// without an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spells(Vec<Spell>);

impl Spells {
    /// Checks the list.
    ///
    /// # Errors
    /// `SPELLS_MISSING`, `SPELLS_TOO_MANY`, and for each that does not follow on the one
    /// before it `SPELL_NOT_ENDED` or `SPELL_OVERLAPS`, under the field `spells`.
    pub fn new(spells: Vec<Spell>) -> Result<Self, Faults> {
        if spells.is_empty() {
            return Err(Fault::new("spells", "SPELLS_MISSING").into());
        }
        let mut faults = Faults::new();
        if spells.len() > MOST_SPELLS {
            let fault = Fault::new("spells", "SPELLS_TOO_MANY");
            faults.push(fault.with("count", spells.len()).with("limit", MOST_SPELLS));
        }
        for (row, pair) in spells.windows(2).enumerate() {
            let next = pair[1].days.first_day();
            match pair[0].days.last_day() {
                None => {
                    let fault = Fault::new(format!("spells[{row}].last_day"), "SPELL_NOT_ENDED");
                    faults.push(fault.with("next", next));
                }
                Some(last_day) if next <= last_day => {
                    let field = format!("spells[{}].first_day", row + 1);
                    let fault = Fault::new(field, "SPELL_OVERLAPS").with("value", next);
                    faults.push(fault.with("previous", last_day));
                }
                Some(_) => {}
            }
        }
        faults.into_result(|| Some(Self(spells)))
    }

    /// The spells, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Spell] {
        &self.0
    }
}

impl Position {
    /// Every party that it names: the employer and those who pay.
    pub fn parties(&self) -> impl Iterator<Item = &PartyName> {
        let spells = self.spells.as_slice().iter();
        let payers = spells.flat_map(|spell| spell.extent.payers());
        let paying = payers.filter_map(|(payer, _)| match payer {
            Payer::Party(party) => Some(party),
            Payer::Federation => None,
        });
        std::iter::once(&self.employer).chain(paying)
    }
}

/// The team and the parties that are unknown. One of another federation is unknown
/// here.
pub fn unknown_references(
    position: &Position,
    is_team: bool,
    is_party: impl Fn(&PartyName) -> bool,
) -> Faults {
    let mut faults = unknown_team(&position.team, is_team);
    let mut check = |field: String, party: &PartyName| {
        if !is_party(party) {
            faults.push(Fault::new(field, "PARTY_UNKNOWN").with("value", party));
        }
    };
    check("employer".to_owned(), &position.employer);
    for (row, spell) in position.spells.as_slice().iter().enumerate() {
        for (share, (payer, _)) in spell.extent.payers().iter().enumerate() {
            match payer {
                Payer::Party(party) => check(format!("spells[{row}].payers[{share}].party"), party),
                Payer::Federation => {}
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests;
