//! Money granted by a decision of the board. What is decided never changes: a
//! change is another decision. A sub-project is a grant whose money another grant
//! sets aside.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use values::{
    Ore, Period,
    name::{AccountName, GrantName, RecipientName},
};

use super::ledger::{Amount, Balances, Overdrawn, Voucher, YearClosed, vouchers};

pub mod amend;

/// A grant's days: all of them in one calendar year, because the budget is
/// yearly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GrantPeriod(Period);

/// A period that is not within one calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotInOneYear(pub Period);

impl GrantPeriod {
    /// Checks that the days are of one calendar year.
    ///
    /// # Errors
    /// When they are not.
    pub fn new(period: Period) -> Result<Self, NotInOneYear> {
        if period.first_day().year() == period.last_day().year() {
            Ok(Self(period))
        } else {
            Err(NotInOneYear(period))
        }
    }

    /// The days.
    #[must_use]
    pub fn days(self) -> Period {
        self.0
    }
}

/// What the board has decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The grant's name.
    pub name: GrantName,
    /// Who the money is for.
    pub recipient: RecipientName,
    /// The grant that sets the money aside, of a sub-project.
    pub parent: Option<GrantName>,
    /// The days it is for.
    pub period: GrantPeriod,
    /// How much.
    pub amount: Amount,
    /// The registry number of the decision (diarienummer).
    pub dnr: String,
    /// The day of the decision.
    pub decision_date: NaiveDate,
    /// The body that decided.
    pub deciding_body: String,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

/// A decision as far as it could be read: what could not is told by the
/// reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DecisionParts {
    /// The grant's name.
    pub name: Option<GrantName>,
    /// Who the money is for.
    pub recipient: Option<RecipientName>,
    /// The grant that sets the money aside, when it is named and can be read.
    pub parent: Option<GrantName>,
    /// The days it is for.
    pub period: Option<GrantPeriod>,
    /// How much.
    pub amount: Option<Amount>,
    /// The registry number of the decision.
    pub dnr: Option<String>,
    /// The day of the decision.
    pub decision_date: Option<NaiveDate>,
    /// The body that decided.
    pub deciding_body: Option<String>,
    /// True when facts were made up for a demonstration.
    pub synthetic: bool,
}

impl DecisionParts {
    /// All of it, when all of it could be read.
    #[must_use]
    pub fn whole(self) -> Option<Decision> {
        Some(Decision {
            name: self.name?,
            recipient: self.recipient?,
            parent: self.parent,
            period: self.period?,
            amount: self.amount?,
            dnr: self.dnr?,
            decision_date: self.decision_date?,
            deciding_body: self.deciding_body?,
            synthetic: self.synthetic,
        })
    }
}

/// One decision on a grant, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The days the money is for.
    pub period: GrantPeriod,
    /// How much.
    pub amount: Amount,
    /// The registry number of the decision.
    pub dnr: String,
    /// The day of the decision.
    pub decision_date: NaiveDate,
    /// The body that decided.
    pub deciding_body: String,
    /// Why it was changed; empty for the first.
    pub reason: String,
    /// The account that recorded it.
    pub actor: AccountName,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A grant: the decision in force, every decision so far, and where its money
/// stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What is decided: of several decisions, the last.
    pub decision: Decision,
    /// Every decision, oldest first.
    pub versions: Vec<Version>,
    /// Where the money stands.
    pub balances: Balances,
}

impl Grant {
    /// Names the decision in force.
    #[must_use]
    pub fn etag(&self) -> String {
        self.versions.len().to_string()
    }

    /// True when a later decision has changed the first.
    #[must_use]
    pub fn is_amended(&self) -> bool {
        self.versions.len() > 1
    }

    /// What was decided first.
    #[must_use]
    pub fn first_decision(&self) -> Decision {
        let decision = self.decision.clone();
        let Some(first) = self.versions.first() else { return decision };
        Decision {
            period: first.period,
            amount: first.amount,
            dnr: first.dnr.clone(),
            decision_date: first.decision_date,
            deciding_body: first.deciding_body.clone(),
            ..decision
        }
    }
}

/// The grant above a sub-project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// True when it is a sub-project itself.
    pub is_sub_project: bool,
    /// Its days.
    pub period: GrantPeriod,
    /// Where its money stands.
    pub balances: Balances,
}

/// What is known of the grant that a sub-project names as the one above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentFact {
    /// There is no such grant.
    Unknown,
    /// It comes with the sub-project, and its days or its amount cannot be read,
    /// which is told elsewhere.
    Unreadable,
    /// It is there, or comes with the sub-project.
    Known(Parent),
}

/// What a new grant is checked against.
#[derive(Debug, Clone, Copy)]
pub struct CreateFacts {
    /// True when a grant of that name is there.
    pub is_taken: bool,
    /// True when the recipient is there.
    pub recipient_is_known: bool,
    /// The grant above, of a sub-project.
    pub parent: ParentFact,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// What is wrong with a decision, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecisionFault {
    /// There is no such recipient.
    RecipientUnknown(RecipientName),
    /// There is no such grant above.
    ParentUnknown(GrantName),
    /// The grant above is a sub-project itself.
    ParentIsSubProject(GrantName),
    /// The days are not all within those of the grant above.
    PeriodOutsideParent {
        /// The sub-project's days.
        period: Period,
        /// The days of the grant above.
        parent_period: Period,
    },
    /// The board cannot have decided it yet.
    DecisionDateInFuture(NaiveDate),
}

/// Why a grant is not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateRefusal {
    /// The decision cannot be right; without a fault when the reader has told
    /// them all.
    Faulty(Vec<DecisionFault>),
    /// The name is taken.
    Taken,
    /// Nothing more is posted in its year.
    YearClosed(i32),
    /// The grant above has no room.
    GrantOverdrawn {
        /// What the sub-project is to get.
        asked: Ore,
        /// What is left of the grant above.
        left: Ore,
    },
}

impl From<YearClosed> for CreateRefusal {
    fn from(YearClosed(year): YearClosed) -> Self {
        CreateRefusal::YearClosed(year)
    }
}

impl From<Overdrawn> for CreateRefusal {
    fn from(overdrawn: Overdrawn) -> Self {
        let Overdrawn { account: _, asked, available } = overdrawn;
        CreateRefusal::GrantOverdrawn { asked, left: available }
    }
}

/// Records a grant, and opens its ledger.
///
/// # Errors
/// What forbids it.
pub fn create(
    parts: DecisionParts,
    facts: CreateFacts,
    actor: AccountName,
    time: DateTime<Utc>,
) -> Result<(Grant, Voucher), CreateRefusal> {
    let faults = decision_faults(&parts, facts);
    let decision = match parts.whole() {
        Some(decision) if faults.is_empty() => decision,
        Some(_) | None => return Err(CreateRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(CreateRefusal::Taken);
    }
    let (id, first_day) = (&decision.name.id, decision.period.days().first_day());
    let opening = match &decision.parent {
        Some(parent) => vouchers::allot(&parent.id, id, first_day, decision.amount),
        None => vouchers::open(id, first_day, decision.amount),
    };
    opening.check_years(facts.closed_through)?;
    if let (Some(name), ParentFact::Known(parent)) = (&decision.parent, facts.parent) {
        parent.balances.after(&name.id, &opening)?;
    }
    let version = Version {
        period: decision.period,
        amount: decision.amount,
        dnr: decision.dnr.clone(),
        decision_date: decision.decision_date,
        deciding_body: decision.deciding_body.clone(),
        reason: String::new(),
        actor,
        recorded_at: time,
    };
    let balances = Balances::opened(decision.amount);
    Ok((Grant { decision, versions: vec![version], balances }, opening))
}

/// Every fault of a decision, as far as it could be read.
fn decision_faults(parts: &DecisionParts, facts: CreateFacts) -> Vec<DecisionFault> {
    let mut faults = Vec::new();
    if let Some(recipient) = parts.recipient.as_ref().filter(|_| !facts.recipient_is_known) {
        faults.push(DecisionFault::RecipientUnknown(recipient.clone()));
    }
    match (&parts.parent, facts.parent) {
        (Some(name), ParentFact::Unknown) => {
            faults.push(DecisionFault::ParentUnknown(name.clone()));
        }
        (Some(name), ParentFact::Known(parent)) => {
            if parent.is_sub_project {
                faults.push(DecisionFault::ParentIsSubProject(name.clone()));
            }
            let outside = parts.period.filter(|own| !parent.period.days().covers(own.days()));
            faults.extend(outside.map(|own| DecisionFault::PeriodOutsideParent {
                period: own.days(),
                parent_period: parent.period.days(),
            }));
        }
        (Some(_), ParentFact::Unreadable) | (None, _) => {}
    }
    let in_future = parts.decision_date.filter(|day| *day > facts.today);
    faults.extend(in_future.map(DecisionFault::DecisionDateInFuture));
    faults
}

#[cfg(test)]
mod tests;
