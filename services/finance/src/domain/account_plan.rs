//! How the ledger's accounts are called in the office's general ledger: which
//! number an account has there, and which codes parties, recipients and grants
//! have. One plan for each federation, entered whole, never built in.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::Hash;

use values::{
    Slug,
    name::{GrantName, PartyName, RecipientName},
};

use super::{cost_line::CostKind, ledger::Account};

/// The most accounts a plan has.
pub const MOST_ACCOUNTS: usize = 200;
/// The most parties a plan has.
pub const MOST_PARTIES: usize = 400;
/// The most recipients, and the most grants, a plan has.
pub const MOST_OBJECTS: usize = 1000;
/// The dimensions of the general ledger that are free to use.
pub const FREE_DIMENSIONS: std::ops::RangeInclusive<i32> = 20..=999;

/// A ledger account in the general ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedAccount {
    /// The year's account.
    pub account: Account,
    /// Only for this kind of cost; none for every kind without a row of its own.
    pub cost_kind: Option<CostKind>,
    /// The account's number: four digits.
    pub number: String,
    /// The account's name.
    pub title: String,
}

/// What something is called in the general ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped<N> {
    /// What.
    pub name: N,
    /// Its code: 1 to 10 letters or digits.
    pub code: String,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountPlan {
    /// Whose it is.
    pub federation: Slug,
    /// The accounts.
    pub accounts: Vec<MappedAccount>,
    /// The parties as counterparties.
    pub parties: Vec<Mapped<PartyName>>,
    /// The recipients as cost centres.
    pub recipients: Vec<Mapped<RecipientName>>,
    /// The grants as projects.
    pub grants: Vec<Mapped<GrantName>>,
    /// The dimension that counterparties are put in; none without parties.
    pub party_dimension: Option<i32>,
    /// The series of the vouchers.
    pub voucher_series: String,
    /// Counts its changes, from 1.
    pub revision: i32,
}

impl AccountPlan {
    /// Names this version.
    #[must_use]
    pub fn etag(&self) -> String {
        self.revision.to_string()
    }

    /// The fields in which another plan of the federation says something else.
    #[must_use]
    pub fn differs_in(&self, other: &AccountPlan) -> Vec<&'static str> {
        let AccountPlan {
            federation: _,
            accounts,
            parties,
            recipients,
            grants,
            party_dimension,
            voucher_series,
            revision: _,
        } = self;
        let fields = [
            ("accounts", *accounts != other.accounts),
            ("parties", *parties != other.parties),
            ("recipients", *recipients != other.recipients),
            ("grants", *grants != other.grants),
            ("party_dimension", *party_dimension != other.party_dimension),
            ("voucher_series", *voucher_series != other.voucher_series),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }

    /// What an account is called in the general ledger, by its kind of cost if
    /// that has a row of its own.
    #[must_use]
    pub fn account(&self, account: Account, cost_kind: Option<CostKind>) -> Option<&MappedAccount> {
        let of = |kind: Option<CostKind>| {
            self.accounts.iter().find(|row| row.account == account && row.cost_kind == kind)
        };
        cost_kind.and_then(|kind| of(Some(kind))).or_else(|| of(None))
    }
}

/// True for an account that goes to the general ledger: what a year has, owes and
/// is owed by what happens here. Own costs come from there.
#[must_use]
pub const fn is_exported(account: Account) -> bool {
    match account {
        Account::Contributions
        | Account::Receivable
        | Account::Bank
        | Account::Payable
        | Account::Initiatives => true,
        Account::Board
        | Account::Left
        | Account::Reserved
        | Account::Requisitioned
        | Account::Allotted
        | Account::Lapsed
        | Account::OwnCosts
        | Account::Equity => false,
    }
}

/// A plan as far as it could be read: what could not is told by the reader. Each
/// row keeps its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountPlanParts {
    /// The accounts.
    pub accounts: Vec<Option<MappedAccount>>,
    /// The parties as counterparties.
    pub parties: Vec<Option<Mapped<PartyName>>>,
    /// The recipients as cost centres.
    pub recipients: Vec<Option<Mapped<RecipientName>>>,
    /// The grants as projects.
    pub grants: Vec<Option<Mapped<GrantName>>>,
    /// The dimension that counterparties are put in; 0 for none.
    pub party_dimension: i32,
    /// The series of the vouchers.
    pub voucher_series: Option<String>,
}

/// What a plan is checked against.
#[derive(Debug, Clone, Default)]
pub struct SetFacts {
    /// The parties there are.
    pub parties: HashSet<PartyName>,
    /// The recipients there are.
    pub recipients: HashSet<RecipientName>,
    /// The grants there are.
    pub grants: HashSet<GrantName>,
}

/// What is wrong with a plan; `row` counts from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanFault {
    /// The account does not go to the general ledger.
    AccountNotExported {
        /// Which row.
        row: usize,
        /// The account.
        account: Account,
    },
    /// Only initiatives have kinds of cost.
    CostKindNotAllowed {
        /// Which row.
        row: usize,
    },
    /// The account, with its kind, has an earlier row.
    AccountTwice {
        /// Which row.
        row: usize,
        /// The account.
        account: Account,
    },
    /// The number has another name in an earlier row.
    TitleDiffers {
        /// Which row.
        row: usize,
        /// The number.
        number: String,
        /// The name it has there.
        title: String,
    },
    /// There is no such thing.
    Unknown {
        /// Which list.
        list: List,
        /// Which row.
        row: usize,
        /// What.
        name: String,
    },
    /// It has an earlier row.
    Twice {
        /// Which list.
        list: List,
        /// Which row.
        row: usize,
        /// What.
        name: String,
    },
    /// The dimension is not one of [`FREE_DIMENSIONS`].
    DimensionNotFree(i32),
}

/// The lists of names in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// The parties.
    Parties,
    /// The recipients.
    Recipients,
    /// The grants.
    Grants,
}

/// Why a plan is not entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetRefusal {
    /// It cannot be right; without a fault when the reader has told them all.
    Faulty(Vec<PlanFault>),
    /// Another change came between.
    Stale,
}

/// Enters a plan in the place of the one there is.
///
/// # Errors
/// What forbids it.
pub fn set(
    federation: Slug,
    before: Option<&AccountPlan>,
    etag: &str,
    parts: AccountPlanParts,
    facts: &SetFacts,
) -> Result<AccountPlan, SetRefusal> {
    let mut faults = account_faults(&parts.accounts);
    faults.extend(name_faults(List::Parties, &parts.parties, &facts.parties));
    faults.extend(name_faults(List::Recipients, &parts.recipients, &facts.recipients));
    faults.extend(name_faults(List::Grants, &parts.grants, &facts.grants));
    let is_needed = !parts.parties.is_empty() || parts.party_dimension != 0;
    if is_needed && !FREE_DIMENSIONS.contains(&parts.party_dimension) {
        faults.push(PlanFault::DimensionNotFree(parts.party_dimension));
    }
    let revision = before.map_or(1, |plan| plan.revision + 1);
    let plan = match whole(federation, parts, revision) {
        Some(plan) if faults.is_empty() => plan,
        Some(_) | None => return Err(SetRefusal::Faulty(faults)),
    };
    if before.map(AccountPlan::etag).unwrap_or_default() != etag {
        return Err(SetRefusal::Stale);
    }
    Ok(plan)
}

fn account_faults(accounts: &[Option<MappedAccount>]) -> Vec<PlanFault> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut titles = BTreeMap::<&str, &str>::new();
    for (row, mapped) in accounts.iter().enumerate() {
        let Some(MappedAccount { account, cost_kind, number, title }) = mapped else { continue };
        let account = *account;
        if !is_exported(account) {
            faults.push(PlanFault::AccountNotExported { row, account });
        } else if cost_kind.is_some() && account != Account::Initiatives {
            faults.push(PlanFault::CostKindNotAllowed { row });
        }
        if !seen.insert((account, *cost_kind)) {
            faults.push(PlanFault::AccountTwice { row, account });
        }
        let earlier = *titles.entry(number.as_str()).or_insert(title.as_str());
        if earlier != title {
            let (number, title) = (number.clone(), earlier.to_owned());
            faults.push(PlanFault::TitleDiffers { row, number, title });
        }
    }
    faults
}

fn name_faults<N: Eq + Hash + ToString>(
    list: List,
    rows: &[Option<Mapped<N>>],
    known: &HashSet<N>,
) -> Vec<PlanFault> {
    let mut faults = Vec::new();
    let mut seen = HashSet::new();
    for (row, mapped) in rows.iter().enumerate() {
        let Some(Mapped { name, code: _ }) = mapped else { continue };
        if !known.contains(name) {
            faults.push(PlanFault::Unknown { list, row, name: name.to_string() });
        }
        if !seen.insert(name) {
            faults.push(PlanFault::Twice { list, row, name: name.to_string() });
        }
    }
    faults
}

fn whole(federation: Slug, parts: AccountPlanParts, revision: i32) -> Option<AccountPlan> {
    let AccountPlanParts { accounts, parties, recipients, grants, party_dimension, voucher_series } =
        parts;
    Some(AccountPlan {
        federation,
        accounts: accounts.into_iter().collect::<Option<_>>()?,
        parties: parties.into_iter().collect::<Option<_>>()?,
        recipients: recipients.into_iter().collect::<Option<_>>()?,
        grants: grants.into_iter().collect::<Option<_>>()?,
        party_dimension: (party_dimension != 0).then_some(party_dimension),
        voucher_series: voucher_series?,
        revision,
    })
}

#[cfg(test)]
mod tests;
