//! The accounts somebody keeps, and those that hold a role for the own party.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::gateway::{Account, ListAccountsRequest, account_service_client::AccountServiceClient};
use tonic::Status;

use super::{Places, RoleView};
use crate::web::{
    error_page::Trouble,
    filter::next_page,
    form::Posted,
    layout::{Layout, Visit, page},
    reads::id_of,
    rights,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    layout: Layout,
    rows: Vec<RowView>,
    next_page: Option<String>,
}

struct RowView {
    id: String,
    display_name: String,
    party: String,
    roles: Vec<RoleView>,
}

/// The list.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::keeps_accounts)?;
    let asked = Posted::asked(query);
    let (places, found) =
        tokio::try_join!(Places::read(&visit), accounts(&visit, asked.get("page_token")))
            .map_err(|status| Trouble::of(&visit, &status))?;
    let (accounts, next_page_token) = found;
    let mut rows = Vec::with_capacity(accounts.len());
    for account in &accounts {
        rows.push(RowView::of(&visit, &places, account).await);
    }
    Ok(page(&AccountsPage {
        layout: Layout::of(&visit, visit.t("accounts-heading")),
        rows,
        next_page: next_page("/accounts", &[], &next_page_token),
    }))
}

async fn accounts(visit: &Visit, page_token: &str) -> Result<(Vec<Account>, String), Status> {
    let request = ListAccountsRequest {
        parent: visit.federation(),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = AccountServiceClient::new(visit.state.own.clone());
    let page = client.list_accounts(visit.request(request)?).await?.into_inner();
    Ok((page.accounts, page.next_page_token))
}

impl RowView {
    async fn of(visit: &Visit, places: &Places, account: &Account) -> Self {
        let mut roles = Vec::with_capacity(account.role_grants.len());
        for granted in &account.role_grants {
            roles.push(RoleView::of(visit, places, granted).await);
        }
        let party = account.party.as_str();
        Self {
            id: id_of(&account.name).to_owned(),
            display_name: account.display_name.clone(),
            party: if party.is_empty() { String::new() } else { places.called(party) },
            roles,
        }
    }
}
