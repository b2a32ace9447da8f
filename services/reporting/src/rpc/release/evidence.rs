//! What proves a release to a program that is not ours.

use platform::{Failure, principal};
use proto::reporting::{GetReleaseEvidenceRequest, GetReleaseEvidenceResponse};
use tonic::Request;
use values::name::ReleaseName;

use super::{document, gather, past::Past, read};
use crate::{
    domain::release::{Counted, evidence},
    rpc::Shell,
};

pub(super) async fn get(
    shell: &Shell,
    request: Request<GetReleaseEvidenceRequest>,
) -> Result<GetReleaseEvidenceResponse, Failure> {
    let principal = principal::of(&request)?;
    let GetReleaseEvidenceRequest { name: sent } = request.into_inner();
    let name = ReleaseName::parse("name", &sent)?;
    principal.is_in(&name.federation, &sent)?;
    let found = read::found(shell, &name).await?;
    let recorded = document(&found)?;
    let picture = shell.journal.database().snapshot().await?;
    let sequence = gather::own_sequence(&recorded)?;
    let mut past = Past::of(&picture, &recorded).await?;
    let stated = past.stated(shell, &picture, (&recorded.report, sequence)).await?;
    let reported = past.reported_of(&recorded)?;
    picture.rollback().await?;
    let (stated, of_release) = (stated.counted, gather::counted_of(&recorded));
    let counted = Counted { reported, stated, ..of_release };
    let content = evidence(&sent, &counted, &recorded.figures, &found.seed).written().into_bytes();
    let file_name = format!("{}-evidence.json", name.id);
    Ok(GetReleaseEvidenceResponse { file_name, content })
}
