//! Two that turn out to be one person, and taking that back.

use values::name::{ParticipantName, ReferralName};

use super::{person::Person, referral::Referral, transfer::goes_along};

/// What forbids a merge, or taking one back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeRefusal {
    /// They are of different parties.
    OtherParty,
    /// One of them has turned out to be somebody else already, or they are the same.
    Ended,
    /// Only one of them has protected identity.
    OfProtected,
    /// Both have an open case with one team.
    Overlaps {
        /// That of the duplicate.
        referral: ReferralName,
    },
    /// The one has not turned out to be the other.
    NotThere,
}

/// The duplicate and its cases after a merge into a person.
///
/// # Errors
/// What forbids it.
pub fn merge(
    person: &Person,
    cases: &[Referral],
    duplicate: &Person,
    of_duplicate: &[Referral],
    reason: String,
) -> Result<(Person, Vec<Referral>), MergeRefusal> {
    if person.merged_into.is_some()
        || duplicate.merged_into.is_some()
        || person.name == duplicate.name
    {
        return Err(MergeRefusal::Ended);
    }
    if person.party != duplicate.party {
        return Err(MergeRefusal::OtherParty);
    }
    if person.is_protected() != duplicate.is_protected() {
        return Err(MergeRefusal::OfProtected);
    }
    let is_open_in = |case: &Referral| {
        let same_team = |own: &&Referral| own.content.team == case.content.team;
        goes_along(case) && cases.iter().filter(|own| goes_along(own)).any(|own| same_team(&own))
    };
    if let Some(case) = of_duplicate.iter().find(|case| is_open_in(case)) {
        return Err(MergeRefusal::Overlaps { referral: case.name.clone() });
    }
    let taken_over = |case: &Referral| {
        let mut after = case.clone();
        after.merged_from.push(after.participant.clone());
        after.participant = person.name.clone();
        after
    };
    let merged_into = Some(person.name.clone());
    let merged = Person { merged_into, change_reason: reason, ..duplicate.clone() };
    Ok((merged, of_duplicate.iter().map(taken_over).collect()))
}

/// The one who is a person of its own after all, with the cases that came with it.
///
/// # Errors
/// What forbids it.
pub fn undo(
    person: &Person,
    cases: &[Referral],
    duplicate: &Person,
    reason: String,
) -> Result<(Person, Vec<Referral>), MergeRefusal> {
    if duplicate.merged_into.as_ref() != Some(&person.name) || person.merged_into.is_some() {
        return Err(MergeRefusal::NotThere);
    }
    if person.party != duplicate.party {
        return Err(MergeRefusal::OtherParty);
    }
    let given_back = |case: &Referral| {
        let mut after = case.clone();
        let last: ParticipantName = after.merged_from.pop()?;
        (last == duplicate.name).then_some(Referral { participant: last, ..after })
    };
    let parted = Person { merged_into: None, change_reason: reason, ..duplicate.clone() };
    Ok((parted, cases.iter().filter_map(given_back).collect()))
}
