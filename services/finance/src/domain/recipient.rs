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

/// What a new recipient is checked against.
#[derive(Debug, Clone, Copy)]
pub struct CreateFacts {
    /// True when a recipient of that name is there.
    pub is_taken: bool,
    /// True when the team is there; true without a team.
    pub team_is_known: bool,
}

/// Why a recipient is not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal {
    /// The name is taken.
    Taken,
    /// There is no such team.
    TeamUnknown(TeamName),
}

/// Creates a recipient.
///
/// # Errors
/// What forbids it.
pub fn create(recipient: Recipient, facts: CreateFacts) -> Result<Recipient, CreateRefusal> {
    if let RecipientKind::Team(team) = &recipient.kind
        && !facts.team_is_known
    {
        return Err(CreateRefusal::TeamUnknown(team.clone()));
    }
    if facts.is_taken {
        return Err(CreateRefusal::Taken);
    }
    Ok(recipient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipient(team: Option<&str>) -> Recipient {
        let team = team.map(|team| TeamName::parse("team", team).unwrap());
        Recipient {
            name: RecipientName::parse("name", "federations/f/recipients/sala").unwrap(),
            display_name: "Samordningsteam Sala".to_owned(),
            kind: team.map_or(RecipientKind::Resource, RecipientKind::Team),
        }
    }

    #[test]
    fn a_recipient_is_created_when_its_name_is_free_and_its_team_is_there() {
        let sala = Some("federations/f/teams/sala");
        let unknown = CreateRefusal::TeamUnknown(TeamName::parse("team", sala.unwrap()).unwrap());
        for (team, is_taken, team_is_known, refusal) in [
            (sala, false, true, None),
            (sala, false, false, Some(unknown.clone())),
            (sala, true, false, Some(unknown)),
            (sala, true, true, Some(CreateRefusal::Taken)),
            (None, false, true, None),
            (None, true, true, Some(CreateRefusal::Taken)),
        ] {
            let facts = CreateFacts {
                is_taken,
                team_is_known,
            };
            assert_eq!(
                create(recipient(team), facts).err(),
                refusal,
                "{team:?} {facts:?}"
            );
        }
    }
}
