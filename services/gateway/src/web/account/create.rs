//! Creating the account of a person of the own party, or of the federation's office.

use axum::response::Response;
use proto::gateway::{
    Account, CreateAccountRequest, CreateAccountResponse,
    account_service_client::AccountServiceClient,
};
use tonic::Status;

use super::{Places, code_page, own_parties};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    rights,
};

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let places = read_first(&visit).await?;
    let form = form(&visit, &places);
    Ok(page(&visit, form))
}

/// Creates the account and shows its code; or shows the form again, with everything
/// that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let places = read_first(&visit).await?;
    let mut form = form(&visit, &places);
    form.fill(&posted);
    let answer = create(&visit, &posted, &mut form).await;
    let kept = form.kept(answer);
    let Some(CreateAccountResponse { account, invitation }) = kept else {
        return Ok(page(&visit, form));
    };
    Ok(code_page(&visit, &account.unwrap_or_default(), invitation))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    form: &mut Form,
) -> Result<CreateAccountResponse, Status> {
    let account_id = form.text("username", "account_id").to_lowercase();
    let display_name = form.text("display_name", "account.display_name");
    let party = form.resource_if_given("party", "account.party", "parties");
    let request = CreateAccountRequest {
        parent: visit.federation(),
        account_id,
        account: Some(Account { display_name, party, ..Account::default() }),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = AccountServiceClient::new(visit.state.own.clone());
    Ok(client.create_account(visit.request(request)?).await?.into_inner())
}

fn form(visit: &Visit, places: &Places) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, "/accounts/new", "account-create");
    let username = Input::new(language, "username", "account-username", Kind::Text(63));
    let name = Input::new(language, "display_name", "account-display-name", Kind::Text(200));
    let mut inputs = vec![
        username.help(language, "account-username-help"),
        name.help(language, "account-display-name-help"),
    ];
    let parties = own_parties(visit, places);
    if !parties.is_empty() {
        inputs.push(Input::new(language, "party", "account-party", Kind::Choice(parties)));
    }
    form.groups.push(Group::plain(inputs));
    form
}

async fn read_first(visit: &Visit) -> Result<Places, Trouble> {
    Trouble::unless(visit, rights::keeps_accounts)?;
    Places::read(visit).await.map_err(|status| Trouble::of(visit, &status))
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to("/accounts", visit.t("accounts-heading"));
    form_page(visit, visit.t("account-new-heading"), back, visit.t("account-new-intro"), form)
}
