//! What is typed into the editor, and putting a binding or a mark into it.

use proto::reporting::{
    Chapter, CheckTextResponse, FindingPlace, ReportFinding, ReportLanguage, WordProposal,
};

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

/// What a number is marked as, instead of being bound to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marking {
    /// Somebody else's words.
    Quotation,
    /// It counts nothing.
    NoStatistic,
}

impl Marking {
    /// Reads the value of a button that marks, and the place that it marks.
    pub(super) fn of(step: &str) -> Option<(Self, &str)> {
        let marked = |marking: Self| Some((marking, step.strip_prefix(marking.opening())?));
        marked(Self::Quotation).or_else(|| marked(Self::NoStatistic))
    }

    /// How it begins, in a text and in the value of the button.
    pub(super) fn opening(self) -> &'static str {
        match self {
            Self::Quotation => "quotation ",
            Self::NoStatistic => "no-statistic ",
        }
    }
}

/// A place of the text, as a button that marks it sends it.
pub(super) fn spot(place: &FindingPlace) -> String {
    format!("{} {}", place.start, place.end)
}

/// The input for the reason why the number of a place is marked.
pub(super) fn reason_id(spot: &str) -> String {
    format!("reason-{}", spot.replace(' ', "-"))
}

/// What the button that binds a place to a figure sends.
pub(super) fn wanted(place: &FindingPlace, reference: &str) -> String {
    format!("{} {} {reference}", place.start, place.end)
}

/// The text with a number or a word bound as is proposed for it; none when nothing of that
/// is proposed any more.
pub(super) fn bind(text: &str, checked: &CheckTextResponse, asked: &str) -> Option<String> {
    let CheckTextResponse { references: _, findings, words } = checked;
    let mut proposed = Vec::new();
    for finding in findings {
        let Some(place) = finding.places.iter().find(|place| place.end > 0) else { continue };
        let bindings = finding.remedies.iter().filter(|remedy| !remedy.bind.is_empty());
        proposed.extend(bindings.map(|remedy| (place.clone(), remedy.bind.as_str())));
    }
    for word in words {
        let references = word.references.iter();
        proposed.extend(references.map(|reference| (place_of(word), reference.as_str())));
    }
    let (place, reference) =
        proposed.into_iter().find(|(place, reference)| wanted(place, reference) == asked)?;
    link(text, &place, reference)
}

/// Where a word stands.
pub(super) fn place_of(word: &WordProposal) -> FindingPlace {
    let WordProposal { start, end, references: _ } = *word;
    FindingPlace { start, end, ..FindingPlace::default() }
}

/// The text with a number marked, and why; none when no finding is about that place any
/// more.
pub(super) fn mark(
    text: &str,
    findings: &[ReportFinding],
    (marking, asked): (Marking, &str),
    reason: &str,
) -> Option<String> {
    let numbers = findings.iter().filter(|finding| is_unbound_number(finding));
    let mut places =
        numbers.filter_map(|finding| finding.places.iter().find(|place| place.end > 0));
    let place = places.find(|place| spot(place) == asked)?;
    link(text, place, &format!("{}\"{}\"", marking.opening(), title(reason)))
}

/// True for a finding of a number that is bound to nothing.
pub(super) fn is_unbound_number(finding: &ReportFinding) -> bool {
    finding.check == "unbound_number"
}

/// The text with a place of it made the words of a link.
fn link(text: &str, place: &FindingPlace, destination: &str) -> Option<String> {
    let said = quoted(text, place.start, place.end)?;
    let (start, end) = (usize::try_from(place.start).ok()?, usize::try_from(place.end).ok()?);
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    Some(format!("{before}[{said}]({destination}){after}"))
}

/// A reason as a link's title, which is one line and ends at a quotation mark.
fn title(reason: &str) -> String {
    let words: Vec<&str> = reason.split_whitespace().collect();
    words.join(" ").replace('\\', "\\\\").replace('"', "\\\"")
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
        let word = WordProposal { start: 16, end: 23, references: vec!["change:exits".to_owned()] };
        let checked =
            CheckTextResponse { findings: vec![finding], words: vec![word], ..Default::default() };
        let text = "Av alla, 62\u{a0}%, slutade.";
        let asked = wanted(&place, reference);
        assert_eq!(
            bind(text, &checked, &asked).as_deref(),
            Some("Av alla, [62\u{a0}%](share:exits.work/exits), slutade.")
        );
        for other in
            ["9 14 figure:exits", "16 23 figure:exits", "8 14 share:exits.work/exits", "", "x"]
        {
            assert_eq!(bind(text, &checked, other), None, "{other}");
        }
        assert_eq!(bind("kort", &checked, &asked), None, "a text that was changed");
        assert_eq!(
            bind(text, &checked, "16 23 change:exits").as_deref(),
            Some("Av alla, 62\u{a0}%, [slutade](change:exits).")
        );
    }

    #[test]
    fn a_number_is_marked_with_its_reason_whatever_signs_that_has() {
        let text = "Metoden 12 steg.";
        let of_check = |check: &str| ReportFinding {
            check: check.to_owned(),
            places: vec![FindingPlace { start: 8, end: 10, ..FindingPlace::default() }],
            ..ReportFinding::default()
        };
        let marked = |step: &str, check: &str, reason: &str| {
            mark(text, &[of_check(check)], Marking::of(step).unwrap(), reason)
        };
        let (number, reason) = ("unbound_number", "Metodens\n \"namn\" \\");
        assert_eq!(
            marked("no-statistic 8 10", number, reason).as_deref(),
            Some(r#"Metoden [12](no-statistic "Metodens \"namn\" \\") steg."#)
        );
        assert_eq!(
            marked("quotation 8 10", number, "SCB").as_deref(),
            Some("Metoden [12](quotation \"SCB\") steg.")
        );
        assert_eq!(marked("quotation 7 10", number, "SCB"), None, "another place");
        assert_eq!(marked("quotation 8 10", "text_against_figure", "SCB"), None);
        assert_eq!(Marking::of("bind 8 10 figure:exits"), None);
        assert_eq!(reason_id("8 10"), "reason-8-10");
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
