//! Drafting a requisition for one's own party.

use askama::Template;
use axum::{extract::Query, response::Response};
use http::StatusCode;
use proto::finance::{
    CreateRequisitionRequest, Grant, Requisition,
    requisition_service_client::RequisitionServiceClient,
};
use tonic::Status;

use super::{
    COST_KINDS, cost_kind_code, cost_kind_text_id,
    draft_form::{DraftForm, LineFields, line_id},
};
use crate::{
    text,
    web::{
        error_page::{Trouble, http_status},
        form::{Fields, FormErrors, Posted, new_request_id},
        format,
        layout::{Layout, Visit, page_with},
        reads::{self, id_of},
        rights,
        sign_in::see_other,
    },
};

#[derive(Template)]
#[template(path = "requisition_draft.html")]
struct DraftPage {
    layout: Layout,
    errors: FormErrors,
    request_id: String,
    form: DraftForm,
    lines: Vec<LineView>,
    grants: Vec<Choice>,
    parties: Vec<Choice>,
    kinds: Vec<Choice>,
}

struct Choice {
    code: String,
    text: String,
}

struct LineView {
    number: usize,
    typed: LineFields,
    kind_id: String,
    description_id: String,
    fte_id: String,
    amount_id: String,
    takes_focus: bool,
}

/// The form, empty.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let grant =
        query.iter().find(|(name, _)| name == "grant").map_or("", |(_, grant)| grant.as_str());
    let own_parties: Vec<&str> =
        rights::own_parties(&visit.session.principal).map(|party| party.as_str()).collect();
    let party = match own_parties.as_slice() {
        [] => return Err(Trouble::of(&visit, &Status::permission_denied(""))),
        [only] => only,
        [_, ..] => "",
    };
    let form = DraftForm::blank(grant, party);
    render(&visit, form, None, FormErrors::default(), StatusCode::OK).await
}

/// Saves the draft and shows it; or shows the form again, with one line more or
/// with everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = DraftForm::posted(&posted);
    if posted.get("step") == "add_line" {
        form.add_line();
        let added = form.lines.len() - 1;
        return render(&visit, form, Some(added), FormErrors::default(), StatusCode::OK).await;
    }
    let mut errors = FormErrors::default();
    let language = visit.reader.language;
    let requisition = form.read(language, &visit.federation(), &mut errors);
    // A form with something unreadable is still checked, so that all that is
    // wrong with it is told at once.
    let only_check = !errors.is_empty();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match create(&visit, &form, requisition, posted.get("request_id"), only_check).await {
        Ok(created) if !only_check => {
            return Ok(see_other(&format!("/requisitions/{}", id_of(&created.name)), None));
        }
        Ok(_) => {}
        Err(refusal) => {
            status = http_status(refusal.code());
            errors.add_all(language, &refusal, |field| form.place(language, field));
        }
    }
    errors.sort_like(&form.field_ids());
    render(&visit, form, None, errors, status).await
}

async fn create(
    visit: &Visit,
    form: &DraftForm,
    requisition: Requisition,
    request_id: &str,
    only_check: bool,
) -> Result<Requisition, Status> {
    let request = CreateRequisitionRequest {
        parent: visit.federation(),
        requisition_id: form.requisition_id(request_id),
        requisition: Some(requisition),
        request_id: request_id.to_owned(),
        validate_only: only_check,
    };
    let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
    let answer = client.create_requisition(visit.request(request)?).await?;
    Ok(answer.into_inner().requisition.unwrap_or_default())
}

async fn render(
    visit: &Visit,
    form: DraftForm,
    focus: Option<usize>,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response, Trouble> {
    let (grants, recipients, parties) =
        tokio::try_join!(reads::grants(visit), reads::recipients(visit), reads::parties(visit))
            .map_err(|status| Trouble::of(visit, &status))?;
    let grant_choice = |grant: &Grant| {
        let recipient = recipients.iter().find(|recipient| recipient.name == grant.recipient);
        let (period, left) = (format::period(grant.period.as_ref()), format::tkr(grant.left_ore));
        let facts = [
            ("recipient", recipient.map_or("", |recipient| recipient.display_name.as_str())),
            ("period", period.as_str()),
            ("dnr", grant.dnr.as_str()),
            ("left", left.as_str()),
        ];
        let text = text::message(visit.reader.language, "draft-grant-choice", &facts);
        Choice { code: id_of(&grant.name).to_owned(), text }
    };
    let is_own = |name: &str| {
        rights::own_parties(&visit.session.principal).any(|own| own.as_str() == id_of(name))
    };
    let page = DraftPage {
        layout: Layout::of(visit, visit.t("draft-heading")),
        errors,
        request_id: new_request_id(),
        lines: form
            .lines
            .iter()
            .enumerate()
            .map(|(row, line)| LineView::of(row, line, focus))
            .collect(),
        grants: grants.iter().map(grant_choice).collect(),
        parties: parties
            .into_iter()
            .filter(|party| is_own(&party.name))
            .map(|party| Choice { code: id_of(&party.name).to_owned(), text: party.display_name })
            .collect(),
        kinds: COST_KINDS
            .into_iter()
            .map(|kind| Choice {
                code: cost_kind_code(kind).to_owned(),
                text: visit.t(cost_kind_text_id(kind)),
            })
            .collect(),
        form,
    };
    Ok(page_with(status, &page))
}

impl LineView {
    fn of(row: usize, typed: &LineFields, focus: Option<usize>) -> Self {
        Self {
            number: row + 1,
            typed: typed.clone(),
            kind_id: line_id(row, "kind"),
            description_id: line_id(row, "description"),
            fte_id: line_id(row, "fte"),
            amount_id: line_id(row, "amount"),
            takes_focus: focus == Some(row),
        }
    }
}
