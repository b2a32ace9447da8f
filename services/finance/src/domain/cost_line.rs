//! What the money of a requisition went to.

use values::Ore;

use super::ledger::{Amount, AmountFault};

/// The most lines one requisition has.
pub const MOST_LINES: usize = 50;

/// The largest full-time share of a line, in percent: ten people.
pub const LARGEST_FTE_PERCENT: i32 = 1000;

/// The kinds of cost an agreement covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostKind {
    /// Salaries with charges.
    Staff,
    /// Premises.
    Premises,
    /// Activities and material.
    Activities,
    /// Training.
    Training,
    /// Overhead, as agreed.
    Overhead,
    /// Any other cost.
    Other,
}

impl CostKind {
    /// Every kind.
    pub const ALL: &'static [CostKind] = &[
        CostKind::Staff,
        CostKind::Premises,
        CostKind::Activities,
        CostKind::Training,
        CostKind::Overhead,
        CostKind::Other,
    ];

    /// The code it is stored and told as.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            CostKind::Staff => "staff",
            CostKind::Premises => "premises",
            CostKind::Activities => "activities",
            CostKind::Training => "training",
            CostKind::Overhead => "overhead",
            CostKind::Other => "other",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<CostKind> {
        CostKind::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// One cost. A full-time share belongs to staff and to nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostLine {
    kind: CostKind,
    description: String,
    fte_percent: i32,
    amount: Amount,
}

/// What is wrong with a cost line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostLineFault {
    /// Staff needs a share from 1 to [`LARGEST_FTE_PERCENT`].
    FtePercentOutOfRange(i32),
    /// Only staff has a share.
    FtePercentNotAllowed,
    /// The amount is none.
    Amount(AmountFault),
}

impl CostLine {
    /// Checks a line.
    ///
    /// # Errors
    /// Every fault of it.
    pub fn new(
        kind: CostKind,
        description: String,
        fte_percent: i32,
        amount: Ore,
    ) -> Result<Self, Vec<CostLineFault>> {
        let mut faults = Vec::new();
        let is_staff = kind == CostKind::Staff;
        if is_staff && !(1..=LARGEST_FTE_PERCENT).contains(&fte_percent) {
            faults.push(CostLineFault::FtePercentOutOfRange(fte_percent));
        }
        if !is_staff && fte_percent != 0 {
            faults.push(CostLineFault::FtePercentNotAllowed);
        }
        match Amount::new(amount) {
            Ok(amount) if faults.is_empty() => Ok(Self { kind, description, fte_percent, amount }),
            Ok(_) => Err(faults),
            Err(fault) => {
                faults.push(CostLineFault::Amount(fault));
                Err(faults)
            }
        }
    }

    /// What kind of cost.
    #[must_use]
    pub fn kind(&self) -> CostKind {
        self.kind
    }

    /// What it was for.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Full-time share in percent; 0 when the kind is not staff.
    #[must_use]
    pub fn fte_percent(&self) -> i32 {
        self.fte_percent
    }

    /// The cost.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.amount
    }
}

/// The lines of a requisition: 1 to [`MOST_LINES`], with a sum that is an
/// amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostLines {
    lines: Vec<CostLine>,
    total: Amount,
}

/// What is wrong with the lines as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostLinesFault {
    /// There are none.
    Missing,
    /// There are more than [`MOST_LINES`].
    TooMany(usize),
    /// Together they are more than an amount can be.
    TotalTooLarge(Ore),
}

impl CostLines {
    /// Checks the lines as a whole.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(lines: Vec<CostLine>) -> Result<Self, CostLinesFault> {
        if lines.is_empty() {
            return Err(CostLinesFault::Missing);
        }
        if lines.len() > MOST_LINES {
            return Err(CostLinesFault::TooMany(lines.len()));
        }
        let sum = Ore::sum(lines.iter().map(|line| line.amount.ore()))
            .expect("fifty amounts fit by their limit");
        let total = Amount::new(sum).map_err(|_| CostLinesFault::TotalTooLarge(sum))?;
        Ok(Self { lines, total })
    }

    /// The lines, in the order they were sent.
    #[must_use]
    pub fn as_slice(&self) -> &[CostLine] {
        &self.lines
    }

    /// The amount of each kind there is, in the order of the kinds.
    #[must_use]
    pub fn by_kind(&self) -> Vec<(CostKind, Amount)> {
        let of = |kind: &CostKind| {
            let lines = self.lines.iter().filter(|line| line.kind == *kind);
            let sum = Ore::sum(lines.map(|line| line.amount.ore()));
            Some((*kind, Amount::new(sum?).ok()?))
        };
        CostKind::ALL.iter().filter_map(of).collect()
    }

    /// Their sum.
    #[must_use]
    pub fn total(&self) -> Amount {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::LARGEST_AMOUNT;

    fn line(ore: i64) -> CostLine {
        CostLine::new(CostKind::Premises, String::new(), 0, Ore::new(ore)).unwrap()
    }

    #[test]
    fn a_full_time_share_belongs_to_staff_and_to_nothing_else() {
        use CostLineFault::{Amount as Wrong, FtePercentNotAllowed, FtePercentOutOfRange};
        let none = Wrong(AmountFault::NotPositive(Ore::ZERO));
        for (kind, fte_percent, ore, faults) in [
            (CostKind::Staff, 1, 1, vec![]),
            (CostKind::Staff, 1000, 1, vec![]),
            (CostKind::Staff, 0, 1, vec![FtePercentOutOfRange(0)]),
            (CostKind::Staff, 1001, 1, vec![FtePercentOutOfRange(1001)]),
            (CostKind::Staff, -1, 0, vec![FtePercentOutOfRange(-1), none]),
            (CostKind::Premises, 0, 1, vec![]),
            (CostKind::Premises, 50, 0, vec![FtePercentNotAllowed, none]),
        ] {
            let result = CostLine::new(kind, String::new(), fte_percent, Ore::new(ore));
            assert_eq!(result.err().unwrap_or_default(), faults, "{kind:?} {fte_percent}");
        }
    }

    #[test]
    fn there_is_at_least_one_line_and_at_most_fifty() {
        let lines = |count: usize| CostLines::new(vec![line(2); count]);
        assert_eq!(lines(0), Err(CostLinesFault::Missing));
        assert_eq!(lines(51), Err(CostLinesFault::TooMany(51)));
        assert_eq!(lines(50).unwrap().total().ore(), Ore::new(100));
    }

    #[test]
    fn a_sum_that_is_no_amount_is_refused() {
        let sum = LARGEST_AMOUNT.get() + 1;
        let lines = vec![line(LARGEST_AMOUNT.get()), line(1)];
        let expected = CostLinesFault::TotalTooLarge(Ore::new(sum));
        assert_eq!(CostLines::new(lines), Err(expected));
    }

    #[test]
    fn kinds_read_back_from_their_codes() {
        for kind in CostKind::ALL {
            assert_eq!(CostKind::from_code(kind.code()), Some(*kind));
        }
    }
}
