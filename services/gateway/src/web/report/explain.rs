//! Explaining a finding, which is printed with the report, and taking it back.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use proto::reporting::{
    ExplainFindingRequest, GetReportResponse, ReportFinding, WithdrawExplanationRequest,
};
use tonic::Status;

use super::{address, client, detail::ReportPage, of, read};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    layout::Visit,
    reads,
    sign_in::see_other,
};

/// The form, with what explains the finding now.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let key = Posted::asked(query).get("finding").to_owned();
    let (report, finding) = finding(&visit, &id, &key).await?;
    let mut form = form(&visit, &id, &key);
    if let Some(explanation) = &finding.explanation {
        form.set("text", &explanation.text);
    }
    Ok(page(&visit, &id, &report, &finding, form))
}

/// Keeps the explanation and shows the report; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let key = posted.get("finding").to_owned();
    let mut form = form(&visit, &id, &key);
    form.fill(&posted);
    let text = form.text("text", "text");
    let answer = send(&visit, &id, &key, text, &posted).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("{}#findings", address(&id)), None));
    }
    let (report, finding) = finding(&visit, &id, &key).await?;
    Ok(page(&visit, &id, &report, &finding, form))
}

/// Takes an explanation back and shows the report again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn withdraw(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let request = WithdrawExplanationRequest {
        name: reads::name(&visit, "reports", &id),
        finding: posted.get("finding").to_owned(),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    let request = visit.request(request).map_err(|status| Trouble::of(&visit, &status))?;
    match client(&visit).withdraw_explanation(request).await {
        Ok(_) => Ok(see_other(&format!("{}#findings", address(&id)), None)),
        Err(refusal) => {
            let mut page = ReportPage::read(&visit, &id).await?;
            page.taking.refuse(&refusal);
            Ok(page.show())
        }
    }
}

async fn send(
    visit: &Visit,
    id: &str,
    key: &str,
    text: String,
    posted: &Posted,
) -> Result<(), Status> {
    let request = ExplainFindingRequest {
        name: reads::name(visit, "reports", id),
        finding: key.to_owned(),
        text,
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    client(visit).explain_finding(visit.request(request)?).await.map(|_| ())
}

/// A finding of the report as it stands now.
async fn finding(
    visit: &Visit,
    id: &str,
    key: &str,
) -> Result<(GetReportResponse, ReportFinding), Trouble> {
    let report = read(visit, id).await.map_err(|status| Trouble::of(visit, &status))?;
    let found = report.findings.iter().find(|finding| finding.key == key).cloned();
    let found = found.ok_or_else(|| Trouble::no_such_page(visit))?;
    Ok((report, found))
}

fn form(visit: &Visit, id: &str, key: &str) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("{}/explain", address(id)), "explain-save");
    form.hidden.push(("finding", key.to_owned()));
    let text = Input::new(language, "text", "explanation", Kind::Lines(2000));
    form.groups.push(Group::plain(vec![text.help(language, "explain-help")]));
    form
}

fn page(
    visit: &Visit,
    id: &str,
    report: &GetReportResponse,
    finding: &ReportFinding,
    form: Form,
) -> Response {
    let language = visit.reader.language;
    let title = report.report.as_ref().map(|head| head.title.clone()).unwrap_or_default();
    let either = |swedish: &str, english: &str| of(language, swedish, english).to_owned();
    let facts = vec![
        Fact::new(visit, "finding-check", either(&finding.check_name_sv, &finding.check_name_en)),
        Fact::new(visit, "finding-fact", either(&finding.fact_sv, &finding.fact_en)),
        Fact::new(
            visit,
            "finding-resolution",
            either(&finding.resolution_sv, &finding.resolution_en),
        ),
    ];
    let back = Back::to(format!("{}#findings", address(id)), title);
    let intro = visit.t("explain-intro");
    form_page_with_facts(visit, visit.t("explain-heading"), back, intro, facts, form)
}
