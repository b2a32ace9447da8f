//! One account: whose it is, the roles it holds and held, with who said so and why.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::gateway::{
    Account, GetAccountRequest, ListRoleGrantsRequest, RoleGrant,
    account_service_client::AccountServiceClient,
    role_grant_service_client::RoleGrantServiceClient,
};
use tonic::Status;

use super::{Places, RoleView, facts, heading};
use crate::web::{
    error_page::Trouble,
    form::{fields::Form, page::Fact},
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 500;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    layout: Layout,
    id: String,
    facts: Vec<Fact>,
    current: Vec<RoleView>,
    ended: Vec<RoleView>,
    invite: Option<Form>,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::keeps_accounts)?;
    let (places, account, roles) =
        tokio::try_join!(Places::read(&visit), read(&visit, &id), roles(&visit, &id))
            .map_err(|status| Trouble::of(&visit, &status))?;
    let (mut current, mut ended) = (Vec::new(), Vec::new());
    for granted in &roles {
        let view = RoleView::of(&visit, &places, granted).await;
        if view.is_over { ended.push(view) } else { current.push(view) }
    }
    let keeps = rights::keeps_account_of(&visit.session.principal, id_of(&account.party));
    let invite =
        keeps.then(|| Form::new(&visit, format!("/accounts/{id}/invite"), "account-invite"));
    Ok(page(&AccountPage {
        layout: Layout::of(&visit, heading(&visit, &account)),
        facts: facts(&visit, &places, &account),
        id,
        current,
        ended,
        invite,
    }))
}

async fn read(visit: &Visit, id: &str) -> Result<Account, Status> {
    let request = GetAccountRequest { name: reads::name(visit, "accounts", id) };
    let mut client = AccountServiceClient::new(visit.state.own.clone());
    let answer = client.get_account(visit.request(request)?).await?.into_inner();
    Ok(answer.account.unwrap_or_default())
}

/// Every role of the account that the person may see, the latest first.
async fn roles(visit: &Visit, id: &str) -> Result<Vec<RoleGrant>, Status> {
    let request = ListRoleGrantsRequest {
        parent: visit.federation(),
        account: reads::name(visit, "accounts", id),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut client = RoleGrantServiceClient::new(visit.state.own.clone());
    let page = client.list_role_grants(visit.request(request)?).await?.into_inner();
    let mut roles = page.role_grants;
    let key = |granted: &RoleGrant| {
        granted.grant_time.as_ref().map(|time| (time.seconds, time.nanos)).unwrap_or_default()
    };
    roles.sort_by_key(|granted| std::cmp::Reverse(key(granted)));
    Ok(roles)
}
