//! Who pays for staff: rows that begin and end.

use chrono::NaiveDate;

use super::{Judgement, Reference, faultless, refused};
use crate::model::{actor::Actor, calendar::overlap};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(in crate::model) enum Asks {
    Create { id: String, row: Staffing },
    End { id: String, etag: String, last: NaiveDate },
}

/// Posts in one municipality, from a day on.
#[derive(Debug, Clone)]
pub(in crate::model) struct Staffing {
    pub(in crate::model) municipality: &'static str,
    pub(in crate::model) first: NaiveDate,
    pub(in crate::model) last: Option<NaiveDate>,
    pub(in crate::model) writes: usize,
}

impl Staffing {
    fn overlaps(&self, municipality: &str, first: NaiveDate, last: Option<NaiveDate>) -> bool {
        let end = |last: Option<NaiveDate>| last.unwrap_or(NaiveDate::MAX);
        self.municipality == municipality
            && overlap((self.first, end(self.last)), (first, end(last)))
    }
}

impl Reference {
    pub(super) fn judge_staffing(&self, actor: Actor, asks: &Asks) -> Judgement {
        if !actor.is_office {
            return refused("PERMISSION_DENIED");
        }
        match asks {
            Asks::Create { id, row } => {
                self.judge_row(id, row, row.last)?;
                if self.staffing.contains_key(id) { refused("ALREADY_EXISTS") } else { Ok(()) }
            }
            Asks::End { id, etag, last } => {
                let Some(row) = self.staffing.get(id) else {
                    return refused("NOT_FOUND");
                };
                if row.writes.to_string() != *etag {
                    return refused("STALE");
                }
                self.judge_row(id, row, Some(*last))
            }
        }
    }

    fn judge_row(&self, id: &str, row: &Staffing, last: Option<NaiveDate>) -> Judgement {
        if last.is_some_and(|last| last < row.first) {
            return refused("PERIOD_REVERSED");
        }
        let mut others = self.staffing.iter().filter(|(other, _)| *other != id);
        let overlaps = others.any(|(_, other)| other.overlaps(row.municipality, row.first, last));
        faultless(overlaps.then_some("STAFFING_OVERLAPS").into_iter().collect())
    }

    pub(super) fn enter_staffing(&mut self, asks: Asks) {
        match asks {
            Asks::Create { id, row } => {
                self.staffing.insert(id, row);
            }
            Asks::End { id, etag: _, last } => {
                let row = self.staffing.get_mut(&id).unwrap();
                row.last = Some(last);
                row.writes += 1;
            }
        }
    }
}
