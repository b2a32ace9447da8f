//! What a report was published as: its releases with their files, and the files.

use axum::{extract::Path, response::Response};
use platform::convert::instant;
use proto::reporting::{
    DownloadReleaseRequest, GetReleaseEvidenceRequest, ListReleasesRequest, Release, ReleaseFormat,
    ReleasedFile, ReportState, release_service_client::ReleaseServiceClient,
};
use tonic::Status;

use crate::web::{
    download::{LONGEST_MESSAGE, download},
    error_page::Trouble,
    format,
    layout::Visit,
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 1000;

/// The formats that are handed out, by their code in an address, and the id of what each
/// is called.
const FORMATS: [(ReleaseFormat, &str, &str); 5] = [
    (ReleaseFormat::Pdf, "pdf", "release-pdf"),
    (ReleaseFormat::Xlsx, "xlsx", "download-xlsx"),
    (ReleaseFormat::Csv, "csv", "download-csv"),
    (ReleaseFormat::Json, "json", "release-json"),
    (ReleaseFormat::List, "list", "release-list"),
];

/// The code of the evidence that a release's figures are proved by.
const EVIDENCE: &str = "evidence";

/// A release as the report's page has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReleaseView {
    /// When it was published, and whether it corrects another.
    pub(super) text: String,
    /// The SHA-256 of its document.
    pub(super) sha256: String,
    /// Its files: where each is, and what it is called.
    pub(super) files: Vec<(String, String)>,
    /// Where it stands what it corrects; none for a first one.
    pub(super) changes: Option<String>,
    /// Where one corrects it; none for all but the newest, and for those who may not.
    pub(super) restate: Option<String>,
}

impl ReleaseView {
    fn of(visit: &Visit, release: &Release, is_newest: bool) -> Self {
        let Release { name, restates, publish_time, files, sha256, .. } = release;
        let text_id = if restates.is_empty() { "release-first" } else { "release-correction" };
        let id = id_of(name);
        let may_restate = is_newest && rights::publishes_reports(&visit.session.principal);
        let has = |format: ReleaseFormat| files.iter().any(|file| is_of(file, format));
        let of_format = FORMATS.into_iter().filter(|(format, ..)| has(*format));
        let link = |(_, code, text_id)| (format!("/releases/{id}/{code}"), visit.t(text_id));
        let is_prover = rights::proves_releases(&visit.session.principal);
        let evidence = (format!("/releases/{id}/{EVIDENCE}"), visit.t("release-evidence"));
        let day = format::day(publish_time.as_ref().and_then(instant));
        Self {
            text: visit.t1(text_id, "day", &day),
            sha256: sha256.clone(),
            files: of_format.map(link).chain(is_prover.then_some(evidence)).collect(),
            changes: (!restates.is_empty()).then(|| format!("/releases/{id}/changes")),
            restate: may_restate.then(|| format!("/releases/{id}/restate")),
        }
    }
}

fn is_of(file: &ReleasedFile, format: ReleaseFormat) -> bool {
    file.format() == format
}

/// What a report was published as, newest first; nothing before it is.
///
/// # Errors
/// The page to show instead.
pub(super) async fn of_report(
    visit: &Visit,
    id: &str,
    state: ReportState,
) -> Result<Vec<ReleaseView>, Trouble> {
    if state != ReportState::Published {
        return Ok(Vec::new());
    }
    let request = ListReleasesRequest {
        parent: visit.federation(),
        report: reads::name(visit, "reports", id),
        page_size: PAGE_SIZE,
        page_token: String::new(),
    };
    let troubled = |status: Status| Trouble::of(visit, &status);
    let request = visit.request(request).map_err(troubled)?;
    let answer = client(visit).list_releases(request).await.map_err(troubled)?.into_inner();
    let views = answer.releases.iter().enumerate();
    Ok(views.map(|(place, release)| ReleaseView::of(visit, release, place == 0)).collect())
}

/// Hands a file of a release out.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn file(
    visit: Visit,
    Path((id, code)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    if code == EVIDENCE {
        return evidence(&visit, &id).await;
    }
    let known = FORMATS.into_iter().find(|(_, known, _)| *known == code);
    let (format, ..) = known.ok_or_else(|| Trouble::no_such_page(&visit))?;
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let name = reads::name(&visit, "releases", &id);
    let request = DownloadReleaseRequest { name, format: format.into() };
    let request = visit.request(request).map_err(troubled)?;
    let file = client(&visit).download_release(request).await.map_err(troubled)?.into_inner();
    Ok(download(&file.file_name, &file.media_type, file.content))
}

/// Hands out what proves the figures of a release that teams reported.
async fn evidence(visit: &Visit, id: &str) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(visit, &status);
    let request = GetReleaseEvidenceRequest { name: reads::name(visit, "releases", id) };
    let request = visit.request(request).map_err(troubled)?;
    let file = client(visit).get_release_evidence(request).await.map_err(troubled)?.into_inner();
    Ok(download(&file.file_name, "application/json", file.content))
}

/// The way to releases.
pub(super) fn client(visit: &Visit) -> ReleaseServiceClient<platform::Transport> {
    ReleaseServiceClient::new(visit.state.reporting.clone())
        .max_decoding_message_size(LONGEST_MESSAGE)
}
