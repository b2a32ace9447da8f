//! Taking a role back, at once.

use axum::{extract::Path, response::Response};
use proto::gateway::{
    ListRoleGrantsRequest, RevokeRoleRequest, RoleGrant,
    role_grant_service_client::RoleGrantServiceClient,
};
use tonic::Status;

use crate::web::{
    account::{Places, role_name},
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    format,
    layout::Visit,
    reads, rights,
    sign_in::see_other,
};

const PAGE_SIZE: i32 = 500;

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((account, role)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (places, granted) = read_first(&visit, &account, &role).await?;
    let form = form(&visit, &account, &role);
    Ok(page(&visit, &places, &account, &granted, form))
}

/// Takes the role back and shows the account; or shows the form again, with what is
/// wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((account, role)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let (places, granted) = read_first(&visit, &account, &role).await?;
    let mut form = form(&visit, &account, &role);
    form.fill(&posted);
    let answer = revoke(&visit, &granted, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/accounts/{account}"), None));
    }
    Ok(page(&visit, &places, &account, &granted, form))
}

async fn revoke(
    visit: &Visit,
    granted: &RoleGrant,
    posted: &Posted,
    form: &mut Form,
) -> Result<(), Status> {
    let request = RevokeRoleRequest {
        name: granted.name.clone(),
        reason: form.text("reason", "reason"),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = RoleGrantServiceClient::new(visit.state.own.clone());
    client.revoke_role(visit.request(request)?).await.map(|_| ())
}

async fn read_first(
    visit: &Visit,
    account: &str,
    role: &str,
) -> Result<(Places, RoleGrant), Trouble> {
    Trouble::unless(visit, rights::keeps_accounts)?;
    let (places, roles) = tokio::try_join!(Places::read(visit), roles(visit, account))
        .map_err(|status| Trouble::of(visit, &status))?;
    let name = reads::name(visit, "roleGrants", role);
    let found = roles.into_iter().find(|granted| granted.name == name);
    let granted = found.ok_or_else(|| Trouble::no_such_page(visit))?;
    Ok((places, granted))
}

async fn roles(visit: &Visit, account: &str) -> Result<Vec<RoleGrant>, Status> {
    let request = ListRoleGrantsRequest {
        parent: visit.federation(),
        account: reads::name(visit, "accounts", account),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut client = RoleGrantServiceClient::new(visit.state.own.clone());
    Ok(client.list_role_grants(visit.request(request)?).await?.into_inner().role_grants)
}

fn form(visit: &Visit, account: &str, role: &str) -> Form {
    let language = visit.reader.language;
    let action = format!("/accounts/{account}/roles/{role}/revoke");
    let mut form = Form::new(visit, action, "role-revoke");
    let reason = Input::new(language, "reason", "role-reason", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![reason.help(language, "role-reason-help")]));
    form
}

fn page(
    visit: &Visit,
    places: &Places,
    account: &str,
    granted: &RoleGrant,
    form: Form,
) -> Response {
    let facts = vec![
        Fact::new(visit, "account-username", account),
        Fact::new(visit, "role-role", role_name(visit, granted.role())),
        Fact::new(visit, "role-place", places.scope(visit, &granted.scope)),
        Fact::new(visit, "period-first-day", format::date(granted.first_day.as_ref())),
        Fact::new(visit, "period-last-day", format::date(granted.last_day.as_ref())),
    ];
    let back = Back::to(format!("/accounts/{account}"), account);
    let (title, intro) = (visit.t("role-revoke-heading"), visit.t("role-revoke-intro"));
    form_page_with_facts(visit, title, back, intro, facts, form)
}
