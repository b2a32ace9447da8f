//! What is typed into the editor, and putting a binding into it.

use proto::reporting::{Chapter, FindingPlace, ReportFinding, ReportLanguage};

use super::language_code;
use crate::web::{form::Posted, reads::id_of, report::finding::quoted};

/// What is typed into the editor.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// The text, with one sign for the end of a line.
    pub(super) text: String,
    /// The language it is written in.
    pub(super) language: ReportLanguage,
    /// Who writes it: the last parts of accounts' names.
    pub(super) authors: String,
    /// The version it was read from.
    pub(super) etag: String,
}

impl Typed {
    /// What a chapter holds.
    pub(super) fn of(chapter: &Chapter) -> Self {
        let authors: Vec<&str> = chapter.authors.iter().map(|name| id_of(name)).collect();
        Self {
            text: chapter.text.clone(),
            language: language_from_code(language_code(chapter)),
            authors: authors.join(", "),
            etag: chapter.etag.clone(),
        }
    }

    /// What was posted. Browsers send two signs for the end of a line.
    pub(super) fn from(posted: &Posted) -> Self {
        Self {
            text: posted.get("text").replace("\r\n", "\n"),
            language: language_from_code(posted.get("language")),
            authors: posted.get("authors").to_owned(),
            etag: posted.get("etag").to_owned(),
        }
    }

    /// The accounts that write it, by resource name.
    pub(super) fn authors(&self, federation: &str) -> Vec<String> {
        let ids = self.authors.split([',', ';', ' ', '\n']).map(str::trim);
        let ids = ids.filter(|id| !id.is_empty());
        ids.map(|id| format!("{federation}/accounts/{id}")).collect()
    }

    /// True for English.
    pub(super) fn is_english(&self) -> bool {
        self.language == ReportLanguage::English
    }
}

/// The language of a code; Swedish for any other.
pub(super) fn language_from_code(code: &str) -> ReportLanguage {
    if code == "en" { ReportLanguage::English } else { ReportLanguage::Swedish }
}

/// What the button that binds a place to a figure sends.
pub(super) fn wanted(place: &FindingPlace, reference: &str) -> String {
    format!("{} {} {reference}", place.start, place.end)
}

/// The text with a number bound as a finding of it proposes; none when no finding does
/// any more.
pub(super) fn bind(text: &str, findings: &[ReportFinding], asked: &str) -> Option<String> {
    for finding in findings {
        let Some(place) = finding.places.iter().find(|place| place.end > 0) else { continue };
        for remedy in finding.remedies.iter().filter(|remedy| !remedy.bind.is_empty()) {
            if wanted(place, &remedy.bind) == asked {
                let said = quoted(text, place.start, place.end)?;
                let (start, end) =
                    (usize::try_from(place.start).ok()?, usize::try_from(place.end).ok()?);
                let (before, after) = (text.get(..start)?, text.get(end..)?);
                return Some(format!("{before}[{said}]({}){after}", remedy.bind));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proto::reporting::FindingRemedy;

    use super::*;

    #[test]
    fn a_number_is_bound_as_proposed_and_never_otherwise() {
        let place = FindingPlace { start: 9, end: 14, ..FindingPlace::default() };
        let reference = "share:exits.work/exits";
        let remedy = FindingRemedy { bind: reference.to_owned(), ..FindingRemedy::default() };
        let finding = ReportFinding {
            places: vec![place.clone()],
            remedies: vec![remedy],
            ..ReportFinding::default()
        };
        let text = "Av alla, 62\u{a0}%, slutade.";
        let asked = wanted(&place, reference);
        assert_eq!(
            bind(text, std::slice::from_ref(&finding), &asked).as_deref(),
            Some("Av alla, [62\u{a0}%](share:exits.work/exits), slutade.")
        );
        for other in ["9 14 figure:exits", "8 14 share:exits.work/exits", "", "x"] {
            assert_eq!(bind(text, std::slice::from_ref(&finding), other), None, "{other}");
        }
        assert_eq!(bind("kort", &[finding], &asked), None, "a text that was changed");
    }

    #[test]
    fn authors_are_named_by_what_they_sign_in_as() {
        let typed = Typed {
            text: String::new(),
            language: ReportLanguage::Swedish,
            authors: "anna, bo;  cilla".to_owned(),
            etag: String::new(),
        };
        let authors = typed.authors("federations/f");
        assert_eq!(authors.len(), 3);
        assert_eq!(authors[2], "federations/f/accounts/cilla");
    }
}
