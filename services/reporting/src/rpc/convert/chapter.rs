//! Chapters, to and from the contract.

use platform::convert::{instant, timestamp};
use proto::reporting as pb;
use values::{Fault, Faults, Slug, name::AccountName};

use super::attachment;
use crate::domain::{
    chapter::{Chapter, ChapterName, MOST_AUTHORS, Writing, check_text},
    language::Language,
};

/// Reads what is sent. What only an answer has is left out.
pub(in crate::rpc) fn parse(federation: &Slug, sent: pb::Chapter) -> Result<Writing, Faults> {
    let pb::Chapter {
        name: _, // Read by the handler.
        language,
        text,
        authors,
        etag: _,
        updater: _,
        update_time: _,
        attachments: _,
    } = sent;
    let mut faults = Faults::new();
    let language = faults.keep(self::language(language));
    faults.keep_nested("", check_text(&text));
    if authors.len() > MOST_AUTHORS {
        let fault = Fault::new("authors", "AUTHORS_TOO_MANY").with("count", authors.len());
        faults.push(fault.with("limit", MOST_AUTHORS));
    }
    let mut read = std::collections::BTreeSet::new();
    for (row, author) in authors.iter().enumerate() {
        let field = format!("authors[{row}]");
        let Some(name) = faults.keep(AccountName::parse(&field, author)) else { continue };
        if name.federation != *federation {
            faults.push(Fault::new(field, "ACCOUNT_UNKNOWN").with("value", author));
        } else if !read.insert(name) {
            faults.push(Fault::new(field, "AUTHOR_TWICE").with("value", author));
        }
    }
    faults.into_result(|| Some(Writing { language: language?, text, authors: read }))
}

/// Reads a language.
///
/// # Errors
/// `LANGUAGE_MISSING`.
pub(in crate::rpc) fn language(sent: i32) -> Result<Language, Fault> {
    match pb::ReportLanguage::try_from(sent) {
        Ok(pb::ReportLanguage::Swedish) => Ok(Language::Swedish),
        Ok(pb::ReportLanguage::English) => Ok(Language::English),
        Ok(pb::ReportLanguage::Unspecified) | Err(_) => {
            Err(Fault::new("language", "LANGUAGE_MISSING"))
        }
    }
}

/// A chapter as it is sent and recorded.
pub(in crate::rpc) fn render(name: &ChapterName, chapter: &Chapter) -> pb::Chapter {
    let Chapter { writing, attachments, updated, revision: _ } = chapter;
    let Writing { language, text, authors } = writing;
    let language = match language {
        Language::Swedish => pb::ReportLanguage::Swedish,
        Language::English => pb::ReportLanguage::English,
    };
    pb::Chapter {
        name: name.to_string(),
        language: language.into(),
        text: text.clone(),
        authors: authors.iter().map(AccountName::to_string).collect(),
        etag: chapter.etag(),
        updater: updated.as_ref().map(|(account, _)| account.to_string()).unwrap_or_default(),
        update_time: updated.as_ref().map(|(_, time)| timestamp(*time)),
        attachments: attachments.iter().map(|file| attachment::render(name, file)).collect(),
    }
}

/// Reads a chapter that was recorded.
pub(in crate::rpc) fn recorded(message: pb::Chapter) -> anyhow::Result<(ChapterName, Chapter)> {
    let wrong = |fault: Fault| anyhow::anyhow!("a recorded chapter has {fault:?}");
    let name = ChapterName::parse("name", &message.name).map_err(wrong)?;
    let account = AccountName::parse("updater", &message.updater).map_err(wrong)?;
    let time = message.update_time.as_ref().and_then(instant);
    let time = time.ok_or_else(|| anyhow::anyhow!("a recorded chapter has no time"))?;
    let revision = message.etag.parse()?;
    let attachments = message.attachments.iter().map(attachment::recorded);
    let attachments = attachments.collect::<anyhow::Result<_>>()?;
    let writing = parse(&name.report.federation, message)
        .map_err(|faults| anyhow::anyhow!("a recorded chapter has {faults:?}"))?;
    Ok((name, Chapter { writing, attachments, updated: Some((account, time)), revision }))
}
