//! Writing a requisition of one's own party: a new one, another content of one
//! that is not sent in, and the correction of one that is approved.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use proto::finance::{
    CreateRequisitionRequest, Grant, Requisition, RequisitionState, UpdateRequisitionRequest,
    requisition_service_client::RequisitionServiceClient,
};
use tonic::Status;

use super::{
    content::{self, DraftChoices, MOST_LINES, Purpose},
    detail,
};
use crate::{
    text,
    web::{
        error_page::Trouble,
        form::{
            Fields, Posted,
            fields::Form,
            inputs::Choice,
            page::{Back, Fact, form_page, form_page_with_facts},
        },
        format,
        layout::Visit,
        reads::{self, id_of},
        rights,
        sign_in::see_other,
    },
};

/// The form of a new requisition, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let purpose = drafting(&visit).await?;
    let mut form = content::form(&visit, "/requisitions/new", &purpose, purpose.first_lines());
    form.set("grant", Posted::asked(query).get("grant"));
    if let Purpose::Draft(DraftChoices { parties, .. }) = &purpose
        && let [only] = parties.as_slice()
    {
        form.set("party", &only.code);
    }
    Ok(page(&visit, &purpose, form))
}

/// The form of another content.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_change(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let purpose = changing(&visit, &id).await?;
    let action = format!("/requisitions/{id}/change");
    let form = content::form(&visit, &action, &purpose, purpose.first_lines());
    Ok(page(&visit, &purpose, form))
}

/// The form of a correction, with the amounts that take all of it back.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_correction(
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let purpose = correcting(&visit, &id).await?;
    let action = format!("/requisitions/{id}/correct");
    let form = content::form(&visit, &action, &purpose, purpose.first_lines());
    Ok(page(&visit, &purpose, form))
}

/// Saves a new requisition and shows it; or shows the form again, with one line
/// more or with everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let purpose = drafting(&visit).await?;
    write(&visit, "/requisitions/new", &purpose, &posted).await
}

/// Saves another content, likewise.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn change(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let purpose = changing(&visit, &id).await?;
    write(&visit, &format!("/requisitions/{id}/change"), &purpose, &posted).await
}

/// Saves a correction, likewise.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn correct(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let purpose = correcting(&visit, &id).await?;
    write(&visit, &format!("/requisitions/{id}/correct"), &purpose, &posted).await
}

async fn write(
    visit: &Visit,
    action: &str,
    purpose: &Purpose,
    posted: &Posted,
) -> Result<Response, Trouble> {
    let lines = posted.lines(purpose.first_lines(), MOST_LINES);
    let mut form = content::form(visit, action, purpose, lines);
    form.fill_over(posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(page(visit, purpose, form));
    }
    let requisition = content::read(&mut form, purpose);
    // A form with something unreadable is still checked, so that all that is
    // wrong with it is told at once.
    let only_check = form.is_faulty();
    match send(visit, purpose, posted, requisition, only_check).await {
        Ok(saved) if !only_check => {
            return Ok(see_other(&format!("/requisitions/{}", id_of(&saved.name)), None));
        }
        Ok(_) => {}
        Err(refusal) => form.refuse(&refusal),
    }
    Ok(page(visit, purpose, form))
}

async fn send(
    visit: &Visit,
    purpose: &Purpose,
    posted: &Posted,
    requisition: Requisition,
    validate_only: bool,
) -> Result<Requisition, Status> {
    let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
    let request_id = posted.get("request_id").to_owned();
    let saved = match purpose {
        Purpose::Change(_) => {
            let request = UpdateRequisitionRequest {
                requisition: Some(requisition),
                etag: posted.get("etag").to_owned(),
                request_id,
                validate_only,
            };
            let answer = client.update_requisition(visit.request(request)?).await?;
            answer.into_inner().requisition
        }
        Purpose::Draft(_) | Purpose::Correct(_) => {
            let [party, month] = content::id_parts(&requisition);
            let request = CreateRequisitionRequest {
                parent: visit.federation(),
                requisition_id: posted.new_id(&[&party, &month]),
                requisition: Some(requisition),
                request_id,
                validate_only,
            };
            let answer = client.create_requisition(visit.request(request)?).await?;
            answer.into_inner().requisition
        }
    };
    Ok(saved.unwrap_or_default())
}

/// What a new one is drafted from: for the person's own parties only.
async fn drafting(visit: &Visit) -> Result<Purpose, Trouble> {
    let is_own = |name: &str| {
        rights::own_parties(&visit.session.principal).any(|own| own.as_str() == id_of(name))
    };
    Trouble::unless(visit, |principal| rights::own_parties(principal).next().is_some())?;
    let (grants, recipients, parties) =
        tokio::try_join!(reads::grants(visit), reads::recipients(visit), reads::parties(visit))
            .map_err(|status| Trouble::of(visit, &status))?;
    let choice_of_grant = |grant: &Grant| {
        let recipient = recipients.iter().find(|recipient| recipient.name == grant.recipient);
        let (period, left) = (format::period(grant.period.as_ref()), format::tkr(grant.left_ore));
        let facts = [
            ("recipient", recipient.map_or("", |recipient| recipient.display_name.as_str())),
            ("period", period.as_str()),
            ("dnr", grant.dnr.as_str()),
            ("left", left.as_str()),
        ];
        let text = text::message(visit.reader.language, "draft-grant-choice", &facts);
        Choice::new(id_of(&grant.name), text)
    };
    let own_parties = parties.iter().filter(|party| is_own(&party.name));
    let mut parties: Vec<Choice> = own_parties
        .map(|party| Choice::new(id_of(&party.name), party.display_name.clone()))
        .collect();
    let choose = Choice::new("", visit.t("choose"));
    if parties.len() != 1 {
        parties.insert(0, choose.clone());
    }
    let grants = std::iter::once(choose).chain(grants.iter().map(choice_of_grant)).collect();
    Ok(Purpose::Draft(DraftChoices { parties, grants }))
}

async fn changing(visit: &Visit, id: &str) -> Result<Purpose, Trouble> {
    let requisition = own(visit, id).await?;
    Ok(Purpose::Change(requisition))
}

async fn correcting(visit: &Visit, id: &str) -> Result<Purpose, Trouble> {
    let requisition = own(visit, id).await?;
    let stands = matches!(requisition.state(), RequisitionState::Approved | RequisitionState::Paid);
    if !stands || !requisition.corrects.is_empty() {
        return Err(Trouble::no_such_page(visit));
    }
    Ok(Purpose::Correct(requisition))
}

/// A requisition of one of the person's own parties.
async fn own(visit: &Visit, id: &str) -> Result<Requisition, Trouble> {
    let requisition =
        detail::read(visit, id).await.map_err(|status| Trouble::of(visit, &status))?;
    let party = id_of(&requisition.party);
    if rights::own_parties(&visit.session.principal).any(|own| own.as_str() == party) {
        Ok(requisition)
    } else {
        Err(Trouble::of(visit, &Status::permission_denied("")))
    }
}

fn page(visit: &Visit, purpose: &Purpose, form: Form) -> Response {
    let back_to = |requisition: &Requisition| {
        let id = id_of(&requisition.name);
        Back::to(format!("/requisitions/{id}"), visit.t1("requisition-heading", "id", id))
    };
    match purpose {
        Purpose::Draft(_) => {
            let back = Back::to("/requisitions", visit.t("requisitions-heading"));
            form_page(visit, visit.t("draft-heading"), back, visit.t("draft-intro"), form)
        }
        Purpose::Change(now) => {
            let title = visit.t1("change-heading", "id", id_of(&now.name));
            form_page(visit, title, back_to(now), visit.t("change-intro"), form)
        }
        Purpose::Correct(corrected) => {
            let title = visit.t1("correction-heading", "id", id_of(&corrected.name));
            let facts = vec![
                Fact::new(visit, "requisition-period", format::period(corrected.period.as_ref())),
                Fact::new(visit, "requisition-amount", format::kronor(corrected.amount_ore)),
            ];
            let intro = visit.t("correction-intro");
            form_page_with_facts(visit, title, back_to(corrected), intro, facts, form)
        }
    }
}
