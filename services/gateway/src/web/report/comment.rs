//! Comments on a report: writing one on a chapter or a figure, and saying that it is
//! dealt with.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use proto::reporting::{
    Comment, CreateCommentRequest, GetReportResponse, ResolveCommentRequest,
    comment_service_client::CommentServiceClient,
};
use tonic::Status;

use super::{address, anchor, detail::ReportPage, names::Names, read};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// What a comment is on: a section, or the figures of somebody.
struct On {
    report: GetReportResponse,
    names: Names,
    section: String,
    subject: String,
}

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let on = on(&visit, &id, &Posted::asked(query)).await?;
    let form = form(&visit, &id, &on);
    Ok(page(&visit, &id, &on, form))
}

/// Keeps the comment and shows the report; or shows the form again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let on = on(&visit, &id, &posted).await?;
    let mut form = form(&visit, &id, &on);
    form.fill(&posted);
    let comment = comment(&mut form, &on);
    let place = place(&on);
    let request = CreateCommentRequest {
        parent: reads::name(&visit, "reports", &id),
        comment: Some(comment),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let answer = create(&visit, request).await;
    match form.kept(answer) {
        Some(()) => Ok(see_other(&format!("{}#{place}", address(&id)), None)),
        None => Ok(page(&visit, &id, &on, form)),
    }
}

/// Notes that a comment is dealt with and shows the report again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn resolve(
    visit: Visit,
    Path((id, comment)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let request = ResolveCommentRequest {
        name: format!("{}/comments/{comment}", reads::name(&visit, "reports", &id)),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    let request = visit.request(request).map_err(|status| Trouble::of(&visit, &status))?;
    match client(&visit).resolve_comment(request).await {
        Ok(_) => Ok(see_other(&address(&id), None)),
        Err(refusal) => {
            let mut page = ReportPage::read(&visit, &id).await?;
            page.taking.refuse(&refusal);
            Ok(page.show())
        }
    }
}

async fn create(visit: &Visit, request: CreateCommentRequest) -> Result<(), Status> {
    client(visit).create_comment(visit.request(request)?).await.map(|_| ())
}

fn client(visit: &Visit) -> CommentServiceClient<platform::Transport> {
    CommentServiceClient::new(visit.state.reporting.clone())
}

async fn on(visit: &Visit, id: &str, asked: &Posted) -> Result<On, Trouble> {
    Trouble::unless(visit, rights::comments_on_reports)?;
    let (report, definitions) = tokio::try_join!(read(visit, id), reads::figure_definitions(visit))
        .map_err(|status| Trouble::of(visit, &status))?;
    let names = Names::of(visit.reader.language, &definitions, &report);
    let (section, subject) = (asked.get("section").to_owned(), asked.get("subject"));
    let mut figures = report.figures.iter().map(|one| one.subject.as_str());
    let subject = figures.find(|name| id_of(name) == subject).unwrap_or_default().to_owned();
    if section.is_empty() && subject.is_empty() {
        return Err(Trouble::no_such_page(visit));
    }
    Ok(On { report, names, section, subject })
}

fn comment(form: &mut Form, on: &On) -> Comment {
    let mut comment = Comment {
        section: on.section.clone(),
        subject: on.subject.clone(),
        text: form.text("text", "comment.text"),
        ..Comment::default()
    };
    if on.section.is_empty() {
        let chosen = form.typed("figure").to_owned();
        form.note_source("figure", "comment.figure");
        form.note_source("figure", "comment.category");
        let (figure, category) = chosen.split_once('.').unwrap_or((&chosen, ""));
        if figure.is_empty() {
            form.wrong("figure", "FIELD_MISSING", "");
        }
        (comment.figure, comment.category) = (figure.to_owned(), category.to_owned());
    }
    comment
}

fn form(visit: &Visit, id: &str, on: &On) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("{}/comments/new", address(id)), "comment-save");
    form.hidden.push(("section", on.section.clone()));
    form.hidden.push(("subject", id_of(&on.subject).to_owned()));
    let mut inputs = Vec::new();
    if on.section.is_empty() {
        let figures = on.report.figures.iter().filter(|one| one.subject == on.subject);
        let cells = figures.flat_map(|figures| &figures.cells).map(|cell| {
            let code = format!("{}.{}", cell.figure, cell.category);
            Choice::new(code, on.names.cell(&cell.figure, &cell.category))
        });
        let choose = Choice::new("", visit.t("choose"));
        let cells = std::iter::once(choose).chain(cells).collect();
        inputs.push(Input::new(language, "figure", "comment-figure", Kind::Choice(cells)));
    }
    let text = Input::new(language, "text", "comment", Kind::Lines(4000));
    inputs.push(text.help(language, "comment-help"));
    form.groups.push(Group::plain(inputs));
    form
}

/// Where what the comment is on stands on the report's page.
fn place(on: &On) -> String {
    if on.section.is_empty() {
        format!("figures-{}", id_of(&on.subject))
    } else {
        anchor(&on.section, id_of(&on.subject))
    }
}

fn page(visit: &Visit, id: &str, on: &On, form: Form) -> Response {
    let title = on.report.report.as_ref().map(|head| head.title.clone()).unwrap_or_default();
    let whose = on.names.of_subject(&on.subject);
    let what = match on.section.as_str() {
        "" => format!("{}{whose}", visit.t("report-figures")),
        section => format!("{}{whose}", on.names.section(section)),
    };
    let facts = vec![Fact::new(visit, "comment-on", what)];
    let back = Back::to(format!("{}#{}", address(id), super::plain(&place(on))), title);
    form_page_with_facts(visit, visit.t("comment-heading"), back, String::new(), facts, form)
}
