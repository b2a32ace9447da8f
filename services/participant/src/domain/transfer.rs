//! Moving a person to another municipality with all that is open, and with that to the
//! party that answers for it. It is no new enrolment.

use chrono::NaiveDate;
use values::name::{MunicipalityName, ParticipantName, PartyName, ReferralName, TeamName};

use super::{case::Case, fact::Responsible, person::Person};

/// Where to, from when and why.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The new responsible municipality.
    pub municipality: MunicipalityName,
    /// From which day.
    pub day: NaiveDate,
    /// Why.
    pub reason: String,
}

/// What a transfer is held against.
#[derive(Debug)]
pub struct TransferFacts<'a> {
    /// True when the municipality is there.
    pub is_known: bool,
    /// The party that is responsible for its people.
    pub party: Option<&'a PartyName>,
    /// The teams that serve it, of those that the person has an open case with.
    pub serving: &'a [TeamName],
    /// The one of that party who has the person's number, if it is another.
    pub same_number: Option<ParticipantName>,
    /// Today.
    pub today: NaiveDate,
}

/// What forbids a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferRefusal {
    /// No such municipality.
    Unknown,
    /// It is responsible already.
    Same,
    /// Nobody is responsible for its people.
    WithoutParty,
    /// The day is in the future.
    InFuture,
    /// The day is before a case's last transfer.
    Before {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// An open case is with a team that does not serve it.
    TeamNotThere {
        /// The case.
        referral: ReferralName,
    },
    /// Another one of the new party has the number.
    Exists {
        /// Who.
        name: ParticipantName,
    },
}

/// True when a case goes with its person: it is open, or has led to an enrolment, of
/// which the end may be corrected to a later day than that of the transfer.
#[must_use]
pub fn goes_along(case: &Case) -> bool {
    case.is_open() || case.enrolment().is_some()
}

/// The person and the cases that go along after a transfer.
///
/// # Errors
/// What forbids it.
pub fn transfer(
    person: &Person,
    along: &[Case],
    asked: Transfer,
    facts: &TransferFacts<'_>,
) -> Result<(Person, Vec<Case>), TransferRefusal> {
    let Transfer { municipality, day, reason } = asked;
    if !facts.is_known {
        return Err(TransferRefusal::Unknown);
    }
    if municipality == person.municipality {
        return Err(TransferRefusal::Same);
    }
    let Some(party) = facts.party else {
        return Err(TransferRefusal::WithoutParty);
    };
    if day > facts.today {
        return Err(TransferRefusal::InFuture);
    }
    let last = |case: &Case| case.referral.responsible.last().map(|last| last.first_day);
    let since = along.iter().filter_map(last);
    if let Some(earliest) = since.max().filter(|earliest| day < *earliest) {
        return Err(TransferRefusal::Before { earliest });
    }
    let is_served = |case: &Case| facts.serving.contains(&case.referral.content.team);
    if let Some(stranded) = along.iter().find(|case| case.is_open() && !is_served(case)) {
        return Err(TransferRefusal::TeamNotThere { referral: stranded.referral.name.clone() });
    }
    if let Some(name) = &facts.same_number {
        return Err(TransferRefusal::Exists { name: name.clone() });
    }
    let here = Responsible { municipality, party: party.clone(), first_day: day };
    let moved = |case: &Case| {
        let mut after = case.clone();
        after.referral.responsible.push(here.clone());
        after
    };
    let cases = along.iter().map(moved).collect();
    let person = Person {
        municipality: here.municipality.clone(),
        party: here.party.clone(),
        change_reason: reason,
        ..person.clone()
    };
    Ok((person, cases))
}
