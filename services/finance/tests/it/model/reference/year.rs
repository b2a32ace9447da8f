//! Budget years: how they are opened, what limits they have, and their close.

use chrono::Datelike as _;

use super::{Judgement, Reference, refused};
use crate::model::{actor::Actor, calendar::today};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(in crate::model) enum Asks {
    Open { year: i32, equity: i64 },
    SetPolicy { year: i32, etag: String, limits: Vec<i32> },
    Close { year: i32, etag: String },
}

/// A year.
#[derive(Debug, Clone, Default)]
pub(in crate::model) struct Year {
    pub(in crate::model) equity: i64,
    pub(in crate::model) limits: Vec<i32>,
    pub(in crate::model) is_closed: bool,
    pub(in crate::model) writes: usize,
}

impl Reference {
    pub(super) fn judge_year(&self, actor: Actor, asks: &Asks) -> Judgement {
        if !actor.is_office {
            return refused("PERMISSION_DENIED");
        }
        match asks {
            Asks::Open { year, equity } => {
                if self.years.contains_key(year) {
                    return refused("ALREADY_EXISTS");
                }
                if let Some((first, kept)) = self.years.first_key_value() {
                    let brings_its_own = *equity != 0 || (year < first && kept.equity != 0);
                    if brings_its_own {
                        return refused("EQUITY_IS_CARRIED_OVER");
                    }
                }
                if self.is_closed(*year) { refused("EARLIER_YEAR_CLOSED") } else { Ok(()) }
            }
            Asks::SetPolicy { year, etag, limits } => {
                let falls = limits.windows(2).any(|pair| pair[1] <= pair[0]);
                if falls {
                    return refused("LIMITS_NOT_RISING");
                }
                self.seen(*year, etag)
            }
            Asks::Close { year, etag } => {
                self.seen(*year, etag)?;
                if *year >= today().year() {
                    return refused("YEAR_NOT_OVER");
                }
                if self.years.iter().any(|(other, kept)| other < year && !kept.is_closed) {
                    return refused("EARLIER_YEAR_OPEN");
                }
                // Nor is a year closed over what waits from one that was never kept.
                let mut requisitions = self.requisitions.values();
                if requisitions.any(|kept| kept.is_undecided() && kept.days.1.year() <= *year) {
                    return refused("REQUISITIONS_UNDECIDED");
                }
                let mut recoveries = self.recoveries.values();
                if recoveries.any(|kept| {
                    let of = self.requisitions[&kept.requisition].days.1.year();
                    kept.state() == "proposed" && of <= *year
                }) {
                    return refused("RECOVERIES_UNDECIDED");
                }
                self.open(*year)
            }
        }
    }

    fn seen(&self, year: i32, etag: &str) -> Judgement {
        match self.years.get(&year) {
            None => refused("NOT_FOUND"),
            Some(kept) if kept.writes.to_string() != etag => refused("STALE"),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn enter_year(&mut self, asks: Asks) {
        match asks {
            Asks::Open { year, equity } => {
                self.years.insert(year, Year { equity, writes: 1, ..Year::default() });
            }
            Asks::SetPolicy { year, etag: _, limits } => {
                let kept = self.years.get_mut(&year).unwrap();
                (kept.limits, kept.writes) = (limits, kept.writes + 1);
            }
            Asks::Close { year, etag: _ } => {
                let kept = self.years.get_mut(&year).unwrap();
                (kept.is_closed, kept.writes) = (true, kept.writes + 1);
                self.years.entry(year + 1).or_insert(Year { writes: 1, ..Year::default() });
            }
        }
    }
}
