//! What goes to the office's general ledger: the year's vouchers by the account
//! plan's numbers and codes.
//!
//! Own costs come from that ledger, and a year is opened and closed in it as
//! well: neither goes back there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use values::{
    Ore, Period, Slug,
    name::{PartyName, RecipientName},
};

use super::{
    account_plan::{AccountPlan, Mapped, is_exported},
    cost_line::CostKind,
    ledger::{Account, Posting},
};

/// The dimension of cost centres.
pub const COST_CENTRE: i32 = 1;
/// The dimension of projects.
pub const PROJECT: i32 = 6;

/// A voucher of the ledger, with what caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The journal's sequence.
    pub sequence: i64,
    /// What happened: `requisition.approved`.
    pub event: String,
    /// What it happened to, as a resource name.
    pub subject: String,
    /// The day it was recorded.
    pub recorded_on: NaiveDate,
    /// Its postings on the year's accounts.
    pub postings: Vec<Posting>,
}

/// The names of what codes stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// The parties' names.
    pub parties: HashMap<PartyName, String>,
    /// The recipient of each grant, with its name.
    pub recipient_of_grant: HashMap<Slug, (RecipientName, String)>,
}

/// One line of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The account's number.
    pub account: String,
    /// Dimensions with codes.
    pub objects: Vec<(i32, String)>,
    /// Above zero is debit.
    pub amount: Ore,
    /// The day it counts on.
    pub day: NaiveDate,
}

/// An entry: a voucher in the plan's words. Its lines sum to zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The journal's sequence: the number it can be looked up by in the ledger, and
    /// the same whichever days are asked for.
    pub number: i64,
    /// The first day its lines count on.
    pub day: NaiveDate,
    /// The day it was recorded.
    pub recorded_on: NaiveDate,
    /// What happened.
    pub event: String,
    /// What it happened to, as a resource name.
    pub subject: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// The entries of a year, and what their accounts and codes are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GeneralLedger {
    /// The series of the entries.
    pub series: String,
    /// Names by number of the accounts in use.
    pub accounts: BTreeMap<String, String>,
    /// What each code of each dimension in use stands for: several may share one.
    pub objects: BTreeMap<(i32, String), BTreeSet<String>>,
    /// The dimension of the counterparties.
    pub party_dimension: Option<i32>,
    /// The entries, by number.
    pub entries: Vec<Entry>,
}

/// What the plan has no account for, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanIncomplete {
    /// Accounts without kinds of cost.
    pub accounts: BTreeSet<Account>,
    /// Kinds of cost of the initiatives.
    pub cost_kinds: BTreeSet<CostKind>,
}

/// Puts the vouchers of a year in the plan's words; only those whose day is in
/// the period when there is one.
///
/// # Errors
/// Everything that has no account.
pub fn compute(
    plan: Option<&AccountPlan>,
    recorded: Vec<Recorded>,
    period: Option<Period>,
    names: &Names,
) -> Result<GeneralLedger, PlanIncomplete> {
    let is_asked_for = |day: NaiveDate| period.is_none_or(|period| period.contains(day));
    let mut missing = PlanIncomplete::default();
    let mut ledger = GeneralLedger {
        series: plan.map(|plan| plan.voucher_series.clone()).unwrap_or_default(),
        party_dimension: plan.and_then(|plan| plan.party_dimension),
        ..GeneralLedger::default()
    };
    let codes = plan.map(|plan| Codes::of(plan, names));
    for voucher in recorded.into_iter().filter(goes_there) {
        let Recorded { sequence, event, subject, recorded_on, postings } = voucher;
        let day = postings.iter().map(|posting| posting.day).min();
        let Some(day) = day.filter(|day| is_asked_for(*day)) else { continue };
        let mut lines = Vec::with_capacity(postings.len());
        for posting in &postings {
            let mapped = plan.and_then(|plan| plan.account(posting.account, posting.cost_kind));
            let (Some(mapped), Some(codes)) = (mapped, &codes) else {
                missing.note(posting);
                continue;
            };
            ledger.accounts.insert(mapped.number.clone(), mapped.title.clone());
            let objects = codes.objects(posting, &mut ledger.objects);
            let (account, amount, day) = (mapped.number.clone(), posting.amount, posting.day);
            lines.push(Line { account, objects, amount, day });
        }
        ledger.entries.push(Entry { number: sequence, day, recorded_on, event, subject, lines });
    }
    if missing == PlanIncomplete::default() { Ok(ledger) } else { Err(missing) }
}

/// True for a voucher of what happens here and nowhere else.
fn goes_there(voucher: &Recorded) -> bool {
    let is_of_a_year = voucher.event.starts_with("financial_year.");
    !is_of_a_year && voucher.postings.iter().all(|posting| is_exported(posting.account))
}

impl PlanIncomplete {
    fn note(&mut self, posting: &Posting) {
        match posting.cost_kind {
            Some(kind) => self.cost_kinds.insert(kind),
            None => self.accounts.insert(posting.account),
        };
    }
}

/// A plan's codes, to look up.
struct Codes<'a> {
    parties: HashMap<&'a Slug, (&'a str, String)>,
    recipients: HashMap<&'a RecipientName, &'a str>,
    grants: HashMap<&'a Slug, &'a str>,
    party_dimension: Option<i32>,
    names: &'a Names,
}

impl<'a> Codes<'a> {
    fn of(plan: &'a AccountPlan, names: &'a Names) -> Self {
        let party = |mapped: &'a Mapped<PartyName>| {
            let name = names.parties.get(&mapped.name).cloned();
            let name = name.unwrap_or_else(|| mapped.name.id.to_string());
            (&mapped.name.id, (mapped.code.as_str(), name))
        };
        Self {
            parties: plan.parties.iter().map(party).collect(),
            recipients: plan.recipients.iter().map(|row| (&row.name, row.code.as_str())).collect(),
            grants: plan.grants.iter().map(|row| (&row.name.id, row.code.as_str())).collect(),
            party_dimension: plan.party_dimension,
            names,
        }
    }

    /// The codes of a posting; what they stand for is noted.
    fn objects(
        &self,
        posting: &Posting,
        used: &mut BTreeMap<(i32, String), BTreeSet<String>>,
    ) -> Vec<(i32, String)> {
        let mut objects = Vec::new();
        let mut note = |dimension: i32, code: &str, name: &str| {
            let object = (dimension, code.to_owned());
            used.entry(object.clone()).or_default().insert(name.to_owned());
            objects.push(object);
        };
        if let Some(grant) = &posting.grant {
            let recipient = self.names.recipient_of_grant.get(grant);
            if let Some((recipient, name)) = recipient
                && let Some(code) = self.recipients.get(recipient)
            {
                note(COST_CENTRE, code, name);
            }
            if let Some(code) = self.grants.get(grant) {
                note(PROJECT, code, grant.as_str());
            }
        }
        let party = posting.party.as_ref().and_then(|party| self.parties.get(party));
        if let (Some((code, name)), Some(dimension)) = (party, self.party_dimension) {
            note(dimension, code, name);
        }
        objects
    }
}

#[cfg(test)]
mod tests;
