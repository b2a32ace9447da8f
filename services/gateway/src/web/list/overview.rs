//! The team's lists: what was taken in, a new one, and the team's cases as a file.

use std::collections::BTreeMap;

use askama::Template;
use axum::{extract::Path, response::Response};
use chrono::Datelike as _;
use http::StatusCode;
use platform::convert::instant;
use proto::participant::{
    BandedDimension, Banding, ListBandingsRequest, ParticipantImport,
    banding_service_client::BandingServiceClient,
};
use tonic::Status;

use super::{PAGE_SIZE, address, imports, may, upload};
use crate::web::{
    download,
    error_page::Trouble,
    form::{Place, Posted, fields::Form, inputs::Choice},
    format,
    layout::{Layout, Visit, page_with},
    reads::id_of,
};

/// The page.
#[derive(Template)]
#[template(path = "lists.html")]
pub(super) struct ListsPage {
    layout: Layout,
    team: String,
    imports: Vec<ImportView>,
    form: Form,
    first_day: String,
    last_day: String,
    banding: String,
    bandings: Vec<Choice>,
    formats: Vec<Choice>,
}

struct ImportView {
    id: String,
    day: String,
    actor: String,
    cases: String,
    undo_reason: String,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(team): Path<String>) -> Result<Response, Trouble> {
    Ok(ListsPage::read(&visit, &team).await?.show())
}

impl ListsPage {
    /// Reads what is on it.
    ///
    /// # Errors
    /// The page to show instead.
    pub(super) async fn read(visit: &Visit, team: &str) -> Result<Self, Trouble> {
        may(visit, team)?;
        let troubled = |status: Status| Trouble::of(visit, &status);
        let (imports, bandings) =
            tokio::try_join!(imports(visit, team), bandings(visit)).map_err(troubled)?;
        let names = names(visit, &imports).await;
        let choice = |it: &Banding| Choice::new(id_of(&it.name), id_of(&it.name));
        let formats = download::FORMATS.map(|format| {
            Choice::new(download::format_code(format), visit.t(download::text_id(format)))
        });
        let year = visit.state.clock.today().year();
        let layout = Layout::of(visit, visit.t("lists-heading"));
        Ok(Self {
            layout: Layout { address: address(team), ..layout },
            team: team.to_owned(),
            imports: imports.iter().map(|it| ImportView::of(it, &names)).collect(),
            form: upload::form(visit, team),
            first_day: format!("{year}-01-01"),
            last_day: format!("{year}-12-31"),
            banding: String::new(),
            bandings: bandings.iter().map(choice).collect(),
            formats: formats.to_vec(),
        })
    }

    /// Notes what is wrong with a file that was to be uploaded.
    pub(super) fn say_of_upload(&mut self, said: String) {
        self.form.say("file", said);
    }

    /// Notes why there is no file to hand out; `field` is what was asked for wrongly.
    pub(super) fn refuse_export(&mut self, visit: &Visit, asked: &Posted, refusal: &Status) {
        for (typed, field) in [
            (&mut self.first_day, "first_day"),
            (&mut self.last_day, "last_day"),
            (&mut self.banding, "banding"),
        ] {
            asked.get(field).clone_into(typed);
        }
        let place = |field: &str| {
            let (id, label_id) = match field {
                "period" | "period.first_day" => ("first_day", "period-first-day"),
                "period.last_day" => ("last_day", "period-last-day"),
                "age_banding" => ("banding", "list-banding"),
                _ => return None,
            };
            Some(Place { id: id.to_owned(), label: visit.t(label_id) })
        };
        self.form.errors.add_all(visit.reader.language, refusal, place);
    }

    /// The page as it is sent.
    pub(super) fn show(&self) -> Response {
        self.show_with(self.form.status())
    }

    /// The same with a status of its own.
    pub(super) fn show_with(&self, status: StatusCode) -> Response {
        page_with(status, self)
    }
}

/// The bandings of ages.
///
/// # Errors
/// What the service answered instead.
pub(super) async fn bandings(visit: &Visit) -> Result<Vec<Banding>, Status> {
    let request = ListBandingsRequest {
        parent: visit.federation(),
        dimension: BandedDimension::Age.into(),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let mut client = BandingServiceClient::new(visit.state.organisation.clone());
    Ok(client.list_bandings(visit.request(request)?).await?.into_inner().bandings)
}

/// The names that people read of those who have taken lists in.
async fn names(visit: &Visit, imports: &[ParticipantImport]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for import in imports {
        if !names.contains_key(&import.actor) {
            let name = visit.state.display_name(&import.actor).await;
            names.insert(import.actor.clone(), name);
        }
    }
    names
}

impl ImportView {
    fn of(import: &ParticipantImport, names: &BTreeMap<String, String>) -> Self {
        Self {
            id: id_of(&import.name).to_owned(),
            day: format::day(import.time.as_ref().and_then(instant)),
            actor: names.get(&import.actor).cloned().unwrap_or_default(),
            cases: format::whole(import.cases),
            undo_reason: import.undo_reason.clone(),
        }
    }
}
