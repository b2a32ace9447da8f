//! Who money is granted to: a team, or a resource that is no team.

use values::name::{RecipientName, TeamName};

/// A recipient of grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its name.
    pub name: RecipientName,
    /// The name people read.
    pub display_name: String,
    /// What it is.
    pub kind: RecipientKind,
}

/// What a recipient is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecipientKind {
    /// A team of the federation.
    Team(TeamName),
    /// A resource that serves several teams.
    Resource,
}

/// A recipient as far as it could be read: what could not is told by the
/// reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecipientParts {
    /// Its name.
    pub name: Option<RecipientName>,
    /// The name people read.
    pub display_name: Option<String>,
    /// What it is.
    pub kind: Option<RecipientKind>,
}

impl RecipientParts {
    /// The team it refers to.
    #[must_use]
    pub fn team(&self) -> Option<&TeamName> {
        match &self.kind {
            Some(RecipientKind::Team(team)) => Some(team),
            Some(RecipientKind::Resource) | None => None,
        }
    }

    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<Recipient> {
        Some(Recipient { name: self.name?, display_name: self.display_name?, kind: self.kind? })
    }
}

/// What a new recipient is checked against.
#[derive(Debug, Clone, Copy)]
pub struct CreateFacts {
    /// True when a recipient of that name is there.
    pub is_taken: bool,
    /// True when the team is there; true without a team.
    pub team_is_known: bool,
}

/// What is wrong with a recipient, seen against what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecipientFault {
    /// There is no such team.
    TeamUnknown(TeamName),
}

/// Why a recipient is not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<RecipientFault>),
    /// The name is taken.
    Taken,
}

/// Creates a recipient.
///
/// # Errors
/// What forbids it.
pub fn create(parts: RecipientParts, facts: CreateFacts) -> Result<Recipient, CreateRefusal> {
    let unknown = parts.team().filter(|_| !facts.team_is_known).cloned();
    let faults: Vec<_> = unknown.map(RecipientFault::TeamUnknown).into_iter().collect();
    let recipient = match parts.whole() {
        Some(recipient) if faults.is_empty() => recipient,
        Some(_) | None => return Err(CreateRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(CreateRefusal::Taken);
    }
    Ok(recipient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(team: Option<&str>) -> RecipientParts {
        let team = team.map(|team| TeamName::parse("team", team).unwrap());
        RecipientParts {
            name: RecipientName::parse("name", "federations/f/recipients/sala").ok(),
            display_name: Some("Samordningsteam Sala".to_owned()),
            kind: Some(team.map_or(RecipientKind::Resource, RecipientKind::Team)),
        }
    }

    fn unknown(team: &str) -> CreateRefusal {
        let team = TeamName::parse("team", team).unwrap();
        CreateRefusal::Faulty(vec![RecipientFault::TeamUnknown(team)])
    }

    const SALA: &str = "federations/f/teams/sala";

    #[test]
    fn a_recipient_is_created_when_its_name_is_free_and_its_team_is_there() {
        for (team, is_taken, team_is_known, refusal) in [
            (Some(SALA), false, true, None),
            (Some(SALA), false, false, Some(unknown(SALA))),
            (Some(SALA), true, false, Some(unknown(SALA))),
            (Some(SALA), true, true, Some(CreateRefusal::Taken)),
            (None, false, true, None),
            (None, true, true, Some(CreateRefusal::Taken)),
        ] {
            let facts = CreateFacts { is_taken, team_is_known };
            let result = create(recipient(team), facts);
            assert_eq!(result.err(), refusal, "{team:?} {facts:?}");
        }
    }

    #[test]
    fn what_could_not_be_read_is_never_created_and_the_rest_is_checked_all_the_same() {
        let parts = RecipientParts { display_name: None, ..recipient(Some(SALA)) };
        for (team_is_known, refusal) in
            [(true, CreateRefusal::Faulty(vec![])), (false, unknown(SALA))]
        {
            let facts = CreateFacts { is_taken: false, team_is_known };
            assert_eq!(create(parts.clone(), facts), Err(refusal));
        }
    }
}
