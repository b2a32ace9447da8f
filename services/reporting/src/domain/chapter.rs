//! A chapter of a report: its text, its files, and who writes it.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use values::name::{AccountName, ReportName};
use values::{Fault, Faults, Slug, personal_number};

use super::attachment::Attachment;
use super::language::Language;
use super::report::State;

/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 100_000;
/// The most authors of a chapter.
pub const MOST_AUTHORS: usize = 20;

/// `federations/{federation}/reports/{report}/chapters/{section}` or
/// `…/chapters/{section}.{subject}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChapterName {
    /// The report it belongs to.
    pub report: ReportName,
    /// The section of the template that it is.
    pub section: String,
    /// The team or area it is about; none for a chapter of the whole report.
    pub subject: Option<Slug>,
}

/// A chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// What is written.
    pub writing: Writing,
    /// Its files, in the order they were attached.
    pub attachments: Vec<Attachment>,
    /// Who changed it last, and when; none while nobody has.
    pub updated: Option<(AccountName, DateTime<Utc>)>,
    /// How often it was written.
    pub revision: i32,
}

/// What is written in a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// The language it is in.
    pub language: Language,
    /// The Markdown.
    pub text: String,
    /// The accounts that write it.
    pub authors: BTreeSet<AccountName>,
}

/// Who wants to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writer {
    /// The account.
    pub account: AccountName,
    /// True for the administrator, and for the lead of the team that the chapter is
    /// about: they write without being authors, and say who the authors are.
    pub is_in_charge: bool,
}

/// Why a chapter is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not the caller's to write.
    NotYours,
    /// An author does not say who the authors are.
    AuthorsStay,
    /// The report is not open.
    StateForbids(State),
    /// Somebody else changed it since it was read.
    Stale,
}

impl Chapter {
    /// A chapter that nobody has written.
    #[must_use]
    pub fn unwritten() -> Self {
        let (text, authors) = (String::new(), BTreeSet::new());
        let writing = Writing { language: Language::Swedish, text, authors };
        Self { writing, attachments: Vec::new(), updated: None, revision: 0 }
    }

    /// Names this version.
    #[must_use]
    pub fn etag(&self) -> String {
        self.revision.to_string()
    }

    /// The same with other files, as somebody changed it.
    #[must_use]
    pub(super) fn with_attachments(
        &self,
        attachments: Vec<Attachment>,
        account: AccountName,
        time: DateTime<Utc>,
    ) -> Self {
        let (writing, updated) = (self.writing.clone(), Some((account, time)));
        Self { writing, attachments, updated, revision: self.revision + 1 }
    }
}

/// Checks a text that is to be a chapter's.
///
/// # Errors
/// `TEXT_TOO_LONG`, `PERSONAL_NUMBER_IN_TEXT`, for the field `text`.
pub fn check_text(text: &str) -> Result<(), Faults> {
    let mut faults = Faults::new();
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        let fault = Fault::new("text", "TEXT_TOO_LONG").with("length", length);
        faults.push(fault.with("limit", LONGEST_TEXT));
    }
    let is_control = |character: char| character.is_control() && !"\n\r\t".contains(character);
    if text.chars().any(is_control) {
        faults.push(Fault::new("text", "TEXT_CONTROL_CHARACTER"));
    }
    faults.keep_nested("", personal_number::check("text", text));
    faults.into_result(|| Some(()))
}

/// Replaces what is written in a chapter of a report in a state.
///
/// # Errors
/// What forbids it.
pub fn write(
    standing: &Chapter,
    report: State,
    etag: &str,
    writing: Writing,
    writer: Writer,
    time: DateTime<Utc>,
) -> Result<Chapter, Refusal> {
    check_is_theirs(standing, &writer)?;
    if !writer.is_in_charge && standing.writing.authors != writing.authors {
        return Err(Refusal::AuthorsStay);
    }
    check_is_open(standing, report, etag)?;
    let (attachments, updated) = (standing.attachments.clone(), Some((writer.account, time)));
    Ok(Chapter { writing, attachments, updated, revision: standing.revision + 1 })
}

/// Checks that a writer may change a chapter of a report in a state.
///
/// # Errors
/// What forbids it.
pub(super) fn check_may_change(
    standing: &Chapter,
    report: State,
    etag: &str,
    writer: &Writer,
) -> Result<(), Refusal> {
    check_is_theirs(standing, writer)?;
    check_is_open(standing, report, etag)
}

fn check_is_theirs(standing: &Chapter, writer: &Writer) -> Result<(), Refusal> {
    let Writer { account, is_in_charge } = writer;
    let is_theirs = *is_in_charge || standing.writing.authors.contains(account);
    if is_theirs { Ok(()) } else { Err(Refusal::NotYours) }
}

fn check_is_open(standing: &Chapter, report: State, etag: &str) -> Result<(), Refusal> {
    match report {
        State::Draft | State::Returned => {}
        State::Submitted | State::Accepted | State::Published => {
            return Err(Refusal::StateForbids(report));
        }
    }
    if etag == standing.etag() { Ok(()) } else { Err(Refusal::Stale) }
}

impl ChapterName {
    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let read = || {
            let (report, id) = text.split_once("/chapters/")?;
            let report = ReportName::parse(field, report).ok()?;
            let (section, subject) = match id.split_once('.') {
                Some((section, subject)) => (section, Some(Slug::parse(field, subject).ok()?)),
                None => (id, None),
            };
            let is_plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            let is_code = (1..=60).contains(&section.len()) && section.bytes().all(is_plain);
            is_code.then(|| Self { report, section: section.to_owned(), subject })
        };
        read().ok_or_else(|| {
            let form = "federations/{federation}/reports/{report}/chapters/{section}.{subject}";
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })
    }
}

impl fmt::Display for ChapterName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, section, subject } = self;
        write!(formatter, "{report}/chapters/{section}")?;
        match subject {
            Some(subject) => write!(formatter, ".{subject}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str) -> AccountName {
        AccountName::parse("", &format!("federations/f/accounts/{id}")).unwrap()
    }

    fn writing(text: &str, authors: &[&str]) -> Writing {
        Writing {
            language: Language::Swedish,
            text: text.to_owned(),
            authors: authors.iter().map(|id| account(id)).collect(),
        }
    }

    #[test]
    fn authors_write_their_text_and_those_in_charge_say_who_they_are() {
        let by = |id: &str, is_in_charge| Writer { account: account(id), is_in_charge };
        let now = DateTime::UNIX_EPOCH;
        let write = |standing: &Chapter, state, etag: &str, new: &Writing, writer| {
            super::write(standing, state, etag, new.clone(), writer, now)
        };
        let empty = Chapter::unwritten();
        let text = writing("Text", &["anna"]);
        let first = write(&empty, State::Draft, "0", &text, by("lead", true)).unwrap();
        let more = writing("Mer text", &["anna"]);
        let second = write(&first, State::Returned, "1", &more, by("anna", false)).unwrap();
        assert_eq!((second.revision, second.writing.clone()), (2, more.clone()));
        for (state, etag, new, writer, refusal) in [
            (State::Draft, "2", &more, by("bo", false), Refusal::NotYours),
            (State::Draft, "2", &writing("", &["bo"]), by("anna", false), Refusal::AuthorsStay),
            (State::Draft, "1", &more, by("anna", false), Refusal::Stale),
            (
                State::Submitted,
                "2",
                &more,
                by("lead", true),
                Refusal::StateForbids(State::Submitted),
            ),
            (
                State::Published,
                "2",
                &more,
                by("lead", true),
                Refusal::StateForbids(State::Published),
            ),
        ] {
            assert_eq!(write(&second, state, etag, new, writer), Err(refusal));
        }
    }

    #[test]
    fn a_chapters_name_reads_back_and_another_form_is_refused() {
        for id in ["age_and_sex", "age_and_sex.vastra-malardalen"] {
            let text = format!("federations/f/reports/2025h1/chapters/{id}");
            assert_eq!(ChapterName::parse("name", &text).unwrap().to_string(), text);
        }
        for id in ["", "Age", "age.", ".sala", "age.sala.2", "age/sala"] {
            let text = format!("federations/f/reports/2025h1/chapters/{id}");
            assert_eq!(ChapterName::parse("name", &text).unwrap_err().reason, "NAME_MALFORMED");
        }
    }

    #[test]
    fn a_text_that_is_too_long_or_names_a_person_is_refused() {
        assert_eq!(check_text("Text\r\n\tmer"), Ok(()));
        let reasons = |text: &str| -> Vec<&str> {
            check_text(text).unwrap_err().into_vec().iter().map(|fault| fault.reason).collect()
        };
        assert_eq!(reasons("18900101-9802"), ["PERSONAL_NUMBER_IN_TEXT"]);
        assert_eq!(reasons(&"å".repeat(LONGEST_TEXT + 1)), ["TEXT_TOO_LONG"]);
        assert_eq!(reasons("\0"), ["TEXT_CONTROL_CHARACTER"]);
    }
}
