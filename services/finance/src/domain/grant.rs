//! Money granted by a decision of the board. What is decided never changes.

use chrono::{Datelike as _, NaiveDate};
use values::{
    Period,
    name::{GrantName, RecipientName},
};

use super::ledger::{Amount, Balances, Voucher, vouchers};

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
            period: self.period?,
            amount: self.amount?,
            dnr: self.dnr?,
            decision_date: self.decision_date?,
            deciding_body: self.deciding_body?,
            synthetic: self.synthetic,
        })
    }
}

/// A grant: the decision, and where its money stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What was decided.
    pub decision: Decision,
    /// Where the money stands.
    pub balances: Balances,
}

/// What a new grant is checked against.
#[derive(Debug, Clone, Copy)]
pub struct CreateFacts {
    /// True when a grant of that name is there.
    pub is_taken: bool,
    /// True when the recipient is there.
    pub recipient_is_known: bool,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// What is wrong with a decision, seen against the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecisionFault {
    /// There is no such recipient.
    RecipientUnknown(RecipientName),
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
}

/// Records a grant, and opens its ledger.
///
/// # Errors
/// What forbids it.
pub fn create(parts: DecisionParts, facts: CreateFacts) -> Result<(Grant, Voucher), CreateRefusal> {
    let unknown = parts.recipient.as_ref().filter(|_| !facts.recipient_is_known);
    let in_future = parts.decision_date.filter(|day| *day > facts.today);
    let unknown = unknown.cloned().map(DecisionFault::RecipientUnknown);
    let in_future = in_future.map(DecisionFault::DecisionDateInFuture);
    let faults: Vec<_> = unknown.into_iter().chain(in_future).collect();
    let decision = match parts.whole() {
        Some(decision) if faults.is_empty() => decision,
        Some(_) | None => return Err(CreateRefusal::Faulty(faults)),
    };
    if facts.is_taken {
        return Err(CreateRefusal::Taken);
    }
    let first_day = decision.period.days().first_day();
    let opening = vouchers::open(&decision.name.id, first_day, decision.amount);
    let grant = Grant { balances: Balances::opened(decision.amount), decision };
    Ok((grant, opening))
}

#[cfg(test)]
mod tests {
    use values::Ore;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn period(first: NaiveDate, last: NaiveDate) -> Period {
        Period::new("period", first, last).unwrap()
    }

    fn decision() -> DecisionParts {
        DecisionParts {
            name: GrantName::parse("name", "federations/f/grants/sala-2025").ok(),
            recipient: RecipientName::parse("name", "federations/f/recipients/sala").ok(),
            period: GrantPeriod::new(Period::year(2025).unwrap()).ok(),
            amount: Amount::new(Ore::new(172_000_000)).ok(),
            dnr: Some("2024/17".to_owned()),
            decision_date: Some(day(2024, 11, 28)),
            deciding_body: Some("Styrelsen".to_owned()),
            synthetic: false,
        }
    }

    fn facts() -> CreateFacts {
        CreateFacts { is_taken: false, recipient_is_known: true, today: day(2024, 11, 28) }
    }

    #[test]
    fn a_new_grant_opens_its_ledger_with_all_of_it_left() {
        let (grant, opening) = create(decision(), facts()).unwrap();
        assert_eq!(grant.balances.left, Ore::new(172_000_000));
        assert!(opening.postings().iter().all(|posting| posting.day == day(2025, 1, 1)));
    }

    #[test]
    fn every_fault_of_a_decision_is_told_at_once() {
        let facts = CreateFacts { recipient_is_known: false, today: day(2024, 11, 27), ..facts() };
        let expected = CreateRefusal::Faulty(vec![
            DecisionFault::RecipientUnknown(decision().recipient.unwrap()),
            DecisionFault::DecisionDateInFuture(day(2024, 11, 28)),
        ]);
        let unreadable = DecisionParts { amount: None, ..decision() };
        assert_eq!(create(decision(), facts), Err(expected.clone()));
        assert_eq!(create(unreadable, facts), Err(expected));
    }

    #[test]
    fn a_decision_is_never_recorded_over_another() {
        let facts = CreateFacts { is_taken: true, ..facts() };
        assert_eq!(create(decision(), facts), Err(CreateRefusal::Taken));
    }

    #[test]
    fn a_grant_is_for_days_of_one_calendar_year() {
        let across = period(day(2025, 7, 1), day(2026, 6, 30));
        assert_eq!(GrantPeriod::new(across), Err(NotInOneYear(across)));
        assert!(GrantPeriod::new(period(day(2025, 7, 1), day(2025, 12, 31))).is_ok());
    }
}
