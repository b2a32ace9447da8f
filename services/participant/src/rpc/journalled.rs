//! What resources of the journal have in common: how a list of them goes on, who acts
//! for their team, and how a change is refused.

use std::{collections::BTreeSet, fmt::Display};

use platform::{Failure, Principal, journalled::id_of};
use values::{
    Fault, Faults, Role, Scope, Slug,
    name::{PartyName, TeamName},
};

use crate::{domain::change::Refusal, store::journalled::Before};

/// The key of a list with the newest first: the day and then the id.
pub(super) fn day_key(day: Option<proto::Date>, name: &str) -> String {
    let proto::Date { year, month, day } = day.unwrap_or_default();
    format!("{year:04}-{month:02}-{day:02}/{}", id_of(name))
}

/// Reads such a key.
pub(super) fn before(after: Option<&String>) -> Result<Option<Before>, Fault> {
    let Some(key) = after else {
        return Ok(None);
    };
    let before = key.split_once('/').and_then(|(day, id)| {
        let (day, id) = (day.parse().ok()?, Slug::parse("page_token", id).ok()?);
        Some(Before { day, id })
    });
    before.map(Some).ok_or_else(|| Fault::new("page_token", "PAGE_TOKEN_MALFORMED"))
}

/// Reads the team that a list is narrowed to; none for all.
pub(super) fn team_filter(sent: &str) -> Result<Option<TeamName>, Fault> {
    if sent.is_empty() { Ok(None) } else { TeamName::parse("team", sent).map(Some) }
}

/// Checks that the version last read is sent.
pub(super) fn etag(faults: &mut Faults, sent: &str) {
    if sent.is_empty() {
        faults.push(Fault::new("etag", "FIELD_MISSING"));
    }
}

/// What a refused change answers; the field is where the content stands in the request.
pub(super) fn unchanged(refusal: Refusal, name: &impl Display, field: &str) -> Failure {
    match refusal {
        Refusal::Stale => Failure::Stale { name: name.to_string() },
        Refusal::Faulty(faults) => {
            let mut nested = Faults::new();
            nested.nest(field, faults);
            nested.into()
        }
    }
}

/// The teams that the caller acts for in any of the roles, whichever party gave them.
pub(super) fn teams_of(principal: &Principal, roles: &[Role]) -> Vec<TeamName> {
    let scopes = roles.iter().flat_map(|role| principal.scopes(*role));
    let team = |scope: &Scope| match scope {
        Scope::Team(team) | Scope::PartyTeam { party: _, team } => {
            Some(TeamName::new(principal.federation.clone(), team.clone()))
        }
        Scope::Federation | Scope::Area(_) | Scope::Party(_) => None,
    };
    let teams: BTreeSet<TeamName> = scopes.filter_map(team).collect();
    teams.into_iter().collect()
}

/// Refuses whoever does not act for the team.
pub(super) fn acts_for(
    principal: &Principal,
    roles: &[Role],
    team: &TeamName,
) -> Result<(), Failure> {
    if teams_of(principal, roles).contains(team) { Ok(()) } else { Err(Failure::Denied) }
}

/// The parties of the federation among those that are named.
pub(super) fn of_federation<'a>(
    federation: &Slug,
    parties: impl Iterator<Item = &'a PartyName>,
) -> BTreeSet<PartyName> {
    parties.filter(|party| party.federation == *federation).cloned().collect()
}
