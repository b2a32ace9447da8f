//! Recording a grant that the board has decided, or a sub-project of one.

use axum::{extract::Query, response::Response};
use proto::finance::{
    CreateGrantRequest, Decision, Grant, grant_service_client::GrantServiceClient,
};
use tonic::Status;

use super::{address, amount_and_days, read, read_days, standing};
use crate::web::{
    error_page::Trouble,
    filter::with_query,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, form_page_with_facts},
    },
    layout::Visit,
    names::Names,
    reads::id_of,
    rights,
    sign_in::see_other,
    year::{decision_inputs, read_decision},
};

/// The form, for a grant of its own or, with `parent_grant`, for a sub-project; with
/// `recipient`, for that one.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = Posted::asked(query);
    let (parent, names) = read_first(&visit, asked.get("parent_grant")).await?;
    let mut form = form(&visit, parent.as_ref(), &names);
    form.set("recipient", asked.get("recipient"));
    Ok(page(&visit, parent.as_ref(), &names, form))
}

/// Records the grant and shows it; or shows the form again, with everything that
/// is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let (parent, names) = read_first(&visit, Posted::asked(query).get("parent_grant")).await?;
    let mut form = form(&visit, parent.as_ref(), &names);
    form.fill(&posted);
    let grant = read_grant(&mut form, parent.as_ref());
    let answer = create(&visit, &posted, grant, form.is_faulty()).await;
    if let Some(created) = form.kept(answer) {
        return Ok(see_other(&address(&created), None));
    }
    Ok(page(&visit, parent.as_ref(), &names, form))
}

async fn create(
    visit: &Visit,
    posted: &Posted,
    grant: Grant,
    validate_only: bool,
) -> Result<Grant, Status> {
    let first_day = grant.period.as_ref().and_then(|period| period.first_day);
    let year = first_day.map(|day| day.year.to_string()).unwrap_or_default();
    let request = CreateGrantRequest {
        parent: visit.federation(),
        grant_id: posted.new_id(&[id_of(&grant.recipient), &year]),
        grant: Some(grant),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = GrantServiceClient::new(visit.state.finance.clone());
    let answer = client.create_grant(visit.request(request)?).await?;
    Ok(answer.into_inner().grant.unwrap_or_default())
}

fn form(visit: &Visit, parent: Option<&Grant>, names: &Names) -> Form {
    let language = visit.reader.language;
    let parent_id = parent.map_or("", |parent| id_of(&parent.name));
    let action = with_query("/grants/new", &[("parent_grant", parent_id)]);
    let mut form = Form::new(visit, action, "grant-record");
    let choose = Choice::new("", visit.t("choose"));
    let recipients: Vec<Choice> = std::iter::once(choose).chain(names.recipients()).collect();
    let recipient =
        Input::new(language, "recipient", "funding-recipient", Kind::Choice(recipients));
    form.groups.push(Group::plain(vec![recipient]));
    let begins = Grant { period: parent.and_then(|parent| parent.period), ..Grant::default() };
    form.groups.extend(amount_and_days(visit, &begins));
    form.groups.push(decision_inputs(visit, &Decision::default()));
    form
}

fn read_grant(form: &mut Form, parent: Option<&Grant>) -> Grant {
    let recipient = form.resource("recipient", "grant.recipient", "recipients");
    let amount_ore = form.ore("amount", "grant.amount_ore");
    let period = Some(read_days(form, "grant.period"));
    let Decision { dnr, decision_date, deciding_body } = read_decision(form, "grant");
    Grant {
        recipient,
        period,
        amount_ore,
        dnr,
        decision_date,
        deciding_body,
        parent_grant: parent.map(|parent| parent.name.clone()).unwrap_or_default(),
        ..Grant::default()
    }
}

async fn read_first(visit: &Visit, parent: &str) -> Result<(Option<Grant>, Names), Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    let above =
        async { if parent.is_empty() { Ok(None) } else { read(visit, parent).await.map(Some) } };
    tokio::try_join!(above, Names::read(visit)).map_err(|status| Trouble::of(visit, &status))
}

fn page(visit: &Visit, parent: Option<&Grant>, names: &Names, form: Form) -> Response {
    let Some(parent) = parent else {
        let back = Back::to("/grants", visit.t("grants-heading"));
        let (title, intro) = (visit.t("grant-new-heading"), visit.t("grant-new-intro"));
        return form_page_with_facts(visit, title, back, intro, Vec::new(), form);
    };
    let recipient = names.recipient(&parent.recipient);
    let back = Back::to(address(parent), visit.t1("grant-heading", "recipient", &recipient));
    let facts = standing(visit, parent, recipient);
    let (title, intro) = (visit.t("sub-project-heading"), visit.t("sub-project-intro"));
    form_page_with_facts(visit, title, back, intro, facts, form)
}
