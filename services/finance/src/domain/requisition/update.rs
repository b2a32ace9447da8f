//! New content for a draft or a returned requisition.

use super::{ClaimFacts, ClaimFault, ClaimParts, Requisition, State, claim_faults};

/// Why the content is not replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateRefusal {
    /// Another change came between.
    Stale,
    /// The state forbids it.
    StateForbids(State),
    /// The content cannot be right; without a fault when the reader has told them
    /// all.
    Faulty(Vec<ClaimFault>),
}

/// Why nothing of a requisition can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOpen {
    /// Another change came between.
    Stale,
    /// The state forbids it.
    StateForbids(State),
}

impl From<NotOpen> for UpdateRefusal {
    fn from(refusal: NotOpen) -> Self {
        match refusal {
            NotOpen::Stale => UpdateRefusal::Stale,
            NotOpen::StateForbids(state) => UpdateRefusal::StateForbids(state),
        }
    }
}

/// Replaces the content, all but grant, party and what it corrects. Its files
/// stay.
///
/// # Errors
/// What forbids it.
pub fn update(
    requisition: Requisition,
    etag: &str,
    parts: ClaimParts,
    facts: ClaimFacts<'_>,
) -> Result<Requisition, UpdateRefusal> {
    check_is_open(&requisition, etag)?;
    let mut faults = stays(&requisition, &parts);
    faults.extend(claim_faults(&parts, facts));
    let claim = match parts.with_number(facts.party).whole() {
        Some(claim) if faults.is_empty() => claim,
        Some(_) | None => return Err(UpdateRefusal::Faulty(faults)),
    };
    let mut record = requisition.0;
    record.claim = claim;
    record.revision += 1;
    Ok(Requisition(record))
}

/// Checks that the version is the one seen, and that the party may still change
/// it.
///
/// # Errors
/// What forbids it.
pub fn check_is_open(requisition: &Requisition, etag: &str) -> Result<(), NotOpen> {
    if etag != requisition.etag() {
        return Err(NotOpen::Stale);
    }
    match requisition.state() {
        State::Draft | State::Returned => Ok(()),
        state @ (State::Submitted
        | State::Reviewed
        | State::Approved
        | State::Paid
        | State::Rejected
        | State::Withdrawn) => Err(NotOpen::StateForbids(state)),
    }
}

/// What was sent otherwise and cannot be changed.
fn stays(requisition: &Requisition, parts: &ClaimParts) -> Vec<ClaimFault> {
    let claim = requisition.claim();
    let mut faults = Vec::new();
    if parts.grant.as_ref().is_some_and(|grant| *grant != claim.grant) {
        faults.push(ClaimFault::Stays { field: "grant", value: claim.grant.to_string() });
    }
    if parts.party.as_ref().is_some_and(|party| *party != claim.party) {
        faults.push(ClaimFault::Stays { field: "party", value: claim.party.to_string() });
    }
    if parts.corrects != claim.corrects {
        let value = claim.corrects.as_ref().map(ToString::to_string).unwrap_or_default();
        faults.push(ClaimFault::Stays { field: "corrects", value });
    }
    faults
}
