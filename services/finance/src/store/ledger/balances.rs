//! What accounts stand at: sums of postings.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use values::{
    Ore, Slug,
    name::{FinancialYearName, GrantName, PartyName},
};

use crate::{
    domain::{
        budget_year::BudgetYear,
        ledger::{Account, vouchers::year::YearBalance},
    },
    store::{bound::Bound, slug, wrong},
};

/// Which balances to compute, and how they are divided.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Of this year's accounts.
    pub(crate) year: BudgetYear,
    /// Only what counts on this day or before.
    pub(crate) as_of: Option<NaiveDate>,
    /// Only what was recorded by this sequence.
    pub(crate) as_known_at: Option<i64>,
    /// Only this grant's own accounts.
    pub(crate) grant: Option<GrantName>,
    /// Only what is about this party.
    pub(crate) party: Option<PartyName>,
    /// The grants' accounts by grant.
    pub(crate) by_grant: bool,
    /// The accounts that have a party by party.
    pub(crate) by_party: bool,
}

/// What an account stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Balance {
    /// The account.
    pub(crate) account: Account,
    /// The grant, when it is divided by it.
    pub(crate) grant: Option<Slug>,
    /// The party, when it is divided by it.
    pub(crate) party: Option<Slug>,
    /// What it stands at.
    pub(crate) balance: Ore,
}

/// The codes of the accounts that each grant has.
pub(in crate::store) fn accounts_of_grants(bound: &mut Bound) -> String {
    let of_grants = Account::ALL.iter().filter(|account| account.is_of_grant());
    bound.bind_all(of_grants.map(|account| account.code()))
}

/// The balances that are not 0, in the order of the accounts, then by name.
pub(crate) async fn balances(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    filter: &Filter,
) -> Result<Vec<Balance>, DbErr> {
    let Filter { year, as_of, as_known_at, grant, party, by_grant, by_party } = filter;
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let number = bound.bind(year.number());
    let mut narrowed = String::new();
    if let Some(day) = as_of {
        narrowed += &format!(" AND day <= {}", bound.bind(*day));
    }
    if let Some(sequence) = as_known_at {
        // The sign keeps to the index of the year, rather than go through all
        // that was recorded so far.
        narrowed += &format!(" AND +sequence <= {}", bound.bind(*sequence));
    }
    if let Some(grant) = grant {
        let of_grants = accounts_of_grants(&mut bound);
        let grant = bound.bind(grant.id.as_str());
        narrowed += &format!(" AND account IN ({of_grants}) AND grant_id = {grant}");
    }
    if let Some(party) = party {
        narrowed += &format!(" AND party_id = {}", bound.bind(party.id.as_str()));
    }
    // In the order of the index, so that nothing is sorted for the grouping.
    let parts = [("account", true), ("grant_id", *by_grant), ("party_id", *by_party)];
    let parts: Vec<&str> =
        parts.iter().filter(|(_, is_asked)| *is_asked).map(|(part, _)| *part).collect();
    let parts = parts.join(", ");
    let sql = format!(
        "SELECT {parts}, CAST(SUM(amount_ore) AS bigint) AS balance_ore FROM posting \
         WHERE federation_id = {federation_id} AND year = {number}{narrowed} GROUP BY {parts}"
    );
    let mut balances = BTreeMap::<(Account, Option<Slug>, Option<Slug>), Ore>::new();
    for row in &bound.query(connection, sql).await? {
        let Balance { account, grant, party, balance } = read(row, *by_grant, *by_party)?;
        // What a grant has cost stands on an account of the year.
        let grant = grant.filter(|_| account.is_of_grant());
        let sum = balances.entry((account, grant, party)).or_default();
        *sum = sum.plus(balance).ok_or_else(|| wrong("a balance", balance))?;
    }
    balances.retain(|_, balance| *balance != Ore::ZERO);
    let balance = |((account, grant, party), balance)| Balance { account, grant, party, balance };
    Ok(balances.into_iter().map(balance).collect())
}

fn read(row: &QueryResult, by_grant: bool, by_party: bool) -> Result<Balance, DbErr> {
    let id = |column: &'static str| -> Result<Option<Slug>, DbErr> {
        let id: Option<String> = row.try_get("", column)?;
        id.map(|id| slug(column, &id)).transpose()
    };
    let code: String = row.try_get("", "account")?;
    Ok(Balance {
        account: Account::from_code(&code).ok_or_else(|| wrong("posting.account", code))?,
        grant: if by_grant { id("grant_id")? } else { None },
        party: if by_party { id("party_id")? } else { None },
        balance: Ore::new(row.try_get("", "balance_ore")?),
    })
}

/// What a year's own accounts stand at, by party: what its close begins from.
pub(crate) async fn of_year(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<Vec<YearBalance>, DbErr> {
    let filter = Filter {
        year,
        as_of: None,
        as_known_at: None,
        grant: None,
        party: None,
        by_grant: false,
        by_party: true,
    };
    let all = balances(connection, federation, &filter).await?;
    let of_year = all.into_iter().filter(|balance| !balance.account.is_of_grant());
    let value =
        |Balance { account, grant: _, party, balance }| YearBalance { account, party, balance };
    Ok(of_year.map(value).collect())
}

/// The equity that a year began with: from elsewhere, or from the year before.
pub(crate) async fn carried_over(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
) -> Result<Ore, DbErr> {
    let mut bound = Bound::new();
    let first_day = bound.bind(year.days().first_day());
    let on_first_day = format!("account = 'equity' AND day = {first_day}");
    let debit = sum(connection, bound, federation, year, &on_first_day).await?;
    Ore::ZERO.minus(debit).ok_or_else(|| wrong("equity", debit))
}

/// What is requisitioned of a year's grants until a day.
pub(crate) async fn requisitioned(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
    day: NaiveDate,
) -> Result<Ore, DbErr> {
    let mut bound = Bound::new();
    let until = format!("account = 'requisitioned' AND day <= {}", bound.bind(day));
    sum(connection, bound, federation, year, &until).await
}

/// What the initiatives have cost in a year until a day. That its close moves the
/// costs to equity is no cost less.
pub(crate) async fn initiatives(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    year: BudgetYear,
    day: NaiveDate,
) -> Result<Ore, DbErr> {
    let mut bound = Bound::new();
    let day = bound.bind(day);
    let own = bound.bind(federation.as_str());
    let name = bound.bind(FinancialYearName::of(federation, year.number()).to_string());
    let until = format!(
        "account = 'initiatives' AND day <= {day} AND sequence NOT IN (SELECT sequence FROM journal \
             WHERE federation_id = {own} AND subject = {name} AND kind = 'financial_year.closed')"
    );
    sum(connection, bound, federation, year, &until).await
}

async fn sum(
    connection: &impl ConnectionTrait,
    mut bound: Bound,
    federation: &Slug,
    year: BudgetYear,
    condition: &str,
) -> Result<Ore, DbErr> {
    let (federation_id, number) = (bound.bind(federation.as_str()), bound.bind(year.number()));
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(amount_ore), 0) AS bigint) AS sum_ore FROM posting \
         WHERE federation_id = {federation_id} AND year = {number} AND {condition}"
    );
    let rows = bound.query(connection, sql).await?;
    let row = rows.first().ok_or_else(|| DbErr::RecordNotFound("sum".to_owned()))?;
    row.try_get("", "sum_ore").map(Ore::new)
}
