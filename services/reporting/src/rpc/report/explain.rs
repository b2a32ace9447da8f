//! Explaining findings that stay.

use futures::FutureExt as _;
use platform::{Failure, Write, convert::prose, journalled::Recorded, principal};
use proto::reporting as pb;
use tonic::Request;
use values::{Fault, Faults};

use super::{
    compile::compile,
    head, state_forbids,
    step::{name_of, outside_of},
    write::save,
};
use crate::{
    domain::report::{self, ExplainRefusal, Explanation, Subject, WithdrawRefusal},
    rpc::{Shell, permissions, recorded},
};

const EXPLAIN: &str = "/samordna.reporting.v1.ReportService/ExplainFinding";
const WITHDRAW: &str = "/samordna.reporting.v1.ReportService/WithdrawExplanation";

pub(super) async fn explain(
    shell: &Shell,
    request: Request<pb::ExplainFindingRequest>,
) -> Result<pb::Report, Failure> {
    let principal = principal::of(&request)?;
    let (metadata, _, message) = request.into_parts();
    let write = Write::of(&principal, EXPLAIN, &message)?;
    let pb::ExplainFindingRequest { name, finding: key, text, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let name = name_of(&mut faults, &principal, &name)?;
    check_key(&mut faults, &key);
    let text = prose(&mut faults, "text", &text, 1, 2000);
    let (name, text) = faults.into_result(|| name.zip(text))?;
    let outside = outside_of(shell, &metadata, &name).await?;
    let own = shell.clone();
    let step = shell.journal.write(write, move |transaction, step| {
        let (shell, principal, outside) = (own.clone(), principal.clone(), outside.clone());
        let (name, key, text) = (name.clone(), key.clone(), text.clone());
        async move {
            let standing = head(transaction, &name).await?;
            let checked = compile(&shell, transaction, &name, &outside).await?;
            let mut findings = checked.findings.iter();
            let finding = findings.find(|finding| finding.key() == key);
            let subject = &standing.report.content.subject;
            let whose = finding.and_then(|finding| finding.subject.as_deref());
            if !permissions::may_explain(&principal, subject, whose) {
                return Err(Failure::not_found(&name));
            }
            let check = finding.map(|finding| finding.check().code()).unwrap_or_default();
            let (account, time) = (principal.account, step.now);
            let explanation = Explanation { check: check.to_owned(), text, account, time };
            let report = report::explain(standing.report, &key, explanation, finding.is_some())
                .map_err(|refusal| match refusal {
                    ExplainRefusal::StateForbids(state) => state_forbids(state),
                    ExplainRefusal::FindingUnknown => {
                        Failure::refused("FINDING_UNKNOWN").with("value", &key)
                    }
                })?;
            let recorded = Recorded { sequence: step.sequence, ..standing.kept.recorded };
            save(transaction, "report.finding_explained", name, &report, recorded).await
        }
        .boxed()
    });
    recorded(&step.await?)
}

pub(super) async fn withdraw(
    shell: &Shell,
    request: Request<pb::WithdrawExplanationRequest>,
) -> Result<pb::Report, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, WITHDRAW, request.get_ref())?;
    let pb::WithdrawExplanationRequest { name, finding: key, request_id: _, validate_only: _ } =
        request.into_inner();
    let mut faults = Faults::new();
    let name = name_of(&mut faults, &principal, &name)?;
    check_key(&mut faults, &key);
    let name = faults.into_result(|| name)?;
    let step = shell.journal.write(write, move |transaction, step| {
        let (principal, name, key) = (principal.clone(), name.clone(), key.clone());
        async move {
            let standing = head(transaction, &name).await?;
            let subject: &Subject = &standing.report.content.subject;
            let given = standing.report.explanations.get(&key);
            let is_own = given.is_some_and(|given| given.account == principal.account);
            if !is_own && !permissions::may_write(&principal, subject) {
                return Err(Failure::not_found(&name));
            }
            let report =
                report::withdraw(standing.report, &key).map_err(|refusal| match refusal {
                    WithdrawRefusal::StateForbids(state) => state_forbids(state),
                    WithdrawRefusal::ExplanationUnknown => {
                        Failure::refused("EXPLANATION_UNKNOWN").with("value", &key)
                    }
                })?;
            let recorded = Recorded { sequence: step.sequence, ..standing.kept.recorded };
            save(transaction, "report.explanation_withdrawn", name, &report, recorded).await
        }
        .boxed()
    });
    recorded(&step.await?)
}

fn check_key(faults: &mut Faults, key: &str) {
    if key.is_empty() {
        faults.push(Fault::new("finding", "FIELD_MISSING"));
    }
}
