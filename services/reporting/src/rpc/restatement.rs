//! `RestatementService`: what was published is corrected by publishing again.

use platform::{Failure, Principal, Write, convert::text, principal};
use proto::reporting::{
    DraftRestatementRequest, DraftRestatementResponse, PublishRestatementRequest,
    PublishRestatementResponse, restatement_service_server::RestatementService,
};
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{
    Faults,
    name::{ReleaseName, ReportName, TeamName},
};

use super::{Shell, convert, release, report};
use crate::domain::release::Source;

const PUBLISH: &str = "/samordna.reporting.v1.RestatementService/PublishRestatement";

pub(super) struct Restatements(pub(super) Shell);

#[async_trait]
impl RestatementService for Restatements {
    async fn draft_restatement(
        &self,
        request: Request<DraftRestatementRequest>,
    ) -> Result<Response<DraftRestatementResponse>, Status> {
        Ok(Response::new(draft(&self.0, request).await?))
    }

    async fn publish_restatement(
        &self,
        request: Request<PublishRestatementRequest>,
    ) -> Result<Response<PublishRestatementResponse>, Status> {
        Ok(Response::new(publish(&self.0, request).await?))
    }
}

async fn draft(
    shell: &Shell,
    request: Request<DraftRestatementRequest>,
) -> Result<DraftRestatementResponse, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, DraftRestatementRequest { name: sent }) = request.into_parts();
    let name = ReleaseName::parse("name", &sent)?;
    let asked = asked(shell, (&principal, &caller), name, None).await?;
    let release::Drafted { changes, open_findings, fetch_time } =
        release::drafted(shell, &caller, &asked).await?;
    let changes = changes.into_iter().map(convert::release::change).collect();
    Ok(DraftRestatementResponse { changes, open_findings, fetch_time })
}

async fn publish(
    shell: &Shell,
    request: Request<PublishRestatementRequest>,
) -> Result<PublishRestatementResponse, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let write = Write::of(&principal, PUBLISH, &message)?;
    let PublishRestatementRequest { name, dnr, request_id: _, validate_only: _ } = message;
    let mut faults = Faults::new();
    let name = faults.keep(ReleaseName::parse("name", &name));
    let dnr = faults.keep(text("dnr", &dnr, 0, release::LONGEST_DNR));
    let (name, dnr) = faults.into_result(|| name.zip(dnr))?;
    let asked = asked(shell, (&principal, &caller), name, Some(dnr)).await?;
    let release = Some(release::keep(shell, &caller, write, &asked).await?);
    Ok(PublishRestatementResponse { release })
}

/// The report of a release, with figures from where it had them.
async fn asked(
    shell: &Shell,
    (principal, caller): (&Principal, &MetadataMap),
    name: ReleaseName,
    dnr: Option<String>,
) -> Result<release::Asked, Failure> {
    principal.is_in(&name.federation, &name.to_string())?;
    let before = release::document(&release::found(shell, &name).await?)?;
    let derived = before.subjects.iter();
    let derived = derived.filter(|subject| subject.source == Some(Source::Derived));
    let derived_teams = derived.filter_map(|subject| TeamName::parse("", &subject.name).ok());
    let accepted = match ReportName::parse("report", &before.report) {
        Ok(report) => {
            let head = report::head(&shell.journal.database().read, &report).await?.report;
            let by = (None, principal.account.clone());
            Some(release::Accepted::new(shell, caller, (report, head), by).await?)
        }
        Err(_) => None,
    };
    Ok(release::Asked {
        accepted,
        report: before.report,
        period: before.reporting_period,
        derived_teams: derived_teams.collect(),
        dnr: dnr.unwrap_or(before.dnr),
        restates: Some(name),
    })
}
