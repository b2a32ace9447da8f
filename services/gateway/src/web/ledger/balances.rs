//! The balances of a year's accounts, as of a day.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::finance::{
    AccountBalance, ListBalancesRequest, ledger_service_client::LedgerServiceClient,
};
use tonic::Status;

use super::{Tab, account_code, account_text_id, tabs};
use crate::web::{
    error_page::Trouble,
    filter::{Filter, with_query},
    form::{Posted, inputs::Choice},
    format,
    layout::{Layout, Visit, page},
    names::Names,
    reads::id_of,
    rights, year,
};

#[derive(Template)]
#[template(path = "ledger.html")]
struct BalancesPage {
    layout: Layout,
    tabs: Vec<Tab>,
    filters: Vec<Filter>,
    as_of: String,
    rows: Vec<RowView>,
    has_grants: bool,
    has_parties: bool,
    sequence: String,
}

struct RowView {
    account: String,
    href: String,
    grant: String,
    party: String,
    balance: String,
}

/// The balances of the year asked for; without one, of the latest.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_ledger)?;
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let asked = Posted::asked(query);
    let year = year::asked(&visit, asked.get("year")).await.map_err(troubled)?;
    let as_of = format::parse_date(asked.get("as_of"));
    let divided = asked.get("by");
    let request = ListBalancesRequest {
        parent: visit.federation(),
        year,
        as_of: as_of.map(platform::convert::date_to_proto),
        by_grant: divided == "grant",
        by_party: divided == "party",
        ..Default::default()
    };
    let request = visit.request(request).map_err(troubled)?;
    let mut client = LedgerServiceClient::new(visit.state.finance.clone());
    let balances = async { client.list_balances(request).await };
    let (names, found, years) =
        tokio::try_join!(Names::read(&visit), balances, year::choices(&visit)).map_err(troubled)?;
    let found = found.into_inner();
    let by = vec![
        Choice::new("grant", visit.t("ledger-by-grant")),
        Choice::new("party", visit.t("ledger-by-party")),
    ];
    let filters = vec![
        Filter::always(&visit, "year", "field-year", &year.to_string(), years),
        Filter::new(&visit, "by", "funding-cut", divided, by).with_none(&visit, "ledger-undivided"),
    ];
    let rows: Vec<RowView> =
        found.balances.iter().map(|balance| row(&visit, &names, year, balance)).collect();
    Ok(page(&BalancesPage {
        layout: Layout::of(&visit, visit.t("ledger-heading")),
        tabs: tabs("/ledger"),
        filters,
        as_of: as_of.map(|day| day.to_string()).unwrap_or_default(),
        has_grants: rows.iter().any(|row| !row.grant.is_empty()),
        has_parties: rows.iter().any(|row| !row.party.is_empty()),
        rows,
        sequence: format::whole(found.sequence),
    }))
}

fn row(visit: &Visit, names: &Names, year: i32, balance: &AccountBalance) -> RowView {
    let AccountBalance { account: _, grant, party, balance_ore } = balance;
    let account = balance.account();
    let (grant_id, party_id) = (id_of(grant), id_of(party));
    let query = [
        ("year", &*year.to_string()),
        ("account", account_code(account)),
        ("grant", grant_id),
        ("party", party_id),
    ];
    let called = |name: &str, known: String| if name.is_empty() { String::new() } else { known };
    RowView {
        account: visit.t(account_text_id(account)),
        href: with_query("/ledger/postings", &query),
        grant: called(grant, names.grant(grant)),
        party: called(party, names.party(party)),
        balance: format::exact(*balance_ore),
    }
}
