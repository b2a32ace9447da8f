//! Correcting what was published: what a restatement would change and the facts behind
//! it, the button that publishes it, and what a later release has corrected.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use platform::convert::instant;
use proto::reporting::{
    DraftRestatementRequest, DraftRestatementResponse, GetReleaseRequest,
    PublishRestatementRequest, Release, ReleasedChange, ReleasedFact,
    restatement_service_client::RestatementServiceClient,
};
use tonic::Status;

use super::{address, of, release};
use crate::{
    text::Language,
    web::{
        code,
        download::LONGEST_MESSAGE,
        error_page::Trouble,
        form::{
            Fields, FormErrors, Posted,
            fields::Form,
            inputs::{Group, Input, Kind},
            page::Back,
        },
        format,
        half_year_report::figures::TOTAL,
        layout::{Layout, Visit, page_with},
        reads::{self, id_of},
        rights,
        sign_in::see_other,
    },
};

#[derive(Template)]
#[template(path = "restatement.html")]
struct RestatementPage {
    layout: Layout,
    back: Back,
    intro: String,
    title: String,
    rows: Vec<ChangeView>,
    /// When what is counted from records was fetched; none where nothing is.
    fetched: Option<String>,
    /// How many findings of the text are to be explained first; none when there are none.
    open_findings: Option<String>,
    /// The form that publishes it; none where there is nothing to publish.
    form: Option<Form>,
    errors: FormErrors,
}

/// A figure that is told otherwise.
struct ChangeView {
    subject: String,
    figure: String,
    old: String,
    new: String,
    difference: String,
    facts: Vec<FactView>,
}

/// A fact behind a change.
struct FactView {
    text: String,
    difference: String,
}

/// What a restatement would correct today, and the form that publishes it.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let release = read_for_office(&visit, &id).await?;
    let form = form(&visit, &release);
    draft_page(&visit, &release, form).await
}

/// Publishes it and shows the report; or shows the draft again, with what is in the way.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let release = read_for_office(&visit, &id).await?;
    let mut form = form(&visit, &release);
    form.fill(&posted);
    let request = PublishRestatementRequest {
        name: release.name.clone(),
        dnr: form.text("dnr", "dnr"),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    let answer = publish(&visit, request).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("{}#releases", address(id_of(&release.report))), None));
    }
    draft_page(&visit, &release, form).await
}

/// What a release that corrects another has corrected.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn changes(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let release = read(&visit, &id).await?;
    let rows = rows(&visit, &release, &release.changes);
    let heading = visit.t("restatement-changes-heading");
    let intro = visit.t("restatement-changes-intro");
    Ok(page(&visit, heading, intro, &release, (rows, None)).answer())
}

async fn read_for_office(visit: &Visit, id: &str) -> Result<Release, Trouble> {
    Trouble::unless(visit, rights::publishes_reports)?;
    read(visit, id).await
}

async fn read(visit: &Visit, id: &str) -> Result<Release, Trouble> {
    let troubled = |status: Status| Trouble::of(visit, &status);
    let request = GetReleaseRequest { name: reads::name(visit, "releases", id) };
    let request = visit.request(request).map_err(troubled)?;
    let answer = release::client(visit).get_release(request).await.map_err(troubled)?;
    answer.into_inner().release.ok_or_else(|| Trouble::no_such_page(visit))
}

async fn draft(visit: &Visit, release: &Release) -> Result<DraftRestatementResponse, Status> {
    let request = visit.request(DraftRestatementRequest { name: release.name.clone() })?;
    Ok(client(visit).draft_restatement(request).await?.into_inner())
}

async fn publish(visit: &Visit, request: PublishRestatementRequest) -> Result<(), Status> {
    client(visit).publish_restatement(visit.request(request)?).await.map(|_| ())
}

fn client(visit: &Visit) -> RestatementServiceClient<platform::Transport> {
    RestatementServiceClient::new(visit.state.reporting.clone())
        .max_decoding_message_size(LONGEST_MESSAGE)
}

fn form(visit: &Visit, release: &Release) -> Form {
    let language = visit.reader.language;
    let action = format!("/releases/{}/restate", id_of(&release.name));
    let mut form = Form::new(visit, action, "restatement-publish");
    let dnr = Input::new(language, "dnr", "field-dnr", Kind::Text(50)).optional(language);
    form.groups.push(Group::plain(vec![dnr.value(&release.dnr)]));
    form
}

/// The draft; with what is in the way, also of a form that was refused.
async fn draft_page(visit: &Visit, release: &Release, form: Form) -> Result<Response, Trouble> {
    let drafted = match draft(visit, release).await {
        Ok(drafted) => drafted,
        // A form that was refused says why by itself.
        Err(_) if form.is_faulty() => DraftRestatementResponse::default(),
        Err(status) => return Err(Trouble::of(visit, &status)),
    };
    let DraftRestatementResponse { changes, open_findings, fetch_time } = drafted;
    let rows = rows(visit, release, &changes);
    let heading = visit.t("restatement-heading");
    let has_open = !open_findings.is_empty() && !rows.is_empty();
    let shown = (form.is_faulty() || (!rows.is_empty() && !has_open)).then_some(form);
    let mut page = page(visit, heading, visit.t("restatement-intro"), release, (rows, shown));
    let count = open_findings.len().to_string();
    let fetched = fetch_time.as_ref().and_then(instant);
    page.fetched =
        fetched.map(|time| visit.t1("restatement-fetched", "time", &format::minute(Some(time))));
    page.open_findings = has_open.then(|| visit.t1("restatement-findings", "count", &count));
    Ok(page.answer())
}

fn page(
    visit: &Visit,
    heading: String,
    intro: String,
    release: &Release,
    (rows, form): (Vec<ChangeView>, Option<Form>),
) -> RestatementPage {
    let errors = form.as_ref().map(|form| form.errors.clone()).unwrap_or_default();
    let back = Back::to(address(id_of(&release.report)), visit.t("restatement-back"));
    RestatementPage {
        layout: Layout::of(visit, heading),
        back,
        intro,
        title: release.title.clone(),
        rows,
        fetched: None,
        open_findings: None,
        form,
        errors,
    }
}

impl RestatementPage {
    fn answer(&self) -> Response {
        let status = self.form.as_ref().map_or(http::StatusCode::OK, Form::status);
        page_with(status, self)
    }
}

fn rows(visit: &Visit, release: &Release, changes: &[ReleasedChange]) -> Vec<ChangeView> {
    let names = Names::of(visit.reader.language, release);
    changes.iter().map(|change| ChangeView::of(visit, &names, change)).collect()
}

/// What the subjects and figures of a release are called.
struct Names<'a> {
    subjects: HashMap<&'a str, &'a str>,
    figures: HashMap<(&'a str, &'a str), &'a str>,
}

impl<'a> Names<'a> {
    fn of(language: Language, release: &'a Release) -> Self {
        let subjects = release.subjects.iter();
        let labels = release.labels.iter();
        Self {
            subjects: subjects.map(|it| (it.name.as_str(), it.display_name.as_str())).collect(),
            figures: labels
                .map(|it| {
                    let cell = (it.figure.as_str(), it.category.as_str());
                    (cell, of(language, &it.text_sv, &it.text_en))
                })
                .collect(),
        }
    }

    fn subject(&self, name: &'a str) -> &'a str {
        self.subjects.get(name).copied().unwrap_or_else(|| id_of(name))
    }

    /// A figure, or a category of one: `Avslut: Arbete`. Parts that are reported under a
    /// name of their own have no whole beside them.
    fn cell(&self, figure: &'a str, category: &'a str) -> String {
        let called = |category| self.figures.get(&(figure, category)).copied();
        match (called(TOTAL), called(category)) {
            (Some(whole), _) if category == TOTAL => whole.to_owned(),
            (Some(whole), part) => format!("{whole}: {}", part.unwrap_or(category)),
            (None, Some(part)) => part.to_owned(),
            (None, None) => format!("{figure}: {category}"),
        }
    }
}

impl ChangeView {
    fn of(visit: &Visit, names: &Names<'_>, change: &ReleasedChange) -> Self {
        let ReleasedChange { subject, figure, category, old_count, new_count, facts } = change;
        let count = |count: Option<i64>| {
            count.map_or_else(|| visit.t("restatement-not-told"), format::whole)
        };
        let difference = old_count.zip(*new_count).map(|(old, new)| format::signed(new - old));
        Self {
            subject: names.subject(subject).to_owned(),
            figure: names.cell(figure, category),
            old: count(*old_count),
            new: count(*new_count),
            difference: difference.unwrap_or_default(),
            facts: facts.iter().map(|fact| FactView::of(visit, names, fact)).collect(),
        }
    }
}

impl FactView {
    fn of(visit: &Visit, names: &Names<'_>, fact: &ReleasedFact) -> Self {
        let kind = code::called(visit, fact.kind().as_str_name());
        // What a team replaced is named by the team last.
        let team = names.subjects.iter().find(|(name, _)| {
            !fact.subject.is_empty()
                && name.contains("/teams/")
                && id_of(name) == id_of(&fact.subject)
        });
        Self {
            text: match team {
                Some((_, team)) => format!("{kind}, {team}"),
                None => kind,
            },
            difference: format::signed(fact.difference),
        }
    }
}
