//! The steps of a report's way.

use std::sync::Arc;

use futures::FutureExt as _;
use platform::{Failure, Principal, Write, convert::prose, journalled::Recorded, principal};
use proto::reporting as pb;
use tonic::{Request, metadata::MetadataMap};
use values::{
    Faults,
    name::{ReleasedTableName, ReportName},
};

use super::{
    compile::compile,
    head,
    outside::{Outside, fetched, outside},
    state_forbids,
    write::save,
};
use crate::{
    domain::{
        finding::Finding,
        report::{Action, StepRefusal, take},
    },
    rpc::{Shell, convert, permissions, recorded},
};

const SUBMIT: &str = "/samordna.reporting.v1.ReportService/SubmitReport";
const RETURN: &str = "/samordna.reporting.v1.ReportService/ReturnReport";
const ACCEPT: &str = "/samordna.reporting.v1.ReportService/AcceptReport";

pub(super) async fn submit(
    shell: &Shell,
    request: Request<pb::SubmitReportRequest>,
) -> Result<pb::Report, Failure> {
    let principal = principal::of(&request)?;
    let (metadata, _, message) = request.into_parts();
    let write = Write::of(&principal, SUBMIT, &message)?;
    let pb::SubmitReportRequest { name, etag, request_id: _, validate_only: _ } = message;
    let mut faults = Faults::new();
    let name = name_of(&mut faults, &principal, &name)?;
    convert::etag(&mut faults, &etag);
    let name = faults.into_result(|| name)?;
    let report = head(&shell.journal.database().read, &name).await?.report;
    let fetched = fetched(shell, &metadata, &name, &report).await?;
    let has_figures = report.content.derived.is_empty() || fetched.is_some();
    let newest_table = fetched.and_then(|(_, tables)| tables.newest).map(|(_, name)| name);
    let wanted = Wanted::Submit { has_figures, newest_table };
    run(shell, write, Asked { principal, name, etag, wanted }).await
}

pub(super) async fn give_back(
    shell: &Shell,
    request: Request<pb::ReturnReportRequest>,
) -> Result<pb::Report, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, RETURN, request.get_ref())?;
    let pb::ReturnReportRequest { name, etag, reason, request_id: _, validate_only: _ } =
        request.into_inner();
    let mut faults = Faults::new();
    let name = name_of(&mut faults, &principal, &name)?;
    convert::etag(&mut faults, &etag);
    let reason = prose(&mut faults, "reason", &reason, 1, 2000);
    let (name, reason) = faults.into_result(|| name.zip(reason))?;
    run(shell, write, Asked { principal, name, etag, wanted: Wanted::Return(reason) }).await
}

pub(super) async fn accept(
    shell: &Shell,
    request: Request<pb::AcceptReportRequest>,
) -> Result<pb::Report, Failure> {
    let principal = principal::of(&request)?;
    let (metadata, _, message) = request.into_parts();
    let write = Write::of(&principal, ACCEPT, &message)?;
    let pb::AcceptReportRequest { name, etag, request_id: _, validate_only: _ } = message;
    let mut faults = Faults::new();
    let name = name_of(&mut faults, &principal, &name)?;
    convert::etag(&mut faults, &etag);
    let name = faults.into_result(|| name)?;
    let outside = outside_of(shell, &metadata, &name).await?;
    run(shell, write, Asked { principal, name, etag, wanted: Wanted::Accept(outside) }).await
}

/// What the other services have for a report that is to be checked.
pub(super) async fn outside_of(
    shell: &Shell,
    caller: &MetadataMap,
    name: &ReportName,
) -> Result<Arc<Outside>, Failure> {
    let standing = head(&shell.journal.database().read, name).await?;
    let outside = outside(shell, caller, name, &standing.report).await?;
    Ok(Arc::new(outside))
}

/// The step that is asked for.
#[derive(Clone)]
struct Asked {
    principal: Principal,
    name: ReportName,
    etag: String,
    wanted: Wanted,
}

#[derive(Clone)]
enum Wanted {
    Submit {
        /// True when those that are counted from records were fetched, or there are none.
        has_figures: bool,
        newest_table: Option<ReleasedTableName>,
    },
    Return(String),
    /// With what the other services have, for the checks.
    Accept(Arc<Outside>),
}

async fn run(shell: &Shell, write: Write, asked: Asked) -> Result<pb::Report, Failure> {
    let own = shell.clone();
    let step = shell.journal.write(write, move |transaction, step| {
        let (shell, asked) = (own.clone(), asked.clone());
        async move {
            let Asked { principal, name, etag, wanted } = asked;
            let standing = head(transaction, &name).await?;
            let subject = &standing.report.content.subject;
            let (kind, action) = match wanted {
                Wanted::Submit { has_figures, newest_table } => {
                    if !permissions::may_write(&principal, subject) {
                        return Err(Failure::not_found(&name));
                    }
                    check_figures(has_figures)?;
                    ("report.submitted", Action::Submit { newest_table })
                }
                Wanted::Return(reason) => ("report.returned", Action::Return { reason }),
                Wanted::Accept(outside) => {
                    check_figures(outside.has_figures_of(&standing.report.content))?;
                    let checked = compile(&shell, transaction, &name, &outside).await?;
                    let findings = checked.findings.iter().map(Finding::key).collect();
                    ("report.accepted", Action::Accept { findings })
                }
            };
            let report = take(standing.report, &etag, action, principal.account, step.now)
                .map_err(|refusal| refused(refusal, &name))?;
            let recorded = Recorded { sequence: step.sequence, ..standing.kept.recorded };
            save(transaction, kind, name, &report, recorded).await
        }
        .boxed()
    });
    recorded(&step.await?)
}

/// Refuses a report whose figures nobody has seen: nobody could have checked its text.
fn check_figures(are_there: bool) -> Result<(), Failure> {
    if are_there { Ok(()) } else { Err(Failure::refused("FIGURES_NOT_FETCHED")) }
}

pub(in crate::rpc) fn refused(refusal: StepRefusal, name: &ReportName) -> Failure {
    match refusal {
        StepRefusal::Stale => Failure::Stale { name: name.to_string() },
        StepRefusal::StateForbids(state) => state_forbids(state),
        StepRefusal::FourEyes => Failure::refused("REPORT_FOUR_EYES"),
        StepRefusal::FindingsOpen(keys) => Failure::refused("REPORT_FINDINGS_OPEN")
            .with("count", keys.len())
            .with("findings", keys.join(", ")),
    }
}

/// Reads the name of a report.
pub(super) fn name_of(
    faults: &mut Faults,
    principal: &Principal,
    sent: &str,
) -> Result<Option<ReportName>, Failure> {
    let name = faults.keep(ReportName::parse("name", sent));
    if let Some(name) = &name {
        principal.is_in(&name.federation, sent)?;
    }
    Ok(name)
}
