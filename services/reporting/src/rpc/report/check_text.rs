//! The text of one chapter that is not saved, checked while somebody writes it.

use platform::{Failure, principal};
use proto::reporting as pb;
use tonic::Request;
use values::{Faults, Slug};

use super::{
    compile::{compile_with, outside},
    head, reader,
};
use crate::{
    domain::{
        chapter::{ChapterName, LONGEST_TEXT},
        check,
        finding::{Finding, Place},
        narrative::Narrative,
    },
    rpc::{
        Shell,
        chapter::check_may_write,
        convert::{self, compiled, finding::Teller},
    },
};

pub(super) async fn check_text(
    shell: &Shell,
    request: Request<pb::CheckTextRequest>,
) -> Result<pb::CheckTextResponse, Failure> {
    let principal = principal::of(&request)?;
    let (metadata, _, message) = request.into_parts();
    let pb::CheckTextRequest { name: sent, language, text } = message;
    let mut faults = Faults::new();
    let name = faults.keep(ChapterName::parse("name", &sent));
    if let Some(name) = &name {
        principal.is_in(&name.report.federation, &sent)?;
    }
    let language = faults.keep(convert::chapter::language(language));
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        let fault = values::Fault::new("text", "TEXT_TOO_LONG").with("length", length);
        faults.push(fault.with("limit", LONGEST_TEXT));
    }
    let (name, language) = faults.into_result(|| name.zip(language))?;
    let database = shell.journal.database();
    let standing = head(&database.read, &name.report).await?;
    let content = &standing.report.content;
    let subject = &content.subject;
    check_may_write(&database.read, &principal, &name, subject).await?;
    let outside = outside(shell, &metadata, &name.report.federation, content).await?;
    let picture = database.snapshot().await?;
    let narrative = Narrative::read(&shell.vocabulary, language, &text);
    let instead = Some((&name, narrative));
    let mut checked = compile_with(shell, &picture, &name.report, &outside, instead).await?;
    let reader = reader(&picture, &principal, &name.report, subject).await?;
    checked.narrow(shell, &reader);
    picture.rollback().await?;
    let teller = Teller {
        federation: &name.report.federation,
        report: &checked.standing.report,
        checks: &shell.checks,
        vocabulary: &shell.vocabulary,
    };
    let subject = name.subject.as_ref().map(Slug::as_str);
    let is_it =
        |one: &&check::Chapter| one.section == name.section && one.subject.as_deref() == subject;
    let chapter = checked.checked.chapters.iter().find(is_it);
    let references = chapter.map(|chapter| compiled::references(&checked.checked, chapter));
    let findings = checked.findings.iter().filter(|finding| is_of(finding, &name));
    Ok(pb::CheckTextResponse {
        references: references.unwrap_or_default(),
        findings: findings.map(|finding| teller.tell(finding)).collect(),
    })
}

/// True for a finding whose first place is in the chapter's text.
fn is_of(finding: &Finding, name: &ChapterName) -> bool {
    match finding.concerned.first() {
        Some(Place::Text { subject, section, span: _ }) => {
            *section == name.section
                && subject.as_deref() == name.subject.as_ref().map(Slug::as_str)
        }
        Some(Place::Cell { .. } | Place::Section { .. }) | None => false,
    }
}
