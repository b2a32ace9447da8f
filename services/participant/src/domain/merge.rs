//! Two that turn out to be one person, and taking that back.

use values::name::{ParticipantName, ReferralName};

use super::{case::Case, person::Person};

/// What forbids a merge, or taking one back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeRefusal {
    /// They are of different parties.
    OtherParty,
    /// One of them has turned out to be somebody else already, or they are the same.
    Ended,
    /// Others have turned out to be the duplicate: they would be two steps from the person.
    HasDuplicates,
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

/// The duplicate and its cases after a merge into a person. Whoever has been merged is one
/// step from the person that it is, never more: all that a person's record goes through,
/// its duplicates go through.
///
/// # Errors
/// What forbids it.
pub fn merge(
    person: &Person,
    cases: &[Case],
    (duplicate, has_duplicates): (&Person, bool),
    of_duplicate: &[Case],
    reason: String,
) -> Result<(Person, Vec<Case>), MergeRefusal> {
    if person.merged_into.is_some()
        || duplicate.merged_into.is_some()
        || person.name == duplicate.name
    {
        return Err(MergeRefusal::Ended);
    }
    if has_duplicates {
        return Err(MergeRefusal::HasDuplicates);
    }
    if person.party != duplicate.party {
        return Err(MergeRefusal::OtherParty);
    }
    if person.is_protected() != duplicate.is_protected() {
        return Err(MergeRefusal::OfProtected);
    }
    let overlaps = |case: &Case| {
        let of_team = |own: &Case| own.referral.content.team == case.referral.content.team;
        case.is_open() && cases.iter().any(|own| own.is_open() && of_team(own))
    };
    if let Some(case) = of_duplicate.iter().find(|case| overlaps(case)) {
        return Err(MergeRefusal::Overlaps { referral: case.referral.name.clone() });
    }
    let taken_over = |case: &Case| {
        let mut after = about(case, &person.name);
        after.referral.merged_from.push(case.referral.participant.clone());
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
    cases: &[Case],
    duplicate: &Person,
    reason: String,
) -> Result<(Person, Vec<Case>), MergeRefusal> {
    if duplicate.merged_into.as_ref() != Some(&person.name) || person.merged_into.is_some() {
        return Err(MergeRefusal::NotThere);
    }
    if person.party != duplicate.party {
        return Err(MergeRefusal::OtherParty);
    }
    let given_back = |case: &Case| {
        let last = case.referral.merged_from.last().filter(|last| **last == duplicate.name)?;
        let mut after = about(case, last);
        after.referral.merged_from.pop();
        Some(after)
    };
    let parted = Person { merged_into: None, change_reason: reason, ..duplicate.clone() };
    Ok((parted, cases.iter().filter_map(given_back).collect()))
}

/// The case, about somebody else.
fn about(case: &Case, person: &ParticipantName) -> Case {
    let mut after = case.clone();
    after.referral.participant = person.clone();
    for enrolment in &mut after.enrolments {
        enrolment.participant = person.clone();
    }
    after
}
