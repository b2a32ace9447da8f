//! The editor of a chapter: its text, what is to be seen to in it, the figures it can
//! be bound to, the text as it will be read, and its files.
//!
//! Without JavaScript a button checks; with it, a pause in typing does the same.

use askama::Template;
use axum::{extract::Path, response::Response};
use http::StatusCode;
use proto::reporting::{Chapter, CheckTextResponse, Comment, GetReportResponse, Report};
use tonic::{Code, Status};

mod checked;
mod keep;
mod posted;

use self::{
    checked::{CheckedView, check},
    keep::Asked,
    posted::{Marking, Typed, bind, mark, reason_id},
};
use super::{
    address, anchor,
    attachment::files,
    detail, editor, is_open,
    names::Names,
    parts::{self, CommentView, language_code},
    read,
    reference::{self, ReferenceView},
};
use crate::{
    text,
    web::{
        attachment::{self, FileView},
        error_page::{Trouble, http_status},
        form::{FormErrors, Place, fields::Form, new_request_id},
        layout::{Layout, Visit, page_with},
        reads::{self, id_of},
        rights,
        upload::Upload,
    },
};

/// What the value of a button that binds begins with.
const BIND: &str = "bind ";

#[derive(Template)]
#[template(path = "report_chapter.html")]
struct ChapterPage {
    layout: Layout,
    back: String,
    report_title: String,
    about: String,
    action: String,
    typed: Typed,
    request_id: String,
    errors: FormErrors,
    /// Asked for and not found any more: the text was changed since it was checked.
    is_outdated: bool,
    /// Something was bound or marked just now.
    was_changed: bool,
    /// What somebody else saved meanwhile.
    theirs: Option<String>,
    /// What nobody has dealt with yet.
    comments: Vec<CommentView>,
    checked: CheckedView,
    figures: Vec<ReferenceView>,
    may_name_authors: bool,
    files: Vec<FileView>,
    files_address: String,
    may_attach: bool,
    /// The fields for a file, which are among those of the text.
    attaching: Form,
    status: StatusCode,
}

/// A chapter with the report around it.
struct Open {
    name: String,
    report: GetReportResponse,
    names: Names,
    chapter: Chapter,
}

/// The editor, with the text as it stands.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((report, chapter)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let open = Open::read(&visit, &report, &chapter).await?;
    let typed = Typed::of(&open.chapter);
    Ok(open.page(&visit, typed).await?.show())
}

/// Saves the text, with a file that is attached or taken off; or checks it, or binds or
/// marks a number in it, and shows the editor again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((report, chapter)): Path<(String, String)>,
    upload: Upload,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_written_reports)?;
    let (posted, file) = upload.accept_either(&visit).await?;
    let open = Open::read(&visit, &report, &chapter).await?;
    let typed = Typed::from(&posted);
    let step = posted.get("step");
    if let Some(asked) = Asked::of(step) {
        return open.keep(&visit, typed, (asked, &posted), file).await;
    }
    if let Some((marking, place)) = Marking::of(step) {
        let reason = posted.get(&reason_id(place)).trim();
        if reason.is_empty() {
            return open.show_without_reason(&visit, typed, place).await;
        }
        let found = findings(&visit, &open, &typed).await;
        let text = mark(&typed.text, &found.findings, (marking, place), reason);
        return open.show_changed(&visit, typed, text).await;
    }
    let Some(wanted) = step.strip_prefix(BIND) else {
        return Ok(open.page(&visit, typed).await?.show());
    };
    let found = findings(&visit, &open, &typed).await;
    let text = bind(&typed.text, &found, wanted);
    open.show_changed(&visit, typed, text).await
}

/// What there is to see to in what is typed; nothing when that cannot be told.
async fn findings(visit: &Visit, open: &Open, typed: &Typed) -> CheckTextResponse {
    check(visit, &open.name, typed).await.unwrap_or_default()
}

impl Open {
    async fn read(visit: &Visit, report: &str, chapter: &str) -> Result<Self, Trouble> {
        let troubled = |status: Status| Trouble::of(visit, &status);
        let (found, definitions) =
            tokio::try_join!(read(visit, report), reads::figure_definitions(visit))
                .map_err(troubled)?;
        let names = Names::of(visit.reader.language, &definitions, &found);
        let name = format!("{}/chapters/{chapter}", reads::name(visit, "reports", report));
        let mut chapters = found.chapters.iter().filter_map(|shown| shown.chapter.as_ref());
        let own = chapters.find(|one| one.name == name).cloned();
        let chapter = own.ok_or_else(|| Trouble::no_such_page(visit))?;
        Ok(Self { name, report: found, names, chapter })
    }

    /// The section and, for a chapter of one team, the team.
    fn parts(&self) -> (&str, &str) {
        let id = id_of(&self.name);
        id.split_once('.').unwrap_or((id, ""))
    }

    fn may_name_authors(&self, visit: &Visit) -> bool {
        let about = self.report.report.as_ref().map(|head| head.subject.as_str());
        let (_, team) = self.parts();
        rights::keeps_chapter(&visit.session.principal, about.unwrap_or_default(), team)
    }

    /// The editor with the text as a button has changed it; none when it was changed since
    /// it was checked.
    async fn show_changed(
        &self,
        visit: &Visit,
        mut typed: Typed,
        text: Option<String>,
    ) -> Result<Response, Trouble> {
        let was_changed = text.is_some();
        if let Some(text) = text {
            typed.text = text;
        }
        let page = self.page(visit, typed).await?;
        Ok(ChapterPage { is_outdated: !was_changed, was_changed, ..page }.show())
    }

    /// The editor, asking why the number of a place is to be marked.
    async fn show_without_reason(
        &self,
        visit: &Visit,
        typed: Typed,
        place: &str,
    ) -> Result<Response, Trouble> {
        let mut page = self.page(visit, typed).await?;
        let asked = Place { id: reason_id(place), label: visit.t("chapter-mark-reason") };
        page.errors.add(asked, text::reason(visit.reader.language, "FIELD_MISSING", &[]));
        page.status = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(page.show())
    }

    /// What is said of the chapter and not dealt with.
    async fn comments(&self, visit: &Visit) -> Result<Vec<CommentView>, Trouble> {
        let (report, _) = self.name.split_once("/chapters/").unwrap_or_default();
        let all = detail::comments(visit, id_of(report)).await;
        let mut all = all.map_err(|status| Trouble::of(visit, &status))?;
        let (section, team) = self.parts();
        let is_here = |it: &Comment| team.is_empty() || id_of(&it.subject) == team;
        all.retain(|it| it.resolver.is_empty() && it.section == section && is_here(it));
        let mut views = Vec::with_capacity(all.len());
        for comment in &all {
            views.push(CommentView::of(visit, &self.names, comment).await);
        }
        Ok(views)
    }

    async fn page(&self, visit: &Visit, typed: Typed) -> Result<ChapterPage, Trouble> {
        let language = visit.reader.language;
        let (section, team) = self.parts();
        let heading = self.names.section(section).to_owned();
        let answer = check(visit, &self.name, &typed).await;
        let mut errors = FormErrors::default();
        let mut status = StatusCode::OK;
        let answer = match answer {
            Ok(answer) => answer,
            Err(refusal) if refusal.code() == Code::InvalidArgument => {
                errors.add_all(language, &refusal, |field| place(visit, field));
                status = http_status(refusal.code());
                Default::default()
            }
            Err(refusal) => return Err(Trouble::of(visit, &refusal)),
        };
        let subjects = &self.report.figures;
        let own = subjects.iter().find(|one| !team.is_empty() && id_of(&one.subject) == team);
        let own = own.or_else(|| subjects.iter().find(|one| one.whole)).or(subjects.first());
        let report_title = self.report.report.as_ref().map(|head| head.title.clone());
        let action = editor(&self.name);
        let about = own.filter(|_| !team.is_empty());
        let layout = Layout { address: action.clone(), ..Layout::of(visit, heading) };
        let (report, _) = self.name.split_once("/chapters/").unwrap_or_default();
        let state = self.report.report.as_ref().map(Report::state).unwrap_or_default();
        Ok(ChapterPage {
            layout,
            back: format!("{}#{}", address(id_of(report)), super::plain(&anchor(section, team))),
            report_title: report_title.unwrap_or_default(),
            about: about.map(|one| one.display_name.clone()).unwrap_or_default(),
            action,
            checked: CheckedView::of(visit, &self.names, subjects, team, &typed, &answer),
            figures: own.map(|own| reference::all(language, &self.names, own)).unwrap_or_default(),
            may_name_authors: self.may_name_authors(visit),
            files: self.chapter.attachments.iter().map(parts::file).collect(),
            may_attach: is_open(state),
            files_address: files(&self.name),
            attaching: attachment::form(visit, "", ""),
            request_id: new_request_id(),
            errors,
            is_outdated: false,
            was_changed: false,
            theirs: None,
            comments: self.comments(visit).await?,
            typed,
            status,
        })
    }
}

impl ChapterPage {
    fn show(&self) -> Response {
        page_with(self.status, self)
    }
}

/// The input that a field of the message comes from.
fn place(visit: &Visit, field: &str) -> Option<Place> {
    let field = field.strip_prefix("chapter.").unwrap_or(field);
    let (id, label_id) = match field.split(['[', '.']).next() {
        Some("text") => ("text", "chapter-text"),
        Some("authors") => ("authors", "chapter-authors"),
        Some("language") => ("language", "chapter-language"),
        Some(_) | None => return None,
    };
    Some(Place { id: id.to_owned(), label: visit.t(label_id) })
}
