//! Granting a role: to whom, what, where, from which day and until when.

use axum::{extract::Query, response::Response};
use proto::gateway::{
    GrantRoleRequest, RoleGrant, role_grant_service_client::RoleGrantServiceClient,
};
use tonic::Status;
use values::Role;

use crate::web::{
    account::{Places, role_name, role_to_proto},
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page},
    },
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// The roles for the people of a party in a team.
const IN_A_TEAM: [Role; 3] = [Role::Coordinator, Role::TeamLead, Role::Coach];
/// The roles for a party.
const IN_A_PARTY: [Role; 2] = [Role::ReferringOfficer, Role::PartyEconomist];
/// The roles for the whole federation.
const IN_THE_FEDERATION: [Role; 6] = [
    Role::FederationAdministrator,
    Role::FederationEconomist,
    Role::ProgrammeLead,
    Role::SteeringGroupMember,
    Role::Evaluator,
    Role::Auditor,
];

/// The form, for the account of the address.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let places = read_first(&visit).await?;
    let mut form = form(&visit, &places);
    form.set("account", Posted::asked(query).get("account"));
    Ok(page(&visit, form))
}

/// Grants the role and shows the account; or shows the form again, with everything
/// that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let places = read_first(&visit).await?;
    let mut form = form(&visit, &places);
    form.fill(&posted);
    let asked = read_role(&visit, &mut form);
    let answer = grant(&visit, &posted, asked, form.is_faulty()).await;
    if let Some(granted) = form.kept(answer) {
        return Ok(see_other(&format!("/accounts/{}", id_of(&granted.account)), None));
    }
    Ok(page(&visit, form))
}

async fn grant(
    visit: &Visit,
    posted: &Posted,
    asked: RoleGrant,
    validate_only: bool,
) -> Result<RoleGrant, Status> {
    let request = GrantRoleRequest {
        parent: visit.federation(),
        role_grant_id: posted.new_id(&[id_of(&asked.account)]),
        role_grant: Some(asked),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = RoleGrantServiceClient::new(visit.state.own.clone());
    let answer = client.grant_role(visit.request(request)?).await?;
    Ok(answer.into_inner().role_grant.unwrap_or_default())
}

fn form(visit: &Visit, places: &Places) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, "/roles/new", "role-grant");
    let account = Input::new(language, "account", "account-username", Kind::Text(63));
    let choose = || Choice::new("", visit.t("choose"));
    let roles =
        offered(visit).map(|role| Choice::new(role.code(), role_name(visit, role_to_proto(role))));
    let roles: Vec<Choice> = std::iter::once(choose()).chain(roles).collect();
    let mut what = vec![
        account.help(language, "role-account-help"),
        Input::new(language, "role", "role-role", Kind::Choice(roles)),
    ];
    let parties: Vec<Choice> = rights::administered_parties(&visit.session.principal)
        .map(|party| {
            let name = reads::name(visit, "parties", party.as_str());
            Choice::new(party.as_str(), places.called(&name))
        })
        .collect();
    if !parties.is_empty() {
        let teams: Vec<Choice> = std::iter::once(choose()).chain(places.teams()).collect();
        let team = Input::new(language, "team", "role-team", Kind::Choice(teams));
        what.push(Input::new(language, "party", "role-party", Kind::Choice(parties)));
        what.push(team.help(language, "role-team-help"));
    }
    form.groups.push(Group::plain(what));
    let today = visit.state.clock.today().to_string();
    let first_day = Input::new(language, "first_day", "period-first-day", Kind::Day).value(today);
    let last_day = Input::new(language, "last_day", "period-last-day", Kind::Day);
    let days = Group::row(visit.t("role-days"), vec![first_day, last_day.optional(language)]);
    form.groups.push(days.help(language, "role-days-help"));
    let reason = Input::new(language, "reason", "role-reason", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![reason.help(language, "role-reason-help")]));
    form
}

/// The roles the person may grant.
fn offered(visit: &Visit) -> impl Iterator<Item = Role> {
    let is_office = visit.session.principal.has(Role::FederationAdministrator);
    let is_party = visit.session.principal.has(Role::PartyAdministrator);
    let of_party = IN_A_TEAM.into_iter().chain(IN_A_PARTY).filter(move |_| is_party);
    of_party.chain(IN_THE_FEDERATION.into_iter().filter(move |_| is_office))
}

fn read_role(visit: &Visit, form: &mut Form) -> RoleGrant {
    let account = form.text("account", "role_grant.account").to_lowercase();
    let account = reads::name(visit, "accounts", &account);
    let all: Vec<Role> = offered(visit).collect();
    let role = form.chosen("role", "role_grant.role", &all, Role::code);
    let scope = match role {
        Some(role) if IN_A_TEAM.contains(&role) => {
            let party = form.resource("party", "role_grant.scope", "parties");
            let team = form.resource("team", "role_grant.scope", "teams");
            format!("{party}/teams/{}", id_of(&team))
        }
        Some(role) if IN_A_PARTY.contains(&role) => {
            form.resource("party", "role_grant.scope", "parties")
        }
        Some(_) | None => visit.federation(),
    };
    RoleGrant {
        account,
        role: role.map(role_to_proto).unwrap_or_default().into(),
        scope,
        first_day: form.day("first_day", "role_grant.first_day"),
        last_day: form.day("last_day", "role_grant.last_day"),
        reason: form.text("reason", "role_grant.reason"),
        ..RoleGrant::default()
    }
}

async fn read_first(visit: &Visit) -> Result<Places, Trouble> {
    Trouble::unless(visit, rights::keeps_accounts)?;
    Places::read(visit).await.map_err(|status| Trouble::of(visit, &status))
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to("/accounts", visit.t("accounts-heading"));
    form_page(visit, visit.t("role-grant-heading"), back, visit.t("role-grant-intro"), form)
}
