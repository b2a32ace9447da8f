//! What the query of a book has found, and the book it makes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use platform::sql::{Found, HEAD};
use sea_orm::DbErr;
use serde::Deserialize;
use values::{
    Slug,
    name::{GrantName, RecoveryName, RequisitionName},
};

use super::{
    book::Wanted,
    claimed::{self, ClaimedRow, RequisitionedRow},
    rows::{cost_kind, value},
};
use crate::{
    domain::requisition::{Book, ClaimedCosts, Known, OnGrant, RecoveredCost, Requisition},
    store::{
        amount,
        entity::{attachment, grant, requisition, requisition_cost_line, requisition_step},
        grant::in_force,
        grouped, slug, wrong,
    },
};

/// What was found, by part.
#[derive(Default)]
pub(super) struct Rows {
    requisitions: HashMap<String, requisition::Model>,
    lines: HashMap<(String, i32), requisition_cost_line::Model>,
    steps: HashMap<(String, i32), requisition_step::Model>,
    attachments: HashMap<(String, String), attachment::Model>,
    grants: Vec<grant::Model>,
    claimed: BTreeMap<(String, i32), ClaimedRow>,
    requisitioned: Vec<RequisitionedRow>,
    recovered: Vec<Recovered>,
    closed_through: Option<i32>,
    /// Where the journal's head stood for each query.
    sequences: Vec<i64>,
}

#[derive(Debug, Deserialize)]
struct Recovered {
    recovery_id: String,
    requisition_id: String,
    kind: String,
    amount_ore: i64,
}

#[derive(Debug, Deserialize)]
struct Closed {
    year: Option<i32>,
}

impl Rows {
    /// Takes in what was found. Parts may find the same row several times: it is
    /// there once.
    pub(super) fn read(&mut self, found: Vec<Found>) -> Result<(), DbErr> {
        for found in found {
            match found.part.as_str() {
                "requisition" => {
                    let row: requisition::Model = found.read()?;
                    self.requisitions.insert(row.requisition_id.clone(), row);
                }
                "line" => {
                    let row: requisition_cost_line::Model = found.read()?;
                    self.lines.insert((row.requisition_id.clone(), row.line), row);
                }
                "step" => {
                    let row: requisition_step::Model = found.read()?;
                    self.steps.insert((row.requisition_id.clone(), row.step), row);
                }
                "attachment" => {
                    let row: attachment::Model = found.read()?;
                    let key = (row.requisition_id.clone(), row.attachment_id.clone());
                    self.attachments.insert(key, row);
                }
                "grant" => self.grants.push(found.read()?),
                "claimed" => {
                    let row: ClaimedRow = found.read()?;
                    self.claimed.insert(row.key(), row);
                }
                "requisitioned" => self.requisitioned.push(found.read()?),
                "recovered" => self.recovered.push(found.read()?),
                "closed" => self.closed_through = found.read::<Closed>()?.year,
                HEAD => self.sequences.push(found.sequence()?),
                other => return Err(wrong("the part of a row", other)),
            }
        }
        Ok(())
    }

    /// Where the journal's head stood.
    ///
    /// # Errors
    /// When it has moved between two queries: then what they found need not agree.
    pub(super) fn sequence(&self) -> Result<i64, DbErr> {
        match self.sequences.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => Ok(*first),
            _ => Err(DbErr::Custom("the journal moved on while it was read".to_owned())),
        }
    }

    /// The ids of requisitions that are to be corrected, or that those wanted
    /// correct.
    pub(super) fn corrected(&self, wanted: &Wanted<'_>) -> BTreeSet<String> {
        let named = wanted.names.iter().filter_map(|name| self.requisitions.get(*name));
        let theirs = named.filter_map(|row| row.corrects_id.clone());
        wanted.corrected.iter().map(|id| (*id).to_owned()).chain(theirs).collect()
    }

    /// The requisitions, with their cost lines, steps and files in order.
    pub(super) fn requisitions(
        &mut self,
        federation: &Slug,
    ) -> Result<HashMap<RequisitionName, Requisition>, DbErr> {
        let mut lines = in_order(&mut self.lines, |row| (row.requisition_id.clone(), row.line));
        let mut steps = in_order(&mut self.steps, |row| (row.requisition_id.clone(), row.step));
        let attachments = &mut self.attachments;
        let mut files = in_order(attachments, |row| (row.requisition_id.clone(), row.place));
        let mut requisitions = HashMap::new();
        for (id, row) in std::mem::take(&mut self.requisitions) {
            let name = RequisitionName::new(federation.clone(), slug("requisition_id", &id)?);
            let lines = lines.remove(&id).unwrap_or_default();
            let steps = steps.remove(&id).unwrap_or_default();
            let files = files.remove(&id).unwrap_or_default();
            requisitions.insert(name, value(row, lines, steps, files)?);
        }
        Ok(requisitions)
    }

    pub(super) fn into_book(mut self, federation: &Slug) -> Result<Book, DbErr> {
        let requisitions = self.requisitions(federation)?;
        let mut grants: HashMap<GrantName, OnGrant> = HashMap::new();
        for row in self.grants {
            let (decision, balances) = in_force(row)?;
            grants.insert(decision.name, OnGrant { period: decision.period, balances });
        }
        let mut claimed = ClaimedCosts::new();
        for row in self.claimed.into_values() {
            claimed::enter(&mut claimed, federation, row)?;
        }
        let mut requisitioned = HashMap::new();
        for row in self.requisitioned {
            claimed::enter_requisitioned(&mut requisitioned, federation, row)?;
        }
        let mut recovered: HashMap<RequisitionName, Vec<RecoveredCost>> = HashMap::new();
        for row in self.recovered {
            let id = slug("requisition_id", &row.requisition_id)?;
            let name = RequisitionName::new(federation.clone(), id);
            let recovery = slug("recovery_id", &row.recovery_id)?;
            recovered.entry(name).or_default().push(RecoveredCost {
                recovery: RecoveryName::new(federation.clone(), recovery),
                kind: cost_kind(&row.kind)?,
                amount: amount("recovery_cost_line.amount_ore", row.amount_ore)?,
            });
        }
        Ok(Book::read(Known {
            federation: federation.clone(),
            requisitions,
            grants,
            claimed,
            requisitioned,
            recovered,
            closed_through: self.closed_through,
        }))
    }
}

/// The rows of each requisition in the order of their second key.
fn in_order<K, T>(
    rows: &mut HashMap<K, T>,
    key: impl Fn(&T) -> (String, i32),
) -> BTreeMap<String, Vec<T>> {
    let mut rows: Vec<T> = std::mem::take(rows).into_values().collect();
    rows.sort_by_key(&key);
    grouped(rows, |row| key(row).0)
}
