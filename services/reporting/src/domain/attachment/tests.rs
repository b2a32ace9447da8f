//! When a file is attached, and taken off.

use values::name::AccountName;

use super::*;
use crate::domain::chapter::Writing;
use crate::domain::language::Language;

fn slug(id: &str) -> Slug {
    Slug::parse("id", id).unwrap()
}

fn file(id: &str) -> Attachment {
    Attachment {
        id: slug(id),
        file_name: "Enkät våren.pdf".to_owned(),
        media_type: MediaType::Pdf,
        size_bytes: 9,
        sha256: "00".repeat(32),
    }
}

fn account(id: &str) -> AccountName {
    AccountName::parse("", &format!("federations/f/accounts/{id}")).unwrap()
}

fn by(id: &str, is_in_charge: bool) -> Writer {
    Writer { account: account(id), is_in_charge }
}

/// A chapter that one account writes.
fn chapter() -> Chapter {
    let writing = Writing {
        language: Language::English,
        text: "Text".to_owned(),
        authors: [account("anna")].into(),
    };
    Chapter { writing, ..Chapter::unwritten() }
}

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

#[test]
fn files_are_attached_and_taken_off_while_the_chapter_is_written() {
    for state in State::ALL {
        let is_open = matches!(state, State::Draft | State::Returned);
        let attached = attach(&chapter(), state, "0", file("a"), by("anna", false), NOW);
        assert_eq!(attached.is_ok(), is_open, "{state:?}");
        let Ok(attached) = attached else {
            let refusal = AttachRefusal::Chapter(Refusal::StateForbids(state));
            assert_eq!(attached, Err(refusal));
            continue;
        };
        assert_eq!(
            (attached.attachments.as_slice(), attached.revision),
            ([file("a")].as_slice(), 1)
        );
        assert_eq!(attached.writing, chapter().writing, "the text stays");
        assert_eq!(attached.updated, Some((account("anna"), NOW)));
        let off = |etag, id: &str, writer| detach(&attached, state, etag, &slug(id), writer, NOW);
        let stale = DetachRefusal::Chapter(Refusal::Stale);
        assert_eq!(off("0", "a", by("anna", false)), Err(stale));
        assert_eq!(off("1", "b", by("anna", false)), Err(DetachRefusal::Unknown));
        let not_theirs = DetachRefusal::Chapter(Refusal::NotYours);
        assert_eq!(off("1", "a", by("bo", false)), Err(not_theirs));
        let detached = off("1", "a", by("lead", true)).unwrap();
        assert_eq!((detached.attachments.len(), detached.revision), (0, 2));
    }
}

#[test]
fn a_file_is_attached_by_those_who_write_the_chapter() {
    let attach = |writer| attach(&chapter(), State::Draft, "0", file("a"), writer, NOW);
    let refusal = AttachRefusal::Chapter(Refusal::NotYours);
    assert_eq!(attach(by("bo", false)), Err(refusal));
    assert!(attach(by("bo", true)).is_ok());
}

#[test]
fn a_chapter_has_at_most_twenty_files_each_with_a_name_of_its_own() {
    let mut standing = chapter();
    let attach = |standing: &Chapter, id: &str| {
        let etag = standing.etag();
        attach(standing, State::Draft, &etag, file(id), by("anna", false), NOW)
    };
    for number in 0..MOST_ATTACHMENTS {
        standing = attach(&standing, &format!("a{number}")).unwrap();
    }
    assert_eq!(attach(&standing, "a3"), Err(AttachRefusal::Taken));
    assert_eq!(attach(&standing, "b"), Err(AttachRefusal::TooMany));
}

#[test]
fn a_files_name_reads_back_and_another_form_is_refused() {
    let chapter = "federations/f/reports/2025h1/chapters/staff.sala";
    let text = format!("{chapter}/attachments/enkat");
    assert_eq!(AttachmentName::parse("name", &text).unwrap().to_string(), text);
    for text in [
        chapter.to_owned(),
        format!("{chapter}/attachments/"),
        format!("{chapter}/attachments/a/b"),
        "federations/f/reports/2025h1/attachments/a".to_owned(),
    ] {
        assert_eq!(AttachmentName::parse("name", &text).unwrap_err().reason, "NAME_MALFORMED");
    }
}
