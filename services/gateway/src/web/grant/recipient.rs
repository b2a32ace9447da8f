//! Creating a recipient of grants: a team, or a resource that serves several.

use axum::response::Response;
use proto::{
    finance::{
        CreateRecipientRequest, Recipient, RecipientKind,
        recipient_service_client::RecipientServiceClient,
    },
    organisation::Team,
};
use tonic::Status;

use crate::web::{
    error_page::Trouble,
    filter::with_query,
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

const ADDRESS: &str = "/grants/recipients/new";

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let form = form(&visit, &teams(&visit).await?);
    Ok(page(&visit, form))
}

/// Creates the recipient and goes on to granting it money; or shows the form again, with
/// everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit, &teams(&visit).await?);
    form.fill(&posted);
    let team = form.resource_if_given("team", "recipient.team", "teams");
    let kind = if team.is_empty() { RecipientKind::Resource } else { RecipientKind::Team };
    let display_name = form.text("display_name", "recipient.display_name");
    let recipient = Recipient { display_name, kind: kind.into(), team, ..Default::default() };
    let answer = create(&visit, &posted, recipient, form.is_faulty()).await;
    if let Some(created) = form.kept(answer) {
        let grant = with_query("/grants/new", &[("recipient", id_of(&created.name))]);
        return Ok(see_other(&grant, None));
    }
    Ok(page(&visit, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    recipient: Recipient,
    validate_only: bool,
) -> Result<Recipient, Status> {
    let request = CreateRecipientRequest {
        parent: visit.federation(),
        recipient_id: posted.new_id(&[&recipient.display_name]),
        recipient: Some(recipient),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = RecipientServiceClient::new(visit.state.finance.clone());
    let answer = client.create_recipient(visit.request(request)?).await?;
    Ok(answer.into_inner().recipient.unwrap_or_default())
}

async fn teams(visit: &Visit) -> Result<Vec<Team>, Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    reads::teams(visit).await.map_err(|status| Trouble::of(visit, &status))
}

fn form(visit: &Visit, teams: &[Team]) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, ADDRESS, "recipient-create");
    let no_team = Choice::new("", visit.t("recipient-no-team"));
    let of_team = |team: &Team| Choice::new(id_of(&team.name), team.display_name.clone());
    let choices = std::iter::once(no_team).chain(teams.iter().map(of_team)).collect();
    form.groups.push(Group::plain(vec![
        Input::new(language, "display_name", "recipient-display-name", Kind::Text(200))
            .help(language, "recipient-display-name-help"),
        Input::new(language, "team", "recipient-team", Kind::Choice(choices)),
    ]));
    form
}

fn page(visit: &Visit, form: Form) -> Response {
    let back = Back::to("/grants", visit.t("grants-heading"));
    form_page(visit, visit.t("recipient-new-heading"), back, visit.t("recipient-new-intro"), form)
}
