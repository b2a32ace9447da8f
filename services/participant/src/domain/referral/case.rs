//! What of a referral is counted.

use super::{Referral, State};
use crate::domain::{
    fact::{Case, Fact, Stay, facts},
    person::Person,
};

/// The facts that a referral is counted by; none when it was a mistake.
#[must_use]
pub fn counted(referral: &Referral, person: &Person) -> Vec<Fact> {
    case(referral, person).map(|case| facts(&case)).unwrap_or_default()
}

fn case(referral: &Referral, person: &Person) -> Option<Case> {
    if referral.state() == State::RegisteredInError {
        return None;
    }
    Some(Case {
        team: referral.content.team.clone(),
        responsible: referral.responsible.clone(),
        sex: person.sex,
        birth_year: person.birth_year(),
        referring_kind: referral.content.referring_kind,
        sender: referral.content.sender.clone(),
        referred: referral.content.referral_date,
        queue: queue(referral),
        enrolled: None,
        livelihood: referral.content.livelihoods.largest(),
        ended: None,
    })
}

/// From the acceptance to the step after it.
fn queue(referral: &Referral) -> Option<Stay> {
    let accepted = referral.steps.iter().rposition(|step| step.state == State::Accepted)?;
    let end = referral.steps.get(accepted + 1).map(|step| step.day);
    Some(Stay { first: referral.steps[accepted].day, end })
}
