//! Many recipients, grants and submitted requisitions at once: what would be
//! created, or every fault of every row.
//!
//! A row may refer to another row of the same import. A row whose resource is
//! there with the same content changes nothing, however far the resource has
//! come since; with other content it is refused.

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    hash::Hash,
};

use chrono::{DateTime, NaiveDate, Utc};
use values::{
    Ore, OrganisationNumber,
    name::{AccountName, GrantName, PartyName, RecipientName, RequisitionName, TeamName},
};

use super::{
    grant::{DecisionFault, DecisionParts, Grant},
    ledger::Voucher,
    recipient::{Recipient, RecipientFault, RecipientParts},
    requisition::{Claim, ClaimFault, ClaimParts, ClaimedCost, Requisition, State, Step},
};

mod grants;
mod on_grants;
mod recipients;
mod requisitions;

/// The rows, as far as they could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// The recipients.
    pub recipients: Vec<RecipientParts>,
    /// The grants.
    pub grants: Vec<DecisionParts>,
    /// The requisitions.
    pub requisitions: Vec<ClaimParts>,
}

/// What is there already, as far as the rows name it.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Recipients that a row creates or refers to.
    pub recipients: HashMap<RecipientName, Recipient>,
    /// Grants that a row creates or refers to.
    pub grants: HashMap<GrantName, Grant>,
    /// Requisitions that a row creates.
    pub requisitions: HashMap<RequisitionName, Claim>,
    /// The last closed year.
    pub closed_through: Option<i32>,
    /// Live claims on the grants that a row refers to.
    pub claimed: HashMap<(GrantName, PartyName), Vec<ClaimedCost>>,
    /// What was approved or paid on them, net of corrections.
    pub requisitioned: HashMap<(GrantName, PartyName), Ore>,
}

/// What is known from outside the record.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// The teams there are, or will be.
    pub teams: HashSet<TeamName>,
    /// The parties there are, or will be, with their numbers as far as they are
    /// known.
    pub parties: HashMap<PartyName, Option<OrganisationNumber>>,
    /// The day it is recorded.
    pub today: NaiveDate,
}

/// Which row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A row of the recipients.
    Recipient(usize),
    /// A row of the grants.
    Grant(usize),
    /// A row of the requisitions.
    Requisition(usize),
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    /// An earlier row has the same name.
    NameTwice(String),
    /// The resource is there with other content.
    DiffersFromRecord(String),
    /// What is wrong with a recipient.
    Recipient(RecipientFault),
    /// What is wrong with a grant.
    Decision(DecisionFault),
    /// What is wrong with a requisition.
    Claim(ClaimFault),
    /// A correction is drafted on its own.
    CorrectionNotImported,
    /// Nothing more is posted in the row's year.
    YearClosed(i32),
    /// The grant has no room for the row after those before it.
    GrantOverdrawn {
        /// What is claimed.
        asked: Ore,
        /// What is left of the grant.
        left: Ore,
    },
}

/// What an import creates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The recipients.
    pub recipients: Vec<Recipient>,
    /// The grants, as they are when they are opened.
    pub grants: Vec<Grant>,
    /// The requisitions, submitted.
    pub requisitions: Vec<Requisition>,
    /// What moves on the ledger, each with the place of the resource that
    /// causes it: counted over the recipients, then the grants, then the
    /// requisitions that are created.
    pub vouchers: Vec<(usize, Voucher)>,
}

/// Plans an import for the account that makes it.
///
/// # Errors
/// Every fault of every row, in the order of the rows.
pub fn plan(
    rows: Rows,
    record: &Record,
    outside: &Outside,
    actor: &AccountName,
    time: DateTime<Utc>,
) -> Result<Plan, Vec<(Place, RowFault)>> {
    let mut faults = Vec::new();
    let mut plan = Plan::default();
    let mut recipients: HashSet<RecipientName> = record.recipients.keys().cloned().collect();
    recipients.extend(rows.recipients.iter().filter_map(|row| row.name.clone()));
    let mut on_grants = on_grants::OnGrants::of(record, &rows.grants);
    let submitted =
        Step { state: State::Submitted, actor: actor.clone(), time, comment: String::new() };

    recipients::plan(rows.recipients, record, outside, &mut plan, &mut faults);
    let mut known = grants::Known { record, recipients, outside, on_grants: &mut on_grants };
    grants::plan(rows.grants, &mut known, &submitted, &mut plan, &mut faults);
    let mut claims = requisitions::Claims { record, outside, on_grants };
    requisitions::plan(rows.requisitions, &mut claims, &submitted, &mut plan, &mut faults);
    if faults.is_empty() { Ok(plan) } else { Err(faults) }
}

/// The fault of a row whose name an earlier row has.
fn seen_before<N: Clone + Eq + Hash + Display>(
    names: &mut HashSet<N>,
    name: Option<&N>,
) -> Option<RowFault> {
    let name = name?;
    let is_new = names.insert(name.clone());
    (!is_new).then(|| RowFault::NameTwice(name.to_string()))
}

/// The fault of a row that could be read and is not what the record has.
fn differs<T: PartialEq>(name: &impl Display, row: Option<T>, recorded: &T) -> Option<RowFault> {
    let differs = row.is_some_and(|new| new != *recorded);
    differs.then(|| RowFault::DiffersFromRecord(name.to_string()))
}

#[cfg(test)]
mod tests;
