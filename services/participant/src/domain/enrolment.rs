//! Enrolments (inskrivningar): a person's time in a team, to the exit.

mod change;
mod exit;
#[cfg(test)]
mod tests;

use chrono::{Months, NaiveDate};
use values::{
    Fault, Faults,
    name::{AccountName, EnrolmentName, ParticipantName, PartyName, ReferralName, TeamName},
};

use super::{livelihood::Livelihoods, referral::Referral};

pub use change::{
    ChangeRefusal, ConsentRefusal, extend, register_in_error, set_consent, transfer_coach,
};
pub use exit::{
    CorrectFacts, Correction, Exit, ExitRefusal, Recipient, correct_exit, deliver, exit,
};

/// The longest time that is planned without a decision on an extension.
const NORMAL: Months = Months::new(12);

/// A coach's time with a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoachSpell {
    /// The coach.
    pub coach: AccountName,
    /// From which day.
    pub first_day: NaiveDate,
    /// Why it changed; empty for the first.
    pub reason: String,
}

/// What a consent is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsentKind {
    /// That the parties exchange information.
    ExchangeOfInformation = 1,
    /// To being asked and counted in the follow-up.
    FollowUp = 2,
}

impl ConsentKind {
    /// The kind of a number of the contract.
    #[must_use]
    pub const fn from_number(number: i32) -> Option<ConsentKind> {
        match number {
            1 => Some(ConsentKind::ExchangeOfInformation),
            2 => Some(ConsentKind::FollowUp),
            _ => None,
        }
    }
}

/// What the person has agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub kind: ConsentKind,
    /// The parties that it holds for.
    pub parties: Vec<PartyName>,
    /// When it was given.
    pub given: NaiveDate,
    /// When it was withdrawn.
    pub withdrawn: Option<NaiveDate>,
}

/// What is wrong about the parties of a consent when some are not there.
pub fn unknown_parties(consent: &Consent, is_known: impl Fn(&PartyName) -> bool) -> Faults {
    let mut faults = Faults::new();
    for (row, party) in consent.parties.iter().enumerate().filter(|(_, party)| !is_known(party)) {
        faults.push(Fault::new(format!("parties[{row}]"), "PARTY_UNKNOWN").with("value", party));
    }
    faults
}

/// A decision to go on for longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The new planned last day.
    pub planned_last_day: NaiveDate,
    /// When it was decided.
    pub day: NaiveDate,
    /// Why.
    pub reason: String,
}

/// What is told of an enrolment when it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The accepted referral.
    pub referral: ReferralName,
    /// The day of the enrolment.
    pub first_day: NaiveDate,
    /// The planned last day.
    pub planned_last_day: NaiveDate,
    /// The coach.
    pub coach: AccountName,
    /// The consents, each kind once.
    pub consents: Vec<Consent>,
    /// What the person lives on; none when it is what the referral says.
    pub livelihoods: Option<Livelihoods>,
}

/// A person's time in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Its name.
    pub name: EnrolmentName,
    /// The accepted referral.
    pub referral: ReferralName,
    /// The person.
    pub participant: ParticipantName,
    /// The team.
    pub team: TeamName,
    /// The day of the enrolment.
    pub first_day: NaiveDate,
    /// The planned last day.
    pub planned_last_day: NaiveDate,
    /// The coaches, one after the other; at least one.
    pub coaches: Vec<CoachSpell>,
    /// The consents, each kind once.
    pub consents: Vec<Consent>,
    /// The decisions to go on for longer.
    pub extensions: Vec<Extension>,
    /// The exit.
    pub exit: Option<Exit>,
    /// What was corrected of the exit, in order.
    pub corrections: Vec<Correction>,
    /// When the final documentation was delivered, and to whom.
    pub deliveries: Vec<(NaiveDate, Recipient)>,
    /// What the person lived on at the enrolment.
    pub livelihoods: Livelihoods,
    /// Why it was a mistake, when it was one.
    pub mistake: Option<String>,
    /// A demonstration's.
    pub synthetic: bool,
}

impl Enrolment {
    /// The beginning of one, after a referral.
    #[must_use]
    pub fn begin(name: EnrolmentName, content: Content, referral: &Referral) -> Self {
        let Content { referral: _, first_day, planned_last_day, coach, consents, livelihoods } =
            content;
        Self {
            name,
            referral: referral.name.clone(),
            participant: referral.participant.clone(),
            team: referral.content.team.clone(),
            first_day,
            planned_last_day,
            coaches: vec![CoachSpell { coach, first_day, reason: String::new() }],
            consents,
            extensions: Vec::new(),
            exit: None,
            corrections: Vec::new(),
            deliveries: Vec::new(),
            livelihoods: livelihoods.unwrap_or_else(|| referral.content.livelihoods.clone()),
            mistake: None,
            synthetic: referral.content.synthetic,
        }
    }

    /// The coach who has the person now, or had it last.
    #[must_use]
    pub fn coach(&self) -> Option<&AccountName> {
        self.coaches.last().map(|spell| &spell.coach)
    }

    /// True while it goes on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.exit.is_none() && self.mistake.is_none()
    }

    /// True when the person's consent of a kind holds on a day.
    #[must_use]
    pub fn agrees_to(&self, kind: ConsentKind, day: NaiveDate) -> bool {
        let holds = |consent: &Consent| {
            consent.kind == kind
                && consent.given <= day
                && consent.withdrawn.is_none_or(|withdrawn| day < withdrawn)
        };
        self.consents.iter().any(holds)
    }

    /// The same without anybody's words, which may tell who the person is.
    #[must_use]
    pub fn protected(mut self) -> Enrolment {
        for spell in &mut self.coaches {
            spell.reason.clear();
        }
        for extension in &mut self.extensions {
            extension.reason.clear();
        }
        for correction in &mut self.corrections {
            correction.reason.clear();
        }
        self.mistake = self.mistake.map(|_| String::new());
        self
    }
}

/// Why a place is not the person's to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNext {
    /// Others of the municipality go before.
    Others {
        /// How many.
        before: usize,
    },
    /// The referral does not stand in the queue.
    NotInQueue,
}

/// What an enrolment is held against.
#[derive(Debug, Clone)]
pub struct CreateFacts<Pause, Reserved> {
    /// True when there is one of the name.
    pub is_taken: bool,
    /// The day the referral was accepted; none when it does not stand in the queue.
    pub accepted_on: Option<NaiveDate>,
    /// How many of the municipality go before it.
    pub before: usize,
    /// A pause of the intake on the day.
    pub pause: Option<Pause>,
    /// What is reserved for others, when nothing else is free.
    pub reserved: Option<Reserved>,
    /// The enrolment that the referral has led to already.
    pub enrolled: Option<EnrolmentName>,
    /// Today.
    pub today: NaiveDate,
}

/// What forbids an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal<Pause, Reserved> {
    /// There is one of that name.
    Taken,
    /// The referral has led to an enrolment.
    AlreadyEnrolled {
        /// Which.
        enrolment: EnrolmentName,
    },
    /// A consent cannot be right.
    Consent {
        /// Which of them.
        row: usize,
        /// Why.
        refusal: ConsentRefusal,
    },
    /// The day is before the referral was accepted.
    BeforeAccepted {
        /// The earliest day allowed.
        earliest: NaiveDate,
    },
    /// The day is in the future.
    InFuture {
        /// The latest day allowed.
        today: NaiveDate,
    },
    /// More than a year is planned: that takes a decision on an extension.
    TooLong {
        /// The latest day allowed.
        latest: NaiveDate,
    },
    /// The planned last day is before the first.
    Reversed,
    /// Somebody else is next.
    NotNext(NotNext),
    /// The intake is paused.
    Paused(Pause),
    /// The free places are reserved for others.
    Reserved(Reserved),
}

/// Decides whether a person may be enrolled.
///
/// # Errors
/// What forbids it.
pub fn create<Pause, Reserved>(
    enrolment: &Enrolment,
    facts: CreateFacts<Pause, Reserved>,
) -> Result<(), CreateRefusal<Pause, Reserved>> {
    if facts.is_taken {
        return Err(CreateRefusal::Taken);
    }
    if let Some(enrolment) = facts.enrolled {
        return Err(CreateRefusal::AlreadyEnrolled { enrolment });
    }
    let Some(earliest) = facts.accepted_on else {
        return Err(CreateRefusal::NotNext(NotNext::NotInQueue));
    };
    if enrolment.first_day < earliest {
        return Err(CreateRefusal::BeforeAccepted { earliest });
    }
    if enrolment.first_day > facts.today {
        return Err(CreateRefusal::InFuture { today: facts.today });
    }
    if enrolment.planned_last_day < enrolment.first_day {
        return Err(CreateRefusal::Reversed);
    }
    if let Some(latest) = enrolment.first_day.checked_add_months(NORMAL)
        && enrolment.planned_last_day > latest
    {
        return Err(CreateRefusal::TooLong { latest });
    }
    for (row, consent) in enrolment.consents.iter().enumerate() {
        change::check_consent(consent, facts.today)
            .map_err(|refusal| CreateRefusal::Consent { row, refusal })?;
    }
    if let Some(pause) = facts.pause {
        return Err(CreateRefusal::Paused(pause));
    }
    if facts.before > 0 {
        return Err(CreateRefusal::NotNext(NotNext::Others { before: facts.before }));
    }
    facts.reserved.map_or(Ok(()), |reserved| Err(CreateRefusal::Reserved(reserved)))
}
