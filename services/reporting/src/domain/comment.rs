//! A comment on a section or a figure of a report.

use std::fmt;

use chrono::{DateTime, Utc};
use values::name::{AccountName, ReportName};
use values::{Fault, Slug};

use super::definition::Cell;
use super::report::{State, Subject};

/// The longest comment, in characters.
pub const LONGEST_TEXT: usize = 4000;

/// `federations/{federation}/reports/{report}/comments/{comment}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommentName {
    /// The report it belongs to.
    pub report: ReportName,
    /// Its own id.
    pub id: Slug,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// What it is on.
    pub anchor: Anchor,
    /// What it says.
    pub text: String,
    /// Who wrote it.
    pub author: AccountName,
    /// When.
    pub time: DateTime<Utc>,
    /// Who dealt with it, and when; none while it is open.
    pub resolved: Option<(AccountName, DateTime<Utc>)>,
}

/// What a comment is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// A section.
    Section {
        /// Which.
        section: String,
        /// Whose; none for a section of the whole report.
        subject: Option<Subject>,
    },
    /// A figure.
    Cell {
        /// Whose.
        subject: Subject,
        /// Which.
        cell: Cell,
    },
}

/// Why a comment is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreateRefusal {
    /// The report is published.
    StateForbids(State),
    /// The report has no such section or figure.
    AnchorUnknown,
}

/// Why a comment is not resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolveRefusal {
    /// The report is published.
    StateForbids(State),
    /// It is dealt with already.
    Resolved,
}

/// Decides whether a comment is written on a report in a state.
///
/// # Errors
/// What forbids it.
pub fn create(comment: Comment, report: State, has_anchor: bool) -> Result<Comment, CreateRefusal> {
    if report == State::Published {
        return Err(CreateRefusal::StateForbids(report));
    }
    if !has_anchor {
        return Err(CreateRefusal::AnchorUnknown);
    }
    Ok(comment)
}

/// Says that a comment is dealt with.
///
/// # Errors
/// What forbids it.
pub fn resolve(
    comment: Comment,
    report: State,
    account: AccountName,
    time: DateTime<Utc>,
) -> Result<Comment, ResolveRefusal> {
    if report == State::Published {
        return Err(ResolveRefusal::StateForbids(report));
    }
    if comment.resolved.is_some() {
        return Err(ResolveRefusal::Resolved);
    }
    Ok(Comment { resolved: Some((account, time)), ..comment })
}

impl Anchor {
    /// Whose it is; none for a section of the whole report.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        match self {
            Self::Section { section: _, subject } => subject.as_ref(),
            Self::Cell { subject, cell: _ } => Some(subject),
        }
    }
}

impl CommentName {
    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let read = || {
            let (report, id) = text.split_once("/comments/")?;
            let report = ReportName::parse(field, report).ok()?;
            Some(Self { report, id: Slug::parse(field, id).ok()? })
        };
        read().ok_or_else(|| {
            let form = "federations/{federation}/reports/{report}/comments/{comment}";
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })
    }
}

impl fmt::Display for CommentName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, id } = self;
        write!(formatter, "{report}/comments/{id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment() -> Comment {
        Comment {
            anchor: Anchor::Section { section: "finance".to_owned(), subject: None },
            text: "Skriv ut beloppet.".to_owned(),
            author: account("bo"),
            time: DateTime::UNIX_EPOCH,
            resolved: None,
        }
    }

    fn account(id: &str) -> AccountName {
        AccountName::parse("", &format!("federations/f/accounts/{id}")).unwrap()
    }

    #[test]
    fn a_report_is_commented_on_until_it_is_published() {
        for state in State::ALL {
            let written = create(comment(), state, true);
            let resolved = resolve(comment(), state, account("anna"), DateTime::UNIX_EPOCH);
            if state == State::Published {
                assert_eq!(written, Err(CreateRefusal::StateForbids(state)));
                assert_eq!(resolved, Err(ResolveRefusal::StateForbids(state)));
            } else {
                assert_eq!(written, Ok(comment()));
                assert_eq!(create(comment(), state, false), Err(CreateRefusal::AnchorUnknown));
                let resolved = resolved.unwrap();
                let again = resolve(resolved, state, account("bo"), DateTime::UNIX_EPOCH);
                assert_eq!(again, Err(ResolveRefusal::Resolved));
            }
        }
    }

    #[test]
    fn a_comments_name_reads_back_and_another_form_is_refused() {
        let text = "federations/f/reports/r/comments/0190-1";
        assert_eq!(CommentName::parse("name", text).unwrap().to_string(), text);
        for text in ["", "federations/f/reports/r", "federations/f/reports/r/comments/"] {
            assert_eq!(CommentName::parse("name", text).unwrap_err().reason, "NAME_MALFORMED");
        }
    }
}
