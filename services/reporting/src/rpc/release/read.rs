//! Reading releases and their files.

use platform::{
    Failure,
    journalled::{all_decoded, decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{
    self as pb, DownloadReleaseRequest, DownloadReleaseResponse, GetReleaseRequest,
    GetReleaseResponse, ListReleasesRequest, ListReleasesResponse,
};
use tonic::Request;
use values::{Fault, Faults, name::ReleaseName};

use crate::{
    rpc::{Shell, parent},
    store::{self, release::Found},
};

pub(in crate::rpc) async fn get(
    shell: &Shell,
    request: Request<GetReleaseRequest>,
) -> Result<GetReleaseResponse, Failure> {
    let principal = principal::of(&request)?;
    let GetReleaseRequest { name: sent } = request.into_inner();
    let name = ReleaseName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = found(shell, &name).await?;
    Ok(GetReleaseResponse { release: Some(decoded(&found.payload)?) })
}

pub(in crate::rpc) async fn list(
    shell: &Shell,
    request: Request<ListReleasesRequest>,
) -> Result<ListReleasesResponse, Failure> {
    let principal = principal::of(&request)?;
    let ListReleasesRequest { parent: sent_parent, report, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let federation = parent(&mut faults, &principal, &sent_parent)?;
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let page = faults.into_result(|| page)?;
    let read = &shell.journal.database().read;
    let listed = store::release::list(read, &federation, &report, &page).await?;
    let whole: Vec<pb::Release> = all_decoded(&listed)?;
    let token = |release: &pb::Release| id_of(&release.name).to_owned();
    let next_page_token = next_page_token(listed.has_more, &whole, token);
    Ok(ListReleasesResponse { releases: whole.into_iter().map(head).collect(), next_page_token })
}

/// A release as a list has it.
fn head(release: pb::Release) -> pb::Release {
    pb::Release {
        labels: Vec::new(),
        figures: Vec::new(),
        funding: Vec::new(),
        chapters: Vec::new(),
        explanations: Vec::new(),
        changes: Vec::new(),
        ..release
    }
}

pub(in crate::rpc) async fn download(
    shell: &Shell,
    request: Request<DownloadReleaseRequest>,
) -> Result<DownloadReleaseResponse, Failure> {
    let principal = principal::of(&request)?;
    let DownloadReleaseRequest { name: sent, format } = request.into_inner();
    let mut faults = Faults::new();
    let name = faults.keep(ReleaseName::parse("name", &sent));
    let format = faults.keep(self::format(format));
    let ((format, ending, media_type), name) = faults.into_result(|| format.zip(name))?;
    principal.is_in(&name.federation, &sent)?;
    let release: pb::Release = decoded(&found(shell, &name).await?.payload)?;
    let file = release.files.into_iter().find(|file| file.format() == format);
    let sha256 = file.ok_or_else(|| Failure::not_found(&name))?.sha256;
    let read = &shell.journal.database().read;
    let content = store::release::content(read, &name.federation, &sha256).await?;
    let content = content.ok_or_else(|| anyhow::anyhow!("the file {sha256} of {name} is gone"))?;
    let file_name = format!("{}.{ending}", name.id);
    let media_type = media_type.to_owned();
    Ok(DownloadReleaseResponse { file_name, media_type, content, sha256 })
}

fn format(sent: i32) -> Result<(pb::ReleaseFormat, &'static str, &'static str), Fault> {
    let unspecified = || Fault::new("format", "ENUM_UNSPECIFIED");
    let format = pb::ReleaseFormat::try_from(sent).map_err(|_| unspecified())?;
    let (ending, media_type) = match format {
        pb::ReleaseFormat::Unspecified => return Err(unspecified()),
        pb::ReleaseFormat::Json => ("json", "application/json"),
        pb::ReleaseFormat::Csv => ("csv", "text/csv; charset=utf-8"),
        pb::ReleaseFormat::Xlsx => {
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        pb::ReleaseFormat::Pdf => ("pdf", "application/pdf"),
        pb::ReleaseFormat::List => ("list.csv", "text/csv; charset=utf-8"),
    };
    Ok((format, ending, media_type))
}

/// A release that is there.
pub(in crate::rpc) async fn found(shell: &Shell, name: &ReleaseName) -> Result<Found, Failure> {
    let picture = shell.journal.database().snapshot().await?;
    let found = store::release::find(&picture, name).await?;
    picture.rollback().await?;
    found.ok_or_else(|| Failure::not_found(name))
}
