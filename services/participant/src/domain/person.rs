//! A person a party is responsible for, and what may be kept of one.

use chrono::Datelike as _;
use values::name::{MunicipalityName, ParticipantName, PartyName};

use super::{case::Case, code::Sex, personal_number::PersonalNumber};

/// Who a person is. Not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The personal number or coordination number.
    pub number: PersonalNumber,
    /// The given names.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Identity(hidden)")
    }
}

/// What is kept of who a person is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Everything.
    Open {
        /// Who it is.
        identity: Identity,
        /// The year of birth: that of the number, unless it was told otherwise.
        birth_year: i32,
    },
    /// Protected identity: nothing but the sex and the start year.
    Protected {
        /// The year of the first enrolment; none until one is known of a case that has
        /// ended, or that was there when the identity was protected.
        start_year: Option<i32>,
    },
}

impl Kept {
    /// The year of birth, where it is kept.
    #[must_use]
    pub fn birth_year(&self) -> Option<i32> {
        match self {
            Kept::Open { birth_year, .. } => Some(*birth_year),
            Kept::Protected { start_year: _ } => None,
        }
    }

    /// True for what was told of a person: the start year follows from the cases.
    #[must_use]
    pub fn is_as_told(&self, told: &Kept) -> bool {
        match (self, told) {
            (Kept::Protected { .. }, Kept::Protected { .. }) => true,
            (Kept::Open { .. }, Kept::Open { .. }) => self == told,
            (Kept::Protected { .. }, Kept::Open { .. })
            | (Kept::Open { .. }, Kept::Protected { .. }) => false,
        }
    }
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Its name: says nothing of who it is.
    pub name: ParticipantName,
    /// The owning party.
    pub party: PartyName,
    /// The responsible municipality.
    pub municipality: MunicipalityName,
    /// The sex.
    pub sex: Sex,
    /// What is kept.
    pub kept: Kept,
    /// The one that this one turned out to be.
    pub merged_into: Option<ParticipantName>,
    /// Why it was changed last; empty until it is.
    pub change_reason: String,
}

impl Person {
    /// The year of birth, where it is kept.
    #[must_use]
    pub fn birth_year(&self) -> Option<i32> {
        self.kept.birth_year()
    }

    /// True with protected identity: in no list, search, export or event.
    #[must_use]
    pub fn is_protected(&self) -> bool {
        matches!(self.kept, Kept::Protected { .. })
    }

    /// True when nothing may be kept of a case any more but what is counted: it has ended,
    /// and the identity is protected.
    #[must_use]
    pub fn lets_go(&self, case: &Case) -> bool {
        self.is_protected() && case.has_ended()
    }
}

/// What a person is to be, and why.
#[derive(Debug, Clone)]
pub struct Change {
    /// The sex.
    pub sex: Sex,
    /// What is kept.
    pub kept: Kept,
    /// Why.
    pub reason: String,
}

/// What forbids a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// Protection is neither given nor taken by a change.
    Protection,
    /// Another one of the party has that number.
    Exists {
        /// Who.
        name: ParticipantName,
    },
}

/// Somebody with protected identity, and what is kept of the cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protected {
    /// The person.
    pub person: Person,
    /// The cases that go on, and those that were registered in error, without anybody's
    /// words. Those that have ended are kept no longer.
    pub kept: Vec<Case>,
}

/// The person with protected identity; none when that is so already and none of the cases
/// has ended since.
#[must_use]
pub fn protect(person: &Person, cases: Vec<Case>) -> Option<Protected> {
    let start_year = start_year(person, &cases);
    let (ended, kept): (Vec<Case>, Vec<Case>) = cases.into_iter().partition(Case::has_ended);
    if person.is_protected() && ended.is_empty() {
        return None;
    }
    let (change_reason, protected) = (String::new(), Kept::Protected { start_year });
    let person = Person { kept: protected, change_reason, ..person.clone() };
    Some(Protected { person, kept: kept.into_iter().map(Case::protected).collect() })
}

/// The year of the first enrolment, of a case that is gone already or of one that is here.
fn start_year(person: &Person, cases: &[Case]) -> Option<i32> {
    let noted = match &person.kept {
        Kept::Open { .. } => None,
        Kept::Protected { start_year } => *start_year,
    };
    let began = cases.iter().filter_map(Case::enrolment).map(|one| one.first_day.year());
    began.chain(noted).min()
}

/// The person after a change. `same_number` is another one of the party who has the
/// number.
///
/// # Errors
/// What forbids it.
pub fn change(
    person: &Person,
    change: Change,
    same_number: Option<ParticipantName>,
) -> Result<Person, ChangeRefusal> {
    let Change { sex, kept, reason } = change;
    let kept = match (&person.kept, kept) {
        (Kept::Open { .. }, kept @ Kept::Open { .. }) => kept,
        // The start year is nothing that is told.
        (standing @ Kept::Protected { .. }, Kept::Protected { .. }) => standing.clone(),
        (Kept::Open { .. }, Kept::Protected { .. })
        | (Kept::Protected { .. }, Kept::Open { .. }) => return Err(ChangeRefusal::Protection),
    };
    if let Some(name) = same_number {
        return Err(ChangeRefusal::Exists { name });
    }
    Ok(Person { sex, kept, change_reason: reason, ..person.clone() })
}
