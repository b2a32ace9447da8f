//! The ledger, to the contract, and what is asked of it.

use platform::{
    convert::{date_from_proto, date_to_proto, timestamp},
    page::Page,
};
use proto::finance as pb;
use values::{
    Fault, Faults, Slug,
    name::{GrantName, PartyName},
};

use super::{
    cost_line::render_kind,
    field::{budget_year, party_filter, year_filter},
    optional, unspecified, within,
};
use crate::{
    domain::ledger::{Account, Posting},
    store::ledger::{
        balances::{self, Balance},
        postings::{self, Line, Place},
    },
};

/// Reads which balances to compute.
pub(in crate::rpc) fn parse_balances(
    federation: &Slug,
    message: pb::ListBalancesRequest,
) -> Result<balances::Filter, Faults> {
    let pb::ListBalancesRequest {
        parent: _, // Read by the caller.
        year,
        as_of,
        as_known_at,
        grant,
        party,
        by_grant,
        by_party,
    } = message;
    let mut faults = Faults::new();
    let year = faults.keep(budget_year("year", year));
    let as_of = as_of.and_then(|date| faults.keep(date_from_proto("as_of", Some(date))));
    if as_known_at < 0 {
        faults.push(Fault::new("as_known_at", "SEQUENCE_NEGATIVE").with("value", as_known_at));
    }
    let grant = faults.keep(grant_filter(federation, &grant));
    let party = faults.keep(party_filter(federation, "party", &party));
    faults.into_result(|| {
        Some(balances::Filter {
            year: year?,
            as_of,
            as_known_at: Some(as_known_at).filter(|sequence| *sequence != 0),
            grant: grant?,
            party: party?,
            by_grant,
            by_party,
        })
    })
}

/// Reads which postings to list.
pub(in crate::rpc) fn parse_postings(
    federation: &Slug,
    message: pb::ListPostingsRequest,
) -> Result<postings::Filter, Faults> {
    let pb::ListPostingsRequest {
        parent: _, // Read by the caller.
        year,
        account,
        grant,
        party,
        subject,
        page_size,
        page_token,
    } = message;
    let mut faults = Faults::new();
    let year = faults.keep(year_filter("year", year));
    let account = faults.keep(account_filter(account));
    let grant = faults.keep(grant_filter(federation, &grant));
    let party = faults.keep(party_filter(federation, "party", &party));
    let subject = faults.keep(subject_filter(federation, subject));
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let after = page.as_ref().and_then(|page| page.after.as_deref());
    let after = after.map(|key| {
        Place::from_key(key).ok_or_else(|| Fault::new("page_token", "PAGE_TOKEN_MALFORMED"))
    });
    let after = after.and_then(|parsed| faults.keep(parsed));
    faults.into_result(|| {
        Some(postings::Filter {
            year: year?,
            account: account?,
            grant: grant?,
            party: party?,
            subject: subject?,
            size: page?.size,
            after,
        })
    })
}

fn grant_filter(federation: &Slug, sent: &str) -> Result<Option<GrantName>, Fault> {
    optional(sent, |sent| {
        within(federation, "grant", GrantName::parse("grant", sent), |name| &name.federation)
    })
}

fn subject_filter(federation: &Slug, sent: String) -> Result<Option<String>, Fault> {
    if sent.is_empty() {
        return Ok(None);
    }
    let form = format!("federations/{federation}/");
    let is_own = sent.starts_with(&form) && !sent.contains('\0');
    let malformed = || Fault::new("subject", "NAME_MALFORMED").with("value", &sent);
    if is_own { Ok(Some(sent)) } else { Err(malformed().with("form", format!("{form}…"))) }
}

/// Reads the account that something is narrowed to; none when it is not.
pub(super) fn account_filter(account: i32) -> Result<Option<Account>, Fault> {
    let account = match pb::LedgerAccount::try_from(account) {
        Ok(pb::LedgerAccount::Unspecified) => return Ok(None),
        Ok(pb::LedgerAccount::Board) => Account::Board,
        Ok(pb::LedgerAccount::Left) => Account::Left,
        Ok(pb::LedgerAccount::Reserved) => Account::Reserved,
        Ok(pb::LedgerAccount::Requisitioned) => Account::Requisitioned,
        Ok(pb::LedgerAccount::Allotted) => Account::Allotted,
        Ok(pb::LedgerAccount::Lapsed) => Account::Lapsed,
        Ok(pb::LedgerAccount::Contributions) => Account::Contributions,
        Ok(pb::LedgerAccount::Receivable) => Account::Receivable,
        Ok(pb::LedgerAccount::Bank) => Account::Bank,
        Ok(pb::LedgerAccount::Payable) => Account::Payable,
        Ok(pb::LedgerAccount::Initiatives) => Account::Initiatives,
        Ok(pb::LedgerAccount::OwnCosts) => Account::OwnCosts,
        Ok(pb::LedgerAccount::Equity) => Account::Equity,
        Err(_) => return Err(unspecified("account")),
    };
    Ok(Some(account))
}

/// An account as it is sent.
pub(super) fn render_account(account: Account) -> pb::LedgerAccount {
    match account {
        Account::Board => pb::LedgerAccount::Board,
        Account::Left => pb::LedgerAccount::Left,
        Account::Reserved => pb::LedgerAccount::Reserved,
        Account::Requisitioned => pb::LedgerAccount::Requisitioned,
        Account::Allotted => pb::LedgerAccount::Allotted,
        Account::Lapsed => pb::LedgerAccount::Lapsed,
        Account::Contributions => pb::LedgerAccount::Contributions,
        Account::Receivable => pb::LedgerAccount::Receivable,
        Account::Bank => pb::LedgerAccount::Bank,
        Account::Payable => pb::LedgerAccount::Payable,
        Account::Initiatives => pb::LedgerAccount::Initiatives,
        Account::OwnCosts => pb::LedgerAccount::OwnCosts,
        Account::Equity => pb::LedgerAccount::Equity,
    }
}

fn grant_name(federation: &Slug, grant: Option<Slug>) -> String {
    let name = grant.map(|id| GrantName::new(federation.clone(), id).to_string());
    name.unwrap_or_default()
}

fn party_name(federation: &Slug, party: Option<Slug>) -> String {
    let name = party.map(|id| PartyName::new(federation.clone(), id).to_string());
    name.unwrap_or_default()
}

/// A balance as it is sent.
pub(in crate::rpc) fn render_balance(federation: &Slug, balance: Balance) -> pb::AccountBalance {
    let Balance { account, grant, party, balance } = balance;
    pb::AccountBalance {
        account: render_account(account).into(),
        grant: grant_name(federation, grant),
        party: party_name(federation, party),
        balance_ore: balance.get(),
    }
}

/// A posting as it is sent.
pub(in crate::rpc) fn render_line(federation: &Slug, line: Line) -> pb::Posting {
    let Line { place, year, posting, subject, event, actor, recorded_at } = line;
    let Place { sequence, line } = place;
    let Posting { account, grant, party, cost_kind, day, amount } = posting;
    pb::Posting {
        sequence,
        line,
        year,
        account: render_account(account).into(),
        grant: grant_name(federation, grant.filter(|_| account.is_of_grant())),
        party: party_name(federation, party),
        cost_kind: cost_kind.map(render_kind).unwrap_or_default().into(),
        day: Some(date_to_proto(day)),
        amount_ore: amount.get(),
        subject,
        event,
        actor,
        record_time: Some(timestamp(recorded_at)),
    }
}
