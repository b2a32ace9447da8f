//! Templates of reports: which there are, what a report by one has to contain, and the
//! form that adds a federation's own. A template never changes; a new version is a new one.

use askama::Template;
use axum::{
    extract::{Path, Query},
    response::Response,
};
use platform::failure::Problem;
use proto::reporting::{
    CreateReportTemplateRequest, GetReportTemplateRequest, ReportColumn, ReportSection,
    ReportTemplate, report_template_service_client::ReportTemplateServiceClient,
};
use tonic::{Code, Status};

use super::{
    code,
    error_page::{Trouble, borrowed},
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page},
    },
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    report::of,
    rights,
    sign_in::see_other,
};
use crate::text::{self, Language};

const LIST: &str = "/report-templates";
const SOURCE: &str = "report_template.source";
/// The longest source that a service takes, in characters of one byte.
const LONGEST_SOURCE: usize = 200_000;

#[derive(Template)]
#[template(path = "report_templates.html")]
struct ListPage {
    layout: Layout,
    rows: Vec<RowView>,
    may_add: bool,
}

/// A template in the list.
struct RowView {
    address: String,
    title: String,
    version: String,
    about: String,
    origin: String,
}

#[derive(Template)]
#[template(path = "report_template.html")]
struct TemplatePage {
    layout: Layout,
    facts: Vec<Fact>,
    sections: Vec<String>,
    columns: Vec<ColumnView>,
    source: String,
    /// Where one is begun that says the same; none for those who may not.
    copy: Option<String>,
}

/// A figure that reports by the template state.
struct ColumnView {
    code: String,
    text: String,
    categories: Vec<String>,
}

/// The templates, those that come with the product first.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn list(visit: Visit) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_written_reports)?;
    let found = reads::report_templates(&visit).await;
    let found = found.map_err(|status| Trouble::of(&visit, &status))?;
    Ok(page(&ListPage {
        layout: Layout::of(&visit, visit.t("templates-heading")),
        rows: found.iter().map(|it| RowView::of(&visit, it)).collect(),
        may_add: rights::schedules_reports(&visit.session.principal),
    }))
}

/// One template, with all that it says.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_written_reports)?;
    let found = read(&visit, &id).await.map_err(|status| Trouble::of(&visit, &status))?;
    let language = visit.reader.language;
    let section = |it: &ReportSection| {
        let title = of(language, &it.title_sv, &it.title_en);
        if it.per_subject {
            visit.t1("template-per-subject", "title", title)
        } else {
            title.to_owned()
        }
    };
    let row = RowView::of(&visit, &found);
    let may_add = rights::schedules_reports(&visit.session.principal);
    Ok(page(&TemplatePage {
        layout: Layout::of(&visit, row.title),
        facts: vec![
            Fact::new(&visit, "template-version", row.version),
            Fact::new(&visit, "template-about", row.about),
            Fact::new(&visit, "template-due-days", found.due_days.to_string()),
            Fact::new(&visit, "template-origin", row.origin),
        ],
        sections: found.sections.iter().map(section).collect(),
        columns: found.columns.iter().map(|it| ColumnView::of(language, it)).collect(),
        source: found.source,
        copy: may_add.then(|| format!("{LIST}/new?from={id}")),
    }))
}

/// The form of a template, which begins with what another says.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_new(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let mut form = form(&visit)?;
    let asked = Posted::asked(query);
    if !asked.get("from").is_empty() {
        let found = read(&visit, asked.get("from")).await;
        let found = found.map_err(|status| Trouble::of(&visit, &status))?;
        form.set("source", &found.source);
    }
    Ok(new_page(&visit, form))
}

/// Adds the template and shows it; or shows the form again, with everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut form = form(&visit)?;
    form.fill(&posted);
    let id = form.needed("id", "report_template_id");
    form.note_source("source", SOURCE);
    let source = form.typed("source").replace("\r\n", "\n");
    match add(&visit, &posted, (id, source), form.is_faulty()).await {
        Err(refusal) if refusal.code() == Code::InvalidArgument => say_all(&mut form, &refusal),
        answer => {
            if let Some(name) = form.kept(answer) {
                return Ok(see_other(&format!("{LIST}/{}", id_of(&name)), None));
            }
        }
    }
    Ok(new_page(&visit, form))
}

/// Answers the template's name.
async fn add(
    visit: &Visit,
    posted: &Posted,
    (id, source): (String, String),
    validate_only: bool,
) -> Result<String, Status> {
    let request = CreateReportTemplateRequest {
        parent: visit.federation(),
        report_template_id: id,
        report_template: Some(ReportTemplate { source, ..ReportTemplate::default() }),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let answer = client(visit).create_report_template(visit.request(request)?).await?.into_inner();
    Ok(answer.report_template.map(|template| template.name).unwrap_or_default())
}

/// Notes every fault of the source with its place there: an input has room for one alone.
fn say_all(form: &mut Form, refusal: &Status) {
    let of_source = format!("{SOURCE}.");
    for fault in &Problem::of(refusal).faults {
        let said = text::reason(form.language, &fault.reason, &borrowed(&fault.facts));
        match fault.field.strip_prefix(&of_source) {
            Some(place) => form.errors.whole.push(format!("{place}: {said}")),
            None if fault.field == SOURCE => form.say("source", said),
            None if fault.field == "report_template_id" => form.say("id", said),
            None => form.errors.whole.push(said),
        }
    }
}

async fn read(visit: &Visit, id: &str) -> Result<ReportTemplate, Status> {
    let name = reads::name(visit, "reportTemplates", id);
    let request = visit.request(GetReportTemplateRequest { name })?;
    let answer = client(visit).get_report_template(request).await?.into_inner();
    answer.report_template.ok_or_else(|| Status::not_found(""))
}

fn client(visit: &Visit) -> ReportTemplateServiceClient<platform::Transport> {
    ReportTemplateServiceClient::new(visit.state.reporting.clone())
}

fn form(visit: &Visit) -> Result<Form, Trouble> {
    Trouble::unless(visit, rights::schedules_reports)?;
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("{LIST}/new"), "template-add");
    form.groups.push(Group::plain(vec![
        Input::new(language, "id", "template-id", Kind::Text(63))
            .help(language, "template-id-help"),
        Input::new(language, "source", "template-source", Kind::Lines(LONGEST_SOURCE))
            .help(language, "template-source-help"),
    ]));
    Ok(form)
}

fn new_page(visit: &Visit, form: Form) -> Response {
    let back = Back::to(LIST, visit.t("templates-heading"));
    form_page(visit, visit.t("template-new"), back, visit.t("template-new-intro"), form)
}

impl RowView {
    fn of(visit: &Visit, template: &ReportTemplate) -> Self {
        let about = template.subject_kinds().map(|kind| code::called(visit, kind.as_str_name()));
        let origin = if template.shipped { "template-shipped" } else { "template-own" };
        Self {
            address: format!("{LIST}/{}", id_of(&template.name)),
            title: of(visit.reader.language, &template.title_sv, &template.title_en).to_owned(),
            version: template.version.to_string(),
            about: about.collect::<Vec<_>>().join(", "),
            origin: visit.t(origin),
        }
    }
}

impl ColumnView {
    fn of(language: Language, column: &ReportColumn) -> Self {
        let categories = column.categories.iter();
        let category = |it: &proto::reporting::ReportColumnCategory| {
            of(language, &it.text_sv, &it.text_en).to_owned()
        };
        Self {
            code: column.figure.clone(),
            text: of(language, &column.text_sv, &column.text_en).to_owned(),
            categories: categories.map(category).collect(),
        }
    }
}
