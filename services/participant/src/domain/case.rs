//! Cases: a referral and the enrolments that it has led to. One of them stands at most,
//! the others were mistakes. People are counted by their cases.

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use values::name::{AccountName, EnrolmentName, ReferralName};

use super::{
    enrolment::{self, ChangeRefusal, CreateFacts, CreateRefusal, Enrolment},
    fact::{self, Fact, Stay, facts},
    person::Person,
    referral::{self, Referral, State},
};

/// A referral and what it has led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The referral.
    pub referral: Referral,
    /// Every enrolment that it has led to, in order, mistakes among them.
    pub enrolments: Vec<Enrolment>,
}

impl From<Referral> for Case {
    fn from(referral: Referral) -> Self {
        Self { referral, enrolments: Vec::new() }
    }
}

impl Case {
    /// The enrolment that stands.
    #[must_use]
    pub fn enrolment(&self) -> Option<&Enrolment> {
        self.enrolments.iter().find(|enrolment| enrolment.mistake.is_none())
    }

    /// True until the referral has come to an end, and the enrolment that it led to.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.referral.state().is_open() || self.enrolment().is_some_and(Enrolment::is_open)
    }

    /// True when it was registered in error: it is counted nowhere, and kept.
    #[must_use]
    pub fn is_mistake(&self) -> bool {
        self.referral.state() == State::RegisteredInError
    }

    /// True when it has come to its end, and was no mistake.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        !self.is_open() && !self.is_mistake()
    }

    /// The day since which it waits in the queue; none when it does not.
    #[must_use]
    pub fn waits_since(&self) -> Option<NaiveDate> {
        self.referral.accepted_on().filter(|_| self.referral.state() == State::Accepted)
    }

    /// The case with an enrolment as it has become.
    #[must_use]
    pub fn with(&self, changed: Enrolment) -> Case {
        let mut after = self.clone();
        for enrolment in &mut after.enrolments {
            if enrolment.name == changed.name {
                *enrolment = changed.clone();
            }
        }
        after
    }

    /// The same without anybody's words, which may tell who the person is.
    #[must_use]
    pub fn protected(self) -> Case {
        let enrolments = self.enrolments.into_iter().map(Enrolment::protected);
        Case { referral: self.referral.protected(), enrolments: enrolments.collect() }
    }

    /// The facts that it is counted by; none when the referral was a mistake.
    #[must_use]
    pub fn counted(&self, person: &Person) -> Vec<Fact> {
        let Case { referral, enrolments: _ } = self;
        if self.is_mistake() {
            return Vec::new();
        }
        let enrolment = self.enrolment();
        let lives_on = enrolment.map_or(&referral.content.livelihoods, |one| &one.livelihoods);
        let exit = enrolment.and_then(|one| one.exit.as_ref());
        facts(&fact::Case {
            team: referral.content.team.clone(),
            responsible: referral.responsible.clone(),
            sex: person.sex,
            birth_year: person.birth_year(),
            referring_kind: referral.content.referring_kind,
            sender: referral.content.sender.clone(),
            referred: referral.content.referral_date,
            queue: in_queue(referral),
            enrolled: enrolment
                .map(|one| Stay { first: one.first_day, end: exit.map(|exit| exit.day) }),
            livelihood: lives_on.largest(),
            ended: exit.map(enrolment::Exit::ended),
        })
    }
}

/// From the acceptance to the step after it.
fn in_queue(referral: &Referral) -> Option<Stay> {
    let accepted = referral.steps.iter().rposition(|step| step.state == State::Accepted)?;
    let end = referral.steps.get(accepted + 1).map(|step| step.day);
    Some(Stay { first: referral.steps[accepted].day, end })
}

/// Who records something, and when.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Who.
    pub actor: AccountName,
    /// When.
    pub time: DateTime<Utc>,
}

/// The case after the person is enrolled.
///
/// # Errors
/// What forbids it.
pub fn enrol<Pause, Reserved>(
    case: &Case,
    enrolment: Enrolment,
    facts: CreateFacts<Pause, Reserved>,
    recorded: Recorded,
) -> Result<Case, CreateRefusal<Pause, Reserved>> {
    enrolment::create(&enrolment, facts)?;
    let name = enrolment.name.clone();
    let mut after = case.clone();
    after.referral = referral::enrolled(&case.referral, name, enrolment.first_day, recorded);
    after.enrolments.push(enrolment);
    Ok(after)
}

/// The case after an enrolment turned out to be a mistake: the person stands in the queue
/// again, since the day it came to it. `open_case` is another one of the person with
/// the team.
///
/// # Errors
/// What forbids it.
pub fn register_in_error(
    case: &Case,
    enrolment: &Enrolment,
    reason: String,
    open_case: Option<ReferralName>,
    recorded: Recorded,
) -> Result<Case, ChangeRefusal> {
    let mistake = enrolment::register_in_error(enrolment, reason)?;
    if let Some(referral) = open_case {
        return Err(ChangeRefusal::OtherOpen { referral });
    }
    let mut after = case.with(mistake);
    after.referral = referral::reinstated(&case.referral, recorded);
    Ok(after)
}

/// The enrolment of a name among those of a case.
#[must_use]
pub fn named<'a>(case: &'a Case, name: &EnrolmentName) -> Option<&'a Enrolment> {
    case.enrolments.iter().find(|enrolment| enrolment.name == *name)
}
