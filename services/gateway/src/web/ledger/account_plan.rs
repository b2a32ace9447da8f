//! The account plan: what the export to the general ledger uses.

use askama::Template;
use axum::response::Response;
use proto::finance::{
    AccountPlan, GetAccountPlanRequest, SetAccountPlanRequest,
    account_plan_service_client::AccountPlanServiceClient,
};
use tonic::Status;

use super::{
    Tab,
    account_plan_form::{form, read},
    tabs,
};
use crate::web::{
    error_page::Trouble,
    form::{Fields, Posted, fields::Form},
    layout::{Layout, Visit, page_with},
    names::Names,
    rights,
    sign_in::see_other,
};

/// Lines of an empty form.
const FIRST_LINES: usize = 6;
/// Accounts a plan may have.
const MOST_LINES: usize = 200;

#[derive(Template)]
#[template(path = "account_plan.html")]
struct AccountPlanPage {
    layout: Layout,
    tabs: Vec<Tab>,
    form: Form,
}

/// The form, with the plan in force; without a button for who only reads it.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let (plan, names) = read_first(&visit).await?;
    let lines = (plan.accounts.len() + 1).clamp(FIRST_LINES, MOST_LINES);
    Ok(page(&visit, form(&visit, &plan, &names, lines)))
}

/// Enters the plan and shows it; or shows the form again, with one line more or
/// with everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let (plan, names) = read_first(&visit).await?;
    let mut form = form(&visit, &plan, &names, posted.lines(FIRST_LINES, MOST_LINES));
    form.fill_over(&posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(page(&visit, form));
    }
    let entered = read(&mut form, &names, &visit.federation());
    let answer = set(&visit, &posted, entered, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other("/ledger/account-plan", None));
    }
    Ok(page(&visit, form))
}

async fn set(
    visit: &Visit,
    posted: &Posted,
    plan: AccountPlan,
    validate_only: bool,
) -> Result<(), Status> {
    let request = SetAccountPlanRequest {
        name: name(visit),
        etag: posted.get("etag").to_owned(),
        account_plan: Some(plan),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = AccountPlanServiceClient::new(visit.state.finance.clone());
    client.set_account_plan(visit.request(request)?).await.map(|_| ())
}

async fn read_first(visit: &Visit) -> Result<(AccountPlan, Names), Trouble> {
    Trouble::unless(visit, rights::reads_ledger)?;
    tokio::try_join!(plan(visit), Names::read(visit)).map_err(|status| Trouble::of(visit, &status))
}

async fn plan(visit: &Visit) -> Result<AccountPlan, Status> {
    let mut client = AccountPlanServiceClient::new(visit.state.finance.clone());
    let request = visit.request(GetAccountPlanRequest { name: name(visit) })?;
    let answer = client.get_account_plan(request).await?;
    Ok(answer.into_inner().account_plan.unwrap_or_default())
}

fn name(visit: &Visit) -> String {
    format!("{}/accountPlan", visit.federation())
}

fn page(visit: &Visit, mut form: Form) -> Response {
    if !rights::records_decisions(&visit.session.principal) {
        form.buttons.clear();
    }
    let status = form.status();
    let layout = Layout::of(visit, visit.t("account-plan-heading"));
    page_with(status, &AccountPlanPage { layout, tabs: tabs("/ledger/account-plan"), form })
}
