//! Requisitions line by line, as a file has them.

use chrono::NaiveDate;
use values::{Ore, Period, Slug, name::PartyName};

use super::{cost_line::CostKind, requisition::State};

/// One cost line, with its requisition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequisitionLine {
    /// The requisition.
    pub requisition: Slug,
    /// The one it corrects.
    pub corrects: Option<Slug>,
    /// The grant.
    pub grant: Slug,
    /// The name of the grant's recipient.
    pub recipient: String,
    /// The party.
    pub party: PartyName,
    /// The party's organisation number, as it is written; may be empty.
    pub organisation_number: String,
    /// The registry number; may be empty.
    pub dnr: String,
    /// The days the costs are for.
    pub period: Period,
    /// Where it stands.
    pub state: State,
    /// The kind of cost.
    pub kind: CostKind,
    /// What it was for.
    pub description: String,
    /// Full-time share in percent; 0 when the kind is not staff.
    pub fte_percent: i32,
    /// The cost; below zero in a correction.
    pub amount: Ore,
    /// Where the party wants the money.
    pub payment_reference: String,
    /// The day it was paid; none before.
    pub payment_date: Option<NaiveDate>,
}
