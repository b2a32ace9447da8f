//! The text of one chapter that is not saved, checked while somebody writes it.

use std::sync::Arc;

use platform::{Failure, Principal, principal};
use proto::reporting as pb;
use tonic::{Request, metadata::MetadataMap};
use values::{Faults, Slug};

use super::{
    compile::compile_with,
    head,
    outside::{Outside, outside},
    reader,
    recent::Asked,
};
use crate::{
    domain::{
        chapter::{ChapterName, LONGEST_TEXT},
        check::{self, WordProposal},
        finding::{Finding, Place},
        narrative::{Measure, Narrative},
        report::Report,
    },
    rpc::{
        Shell,
        chapter::check_may_write,
        convert::{
            self, compiled,
            finding::{Teller, offset},
        },
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
    let outside = recently(shell, &metadata, &principal, &name, &standing.report).await?;
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
    let words = chapter.map(|chapter| {
        let (template, report) = (&checked.template, &checked.checked);
        check::propose_words(template, &shell.vocabulary, report, chapter)
    });
    Ok(pb::CheckTextResponse {
        references: references.unwrap_or_default(),
        findings: findings.map(|finding| teller.tell(finding)).collect(),
        words: words.unwrap_or_default().into_iter().map(proposed).collect(),
    })
}

/// What the other services say, or said to the same person a moment ago.
async fn recently(
    shell: &Shell,
    caller: &MetadataMap,
    principal: &Principal,
    name: &ChapterName,
    report: &Report,
) -> Result<Arc<Outside>, Failure> {
    let asked = Asked {
        account: principal.account.clone(),
        report: name.report.clone(),
        etag: report.etag(),
    };
    let now = shell.journal.clock().now();
    if let Some(said) = shell.recent.find(&asked, now) {
        return Ok(said);
    }
    let said = outside(shell, caller, &name.report, report).await?;
    let said = Arc::new(said);
    shell.recent.keep(asked, now, &said);
    Ok(said)
}

fn proposed(WordProposal { span, measures }: WordProposal) -> pb::WordProposal {
    pb::WordProposal {
        start: offset(span.start),
        end: offset(span.end),
        references: measures.iter().map(Measure::to_string).collect(),
    }
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
