//! Taking in cases that are kept elsewhere. Every rule of the ordinary steps holds but
//! the order of the queue, the places that are reserved and the pauses of the intake,
//! which the past did not keep to.

use chrono::{DateTime, NaiveDate, Utc};
use values::name::{
    AccountName, EnrolmentName, ParticipantImportName, ParticipantName, ReferralName, TeamName,
};

use super::{
    case::{self, Case, Recorded},
    code::Sex,
    enrolment::{self, CreateFacts, CreateRefusal, Enrolment, Exit, ExitRefusal},
    intake_pause::IntakePause,
    person::Kept,
    referral::{
        self, Action, Content, Decision, Referral, SendFacts, SendRefusal, Sending, State,
        StepRefusal, Taken,
    },
    reserved_places::AllReserved,
};

/// A person's way so far: one row of a list.
#[derive(Debug, Clone)]
pub struct Row {
    /// The referral's name; the enrolment has the same id.
    pub name: ReferralName,
    /// The person's sex.
    pub sex: Sex,
    /// What may be kept of who it is.
    pub kept: Kept,
    /// What was sent.
    pub content: Content,
    /// What came of it.
    pub answered: Option<Answered>,
    /// The enrolment.
    pub begun: Option<enrolment::Content>,
    /// How it ended.
    pub exit: Option<Exit>,
}

impl Row {
    /// The enrolment's name.
    #[must_use]
    pub fn enrolment(&self) -> EnrolmentName {
        EnrolmentName::new(self.name.federation.clone(), self.name.id.clone())
    }
}

/// What came of a referral, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The day.
    pub day: NaiveDate,
    /// What.
    pub answer: Answer,
}

/// What came of a referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The team decided.
    Decided {
        /// To what.
        state: State,
        /// Why, and what the sender was told.
        decision: Decision,
    },
    /// The sender took it back.
    Revoked,
}

/// What forbids to take a case in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The referral could not have been sent.
    Send(SendRefusal),
    /// It could not have been answered so.
    Answer(StepRefusal),
    /// An enrolment of a referral that was not accepted.
    NotAccepted,
    /// The enrolment could not have begun.
    Enrol {
        /// Why.
        refusal: CreateRefusal<IntakePause, AllReserved>,
        /// The enrolment that was to be, and its referral.
        of: Box<(Enrolment, Referral)>,
    },
    /// An exit without an enrolment.
    NotEnrolled,
    /// The enrolment could not have ended so.
    Exit(ExitRefusal),
}

/// What a case becomes.
///
/// # Errors
/// What forbids it.
pub fn take_in(
    row: Row,
    participant: ParticipantName,
    import: ParticipantImportName,
    (facts, is_enrolment_taken): (&SendFacts<'_>, bool),
    recorded: &Recorded,
) -> Result<Case, Refusal> {
    let enrolment = row.enrolment();
    let Row { name, sex: _, kept: _, content, answered, begun, exit } = row;
    let (actor, now) = (recorded.actor.clone(), recorded.time);
    let sending = Sending { name, participant, content, actor, now };
    let sent = referral::send(sending, facts).map_err(Refusal::Send)?;
    let mut referral = Referral { import: Some(import), ..sent };
    if let Some(answered) = answered {
        referral = answer(&referral, answered, recorded, facts.today).map_err(Refusal::Answer)?;
    }
    let Some(begun) = begun else {
        return if exit.is_some() { Err(Refusal::NotEnrolled) } else { Ok(referral.into()) };
    };
    if referral.state() != State::Accepted {
        return Err(Refusal::NotAccepted);
    }
    let facts = CreateFacts {
        is_taken: is_enrolment_taken,
        accepted_on: referral.accepted_on(),
        before: 0,
        pause: None,
        reserved: None,
        enrolled: None,
        today: facts.today,
    };
    let (begun, today) = (Enrolment::begin(enrolment, begun, &referral), facts.today);
    let case: Case = referral.into();
    let enrolled = case::enrol(&case, begun.clone(), facts, recorded.clone());
    let case = enrolled
        .map_err(|refusal| Refusal::Enrol { refusal, of: Box::new((begun, case.referral)) })?;
    let Some((exit, standing)) = exit.zip(case.enrolment()) else {
        return Ok(case);
    };
    let ended = enrolment::exit(standing, exit, today).map_err(Refusal::Exit)?;
    Ok(case.with(ended))
}

fn answer(
    referral: &Referral,
    answered: Answered,
    recorded: &Recorded,
    today: NaiveDate,
) -> Result<Referral, StepRefusal> {
    let Answered { day, answer } = answered;
    let taken = || Taken {
        actor: recorded.actor.clone(),
        now: recorded.time,
        today,
        day,
        comment: String::new(),
    };
    match answer {
        Answer::Decided { state, decision } => {
            let received = referral::take(referral, Action::Receive, taken())?;
            referral::take(&received, Action::Decide { state, decision }, taken())
        }
        Answer::Revoked => referral::take(referral, Action::Revoke, taken()),
    }
}

/// True when a case that was taken in before is what a row becomes: only who recorded
/// it and when may differ.
#[must_use]
pub fn is_same(before: &Case, again: &Case) -> bool {
    let blank = |case: &Case| {
        let mut case = case.clone();
        let first = before.referral.steps.first();
        for step in &mut case.referral.steps {
            if let Some(first) = first {
                (step.actor, step.time) = (first.actor.clone(), first.time);
            }
        }
        case
    };
    blank(before) == blank(again)
}

/// An import, as one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its name.
    pub name: ParticipantImportName,
    /// When its first batch was taken in.
    pub time: DateTime<Utc>,
    /// Who did.
    pub actor: AccountName,
    /// The team that its cases are in.
    pub team: TeamName,
    /// How many cases came with it.
    pub cases: i64,
    /// Why it was taken back; empty unless it was.
    pub undo_reason: String,
}

/// A case that came with an import, and whether it is as it came.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The case.
    pub case: Case,
    /// True when something has happened to it since.
    pub is_touched: bool,
}

/// What forbids to take an import back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoRefusal {
    /// Something has happened to some of the cases since.
    Touched {
        /// To how many.
        count: usize,
        /// The first of them.
        first: ReferralName,
    },
    /// Some of the cases lead nowhere any more, and are counted without whose they were.
    Disposed {
        /// How many.
        count: i64,
    },
}

/// The cases of an import after it is taken back: each was a mistake. `came` is how many
/// came with it.
///
/// # Errors
/// What forbids it.
pub fn undo(
    came: i64,
    imported: Vec<Imported>,
    reason: &str,
    recorded: &Recorded,
    today: NaiveDate,
) -> Result<Vec<Case>, UndoRefusal> {
    let count = came - i64::try_from(imported.len()).unwrap_or(i64::MAX);
    if count > 0 {
        return Err(UndoRefusal::Disposed { count });
    }
    let touched = imported.iter().filter(|imported| imported.is_touched);
    if let Some(first) = touched.clone().next() {
        let first = first.case.referral.name.clone();
        return Err(UndoRefusal::Touched { count: touched.count(), first });
    }
    let mistaken = |Imported { case, is_touched: _ }: Imported| {
        let name = case.referral.name.clone();
        let mistaken = mistake(case, reason, recorded, today);
        mistaken.ok_or(UndoRefusal::Touched { count: 1, first: name })
    };
    imported.into_iter().map(mistaken).collect()
}

/// The case as a mistake; none when it is one already.
fn mistake(case: Case, reason: &str, recorded: &Recorded, today: NaiveDate) -> Option<Case> {
    let mut case = match case.enrolment().cloned() {
        Some(enrolment) => {
            let (reason, recorded) = (reason.to_owned(), recorded.clone());
            case::register_in_error(&case, &enrolment, reason, None, recorded).ok()?
        }
        None => case,
    };
    let taken = Taken {
        actor: recorded.actor.clone(),
        now: recorded.time,
        today,
        day: today,
        comment: reason.to_owned(),
    };
    case.referral = referral::take(&case.referral, Action::RegisterInError, taken).ok()?;
    Some(case)
}
