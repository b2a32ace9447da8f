//! `ReleaseService`: reports as they leave the federation.

mod about;
mod accepted;
mod evidence;
mod files;
mod foreseen;
mod gather;
mod keep;
mod make;
mod past;
mod prepare;
mod publish;
mod read;
mod verify;

use platform::{
    Failure,
    journalled::{Recorded, decoded},
};
use prost::Message as _;
use prost_types::Timestamp;
use proto::reporting::{
    self as pb, DownloadReleaseRequest, DownloadReleaseResponse, GetReleaseEvidenceRequest,
    GetReleaseEvidenceResponse, GetReleaseRequest, GetReleaseResponse, ListReleasesRequest,
    ListReleasesResponse, PublishReportRequest, PublishReportResponse, VerifyReleaseRequest,
    VerifyReleaseResponse, release_service_server::ReleaseService,
};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Slug,
    name::{ReleaseName, ReportingPeriodName},
};

use super::{Shell, convert};
pub(super) use accepted::Accepted;
pub(super) use foreseen::would_hide;
pub(super) use keep::keep;
pub(super) use make::{Asked, LONGEST_DNR, next_name};
pub(super) use read::found;

use crate::{
    domain::{
        release::{Change, Document, Stamp},
        restatement::restate,
    },
    store::{
        self,
        release::{Found, Row},
    },
};

pub(super) struct Releases(pub(super) Shell);

#[async_trait]
impl ReleaseService for Releases {
    async fn publish_report(
        &self,
        request: Request<PublishReportRequest>,
    ) -> Result<Response<PublishReportResponse>, Status> {
        Ok(Response::new(publish::publish(&self.0, request).await?))
    }

    async fn get_release(
        &self,
        request: Request<GetReleaseRequest>,
    ) -> Result<Response<GetReleaseResponse>, Status> {
        Ok(Response::new(read::get(&self.0, request).await?))
    }

    async fn list_releases(
        &self,
        request: Request<ListReleasesRequest>,
    ) -> Result<Response<ListReleasesResponse>, Status> {
        Ok(Response::new(read::list(&self.0, request).await?))
    }

    async fn download_release(
        &self,
        request: Request<DownloadReleaseRequest>,
    ) -> Result<Response<DownloadReleaseResponse>, Status> {
        Ok(Response::new(read::download(&self.0, request).await?))
    }

    async fn get_release_evidence(
        &self,
        request: Request<GetReleaseEvidenceRequest>,
    ) -> Result<Response<GetReleaseEvidenceResponse>, Status> {
        Ok(Response::new(evidence::get(&self.0, request).await?))
    }

    async fn verify_release(
        &self,
        request: Request<VerifyReleaseRequest>,
    ) -> Result<Response<VerifyReleaseResponse>, Status> {
        Ok(Response::new(verify::verify(&self.0, request).await?))
    }
}

/// What a restatement would correct.
#[derive(Default)]
pub(super) struct Drafted {
    pub(super) changes: Vec<Change>,
    /// The keys of findings of its text that nobody has explained.
    pub(super) open_findings: Vec<String>,
    /// When the counts from records that it is drafted with were given out.
    pub(super) fetch_time: Option<Timestamp>,
}

/// What a restatement of a release would correct today.
pub(super) async fn drafted(
    shell: &Shell,
    caller: &MetadataMap,
    asked: &Asked,
) -> Result<Drafted, Failure> {
    let make::Outcome { last: _, newest, made } =
        make::outcome(shell, caller, make::Purpose::Draft, asked).await?;
    let named = asked.restates.as_ref().map(ToString::to_string).unwrap_or_default();
    let newest = newest.map(|newest| newest.to_string()).unwrap_or_default();
    // That there is nothing to correct is an answer.
    restate(&named, &newest, true).map_err(keep::not_restated)?;
    let drafted = |make::Made { document, open: open_findings, fetch_time, .. }| Drafted {
        changes: document.changes,
        open_findings,
        fetch_time,
    };
    Ok(made.map(drafted).unwrap_or_default())
}

/// The releases of a period, the oldest first.
pub(super) async fn of_period(
    connection: &impl ConnectionTrait,
    period: &ReportingPeriodName,
) -> Result<Vec<Document>, Failure> {
    let found = store::release::of_period(connection, &period.federation, &period.id).await?;
    found.iter().map(document).collect()
}

/// The document of a release that was found.
pub(super) fn document(found: &Found) -> Result<Document, Failure> {
    Ok(convert::release::document(decoded(&found.payload)?)?)
}

/// The hashes of a release's files.
pub(crate) async fn files(
    connection: &impl ConnectionTrait,
    name: &ReleaseName,
) -> anyhow::Result<Vec<String>> {
    let Some(found) = store::release::find(connection, name).await? else {
        return Ok(Vec::new());
    };
    let release = pb::Release::decode(found.payload.as_slice())?;
    Ok(release.files.into_iter().map(|file| file.sha256).collect())
}

/// Whose release it is, and where the journals of the services were.
pub(crate) fn stamps(
    name: &str,
    payload: &[u8],
    _: Recorded,
) -> anyhow::Result<Option<(Slug, Vec<Stamp>)>> {
    let release = pb::Release::decode(payload)?;
    let parsed = ReleaseName::parse("name", name);
    let federation = parsed.map_err(|fault| anyhow::anyhow!("{fault:?}"))?.federation;
    Ok(Some((federation, convert::release::stamps(release))))
}

/// The row that finds a recorded release.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let release = pb::Release::decode(payload)?;
    let Recorded { created_sequence, sequence } = recorded;
    anyhow::ensure!(created_sequence == sequence, "was changed");
    anyhow::ensure!(release.name == name, "is recorded under another name");
    let parsed = ReleaseName::parse("name", name);
    let name = parsed.map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    let period = ReportingPeriodName::parse("reporting_period", &release.reporting_period);
    let period = period.map_err(|fault| anyhow::anyhow!("{fault:?}"))?.id;
    Ok(Row { name, report: release.report, period, sequence })
}
