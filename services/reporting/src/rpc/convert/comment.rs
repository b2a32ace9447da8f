//! Comments, to and from the contract.

use platform::convert::{instant, prose, timestamp};
use proto::reporting as pb;
use values::{Fault, Faults, Slug, name::AccountName};

use crate::domain::{
    comment::{Anchor, Comment, CommentName, LONGEST_TEXT},
    definition::Cell,
    report::Subject,
};

/// Reads what is sent: what it is on, and what it says.
pub(in crate::rpc) fn parse(
    federation: &Slug,
    sent: pb::Comment,
) -> Result<(Anchor, String), Faults> {
    let pb::Comment {
        name: _, // Made when it is written.
        section,
        subject,
        figure,
        category,
        text,
        author: _,
        create_time: _,
        resolver: _,
        resolve_time: _,
    } = sent;
    let mut faults = Faults::new();
    let text = prose(&mut faults, "text", &text, 1, LONGEST_TEXT);
    let subject = match subject.as_str() {
        "" => Some(None),
        name => faults.keep(Subject::parse("subject", federation, name)).map(Some),
    };
    let anchor = match (section.is_empty(), figure.is_empty(), subject) {
        (_, _, None) => None,
        (false, true, Some(subject)) => Some(Anchor::Section { section, subject }),
        (true, false, Some(Some(subject))) => {
            Some(Anchor::Cell { subject, cell: Cell { figure, category } })
        }
        (true, false, Some(None)) => {
            faults.push(Fault::new("subject", "FIELD_MISSING"));
            None
        }
        (true, true, Some(_)) | (false, false, Some(_)) => {
            faults.push(Fault::new("section", "COMMENT_ANCHOR_UNCLEAR"));
            None
        }
    };
    faults.into_result(|| anchor.zip(text))
}

/// A comment as it is sent and recorded.
pub(in crate::rpc) fn render(name: &CommentName, comment: &Comment) -> pb::Comment {
    let Comment { anchor, text, author, time, resolved } = comment;
    let federation = &name.report.federation;
    let (section, cell) = match anchor {
        Anchor::Section { section, subject: _ } => (section.clone(), None),
        Anchor::Cell { subject: _, cell } => (String::new(), Some(cell.clone())),
    };
    let Cell { figure, category } = cell.unwrap_or_else(|| Cell::new("", ""));
    pb::Comment {
        name: name.to_string(),
        section,
        subject: anchor.subject().map(|subject| subject.name(federation)).unwrap_or_default(),
        figure,
        category,
        text: text.clone(),
        author: author.to_string(),
        create_time: Some(timestamp(*time)),
        resolver: resolved.as_ref().map(|(account, _)| account.to_string()).unwrap_or_default(),
        resolve_time: resolved.as_ref().map(|(_, time)| timestamp(*time)),
    }
}

/// Reads a comment that was recorded.
pub(in crate::rpc) fn recorded(message: pb::Comment) -> anyhow::Result<(CommentName, Comment)> {
    let wrong = |fault: Fault| anyhow::anyhow!("a recorded comment has {fault:?}");
    let name = CommentName::parse("name", &message.name).map_err(wrong)?;
    let author = AccountName::parse("author", &message.author).map_err(wrong)?;
    let time = message.create_time.as_ref().and_then(instant);
    let time = time.ok_or_else(|| anyhow::anyhow!("a recorded comment has no time"))?;
    let resolved = match message.resolve_time.as_ref().and_then(instant) {
        Some(time) => {
            Some((AccountName::parse("resolver", &message.resolver).map_err(wrong)?, time))
        }
        None => None,
    };
    let (anchor, text) = parse(&name.report.federation, message)
        .map_err(|faults| anyhow::anyhow!("a recorded comment has {faults:?}"))?;
    Ok((name, Comment { anchor, text, author, time, resolved }))
}
