//! Keeping a release: what it is made of is gathered and protected first; the write then
//! only asks whether something else was published meanwhile.

use std::sync::Arc;

use futures::FutureExt as _;
use platform::{Draft, Failure, Step, Write, journal, journalled::Recorded};
use proto::reporting as pb;
use tonic::metadata::MetadataMap;
use values::name::{AccountName, ReleaseName, ReportName};

use super::make::{Asked, Made, Outcome, Purpose, outcome};
use crate::{
    domain::{
        release::{self, Refusal},
        report::{Action, take},
        restatement::{self, restate},
    },
    rpc::{
        Shell, draft, recorded,
        report::{
            Standing, check_alone, head, step::refused as step_refused, write::save as save_report,
        },
    },
    store::{self, release::Row},
};

/// A report that is published by it: its name, the version that was read, and who publishes.
type Published = (ReportName, String, AccountName);

/// How often a release is made again when another was published meanwhile.
const TRIES: usize = 5;

/// Makes a release and keeps it; the same request gets the same release.
pub(in crate::rpc) async fn keep(
    shell: &Shell,
    caller: &MetadataMap,
    write: Write,
    asked: &Asked,
) -> Result<pb::Release, Failure> {
    for _ in 0..TRIES {
        let purpose = match write.validate_only {
            true => Purpose::DryRun,
            false => Purpose::Publish { request_id: &write.request_id },
        };
        let mut outcome = outcome(shell, caller, purpose, asked).await?;
        if let Some(made) = &mut outcome.made {
            made.release.publisher.clone_from(&write.actor);
        }
        let report = asked.accepted.as_ref().and_then(|report| {
            Some((report.name.clone(), report.etag.clone()?, report.account.clone()))
        });
        let kept = Arc::new((outcome, asked.restates.clone(), report));
        let step = shell.journal.write(write.clone(), move |transaction, step| {
            let kept = Arc::clone(&kept);
            async move { save(transaction, step, &kept.0, (kept.1.as_ref(), kept.2.as_ref())).await }.boxed()
        });
        match step.await {
            // Something else was published; the report itself is another matter.
            Err(Failure::Stale { name }) if name.ends_with("/releases") => {}
            told => return recorded(&told?),
        }
    }
    Err(Failure::Unavailable { service: "releases" })
}

async fn save(
    transaction: &journal::Transaction,
    step: Step,
    outcome: &Outcome,
    (restates, report): (Option<&ReleaseName>, Option<&Published>),
) -> Result<Vec<Draft>, Failure> {
    let Outcome { last, newest, made } = outcome;
    let newest = newest.as_ref().map(ToString::to_string);
    let has_figures = made.is_some();
    match restates {
        None => release::publish(newest.as_deref(), has_figures).map_err(refused)?,
        Some(named) => {
            let has_changes = made.as_ref().is_some_and(|made| !made.document.changes.is_empty());
            let newest = newest.unwrap_or_default();
            restate(&named.to_string(), &newest, has_changes).map_err(not_restated)?;
        }
    }
    let Some(Made { document, release, seed, files, .. }) = made else {
        return Err(refused(Refusal::WithoutFigures));
    };
    let name = ReleaseName::parse("name", &document.name)?;
    if store::release::last(transaction, &name.federation).await? != *last {
        return Err(Failure::Stale { name: format!("federations/{}/releases", name.federation) });
    }
    let draft = draft("release.published", &name, release);
    let row = Row {
        name,
        report: document.report.clone(),
        period: document.reporting_period.id.clone(),
        sequence: step.sequence,
    };
    store::release::insert(transaction, &row, seed, files).await?;
    let mut drafts = vec![draft];
    if let Some((name, etag, account)) = report {
        let Standing { kept, report } = head(transaction, name).await?;
        check_alone(transaction, name, &report.content).await?;
        let report = take(report, etag, Action::Publish, account.clone(), step.now)
            .map_err(|refusal| step_refused(refusal, name))?;
        let recorded = Recorded { sequence: step.sequence + 1, ..kept.recorded };
        let kind = "report.published";
        drafts.extend(save_report(transaction, kind, name.clone(), &report, recorded).await?);
    }
    Ok(drafts)
}

fn refused(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Published(release) => {
            Failure::refused("REPORT_PUBLISHED").with("release", release)
        }
        Refusal::WithoutFigures => Failure::refused("REPORT_WITHOUT_FIGURES"),
    }
}

/// What a release that is not restated answers.
pub(in crate::rpc) fn not_restated(refusal: restatement::Refusal) -> Failure {
    match refusal {
        restatement::Refusal::Restated(release) => {
            Failure::refused("RELEASE_RESTATED").with("release", release)
        }
        restatement::Refusal::NothingToRestate => Failure::refused("NOTHING_TO_RESTATE"),
    }
}
