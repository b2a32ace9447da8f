//! What is found in the text of a chapter while it is written, and what it will look
//! like.

use std::collections::BTreeSet;

use proto::reporting::{
    CheckTextRequest, CheckTextResponse, FindingPlace, FindingRemedy, ReportFinding,
    SubjectFigures, WordProposal,
};
use tonic::Status;

use super::posted::{Marking, Typed, is_unbound_number, place_of, reason_id, spot, wanted};
use crate::{
    text,
    web::{
        layout::Visit,
        report::{client, finding, names::Names, of, prose, reference::Cells},
    },
};

/// A text that was checked.
#[derive(Debug, Clone)]
pub(super) struct CheckedView {
    /// How many findings there are, in words.
    pub(super) count: String,
    /// The findings.
    pub(super) findings: Vec<TextFinding>,
    /// What words can be bound to.
    pub(super) words: Vec<BindingView>,
    /// The text as it will be read, as HTML; empty when there is none.
    pub(super) html: String,
}

/// A finding in the text.
#[derive(Debug, Clone)]
pub(super) struct TextFinding {
    /// What the check is called.
    pub(super) check: String,
    /// The words it is about; empty when it is about no words.
    pub(super) quoted: String,
    /// What is the matter.
    pub(super) fact: String,
    /// What would resolve it.
    pub(super) remedies: Vec<String>,
    /// What the words can be bound to.
    pub(super) bindings: Vec<BindingView>,
    /// How a number is marked instead; none for any other finding.
    pub(super) marking: Option<MarkingView>,
}

/// The input and the buttons that mark a number as what is no figure.
#[derive(Debug, Clone)]
pub(super) struct MarkingView {
    /// The id of the input for the reason.
    pub(super) reason_id: String,
    /// The buttons: what each sends, and the id of what stands on it.
    pub(super) buttons: [(String, &'static str); 2],
}

/// Something that words can be bound to.
#[derive(Debug, Clone)]
pub(super) struct BindingView {
    /// What its button sends.
    pub(super) wanted: String,
    /// What stands on it.
    pub(super) text: String,
}

/// Checks what is typed.
///
/// # Errors
/// What reporting answered instead.
pub(super) async fn check(
    visit: &Visit,
    chapter: &str,
    typed: &Typed,
) -> Result<CheckTextResponse, Status> {
    let request = CheckTextRequest {
        name: chapter.to_owned(),
        language: typed.language.into(),
        text: typed.text.clone(),
    };
    let mut client = client(visit);
    Ok(client.check_text(visit.request(request)?).await?.into_inner())
}

impl CheckedView {
    /// Makes what was found ready to be shown.
    pub(super) fn of(
        visit: &Visit,
        names: &Names,
        figures: &[SubjectFigures],
        subject: &str,
        typed: &Typed,
        answer: &CheckTextResponse,
    ) -> Self {
        let CheckTextResponse { references, findings, words } = answer;
        let cells = Cells { language: visit.reader.language, figures, subject };
        let count = match findings.len() {
            0 => visit.t("chapter-no-findings"),
            1 => visit.t("chapter-one-finding"),
            count => visit.t1("chapter-findings", "count", &count.to_string()),
        };
        Self {
            count,
            findings: findings.iter().map(|it| text_finding(visit, names, typed, it)).collect(),
            words: words.iter().flat_map(|it| of_word(visit, names, typed, it)).collect(),
            html: prose::html(&typed.text, references, &cells, 3),
        }
    }
}

fn text_finding(visit: &Visit, names: &Names, typed: &Typed, found: &ReportFinding) -> TextFinding {
    let language = visit.reader.language;
    let place = found.places.iter().find(|place| place.end > 0);
    let quoted = place.and_then(|it| finding::quoted(&typed.text, it.start, it.end));
    let others = ReportFinding {
        remedies: found.remedies.iter().filter(|it| it.bind.is_empty()).cloned().collect(),
        ..found.clone()
    };
    let mut remedies = finding::remedies(language, names, &others);
    if remedies.is_empty() {
        remedies.push(of(language, &found.resolution_sv, &found.resolution_en).to_owned());
    }
    // Two figures may be proposed by the same reference.
    let mut proposed = BTreeSet::new();
    let bindings = found.remedies.iter().filter(|it| !it.bind.is_empty());
    let bindings = bindings.filter(|it| proposed.insert(it.bind.as_str()));
    let marking = place.filter(|_| is_unbound_number(found)).map(MarkingView::of);
    let binding =
        |remedy: &FindingRemedy| binding(visit, names, place?, quoted.as_deref()?, &remedy.bind);
    TextFinding {
        check: of(language, &found.check_name_sv, &found.check_name_en).to_owned(),
        fact: of(language, &found.fact_sv, &found.fact_en).to_owned(),
        bindings: bindings.filter_map(binding).collect(),
        quoted: quoted.as_deref().map(|part| finding::as_read(names, part)).unwrap_or_default(),
        remedies,
        marking,
    }
}

/// What a word can be bound to.
fn of_word(visit: &Visit, names: &Names, typed: &Typed, word: &WordProposal) -> Vec<BindingView> {
    let quoted = finding::quoted(&typed.text, word.start, word.end);
    let place = place_of(word);
    let binding = |reference: &String| binding(visit, names, &place, quoted.as_deref()?, reference);
    word.references.iter().filter_map(binding).collect()
}

impl MarkingView {
    fn of(place: &FindingPlace) -> Self {
        let spot = spot(place);
        let button = |marking: Marking, text_id| (format!("{}{spot}", marking.opening()), text_id);
        Self {
            reason_id: reason_id(&spot),
            buttons: [
                button(Marking::NoStatistic, "chapter-mark-no-statistic"),
                button(Marking::Quotation, "chapter-mark-quotation"),
            ],
        }
    }
}

fn binding(
    visit: &Visit,
    names: &Names,
    place: &FindingPlace,
    quoted: &str,
    reference: &str,
) -> Option<BindingView> {
    let called = names.reference(reference);
    let facts = [("quoted", quoted), ("reference", called.as_str())];
    Some(BindingView {
        wanted: wanted(place, reference),
        text: text::message(visit.reader.language, "chapter-bind", &facts),
    })
}
